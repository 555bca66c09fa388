/* SPDX-License-Identifier: MIT
 *
 * counter_sheets.c - the list of what a clerk enters by hand: this desk's own, or one that
 * desks share.
 */
#include "kiosk/counter_private.h"

#include "kiosk/intake/sheet.h"

#define SHEETS_MAX  200  /* rows a list shows at once, oldest first */
#define OUTSIDE_MAX 60   /* longest number of the menu */
#define ASK_MS      5000 /* until a list that is elsewhere counts as away */

/* One question of a window, owned by the counter until it is answered. */
struct sheet_ask {
	struct counter *counter;
	counter_answered answered; /* NULL: nobody waits, the list is counted */
	gpointer data;
	GCancellable *cancellable;
	guint late;
	char number[INTAKE_NUMBER_SIZE];
};

/* Between visits, by a signed-in clerk: a sheet shows a person. */
static gboolean may_see_sheets(const struct counter *c)
{
	return c->has_clerk && c->parts.intake && c->parts.intake->ops->sheets &&
	       visit_may(c->state, VISIT_MAY_SHEETS);
}

static void ask_free(struct sheet_ask *ask)
{
	g_clear_handle_id(&ask->late, g_source_remove);
	g_object_unref(ask->cancellable);
	g_free(ask);
}

static void end(struct sheet_ask *ask, enum intent_answer answer, GVariant *value)
{
	ask->counter->sheet_asks = g_slist_remove(ask->counter->sheet_asks, ask);
	if (ask->answered)
		ask->answered(answer, value, ask->data);
	else if (value)
		g_variant_unref(g_variant_ref_sink(value));
	ask_free(ask);
}

static gboolean on_late(gpointer data)
{
	struct sheet_ask *ask = data;
	ask->late = 0;
	g_cancellable_cancel(ask->cancellable);
	g_warning("sheets: the list did not answer in time");
	end(ask, INTENT_FAILED, NULL);
	return G_SOURCE_REMOVE;
}

static struct sheet_ask *begin(
	struct counter *c, const char *number, counter_answered answered, gpointer data)
{
	struct sheet_ask *ask = g_new0(struct sheet_ask, 1);
	ask->counter = c;
	ask->answered = answered;
	ask->data = data;
	ask->cancellable = g_cancellable_new();
	ask->late = g_timeout_add(ASK_MS, on_late, ask);
	g_strlcpy(ask->number, number, sizeof ask->number);
	c->sheet_asks = g_slist_prepend(c->sheet_asks, ask);
	return ask;
}

void counter_sheets_stop(struct counter *c)
{
	while (c->sheet_asks) {
		struct sheet_ask *ask = c->sheet_asks->data;
		g_cancellable_cancel(ask->cancellable);
		end(ask, INTENT_FAILED, NULL);
	}
}

/* What was asked may have become forbidden since: a visit began, the clerk left. */
static gboolean may_hear(struct sheet_ask *ask)
{
	if (may_see_sheets(ask->counter))
		return TRUE;
	end(ask, INTENT_NOT_ALLOWED, NULL);
	return FALSE;
}

static void fail(struct sheet_ask *ask, const GError *error)
{
	gboolean invalid = g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID) ||
			   g_error_matches(error, INTAKE_ERROR, INTAKE_ERROR_REFUSED);
	g_warning("sheets: %s", error ? error->message : "refused");
	end(ask, invalid ? INTENT_INVALID : INTENT_FAILED, NULL);
}

/* --- the list --- */

static void on_rows(struct intake *intake, const struct intake_sheet *sheets, gsize n,
	const GError *error, gpointer data)
{
	struct sheet_ask *ask = data;
	GVariantBuilder rows;
	if (!may_hear(ask))
		return;
	if (error) {
		fail(ask, error);
		return;
	}
	counter_clerk_acts(ask->counter);
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(sx)"));
	for (gsize i = 0; i < n; i++)
		g_variant_builder_add(&rows, "(sx)", sheets[i].number, sheets[i].filed_at);
	end(ask, INTENT_TAKEN, g_variant_builder_end(&rows));
}

void counter_list_sheets(struct counter *c, counter_answered answered, gpointer data)
{
	if (!may_see_sheets(c)) {
		answered(INTENT_NOT_ALLOWED, NULL, data);
		return;
	}
	struct sheet_ask *ask = begin(c, "", answered, data);
	c->parts.intake->ops->sheets(c->parts.intake, SHEETS_MAX, ask->cancellable, on_rows, ask);
}

static void on_counted(struct intake *intake, const struct intake_sheet *sheets, gsize n,
	const GError *error, gpointer data)
{
	struct sheet_ask *ask = data;
	struct counter *c = ask->counter;
	if (!error) {
		c->pending_sheets = (guint)n;
		c->pending_since = n > 0 ? sheets[0].filed_at : 0;
		counter_health_changed(c);
	}
	end(ask, INTENT_TAKEN, NULL);
}

void counter_count_shared(struct counter *c)
{
	struct intake *intake = c->parts.intake;
	if (!intake || intake->ops->by_hand || !intake->ops->sheets)
		return;
	struct sheet_ask *ask = begin(c, "", NULL, NULL);
	intake->ops->sheets(intake, SHEETS_MAX, ask->cancellable, on_counted, ask);
}

/* --- one sheet --- */

static GVariant *rows_of(const GPtrArray *fields)
{
	GVariantBuilder rows;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ss)"));
	for (guint i = 0; i < fields->len; i++) {
		const struct sheet_field *field = g_ptr_array_index(fields, i);
		g_variant_builder_add(&rows, "(ss)", field->code, field->value);
	}
	return g_variant_builder_end(&rows);
}

static void on_opened(struct intake *intake, GBytes *envelope, const GError *error, gpointer data)
{
	struct sheet_ask *ask = data;
	struct counter *c = ask->counter;
	g_autoptr(GPtrArray) fields = envelope ? sheet_read(envelope) : NULL;
	if (!may_hear(ask))
		return;
	if (!fields) {
		fail(ask, error);
		return;
	}
	counter_clerk_acts(c);
	GVariant *rows = rows_of(fields);
	/* The next view lies over it in the buffers of both processes (counter_views.c). */
	c->desk.longest = MAX(c->desk.longest, g_variant_get_size(rows));
	end(ask, INTENT_TAKEN, rows);
}

void counter_open_sheet(
	struct counter *c, const char *number, counter_answered answered, gpointer data)
{
	if (!may_see_sheets(c) || !request_number_valid(number)) {
		answered(may_see_sheets(c) ? INTENT_INVALID : INTENT_NOT_ALLOWED, NULL, data);
		return;
	}
	struct sheet_ask *ask = begin(c, number, answered, data);
	c->parts.intake->ops->open_sheet(c->parts.intake, number, ask->cancellable, on_opened, ask);
}

/* --- entered --- */

static void on_entered(struct intake *intake, const struct intake_result *result, gpointer data)
{
	struct sheet_ask *ask = data;
	struct counter *c = ask->counter;
	if (result->answer != INTAKE_ACCEPTED) {
		fail(ask, result->error);
		return;
	}
	if (c->parts.sender)
		sender_follow(c->parts.sender, ask->number);
	counter_clerk_acts(c);
	end(ask, INTENT_TAKEN, NULL);
	counter_queue_check(c);
	counter_count_shared(c);
	counter_views_changed(c);
}

static gboolean is_outside(const char *outside)
{
	gsize len = strlen(outside);
	return len > 0 && len <= OUTSIDE_MAX && g_str_is_ascii(outside);
}

void counter_sheet_filed(struct counter *c, const char *number, const char *outside,
	counter_answered answered, gpointer data)
{
	gboolean sense = request_number_valid(number) && is_outside(outside);
	if (!may_see_sheets(c) || !sense) {
		answered(may_see_sheets(c) ? INTENT_INVALID : INTENT_NOT_ALLOWED, NULL, data);
		return;
	}
	struct sheet_ask *ask = begin(c, number, answered, data);
	c->parts.intake->ops->filed(
		c->parts.intake, number, outside, ask->cancellable, on_entered, ask);
}
