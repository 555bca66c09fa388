/* SPDX-License-Identifier: MIT
 *
 * test_swaps.c - whatever hands do with cards, nothing of one is shown under another.
 */
#include "tests/counter/rig_check.h"
#include "tests/counter/rig_hand.h"
#include "tests/visits/wait.h"

#define PATH "/madoguchi/counter"
/* A is the student, B the card that comes instead. */
#define NAME_A   "Hanako Toto"
#define NAME_B   "Maria Andersson-Lindqvist"
#define ID_A     "3141592653"
#define NAMES    2
#define LATER_MS 400 /* well beyond what counts as sliding one card over another */

/* Everything both windows were told, at each change. */
struct watcher {
	struct rig *rig;
	guint subscription;
	unsigned views, mixed;
	guint64 visits[NAMES]; /* in which each name was shown; 0: not yet */
};

static void look(struct watcher *w, GVariant *view)
{
	static const char *const names[NAMES] = {NAME_A, NAME_B};
	const char *name = "";
	guint64 visit = 0;
	w->views++;
	g_variant_lookup(view, "visit", "t", &visit);
	if (!g_variant_lookup(view, "name-en", "&s", &name) || !*name)
		return;
	for (unsigned i = 0; i < NAMES; i++) {
		gboolean its = g_str_equal(name, names[i]);
		if (its)
			w->visits[i] = visit;
		else if (w->visits[i] == visit)
			w->mixed++;
	}
}

static void look_at_both(struct watcher *w)
{
	g_autoptr(GVariant) desk = rig_desk(w->rig), holder = rig_holder(w->rig);
	if (desk && holder) {
		look(w, desk);
		look(w, holder);
	}
}

static void on_changed(GDBusConnection *door, const char *sender, const char *path,
	const char *interface, const char *signal, GVariant *args, gpointer data)
{
	look_at_both(data);
}

static void watch(struct watcher *w, struct rig *rig)
{
	*w = (struct watcher){.rig = rig};
	w->subscription =
		g_dbus_connection_signal_subscribe(rig_door(rig), NULL, "madoguchi.Counter1",
			"Changed", PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_changed, w, NULL);
}

/* What the two windows were shown never mixed two people in one visit. */
static void check_watched(struct watcher *w)
{
	wait_drain();
	look_at_both(w);
	g_dbus_connection_signal_unsubscribe(rig_door(w->rig), w->subscription);
	CHECK(w->views >= 2);
	CHECK_INT(w->mixed, 0);
}

static void check_str(struct rig *rig, const char *key, const char *value)
{
	g_autofree char *now = rig_desk_str(rig, key);
	CHECK_STR(now, value);
}

/* An ordinary visit of B works, whatever was before. */
static void check_next_tap(struct rig *rig)
{
	rig_take(rig);
	rig_lay(rig, "english");
	CHECK(rig_wait(rig, "state", "check"));
	check_str(rig, "name-en", NAME_B);
}

static void a_card_slid_over_the_one_in_hand_ends_its_visit(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	struct watcher w;
	watch(&w, rig);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "name-en", NAME_A));
	rig_lay(rig, "english");
	CHECK(rig_wait(rig, "problem", "P-16"));
	check_str(rig, "name-en", "");
	check_next_tap(rig);
	check_watched(&w);
	rig_free(rig);
}

static void a_transit_card_slid_over_it_is_another_card_too(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	rig_lay(rig, "transit");
	CHECK(rig_wait(rig, "problem", "P-16"));
	check_next_tap(rig);
	rig_free(rig);
}

struct moment {
	struct rig *rig;
	unsigned answers;
};

static gboolean is(struct rig *rig, const char *key, const char *value)
{
	g_autofree char *now = rig_desk_str(rig, key);
	return g_str_equal(now, value);
}

/* B was noticed: A's visit ended, or it is B's, or (where the swap took its time) A's stays. */
static gboolean is_settled(gpointer data)
{
	return is(data, "problem", "P-16") || is(data, "notice", "P-33") ||
	       is(data, "name-en", NAME_B);
}

static gboolean has_come(gpointer data)
{
	const struct moment *moment = data;
	return field_answers(rig_field(moment->rig, 0)) >= moment->answers ||
	       is(moment->rig, "state", "check");
}

/* Swap after `n` answers of A. Which visit it becomes is open; that it is one alone is not. */
static void swap_after(struct rig *rig, unsigned n)
{
	struct watcher w;
	watch(&w, rig);
	struct moment moment = {rig, field_answers(rig_field(rig, 0)) + n};
	rig_lay(rig, "student");
	CHECK(wait_until(has_come, &moment, RIG_WAIT_MS));
	rig_lay(rig, "english");
	CHECK(wait_until(is_settled, rig, RIG_WAIT_MS));
	check_watched(&w);
	watch(&w, rig);
	rig_take(rig);
	CHECK(rig_wait_holder(rig, "away", TRUE));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "welcome"));
	check_watched(&w);
}

static void a_swap_at_any_moment_of_the_reading_mixes_nobody(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	for (unsigned n = 0; n <= 8; n++)
		swap_after(rig, n);
	check_next_tap(rig);
	rig_free(rig);
}

static void a_twitch_of_the_same_card_changes_nothing(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	rig_lay(rig, "student");
	CHECK(rig_wait_log(rig, "card read: ok", 3)); /* the clerk's, the tap, the look again */
	check_str(rig, "state", "check");
	check_str(rig, "notice", "");
	check_str(rig, "name-en", NAME_A);
	rig_free(rig);
}

static void a_card_laid_down_later_is_remarked_on_and_the_visit_stays_its_own(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	struct watcher w;
	watch(&w, rig);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	rig_take(rig);
	rig_pass(LATER_MS);
	rig_lay(rig, "english");
	CHECK(rig_wait(rig, "notice", "P-33"));
	check_str(rig, "state", "check");
	check_str(rig, "name-en", NAME_A);
	CHECK(rig_check(rig, ID_A));
	check_watched(&w);
	rig_free(rig);
}

/* Read for one purpose, it serves no other when it comes late. */
static void a_card_that_was_wanted_of_a_clerk_says_nothing_after_the_call_off(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	rig_take(rig);
	CHECK(rig_intent(rig, "CallSecond", NULL, NULL));
	CHECK(rig_wait(rig, "state", "second"));
	struct rig_hold *hold = rig_hold(rig, 0);
	rig_lay(rig, "english"); /* would be P-35 in its time */
	CHECK(rig_wait_holder(rig, "away", FALSE));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "check"));
	rig_let_go(hold);
	CHECK(rig_wait_log(rig, "card read: ok", 3));
	check_str(rig, "state", "check");
	check_str(rig, "notice", "");
	check_str(rig, "name-en", NAME_A);
	rig_hold_free(hold);
	rig_free(rig);
}

static gboolean says_two_cards(gpointer data)
{
	return is(data, "problem", "P-05") || is(data, "notice", "P-05");
}

/* A problem if both were there before either was read, a remark if the first had been. */
static void two_cards_at_once_are_said_and_mix_nobody(void)
{
	const struct rig_options options = {.readers = 2};
	struct rig *rig = rig_need("swaps", &options);
	struct vcard *a = rig_card("student"), *b = rig_card("english");
	struct watcher w;
	watch(&w, rig);
	field_insert(rig_field(rig, 0), a);
	field_insert(rig_field(rig, 1), b);
	CHECK(wait_until(says_two_cards, rig, RIG_WAIT_MS));
	check_watched(&w);
	vcard_free(a);
	vcard_free(b);
	rig_free(rig);
}

/* A card that comes and goes `times`, each time after two answers, and then lies still. */
static void lay_flapping(struct rig *rig, unsigned times)
{
	struct vcard *card = rig_card("student");
	card->flaps = times;
	card->flap_after = 2;
	field_insert(rig_field(rig, 0), card);
	vcard_free(card);
}

static void a_flapping_contact_is_said_and_then_the_card_just_works(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	lay_flapping(rig, 4);
	CHECK(rig_wait(rig, "problem", "P-15"));
	CHECK(rig_wait(rig, "state", "check"));
	check_str(rig, "name-en", NAME_A);
	rig_free(rig);
}

static void one_break_of_the_contact_is_no_flapping(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	lay_flapping(rig, 1);
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(rig_log_count(rig, "problem P-09") > 0);
	CHECK_INT(rig_log_count(rig, "problem P-15"), 0);
	rig_free(rig);
}

static void a_card_left_lying_starts_no_second_visit_when_pcscd_comes_back(void)
{
	struct rig *rig = rig_need("swaps", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "take-card"));
	rig_kill_pcscd(rig);
	CHECK(rig_wait(rig, "state", "closed"));
	CHECK(rig_start_pcscd(rig));
	CHECK(rig_wait(rig, "state", "welcome"));
	CHECK(rig_wait_holder(rig, "away", FALSE));
	check_str(rig, "state", "welcome");
	CHECK_INT(rig_log_count(rig, "card read: "), 2); /* the clerk's, and the visit's */
	rig_take(rig);
	CHECK(rig_wait_holder(rig, "away", TRUE));
	rig_lay(rig, "english");
	CHECK(rig_wait(rig, "state", "check"));
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(a_card_slid_over_the_one_in_hand_ends_its_visit),
		CASE(a_transit_card_slid_over_it_is_another_card_too),
		CASE(a_swap_at_any_moment_of_the_reading_mixes_nobody),
		CASE(a_twitch_of_the_same_card_changes_nothing),
		CASE(a_card_laid_down_later_is_remarked_on_and_the_visit_stays_its_own),
		CASE(a_card_that_was_wanted_of_a_clerk_says_nothing_after_the_call_off),
		CASE(two_cards_at_once_are_said_and_mix_nobody),
		CASE(a_flapping_contact_is_said_and_then_the_card_just_works),
		CASE(a_card_left_lying_starts_no_second_visit_when_pcscd_comes_back),
		CASE(one_break_of_the_contact_is_no_flapping),
	};
	return rig_main("swaps", cases, G_N_ELEMENTS(cases), NULL);
}
