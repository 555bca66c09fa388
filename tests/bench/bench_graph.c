/* SPDX-License-Identifier: MIT
 *
 * bench_graph.c - a look-up by Graph beside bare libcurl doing the same work in the same
 * run, in turns, at the same server.
 *
 * The same work: the same request, header for header (the stand-in takes longer for a longer
 * one); the same answer, read as JSON with json-glib; and the same properties taken from it,
 * the account found to be the one asked for. The fetching alone is timed beside it, with the
 * same request too. Median and ninth decile, microseconds.
 */
#include <curl/curl.h>
#include <json-glib/json-glib.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/graph/world.h"

#define ROUNDS  1000
#define WARM_UP 20

static int compare(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return (x > y) - (x < y);
}

static gint64 at(gint64 *times, double share)
{
	qsort(times, ROUNDS, sizeof *times, compare);
	return times[(gsize)(share * (ROUNDS - 1))];
}

static size_t on_body(char *bytes, size_t one, size_t n, void *data)
{
	g_string_append_len(data, bytes, (gssize)(one * n));
	return one * n;
}

/* What the source asked last, with its headers. */
static CURL *make_peer(struct world *w, GString *body, struct curl_slist **ret_headers)
{
	const struct web_request *r = stand_in_request(w->s, stand_in_count(w->s, -1) - 1);
	g_autofree char *url = g_strconcat(stand_in_base(w->s), r->target + strlen("/v1.0"), NULL);
	CURL *easy = curl_easy_init();
	*ret_headers = NULL;
	for (char **header = r->headers; *header; header++)
		if (**header && !g_str_has_prefix(*header, "host:"))
			*ret_headers = curl_slist_append(*ret_headers, *header);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_CAINFO, stand_in_ca(w->s));
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, *ret_headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
	return easy;
}

static void on_answer(const struct directory_result *result, guint64 visit, gpointer data)
{
	*(gboolean *)data = TRUE;
	if (result->answer != DIRECTORY_ONE)
		g_error("not found");
}

static gint64 ask_source(struct world *w)
{
	gboolean done = FALSE;
	gint64 begin = g_get_monotonic_time();
	directory_lookup(w->dir, DIRECTORY_KEY_COMMON_ID, WORLD_ID, 1, NULL, on_answer, &done);
	while (!done)
		g_main_context_iteration(NULL, TRUE);
	return g_get_monotonic_time() - begin;
}

static void fetch(CURL *easy, GString *body)
{
	g_string_truncate(body, 0);
	if (curl_easy_perform(easy) != CURLE_OK)
		g_error("libcurl cannot fetch it");
}

static gint64 ask_bare(CURL *easy, GString *body)
{
	gint64 begin = g_get_monotonic_time();
	fetch(easy, body);
	return g_get_monotonic_time() - begin;
}

static void take(JsonObject *user, const char *name, char **ret)
{
	JsonNode *node = json_object_get_member(user, name);
	if (node && JSON_NODE_HOLDS_VALUE(node))
		*ret = g_strdup(json_node_get_string(node));
}

static gint64 ask_reading(CURL *easy, GString *body)
{
	static const char *const names[] = {
		"employeeId", "displayName", "employeeType", "department", "mail"};
	char *values[G_N_ELEMENTS(names)] = {NULL};
	gint64 begin = g_get_monotonic_time();
	fetch(easy, body);
	JsonParser *parser = json_parser_new();
	if (!json_parser_load_from_data(parser, body->str, (gssize)body->len, NULL))
		g_error("not JSON");
	JsonObject *root = json_node_get_object(json_parser_get_root(parser));
	JsonArray *users = json_object_get_array_member(root, "value");
	JsonObject *user = json_array_get_object_element(users, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		take(user, names[i], &values[i]);
	if (!json_object_get_boolean_member(user, "accountEnabled") ||
		json_array_get_length(users) != 1 || g_strcmp0(values[0], WORLD_ID) != 0)
		g_error("not found");
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_free(values[i]);
	g_object_unref(parser);
	return g_get_monotonic_time() - begin;
}

static void print(const char *who, gint64 *times)
{
	printf("%-22s p50 %5" G_GINT64_FORMAT "  p90 %5" G_GINT64_FORMAT "\n", who, at(times, 0.5),
		at(times, 0.9));
}

static void stay_here(void)
{
	cpu_set_t here;
	CPU_ZERO(&here);
	CPU_SET((gsize)sched_getcpu(), &here);
	if (sched_setaffinity(0, sizeof here, &here) != 0)
		g_warning("not on one processor: the figures will jump");
}

static void run(struct world *w, gint64 *ours, gint64 *bare, gint64 *reading)
{
	struct curl_slist *headers[2] = {NULL};
	g_autoptr(GString) body = g_string_new(NULL);
	ask_source(w);
	CURL *easy[] = {make_peer(w, body, &headers[0]), make_peer(w, body, &headers[1])};
	for (gint i = -WARM_UP; i < ROUNDS; i++) {
		gint64 times[] = {
			ask_source(w), ask_bare(easy[0], body), ask_reading(easy[1], body)};
		ours[MAX(i, 0)] = times[0];
		bare[MAX(i, 0)] = times[1];
		reading[MAX(i, 0)] = times[2];
	}
	for (gsize i = 0; i < G_N_ELEMENTS(easy); i++) {
		curl_easy_cleanup(easy[i]);
		curl_slist_free_all(headers[i]);
	}
}

int main(void)
{
	static gint64 ours[ROUNDS], bare[ROUNDS], reading[ROUNDS];
	struct world w;
	stay_here();
	/* As g_main_loop_run() does: the desk asks from within it. */
	g_main_context_acquire(NULL);
	world_begin(&w);
	if (!world_open(&w))
		g_error("%s", w.error->message);
	run(&w, ours, bare, reading);
	print("look-up", ours);
	print("libcurl", bare);
	print("libcurl and json-glib", reading);
	printf("ratio %.2f to the same work by libcurl and json-glib, %.2f to fetching alone\n",
		(double)at(ours, 0.5) / (double)at(reading, 0.5),
		(double)at(ours, 0.5) / (double)at(bare, 0.5));
	directory_free(w.dir);
	stand_in_stop(w.s);
	g_main_context_release(NULL);
	return 0;
}
