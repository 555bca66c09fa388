/* SPDX-License-Identifier: MIT
 *
 * stand_in_login.c - the token server: client credentials with a signed statement.
 *
 * Reads the statement with GLib's base64 and json-glib, not with what made it.
 */
#include <json-glib/json-glib.h>
#include <openssl/rsa.h>
#include <string.h>

#include "tests/graph/stand_in_private.h"

#define LIFE_MAX_S  600
#define TOLERANCE_S 5

static guchar *decode(const char *part, gsize *ret_len)
{
	g_autoptr(GString) text = g_string_new(part);
	for (gsize i = 0; i < text->len; i++)
		text->str[i] = text->str[i] == '-' ? '+' : text->str[i] == '_' ? '/' : text->str[i];
	while (text->len % 4)
		g_string_append_c(text, '=');
	return g_base64_decode(text->str, ret_len);
}

static JsonObject *read_object(const char *part)
{
	gsize len;
	g_autofree guchar *json = decode(part, &len);
	g_autoptr(JsonParser) parser = json_parser_new();
	if (!json_parser_load_from_data(parser, (const char *)json, (gssize)len, NULL) ||
		!JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
		return NULL;
	return json_object_ref(json_node_get_object(json_parser_get_root(parser)));
}

static gboolean has_text(JsonObject *object, const char *name, const char *want)
{
	return json_object_has_member(object, name) &&
	       g_strcmp0(json_object_get_string_member(object, name), want) == 0;
}

static gboolean verifies(X509 *certificate, const char *jwt)
{
	const char *dot = strrchr(jwt, '.');
	gsize len;
	g_autofree guchar *sig = decode(dot + 1, &len);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	gboolean good =
		EVP_DigestVerifyInit(
			context, &how, EVP_sha256(), NULL, X509_get0_pubkey(certificate)) == 1 &&
		EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
		EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32) == 1 &&
		EVP_DigestVerify(context, sig, len, (const guchar *)jwt, (size_t)(dot - jwt)) == 1;
	EVP_MD_CTX_free(context);
	return good;
}

static gboolean knows_thumbprint(const struct stand_in *s, JsonObject *header)
{
	guchar digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	gsize len = 0;
	const char *said = json_object_get_string_member_with_default(header, "x5t#S256", "");
	g_autofree guchar *got = decode(said, &len);
	X509_digest(s->client->x509, EVP_sha256(), digest, &n);
	return len == n && memcmp(got, digest, n) == 0;
}

/* 0: fine; else the number behind AADSTS. */
static int check_claims(struct stand_in *s, JsonObject *claims)
{
	gint64 now = stand_in_now(s);
	gint64 from = json_object_get_int_member_with_default(claims, "nbf", 0);
	gint64 until = json_object_get_int_member_with_default(claims, "exp", 0);
	if (!has_text(claims, "aud", s->token_url))
		return 700023;
	if (!has_text(claims, "iss", STAND_IN_CLIENT) || !has_text(claims, "sub", STAND_IN_CLIENT))
		return 700021;
	if (from > now + TOLERANCE_S || until <= now - TOLERANCE_S)
		return 700024;
	if (until - from > LIFE_MAX_S || !json_object_has_member(claims, "iat"))
		return 50027;
	const char *jti = json_object_get_string_member_with_default(claims, "jti", "");
	return strlen(jti) == 36 && g_hash_table_add(s->seen_jti, g_strdup(jti)) ? 0 : 50027;
}

static int check_statement(struct stand_in *s, const char *jwt)
{
	g_auto(GStrv) parts = g_strsplit(jwt, ".", -1);
	if (g_strv_length(parts) != 3)
		return 50027;
	g_autoptr(JsonObject) header = read_object(parts[0]);
	g_autoptr(JsonObject) claims = read_object(parts[1]);
	if (!header || !claims || !has_text(header, "alg", "PS256") ||
		!has_text(header, "typ", "JWT"))
		return 50027;
	if (!knows_thumbprint(s, header) || !verifies(s->client->x509, jwt))
		return 700027;
	return check_claims(s, claims);
}

static const char *field(GHashTable *form, const char *name)
{
	const char *value = g_hash_table_lookup(form, name);
	return value ? value : "";
}

static int check_form(struct stand_in *s, const struct web_request *request)
{
	g_autoptr(GHashTable) form =
		g_uri_parse_params(request->body, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	if (strcmp(request->method, "POST") != 0 || !form || g_hash_table_size(form) != 5 ||
		g_strcmp0(web_header(request, "content-type"),
			"application/x-www-form-urlencoded") != 0)
		return 900144;
	if (strcmp(field(form, "grant_type"), "client_credentials") != 0)
		return 70003;
	if (strcmp(field(form, "client_id"), STAND_IN_CLIENT) != 0)
		return 700016;
	if (strcmp(field(form, "scope"), STAND_IN_SCOPE) != 0)
		return 70011;
	if (strcmp(field(form, "client_assertion_type"),
		    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") != 0)
		return 900144;
	return check_statement(s, field(form, "client_assertion"));
}

static char *new_token(struct stand_in *s)
{
	g_autofree char *claims = g_strdup_printf(
		"{\"aud\":\"https://graph.microsoft.com\",\"roles\":%s,\"uti\":\"%u\"}", s->roles,
		++s->serial);
	g_autofree char *coded = g_base64_encode((const guchar *)claims, strlen(claims));
	for (char *c = coded; *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c;
	char *token =
		g_strdup_printf("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.%s.c2lnbmF0dXJl", coded);
	g_hash_table_add(s->tokens, g_strdup(token));
	return token;
}

struct stand_in_reply stand_in_login(struct stand_in *s, const struct web_request *request)
{
	int code = check_form(s, request);
	if (code != 0)
		return (struct stand_in_reply){
			401, g_strdup_printf("{\"error\":\"invalid_client\",\"error_description\":"
					     "\"AADSTS%d: …\",\"error_codes\":[%d],"
					     "\"trace_id\":\"0\",\"correlation_id\":\"0\"}",
				     code, code)};
	g_autofree char *token = new_token(s);
	return (struct stand_in_reply){
		200, g_strdup_printf("{\"token_type\":\"Bearer\",\"expires_in\":%d,"
				     "\"ext_expires_in\":%d,\"access_token\":\"%s\"}",
			     s->token_life_s, s->token_life_s, token)};
}
