/* SPDX-License-Identifier: MIT
 *
 * test_counter.c - promises of the counter service, through its door, with a real pcscd.
 */
#include <signal.h>
#include <stdlib.h>

#include "tests/counter/rig_check.h"

#define STUDENT "3141592653"
#define OTHER   "1618033988"

static void check_refused(struct rig *rig, const char *intent, GVariant *args, const char *why)
{
	const char *refusal = "";
	CHECK(!rig_intent(rig, intent, args, &refusal));
	CHECK_STR(refusal, why);
}

static void check_state(struct rig *rig, const char *state)
{
	g_autofree char *now = rig_desk_str(rig, "state");
	CHECK_STR(now, state);
}

static void a_visit_ends_in_a_filed_request(void)
{
	struct rig *rig = rig_need("counter", NULL);
	g_autofree char *number = rig_visit(rig, "student", STUDENT);
	CHECK(number != NULL && strlen(number) > 10);
	g_autoptr(GVariant) rows = rig_call(rig, "madoguchi.Counter1", "ListSheets", NULL);
	CHECK(rows != NULL);
	if (rows && number) {
		g_autofree char *text = g_variant_print(rows, FALSE);
		CHECK(strstr(text, number) != NULL);
	}
	rig_free(rig);
}

static void an_intent_for_another_step_changes_nothing(void)
{
	struct rig *rig = rig_need("counter", NULL);
	const char *refusal = "";
	g_autoptr(GVariant) desk = rig_desk(rig);
	guint64 visit = 0;
	guint32 step = 0;
	g_variant_lookup(desk, "visit", "t", &visit);
	g_variant_lookup(desk, "step", "u", &step);
	CHECK(!rig_intent_at(rig, "SignOut", visit, step + 1, NULL, &refusal));
	CHECK_STR(refusal, "madoguchi.Stale");
	CHECK(!rig_intent_at(rig, "SignOut", visit + 1, step, NULL, &refusal));
	CHECK_STR(refusal, "madoguchi.Stale");
	check_state(rig, "welcome");
	rig_free(rig);
}

static void an_intent_the_state_does_not_know_is_refused(void)
{
	struct rig *rig = rig_need("counter", NULL);
	check_refused(rig, "Check", g_variant_new("(s)", "123"), "madoguchi.NotAllowed");
	check_refused(rig, "Consent", g_variant_new("(b)", TRUE), "madoguchi.NotAllowed");
	check_refused(rig, "End", NULL, "madoguchi.NotAllowed");
	check_refused(rig, "Answer", g_variant_new("(ss)", "usable", "no"), "madoguchi.NotAllowed");
	check_refused(rig, "SignIn", g_variant_new("(s)", "246810"), "madoguchi.NotAllowed");
	check_state(rig, "welcome");
	rig_free(rig);
}

static void the_desk_carries_no_number_before_the_digits_are_right(void)
{
	struct rig *rig = rig_need("counter", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	g_autoptr(GVariant) before = rig_desk(rig);
	g_autofree char *text = g_variant_print(before, FALSE);
	CHECK(strstr(text, STUDENT) == NULL);
	CHECK(strstr(text, "37-246801") == NULL);
	CHECK(rig_check(rig, STUDENT));
	CHECK(rig_wait(rig, "common-id", STUDENT));
	rig_free(rig);
}

static void three_wrong_digits_stop_the_visit(void)
{
	struct rig *rig = rig_need("counter", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));

	/* No place of the student's number holds a seven. */
	for (int i = 0; i < 3; i++) {
		check_state(rig, "check");
		CHECK(rig_intent(rig, "Check", g_variant_new("(s)", "777"), NULL));
	}
	CHECK(rig_wait(rig, "problem", "P-31"));
	rig_free(rig);
}

static void a_tap_before_the_payload_was_shown_is_no_consent(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	rig_lay(rig, "student");
	/* The view tells that the card was seen; it stays a consent that was not given. */
	CHECK(rig_wait_holder(rig, "away", FALSE));
	check_state(rig, "consent");
	rig_take(rig);
	CHECK(rig_show(rig));
	CHECK(rig_wait_holder(rig, "armed", TRUE));
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "receipt"));
	rig_free(rig);
}

static void another_card_at_consent_is_refused(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	CHECK(rig_show(rig));
	CHECK(rig_wait_holder(rig, "armed", TRUE));
	rig_lay(rig, "english");
	CHECK(rig_wait(rig, "notice", "P-33"));
	check_state(rig, "consent");
	rig_free(rig);
}

static void consent_on_screen_needs_a_visit_without_card(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	CHECK(rig_show(rig));
	check_refused(rig, "Consent", g_variant_new("(b)", TRUE), "madoguchi.NotAllowed");
	check_state(rig, "consent");
	rig_free(rig);
}

static void a_digest_that_was_not_built_here_is_not_shown(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	check_refused(rig, "Shown", g_variant_new("(ss)", "00", "ja"), "madoguchi.Invalid");
	rig_free(rig);
}

static void no_answer_leads_around_the_check(void)
{
	struct rig *rig = rig_need("counter", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(rig_intent(rig, "Answer", g_variant_new("(ss)", "usable", "yes"), NULL));
	CHECK(rig_wait(rig, "route", "not-needed"));
	check_state(rig, "route");
	CHECK(rig_intent(rig, "Reason", g_variant_new("(s)", "lost"), NULL));
	CHECK(rig_intent(rig, "Answer", g_variant_new("(ss)", "self-service", "no"), NULL));
	CHECK(rig_intent(rig, "Answer", g_variant_new("(ss)", "usable", "no"), NULL));
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(rig_check(rig, STUDENT));
	CHECK(rig_wait(rig, "state", "consent"));
	rig_free(rig);
}

static void the_second_clerk_is_another_human(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_intent(rig, "NoCard", g_variant_new("(sss)", STUDENT, "passport", "lost"), NULL));
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(rig_intent(rig, "Check", g_variant_new("(s)", ""), NULL));
	CHECK(rig_wait(rig, "gate", "second"));
	CHECK(rig_intent(rig, "CallSecond", NULL, NULL));
	rig_lay(rig, "clerk-a");
	CHECK(rig_wait(rig, "notice", "P-38"));
	rig_take(rig);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "notice", "P-35"));
	rig_take(rig);
	rig_lay(rig, "clerk-b");
	CHECK(rig_wait(rig, "state", "second-pin"));
	CHECK(rig_intent(rig, "SignIn", g_variant_new("(s)", "135790"), NULL));
	CHECK(rig_wait(rig, "state", "route"));
	rig_free(rig);
}

static void a_clerk_is_never_the_holder(void)
{
	struct rig *rig = rig_need("counter", NULL);
	rig_lay(rig, "clerk-a");
	CHECK(rig_wait(rig, "problem", "P-30"));
	g_autoptr(GVariant) desk = rig_desk(rig);
	g_autofree char *text = g_variant_print(desk, FALSE);
	CHECK(strstr(text, "clerk-is-holder") != NULL);
	rig_free(rig);
}

static gsize size_of(GVariant *view)
{
	gsize size = view ? g_variant_get_size(view) : 0;
	g_clear_pointer(&view, g_variant_unref);
	return size;
}

static void a_view_after_the_wipe_is_as_long_as_the_longest_before(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	gsize desk = size_of(rig_desk(rig)), holder = size_of(rig_holder(rig));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "welcome"));
	CHECK(size_of(rig_desk(rig)) >= desk);
	CHECK(size_of(rig_holder(rig)) >= holder);
	rig_free(rig);
}

static void a_request_seen_as_accepted_survives_kill_9(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	CHECK(rig_show(rig));
	CHECK(rig_wait_holder(rig, "armed", TRUE));
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "receipt"));
	g_autofree char *number = rig_desk_str(rig, "request");
	rig_kill_service(rig);
	rig_take(rig);
	CHECK(rig_start_service(rig));
	g_autoptr(GVariant) queue = rig_call(rig, "madoguchi.Admin1", "Queue", NULL);
	g_autofree char *text = queue ? g_variant_print(queue, FALSE) : g_strdup("");
	CHECK(strstr(text, number) != NULL);
	rig_free(rig);
}

static void a_visit_in_progress_is_gone_after_kill_9(void)
{
	struct rig *rig = rig_need("counter", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	rig_kill_service(rig);
	CHECK(rig_start_service(rig));
	CHECK(rig_wait(rig, "state", "off-duty"));
	g_autoptr(GVariant) desk = rig_desk(rig);
	g_autofree char *text = g_variant_print(desk, FALSE);
	CHECK(strstr(text, STUDENT) == NULL);
	CHECK(strstr(text, "Hanako") == NULL);
	rig_free(rig);
}

static void the_counter_closes_without_pcscd_and_opens_with_it(void)
{
	struct rig *rig = rig_need("counter", NULL);
	rig_kill_pcscd(rig);
	CHECK(rig_wait(rig, "state", "closed"));
	CHECK(rig_wait(rig, "problem", "P-01"));
	CHECK(rig_start_pcscd(rig));
	CHECK(rig_wait(rig, "state", "welcome"));
	g_autofree char *number = rig_visit(rig, "student", STUDENT);
	CHECK(number != NULL);
	rig_free(rig);
}

static gboolean status_is(struct rig *rig, const char *number, const char *progress)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	g_autoptr(GVariant) status = g_variant_lookup_value(desk, "status", G_VARIANT_TYPE_VARDICT);
	const char *its_number = "", *its_progress = "";
	if (status) {
		g_variant_lookup(status, "number", "&s", &its_number);
		g_variant_lookup(status, "progress", "&s", &its_progress);
	}
	fprintf(stderr, "%s %s\n", its_number, its_progress);
	return g_str_equal(its_number, number) && g_str_equal(its_progress, progress);
}

static void a_live_request_is_not_filed_twice(void)
{
	struct rig *rig = rig_need("counter", NULL);
	g_autofree char *number = rig_visit(rig, "student", STUDENT);
	CHECK(number != NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "status"));
	CHECK(status_is(rig, number, "waiting"));
	CHECK(!rig_intent(rig, "Anew", NULL, NULL));
	rig_free(rig);
}

static void a_holder_takes_a_request_back_by_tapping_the_same_card(void)
{
	struct rig *rig = rig_need("counter", NULL);
	g_autofree char *number = rig_visit(rig, "student", STUDENT);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "status"));
	CHECK(rig_intent(rig, "Withdraw", NULL, NULL));
	CHECK(rig_wait(rig, "state", "withdraw"));
	CHECK(rig_show(rig));
	rig_take(rig);
	CHECK(rig_wait_holder(rig, "armed", TRUE));
	rig_lay(rig, "english"); /* not the card of this visit */
	CHECK(rig_wait(rig, "notice", "P-33"));
	rig_take(rig);
	CHECK(rig_wait_holder(rig, "armed", TRUE));
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "status"));
	CHECK(status_is(rig, number, "cancelled"));
	rig_take(rig);
	CHECK(rig_intent(rig, "End", NULL, NULL));
	CHECK(rig_wait(rig, "state", "welcome"));
	rig_lay(rig, "student"); /* as if it had never been */
	CHECK(rig_wait(rig, "state", "check"));
	rig_free(rig);
}

static void a_card_left_lying_starts_no_second_visit(void)
{
	struct rig *rig = rig_need("counter", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "take-card"));
	rig_take(rig);
	CHECK(rig_wait(rig, "state", "welcome"));
	rig_free(rig);
}

static void a_second_service_on_the_same_folder_is_refused(void)
{
	struct rig *rig = rig_need("counter", NULL);
	int status = 0;
	const char *argv[] = {g_getenv("MADOGUCHID"), "--data", (char *)rig_folder(rig), NULL};
	CHECK(g_spawn_sync(NULL, (char **)argv, NULL,
		G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
		&status, NULL));
	CHECK_INT(WEXITSTATUS(status), 3);
	check_state(rig, "welcome");
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(a_visit_ends_in_a_filed_request),
		CASE(an_intent_for_another_step_changes_nothing),
		CASE(an_intent_the_state_does_not_know_is_refused),
		CASE(the_desk_carries_no_number_before_the_digits_are_right),
		CASE(three_wrong_digits_stop_the_visit),
		CASE(a_tap_before_the_payload_was_shown_is_no_consent),
		CASE(another_card_at_consent_is_refused),
		CASE(consent_on_screen_needs_a_visit_without_card),
		CASE(a_digest_that_was_not_built_here_is_not_shown),
		CASE(no_answer_leads_around_the_check),
		CASE(the_second_clerk_is_another_human),
		CASE(a_clerk_is_never_the_holder),
		CASE(a_view_after_the_wipe_is_as_long_as_the_longest_before),
		CASE(a_request_seen_as_accepted_survives_kill_9),
		CASE(a_visit_in_progress_is_gone_after_kill_9),
		CASE(the_counter_closes_without_pcscd_and_opens_with_it),
		CASE(a_live_request_is_not_filed_twice),
		CASE(a_holder_takes_a_request_back_by_tapping_the_same_card),
		CASE(a_card_left_lying_starts_no_second_visit),
		CASE(a_second_service_on_the_same_folder_is_refused),
	};
	return rig_main("counter", cases, G_N_ELEMENTS(cases), NULL);
}
