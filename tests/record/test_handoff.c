/* SPDX-License-Identifier: MIT
 *
 * test_handoff.c - what waits for a clerk's hand, and the sheet it is typed from.
 */
#include "kiosk/intake/handoff.h"

#include "kiosk/intake/sheet.h"
#include "kiosk/record/requests.h"
#include "tests/check.h"
#include "tests/record/folder.h"

static void file_one(struct folder *f, const char *id, struct request_receipt *ret)
{
	CHECK(folder_file_request(f, id, DAY, ret, NULL));
}

/* What a question got. The answers come from the main loop, at once. */
struct heard {
	guint times;
	enum intake_answer answer;
	GPtrArray *fields; /* struct sheet_field; NULL: none */
	char numbers[128];
};

static void turn(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void on_done(struct intake *intake, const struct intake_result *result, gpointer data)
{
	struct heard *heard = data;
	heard->times++;
	heard->answer = result->answer;
	CHECK((result->error == NULL) == (result->answer == INTAKE_ACCEPTED));
}

static void on_envelope(struct intake *intake, GBytes *envelope, const GError *error, gpointer data)
{
	struct heard *heard = data;
	heard->times++;
	CHECK((error == NULL) == (envelope != NULL));
	heard->fields = envelope ? sheet_read(envelope) : NULL;
}

static void on_sheets(struct intake *intake, const struct intake_sheet *sheets, gsize n,
	const GError *error, gpointer data)
{
	struct heard *heard = data;
	heard->times++;
	CHECK(error == NULL);
	for (gsize i = 0; i < n; i++) {
		g_strlcat(heard->numbers, sheets[i].number, sizeof heard->numbers);
		g_strlcat(heard->numbers, " ", sizeof heard->numbers);
	}
}

static enum intake_answer enter(struct intake *intake, const char *number)
{
	struct heard heard = {0};
	intake->ops->filed(intake, number, "M-123", NULL, on_done, &heard);
	CHECK_INT(heard.times, 0);
	turn();
	CHECK_INT(heard.times, 1);
	return heard.answer;
}

static GPtrArray *open_sheet(struct intake *intake, const char *number)
{
	struct heard heard = {0};
	intake->ops->open_sheet(intake, number, NULL, on_envelope, &heard);
	CHECK_INT(heard.times, 0);
	turn();
	CHECK_INT(heard.times, 1);
	return heard.fields;
}

static const struct sheet_field *field_of(const GPtrArray *fields, guint i)
{
	static const struct sheet_field none = {(char *)"", (char *)""};
	return fields && i < fields->len ? g_ptr_array_index(fields, i) : &none;
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
	CHECK_INT(enter(intake, a.number), INTAKE_ACCEPTED);
	CHECK_INT(enter(intake, a.number), INTAKE_REFUSED);
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
	g_autoptr(GPtrArray) fields = open_sheet(intake, r.number);
	CHECK(fields && fields->len == G_N_ELEMENTS(want));
	for (guint i = 0; i < G_N_ELEMENTS(want); i++) {
		CHECK_STR(field_of(fields, i)->code, want[i][0]);
		CHECK_STR(field_of(fields, i)->value, want[i][1]);
	}
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
	folder_make(&f);
	struct intake *intake = handoff_new(f.store);
	file_payload(&f,
		"{\"n\":1,\"z\":null,\"l\":[\"a\"],\"e\":\"\",\"incident\":{\"id\":\"x\",\"d\":{}},"
		"\"common_id\":\"1\",\"b\":true}",
		&r);
	g_autoptr(GPtrArray) fields = open_sheet(intake, r.number);
	CHECK(fields && fields->len == 2);
	CHECK_STR(field_of(fields, 0)->code, "common_id");
	CHECK_STR(field_of(fields, 1)->code, "incident.id");
	file_payload(&f, "[\"no object\"]", &r);
	CHECK(open_sheet(intake, r.number) == NULL);
	file_payload(&f, "no json", &r);
	CHECK(open_sheet(intake, r.number) == NULL);
	CHECK(open_sheet(intake, "ENG1-20261122-9999X") == NULL);
	intake_free(intake);
	folder_remove(&f);
}

static void a_sheet_survives_a_restart(void)
{
	struct folder f;
	struct request_receipt r = {0};
	folder_make(&f);
	file_one(&f, SAMPLE_ID, &r);
	folder_reopen(&f);
	struct intake *intake = handoff_new(f.store);
	g_autoptr(GPtrArray) fields = open_sheet(intake, r.number);
	CHECK_STR(field_of(fields, 0)->value, SAMPLE_ID);
	intake_free(intake);
	folder_remove(&f);
}

static void the_list_is_the_oldest_first_and_no_longer_than_asked(void)
{
	struct folder f;
	struct heard heard = {0};
	struct request_receipt r[3];
	folder_make(&f);
	struct intake *intake = handoff_new(f.store);
	file_one(&f, SAMPLE_ID, &r[0]);
	file_one(&f, SAMPLE_ID_2, &r[1]);
	file_one(&f, "0123456789", &r[2]);
	intake->ops->sheets(intake, 2, NULL, on_sheets, &heard);
	turn();
	g_autofree char *want = g_strdup_printf("%s %s ", r[0].number, r[1].number);
	CHECK_STR(heard.numbers, want);
	intake_free(intake);
	folder_remove(&f);
}

static void nobody_is_called_who_is_gone(void)
{
	struct folder f;
	struct heard heard = {0};
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	folder_make(&f);
	struct intake *intake = handoff_new(f.store);
	intake->ops->check(intake, cancellable, on_done, &heard);
	g_cancellable_cancel(cancellable);
	turn();
	intake->ops->check(intake, NULL, on_done, &heard);
	intake_free(intake);
	turn();
	CHECK_INT(heard.times, 0);
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
		{"the list is the oldest first, and no longer than asked",
			the_list_is_the_oldest_first_and_no_longer_than_asked},
		{"nobody is called who is gone", nobody_is_called_who_is_gone},
	};
	return CHECK_MAIN("handoff", cases);
}
