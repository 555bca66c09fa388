/* SPDX-License-Identifier: MIT
 *
 * token.h - an access token, kept fresh: client credentials with a certificate.
 *
 * Main thread. Renewed at 80 % of its life, and once when a server answered 401. One
 * request for a token at a time, however many wait for it.
 */
#ifndef KIOSK_NET_TOKEN_H
#define KIOSK_NET_TOKEN_H

#include "kiosk/net/http.h"

struct token; /* opaque */

struct token_settings {
	const char *url; /* https://login…/{tenant}/oauth2/v2.0/token */
	const char *client_id;
	const char *scope;     /* https://graph.microsoft.com/.default */
	const char *cert_file; /* PEM */
	const char *key;       /* PEM file or provider URI */
};

/* `token` with error NULL; borrowed for the call, never logged. */
typedef void (*token_done)(const char *token, const GError *error, gpointer data);

/* `http` is borrowed; settings are copied. */
struct token *token_new(struct http *http, const struct token_settings *settings, GError **error);

/* The token in force, or a new one. As http_send() about calling back. */
void token_get(struct token *token, guint timeout_ms, GCancellable *cancellable, token_done done,
	gpointer data);

/* The token in force while it is young, borrowed until the main loop turns; NULL: one must
 * token_get(). */
const char *token_at_hand(const struct token *token);

/* The server refused the one it was given: the next token_get() asks anew. */
void token_refused(struct token *token);

/* Roles of the token in force ("roles" claim, unverified: it was got over TLS for us),
 * NULL-terminated; NULL: none yet. The caller frees with g_strfreev(). */
char **token_roles(const struct token *token);

/* Our clock minus the server's, as last seen; 0: not known. */
gint token_skew_s(const struct token *token);

struct token *token_free(struct token *token);
DEFINE_CLEANUP(token, token_free)

#endif
