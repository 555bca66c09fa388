/* SPDX-License-Identifier: MIT
 *
 * test_clerks.c - who may sign in, and how often a PIN may be guessed.
 */
#include "kiosk/record/clerks.h"

#include "kiosk/record/clerk_pin.h"
#include "tests/check.h"
#include "tests/record/folder.h"

#define CARD   "0090001"
#define PIN    "246810"
#define PERSON "5772156649"
#define LABEL  "窓口 A"
#define UNIT   "sci-jinji"

struct heard {
	gboolean done;
	enum clerk_pin answer;
	guint wait;
};

static void on_done(enum clerk_pin answer, guint wait, gpointer data)
{
	*(struct heard *)data = (struct heard){TRUE, answer, wait};
}

static struct heard ask(struct folder *f, gint64 row, const char *pin, gint64 now)
{
	struct heard heard = {0};
	clerks_check_pin(f->store, row, pin, now, NULL, on_done, &heard);
	CHECK(!heard.done);
	while (!heard.done)
		g_main_context_iteration(NULL, TRUE);
	return heard;
}

static gboolean add(struct folder *f, const char *pin)
{
	struct clerk clerk = {.common_id = PERSON, .label = LABEL, .unit = UNIT};
	return clerks_add(f->store, &clerk, "staff-number", CARD, pin, NULL);
}

static gint64 row_of(struct folder *f)
{
	struct clerk clerk = {0};
	CHECK(clerks_find(f->store, "staff-number", CARD, &clerk, NULL));
	CHECK_STR(clerk.common_id, PERSON);
	CHECK_STR(clerk.label, LABEL);
	CHECK_STR(clerk.unit, UNIT);
	return clerk.row;
}

static void begin(struct folder *f)
{
	folder_make(f);
	CHECK(add(f, PIN));
}

static void a_clerk_is_found_by_the_card_and_by_nothing_else(void)
{
	struct folder f;
	struct clerk clerk = {0};
	g_autoptr(GError) error = NULL;
	guint n = 0;
	begin(&f);
	row_of(&f);
	CHECK(!clerks_find(f.store, "staff-number", "0090002", &clerk, &error));
	CHECK(!clerks_find(f.store, "student-number", CARD, &clerk, &error));
	CHECK(!clerks_find(f.store, "staff-numbe", "r" CARD, &clerk, &error));
	CHECK(error == NULL);
	CHECK_INT(clerk.row, 0);
	CHECK(clerks_count(f.store, &n, NULL));
	CHECK_INT(n, 1);
	g_autoptr(GPtrArray) list = clerks_list(f.store, NULL);
	CHECK_INT(list->len, 1);
	CHECK_STR(((struct clerk *)g_ptr_array_index(list, 0))->label, LABEL);
	folder_remove(&f);
}

static void adding_again_replaces_and_removing_removes(void)
{
	struct folder f;
	struct clerk clerk = {.common_id = PERSON, .label = LABEL, .unit = UNIT};
	guint n = 0;
	begin(&f);
	gint64 first = row_of(&f);
	CHECK(add(&f, "999999"));
	gint64 second = row_of(&f);
	/* A sign-in that was under way cannot end as the new one. */
	CHECK(first != second);
	CHECK_INT(ask(&f, first, PIN, NOON).answer, CLERK_PIN_LOCKED);
	CHECK_INT(ask(&f, second, PIN, NOON).answer, CLERK_PIN_WRONG);
	CHECK_INT(ask(&f, second, "999999", NOON).answer, CLERK_PIN_RIGHT);
	/* A reissued card of the same person. */
	CHECK(clerks_add(f.store, &clerk, "staff-number", "0090009", PIN, NULL));
	CHECK(clerks_count(f.store, &n, NULL));
	CHECK_INT(n, 1);
	CHECK(!clerks_remove(f.store, "0000000000", NULL));
	CHECK(clerks_remove(f.store, PERSON, NULL));
	CHECK(clerks_count(f.store, &n, NULL));
	CHECK_INT(n, 0);
	folder_remove(&f);
}

static void only_six_to_thirty_two_digits_are_a_pin(void)
{
	static const char *const wrong[] = {"", "12345", "12345a", "１２３４５６",
		"123456789012345678901234567890123", " 123456", "123456\n"};
	struct folder f;
	g_autoptr(GError) error = NULL;
	begin(&f);
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		CHECK(!add(&f, wrong[i]));
	CHECK(!add(&f, NULL));
	CHECK_INT(ask(&f, row_of(&f), PIN, NOON).answer, CLERK_PIN_RIGHT);
	CHECK(add(&f, "12345678901234567890123456789012"));
	struct clerk clerk = {.common_id = "123", .label = LABEL, .unit = UNIT};
	CHECK(!clerks_add(f.store, &clerk, "staff-number", CARD, PIN, &error));
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
	folder_remove(&f);
}

static void right_is_right_and_wrong_is_wrong(void)
{
	struct folder f;
	begin(&f);
	gint64 row = row_of(&f);
	CHECK_INT(ask(&f, row, PIN, NOON).answer, CLERK_PIN_RIGHT);
	CHECK_INT(ask(&f, row, "246811", NOON).answer, CLERK_PIN_WRONG);
	CHECK_INT(ask(&f, row, "2468100", NOON).answer, CLERK_PIN_WRONG);
	CHECK_INT(ask(&f, row, "", NOON).answer, CLERK_PIN_WRONG);
	CHECK_INT(ask(&f, row, PIN, NOON).answer, CLERK_PIN_RIGHT);
	CHECK_INT(folder_number(&f, "SELECT tries FROM clerk"), 0);
	CHECK_INT(ask(&f, 4711, PIN, NOON).answer, CLERK_PIN_LOCKED);
	folder_remove(&f);
}

static void wrong_tries_wait_longer_and_longer_then_lock(void)
{
	static const guint waits[] = {0, 0, 0, 5, 15, 60, 300, 300, 300};
	struct folder f;
	gint64 now = NOON;
	begin(&f);
	gint64 row = row_of(&f);
	for (gsize i = 0; i < G_N_ELEMENTS(waits); i++) {
		struct heard heard = ask(&f, row, "000000", now);
		CHECK_INT(heard.answer, CLERK_PIN_WRONG);
		CHECK_INT(heard.wait, waits[i]);
		if (waits[i] > 0) {
			/* Not even the right one is heard, and asking costs no try. */
			heard = ask(&f, row, PIN, now + waits[i] - 1);
			CHECK_INT(heard.answer, CLERK_PIN_WAIT);
			CHECK_INT(heard.wait, 1);
		}
		now += waits[i];
	}
	CHECK_INT(ask(&f, row, "000000", now).answer, CLERK_PIN_LOCKED);
	CHECK_INT(ask(&f, row, PIN, now + 1000000).answer, CLERK_PIN_LOCKED);
	folder_reopen(&f);
	CHECK_INT(ask(&f, row, PIN, now + 1000000).answer, CLERK_PIN_LOCKED);
	CHECK(add(&f, PIN));
	CHECK_INT(ask(&f, row_of(&f), PIN, now).answer, CLERK_PIN_RIGHT);
	folder_remove(&f);
}

static void tries_and_their_delay_survive_a_restart(void)
{
	struct folder f;
	begin(&f);
	gint64 row = row_of(&f);
	for (int i = 0; i < 4; i++) {
		ask(&f, row, "000000", NOON);
		folder_reopen(&f);
	}
	struct heard heard = ask(&f, row, PIN, NOON + 2);
	CHECK_INT(heard.answer, CLERK_PIN_WAIT);
	CHECK_INT(heard.wait, 3);
	CHECK_INT(ask(&f, row, PIN, NOON + 5).answer, CLERK_PIN_RIGHT);
	folder_remove(&f);
}

static void a_try_is_on_disk_before_it_is_hashed(void)
{
	struct folder f;
	struct heard heard = {0};
	begin(&f);
	clerks_check_pin(f.store, row_of(&f), PIN, NOON, NULL, on_done, &heard);
	CHECK_INT(folder_number(&f, "SELECT tries FROM clerk"), 1);
	while (!heard.done)
		g_main_context_iteration(NULL, TRUE);
	CHECK_INT(folder_number(&f, "SELECT tries FROM clerk"), 0);
	folder_remove(&f);
}

static void a_clock_put_back_keeps_nobody_out(void)
{
	struct folder f;
	begin(&f);
	gint64 row = row_of(&f);
	for (int i = 0; i < 4; i++)
		ask(&f, row, "000000", NOON + 1000000);
	struct heard heard = ask(&f, row, PIN, NOON);
	CHECK_INT(heard.answer, CLERK_PIN_WAIT);
	CHECK_INT(heard.wait, 5);
	CHECK_INT(ask(&f, row, PIN, NOON + 5).answer, CLERK_PIN_RIGHT);
	folder_remove(&f);
}

/* The worker may be the last to let go: wake the loop that waits for it. */
static void on_gone(gpointer data, GObject *where)
{
	g_atomic_int_set((gint *)data, TRUE);
	g_main_context_wakeup(NULL);
}

static void after_a_cancel_nothing_is_answered(void)
{
	struct folder f;
	struct heard heard = {0};
	gint gone = FALSE;
	begin(&f);
	GCancellable *cancellable = g_cancellable_new();
	g_object_weak_ref(G_OBJECT(cancellable), on_gone, &gone);
	clerks_check_pin(f.store, row_of(&f), PIN, NOON, cancellable, on_done, &heard);
	g_cancellable_cancel(cancellable);
	g_object_unref(cancellable);
	/* The store may go while the worker still computes. */
	folder_close(&f);
	while (!g_atomic_int_get(&gone))
		g_main_context_iteration(NULL, TRUE);
	CHECK(!heard.done);
	folder_reopen(&f);
	CHECK_INT(folder_number(&f, "SELECT tries FROM clerk"), 1);
	folder_remove(&f);
}

static void the_file_holds_nothing_clear_of_a_clerk(void)
{
	static const char *const clear[] = {CARD, PIN, PERSON, LABEL, UNIT, "staff-number"};
	struct folder f;
	begin(&f);
	for (int round = 0; round < 2; round++) {
		for (gsize i = 0; i < G_N_ELEMENTS(clear); i++)
			CHECK_INT(folder_holding(&f, clear[i], strlen(clear[i])), 0);
		folder_reopen(&f);
	}
	folder_remove(&f);
}

static void two_salts_give_two_hashes_and_a_pepper_matters(void)
{
	struct folder f, g;
	guint8 a[32], b[32], salt[CLERK_PIN_SALT_SIZE] = {0}, x[32], y[32];
	folder_make(&f);
	folder_make(&g);
	clerk_pin_pepper(f.keys, PIN, a);
	clerk_pin_pepper(g.keys, PIN, b);
	CHECK(memcmp(a, b, sizeof a) != 0);
	clerk_pin_hash(a, salt, x);
	clerk_pin_hash(a, salt, y);
	CHECK(memcmp(x, y, sizeof x) == 0);
	salt[0] = 1;
	clerk_pin_hash(a, salt, y);
	CHECK(memcmp(x, y, sizeof x) != 0);
	folder_remove(&f);
	folder_remove(&g);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a clerk is found by the card and by nothing else",
			a_clerk_is_found_by_the_card_and_by_nothing_else},
		{"adding again replaces and removing removes",
			adding_again_replaces_and_removing_removes},
		{"only six to thirty-two digits are a PIN",
			only_six_to_thirty_two_digits_are_a_pin},
		{"right is right and wrong is wrong", right_is_right_and_wrong_is_wrong},
		{"wrong tries wait longer and longer, then lock",
			wrong_tries_wait_longer_and_longer_then_lock},
		{"tries and their delay survive a restart",
			tries_and_their_delay_survive_a_restart},
		{"a try is on disk before it is hashed", a_try_is_on_disk_before_it_is_hashed},
		{"a clock put back keeps nobody out", a_clock_put_back_keeps_nobody_out},
		{"after a cancel nothing is answered", after_a_cancel_nothing_is_answered},
		{"the file holds nothing clear of a clerk",
			the_file_holds_nothing_clear_of_a_clerk},
		{"two salts give two hashes and a pepper matters",
			two_salts_give_two_hashes_and_a_pepper_matters},
	};
	return CHECK_MAIN("clerks", cases);
}
