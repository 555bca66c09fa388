/* SPDX-License-Identifier: MIT
 *
 * test_handoff.c - what waits for a clerk's hand, and the sheet it is typed from.
 */
#include "kiosk/intake/handoff.h"

#include "kiosk/record/requests.h"
#include "tests/check.h"
#include "tests/record/folder.h"

static void file_one(struct folder *f, const char *id, struct request_receipt *ret)
{
	CHECK(folder_file_request(f, id, DAY, ret, NULL));
}

static void what_waits_is_counted_until_it_was_filed(void)
{
	struct folder f;
	struct request_receipt a = {0}, b = {0};
	guint n = 7;
	gint64 oldest = 7;
	folder_make(&f);
	struct intake *intake = handoff_new(f.store);
	CHECK_STR(intake->ops->name, "handoff");
	CHECK(requests_waiting(f.store, &n, &oldest, NULL));
	CHECK_INT(n, 0);
	CHECK_INT(oldest, 0);
	file_one(&f, SAMPLE_ID, &a);
	file_one(&f, SAMPLE_ID_2, &b);
	CHECK(requests_waiting(f.store, &n, &oldest, NULL));
	CHECK_INT(n, 2);
	CHECK_INT(oldest, NOON);
	CHECK(handoff_filed(intake, a.number, "M-123", NOON + 60, NULL));
	CHECK(!handoff_filed(intake, a.number, "M-123", NOON + 60, NULL));
	CHECK(requests_waiting(f.store, &n, &oldest, NULL));
	CHECK_INT(n, 1);
	intake_free(intake);
	folder_remove(&f);
}

static void a_sheet_has_the_fields_in_the_order_they_are_typed(void)
{
	static const char *const want[][2] = {
		{"common_id", SAMPLE_ID},
		{"name_ja", SAMPLE_NAME},
		{"reason", "lost"},
		{"incident_carrier", "UQ mobile"},
		{"incident", "i"},
		{"request", "再登録"},
		{"asked_at", "now"},
		{"number", SAMPLE_NUMBER},
	};
	struct folder f;
	struct request_receipt r = {0};
	folder_make(&f);
	struct intake *intake = handoff_new(f.store);
	file_one(&f, SAMPLE_ID, &r);
	GPtrArray *fields = NULL;
	CHECK(handoff_sheet(intake, r.number, &fields, NULL));
	CHECK_INT(fields->len, G_N_ELEMENTS(want));
	for (guint i = 0; i < fields->len && i < G_N_ELEMENTS(want); i++) {
		const struct handoff_field *field = g_ptr_array_index(fields, i);
		CHECK_STR(field->code, want[i][0]);
		CHECK_STR(field->value, want[i][1]);
	}
	g_ptr_array_unref(fields);
	intake_free(intake);
	folder_remove(&f);
}

static void file_payload(struct folder *f, const char *text, struct request_receipt *ret)
{
	g_autoptr(GBytes) payload = g_bytes_new_static(text, strlen(text));
	struct request_filing filing = {"ENG1", SAMPLE_ID, DAY, NOON, payload, payload};
	CHECK(requests_file(f->store, &filing, ret, NULL));
}

static void members_of_any_form_do_no_harm(void)
{
	struct folder f;
	struct request_receipt r = {0};
	GPtrArray *fields = NULL;
	folder_make(&f);
	struct intake *intake = handoff_new(f.store);
	file_payload(&f,
		"{\"n\":1,\"z\":null,\"l\":[\"a\"],\"e\":\"\",\"incident\":{\"id\":\"x\",\"d\":{}},"
		"\"common_id\":\"1\",\"b\":true}",
		&r);
	CHECK(handoff_sheet(intake, r.number, &fields, NULL));
	CHECK_INT(fields->len, 2);
	CHECK_STR(((struct handoff_field *)g_ptr_array_index(fields, 0))->code, "common_id");
	CHECK_STR(((struct handoff_field *)g_ptr_array_index(fields, 1))->code, "incident.id");
	g_ptr_array_unref(fields);
	fields = NULL;
	file_payload(&f, "[\"no object\"]", &r);
	CHECK(!handoff_sheet(intake, r.number, &fields, NULL));
	file_payload(&f, "no json", &r);
	CHECK(!handoff_sheet(intake, r.number, &fields, NULL));
	CHECK(!handoff_sheet(intake, "ENG1-20261122-9999X", &fields, NULL));
	CHECK(fields == NULL);
	intake_free(intake);
	folder_remove(&f);
}

static void a_sheet_survives_a_restart(void)
{
	struct folder f;
	struct request_receipt r = {0};
	GPtrArray *fields = NULL;
	folder_make(&f);
	file_one(&f, SAMPLE_ID, &r);
	folder_reopen(&f);
	struct intake *intake = handoff_new(f.store);
	CHECK(handoff_sheet(intake, r.number, &fields, NULL));
	CHECK_STR(((struct handoff_field *)g_ptr_array_index(fields, 0))->value, SAMPLE_ID);
	g_ptr_array_unref(fields);
	intake_free(intake);
	folder_remove(&f);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"what waits is counted until it was filed",
			what_waits_is_counted_until_it_was_filed},
		{"a sheet has the fields in the order they are typed",
			a_sheet_has_the_fields_in_the_order_they_are_typed},
		{"members of any form do no harm", members_of_any_form_do_no_harm},
		{"a sheet survives a restart", a_sheet_survives_a_restart},
	};
	return CHECK_MAIN("handoff", cases);
}
