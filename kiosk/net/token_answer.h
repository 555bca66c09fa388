/* SPDX-License-Identifier: MIT
 *
 * token_answer.h - what a token server said: a token, or why there is none.
 *
 * Pure. Private to kiosk/net. Errors are told apart by their code, never by their text.
 */
#ifndef KIOSK_NET_TOKEN_ANSWER_H
#define KIOSK_NET_TOKEN_ANSWER_H

#include <glib.h>

#define TOKEN_TEXT_MAX   16384 /* bytes of an access token: it becomes a header */
#define TOKEN_LIFE_MAX_S 86400 /* believed at most */
#define TOKEN_ROLES_MAX  64
#define TOKEN_ROLE_SIZE  128
#define TOKEN_WHY_SIZE   96

struct token_answer {
	char *text;    /* with TRUE; wiped by token_answer_clear() */
	gint64 life_s; /* from now */
};

/* The body of a 200. FALSE with *ret_why, a static text; `ret` is then untouched. */
gboolean token_answer_read(
	const void *body, gsize len, struct token_answer *ret, const char **ret_why);

void token_answer_clear(struct token_answer *answer);

enum token_denial {
	TOKEN_DENIED,    /* our credentials are not taken */
	TOKEN_CLOCK,     /* AADSTS700024: the assertion is outside its time */
	TOKEN_TRANSIENT, /* ask again */
};

/* The body of any other status; whatever it is, there is a verdict. `ret_why` is for
 * people: the code, or that there was none. */
enum token_denial token_answer_denial(const void *body, gsize len, char ret_why[TOKEN_WHY_SIZE]);

/* "roles" and "scp" of a JWT, NULL-terminated (g_strfreev()); empty: it has none. NULL: this
 * is no JWT, or one whose claims cannot be read. The signature is not looked at. */
char **token_answer_roles(const char *token);

#endif
