/* SPDX-License-Identifier: MIT
 *
 * refusal.h - how a configuration with one strange file is refused.
 */
#ifndef TESTS_VISIT_REFUSAL_H
#define TESTS_VISIT_REFUSAL_H

#include "kiosk/config/config.h"
#include "tests/visit/folder.h"

#define CONF    "assets/defaults/madoguchi.conf"
#define LAYOUTS "assets/defaults/layouts.conf"
#define OFFICES "assets/defaults/offices.conf"

/* Load `text` as file `name`: "desk.conf", or one that a desk.conf names under the key
 * before the dot. Returns the message of the refusal without the folder, or "". */
static inline char *refusal(const char *name, const char *text)
{
	char *dir = folder_new();
	g_autofree char *path = folder_write(dir, name, text);
	g_autofree char *conf = g_strdup(path);
	g_autoptr(GError) error = NULL;

	if (strcmp(name, "desk.conf") != 0) {
		int len = (int)strcspn(name, ".");
		g_autofree char *files = g_strdup_printf("[files]\n%.*s=%s\n", len, name, name);
		g_free(conf);
		conf = folder_write(dir, "desk.conf", files);
	}
	AUTO(config) config = config_load(conf, NULL, &error);
	CHECK((config == NULL) == (error != NULL));
	const char *message = error ? error->message : "";
	char *ret = g_strdup(g_str_has_prefix(message, dir) ? message + strlen(dir) + 1 : message);
	folder_free(dir);
	return ret;
}

/* One mistake in a shipped file. */
struct bad {
	const char *from, *to; /* what is replaced in the shipped file */
	const char *place;     /* "[group] key:" */
	const char *expected, *got;
};

static inline void each_is_refused(
	const char *name, const char *shipped, const struct bad *bad, size_t n)
{
	g_autofree char *text = source_text(shipped);

	for (size_t i = 0; i < n; i++) {
		unsigned line = 0;
		g_autofree char *broken = replaced(text, bad[i].from, bad[i].to, &line);
		g_autofree char *got = refusal(name, broken);
		line += bad[i].from[0] == '\n';
		g_autofree char *want = g_strdup_printf("%s:%u: %s%sexpected %s, got %s", name,
			line, bad[i].place, *bad[i].place ? " " : "", bad[i].expected, bad[i].got);
		CHECK_STR(got, want);
	}
}
#define EACH_IS_REFUSED(name, shipped, bad)                                                        \
	each_is_refused(name, shipped, bad, sizeof(bad) / sizeof((bad)[0]))

/* `head`, then `n` times `piece` with the number in it, then the rest of the file. */
static inline char *many(const char *head, const char *before, const char *after, unsigned n)
{
	GString *text = g_string_new(head);
	for (unsigned i = 0; i < n; i++)
		g_string_append_printf(text, "%s%u%s", before, i, after);
	return g_string_free(text, FALSE);
}

static inline void refused_for(const char *name, const char *text, const char *expected)
{
	g_autofree char *got = refusal(name, text);
	if (!strstr(got, expected))
		fprintf(stderr, "%s\n", got);
	CHECK(strstr(got, expected) != NULL);
}

#endif
