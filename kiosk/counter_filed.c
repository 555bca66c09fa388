/* SPDX-License-Identifier: MIT
 *
 * counter_filed.c - a request of the holder that was filed before: how far it is, and taking
 * it back.
 *
 * The record of this desk is asked first, then the far end that all desks share. A far end
 * that does not answer within ASK_MS holds up nobody: it will still refuse a second live
 * request of one holder.
 */
#include "kiosk/counter_private.h"

#include "kiosk/record/outbox.h"
#include "kiosk/record/seal.h"

#define ASK_MS       1000
#define TAKE_BACK_MS 5000
#define REASON       "holder" /* of a request that its holder took back */

static void stop_asking(struct counter *c)
{
	g_clear_handle_id(&c->filed.source, g_source_remove);
	if (c->filed.cancellable)
		g_cancellable_cancel(c->filed.cancellable);
	g_clear_object(&c->filed.cancellable);
}

void counter_forget_filed(struct counter *c)
{
	stop_asking(c);
}

/* `late` is called once if nothing was heard after `limit_ms`. */
static GCancellable *begin_asking(struct counter *c, guint limit_ms, GSourceFunc late)
{
	stop_asking(c);
	c->filed.cancellable = g_cancellable_new();
	c->filed.source = g_timeout_add(limit_ms, late, c);
	return c->filed.cancellable;
}

/* A list that clerks enter by hand ends with the entry; what the university does then is
 * not reported to us. */
static const char *word_of_done(const struct counter *c)
{
	return c->parts.intake->ops->sheets ? "entered" : "done";
}

static const char *word_of_progress(const struct counter *c, enum intake_progress progress)
{
	static const char *const words[INTAKE_PROGRESS_COUNT] = {
		[INTAKE_WAITING] = "waiting",
		[INTAKE_STARTED] = "started",
		[INTAKE_DECLINED] = "declined",
		[INTAKE_CANCELLED] = "cancelled",
	};
	return progress == INTAKE_DONE ? word_of_done(c) : words[progress];
}

static const char *word_of_row(const struct counter *c, const struct outbox_row *row)
{
	switch (row->state) {
	case OUTBOX_QUEUED:
		return c->parts.intake->ops->by_hand ? "waiting" : "queued";
	case OUTBOX_SENDING:
	case OUTBOX_UNKNOWN:
	case OUTBOX_STATE_COUNT:
		return "queued";
	case OUTBOX_ACCEPTED:
		return *row->progress ? row->progress : "waiting";
	case OUTBOX_DONE:
		return word_of_done(c);
	case OUTBOX_REFUSED:
		return g_str_equal(row->progress, "declined") ? "declined" : "refused";
	case OUTBOX_CANCELLED:
		return "cancelled";
	}
	return "queued";
}

static void take_row(struct counter *c, const struct outbox_row *row)
{
	struct case_filed *filed = &c->k.filed;
	const char *word = word_of_row(c, row);
	*filed = (struct case_filed){
		.known = TRUE,
		.here = TRUE,
		.filed_at = row->filed_at,
		.at = row->progress_at,
		.ended = outbox_state_ended(row->state),
		.unsent = row->state == OUTBOX_QUEUED,
		.withdraw = row->state == OUTBOX_QUEUED ||
			    (row->state == OUTBOX_ACCEPTED && g_str_equal(word, "waiting")),
	};
	g_strlcpy(filed->number, row->number, sizeof filed->number);
	g_strlcpy(filed->key, row->key, sizeof filed->key);
	g_strlcpy(filed->id, row->outside, sizeof filed->id);
	g_strlcpy(filed->progress, word, sizeof filed->progress);
	g_strlcpy(filed->reason, row->reason, sizeof filed->reason);
}

/* What the far end reported, of a request of whichever desk. */
static void take_progress(struct counter *c, const struct intake_result *result)
{
	struct case_filed *filed = &c->k.filed;
	filed->at = result->at;
	filed->ended = result->progress != INTAKE_WAITING && result->progress != INTAKE_STARTED;
	filed->withdraw = result->progress == INTAKE_WAITING;
	g_strlcpy(filed->progress, word_of_progress(c, result->progress), sizeof filed->progress);
	g_strlcpy(filed->reason, result->reason, sizeof filed->reason);
}

static void take_remote(struct counter *c, const struct intake_result *result)
{
	struct case_filed *filed = &c->k.filed;
	filed->known = TRUE;
	g_strlcpy(filed->number, result->number, sizeof filed->number);
	g_strlcpy(filed->key, result->key, sizeof filed->key);
	g_strlcpy(filed->id, result->id, sizeof filed->id);
	take_progress(c, result);
}

/* --- asking --- */

static void go_on(struct counter *c)
{
	if (c->k.filed.known) {
		counter_dispatch(c, VISIT_ON_FILED_BEFORE);
		return;
	}
	if (!counter_judge(c))
		return;
	counter_dispatch(c, VISIT_ON_FOUND);
	counter_ask_accounts(c);
}

static void go_on_without(struct counter *c)
{
	go_on(c);
	if (visit_holds_person(c->state) && c->state != VISIT_PROBLEM)
		counter_say(c, PROBLEM_FAR_END_AWAY);
}

static void on_live_done(struct intake *intake, const struct intake_result *result, gpointer data)
{
	struct counter *c = data;
	stop_asking(c);
	if (c->state != VISIT_LOOKUP)
		return;
	if (result->answer == INTAKE_ACCEPTED)
		take_remote(c, result);
	if (result->answer == INTAKE_ACCEPTED || result->answer == INTAKE_ABSENT)
		go_on(c);
	else
		go_on_without(c);
}

static gboolean on_live_late(gpointer data)
{
	struct counter *c = data;
	c->filed.source = 0;
	stop_asking(c);
	if (c->state == VISIT_LOOKUP)
		go_on_without(c);
	return G_SOURCE_REMOVE;
}

/* The newest of this desk that is of interest still; one that was taken back is not. */
static void ask_here(struct counter *c)
{
	struct outbox_row row;
	g_autoptr(GError) error = NULL;
	if (outbox_of_holder(c->parts.store, c->k.person.common_id, &row, &error) &&
		row.state != OUTBOX_CANCELLED)
		take_row(c, &row);
	else if (error)
		g_warning("outbox: %s", error->message);
}

void counter_ask_filed(struct counter *c)
{
	struct intake *intake = c->parts.intake;
	struct case_filed *filed = &c->k.filed;
	char tag[INTAKE_TAG_SIZE];
	ask_here(c);
	if (filed->known && !filed->ended) {
		if (c->parts.sender && !filed->unsent)
			sender_follow(c->parts.sender, filed->number);
		go_on(c);
	} else if (intake->ops->by_hand ||
		   !outbox_holder_tag(c->parts.store, c->k.person.common_id, tag)) {
		go_on(c);
	} else {
		intake->ops->live_of(
			intake, tag, begin_asking(c, ASK_MS, on_live_late), on_live_done, c);
	}
}

/* --- taking back --- */

/* The tap counts only after the holder's window drew what it stands for. */
void counter_ask_tap(struct counter *c)
{
	g_autofree char *text = g_strdup_printf("withdraw %s", c->k.filed.number);
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_strlcpy(c->k.digest, digest, sizeof c->k.digest);
	c->k.shown = FALSE;
	counter_arm_later(c);
}

static void end_withdrawing(struct counter *c, enum problem notice)
{
	c->k.shown = FALSE;
	memset(c->k.digest, 0, sizeof c->k.digest);
	counter_queue_check(c);
	counter_dispatch(c, VISIT_ON_WITHDRAWN);
	if (notice != PROBLEM_NONE)
		counter_say(c, notice);
}

/* `event` of the row, and what it says now. FALSE: the record would not have it. */
static gboolean apply(struct counter *c, enum outbox_event event)
{
	struct outbox_row row;
	g_autoptr(GError) error = NULL;
	const struct outbox_news news = {.reason = REASON, .now = counter_now()};
	if (!outbox_apply(c->parts.store, c->k.filed.number, event, &news, NULL, &error) ||
		!outbox_row_of(c->parts.store, c->k.filed.number, &row, &error)) {
		g_warning("taking back: %s", error->message);
		return FALSE;
	}
	take_row(c, &row);
	return TRUE;
}

static void on_cancel_done(struct intake *intake, const struct intake_result *result, gpointer data)
{
	struct counter *c = data;
	enum problem notice = PROBLEM_NONE;
	stop_asking(c);
	if (c->state != VISIT_WITHDRAWING)
		return;
	if (result->answer == INTAKE_ACCEPTED && c->k.filed.here)
		apply(c, OUTBOX_SAW_CANCELLED);
	else if (result->answer == INTAKE_ACCEPTED)
		take_progress(c, result);
	else
		notice = result->answer == INTAKE_TAKEN_UP ? PROBLEM_TAKEN_UP
							   : PROBLEM_NOT_WITHDRAWN;
	if (result->answer == INTAKE_TAKEN_UP)
		take_progress(c, result);
	end_withdrawing(c, notice);
}

/* It may have been heard all the same: the next look-up tells. */
static gboolean on_cancel_late(gpointer data)
{
	struct counter *c = data;
	c->filed.source = 0;
	stop_asking(c);
	if (c->parts.sender && c->k.filed.here)
		sender_follow(c->parts.sender, c->k.filed.number);
	end_withdrawing(c, PROBLEM_NOT_WITHDRAWN);
	return G_SOURCE_REMOVE;
}

void counter_take_back_request(struct counter *c)
{
	struct intake *intake = c->parts.intake;
	const struct case_filed *filed = &c->k.filed;
	if (filed->here && filed->unsent)
		end_withdrawing(c, apply(c, OUTBOX_CANCEL) ? PROBLEM_NONE : PROBLEM_NOT_WITHDRAWN);
	else
		intake->ops->cancel(intake, filed->key, filed->id,
			begin_asking(c, TAKE_BACK_MS, on_cancel_late), on_cancel_done, c);
}

/* --- intents, and what the sender tells --- */

enum intent_answer counter_withdraw(struct counter *c, struct intent_stamp at)
{
	RETURN_UNLESS_ALLOWED(c, at, WITHDRAW);
	if (!c->k.filed.withdraw)
		return INTENT_NOT_ALLOWED;
	counter_dispatch(c, VISIT_ON_WITHDRAW);
	return INTENT_TAKEN;
}

enum intent_answer counter_anew(struct counter *c, struct intent_stamp at)
{
	RETURN_UNLESS_ALLOWED(c, at, ANEW);
	if (!c->k.filed.ended)
		return INTENT_NOT_ALLOWED;
	memset(&c->k.filed, 0, sizeof c->k.filed);
	if (!counter_judge(c))
		return INTENT_TAKEN;
	counter_dispatch(c, VISIT_ON_ANEW);
	counter_ask_accounts(c);
	return INTENT_TAKEN;
}

void counter_request_changed(struct counter *c, const char *number)
{
	struct outbox_row row;
	counter_queue_check(c);
	if (!number)
		counter_health_check(c);
	if (!number || !outbox_row_of(c->parts.store, number, &row, NULL))
		return;
	if (g_str_equal(number, c->k.receipt.number))
		c->k.sent = row.state == OUTBOX_ACCEPTED || row.state == OUTBOX_DONE;
	if (c->k.filed.here && g_str_equal(number, c->k.filed.number) &&
		c->state != VISIT_WITHDRAWING)
		take_row(c, &row);
	counter_views_changed(c);
}
