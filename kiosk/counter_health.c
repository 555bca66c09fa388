/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

#include "kiosk/record/outbox.h"

/* Before this program was written, the clock cannot have been right. */
#define CLOCK_FIRST_DATE 20260101
#define CLOCK_LAST_DATE  20991231

/* What closes the counter, worst first. What is not here is only said. */
static const enum problem closing[] = {
	PROBLEM_BAD_CONFIG,
	PROBLEM_NO_KEY,
	PROBLEM_BAD_FOLDER,
	PROBLEM_NEWER_RECORD,
	PROBLEM_BAD_RECORD,
	PROBLEM_WRONG_CLOCK,
	PROBLEM_DISK_FULL,
	PROBLEM_BORROWED,
	PROBLEM_CARD_STUCK,
	PROBLEM_NO_PCSCD,
	PROBLEM_NOT_ALLOWED,
	PROBLEM_NO_READER,
	PROBLEM_OLD_DIRECTORY,
	PROBLEM_NO_DIRECTORY,
	PROBLEM_NO_CLERKS,
};

enum problem counter_problem_of(const GError *error)
{
	static const struct {
		enum store_error code;
		enum problem problem;
	} rows[] = {
		{STORE_ERROR_FOLDER, PROBLEM_BAD_FOLDER},
		{STORE_ERROR_LOCKED, PROBLEM_SECOND_INSTANCE},
		{STORE_ERROR_NEWER, PROBLEM_NEWER_RECORD},
		{STORE_ERROR_DAMAGED, PROBLEM_BAD_RECORD},
		{STORE_ERROR_FULL, PROBLEM_DISK_FULL},
		{STORE_ERROR_KEY, PROBLEM_NO_KEY},
	};
	if (error->domain == KEYRING_ERROR)
		return PROBLEM_NO_KEY;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_error_matches(error, STORE_ERROR, (gint)rows[i].code))
			return rows[i].problem;
	return PROBLEM_BAD_FOLDER;
}

enum problem counter_worst(const struct counter *c)
{
	for (gsize i = 0; i < G_N_ELEMENTS(closing); i++)
		if (c->health.wrong[closing[i]])
			return closing[i];
	return PROBLEM_NONE;
}

gboolean counter_is_ready(const struct counter *c)
{
	return c->field.known && counter_worst(c) == PROBLEM_NONE;
}

static void say_detail(struct counter *c, const char *detail)
{
	if (detail && !c->health.detail)
		c->health.detail = g_strdup(detail);
}

static void check_store(struct counter *c)
{
	g_autoptr(GError) error = NULL;
	guint clerks = 0;
	gboolean ready = store_ready(c->parts.store, &error);
	enum problem problem = ready ? PROBLEM_NONE : counter_problem_of(error);
	c->health.wrong[PROBLEM_DISK_FULL] = problem == PROBLEM_DISK_FULL;
	c->health.wrong[PROBLEM_BAD_FOLDER] = problem == PROBLEM_BAD_FOLDER;
	if (!ready)
		say_detail(c, error->message);
	g_clear_error(&error);
	c->health.wrong[PROBLEM_NO_CLERKS] =
		clerks_count(c->parts.store, &clerks, &error) && clerks == 0;
}

static void check_directory(struct counter *c)
{
	g_autoptr(GError) error = NULL;
	gboolean ready = directory_ready(c->parts.directory, &error);
	c->health.wrong[PROBLEM_NO_DIRECTORY] = !ready;
	if (!ready)
		say_detail(c, error->message);
}

/* The way to the far end closes no counter: what is filed waits here. */
static void check_far_end(struct counter *c)
{
	static const enum problem problems[SENDER_HEALTH_COUNT] = {
		[SENDER_WELL] = PROBLEM_NONE,
		[SENDER_WAITING] = PROBLEM_FAR_END_AWAY,
		[SENDER_NOT_ALLOWED] = PROBLEM_FAR_END_ACCESS,
		[SENDER_SETUP] = PROBLEM_FAR_END_SETUP,
	};
	const GError *error = sender_error(c->parts.sender);
	enum problem now = problems[sender_health(c->parts.sender)];
	for (guint h = SENDER_WAITING; h < SENDER_HEALTH_COUNT; h++)
		c->health.wrong[problems[h]] = problems[h] == now;
	c->health.wrong[PROBLEM_FAR_END_REFUSED] = c->refused > 0;
	if (now != PROBLEM_NONE && error)
		say_detail(c, error->message);
}

static void check_clock(struct counter *c)
{
	gint32 today = counter_civil().date;
	c->health.wrong[PROBLEM_WRONG_CLOCK] = today < CLOCK_FIRST_DATE || today > CLOCK_LAST_DATE;
}

/* Readers are there, but not the one for holders: which one is missing? */
static void say_missing_holder(struct counter *c)
{
	g_autofree char *names = seats_names(&c->field.seats);
	const char *holder = c->parts.config->holder;
	if (!*names || !holder || !*holder)
		return;
	g_autofree char *detail =
		g_strdup_printf("[readers] holder=%s is not attached; attached: %s", holder, names);
	say_detail(c, detail);
}

static void check_readers(struct counter *c)
{
	gboolean service = c->field.service;
	gboolean refused = c->health.wrong[PROBLEM_NOT_ALLOWED];
	c->health.wrong[PROBLEM_NO_PCSCD] = c->field.known && !service && !refused;
	c->health.wrong[PROBLEM_NO_READER] =
		c->field.known && service && seats_readers(&c->field.seats, SEAT_ALL) == 0;
	if (c->health.wrong[PROBLEM_NO_READER])
		say_missing_holder(c);
	c->health.wrong[PROBLEM_BORROWED] = c->field.loan != LOAN_NONE;
	c->health.wrong[PROBLEM_CARD_STUCK] = counter_cards_silent(c);
}

static void check_all(struct counter *c)
{
	g_clear_pointer(&c->health.detail, g_free);
	if (c->parts.broken != PROBLEM_NONE) {
		c->health.wrong[c->parts.broken] = TRUE;
		say_detail(c, c->parts.broken_detail);
	}
	if (c->parts.store)
		check_store(c);
	if (c->parts.directory)
		check_directory(c);
	if (c->parts.sender)
		check_far_end(c);
	check_clock(c);
	check_readers(c);
	c->health.wrong[PROBLEM_BAD_INCIDENT] =
		c->incidents && incidents_fault(c->incidents) != NULL;
	if (c->health.wrong[PROBLEM_BAD_INCIDENT])
		say_detail(c, incidents_fault(c->incidents));
}

/* Within a dispatch the table asks by itself. */
static void open_or_close(struct counter *c)
{
	enum visit_event event = counter_is_ready(c) ? VISIT_ON_READY : VISIT_ON_UNREADY;
	enum visit_state next = visit_cell(c->state, event)->next;
	if (!c->dispatching && next != VISIT_STAY && next != c->state)
		counter_dispatch(c, event);
}

void counter_health_check(struct counter *c)
{
	gboolean before[PROBLEM_COUNT];
	memcpy(before, c->health.wrong, sizeof before);
	check_all(c);
	for (guint p = 0; p < PROBLEM_COUNT; p++)
		if (c->health.wrong[p] != before[p])
			g_message("health %s: %s", problem_row(p)->id,
				c->health.wrong[p] ? "wrong" : "right again");
	if (memcmp(before, c->health.wrong, sizeof before) != 0) {
		counter_health_changed(c);
		counter_views_changed(c);
	}
	open_or_close(c);
}

/* Sheets of a list that is shared are the far end's to count (counter_sheets.c). */
static void count_sheets(struct counter *c)
{
	g_autoptr(GError) error = NULL;
	if (!requests_waiting(c->parts.store, &c->pending_sheets, &c->pending_since, &error))
		g_warning("intake: %s", error->message);
}

void counter_queue_check(struct counter *c)
{
	g_autoptr(GError) error = NULL;
	if (!c->parts.store)
		return;
	if (!c->parts.sender)
		count_sheets(c);
	else if (!outbox_counts(c->parts.store, &c->unsent, &c->refused, &error))
		g_warning("outbox: %s", error->message);
	counter_health_changed(c);
}

void counter_recheck(struct counter *c)
{
	counter_queue_check(c);
	counter_health_check(c);
	counter_views_changed(c);
}
