/* SPDX-License-Identifier: MIT
 *
 * stand_in_check.c - every request against Microsoft's descriptions.
 */
#include "tests/graph/openapi.h"
#include "tests/graph/stand_in_private.h"

#define FOLDER SOURCE_ROOT "/tests/graph/openapi/"

static const char *const files[] = {
	FOLDER "users.official.openapi.json", FOLDER "users.csdl.openapi.json"};

/* Without values: they are a person's. */
static void add(GString *text, const struct web_request *r, const char *why)
{
	g_autofree char *line = openapi_line(r->method, r->target);
	g_string_append_printf(text, "%s: %s\n", line, why);
}

static void check(GString *text, struct openapi *const *apis, const struct web_request *r)
{
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *why = openapi_check(apis[i], r->method, r->target);
		if (why) {
			add(text, r, why);
			return;
		}
	}
	if (*r->body)
		add(text, r, "a body, which is not described");
}

/* Each of them once, however often it came. */
static void check_all(struct stand_in *s, GString *text, struct openapi *const *apis)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (; s->checked < s->requests->len; s->checked++) {
		const struct web_request *r = s->requests->pdata[s->checked];
		char *what = g_strdup_printf("%s %s%s", r->method, r->target, *r->body ? " +" : "");
		gboolean login = g_str_has_suffix(s->token_url, r->target);
		if (g_hash_table_add(seen, what) && !login)
			check(text, apis, r);
	}
}

char *stand_in_refusals(struct stand_in *s)
{
	struct openapi *apis[G_N_ELEMENTS(files)];
	GString *text = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		apis[i] = openapi_open(files[i]);
	g_mutex_lock(&s->lock);
	check_all(s, text, apis);
	g_mutex_unlock(&s->lock);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		openapi_close(apis[i]);
	return g_string_free(text, text->len == 0);
}
