/* SPDX-License-Identifier: MIT
 *
 * web.h - an HTTP/1.1 server over TLS on the loopback; what it says is the test's.
 *
 * A thread that accepts and one for each connection.
 */
#ifndef TESTS_NET_WEB_H
#define TESTS_NET_WEB_H

#include <glib.h>
#include <openssl/ssl.h>

#define WEB_BODY_MAX (256 * 1024)

struct web; /* opaque */

struct web_request {
	char *method, *target; /* target with its query, as it came */
	char **headers;        /* "name: value", names in small letters */
	char *body;            /* NUL-terminated */
	gsize len;
	guint connection; /* counted from 1 */
	int status;       /* for the handler: what was answered */
};

enum web_trick {
	WEB_SAY,     /* status, headers, body as given */
	WEB_DROP,    /* close without a word */
	WEB_SILENT,  /* say nothing and stay */
	WEB_CUT,     /* half of the body, then close */
	WEB_ENDLESS, /* the body again and again until the other side goes */
	WEB_SLOW,    /* one byte of the body every 20 ms */
};

struct web_reply {
	enum web_trick trick;
	int status;
	char *headers; /* "Name: value\r\n" …; NULL: none but the usual; owned */
	char *type;    /* NULL: application/json; owned */
	char *body;    /* NULL: empty; owned */
	gssize len;    /* of `body`; 0: to its NUL */
	gint64 date;   /* of the "Date" header, seconds since 1970; 0: now */
};

/* On the connection's thread; `request` belongs to whoever is called. */
typedef struct web_reply (*web_handler)(struct web_request *request, gpointer data);

/* Takes `tls`. `port` 0: any that is free. What cannot be set up ends the test. */
struct web *web_start(SSL_CTX *tls, guint16 port, web_handler handler, gpointer data);
guint16 web_port(const struct web *web);

/* The next body that comes is read to its half only; then the connection is closed. */
void web_cut_next_body(struct web *web);

/* Value of a header; NULL: it has none. `name` in small letters. */
const char *web_header(const struct web_request *request, const char *name);
void web_request_free(struct web_request *request);

/* Every connection is cut, and no thread is left. Accepts NULL, returns NULL. */
struct web *web_stop(struct web *web);

#endif
