/* SPDX-License-Identifier: MIT
 *
 * test_sources.c - several directories that answer as the test tells them.
 */
#include "kiosk/directory/sources.h"

#include "tests/check.h"

#define SOURCES_MAX 3
#define SHORT_MS    40
#define LONG_MS     30000 /* no test waits for it */
#define VISIT       4711
#define HOUR_S      3600

/* A source that says one thing, now or never. */
struct fake {
	struct directory dir;
	enum directory_answer answer;
	gboolean mute, ready, freed;
	gint64 as_of;
	guint asked;
	/* The look-up that waits for its answer. */
	directory_done done;
	gpointer data;
	guint64 visit;
	GCancellable *cancellable;
	guint turn;
};

struct rig {
	struct fake fakes[SOURCES_MAX];
	struct source_policy policies[SOURCES_MAX];
	struct directory *dir;
	guint told;
	struct directory_result result;
	guint64 visit;
	gboolean free_in_done;
};

static void answer(struct fake *f)
{
	struct directory_result result = {
		.answer = f->answer, .source = f->dir.ops->name, .as_of = f->as_of};
	if (f->answer == DIRECTORY_ONE)
		g_strlcpy(result.person.common_id, "0123456789", PERSON_ID_SIZE);
	f->done(&result, f->visit, f->data);
}

static gboolean on_turn(gpointer data)
{
	struct fake *f = data;
	f->turn = 0;
	if (!g_cancellable_is_cancelled(f->cancellable))
		answer(f);
	return G_SOURCE_REMOVE;
}

static void fake_lookup(struct directory *dir, const char *kind, const char *value, guint64 visit,
	GCancellable *cancellable, directory_done done, gpointer data)
{
	struct fake *f = (struct fake *)dir;
	CHECK_STR(kind, "student-number");
	CHECK_STR(value, "99-999999");
	f->asked++;
	f->done = done;
	f->data = data;
	f->visit = visit;
	g_set_object(&f->cancellable, cancellable);
	if (!f->mute)
		f->turn = g_idle_add(on_turn, f);
}

static gboolean fake_ready(struct directory *dir, GError **error)
{
	struct fake *f = (struct fake *)dir;
	if (!f->ready)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "it is off");
	return f->ready;
}

static struct directory *fake_free(struct directory *dir)
{
	struct fake *f = (struct fake *)dir;
	g_clear_handle_id(&f->turn, g_source_remove);
	f->freed = TRUE;
	return NULL;
}

static const struct directory_ops fake_ops[SOURCES_MAX] = {
	{"first", fake_lookup, fake_ready, fake_free},
	{"second", fake_lookup, fake_ready, fake_free},
	{"third", fake_lookup, fake_ready, fake_free},
};

static void rig_init(struct rig *r, gsize n)
{
	struct directory *dirs[SOURCES_MAX];
	memset(r, 0, sizeof *r);
	for (gsize i = 0; i < SOURCES_MAX; i++) {
		r->fakes[i].dir.ops = &fake_ops[i];
		r->policies[i] = (struct source_policy){DUTY_NONE, LONG_MS, -1, FALSE};
		dirs[i] = &r->fakes[i].dir;
	}
	r->policies[1].duty = DUTY_REASON;
	r->policies[2].duty = DUTY_SECOND;
	r->dir = sources_new(dirs, r->policies, n);
}

/* The policies are copied: a rig that changes them is made anew. */
static void rig_renew(struct rig *r, gsize n)
{
	struct directory *dirs[SOURCES_MAX];
	for (gsize i = 0; i < SOURCES_MAX; i++)
		dirs[i] = &r->fakes[i].dir;
	directory_free(r->dir);
	r->dir = sources_new(dirs, r->policies, n);
}

static void rig_clear(struct rig *r)
{
	r->dir = directory_free(r->dir);
	for (gsize i = 0; i < SOURCES_MAX; i++)
		g_clear_object(&r->fakes[i].cancellable);
}

static void on_told(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct rig *r = data;
	r->told++;
	r->result = *result;
	r->visit = visit;
	if (r->free_in_done)
		r->dir = directory_free(r->dir);
}

static void begin(struct rig *r, GCancellable *cancellable)
{
	guint told = r->told;
	directory_lookup(r->dir, "student-number", "99-999999", VISIT, cancellable, on_told, r);
	CHECK_INT(r->told, told);
}

static gboolean on_deadline(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

/* Turn the loop until `told` answers were told; FALSE: they never came. */
static gboolean wait_told(struct rig *r, guint told)
{
	gboolean over = FALSE;
	guint deadline = g_timeout_add(5000, on_deadline, &over);
	while (r->told < told && !over)
		g_main_context_iteration(NULL, TRUE);
	if (!over)
		g_source_remove(deadline);
	return !over;
}

/* All that is ready to run has run. */
static void settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void check_result(const struct rig *r, enum directory_answer answered, const char *source,
	enum source_duty duty, gboolean fallback)
{
	CHECK_INT(r->told, 1);
	CHECK_INT(r->visit, VISIT);
	CHECK_INT(r->result.answer, answered);
	CHECK_STR(r->result.source, source);
	CHECK_INT(r->result.duty, duty);
	CHECK_INT(r->result.fallback, fallback);
	CHECK_STR(r->result.person.common_id, answered == DIRECTORY_ONE ? "0123456789" : "");
}

static void ask(struct rig *r)
{
	begin(r, NULL);
	CHECK(wait_told(r, 1));
}

static void the_first_that_answers_is_the_only_one_asked(void)
{
	static const enum directory_answer last_words[] = {
		DIRECTORY_ONE, DIRECTORY_NONE, DIRECTORY_SEVERAL};
	for (gsize i = 0; i < G_N_ELEMENTS(last_words); i++) {
		struct rig r;
		rig_init(&r, 3);
		r.fakes[0].answer = last_words[i];
		ask(&r);
		check_result(&r, last_words[i], "first", DUTY_NONE, FALSE);
		CHECK_INT(r.fakes[1].asked + r.fakes[2].asked, 0);
		rig_clear(&r);
	}
}

static void the_next_is_asked_when_one_is_down(void)
{
	struct rig r;
	rig_init(&r, 3);
	r.fakes[0].answer = DIRECTORY_DOWN;
	ask(&r);
	check_result(&r, DIRECTORY_ONE, "second", DUTY_REASON, TRUE);
	CHECK_INT(r.fakes[2].asked, 0);
	rig_clear(&r);
	rig_init(&r, 3);
	r.fakes[0].answer = r.fakes[1].answer = DIRECTORY_DOWN;
	r.fakes[2].answer = DIRECTORY_NONE;
	ask(&r);
	check_result(&r, DIRECTORY_NONE, "third", DUTY_SECOND, TRUE);
	rig_clear(&r);
}

static void the_next_is_asked_when_one_is_late(void)
{
	struct rig r;
	rig_init(&r, 2);
	r.policies[0].deadline_ms = SHORT_MS;
	r.fakes[0].mute = TRUE;
	rig_renew(&r, 2);
	gint64 from = g_get_monotonic_time();
	ask(&r);
	CHECK(g_get_monotonic_time() - from >= SHORT_MS * 1000);
	check_result(&r, DIRECTORY_ONE, "second", DUTY_REASON, TRUE);
	CHECK(g_cancellable_is_cancelled(r.fakes[0].cancellable));
	rig_clear(&r);
}

static void an_answer_that_comes_too_late_is_dropped(void)
{
	struct rig r;
	rig_init(&r, 2);
	r.policies[0].deadline_ms = SHORT_MS;
	r.fakes[0].mute = r.fakes[1].mute = TRUE;
	rig_renew(&r, 2);
	begin(&r, NULL);
	while (r.fakes[1].asked == 0)
		g_main_context_iteration(NULL, TRUE);
	answer(&r.fakes[0]);
	CHECK_INT(r.told, 0);
	r.fakes[1].answer = DIRECTORY_SEVERAL;
	answer(&r.fakes[1]);
	check_result(&r, DIRECTORY_SEVERAL, "second", DUTY_REASON, TRUE);
	answer(&r.fakes[1]);
	answer(&r.fakes[0]);
	CHECK_INT(r.told, 1);
	rig_clear(&r);
}

static void on_fake_cancelled(GCancellable *cancellable, gpointer data)
{
	answer(data);
}

/* Sources must not, but libraries beneath them have been seen to. */
static void a_source_that_answers_its_cancel_is_not_heard(void)
{
	struct rig r;
	rig_init(&r, 2);
	r.policies[0].deadline_ms = SHORT_MS;
	r.fakes[0].mute = r.fakes[1].mute = TRUE;
	rig_renew(&r, 2);
	begin(&r, NULL);
	g_signal_connect(
		r.fakes[0].cancellable, "cancelled", G_CALLBACK(on_fake_cancelled), &r.fakes[0]);
	while (r.fakes[1].asked == 0)
		g_main_context_iteration(NULL, TRUE);
	CHECK_INT(r.told, 0);
	answer(&r.fakes[1]);
	check_result(&r, DIRECTORY_ONE, "second", DUTY_REASON, TRUE);
	rig_clear(&r);
}

/* The loop stood still: answer and deadline are there together. */
static void an_answer_that_is_there_goes_before_the_deadline(void)
{
	struct rig r;
	rig_init(&r, 1);
	r.policies[0].deadline_ms = 1;
	rig_renew(&r, 1);
	begin(&r, NULL);
	gint64 until = g_get_monotonic_time() + 5000;
	g_source_remove(r.fakes[0].turn);
	r.fakes[0].turn = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, &r.fakes[0], NULL);
	while (g_get_monotonic_time() < until)
		;
	CHECK(wait_told(&r, 1));
	check_result(&r, DIRECTORY_ONE, "first", DUTY_NONE, FALSE);
	rig_clear(&r);
}

static void a_source_without_the_column_leaves_it_to_the_next(void)
{
	struct rig r;
	rig_init(&r, 2);
	r.fakes[0].answer = DIRECTORY_UNMAPPED;
	ask(&r);
	check_result(&r, DIRECTORY_ONE, "second", DUTY_REASON, FALSE);
	rig_clear(&r);
}

static void knowing_nobody_asks_the_next_only_where_it_is_said(void)
{
	struct rig r;
	rig_init(&r, 2);
	r.fakes[0].answer = DIRECTORY_NONE;
	r.policies[0].none_asks_next = TRUE;
	rig_renew(&r, 2);
	ask(&r);
	check_result(&r, DIRECTORY_ONE, "second", DUTY_REASON, FALSE);
	rig_clear(&r);
}

/* What is told when none has the last word: the more it leaves open, the sooner. */
static void without_an_answer_what_was_down_counts_most(void)
{
	static const struct {
		enum directory_answer answers[3], told;
		const char *source;
	} cases[] = {
		{{DIRECTORY_DOWN, DIRECTORY_DOWN, DIRECTORY_DOWN}, DIRECTORY_DOWN, "first"},
		{{DIRECTORY_NONE, DIRECTORY_DOWN, DIRECTORY_NONE}, DIRECTORY_DOWN, "second"},
		{{DIRECTORY_DOWN, DIRECTORY_NONE, DIRECTORY_NONE}, DIRECTORY_DOWN, "first"},
		{{DIRECTORY_UNMAPPED, DIRECTORY_NONE, DIRECTORY_UNMAPPED}, DIRECTORY_NONE,
			"second"},
		{{DIRECTORY_NONE, DIRECTORY_NONE, DIRECTORY_NONE}, DIRECTORY_NONE, "first"},
		{{DIRECTORY_UNMAPPED, DIRECTORY_UNMAPPED, DIRECTORY_UNMAPPED}, DIRECTORY_UNMAPPED,
			"first"},
		{{DIRECTORY_UNMAPPED, DIRECTORY_UNMAPPED, DIRECTORY_DOWN}, DIRECTORY_DOWN, "third"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rig r;
		rig_init(&r, 3);
		for (gsize j = 0; j < 3; j++) {
			r.fakes[j].answer = cases[i].answers[j];
			r.policies[j].none_asks_next = TRUE;
		}
		rig_renew(&r, 3);
		ask(&r);
		CHECK_INT(r.result.answer, cases[i].told);
		CHECK_STR(r.result.source, cases[i].source);
		CHECK_INT(r.fakes[2].asked, 1);
		rig_clear(&r);
	}
}

static void data_that_is_too_old_counts_as_down(void)
{
	const gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	struct rig r;
	rig_init(&r, 2);
	r.policies[0].max_age_hours = 2;
	r.fakes[0].as_of = now - 2 * HOUR_S - 60;
	rig_renew(&r, 2);
	ask(&r);
	check_result(&r, DIRECTORY_ONE, "second", DUTY_REASON, TRUE);
	r.told = 0;
	r.fakes[0].as_of = now - 2 * HOUR_S + 600;
	ask(&r);
	check_result(&r, DIRECTORY_ONE, "first", DUTY_NONE, FALSE);
	CHECK_INT(r.result.as_of, r.fakes[0].as_of);
	rig_clear(&r);
	rig_init(&r, 1);
	r.policies[0].max_age_hours = 0;
	r.fakes[0].as_of = now - 60;
	rig_renew(&r, 1);
	ask(&r);
	check_result(&r, DIRECTORY_DOWN, "first", DUTY_NONE, FALSE);
	r.told = 0;
	r.fakes[0].as_of = 0;
	ask(&r);
	check_result(&r, DIRECTORY_ONE, "first", DUTY_NONE, FALSE);
	rig_clear(&r);
}

static void nothing_is_told_after_a_cancel(void)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	struct rig r;
	rig_init(&r, 2);
	r.fakes[0].mute = TRUE;
	begin(&r, cancellable);
	g_cancellable_cancel(cancellable);
	answer(&r.fakes[0]);
	settle();
	CHECK_INT(r.told, 0);
	CHECK_INT(r.fakes[1].asked, 0);
	begin(&r, cancellable);
	settle();
	CHECK_INT(r.fakes[0].asked, 1);
	rig_clear(&r);
}

static void a_cancel_reaches_the_source(void)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	struct rig r;
	rig_init(&r, 1);
	r.fakes[0].mute = TRUE;
	begin(&r, cancellable);
	CHECK(!g_cancellable_is_cancelled(r.fakes[0].cancellable));
	g_cancellable_cancel(cancellable);
	settle();
	CHECK(g_cancellable_is_cancelled(r.fakes[0].cancellable));
	CHECK_INT(r.told, 0);
	rig_clear(&r);
}

static void look_ups_do_not_hold_each_other_up(void)
{
	struct rig r;
	rig_init(&r, 2);
	r.fakes[0].mute = TRUE;
	begin(&r, NULL);
	r.fakes[0].mute = FALSE;
	begin(&r, NULL);
	CHECK(wait_told(&r, 1));
	settle();
	CHECK_INT(r.told, 1);
	rig_clear(&r);
	CHECK_INT(r.told, 1);
}

static void the_sources_may_go_while_they_are_asked(void)
{
	struct rig r;
	rig_init(&r, 2);
	r.free_in_done = TRUE;
	r.fakes[0].answer = DIRECTORY_DOWN;
	ask(&r);
	CHECK(r.dir == NULL && r.fakes[0].freed && r.fakes[1].freed);
	rig_clear(&r);
	rig_init(&r, 2);
	begin(&r, NULL);
	rig_clear(&r);
	settle();
	CHECK_INT(r.told, 0);
}

static void one_source_that_is_ready_is_enough(void)
{
	g_autoptr(GError) error = NULL;
	struct rig r;
	rig_init(&r, 2);
	CHECK(!directory_ready(r.dir, &error));
	CHECK_STR(error ? error->message : "", "first: it is off");
	g_clear_error(&error);
	r.fakes[1].ready = TRUE;
	CHECK(directory_ready(r.dir, &error));
	CHECK(error == NULL);
	CHECK(directory_ready(r.dir, NULL));
	rig_clear(&r);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the first that answers is the only one asked",
			the_first_that_answers_is_the_only_one_asked},
		{"the next is asked when one is down", the_next_is_asked_when_one_is_down},
		{"the next is asked when one is late", the_next_is_asked_when_one_is_late},
		{"an answer that comes too late is dropped",
			an_answer_that_comes_too_late_is_dropped},
		{"a source that answers its cancel is not heard",
			a_source_that_answers_its_cancel_is_not_heard},
		{"an answer that is there goes before the deadline",
			an_answer_that_is_there_goes_before_the_deadline},
		{"a source without the column leaves it to the next",
			a_source_without_the_column_leaves_it_to_the_next},
		{"knowing nobody asks the next only where it is said",
			knowing_nobody_asks_the_next_only_where_it_is_said},
		{"without an answer what was down counts most",
			without_an_answer_what_was_down_counts_most},
		{"data that is too old counts as down", data_that_is_too_old_counts_as_down},
		{"nothing is told after a cancel", nothing_is_told_after_a_cancel},
		{"a cancel reaches the source", a_cancel_reaches_the_source},
		{"look-ups do not hold each other up", look_ups_do_not_hold_each_other_up},
		{"the sources may go while they are asked",
			the_sources_may_go_while_they_are_asked},
		{"one source that is ready is enough", one_source_that_is_ready_is_enough},
	};
	return CHECK_MAIN("sources", cases);
}
