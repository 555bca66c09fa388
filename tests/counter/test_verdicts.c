/* SPDX-License-Identifier: MIT
 *
 * test_verdicts.c - each verdict reached by a card on a reader, through the whole service,
 * and what the clerk does about it.
 */
#include <stdio.h>
#include <string.h>

#include "kiosk/record/clerks.h"
#include "tests/counter/rig_check.h"
#include "tests/counter/town.h"

#define ID      "3141592653"
#define OTHER   "3605551275"
#define CLERK_A "5772156649"
#define NAMES   "東都 花子,Hanako Toto"
#define CARD    "student-number,37-246801,0,20990331,valid"
#define ROLE    "student,37,20240401,20990331"
#define USUAL   ID "," NAMES ",active,yes,no,," CARD "," ROLE
#define TWO                                                                                        \
	ID "," NAMES ",active,yes,no,P-1," CARD "," ROLE,                                          \
		OTHER "," NAMES ",active,yes,no,P-1,staff-number,0054321,0,20990331,valid,"        \
		      "staff,37,20150401,"

/* What a student card on the reader leads to, by the directory's row for it. */
static const struct {
	const char *word, *severity, *row;
} rows[] = {
	{"account-inactive", "stop", ID "," NAMES ",inactive,yes,no,," CARD "," ROLE},
	{"account-closed", "stop", ID "," NAMES ",closed,yes,no,," CARD "," ROLE},
	{"term-over", "stop", ID "," NAMES ",active,yes,no,," CARD ",student,37,20200401,@-40"},
	{"term-not-begun", "decide",
		ID "," NAMES ",active,yes,no,," CARD ",student,37,@+1,20990331"},
	{"grace", "info", ID "," NAMES ",active,yes,no,," CARD ",student,37,20200401,@-1"},
	{"card-lost", "stop",
		ID "," NAMES ",active,yes,no,,student-number,37-246801,0,20990331,lost," ROLE},
	{"card-old", "stop",
		ID "," NAMES ",active,yes,no,,student-number,37-246801,1,20990331,valid," ROLE},
	{"card-expired", "stop",
		ID "," NAMES ",active,yes,no,,student-number,37-246801,0,@-1,valid," ROLE},
	{"card-class", "decide", ID "," NAMES ",active,yes,no,," CARD ",staff,37,20240401,"},
	{"name-differs", "decide",
		ID ",カワベ サブロウ,Saburo Kawabe,active,yes,no,," CARD "," ROLE},
	{"wrong-desk", "info",
		ID "," NAMES ",active,yes,no,," CARD ",student,35,20240401,20990331"},
	{"clerk-is-holder", "stop", CLERK_A "," NAMES ",active,yes,no,," CARD "," ROLE},
	{"privileged", "second", ID "," NAMES ",active,yes,yes,," CARD "," ROLE},
	{"no-contact", "info", ID "," NAMES ",active,no,no,," CARD "," ROLE},
};

/* On the first of a month nobody left earlier in it. */
static gboolean is_first_day(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	return g_date_time_get_day_of_month(now) == 1;
}

static void each_verdict_is_reached_by_a_card(void)
{
	struct rig *rig = rig_need("verdicts", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *const people[] = {rows[i].row, NULL};
		if (g_str_equal(rows[i].word, "grace") && is_first_day())
			continue;
		CHECK(town_import(rig, people, 0));
		rig_lay(rig, "student");
		CHECK(town_verdict(rig, rows[i].word, rows[i].severity));
		g_autofree char *problem = rig_desk_str(rig, "problem");
		CHECK_STR(problem, g_str_equal(rows[i].severity, "stop") ? "P-30" : "");
		CHECK(town_leave(rig));
	}
	rig_free(rig);
}

static void use(struct rig *rig, const char *const *people, gint64 hours)
{
	CHECK(town_import(rig, people, hours));
}

static void answer(struct rig *rig)
{
	CHECK(rig_wait(rig, "state", "check"));
	rig_take(rig);
	CHECK(rig_intent(rig, "Answer", g_variant_new("(ss)", "usable", "no"), NULL));
	CHECK(rig_intent(rig, "Answer", g_variant_new("(ss)", "self-service", "no"), NULL));
	CHECK(rig_intent(rig, "Reason", g_variant_new("(s)", "lost"), NULL));
}

static void begin(struct rig *rig)
{
	rig_lay(rig, "student");
	answer(rig);
}

/* An earlier request has ended; another one is asked for. */
static void begin_again(struct rig *rig)
{
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "status"));
	CHECK(rig_intent(rig, "Anew", NULL, NULL));
}

/* From CONSENT to a request number; the same card as before. */
static char *file(struct rig *rig)
{
	CHECK(rig_wait(rig, "state", "consent"));
	CHECK(rig_show(rig));
	CHECK(rig_wait_holder(rig, "armed", TRUE));
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "receipt"));
	char *number = rig_desk_str(rig, "request");
	CHECK(town_leave(rig));
	return number;
}

static void check_evidence(struct rig *rig, const char *number, const char *part, gboolean there)
{
	CHECK_INT(rig_stop_service(rig), 0);
	g_autofree char *evidence = town_evidence(rig, number);
	CHECK(evidence != NULL);
	if (evidence && (strstr(evidence, part) != NULL) != there)
		fprintf(stderr, "%s\n", evidence);
	CHECK(evidence && (strstr(evidence, part) != NULL) == there);
	CHECK(rig_start_service(rig));
}

static void check_refused(struct rig *rig, const char *intent, GVariant *args, const char *why)
{
	const char *refusal = "";
	CHECK(!rig_intent(rig, intent, args, &refusal));
	CHECK_STR(refusal, why);
}

static gboolean decide(struct rig *rig, const char *verdict, const char *ground)
{
	return rig_intent(rig, "Decide", g_variant_new("(ss)", verdict, ground), NULL);
}

static void a_decision_needs_a_ground_and_the_evidence_keeps_it(void)
{
	static const char *const people[] = {
		ID ",カワベ サブロウ,Saburo Kawabe,active,yes,no,," CARD "," ROLE, NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "decide"));
	check_refused(
		rig, "Decide", g_variant_new("(ss)", "name-differs", ""), "madoguchi.Invalid");
	check_refused(rig, "Decide", g_variant_new("(ss)", "name-differs", "because"),
		"madoguchi.Invalid");
	check_refused(
		rig, "Decide", g_variant_new("(ss)", "card-newer", "other"), "madoguchi.Invalid");
	CHECK(decide(rig, "name-differs", "office-record"));
	g_autofree char *number = file(rig);
	check_evidence(rig, number, "name-differs=office-record", TRUE);
	rig_free(rig);
}

static void a_card_newer_than_the_directory_is_for_the_clerk(void)
{
	static const char *const people[] = {USUAL, NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	CHECK(town_lay(rig, "student", "reissue = 0", "reissue = 1"));
	CHECK(town_verdict(rig, "card-newer", "decide"));
	CHECK(town_leave(rig));
	rig_free(rig);
}

static void an_old_snapshot_says_how_old_it_is(void)
{
	static const char *const people[] = {USUAL, NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	guint hours = 0;
	use(rig, people, 51);
	rig_lay(rig, "student");
	CHECK(town_verdict(rig, "old-directory", "info"));
	g_autofree char *source = rig_desk_str(rig, "source");
	CHECK_STR(source, "snapshot");
	g_autoptr(GVariant) desk = rig_desk(rig);
	CHECK(g_variant_lookup(desk, "source-hours", "u", &hours));
	CHECK_INT(hours, 51);
	rig_free(rig);
}

/* --- R17 --- */

static gboolean holds(GVariant *view, const char *part)
{
	g_autofree char *text = g_variant_print(view, FALSE);
	return strstr(text, part) != NULL;
}

static void R17_no_account_is_shown_before_the_check_and_the_holder_sees_four_digits(void)
{
	static const char *const people[] = {TWO, NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	begin(rig);
	CHECK(town_verdict(rig, "two-accounts", "decide"));
	g_autoptr(GVariant) desk = rig_desk(rig), holder = rig_holder(rig);
	CHECK(!holds(desk, OTHER) && !holds(desk, ID) && !holds(holder, "1275"));
	check_refused(rig, "Account", g_variant_new("(s)", OTHER), "madoguchi.NotAllowed");
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "account"));
	g_autoptr(GVariant) desk_now = rig_desk(rig), holder_now = rig_holder(rig);
	CHECK(holds(desk_now, "('" ID "', 'student'") && holds(desk_now, "('" OTHER "', 'staff'"));
	CHECK(holds(holder_now, "('2653', 'student'") && holds(holder_now, "('1275', 'staff'"));
	CHECK(!holds(holder_now, OTHER) && !holds(holder_now, ID));
	check_refused(
		rig, "Decide", g_variant_new("(ss)", "two-accounts", "other"), "madoguchi.Invalid");
	check_refused(rig, "Account", g_variant_new("(s)", CLERK_A), "madoguchi.Invalid");
	rig_free(rig);
}

static void R17_the_account_of_the_card_goes_on_at_once(void)
{
	static const char *const people[] = {TWO, NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "account"));
	CHECK(rig_intent(rig, "Account", g_variant_new("(s)", ID), NULL));
	g_autofree char *number = file(rig);
	check_evidence(rig, number, "\\\"account_of_card\\\":\\\"" ID, TRUE);
	rig_free(rig);
}

static void R17_the_other_account_is_checked_and_filed_as_itself(void)
{
	static const char *const people[] = {TWO, NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "account"));
	CHECK(rig_intent(rig, "Account", g_variant_new("(s)", OTHER), NULL));
	CHECK(rig_wait(rig, "gate", "digits"));
	g_autoptr(GVariant) desk = rig_desk(rig);
	CHECK(!holds(desk, OTHER) && !holds(desk, ID));
	CHECK(rig_check(rig, OTHER));
	CHECK(rig_wait(rig, "state", "consent"));
	g_autoptr(GVariant) shown = rig_holder(rig);
	CHECK(holds(shown, "('common_id', '" OTHER "')") && !holds(shown, ID));
	g_autofree char *number = file(rig);
	check_evidence(rig, number, "\\\"account_of_card\\\":\\\"" ID, TRUE);
	check_evidence(rig, number, "\\\"account\\\":\\\"" OTHER, TRUE);
	rig_free(rig);
}

static void R17_an_account_whose_request_waits_stops(void)
{
	static const char *const people[] = {TWO, NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_intent(rig, "Account", g_variant_new("(s)", OTHER), NULL));
	CHECK(rig_check(rig, OTHER));
	g_autofree char *number = file(rig);
	CHECK(number != NULL);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_intent(rig, "Account", g_variant_new("(s)", OTHER), NULL));
	CHECK(rig_wait(rig, "problem", "P-30"));
	CHECK(town_verdict(rig, "live-request", "stop"));
	rig_free(rig);
}

static void R17_a_closed_other_account_stops(void)
{
	static const char *const people[] = {ID "," NAMES ",active,yes,no,P-1," CARD "," ROLE,
		OTHER "," NAMES ",closed,yes,no,P-1,staff-number,0054321,0,20990331,valid,"
		      "staff,37,20150401,",
		NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "account"));
	CHECK(rig_intent(rig, "Account", g_variant_new("(s)", OTHER), NULL));
	CHECK(rig_wait(rig, "problem", "P-30"));
	CHECK(town_verdict(rig, "account-closed", "stop"));
	rig_free(rig);
}

/* The card's account belongs to another faculty; the other one to this desk. */
static void R17_another_desk_waits_until_the_account_is_chosen(void)
{
	static const char *const people[] = {ID "," NAMES ",active,yes,no,P-1," CARD
						",student,35,20240401,20990331",
		OTHER "," NAMES ",active,yes,no,P-1,staff-number,0054321,0,20990331,valid,"
		      "staff,37,20150401,",
		NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	rig_take(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "account"));
	CHECK(rig_intent(rig, "Account", g_variant_new("(s)", ID), NULL));
	CHECK(rig_wait(rig, "route", "other-desk"));
	CHECK(rig_wait(rig, "state", "route"));
	rig_free(rig);
}

/* --- second clerks --- */

/* As an administrator moves clerk B into the office of clerk A. */
static void same_unit(const char *folder)
{
	g_autofree char *key = g_build_filename(folder, "master.key", NULL);
	AUTO(keyring) keys = keyring_open(key, NULL);
	AUTO(store) store = keys ? store_open(folder, keys, NULL) : NULL;
	const struct clerk clerk = {.common_id = "6931471805", .label = "B", .unit = "eng"};
	CHECK(store && clerks_add(store, &clerk, "staff-number", "0090002", "135790", NULL));
}

static void a_privileged_account_wants_a_clerk_of_another_unit(void)
{
	static const struct rig_options options = {.spoil = same_unit};
	static const char *const people[] = {ID "," NAMES ",active,yes,yes,," CARD "," ROLE, NULL};
	struct rig *rig = rig_need("verdicts", &options);
	use(rig, people, 0);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "second"));
	CHECK(rig_intent(rig, "CallSecond", NULL, NULL));
	rig_lay(rig, "clerk-b");
	CHECK(rig_wait(rig, "notice", "P-39"));
	g_autofree char *state = rig_desk_str(rig, "state");
	CHECK_STR(state, "second");
	rig_free(rig);
}

static void the_holder_is_no_second_clerk_with_either_account(void)
{
	static const char *const people[] = {ID "," NAMES ",active,yes,yes,P-1," CARD "," ROLE,
		"6931471805," NAMES ",active,yes,no,P-1,staff-number,0054321,0,20990331,valid,"
		"staff,37,20150401,",
		NULL};
	struct rig *rig = rig_need("verdicts", NULL);
	use(rig, people, 0);
	begin(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_intent(rig, "Account", g_variant_new("(s)", ID), NULL));
	CHECK(rig_wait(rig, "gate", "second"));
	CHECK(rig_intent(rig, "CallSecond", NULL, NULL));
	rig_lay(rig, "clerk-b");
	CHECK(rig_wait(rig, "notice", "P-38"));
	rig_free(rig);
}

/* --- who comes again --- */

static void settle(struct rig *rig, const char *number)
{
	g_autoptr(GVariant) answer = rig_call(
		rig, "madoguchi.Counter1", "SheetFiled", g_variant_new("(ss)", number, "M-1"));
	CHECK(answer != NULL);
}

static void who_comes_again_is_for_the_clerk(void)
{
	struct rig *rig = rig_need("verdicts", NULL);
	g_autofree char *first = rig_visit(rig, "student", ID);
	CHECK(first != NULL);
	settle(rig, first);
	begin_again(rig);
	answer(rig);
	CHECK(town_verdict(rig, "repeat-today", "decide"));
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "gate", "decide"));
	CHECK(decide(rig, "repeat-today", "colleague-confirmed"));
	g_autofree char *second = file(rig);
	settle(rig, second);
	begin_again(rig);
	CHECK(town_verdict(rig, "repeat-month", "decide"));
	CHECK(town_leave(rig));
	rig_lay(rig, "english"); /* nobody else is concerned */
	CHECK(rig_wait(rig, "state", "check"));
	g_autoptr(GVariant) desk = rig_desk(rig);
	CHECK(!holds(desk, "repeat-"));
	rig_free(rig);
}

/* --- without card --- */

#define LICENCE "012345678901" /* a number of a driving licence: twelve digits */

static GVariant *no_card(const char *number, const char *document, const char *reason)
{
	return g_variant_new("(sss)", number, document, reason);
}

static void without_card_a_document_of_the_list_a_reason_and_no_number_of_it(void)
{
	struct rig *rig = rig_need("verdicts", NULL);
	check_refused(rig, "NoCard", no_card(ID, "library-card", "lost"), "madoguchi.Invalid");
	check_refused(rig, "NoCard", no_card(ID, "passport", "why-not"), "madoguchi.Invalid");
	check_refused(
		rig, "NoCard", no_card(LICENCE, "drivers-license", "lost"), "madoguchi.Invalid");
	CHECK(rig_intent(rig, "NoCard", no_card("90012345" ID, "passport", "broken"), NULL));
	CHECK(town_verdict(rig, "no-card", "second"));
	CHECK(rig_intent(rig, "Check", g_variant_new("(s)", ""), NULL));
	CHECK(rig_wait(rig, "gate", "second"));
	CHECK(rig_intent(rig, "CallSecond", NULL, NULL));
	rig_lay(rig, "clerk-b");
	CHECK(rig_wait(rig, "state", "second-pin"));
	rig_take(rig);
	CHECK(rig_intent(rig, "SignIn", g_variant_new("(s)", "135790"), NULL));
	CHECK(rig_wait(rig, "state", "route"));
	CHECK(rig_intent(rig, "Answer", g_variant_new("(ss)", "usable", "no"), NULL));
	CHECK(rig_intent(rig, "Answer", g_variant_new("(ss)", "self-service", "no"), NULL));
	CHECK(rig_intent(rig, "Reason", g_variant_new("(s)", "lost"), NULL));
	CHECK(rig_wait(rig, "state", "consent"));
	CHECK(rig_show(rig));
	CHECK(rig_intent(rig, "Consent", g_variant_new("(b)", TRUE), NULL));
	CHECK(rig_wait(rig, "state", "receipt"));
	g_autofree char *number = rig_desk_str(rig, "request");
	CHECK(town_leave(rig));
	check_evidence(rig, number, "\\\"document\\\":\\\"passport\\\"", TRUE);
	check_evidence(rig, number, "\\\"no_card_reason\\\":\\\"broken\\\"", TRUE);
	check_evidence(rig, number, "\\\"second_clerk\\\":\\\"6931471805\\\"", TRUE);
	check_evidence(rig, number, "90012345", FALSE);
	rig_free(rig);
}

#define OFFICES                                                                                    \
	"[eng]\nname-ja=工学系\nname-en=Engineering\nroles=student;staff\nfaculties=03;37\n"    \
	"hours=sun-sat 0:00-24:00\ndocuments=residence-card;university-card\n"

static void own_offices(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "offices.conf", NULL);
	CHECK(g_file_set_contents(path, OFFICES, -1, NULL));
}

static void an_offices_own_list_of_documents_replaces_the_desks(void)
{
	static const struct rig_options options = {
		.config = "[files]\noffices=offices.conf\n", .spoil = own_offices};
	struct rig *rig = rig_need("verdicts", &options);
	g_autoptr(GVariant) desk = rig_desk(rig);
	CHECK(holds(desk, "'documents': <['residence-card', 'university-card']>"));
	check_refused(rig, "NoCard", no_card(ID, "passport", "lost"), "madoguchi.Invalid");
	CHECK(rig_intent(rig, "NoCard", no_card(ID, "university-card", "broken"), NULL));
	CHECK(town_verdict(rig, "no-card", "second"));
	rig_free(rig);
}

/* --- what the source of the answer is worth --- */

/* Nobody listens on that port of this machine. */
#define DEAD_LDAP                                                                                  \
	"[directory]\nsources=ldap;snapshot\n"                                                     \
	"[ldap]\nhost=127.0.0.1\nport=9\nbind-dn=cn=desk\npassword-file=ldap.password\n"           \
	"base=dc=example\npreset=gakunin\ncommon-id=uid\n"                                         \
	"kind.student-number=gakuninScopedPersonalUniqueCode\n"

static void add_password(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "ldap.password", NULL);
	CHECK(g_file_set_contents_full(path, "secret\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void the_policy_of_the_source_is_kept(void)
{
	static const struct {
		const char *config, *verdict, *severity;
	} sources[] = {
		{"[snapshot]\ndecides=reason\n", "directory-reason", "decide"},
		{"[snapshot]\ndecides=second\n", "directory-second", "second"},
		{DEAD_LDAP, "directory-fallback", "info"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
		const struct rig_options options = {
			.config = sources[i].config, .spoil = add_password};
		struct rig *rig = rig_need("verdicts", &options);
		rig_lay(rig, "student");
		CHECK(town_verdict(rig, sources[i].verdict, sources[i].severity));
		g_autofree char *source = rig_desk_str(rig, "source");
		CHECK_STR(source, "snapshot");
		rig_free(rig);
	}
}

static const struct check_case cases[] = {
	{"each verdict is reached by a card", each_verdict_is_reached_by_a_card},
	{"a decision needs a ground and the evidence keeps it",
		a_decision_needs_a_ground_and_the_evidence_keeps_it},
	{"a card newer than the directory is for the clerk",
		a_card_newer_than_the_directory_is_for_the_clerk},
	{"an old snapshot says how old it is", an_old_snapshot_says_how_old_it_is},
	{"R17 no account is shown before the check, and the holder sees four digits",
		R17_no_account_is_shown_before_the_check_and_the_holder_sees_four_digits},
	{"R17 the account of the card goes on at once",
		R17_the_account_of_the_card_goes_on_at_once},
	{"R17 the other account is checked and filed as itself",
		R17_the_other_account_is_checked_and_filed_as_itself},
	{"R17 an account whose request waits stops", R17_an_account_whose_request_waits_stops},
	{"R17 a closed other account stops", R17_a_closed_other_account_stops},
	{"R17 another desk waits until the account is chosen",
		R17_another_desk_waits_until_the_account_is_chosen},
	{"a privileged account wants a clerk of another unit",
		a_privileged_account_wants_a_clerk_of_another_unit},
	{"the holder is no second clerk with either account",
		the_holder_is_no_second_clerk_with_either_account},
	{"who comes again is for the clerk", who_comes_again_is_for_the_clerk},
	{"without card: a document of the list, a reason, and no number of it",
		without_card_a_document_of_the_list_a_reason_and_no_number_of_it},
	{"an office's own list of documents replaces the desk's",
		an_offices_own_list_of_documents_replaces_the_desks},
	{"the policy of the source is kept", the_policy_of_the_source_is_kept},
};

int main(void)
{
	return rig_main("verdicts", cases, G_N_ELEMENTS(cases), NULL);
}
