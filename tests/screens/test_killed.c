/* SPDX-License-Identifier: MIT
 *
 * test_killed.c - kill -9 of the screens, in every state: the service goes on, and the
 * screens come back to the same visit in time.
 */
#include <signal.h>
#include <stdlib.h>

#include "tests/check.h"
#include "tests/counter/rig_private.h"
#include "tests/screens/front.h"
#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define BACK_MS       2000 /* the promise */
#define SUPERVISOR_MS 100  /* RestartSec of madoguchi.service; kiosk/run does not wait at all */

#define STUDENT      "3141592653"
#define STUDENT_NAME "東都 花子"

/* Set once by main(). */
static struct front *front;
static struct rig *rig;

/* --- ways to each state, from WELCOME --- */

static gboolean is_welcome(void)
{
	return rig_wait(rig, "state", "welcome");
}

static gboolean to_off_duty(void)
{
	return rig_intent(rig, "SignOut", NULL, NULL) && rig_wait(rig, "state", "off-duty");
}

static gboolean to_sign_in(void)
{
	if (!to_off_duty())
		return FALSE;
	rig_lay(rig, "clerk-a");
	return rig_wait(rig, "state", "sign-in");
}

static gboolean sign_in(void)
{
	rig_take(rig);
	return rig_sign_in(rig, "clerk-a", "246810");
}

static gboolean sign_in_on(void)
{
	rig_take(rig);
	return rig_intent(rig, "SignIn", g_variant_new("(s)", "246810"), NULL) && is_welcome();
}

static gboolean to_closed(void)
{
	rig_kill_pcscd(rig);
	return rig_wait(rig, "state", "closed");
}

static gboolean open_again(void)
{
	return rig_start_pcscd(rig) && is_welcome();
}

/* A card that stops answering, below a daemon that stops as well: else the read would fail
 * within two seconds. */
static gboolean to_reading(void)
{
	g_autofree char *cards =
		g_build_filename(g_getenv("SOURCE_ROOT"), "tests/virtual/cards", NULL);
	struct vcard *card = vcard_find(cards, "student", NULL);
	if (!card)
		return FALSE;
	card->mute_after = 1;
	field_insert(rig->fields[0], card);
	vcard_free(card);
	return rig_wait(rig, "state", "reading") && kill(-rig->pcscd.pid, SIGSTOP) == 0;
}

static gboolean end_problem(void)
{
	gboolean there = rig_wait(rig, "state", "problem");
	rig_take(rig);
	return there && rig_intent(rig, "End", NULL, NULL) && is_welcome();
}

static gboolean read_on(void)
{
	return kill(-rig->pcscd.pid, SIGCONT) == 0 && end_problem();
}

static gboolean to_check(void)
{
	rig_lay(rig, "student");
	return rig_wait(rig, "state", "check");
}

static gboolean cancel(void)
{
	rig_take(rig);
	return rig_intent(rig, "Cancel", NULL, NULL) && is_welcome();
}

static gboolean to_second(void)
{
	rig_lay(rig, "privileged");
	if (!rig_wait(rig, "state", "check"))
		return FALSE;
	rig_take(rig);
	return rig_check(rig, "2645751311") && rig_intent(rig, "CallSecond", NULL, NULL) &&
	       rig_wait(rig, "state", "second");
}

static gboolean to_second_pin(void)
{
	if (!to_second())
		return FALSE;
	rig_lay(rig, "clerk-b");
	return rig_wait(rig, "state", "second-pin");
}

/* Without the second clerk it is the first one's visit again. */
static gboolean cancel_second(void)
{
	rig_take(rig);
	return rig_intent(rig, "Cancel", NULL, NULL) && rig_wait(rig, "state", "check") && cancel();
}

static gboolean answer(const char *question)
{
	return rig_intent(rig, "Answer", g_variant_new("(ss)", question, "no"), NULL);
}

static gboolean to_route(void)
{
	return to_check() && answer("usable") && answer("self-service") &&
	       rig_check(rig, STUDENT) && rig_decide(rig) && rig_wait(rig, "state", "route");
}

static gboolean to_consent(void)
{
	return rig_until_consent(rig, "student", STUDENT);
}

/* The holder reads down to the end: only then the window says that all of it was shown. */
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
	if (!wait_until(is_armed, NULL, FRONT_WAIT_MS))
		return FALSE;
	rig_lay(rig, "student");
	return rig_wait(rig, "state", "receipt");
}

static gboolean to_receipt(void)
{
	return to_consent() && front_shows(front, "consent", FRONT_WAIT_MS) && consent();
}

static gboolean to_take_card(void)
{
	return to_check() && rig_intent(rig, "Cancel", NULL, NULL) &&
	       rig_wait(rig, "state", "take-card");
}

static gboolean take_card(void)
{
	rig_take(rig);
	return is_welcome();
}

/* A second request of the same student would be refused. */
static gboolean forget_request(const char *number)
{
	g_autoptr(GVariant) answer = rig_call(
		rig, "madoguchi.Admin1", "QueueCancel", g_variant_new("(ss)", number, "test"));
	return answer != NULL;
}

static gboolean end(void)
{
	g_autofree char *number = rig_desk_str(rig, "request");
	rig_take(rig);
	return rig_intent(rig, "End", NULL, NULL) && is_welcome() && forget_request(number);
}

static gboolean to_problem(void)
{
	rig_lay(rig, "transit");
	return rig_wait(rig, "state", "problem");
}

static const struct row {
	const char *state;
	gboolean (*reach)(void), (*leave)(void);
	const char *says; /* stands on a window of this visit; NULL: nothing of its own */
} rows[] = {
	{"closed", to_closed, open_again, NULL},
	{"off-duty", to_off_duty, sign_in, NULL},
	{"sign-in", to_sign_in, sign_in_on, NULL},
	{"welcome", is_welcome, is_welcome, NULL},
	{"reading", to_reading, read_on, NULL},
	{"check", to_check, cancel, STUDENT_NAME},
	{"second", to_second, cancel_second, NULL},
	{"second-pin", to_second_pin, cancel_second, NULL},
	{"route", to_route, cancel, STUDENT_NAME},
	{"consent", to_consent, cancel, STUDENT_NAME},
	{"receipt", to_receipt, end, NULL},
	{"take-card", to_take_card, take_card, NULL},
	{"problem", to_problem, end_problem, NULL},
};

/* Pass too fast to be met; a stand-in holds them. */
static const char *const swift[] = {"lookup", "filing"};

static int times[G_N_ELEMENTS(rows) + G_N_ELEMENTS(swift)]; /* 0: did not come back */

/* --- the kill --- */

static char *socket_of_rig(void)
{
	return g_build_filename(rig_folder(rig), "counter.sock", NULL);
}

/* Milliseconds from the kill to both windows; 0: they did not come. */
static int kill_and_wait(const char *state, const char *socket)
{
	gint64 begun = g_get_monotonic_time();
	if (!front_kill(front) || !front_start(front, socket) ||
		!front_shows(front, state, FRONT_WAIT_MS))
		return 0;
	return (int)((g_get_monotonic_time() - begun) / 1000);
}

static void check_time(int ms)
{
	CHECK(ms > 0);
	CHECK(ms + SUPERVISOR_MS <= BACK_MS);
}

static guint64 visit_now(void)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	guint64 visit = 0;
	if (desk)
		g_variant_lookup(desk, "visit", "t", &visit);
	return visit;
}

/* What only this visit's windows say. */
static gboolean says_the_same(const struct row *row)
{
	g_autofree char *text = screens_text();
	g_autofree char *request = rig_desk_str(rig, "request");
	return (!row->says || strstr(text, row->says)) && strstr(text, request);
}

static void check_state(const struct row *row, int *ret_ms)
{
	g_autofree char *socket = socket_of_rig();
	if (!row->reach() || !front_shows(front, row->state, FRONT_WAIT_MS)) {
		fprintf(stderr, "%s was not reached\n", row->state);
		CHECK(!"the state is reached");
		return;
	}
	guint64 visit = visit_now();
	GPid pid = rig_pid(rig);
	*ret_ms = kill_and_wait(row->state, socket);
	g_autofree char *state = rig_desk_str(rig, "state");
	CHECK_STR(state, row->state);
	CHECK_INT(visit_now(), visit);
	CHECK(proc_running(&rig->service));
	CHECK_INT(rig_pid(rig), pid);
	CHECK(says_the_same(row));
	check_time(*ret_ms);
	CHECK(row->leave());
}

static void screens_killed_in_any_state_come_back_to_the_same_visit(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		check_state(&rows[i], &times[i]);
}

/* --- consent --- */

static gboolean is_not_shown(gpointer data)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	gboolean shown = TRUE;
	return desk && g_variant_lookup(desk, "shown", "b", &shown) && !shown;
}

static void a_tap_while_the_screens_are_gone_is_no_consent(void)
{
	g_autofree char *socket = socket_of_rig();
	CHECK(to_consent());
	CHECK(front_shows(front, "consent", FRONT_WAIT_MS));
	CHECK(wait_until(is_armed, NULL, FRONT_WAIT_MS));
	CHECK(front_kill(front));
	CHECK(wait_until(is_not_shown, NULL, FRONT_WAIT_MS));
	CHECK(rig_wait_holder(rig, "armed", FALSE));
	rig_lay(rig, "student");
	CHECK(rig_wait_holder(rig, "away", FALSE)); /* the service knows of the card */
	rig_take(rig);
	CHECK(rig_wait_holder(rig, "away", TRUE));
	g_autofree char *state = rig_desk_str(rig, "state");
	g_autofree char *request = rig_desk_str(rig, "request");
	CHECK_STR(state, "consent");
	CHECK_STR(request, "");
	CHECK(front_start(front, socket));
	CHECK(front_shows(front, "consent", FRONT_WAIT_MS));
	CHECK(consent());
	CHECK(end());
}

/* Someone of IT looks at the counter in the meantime. */
static void a_visitor_at_the_door_takes_nothing_back(void)
{
	g_autofree char *address = g_strdup_printf("unix:path=%s/counter.sock", rig_folder(rig));
	CHECK(to_consent());
	CHECK(front_shows(front, "consent", FRONT_WAIT_MS));
	CHECK(wait_until(is_armed, NULL, FRONT_WAIT_MS));
	GDBusConnection *other = g_dbus_connection_new_for_address_sync(
		address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, NULL);
	CHECK(other != NULL);
	CHECK(other && g_dbus_connection_close_sync(other, NULL, NULL));
	g_clear_object(&other);
	CHECK(consent());
	CHECK(end());
}

/* --- states that pass too fast --- */

static gboolean exists(gpointer data)
{
	return g_file_test(data, G_FILE_TEST_EXISTS);
}

/* Its end of the standard input keeps it alive. */
static GSubprocess *start_stand_in(const char *socket, const char *scene)
{
	GSubprocess *fake =
		g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
			NULL, g_getenv("MADOGUCHI_FAKE"), socket, scene, NULL);
	if (fake && !wait_until(exists, (gpointer)socket, FRONT_WAIT_MS))
		fprintf(stderr, "no stand-in for %s\n", scene);
	return fake;
}

static void check_swift_state(const char *state, int *ret_ms)
{
	g_autofree char *socket = g_strdup_printf("%s/%s.sock", front->stage.dir, state);
	g_autoptr(GSubprocess) fake = start_stand_in(socket, state);
	CHECK(fake != NULL);
	CHECK(front_stop(front));
	CHECK(front_start(front, socket));
	CHECK(front_shows(front, state, FRONT_WAIT_MS));
	*ret_ms = kill_and_wait(state, socket);
	check_time(*ret_ms);
	if (fake)
		g_subprocess_force_exit(fake);
	if (fake)
		g_subprocess_wait(fake, NULL, NULL);
}

static void screens_killed_in_a_state_that_passes_fast_come_back_to_it(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(swift); i++)
		check_swift_state(swift[i], &times[G_N_ELEMENTS(rows) + i]);
}

/* --- life --- */

/* The service that lived through all of it. */
static void the_service_ends_well(void)
{
	rig = rig_free(rig);
}

static void print_times(void)
{
	printf("\n%-12s %s\n", "state", "ms from kill -9 to both windows");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		printf("%-12s %d\n", rows[i].state, times[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(swift); i++)
		printf("%-12s %d (stand-in service)\n", swift[i], times[G_N_ELEMENTS(rows) + i]);
}

static int play(void)
{
	static const struct check_case cases[] = {
		{"screens killed in any state come back to the same visit",
			screens_killed_in_any_state_come_back_to_the_same_visit},
		{"a tap while the screens are gone is no consent",
			a_tap_while_the_screens_are_gone_is_no_consent},
		{"a visitor at the door takes nothing back",
			a_visitor_at_the_door_takes_nothing_back},
		{"screens killed in a state that passes fast come back to it",
			screens_killed_in_a_state_that_passes_fast_come_back_to_it},
		{"the service ends well", the_service_ends_well},
	};
	g_autofree char *socket = socket_of_rig();
	if (!front_start(front, socket) || !front_shows(front, "welcome", FRONT_WAIT_MS))
		return 2;
	int result = CHECK_MAIN("killed", cases);
	print_times();
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
	if (front_open(&f) && (rig = rig_new("killed", NULL)))
		result = play();
	return front_close(&f) ? result : 1;
}
