/* SPDX-License-Identifier: MIT
 *
 * The program itself, through the accessibility bus, real keys and the real door.
 */
#include <fcntl.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/ui/scenes.h"
#include "tests/ui/theatre.h"
#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define WIPE_MS     1000       /* facts/targets.md §3: privacy wipe */
#define MAPPING_MAX (1u << 30) /* larger ones are reserved, not used */
#define BACK_MS     2000       /* DESIGN: the screens come back within two seconds */

static struct theatre *theatre; /* set once by main() */

static void digits_go_out_with_the_visit_and_step_they_were_typed_for(void)
{
	CHECK(theatre_scene(theatre, "check", "desk-check-page"));
	CHECK(theatre_sees(theatre, "desk-digits"));
	theatre_keys(theatre, "1", "2", NULL);
	CHECK(!screens_usable("desk-check"));
	theatre_keys(theatre, "3", NULL);
	CHECK(theatre_usable(theatre, "desk-check"));
	theatre_keys(theatre, "Return", NULL);
	CHECK(theatre_intent(theatre, "Check", "'123'"));
	CHECK_INT(theatre_count(theatre, "intent Check"), 1);
}

static void typed_digits_are_gone_once_they_were_sent(void)
{
	CHECK(theatre_scene(theatre, "check", "desk-check-page"));
	theatre_keys(theatre, "7", "7", "7", NULL);
	CHECK(theatre_usable(theatre, "desk-check"));
	theatre_keys(theatre, "Return", NULL);
	CHECK(theatre_intent(theatre, "Check", "'777'"));
	g_autofree char *text = screens_text();
	CHECK(strstr(text, "777") == NULL);
}

static void letters_are_no_digits(void)
{
	CHECK(theatre_scene(theatre, "check", "desk-check-page"));
	theatre_keys(theatre, "a", "4", "b", "5", "6", NULL);
	CHECK(theatre_usable(theatre, "desk-check"));
	theatre_keys(theatre, "Return", NULL);
	CHECK(theatre_intent(theatre, "Check", "'456'"));
}

static void a_pin_is_typed_sent_and_forgotten(void)
{
	CHECK(theatre_scene(theatre, "sign-in", "desk-pin-page"));
	CHECK(theatre_sees(theatre, "desk-pin"));
	theatre_keys(theatre, "2", "4", "6", "8", "1", "0", NULL);
	CHECK(theatre_usable(theatre, "desk-sign-in"));
	theatre_keys(theatre, "Return", NULL);
	CHECK(theatre_intent(theatre, "SignIn", "'246810'"));
	CHECK(theatre_sees(theatre, "desk-sign-in"));
	CHECK(!screens_usable("desk-sign-in"));
}

static void no_pin_is_heard_before_its_time(void)
{
	CHECK(theatre_scene(theatre, "sign-in-wrong", "desk-pin-page"));
	theatre_keys(theatre, "2", "4", "6", "Return", "Escape", NULL);
	CHECK(theatre_intent(theatre, "Cancel", ""));
	CHECK_INT(theatre_count(theatre, "intent SignIn"), 0);
}

static void escape_cancels_and_enter_ends(void)
{
	CHECK(theatre_scene(theatre, "check", "desk-check-page"));
	theatre_keys(theatre, "Escape", NULL);
	CHECK(theatre_intent(theatre, "Cancel", ""));
	CHECK(theatre_scene(theatre, "receipt", "desk-receipt"));
	theatre_keys(theatre, "Return", NULL);
	CHECK(theatre_intent(theatre, "End", ""));
}

static void enter_does_nothing_where_nothing_is_to_be_confirmed(void)
{
	CHECK(theatre_scene(theatre, "reading", "desk-reading"));
	theatre_keys(theatre, "Return", "space", NULL);
	/* The next key is heard: so were those before it. */
	theatre_keys(theatre, "Escape", NULL);
	CHECK(theatre_intent(theatre, "Cancel", ""));
	CHECK(theatre_scene(theatre, "route-reason", "desk-route"));
	theatre_keys(theatre, "Return", "space", "Escape", NULL);
	CHECK(theatre_intent(theatre, "Cancel", ""));
	CHECK_INT(theatre_count(theatre, "intent Cancel"), 1);
	CHECK_INT(theatre_count(theatre, "intent End"), 0);
}

static void two_keys_answer_the_open_question(void)
{
	CHECK(theatre_scene(theatre, "check-wrong", "desk-check-page"));
	CHECK(theatre_usable(theatre, "desk-answer-self-service-no"));
	theatre_keys(theatre, "F6", NULL);
	CHECK(theatre_intent(theatre, "Answer", "'self-service', 'no'"));
	CHECK(theatre_scene(theatre, "lookup", "desk-reading"));
	CHECK(theatre_usable(theatre, "desk-answer-usable-yes"));
	theatre_keys(theatre, "F5", NULL);
	CHECK(theatre_intent(theatre, "Answer", "'usable', 'yes'"));
}

static void pressing_the_answer_that_stands_takes_it_back(void)
{
	CHECK(theatre_scene(theatre, "route-reason", "desk-route"));
	CHECK(theatre_usable(theatre, "desk-answer-usable-no"));
	CHECK(screens_click("desk-answer-usable-no"));
	CHECK(theatre_intent(theatre, "Answer", "'usable', ''"));
}

static void a_number_key_chooses_the_reason(void)
{
	CHECK(theatre_scene(theatre, "route-reason", "desk-route"));
	CHECK(theatre_usable(theatre, "desk-reason-lost"));
	theatre_keys(theatre, "4", NULL);
	CHECK(theatre_intent(theatre, "Reason", "'number-changed'"));
}

static void decisions_and_the_second_clerk_are_asked_for_by_name(void)
{
	CHECK(theatre_scene(theatre, "check-decide", "desk-check-page"));
	CHECK(theatre_usable(theatre, "desk-decide-card-newer-office-record"));
	CHECK(screens_click("desk-decide-card-newer-office-record"));
	CHECK(theatre_intent(theatre, "Decide", "'card-newer', 'office-record'"));
	CHECK(!screens_shows("desk-decide-name-differs-other")); /* settled before */
	CHECK(!screens_shows("desk-decide-repeat-today-other")); /* its turn comes later */
	theatre_keys(theatre, "3", NULL);
	CHECK(theatre_intent(theatre, "Decide", "'card-newer', 'colleague-confirmed'"));
	CHECK(theatre_scene(theatre, "check-account", "desk-check-page"));
	CHECK(theatre_usable(theatre, "desk-account-2"));
	CHECK(screens_shows("holder-account"));
	theatre_keys(theatre, "2", NULL);
	CHECK(theatre_intent(theatre, "Account", "'3605551275'"));
	CHECK(theatre_scene(theatre, "check-second", "desk-check-page"));
	CHECK(theatre_usable(theatre, "desk-second"));
	theatre_keys(theatre, "F7", NULL);
	CHECK(theatre_intent(theatre, "CallSecond", ""));
}

static void a_visit_without_card_needs_number_document_and_reason(void)
{
	CHECK(theatre_scene(theatre, "welcome", "desk-welcome"));
	theatre_keys(theatre, "F4", NULL);
	CHECK(theatre_sees(theatre, "desk-no-card-number"));
	theatre_keys(theatre, "1", "2", NULL);
	CHECK(!screens_usable("desk-no-card-start"));
	CHECK(screens_choose("desk-no-card-document", "1"));
	CHECK(screens_choose("desk-no-card-reason", "2"));
	CHECK(theatre_usable(theatre, "desk-no-card-start"));
	CHECK(screens_click("desk-no-card-start"));
	CHECK(theatre_intent(theatre, "NoCard", "'12', 'passport', 'forgotten'"));
	/* Refused: the form stays, says so, and keeps what was typed. */
	CHECK(theatre_usable(theatre, "desk-no-card-start"));
	CHECK(screens_type("desk-no-card-number", "3141592653"));
	CHECK(screens_click("desk-no-card-start"));
	CHECK(theatre_intent(theatre, "NoCard", "'3141592653', 'passport', 'forgotten'"));
	theatre_keys(theatre, "Escape", NULL);
	CHECK(theatre_sees(theatre, "desk-no-card"));
	CHECK_INT(theatre_count(theatre, "intent Cancel"), 0);
}

static void a_sheet_is_opened_entered_and_closed(void)
{
	CHECK(theatre_scene(theatre, "welcome-pending", "desk-welcome"));
	theatre_keys(theatre, "F8", NULL);
	CHECK(theatre_sees(theatre, "desk-sheet-1"));
	theatre_keys(theatre, "Return", NULL); /* the oldest has the keyboard */
	CHECK(theatre_hears(theatre, "intent OpenSheet ('ENG1-20261122-0001C',)"));
	CHECK(theatre_sees(theatre, "desk-sheet-outside"));
	CHECK(!screens_usable("desk-sheet-filed"));
	theatre_keys(theatre, "9", "8", "7", "Return", NULL);
	CHECK(theatre_hears(theatre, "intent SheetFiled ('ENG1-20261122-0001C', '987')"));
	CHECK(theatre_sees(theatre, "desk-sheet-0"));
	g_autofree char *text = screens_text();
	CHECK(strstr(text, "東都") == NULL);
}

static void the_next_visitor_closes_an_open_sheet(void)
{
	CHECK(theatre_scene(theatre, "take-card", "desk-take-card"));
	CHECK(theatre_scene(theatre, "welcome-pending", "desk-welcome"));
	theatre_keys(theatre, "F8", NULL);
	CHECK(theatre_sees(theatre, "desk-sheet-0"));
	theatre_keys(theatre, "Return", NULL);
	CHECK(theatre_sees(theatre, "desk-sheet-outside"));
	theatre_keys(theatre, "Escape", NULL); /* back to the list */
	CHECK(theatre_sees(theatre, "desk-sheet-0"));
	theatre_keys(theatre, "Return", NULL);
	CHECK(theatre_sees(theatre, "desk-sheet-outside"));
	CHECK(theatre_scene(theatre, "reading", "desk-reading"));
	CHECK(!screens_shows("desk-sheet-outside"));
}

static gboolean press_and_hear(gpointer data)
{
	theatre_keys(theatre, "Tab", NULL);
	return theatre_count(theatre, "intent Touch ('desk',)") >= 2;
}

static void hands_are_told_of_at_most_once_a_second(void)
{
	CHECK(theatre_scene(theatre, "welcome", "desk-welcome"));
	gint64 begun = g_get_monotonic_time();
	CHECK(wait_until(press_and_hear, NULL, 5000));
	CHECK(g_get_monotonic_time() - begun >= G_TIME_SPAN_SECOND / 2);
	gint64 seconds = (g_get_monotonic_time() - begun) / G_TIME_SPAN_SECOND;
	CHECK(theatre_count(theatre, "intent Touch") <= (guint)seconds + 2);
}

static gboolean has_gone_offline(gpointer data)
{
	return screens_shows("offline");
}

static gboolean is_back(gpointer data)
{
	return screens_shows("desk-check-page");
}

static void the_screens_outlive_the_service_and_come_back(void)
{
	CHECK(theatre_scene(theatre, "check", "desk-check-page"));
	theatre_kill_fake(theatre);
	CHECK(wait_until(has_gone_offline, NULL, BACK_MS));
	g_autofree char *text = screens_text();
	for (gsize i = 0; scene_marks[i]; i++)
		CHECK(strstr(text, scene_marks[i]) == NULL);
	CHECK(theatre_start_fake(theatre, "check"));
	CHECK(wait_until(is_back, NULL, BACK_MS));
}

/* --- memory --- */

/* One mapping of the program, as far as it can be read. */
static guint count_marks(int mem, guint64 from, guint64 to)
{
	guint found = 0;
	g_autofree char *bytes = to - from <= MAPPING_MAX ? g_try_malloc(to - from) : NULL;
	ssize_t n = bytes ? pread(mem, bytes, to - from, (off_t)from) : 0;
	for (gsize i = 0; n > 0 && scene_marks[i]; i++)
		if (memmem(bytes, (size_t)n, scene_marks[i], strlen(scene_marks[i]))) {
			fprintf(stderr, "in memory at %" G_GINT64_MODIFIER "x: %s\n", from,
				scene_marks[i]);
			found++;
		}
	return found;
}

/* Names of the sample people in what the screens may write to. */
static guint marks_in_memory(GPid pid)
{
	g_autofree char *maps_path = g_strdup_printf("/proc/%d/maps", pid);
	g_autofree char *mem_path = g_strdup_printf("/proc/%d/mem", pid);
	g_autofree char *maps = NULL;
	guint found = 0;
	int mem = open(mem_path, O_RDONLY | O_CLOEXEC);
	if (mem < 0 || !g_file_get_contents(maps_path, &maps, NULL, NULL))
		return G_MAXUINT;
	g_auto(GStrv) lines = g_strsplit(maps, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		guint64 from, to;
		char rights[8];
		if (sscanf(lines[i], "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %7s", &from,
			    &to, rights) == 3 &&
			rights[1] == 'w')
			found += count_marks(mem, from, to);
	}
	close(mem);
	return found;
}

G_GNUC_UNUSED static gboolean is_wiped(gpointer data)
{
	return marks_in_memory(theatre->screens.pid) == 0;
}

static void memory_forgets_a_person_within_a_second(void)
{
	static const char *const person[][2] = {{"check", "desk-check-page"},
		{"check-english", "desk-check-page"}, {"check-account", "desk-check-page"},
		{"route-other-desk", "desk-route"}, {"consent", "desk-consent"},
		{"consent-armed", "desk-consent"}, {"receipt", "desk-receipt"}};
	for (gsize i = 0; i < G_N_ELEMENTS(person); i++)
		CHECK(theatre_scene(theatre, person[i][0], person[i][1]));
	CHECK(marks_in_memory(theatre->screens.pid) > 0); /* or nothing would be seen below */
	CHECK(theatre_scene(theatre, "take-card", "desk-take-card"));
#if defined(__SANITIZE_ADDRESS__)
	printf("(not looked at: AddressSanitizer keeps what was freed) ");
#else
	CHECK(wait_until(is_wiped, NULL, WIPE_MS));
#endif
}

struct tongue {
	const char *needed;
};

static gboolean is_spoken(gpointer data)
{
	g_autofree char *text = screens_text();
	return strstr(text, ((struct tongue *)data)->needed) != NULL;
}

static void each_window_has_its_own_language(void)
{
	struct tongue english = {"Ready for the next visitor"};
	struct tongue japanese = {"次の来訪者を受け付けられます"};
	struct tongue holder_english = {"日本語"}; /* on the button that leads back */
	CHECK(theatre_scene(theatre, "welcome", "desk-welcome"));
	CHECK(screens_click("holder-language"));
	CHECK(wait_until(is_spoken, &holder_english, BACK_MS)); /* its page is there anew … */
	CHECK(wait_until(is_spoken, &japanese, BACK_MS));       /* … and the desk's stays */
	theatre_keys(theatre, "F1", NULL);
	CHECK(wait_until(is_spoken, &english, BACK_MS));
	theatre_keys(theatre, "F1", NULL);
	CHECK(wait_until(is_spoken, &japanese, BACK_MS));
	CHECK(screens_click("holder-language"));
}

static const char *page_of(const char *state)
{
	static const struct {
		const char *state, *page;
	} pages[] = {{"closed", "desk-closed"}, {"off-duty", "desk-off-duty"},
		{"sign-in", "desk-pin-page"}, {"welcome", "desk-welcome"},
		{"reading", "desk-reading"}, {"lookup", "desk-reading"},
		{"check", "desk-check-page"}, {"second", "desk-second-clerk"},
		{"second-pin", "desk-pin-page"}, {"route", "desk-route"},
		{"consent", "desk-consent"}, {"filing", "desk-filing"}, {"receipt", "desk-receipt"},
		{"take-card", "desk-take-card"}, {"problem", "desk-problem"}};
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
		if (strcmp(pages[i].state, state) == 0)
			return pages[i].page;
	return "no-such-page";
}

static void every_scene_is_shown_through_the_door(void)
{
	for (gsize i = 0; i < n_scenes; i++)
		CHECK(theatre_scene(theatre, scenes[i].name, page_of(scenes[i].state)));
}

static const struct check_case cases[] = {
	{"every scene is shown through the door", every_scene_is_shown_through_the_door},
	{"digits go out with the visit and step they were typed for",
		digits_go_out_with_the_visit_and_step_they_were_typed_for},
	{"typed digits are gone once they were sent", typed_digits_are_gone_once_they_were_sent},
	{"letters are no digits", letters_are_no_digits},
	{"a PIN is typed, sent and forgotten", a_pin_is_typed_sent_and_forgotten},
	{"no PIN is heard before its time", no_pin_is_heard_before_its_time},
	{"Escape cancels and Enter ends", escape_cancels_and_enter_ends},
	{"Enter does nothing where nothing is to be confirmed",
		enter_does_nothing_where_nothing_is_to_be_confirmed},
	{"two keys answer the open question", two_keys_answer_the_open_question},
	{"pressing the answer that stands takes it back",
		pressing_the_answer_that_stands_takes_it_back},
	{"a number key chooses the reason", a_number_key_chooses_the_reason},
	{"decisions and the second clerk are asked for by name",
		decisions_and_the_second_clerk_are_asked_for_by_name},
	{"a visit without card needs number, document and reason",
		a_visit_without_card_needs_number_document_and_reason},
	{"a sheet is opened, entered and closed", a_sheet_is_opened_entered_and_closed},
	{"the next visitor closes an open sheet", the_next_visitor_closes_an_open_sheet},
	{"hands are told of at most once a second", hands_are_told_of_at_most_once_a_second},
	{"memory forgets a person within a second", memory_forgets_a_person_within_a_second},
	{"each window has its own language", each_window_has_its_own_language},
	{"the screens outlive the service and come back",
		the_screens_outlive_the_service_and_come_back},
};

int main(void)
{
	struct theatre t = {0};
	int result = 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	theatre = &t;
	if (theatre_open(&t))
		result = CHECK_MAIN("screens", cases);
	if (!theatre_close(&t) && result == 0)
		result = 1;
	return result;
}
