/* SPDX-License-Identifier: MIT */
#include "kiosk/counter.h"
#include "kiosk/door/door_private.h"

/* Longest argument of any intent: a PIN, a number, a code. */
#define ARGUMENT_MAX 128
#define WITNESS_KEY  "witness" /* connection that reported Shown last; only compared */

static void refuse(GDBusMethodInvocation *call, enum intent_answer answer)
{
	static const char *const names[] = {
		[INTENT_TAKEN] = "",
		[INTENT_STALE] = DOOR_ERROR_STALE,
		[INTENT_NOT_ALLOWED] = DOOR_ERROR_NOT_ALLOWED,
		[INTENT_INVALID] = DOOR_ERROR_INVALID,
		[INTENT_FAILED] = DOOR_ERROR_FAILED,
	};
	g_dbus_method_invocation_return_dbus_error(call, names[answer], "");
}

static void reply(GDBusMethodInvocation *call, enum intent_answer answer, GVariant *value)
{
	if (answer != INTENT_TAKEN)
		refuse(call, answer);
	else
		g_dbus_method_invocation_return_value(call, value);
}

static gboolean on_get_desk(DoorCounter1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	reply(call, INTENT_TAKEN, g_variant_new("(@a{sv})", counter_desk_view(data)));
	return TRUE;
}

static gboolean on_get_holder(DoorCounter1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	reply(call, INTENT_TAKEN, g_variant_new("(@a{sv})", counter_holder_view(data)));
	return TRUE;
}

static gboolean on_get_health(DoorCounter1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	reply(call, INTENT_TAKEN, g_variant_new("(@a{sv})", counter_health_view(data)));
	return TRUE;
}

static gboolean on_touch(
	DoorCounter1 *iface, GDBusMethodInvocation *call, const char *seat, gpointer data)
{
	counter_touch(data, seat);
	reply(call, INTENT_TAKEN, NULL);
	return TRUE;
}

static void on_sheets_answered(enum intent_answer answer, GVariant *value, gpointer call)
{
	reply(call, answer, value ? g_variant_new_tuple(&value, 1) : NULL);
}

static gboolean on_list_sheets(DoorCounter1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	counter_list_sheets(data, on_sheets_answered, call);
	return TRUE;
}

static gboolean on_open_sheet(
	DoorCounter1 *iface, GDBusMethodInvocation *call, const char *number, gpointer data)
{
	counter_open_sheet(data, number, on_sheets_answered, call);
	return TRUE;
}

static gboolean on_sheet_filed(DoorCounter1 *iface, GDBusMethodInvocation *call, const char *number,
	const char *outside, gpointer data)
{
	counter_sheet_filed(data, number, outside, on_sheets_answered, call);
	return TRUE;
}

/* The typed intents differ only in their arguments after visit and step. */
#define INTENT_PLAIN(name)                                                                         \
	static gboolean on_##name(DoorCounter1 *iface, GDBusMethodInvocation *call, guint64 visit, \
		guint step, gpointer data)                                                         \
	{                                                                                          \
		reply(call, counter_##name(data, (struct intent_stamp){visit, step}), NULL);       \
		return TRUE;                                                                       \
	}
#define INTENT_1(name)                                                                             \
	static gboolean on_##name(DoorCounter1 *iface, GDBusMethodInvocation *call, guint64 visit, \
		guint step, const char *a, gpointer data)                                          \
	{                                                                                          \
		struct intent_stamp at = {visit, step};                                            \
		gboolean fits = strlen(a) <= ARGUMENT_MAX;                                         \
		reply(call, fits ? counter_##name(data, at, a) : INTENT_INVALID, NULL);            \
		return TRUE;                                                                       \
	}
#define INTENT_2(name)                                                                             \
	static gboolean on_##name(DoorCounter1 *iface, GDBusMethodInvocation *call, guint64 visit, \
		guint step, const char *a, const char *b, gpointer data)                           \
	{                                                                                          \
		struct intent_stamp at = {visit, step};                                            \
		gboolean fits = strlen(a) <= ARGUMENT_MAX && strlen(b) <= ARGUMENT_MAX;            \
		reply(call, fits ? counter_##name(data, at, a, b) : INTENT_INVALID, NULL);         \
		return TRUE;                                                                       \
	}

INTENT_1(sign_in)
INTENT_PLAIN(sign_out)
INTENT_1(check)
INTENT_2(decide)
INTENT_1(account)
INTENT_PLAIN(call_second)
INTENT_2(answer)
INTENT_1(reason)
INTENT_1(phone)
INTENT_PLAIN(cancel)
INTENT_PLAIN(end)
INTENT_PLAIN(extend)
INTENT_PLAIN(withdraw)
INTENT_PLAIN(anew)

static gboolean on_no_card(DoorCounter1 *iface, GDBusMethodInvocation *call, guint64 visit,
	guint step, const char *number, const char *document, const char *reason, gpointer data)
{
	struct intent_stamp at = {visit, step};
	gboolean fits = strlen(number) <= ARGUMENT_MAX && strlen(document) <= ARGUMENT_MAX &&
			strlen(reason) <= ARGUMENT_MAX;
	reply(call, fits ? counter_no_card(data, at, number, document, reason) : INTENT_INVALID,
		NULL);
	return TRUE;
}

/* Who reported it is remembered: it counts as long as that peer is there. */
static gboolean on_shown(DoorCounter1 *iface, GDBusMethodInvocation *call, guint64 visit,
	guint step, const char *digest, const char *language, gpointer data)
{
	struct intent_stamp at = {visit, step};
	gboolean fits = strlen(digest) <= ARGUMENT_MAX && strlen(language) <= ARGUMENT_MAX;
	enum intent_answer answer =
		fits ? counter_shown(data, at, digest, language) : INTENT_INVALID;
	if (answer == INTENT_TAKEN)
		g_object_set_data(G_OBJECT(iface), WITNESS_KEY,
			g_dbus_method_invocation_get_connection(call));
	reply(call, answer, NULL);
	return TRUE;
}

gboolean door_counter_lost_witness(DoorCounter1 *iface, GDBusConnection *gone)
{
	if (g_object_get_data(G_OBJECT(iface), WITNESS_KEY) != gone)
		return FALSE;
	g_object_set_data(G_OBJECT(iface), WITNESS_KEY, NULL);
	return TRUE;
}

static gboolean on_consent(DoorCounter1 *iface, GDBusMethodInvocation *call, guint64 visit,
	guint step, gboolean yes, gpointer data)
{
	reply(call, counter_consent(data, (struct intent_stamp){visit, step}, yes), NULL);
	return TRUE;
}

DoorCounter1 *door_counter_new(struct counter *counter)
{
	static const struct {
		const char *method;
		GCallback handler;
	} handlers[] = {
		{"get-desk", G_CALLBACK(on_get_desk)},
		{"get-holder", G_CALLBACK(on_get_holder)},
		{"get-health", G_CALLBACK(on_get_health)},
		{"touch", G_CALLBACK(on_touch)},
		{"sign-in", G_CALLBACK(on_sign_in)},
		{"sign-out", G_CALLBACK(on_sign_out)},
		{"no-card", G_CALLBACK(on_no_card)},
		{"check", G_CALLBACK(on_check)},
		{"decide", G_CALLBACK(on_decide)},
		{"account", G_CALLBACK(on_account)},
		{"call-second", G_CALLBACK(on_call_second)},
		{"answer", G_CALLBACK(on_answer)},
		{"reason", G_CALLBACK(on_reason)},
		{"phone", G_CALLBACK(on_phone)},
		{"shown", G_CALLBACK(on_shown)},
		{"consent", G_CALLBACK(on_consent)},
		{"cancel", G_CALLBACK(on_cancel)},
		{"end", G_CALLBACK(on_end)},
		{"extend", G_CALLBACK(on_extend)},
		{"withdraw", G_CALLBACK(on_withdraw)},
		{"anew", G_CALLBACK(on_anew)},
		{"list-sheets", G_CALLBACK(on_list_sheets)},
		{"open-sheet", G_CALLBACK(on_open_sheet)},
		{"sheet-filed", G_CALLBACK(on_sheet_filed)},
	};
	DoorCounter1 *iface = door_counter1_skeleton_new();
	for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++) {
		g_autofree char *signal = g_strconcat("handle-", handlers[i].method, NULL);
		g_signal_connect(iface, signal, handlers[i].handler, counter);
	}
	return iface;
}
