/* SPDX-License-Identifier: MIT
 *
 * world.c - see world.h.
 */
#include "tests/graph/world.h"

#include "tests/check.h"

#define VISIT      42
#define PATIENCE_S 10

static const struct stand_in_user people[] = {
	{"3f2504e0-4f89-11d3-9a0c-0305e82c3301", WORLD_ID, "0123456789@utac.example.test",
		"見本 花子", "03", "student", "hanako@example.test", "99-123456", TRUE},
	{"3f2504e0-4f89-11d3-9a0c-0305e82c3302", "1111111111", "1111111111@utac.example.test",
		"見本 次郎", "03", "staff", NULL, "99-222222", FALSE},
	{"3f2504e0-4f89-11d3-9a0c-0305e82c3303", "2222222222", "2222222222@utac.example.test",
		"O'Neill, Sample", NULL, "staff", NULL, NULL, TRUE},
	{"3f2504e0-4f89-11d3-9a0c-0305e82c3304", "2222222222", "2222222223@utac.example.test",
		"Sample Twice", NULL, "staff", NULL, NULL, TRUE},
};

void world_begin(struct world *w)
{
	world_begin_with(w, stand_in_start());
}

void world_begin_with(struct world *w, struct stand_in *s)
{
	*w = (struct world){.s = s};
	for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
		stand_in_add_user(w->s, &people[i]);
	static const struct map_kind student = {
		"student-number", "onPremisesExtensionAttributes/extensionAttribute3", "", ""};
	map_preset(&w->settings.map, "graph");
	map_set_kind(&w->settings.map, &student);
	w->settings.base = g_strdup(stand_in_base(w->s));
	w->settings.token_url = g_strdup(stand_in_token_url(w->s));
	w->settings.client_id = g_strdup(STAND_IN_CLIENT);
	w->settings.scope = g_strdup(STAND_IN_SCOPE);
	w->settings.cert_file = g_strdup(stand_in_cert(w->s));
	w->settings.key = g_strdup(stand_in_key(w->s));
	w->settings.ca_file = g_strdup(stand_in_ca(w->s));
	w->settings.timeout_ms = 2000;
}

gboolean world_open(struct world *w)
{
	w->dir = graph_open(&w->settings, &w->error);
	return w->dir != NULL;
}

void world_end(struct world *w)
{
	char *owned[] = {w->settings.base, w->settings.token_url, w->settings.client_id,
		w->settings.scope, w->settings.cert_file, w->settings.key, w->settings.ca_file,
		w->settings.upn_suffix};
	directory_free(w->dir);
	CHECK_INT(stand_in_unread(w->s), 0);
	stand_in_stop(w->s);
	for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
		g_free(owned[i]);
	g_clear_error(&w->error);
}

static gboolean on_time(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_CONTINUE;
}

void world_run(const gboolean *done, guint ms)
{
	gboolean late = FALSE;
	guint timer = g_timeout_add(ms, on_time, &late);
	while (!late && !(done && *done))
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(timer);
}

gboolean world_wait_requests(struct world *w, int door, guint n)
{
	gint64 end = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
	while (stand_in_count(w->s, door) < n && g_get_monotonic_time() < end)
		world_run(NULL, 5);
	return stand_in_count(w->s, door) >= n;
}

void world_settle(struct world *w)
{
	CHECK(world_wait_requests(w, STAND_IN_TOKEN, 1));
	world_ask(w, "no-such-kind", "1", NULL);
	world_run(NULL, 30);
}

struct waiting {
	gboolean done;
	struct directory_result result;
	guint64 visit;
	guint calls;
};

static void on_answer(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct waiting *waiting = data;
	waiting->result = *result;
	waiting->visit = visit;
	waiting->done = TRUE;
	waiting->calls++;
}

enum directory_answer world_ask(
	struct world *w, const char *kind, const char *value, struct person *ret)
{
	struct waiting waiting = {0};
	directory_lookup(w->dir, kind, value, VISIT, NULL, on_answer, &waiting);
	CHECK(!waiting.done);
	world_run(&waiting.done, PATIENCE_S * 1000);
	CHECK_INT(waiting.calls, 1);
	CHECK_INT(waiting.visit, VISIT);
	CHECK_STR(waiting.result.source, "graph");
	CHECK_INT(waiting.result.as_of, 0);
	if (ret)
		*ret = waiting.result.person;
	return waiting.result.answer;
}

enum directory_answer world_ask_id(struct world *w)
{
	return world_ask(w, DIRECTORY_KEY_COMMON_ID, WORLD_ID, NULL);
}

GError *world_fault(struct world *w)
{
	GError *error = NULL;
	gboolean ready = directory_ready(w->dir, &error);
	CHECK(ready == (error == NULL));
	return error;
}
