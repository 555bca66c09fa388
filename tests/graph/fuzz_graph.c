/* SPDX-License-Identifier: MIT
 *
 * fuzz_graph.c - any bytes as an answer of Graph: the first one chooses whether it is a
 * list, a user or an error. What comes out is a person that was asked for, or nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "kiosk/directory/directory.h"
#include "kiosk/directory/graph.h"
#include "kiosk/directory/graph_answer.h"
#include "kiosk/directory/graph_judge.h"
#include "tests/visit/fuzz.h"

#define ASKED "0123456789"

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static void check_person(const struct person *p)
{
	require(strcmp(p->common_id, ASKED) == 0);
	require(g_utf8_validate(p->name_ja, -1, NULL) && g_utf8_validate(p->name_en, -1, NULL));
	require(p->n_cards <= PERSON_CARDS_MAX && p->n_roles <= PERSON_ROLES_MAX);
}

static void judge(const uint8_t *body, size_t len, glong status, enum graph_query_kind kind)
{
	static const struct map_kind student = {
		"student-number", "onPremisesExtensionAttributes/extensionAttribute3", "", ""};
	struct map map = {0};
	struct graph_query query;
	struct person person = {{0}};
	GError *error = NULL;
	map_preset(&map, "graph");
	map_set_kind(&map, &student);
	g_strlcpy(map.attributes[MAP_PERSON_KEY], "department", MAP_ATTRIBUTE_SIZE);
	graph_query_make("https://g", &map, kind == GRAPH_QUERY_USER ? "@x" : NULL,
		DIRECTORY_KEY_COMMON_ID, ASKED, &query);
	const struct graph_question question = {&map, &query, kind, 20261122};
	struct http_answer answer = {.status = status, .content_type = "application/json"};
	answer.body = g_bytes_new(body, len);
	char *key = NULL;
	enum directory_answer said = graph_judge(&question, &answer, &person, &key, &error);
	require((said == DIRECTORY_DOWN) == (error != NULL) && said != DIRECTORY_UNMAPPED);
	require(!error ||
		(g_utf8_validate(error->message, -1, NULL) && !strstr(error->message, ASKED)));
	if (said == DIRECTORY_ONE)
		check_person(&person);
	require(!key || said == DIRECTORY_ONE);
	g_free(key);
	g_clear_error(&error);
	said = graph_judge_linked(&question, &answer, &person, &error);
	require(said == DIRECTORY_ONE ? !error : said == DIRECTORY_DOWN && error);
	require(person.n_linked <= PERSON_LINKED_MAX);
	person_wipe(&person);
	g_clear_error(&error);
	g_bytes_unref(answer.body);
	graph_query_clear(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	judge(data + 1, size - 1, data[0] % 3 == 2 ? 404 : 200,
		data[0] % 3 == 0 ? GRAPH_QUERY_LIST : GRAPH_QUERY_USER);
	return 0;
}
