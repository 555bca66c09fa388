/* SPDX-License-Identifier: MIT
 *
 * fuzz_token.c - any bytes as a token server's answer, as its denial, and as the claims
 * of a token; the first one chooses.
 */
#include <stdlib.h>
#include <string.h>

#include "kiosk/net/base64url.h"
#include "kiosk/net/token_answer.h"
#include "tests/visit/fuzz.h"

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static void check_roles(const char *token)
{
	g_auto(GStrv) roles = token_answer_roles(token);
	guint n = roles ? g_strv_length(roles) : 0;
	require(n <= TOKEN_ROLES_MAX);
	for (guint i = 0; i < n; i++)
		require(strlen(roles[i]) < TOKEN_ROLE_SIZE && g_utf8_validate(roles[i], -1, NULL));
}

static void check_answer(const uint8_t *body, size_t len)
{
	struct token_answer read = {0};
	const char *why = NULL;
	gboolean ok = token_answer_read(body, len, &read, &why);
	require(ok == (why == NULL) && ok == (read.text != NULL));
	if (!ok)
		return;
	require(read.life_s > 0 && read.life_s <= TOKEN_LIFE_MAX_S);
	require(*read.text && strlen(read.text) <= TOKEN_TEXT_MAX &&
		!strpbrk(read.text, " \t\r\n"));
	check_roles(read.text);
	token_answer_clear(&read);
}

static void check_denial(const uint8_t *body, size_t len)
{
	char why[TOKEN_WHY_SIZE];
	token_answer_denial(body, len, why);
	for (const char *c = why; *c; c++)
		require(g_ascii_isalnum(*c) || strchr(" _,", *c));
}

/* What decodes is what encodes to the same. */
static void check_text(const uint8_t *body, size_t len)
{
	gsize n = 0;
	g_autofree guint8 *back = base64url_decode((const char *)body, len, &n);
	g_autofree char *again = back ? base64url_encode(back, n) : NULL;
	require(!again || (strlen(again) == len && memcmp(again, body, len) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	g_autofree char *coded = base64url_encode(data + 1, size - 1);
	g_autofree char *token = g_strdup_printf("a.%s.b", coded);
	switch (data[0] % 3) {
	case 0:
		check_answer(data + 1, size - 1);
		return 0;
	case 1:
		check_denial(data + 1, size - 1);
		return 0;
	}
	check_roles(token);
	check_text(data + 1, size - 1);
	return 0;
}
