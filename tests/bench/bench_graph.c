/* SPDX-License-Identifier: MIT
 *
 * bench_graph.c - a look-up by Graph beside bare libcurl fetching the same address from the
 * same server in the same run, in turns. Median and ninth decile, microseconds.
 */
#include <curl/curl.h>
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
	return one * n;
}

/* What the source asked last, with its headers. */
static CURL *make_peer(struct world *w, struct curl_slist **ret_headers)
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

static gint64 ask_peer(CURL *easy)
{
	gint64 begin = g_get_monotonic_time();
	if (curl_easy_perform(easy) != CURLE_OK)
		g_error("libcurl cannot fetch it");
	return g_get_monotonic_time() - begin;
}

int main(void)
{
	static gint64 ours[ROUNDS], bare[ROUNDS];
	struct world w;
	struct curl_slist *headers = NULL;
	world_begin(&w);
	if (!world_open(&w))
		g_error("%s", w.error->message);
	ask_source(&w);
	CURL *easy = make_peer(&w, &headers);
	ask_peer(easy);
	for (gsize i = 0; i < ROUNDS; i++) {
		ours[i] = ask_source(&w);
		bare[i] = ask_peer(easy);
	}
	gint64 ours_p50 = at(ours, 0.5), bare_p50 = at(bare, 0.5);
	printf("look-up   p50 %5" G_GINT64_FORMAT "  p90 %5" G_GINT64_FORMAT "\n", ours_p50,
		at(ours, 0.9));
	printf("libcurl   p50 %5" G_GINT64_FORMAT "  p90 %5" G_GINT64_FORMAT "\n", bare_p50,
		at(bare, 0.9));
	printf("ratio     p50 %.2f\n", (double)ours_p50 / (double)bare_p50);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	directory_free(w.dir);
	stand_in_stop(w.s);
	return 0;
}
