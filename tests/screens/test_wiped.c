/* SPDX-License-Identifier: MIT
 *
 * test_wiped.c - a second after a visit nothing in the memory of the screens holds the
 * person, nor the clerk's PIN, nor what was typed or shown of it.
 */
#include <stdlib.h>

#include "tests/check.h"
#include "tests/counter/marks.h"
#include "tests/counter/rig.h"
#include "tests/screens/front.h"
#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define WIPE_MS 1000 /* facts/targets.md, privacy wipe */
#define STUDENT "3141592653"
#define PIN     "246810"

/* Set once by main(). */
static struct front *front;
static struct rig *rig;

/* --- the search --- */

static guint search(guint kinds)
{
	struct marks *marks = marks_new(kinds);
	guint found = marks_in_memory(marks, front->screens.pid);
	marks_free(marks);
	return found;
}

/* What a search finds that began within the time is asked again; what a later one finds was
 * not wiped in time. */
static gboolean is_wiped(void)
{
	gint64 deadline = g_get_monotonic_time() + WIPE_MS * G_TIME_SPAN_MILLISECOND, begun;
	do {
		wait_drain();
		begun = g_get_monotonic_time();
		if (search(MARKS_STUDENT | MARKS_PIN) == 0)
			return TRUE;
		fprintf(stderr, "(found %s the deadline)\n", begun < deadline ? "before" : "after");
	} while (begun < deadline);
	return FALSE;
}

static gboolean is_wiped_at_welcome(void)
{
	return rig_wait(rig, "state", "welcome") && front_shows(front, "welcome", FRONT_WAIT_MS) &&
	       is_wiped();
}

/* --- hands --- */

static gboolean is_usable(gpointer id)
{
	return screens_usable(id);
}

static gboolean is_there(gpointer id)
{
	return screens_shows(id);
}

static gboolean sees(const char *id)
{
	return wait_until(is_there, (gpointer)id, FRONT_WAIT_MS);
}

static gboolean can_press(const char *id)
{
	return wait_until(is_usable, (gpointer)id, FRONT_WAIT_MS);
}

static gboolean type(const char *text)
{
	for (const char *c = text; *c; c++) {
		const char key[] = {*c, '\0'};
		if (!screens_key(key))
			return FALSE;
	}
	return TRUE;
}

static gboolean answer(const char *question)
{
	g_autofree char *id = g_strdup_printf("desk-answer-%s-no", question);
	return can_press(id) && screens_click(id);
}

/* --- ways through a visit --- */

static gboolean to_pin(void)
{
	if (!rig_intent(rig, "SignOut", NULL, NULL) || !rig_wait(rig, "state", "off-duty"))
		return FALSE;
	rig_lay(rig, "clerk-a");
	return rig_wait(rig, "state", "sign-in") && front_shows(front, "sign-in", FRONT_WAIT_MS);
}

static gboolean type_pin(void)
{
	return sees("desk-pin") && type(PIN) && can_press("desk-sign-in");
}

static gboolean to_check(void)
{
	rig_lay(rig, "student");
	return rig_wait(rig, "state", "check") && front_shows(front, "check", FRONT_WAIT_MS);
}

static gboolean to_consent(void)
{
	return to_check() && answer("usable") && answer("self-service") &&
	       rig_check(rig, STUDENT) && rig_decide(rig) && rig_wait(rig, "state", "route") &&
	       can_press("desk-reason-lost") && screens_click("desk-reason-lost") &&
	       rig_wait(rig, "state", "consent") && front_shows(front, "consent", FRONT_WAIT_MS);
}

static gboolean is_armed(gpointer data)
{
	g_autoptr(GVariant) holder = rig_holder(rig);
	gboolean armed = FALSE;
	if (holder)
		g_variant_lookup(holder, "armed", "b", &armed);
	if (!armed)
		screens_scroll("holder-consent");
	return armed;
}

static gboolean consent(void)
{
	rig_take(rig);
	if (!wait_until(is_armed, NULL, FRONT_WAIT_MS))
		return FALSE;
	rig_lay(rig, "student");
	return rig_wait(rig, "state", "receipt") && front_shows(front, "receipt", FRONT_WAIT_MS);
}

/* The request's number, to be freed; NULL: it did not go so far. */
static char *visit(void)
{
	if (!to_consent() || !consent())
		return NULL;
	char *number = rig_desk_str(rig, "request");
	rig_take(rig);
	if (!can_press("desk-end") || !screens_click("desk-end"))
		g_clear_pointer(&number, g_free);
	return number;
}

/* A second request of the same student would be refused. */
static gboolean forget_request(const char *number)
{
	g_autoptr(GVariant) done = rig_call(rig, "madoguchi.Admin1", "QueueCancel",
		g_variant_new("(ss)", number ? number : "", "test"));
	return done != NULL;
}

/* --- the promises --- */

static void a_pin_is_forgotten_when_it_was_sent(void)
{
	CHECK(to_pin());
	CHECK(type_pin());
	CHECK(search(MARKS_PIN) > 0); /* else the searches below would find nothing in anything */
	CHECK(screens_key("Return"));
	CHECK(rig_wait(rig, "state", "take-card"));
	rig_take(rig);
	CHECK(is_wiped_at_welcome());
}

static void a_pin_is_forgotten_when_it_was_not_sent(void)
{
	CHECK(to_pin());
	CHECK(type_pin());
	CHECK(screens_key("Escape"));
	CHECK(rig_wait(rig, "state", "off-duty"));
	CHECK(front_shows(front, "off-duty", FRONT_WAIT_MS));
	CHECK(is_wiped());
	rig_take(rig);
	CHECK(rig_sign_in(rig, "clerk-a", PIN));
}

static void a_finished_visit_is_forgotten(void)
{
	CHECK(to_check());
	CHECK(search(MARKS_STUDENT) > 0);
	CHECK(screens_key("Escape"));
	rig_take(rig);
	CHECK(is_wiped_at_welcome());
	g_autofree char *number = visit();
	CHECK(number != NULL);
	CHECK(is_wiped_at_welcome());
	CHECK(forget_request(number));
}

/* Pages are built anew in between: the old ones are forgotten as well. */
static void a_cancelled_visit_is_forgotten_in_either_language(void)
{
	CHECK(to_consent());
	CHECK(screens_key("F1"));
	CHECK(can_press("holder-language") && screens_click("holder-language"));
	CHECK(front_shows(front, "consent", FRONT_WAIT_MS));
	CHECK(screens_key("F1"));
	CHECK(can_press("holder-language") && screens_click("holder-language"));
	CHECK(front_shows(front, "consent", FRONT_WAIT_MS));
	CHECK(search(MARKS_STUDENT) > 0);
	rig_take(rig);
	CHECK(screens_key("Escape"));
	CHECK(is_wiped_at_welcome());
}

static void a_refused_consent_is_forgotten(void)
{
	CHECK(to_consent());
	rig_take(rig);
	CHECK(can_press("holder-refuse") && screens_click("holder-refuse"));
	CHECK(rig_wait(rig, "state", "problem"));
	CHECK(can_press("desk-end") && screens_click("desk-end"));
	CHECK(is_wiped_at_welcome());
}

static void a_typed_number_is_forgotten(void)
{
	CHECK(screens_key("F4"));
	CHECK(sees("desk-no-card-number"));
	CHECK(type(STUDENT));
	CHECK(search(MARKS_STUDENT) > 0);
	CHECK(screens_key("Escape"));
	CHECK(sees("desk-no-card"));
	CHECK(is_wiped_at_welcome());
	CHECK(screens_key("F4"));
	CHECK(sees("desk-no-card-number"));
	CHECK(type(STUDENT));
	CHECK(screens_choose("desk-no-card-document", "1"));
	CHECK(screens_choose("desk-no-card-reason", "1"));
	CHECK(can_press("desk-no-card-start") && screens_click("desk-no-card-start"));
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(front_shows(front, "check", FRONT_WAIT_MS));
	CHECK(screens_key("Escape"));
	CHECK(is_wiped_at_welcome());
}

static void a_closed_sheet_is_forgotten(void)
{
	g_autofree char *number = visit();
	CHECK(number != NULL);
	CHECK(is_wiped_at_welcome());
	CHECK(screens_key("F8"));
	CHECK(sees("desk-sheet-0"));
	CHECK(screens_key("Return"));
	CHECK(sees("desk-sheet-outside"));
	CHECK(search(MARKS_STUDENT) > 0);
	CHECK(screens_key("Escape"));
	CHECK(sees("desk-sheet-0"));
	CHECK(is_wiped());
	CHECK(screens_key("Escape"));
	CHECK(sees("desk-no-card"));
	CHECK(forget_request(number));
}

static void a_visit_that_the_service_did_not_survive_is_forgotten(void)
{
	CHECK(to_consent());
	rig_kill_service(rig);
	CHECK(sees("offline"));
	CHECK(is_wiped());
	rig_take(rig);
	CHECK(rig_start_service(rig));
	CHECK(rig_wait(rig, "state", "off-duty"));
}

/* --- life --- */

static void the_service_ends_well(void)
{
	rig = rig_free(rig);
}

static int play(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(a_pin_is_forgotten_when_it_was_sent),
		CASE(a_pin_is_forgotten_when_it_was_not_sent),
		CASE(a_finished_visit_is_forgotten),
		CASE(a_cancelled_visit_is_forgotten_in_either_language),
		CASE(a_refused_consent_is_forgotten),
		CASE(a_typed_number_is_forgotten),
		CASE(a_closed_sheet_is_forgotten),
		CASE(a_visit_that_the_service_did_not_survive_is_forgotten),
		CASE(the_service_ends_well),
	};
	g_autofree char *socket = g_build_filename(rig_folder(rig), "counter.sock", NULL);
	if (!front_start(front, socket) || !front_shows(front, "welcome", FRONT_WAIT_MS))
		return 2;
	int result = CHECK_MAIN("wiped", cases);
	return front_stop(front) ? result : 1;
}

int main(void)
{
	struct front f;
	const char *why = rig_impossible();
	int result = 2;
	if (why) {
		printf("skipped: %s\n", why);
		return 77;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	front = &f;
	if (front_open(&f) && (rig = rig_new("wiped", NULL)))
		result = play();
	return front_close(&f) ? result : 1;
}
