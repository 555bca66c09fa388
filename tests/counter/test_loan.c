/* SPDX-License-Identifier: MIT
 *
 * test_loan.c - IT staff use the reader: the counter is closed, and opens again by itself.
 */
#include "tests/counter/rig_check.h"
#include "tests/counter/rig_hand.h"

#define ADMIN "madoguchi.Admin1"
#define PATH  "/madoguchi/counter"

/* NULL: done; else the name and message of the refusal, to be freed. */
static char *call(GDBusConnection *peer, const char *method, GVariant *args)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = g_dbus_connection_call_sync(peer, NULL, PATH, ADMIN, method,
		args, NULL, G_DBUS_CALL_FLAGS_NONE, RIG_WAIT_MS, NULL, &error);
	return answer ? NULL : g_strdup(error->message);
}

static void check_done(GDBusConnection *peer, const char *method, GVariant *args)
{
	g_autofree char *why = call(peer, method, args);
	if (why)
		fprintf(stderr, "%s: %s\n", method, why);
	CHECK(why == NULL);
}

static void check_refused(
	GDBusConnection *peer, const char *method, GVariant *args, const char *part)
{
	g_autofree char *why = call(peer, method, args);
	if (!why || !strstr(why, part))
		fprintf(stderr, "%s: %s\n", method, why ? why : "done");
	CHECK(why && strstr(why, part));
}

static void borrow(GDBusConnection *peer, guint seconds)
{
	check_done(peer, "BorrowReader", g_variant_new("(u)", seconds));
}

static void check_closed(struct rig *rig)
{
	CHECK(rig_wait(rig, "state", "closed"));
	CHECK(rig_wait(rig, "problem", "P-52"));
}

static void a_lent_reader_is_left_alone_until_it_is_back_and_empty(void)
{
	struct rig *rig = rig_need("loan", NULL);
	g_autoptr(GDBusConnection) peer = rig_peer(rig);
	borrow(peer, 60);
	check_closed(rig);
	unsigned answers = field_answers(rig_field(rig, 0));
	rig_lay(rig, "student");
	CHECK(rig_wait_holder(rig, "away", FALSE));
	CHECK_INT(field_answers(rig_field(rig, 0)), answers);
	check_done(peer, "ReturnReader", NULL);
	check_closed(rig);
	rig_take(rig);
	CHECK(rig_wait(rig, "state", "welcome"));
	CHECK_INT(field_answers(rig_field(rig, 0)), answers);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	g_dbus_connection_close_sync(peer, NULL, NULL);
	rig_free(rig);
}

static void a_loan_ends_with_the_connection_of_who_asked_for_it(void)
{
	struct rig *rig = rig_need("loan", NULL);
	g_autoptr(GDBusConnection) peer = rig_peer(rig), other = rig_peer(rig);
	borrow(peer, 600);
	check_closed(rig);
	g_dbus_connection_close_sync(other, NULL, NULL);
	check_closed(rig);
	g_dbus_connection_close_sync(peer, NULL, NULL);
	CHECK(rig_wait(rig, "state", "welcome"));
	rig_free(rig);
}

static void a_loan_ends_after_its_seconds(void)
{
	struct rig *rig = rig_need("loan", NULL);
	g_autoptr(GDBusConnection) peer = rig_peer(rig);
	borrow(peer, 1);
	check_closed(rig);
	CHECK(rig_wait(rig, "state", "welcome"));
	check_refused(peer, "ReturnReader", NULL, "over already");
	g_dbus_connection_close_sync(peer, NULL, NULL);
	rig_free(rig);
}

static void a_loan_is_for_one_and_for_a_time(void)
{
	struct rig *rig = rig_need("loan", NULL);
	g_autoptr(GDBusConnection) peer = rig_peer(rig), other = rig_peer(rig);
	check_refused(peer, "BorrowReader", g_variant_new("(u)", 0u), "1 to 600 seconds");
	check_refused(peer, "BorrowReader", g_variant_new("(u)", 601u), "1 to 600 seconds");
	borrow(peer, 600);
	check_refused(other, "BorrowReader", g_variant_new("(u)", 60u), "somebody else");
	check_refused(other, "ReturnReader", NULL, "over already");
	check_closed(rig);
	/* With the card of the first still lying there. */
	rig_lay(rig, "student");
	check_done(peer, "ReturnReader", NULL);
	check_closed(rig);
	borrow(other, 60);
	check_done(other, "ReturnReader", NULL);
	rig_take(rig);
	CHECK(rig_wait(rig, "state", "welcome"));
	g_dbus_connection_close_sync(peer, NULL, NULL);
	g_dbus_connection_close_sync(other, NULL, NULL);
	rig_free(rig);
}

static void nobody_is_interrupted_for_a_loan(void)
{
	struct rig *rig = rig_need("loan", NULL);
	g_autoptr(GDBusConnection) peer = rig_peer(rig);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	check_refused(peer, "BorrowReader", g_variant_new("(u)", 60u), "being served");
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "take-card"));
	check_refused(peer, "BorrowReader", g_variant_new("(u)", 60u), "being served");
	rig_take(rig);
	CHECK(rig_wait(rig, "state", "welcome"));
	CHECK(rig_intent(rig, "SignOut", NULL, NULL));
	CHECK(rig_wait(rig, "state", "off-duty"));
	struct rig_hold *hold = rig_hold(rig, 0);
	rig_lay(rig, "clerk-a");
	CHECK(rig_wait_holder(rig, "away", FALSE));
	check_refused(peer, "BorrowReader", g_variant_new("(u)", 60u), "being read");
	rig_let_go(hold);
	CHECK(rig_wait(rig, "state", "sign-in"));
	rig_hold_free(hold);
	g_dbus_connection_close_sync(peer, NULL, NULL);
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(a_lent_reader_is_left_alone_until_it_is_back_and_empty),
		CASE(a_loan_ends_with_the_connection_of_who_asked_for_it),
		CASE(a_loan_ends_after_its_seconds),
		CASE(a_loan_is_for_one_and_for_a_time),
		CASE(nobody_is_interrupted_for_a_loan),
	};
	return rig_main("loan", cases, G_N_ELEMENTS(cases), NULL);
}
