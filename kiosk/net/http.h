/* SPDX-License-Identifier: MIT
 *
 * http.h - HTTPS requests on the main loop: libcurl's multi interface, HTTP/2, the
 * connection kept.
 *
 * Main thread. `done` is called once, never before http_send() returned, and not at
 * all after `cancellable` fired. No redirects, no proxy, no cookies, nothing decoded but
 * gzip within the limit. An answer that ends only with its connection (neither length nor
 * chunks) is PROTOCOL: it cannot be told from one that was cut.
 *
 * A request whose kept connection turns out to be closed is sent once more by libcurl, on
 * a new one: a server may see it twice.
 */
#ifndef KIOSK_NET_HTTP_H
#define KIOSK_NET_HTTP_H

#include <gio/gio.h>

#include "kiosk/cleanup.h"
#include "kiosk/net/tls.h"

#define HTTP_BODY_MAX    (256 * 1024) /* of an answer, decoded */
#define HTTP_HEADERS_MAX 16384
#define HTTP_ID_SIZE     64

struct http; /* opaque */

/* All borrowed for the call. */
struct http_request {
	const char *method;         /* "GET", "POST" … */
	const char *url;            /* https only */
	const char *const *headers; /* "Name: value", NULL-terminated, or NULL */
	GBytes *body;               /* or NULL */
	guint timeout_ms;
	gboolean fresh; /* on a new connection (after a 503) */
};

struct http_answer {
	GError *error; /* NET_ERROR; NULL: there is a status */
	glong status;
	GBytes *body; /* never NULL without error */
	char content_type[64];
	char request_id[HTTP_ID_SIZE]; /* "request-id" header; empty: none */
	gint retry_after_s;            /* -1: none said */
	gint64 date;                   /* "Date" header, seconds since 1970; 0: none */
	gint skew_s;                   /* our clock minus that one; 0: none said */
	gint units_left;               /* "RateLimit-Remaining"; -1: none said */
	gboolean reused;               /* on a connection that was there */
	/* With error: a byte of the request may have left, so nobody knows what became of it. */
	gboolean sent;
};

/* `answer` is borrowed for the call and wiped after it. */
typedef void (*http_done)(const struct http_answer *answer, gpointer data);

/* `rules` is copied. NULL with `error` where our own credentials cannot be used. */
struct http *http_new(const struct tls_rules *rules, const char *user_agent, GError **error);

void http_send(struct http *http, const struct http_request *request, GCancellable *cancellable,
	http_done done, gpointer data);

/* Drops what is under way without calling back. Accepts NULL, returns NULL. */
struct http *http_free(struct http *http);
DEFINE_CLEANUP(http, http_free)

#endif
