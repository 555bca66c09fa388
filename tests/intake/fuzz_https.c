/* SPDX-License-Identifier: MIT
 *
 * fuzz_https.c - bodies of the JSON interface: whatever comes, it is one of the answers an
 * intake may give, and what is passed on is short and printable.
 *
 * The first byte is the question, the second the status.
 */
#include <stdlib.h>
#include <string.h>

#include "kiosk/intake/https_answer.h"
#include "tests/visit/fuzz.h"

#define KEY "7d444840-9dc0-11d1-b245-5ffdce74fad2"

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static void check_text(const char *text, gsize size)
{
	require(memchr(text, '\0', size) != NULL);
	for (; *text; text++)
		require(*text > ' ' && *text <= '~');
}

static void check_result(enum https_question question, const struct intake_result *r)
{
	check_text(r->id, sizeof r->id);
	check_text(r->number, sizeof r->number);
	check_text(r->key, sizeof r->key);
	check_text(r->reason, sizeof r->reason);
	require(r->answer < INTAKE_ANSWER_COUNT && r->progress < INTAKE_PROGRESS_COUNT);
	require(r->at >= 0);
	require(r->answer != INTAKE_ABSENT || question == HTTPS_LOOK_UP ||
		question == HTTPS_LIVE_OF || question == HTTPS_CANCEL);
	require(r->answer != INTAKE_HOLDER || question == HTTPS_SUBMIT);
	require(r->answer != INTAKE_TAKEN_UP || question == HTTPS_CANCEL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 201, 404, 409, 422, 503};
	if (size < 2)
		return 0;
	enum https_question question = data[0] % HTTPS_QUESTION_COUNT;
	struct http_answer answer = {.status = statuses[data[1] % G_N_ELEMENTS(statuses)]};
	gboolean good = answer.status < 300;
	struct intake_result result;
	g_autoptr(GError) error = NULL;
	g_strlcpy(answer.content_type, good ? "application/json" : "application/problem+json",
		sizeof answer.content_type);
	answer.body = g_bytes_new(data + 2, size - 2);
	https_answer_judge(question, KEY, &answer, &result, &error);
	check_result(question, &result);
	require(result.answer != INTAKE_ACCEPTED || (good && !error));
	g_bytes_unref(answer.body);
	return 0;
}
