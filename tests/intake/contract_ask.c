/* SPDX-License-Identifier: MIT
 *
 * contract_ask.c - requests, and questions that are waited for; see contract.h.
 */
#include "tests/intake/contract.h"

#include <string.h>

#include "kiosk/record/requests.h"
#include "tests/check.h"

#define PATIENCE_S 20

/* A number that no other has, with its check character. */
static void make_number(char ret[INTAKE_NUMBER_SIZE])
{
	static const char marks[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	/* Some have none that is a letter or a digit. */
	for (;;) {
		guint32 n = g_random_int_range(0, 100000000);
		for (const char *mark = marks; *mark; mark++) {
			g_snprintf(ret, INTAKE_NUMBER_SIZE, "T%u-20261123-%04u%c", n / 10000,
				n % 10000, *mark);
			if (request_number_valid(ret))
				return;
		}
	}
}

static void make_holder(char ret[INTAKE_TAG_SIZE])
{
	g_autofree char *random = g_uuid_string_random();
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, random, -1);
	g_strlcpy(ret, hash, INTAKE_TAG_SIZE);
}

void contract_request_make(struct contract_request *ret, const char *holder, const char *text)
{
	static const char zeros[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	g_autofree char *key = g_uuid_string_random();
	*ret = (struct contract_request){0};
	make_number(ret->number);
	g_strlcpy(ret->key, key, sizeof ret->key);
	if (holder)
		g_strlcpy(ret->holder, holder, sizeof ret->holder);
	else
		make_holder(ret->holder);
	char *envelope = g_strdup_printf(
		"{\"v\":2,\"number\":\"%s\",\"uuid\":\"%s\",\"payload\":\"{\\\"common_id\\\":"
		"\\\"0123456789\\\",\\\"reason\\\":\\\"%s\\\"}\",\"evidence\":\"{}\","
		"\"salt\":\"%s\",\"size\":1,\"root\":\"%s\",\"holder\":\"%s\"}",
		ret->number, ret->key, text, zeros, zeros, ret->holder);
	ret->envelope = g_bytes_new_take(envelope, strlen(envelope));
	ret->item = (struct intake_item){
		.number = ret->number,
		.key = ret->key,
		.holder = ret->holder,
		.envelope = ret->envelope,
	};
}

void contract_request_clear(struct contract_request *request)
{
	g_clear_pointer(&request->envelope, g_bytes_unref);
}

void contract_done(struct intake *intake, const struct intake_result *result, gpointer heard)
{
	struct contract_heard *h = heard;
	h->times++;
	h->result = *result;
	h->result.error = NULL;
	h->domain = result->error ? result->error->domain : 0;
	h->code = result->error ? result->error->code : 0;
	g_strlcpy(h->message, result->error ? result->error->message : "", sizeof h->message);
}

static gboolean on_late(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_CONTINUE;
}

gboolean contract_wait(const guint *times, guint n)
{
	gboolean late = FALSE;
	guint deadline = g_timeout_add_seconds(PATIENCE_S, on_late, &late);
	while (!late && *times < n)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(deadline);
	return *times >= n;
}

/* Asked and not yet answered: nobody is called before the call returned. */
static void wait_for(struct contract_heard *heard)
{
	CHECK_INT(heard->times, 0);
	CHECK(contract_wait(&heard->times, 1));
}

struct contract_heard contract_check(struct intake *intake)
{
	struct contract_heard heard = {0};
	intake->ops->check(intake, NULL, contract_done, &heard);
	wait_for(&heard);
	return heard;
}

struct contract_heard contract_submit(
	struct intake *intake, const struct contract_request *request, guint tries)
{
	struct contract_heard heard = {0};
	struct intake_item item = request->item;
	item.tries = tries;
	intake->ops->submit(intake, &item, NULL, contract_done, &heard);
	wait_for(&heard);
	return heard;
}

struct contract_heard contract_look_up(struct intake *intake, const char *key, const char *id)
{
	struct contract_heard heard = {0};
	intake->ops->look_up(intake, key, id, NULL, contract_done, &heard);
	wait_for(&heard);
	return heard;
}

struct contract_heard contract_live_of(struct intake *intake, const char *holder)
{
	struct contract_heard heard = {0};
	intake->ops->live_of(intake, holder, NULL, contract_done, &heard);
	wait_for(&heard);
	return heard;
}

struct contract_heard contract_cancel(struct intake *intake, const char *key, const char *id)
{
	struct contract_heard heard = {0};
	intake->ops->cancel(intake, key, id, NULL, contract_done, &heard);
	wait_for(&heard);
	return heard;
}
