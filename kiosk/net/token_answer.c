/* SPDX-License-Identifier: MIT
 *
 * token_answer.c - see token_answer.h.
 */
#include "kiosk/net/token_answer.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/net/base64url.h"
#include "kiosk/net/strict_json.h"

/* b64token of RFC 6750 section 2.1: all that may stand behind "Bearer ". */
static const char token_characters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

static const char *check_token(const struct json_value *root, struct token_answer *ret)
{
	const char *type = json_member_text(root, "token_type");
	const char *text = json_member_text(root, "access_token");
	const struct json_value *life = json_member(root, "expires_in");
	if (!type || g_ascii_strcasecmp(type, "Bearer") != 0)
		return "no bearer token";
	if (!text || !*text || strlen(text) > TOKEN_TEXT_MAX ||
		text[strspn(text, token_characters)])
		return "no token, or one that cannot be sent";
	if (!life || life->kind != JSON_INTEGER || life->integer <= 0)
		return "no life time";
	*ret = (struct token_answer){g_strdup(text), MIN(life->integer, TOKEN_LIFE_MAX_S)};
	return NULL;
}

gboolean token_answer_read(
	const void *body, gsize len, struct token_answer *ret, const char **ret_why)
{
	const char *why = NULL;
	AUTO(strict_json) json = strict_json_read(body, len, &why);
	if (json)
		why = check_token(strict_json_root(json), ret);
	if (why)
		*ret_why = why;
	return why == NULL;
}

void token_answer_clear(struct token_answer *answer)
{
	if (answer->text)
		OPENSSL_cleanse(answer->text, strlen(answer->text));
	g_clear_pointer(&answer->text, g_free);
}

/* Codes of Microsoft Entra ID; unverified against the real service (facts 2). */
static enum token_denial judge(gint64 code)
{
	switch (code) {
	case 700024:
		return TOKEN_CLOCK;
	case 90033:
	case 90036:
		return TOKEN_TRANSIENT;
	}
	return TOKEN_DENIED;
}

/* RFC 6749 section 5.2: the words that may be repeated to a person. */
static const char *known_word(const char *word)
{
	static const char *const words[] = {"invalid_request", "invalid_client", "invalid_grant",
		"unauthorized_client", "unsupported_grant_type", "invalid_scope",
		"temporarily_unavailable", "invalid_resource"};
	for (gsize i = 0; word && i < G_N_ELEMENTS(words); i++)
		if (strcmp(word, words[i]) == 0)
			return words[i];
	return "no reason given";
}

enum token_denial token_answer_denial(const void *body, gsize len, char ret_why[TOKEN_WHY_SIZE])
{
	const char *why = NULL;
	AUTO(strict_json) json = strict_json_read(body, len, &why);
	const struct json_value *root = json ? strict_json_root(json) : NULL;
	const struct json_value *codes = json_member(root, "error_codes");
	const char *word = known_word(json_member_text(root, "error"));
	const struct json_value *code = codes && codes->kind == JSON_ARRAY ? codes->child : NULL;
	if (!code || code->kind != JSON_INTEGER || code->integer < 0) {
		g_strlcpy(ret_why, word, TOKEN_WHY_SIZE);
		return strcmp(word, "temporarily_unavailable") == 0 ? TOKEN_TRANSIENT
								    : TOKEN_DENIED;
	}
	g_snprintf(ret_why, TOKEN_WHY_SIZE, "%s, AADSTS%" G_GINT64_FORMAT, word, code->integer);
	return judge(code->integer);
}

static gboolean add_role(GPtrArray *roles, const char *role)
{
	if (!*role)
		return TRUE;
	if (roles->len >= TOKEN_ROLES_MAX || strlen(role) >= TOKEN_ROLE_SIZE)
		return FALSE;
	g_ptr_array_add(roles, g_strdup(role));
	return TRUE;
}

/* "roles" is a list; absent is fine, anything else than texts in it is not. */
static gboolean add_roles(GPtrArray *roles, const struct json_value *list)
{
	if (!list)
		return TRUE;
	if (list->kind != JSON_ARRAY)
		return FALSE;
	for (const struct json_value *v = list->child; v; v = v->next)
		if (v->kind != JSON_TEXT || !add_role(roles, v->text))
			return FALSE;
	return TRUE;
}

/* "scp" is one text, words in it. */
static gboolean add_scopes(GPtrArray *roles, const struct json_value *scopes)
{
	gboolean ok = TRUE;
	if (!scopes)
		return TRUE;
	if (scopes->kind != JSON_TEXT)
		return FALSE;
	g_auto(GStrv) words = g_strsplit(scopes->text, " ", TOKEN_ROLES_MAX + 1);
	for (char **word = words; *word && ok; word++)
		ok = add_role(roles, *word);
	return ok;
}

static char **read_claims(const guint8 *claims, gsize len)
{
	const char *why = NULL;
	AUTO(strict_json) json = strict_json_read(claims, len, &why);
	const struct json_value *root = json ? strict_json_root(json) : NULL;
	g_autoptr(GPtrArray) roles = g_ptr_array_new_with_free_func(g_free);
	if (!root || root->kind != JSON_OBJECT || !add_roles(roles, json_member(root, "roles")) ||
		!add_scopes(roles, json_member(root, "scp")))
		return NULL;
	g_ptr_array_add(roles, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&roles), FALSE);
}

char **token_answer_roles(const char *token)
{
	const char *begin = strchr(token, '.');
	const char *end = begin ? strchr(begin + 1, '.') : NULL;
	gsize len = 0;
	if (!end || strchr(end + 1, '.') || end - begin > TOKEN_TEXT_MAX)
		return NULL;
	g_autofree guint8 *claims = base64url_decode(begin + 1, (gsize)(end - begin - 1), &len);
	char **roles = claims ? read_claims(claims, len) : NULL;
	if (claims)
		OPENSSL_cleanse(claims, len);
	return roles;
}
