/* SPDX-License-Identifier: MIT
 *
 * bench_graph.c - a look-up by Graph beside bare libcurl fetching the same address from the
 * same server in the same run, in turns; with and without json-glib reading what came.
 * Median and ninth decile, microseconds.
 */
#include <curl/curl.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/graph/world.h"

#define ROUNDS 300

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
	const struct stand_in_request *r = stand_in_request(w->s, stand_in_count(w->s, -1) - 1);
	g_autofree char *url = g_strconcat(stand_in_base(w->s), r->target + strlen("/v1.0"), NULL);
	g_autofree char *authorization =
		g_strconcat("Authorization: ", stand_in_header(r, "authorization"), NULL);
	CURL *easy = curl_easy_init();
	*ret_headers = curl_slist_append(NULL, authorization);
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

static gint64 ask_reading(CURL *easy, GString *body)
{
	gint64 begin = g_get_monotonic_time();
	fetch(easy, body);
	g_autoptr(JsonParser) parser = json_parser_new();
	json_parser_load_from_data(parser, body->str, (gssize)body->len, NULL);
	JsonObject *root = json_node_get_object(json_parser_get_root(parser));
	JsonArray *users = json_object_get_array_member(root, "value");
	JsonObject *user = json_array_get_object_element(users, 0);
	if (strcmp(json_object_get_string_member(user, "employeeId"), WORLD_ID) != 0)
		g_error("not found");
	return g_get_monotonic_time() - begin;
}

static void print(const char *who, gint64 *times)
{
	printf("%-22s p50 %5" G_GINT64_FORMAT "  p90 %5" G_GINT64_FORMAT "\n", who, at(times, 0.5),
		at(times, 0.9));
}

int main(void)
{
	static gint64 ours[ROUNDS], bare[ROUNDS], reading[ROUNDS];
	struct world w;
	struct curl_slist *headers = NULL;
	g_autoptr(GString) body = g_string_new(NULL);
	world_begin(&w);
	if (!world_open(&w))
		g_error("%s", w.error->message);
	ask_source(&w);
	CURL *easy = make_peer(&w, body, &headers);
	ask_bare(easy, body);
	for (gsize i = 0; i < ROUNDS; i++) {
		ours[i] = ask_source(&w);
		bare[i] = ask_bare(easy, body);
		reading[i] = ask_reading(easy, body);
	}
	print("look-up", ours);
	print("libcurl", bare);
	print("libcurl and json-glib", reading);
	printf("ratio %.2f to libcurl, %.2f to libcurl and json-glib\n",
		(double)at(ours, 0.5) / (double)at(bare, 0.5),
		(double)at(ours, 0.5) / (double)at(reading, 0.5));
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	directory_free(w.dir);
	stand_in_stop(w.s);
	return 0;
}
