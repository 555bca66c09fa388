/* SPDX-License-Identifier: MIT
 *
 * stand_in.h - Microsoft Graph and its token server on the loopback, for tests.
 *
 * HTTP/1.1 over TLS in threads of its own. It checks every signed statement (facts 12),
 * answers /users as documented, and does anything else it is told, once, in order. Each
 * request it got is kept, and when it stops must be one that Microsoft describes. The functions
 * below may be called from the test's thread at any time.
 */
#ifndef TESTS_GRAPH_STAND_IN_H
#define TESTS_GRAPH_STAND_IN_H

#include <gio/gio.h>

#include "kiosk/cleanup.h"
#include "tests/net/pki.h"
#include "tests/net/web.h"

#define STAND_IN_CLIENT "11111111-2222-4333-8444-555555555555"
#define STAND_IN_SCOPE  "https://graph.microsoft.com/.default"

struct stand_in;

/* NULL members are null in answers. */
struct stand_in_user {
	const char *id, *employee_id, *upn, *display_name, *department, *employee_type, *mail;
	const char *extension3; /* onPremisesExtensionAttributes/extensionAttribute3 */
	gboolean enabled;
	const char *extension7; /* likewise */
};

enum stand_in_door { STAND_IN_TOKEN, STAND_IN_USERS };

/* What to do with one request instead of what is right. */
struct stand_in_step {
	enum web_trick trick;
	int status;
	const char *headers; /* "Name: value\r\n" …; NULL: none but the usual */
	const char *type;    /* NULL: application/json */
	const char *body;    /* NULL: empty */
	gssize len;          /* of `body`; 0: to its NUL */
};

struct stand_in *stand_in_start(void);
/* The same behind nghttpx, which speaks HTTP/2 with the desk. */
struct stand_in *stand_in_start_http2(void);
gboolean stand_in_has_http2(void); /* nghttpx is installed */
struct stand_in *stand_in_stop(struct stand_in *s);
DEFINE_CLEANUP(stand_in, stand_in_stop)

/* Owned by the stand-in. */
const char *stand_in_base(const struct stand_in *s); /* https://127.0.0.1:…/v1.0 */
const char *stand_in_token_url(const struct stand_in *s);
const char *stand_in_ca(const struct stand_in *s);   /* files */
const char *stand_in_cert(const struct stand_in *s); /* that it knows the client by */
const char *stand_in_key(const struct stand_in *s);
const char *stand_in_other_cert(const struct stand_in *s); /* that it does not know */
const char *stand_in_other_key(const struct stand_in *s);

/* `user` is borrowed until the end. */
void stand_in_add_user(struct stand_in *s, const struct stand_in_user *user);
/* Roles of tokens from now on: a JSON list, static text. */
void stand_in_set_roles(struct stand_in *s, const char *roles);
void stand_in_set_token_life(struct stand_in *s, int seconds);
/* Its clock minus ours: in Date, and where statements are checked. */
void stand_in_set_clock(struct stand_in *s, int seconds);
/* Tokens given so far are good no more. */
void stand_in_revoke(struct stand_in *s);
/* From now on it knows the client by this one, which is borrowed until the end. */
void stand_in_know(struct stand_in *s, const struct pki_cert *client);
/* The texts are borrowed until the end. */
void stand_in_then(struct stand_in *s, enum stand_in_door door, const struct stand_in_step *step);

/* Whole requests so far; `door` < 0: all. */
guint stand_in_count(struct stand_in *s, int door);
/* Steps that no request came for. */
guint stand_in_unread(struct stand_in *s);
/* What came since the last call and Microsoft does not describe, a line each, without values;
 * NULL: nothing. stand_in_stop() asks too, and the test fails. The caller frees. */
char *stand_in_refusals(struct stand_in *s);
/* The i-th request of all; the stand-in owns it. NULL after the last. */
const struct web_request *stand_in_request(struct stand_in *s, guint i);

/* The proxy goes at once, with its connections; and comes back where it was. */
void stand_in_front_end(struct stand_in *s);
void stand_in_front_again(struct stand_in *s);
/* A word for the HTTP/2 connection it came on; NULL: on none of HTTP/2. */
const char *stand_in_front_of(const struct web_request *request);

#endif
