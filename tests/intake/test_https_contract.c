/* SPDX-License-Identifier: MIT
 *
 * test_https_contract.c - the JSON interface keeps what every intake keeps.
 */
#include "tests/intake/contract.h"
#include "tests/intake/office.h"

static struct intake *open_one(gpointer rig)
{
	return https_open(office_settings(rig), NULL);
}

static guint count(gpointer rig, const char *key)
{
	return office_count(rig, key);
}

static guint live(gpointer rig, const char *holder)
{
	return office_live(rig, holder);
}

static void report(
	gpointer rig, const char *key, enum intake_progress progress, gint64 at, const char *reason)
{
	static const char *const states[INTAKE_PROGRESS_COUNT] = {
		"waiting", "started", "done", "declined", "cancelled"};
	office_report(rig, key, states[progress], at, reason);
}

static void away(gpointer rig, gboolean is)
{
	office_away(rig, is);
}

static void lose_answers(gpointer rig, gboolean on)
{
	office_fault(rig, on ? OFFICE_LOSE_ANSWER : OFFICE_NO_FAULT);
}

static void cut_body(gpointer rig)
{
	office_fault(rig, OFFICE_CUT_BODY);
}

static void garble(gpointer rig)
{
	office_fault(rig, OFFICE_GARBLE);
}

static void put_off(gpointer rig, gint seconds)
{
	g_autofree char *headers = g_strdup_printf("Retry-After: %d\r\n", seconds);
	office_say(rig, 429, headers, "application/problem+json", "{}");
}

int main(void)
{
	struct office *office = office_start();
	const struct contract contract = {
		.name = "contract of https",
		.rig = office,
		.open = open_one,
		.count = count,
		.live = live,
		.report = report,
		.away = away,
		.lose_answers = lose_answers,
		.cut_body = cut_body,
		.garble = garble,
		.put_off = put_off,
		.has_reasons = TRUE,
	};
	int status = contract_main(&contract);
	return office_stop(office) ? 1 : status;
}
