/* SPDX-License-Identifier: MIT
 *
 * test_token_answer.c - what a token server says, and what a token says of its power.
 */
#include "kiosk/net/base64url.h"
#include "kiosk/net/token_answer.h"
#include "tests/check.h"

static gboolean reads(const char *body, struct token_answer *ret)
{
	const char *why = NULL;
	gboolean ok = token_answer_read(body, strlen(body), ret, &why);
	CHECK(ok == (why == NULL));
	return ok;
}

static void a_token_and_its_life_are_read(void)
{
	struct token_answer read = {0};
	CHECK(reads("{\"token_type\":\"bearer\",\"expires_in\":3599,\"ext_expires_in\":3599,"
		    "\"access_token\":\"aA0-._~+/=\"}",
		&read));
	CHECK_STR(read.text, "aA0-._~+/=");
	CHECK_INT(read.life_s, 3599);
	token_answer_clear(&read);
	CHECK(reads("{\"token_type\":\"Bearer\",\"expires_in\":99999999,\"access_token\":\"a\"}",
		&read));
	CHECK_INT(read.life_s, TOKEN_LIFE_MAX_S);
	token_answer_clear(&read);
}

static void what_is_no_token_is_refused(void)
{
	static const char *const bad[] = {"", "{}", "[]", "<html>",
		"{\"token_type\":\"mac\",\"expires_in\":9,\"access_token\":\"a\"}",
		"{\"expires_in\":9,\"access_token\":\"a\"}",
		"{\"token_type\":\"Bearer\",\"access_token\":\"a\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":\"9\",\"access_token\":\"a\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":0,\"access_token\":\"a\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":-9,\"access_token\":\"a\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":9.5,\"access_token\":\"a\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":9}",
		"{\"token_type\":\"Bearer\",\"expires_in\":9,\"access_token\":\"\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":9,\"access_token\":\"a\\r\\nX: y\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":9,\"access_token\":\"a b\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":9,\"access_token\":[\"a\"]}",
		"{\"token_type\":\"Bearer\",\"expires_in\":9,\"access_token\":\"a\","
		"\"access_token\":\"b\"}"};
	struct token_answer read = {0};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		CHECK(!reads(bad[i], &read));
	g_autofree char *fill = g_strnfill(TOKEN_TEXT_MAX + 1, 'a');
	g_autofree char *big = g_strdup_printf(
		"{\"token_type\":\"Bearer\",\"expires_in\":9,\"access_token\":\"%s\"}", fill);
	CHECK(!reads(big, &read));
	CHECK(read.text == NULL);
}

static void check_denial(const char *body, enum token_denial want, const char *want_why)
{
	char why[TOKEN_WHY_SIZE];
	CHECK_INT(token_answer_denial(body, strlen(body), why), want);
	CHECK_STR(why, want_why);
}

static void denials_are_told_apart_by_code(void)
{
	check_denial("{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700027: x\","
		     "\"error_codes\":[700027]}",
		TOKEN_DENIED, "invalid_client, AADSTS700027");
	check_denial("{\"error\":\"invalid_client\",\"error_codes\":[700024]}", TOKEN_CLOCK,
		"invalid_client, AADSTS700024");
	check_denial("{\"error\":\"x\",\"error_codes\":[90033]}", TOKEN_TRANSIENT,
		"no reason given, AADSTS90033");
	check_denial("{\"error\":\"temporarily_unavailable\"}", TOKEN_TRANSIENT,
		"temporarily_unavailable");
	/* The text may say anything. */
	check_denial("{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700024: x\"}",
		TOKEN_DENIED, "invalid_client");
	check_denial("{\"error\":\"Person, A.\"}", TOKEN_DENIED, "no reason given");
	check_denial("{\"error_codes\":[\"700024\"]}", TOKEN_DENIED, "no reason given");
	check_denial("<html>", TOKEN_DENIED, "no reason given");
	check_denial("", TOKEN_DENIED, "no reason given");
}

static char **roles_of(const char *claims)
{
	g_autofree char *coded = base64url_encode(claims, strlen(claims));
	g_autofree char *token = g_strdup_printf("eyJhbGciOiJSUzI1NiJ9.%s.c2ln", coded);
	return token_answer_roles(token);
}

static void check_roles(const char *claims, const char *want)
{
	g_auto(GStrv) roles = roles_of(claims);
	g_autofree char *got = roles ? g_strjoinv(" ", roles) : g_strdup("unreadable");
	CHECK_STR(got, want);
}

static void roles_and_scopes_of_a_token_are_read(void)
{
	check_roles("{\"roles\":[\"User.Read.All\",\"Sites.Selected\"]}",
		"User.Read.All Sites.Selected");
	check_roles("{\"aud\":\"x\"}", "");
	check_roles("{\"roles\":[]}", "");
	check_roles(
		"{\"scp\":\"User.Read Mail.Send\",\"roles\":[\"A.B\"]}", "A.B User.Read Mail.Send");
}

static void a_token_whose_power_cannot_be_read_has_none_that_is_known(void)
{
	static const char *const opaque[] = {
		"", "abc", "a.b", "a.b.c.d", "a.!!!.c", "a..c", "a.e30=.c", "e30.bm8.c"};
	for (gsize i = 0; i < G_N_ELEMENTS(opaque); i++)
		CHECK(token_answer_roles(opaque[i]) == NULL);
	check_roles("[]", "unreadable");
	check_roles("{\"roles\":\"User.Read.All\"}", "unreadable");
	check_roles("{\"roles\":[1]}", "unreadable");
	check_roles("{\"roles\":[\"User.Read.All\",null]}", "unreadable");
	check_roles("{\"roles\":[],\"roles\":[\"X.ReadWrite.All\"]}", "unreadable");
	check_roles("{\"scp\":[\"User.Read\"]}", "unreadable");
}

/* One more than is looked at could be the one that matters. */
static void too_many_roles_are_not_read_in_part(void)
{
	g_autoptr(GString) claims = g_string_new("{\"roles\":[\"a.Read\"");
	for (int i = 1; i < TOKEN_ROLES_MAX; i++)
		g_string_append(claims, ",\"a.Read\"");
	g_autofree char *fits = g_strconcat(claims->str, "]}", NULL);
	g_autofree char *over = g_strconcat(claims->str, ",\"b.Write\"]}", NULL);
	g_autofree char *scopes = g_strconcat(claims->str, "],\"scp\":\"b.Write\"}", NULL);
	g_auto(GStrv) roles = roles_of(fits);
	CHECK(roles && g_strv_length(roles) == TOKEN_ROLES_MAX);
	check_roles(over, "unreadable");
	check_roles(scopes, "unreadable");
	g_autofree char *fill = g_strnfill(TOKEN_ROLE_SIZE, 'a');
	g_autofree char *long_role = g_strdup_printf("{\"roles\":[\"%s\"]}", fill);
	check_roles(long_role, "unreadable");
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a token and its life are read", a_token_and_its_life_are_read},
		{"what is no token is refused", what_is_no_token_is_refused},
		{"denials are told apart by code", denials_are_told_apart_by_code},
		{"roles and scopes of a token are read", roles_and_scopes_of_a_token_are_read},
		{"a token whose power cannot be read has none that is known",
			a_token_whose_power_cannot_be_read_has_none_that_is_known},
		{"too many roles are not read in part", too_many_roles_are_not_read_in_part},
	};
	return CHECK_MAIN("token answers", cases);
}
