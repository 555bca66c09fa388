/* SPDX-License-Identifier: MIT
 *
 * http_answer.h - what a server sent, within limits, and what became of a transfer.
 */
#ifndef KIOSK_NET_HTTP_ANSWER_H
#define KIOSK_NET_HTTP_ANSWER_H

#include <curl/curl.h>

#include "kiosk/net/http.h"

#define HTTP_RETRY_AFTER_MAX_S (24 * 60 * 60)

/* Grows up to HTTP_BODY_MAX; every block it leaves is overwritten. */
struct http_body {
	guint8 *bytes;
	gsize len, size;
};

/* FALSE: more than HTTP_BODY_MAX; nothing was taken. */
gboolean http_body_add(struct http_body *body, const void *bytes, gsize len);

/* The body's content; the body is empty again. Wiped when the last reference goes. */
GBytes *http_body_steal(struct http_body *body);
void http_body_wipe(struct http_body *body);

/* Why a transfer ended with `code`. `verify` is X509_STORE_CTX_get_error() of the chain
 * (libcurl's own record of it misses some); of `text`, its CURLOPT_ERRORBUFFER, only
 * OpenSSL's number is taken. The caller frees. */
GError *http_fault(CURLcode code, long verify, const char *text);

/* Whether the answer said how long it is. One that ends with its connection cannot be told
 * from one that was cut: libcurl does not ask for TLS's close_notify. */
gboolean http_answer_ends(CURL *easy);

/* Status and headers of a transfer that ended well. `unix_now` by our clock. */
void http_answer_fill(struct http_answer *answer, CURL *easy, gint64 unix_now);

/* Whether a byte of the request may have left: the connection stood and was encrypted. */
gboolean http_answer_sent(CURL *easy);

/* Of a "Retry-After" value: seconds from `unix_now`, by the server's clock, or -1. */
gint http_retry_after(const char *value, gint64 unix_now);

/* Wipes and frees what it holds. */
void http_answer_clear(struct http_answer *answer);

#endif
