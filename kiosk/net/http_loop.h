/* SPDX-License-Identifier: MIT
 *
 * http_loop.h - libcurl's multi handle driven by the GLib main context of its thread.
 */
#ifndef KIOSK_NET_HTTP_LOOP_H
#define KIOSK_NET_HTTP_LOOP_H

#include <curl/curl.h>
#include <glib.h>

#include "kiosk/cleanup.h"

struct http_loop; /* opaque */

/* A transfer is over; called outside libcurl, so anything may be done, http_loop_free()
 * included. The handle was taken out of the loop and is the callee's. */
typedef void (*http_loop_ended)(CURL *easy, CURLcode code, gpointer data);

/* On the thread-default context. NULL: libcurl gives no handle. */
struct http_loop *http_loop_new(http_loop_ended ended, gpointer data);

/* Begin; `ended` is never called before this returned. */
CURLcode http_loop_add(struct http_loop *loop, CURL *easy);

/* Give up: `ended` is not called for it. Not within a callback of libcurl's. */
void http_loop_remove(struct http_loop *loop, CURL *easy);

GMainContext *http_loop_context(const struct http_loop *loop);

/* Every handle was removed before. Accepts NULL, returns NULL. */
struct http_loop *http_loop_free(struct http_loop *loop);
DEFINE_CLEANUP(http_loop, http_loop_free)

#endif
