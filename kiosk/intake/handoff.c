/* SPDX-License-Identifier: MIT
 *
 * handoff.c - see handoff.h. The answers are known at once, but given from the main loop as
 * those of a far end are.
 */
#include "kiosk/intake/handoff.h"

#include "kiosk/record/requests.h"

struct handoff {
	struct intake intake;
	struct store *store;
	GSList *calls; /* struct handoff_call that were not answered yet */
};

enum handoff_question { HANDOFF_CHECK, HANDOFF_SHEETS, HANDOFF_OPEN, HANDOFF_FILED };

struct handoff_call {
	struct handoff *handoff;
	enum handoff_question question;
	GCancellable *cancellable;
	guint source;
	guint max;
	char *number, *outside;
	union {
		intake_done done;
		intake_sheets_done sheets;
		intake_envelope_done envelope;
	} on;
	gpointer data;
};

static struct handoff *of(struct intake *intake)
{
	return (struct handoff *)intake;
}

static void call_free(gpointer data)
{
	struct handoff_call *call = data;
	g_clear_handle_id(&call->source, g_source_remove);
	g_clear_object(&call->cancellable);
	g_free(call->number);
	g_free(call->outside);
	g_free(call);
}

static void tell_sheets(const struct handoff_call *call)
{
	g_autoptr(GError) error = NULL;
	struct handoff *handoff = call->handoff;
	g_autoptr(GArray) rows = requests_list(handoff->store, OUTBOX_QUEUED, call->max, &error);
	g_autoptr(GArray) sheets = g_array_new(FALSE, TRUE, sizeof(struct intake_sheet));
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct request_row *row = &g_array_index(rows, struct request_row, i);
		struct intake_sheet sheet = {.filed_at = row->filed_at};
		g_strlcpy(sheet.number, row->number, sizeof sheet.number);
		g_array_append_val(sheets, sheet);
	}
	call->on.sheets(&handoff->intake, (const struct intake_sheet *)(gpointer)sheets->data,
		sheets->len, error, call->data);
}

static void tell_envelope(const struct handoff_call *call)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) envelope = requests_envelope(call->handoff->store, call->number, &error);
	call->on.envelope(&call->handoff->intake, envelope, error, call->data);
}

static void tell_filed(const struct handoff_call *call)
{
	g_autoptr(GError) error = NULL;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	gboolean ok = requests_done(call->handoff->store, call->number, call->outside, now, &error);
	struct intake_result result = intake_result_of(ok ? INTAKE_ACCEPTED : INTAKE_REFUSED);
	result.progress = INTAKE_DONE;
	result.error = error;
	call->on.done(&call->handoff->intake, &result, call->data);
}

static void tell_checked(const struct handoff_call *call)
{
	const struct intake_result result = intake_result_of(INTAKE_ACCEPTED);
	call->on.done(&call->handoff->intake, &result, call->data);
}

static gboolean on_turn(gpointer data)
{
	static void (*const tell[])(const struct handoff_call *call) = {
		[HANDOFF_CHECK] = tell_checked,
		[HANDOFF_SHEETS] = tell_sheets,
		[HANDOFF_OPEN] = tell_envelope,
		[HANDOFF_FILED] = tell_filed,
	};
	struct handoff_call *call = data;
	call->source = 0;
	/* Whoever is told may free the intake, and with it this call. */
	call->handoff->calls = g_slist_remove(call->handoff->calls, call);
	if (!g_cancellable_is_cancelled(call->cancellable))
		tell[call->question](call);
	call_free(call);
	return G_SOURCE_REMOVE;
}

static struct handoff_call *ask(struct intake *intake, enum handoff_question question,
	GCancellable *cancellable, gpointer data)
{
	struct handoff_call *call = g_new0(struct handoff_call, 1);
	call->handoff = of(intake);
	call->question = question;
	call->data = data;
	g_set_object(&call->cancellable, cancellable);
	call->source = g_timeout_add(0, on_turn, call);
	call->handoff->calls = g_slist_prepend(call->handoff->calls, call);
	return call;
}

static void handoff_check(
	struct intake *intake, GCancellable *cancellable, intake_done done, gpointer data)
{
	ask(intake, HANDOFF_CHECK, cancellable, data)->on.done = done;
}

static void handoff_sheets(struct intake *intake, guint max, GCancellable *cancellable,
	intake_sheets_done done, gpointer data)
{
	struct handoff_call *call = ask(intake, HANDOFF_SHEETS, cancellable, data);
	call->max = max;
	call->on.sheets = done;
}

static void handoff_open_sheet(struct intake *intake, const char *number, GCancellable *cancellable,
	intake_envelope_done done, gpointer data)
{
	struct handoff_call *call = ask(intake, HANDOFF_OPEN, cancellable, data);
	call->number = g_strdup(number);
	call->on.envelope = done;
}

static void handoff_filed(struct intake *intake, const char *number, const char *outside,
	GCancellable *cancellable, intake_done done, gpointer data)
{
	struct handoff_call *call = ask(intake, HANDOFF_FILED, cancellable, data);
	call->number = g_strdup(number);
	call->outside = g_strdup(outside);
	call->on.done = done;
}

static struct intake *handoff_free(struct intake *intake)
{
	struct handoff *handoff = of(intake);
	g_slist_free_full(handoff->calls, call_free);
	g_free(handoff);
	return NULL;
}

static const struct intake_ops handoff_ops = {
	.name = "handoff",
	.by_hand = TRUE,
	.check = handoff_check,
	.sheets = handoff_sheets,
	.open_sheet = handoff_open_sheet,
	.filed = handoff_filed,
	.free = handoff_free,
};

struct intake *handoff_new(struct store *store)
{
	struct handoff *handoff = g_new0(struct handoff, 1);
	handoff->intake.ops = &handoff_ops;
	handoff->store = store;
	return &handoff->intake;
}
