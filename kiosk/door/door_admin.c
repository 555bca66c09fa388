/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "kiosk/counter.h"
#include "kiosk/door/door_private.h"
#include "kiosk/record/clerks.h"
#include "kiosk/record/holdings.h"
#include "kiosk/record/requests.h"

#define QUEUE_MAX 1000

struct admin {
	struct counter *counter;
	struct store *store;
	GDBusConnection *borrower; /* of the readers, or the last; only compared */
};

/* The message of an error of ours names a cause and no person. */
static void fail(GDBusMethodInvocation *call, const GError *error)
{
	g_dbus_method_invocation_return_dbus_error(
		call, DOOR_ERROR_FAILED, error ? error->message : "the record is not open");
}

static void finish(GDBusMethodInvocation *call, struct admin *admin, gboolean ok, GError *error)
{
	if (!ok) {
		fail(call, error);
		return;
	}
	counter_recheck(admin->counter);
	g_dbus_method_invocation_return_value(call, NULL);
}

static gboolean on_status(DoorAdmin1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	struct admin *admin = data;
	GVariantDict status;
	g_autoptr(GVariant) plain = g_variant_ref_sink(counter_status(admin->counter));
	g_variant_dict_init(&status, plain);
	g_variant_dict_insert(&status, "version", "s", MADOGUCHI_VERSION);
	g_dbus_method_invocation_return_value(
		call, g_variant_new("(@a{sv})", g_variant_dict_end(&status)));
	return TRUE;
}

static gboolean on_clerk_add(DoorAdmin1 *iface, GDBusMethodInvocation *call, const char *common_id,
	const char *label, const char *unit, const char *key_kind, const char *number,
	const char *pin, gpointer data)
{
	struct admin *admin = data;
	g_autoptr(GError) error = NULL;
	struct clerk clerk = {0};
	gboolean ok = strlen(common_id) < sizeof clerk.common_id &&
		      strlen(label) < sizeof clerk.label && strlen(unit) < sizeof clerk.unit;
	g_strlcpy(clerk.common_id, common_id, sizeof clerk.common_id);
	g_strlcpy(clerk.label, label, sizeof clerk.label);
	g_strlcpy(clerk.unit, unit, sizeof clerk.unit);
	if (!ok)
		g_set_error(&error, STORE_ERROR, STORE_ERROR_INVALID, "a value is too long");
	ok = ok && admin->store && clerks_add(admin->store, &clerk, key_kind, number, pin, &error);
	clerk_wipe(&clerk);
	finish(call, admin, ok, error);
	return TRUE;
}

static gboolean on_clerk_remove(
	DoorAdmin1 *iface, GDBusMethodInvocation *call, const char *common_id, gpointer data)
{
	struct admin *admin = data;
	g_autoptr(GError) error = NULL;
	gboolean ok = admin->store && clerks_remove(admin->store, common_id, &error);
	finish(call, admin, ok, error);
	return TRUE;
}

static gboolean on_clerk_list(DoorAdmin1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	struct admin *admin = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = admin->store ? clerks_list(admin->store, &error) : NULL;
	GVariantBuilder rows;
	if (!list) {
		fail(call, error);
		return TRUE;
	}
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(sss)"));
	for (guint i = 0; i < list->len; i++) {
		const struct clerk *clerk = g_ptr_array_index(list, i);
		g_variant_builder_add(&rows, "(sss)", clerk->common_id, clerk->label, clerk->unit);
	}
	g_dbus_method_invocation_return_value(call, g_variant_new("(a(sss))", &rows));
	return TRUE;
}

static gboolean add_rows(
	struct store *store, enum outbox_state state, GVariantBuilder *rows, GError **error)
{
	g_autoptr(GArray) list = requests_list(store, state, QUEUE_MAX, error);
	if (!list)
		return FALSE;
	for (guint i = 0; i < list->len; i++) {
		const struct request_row *row = &g_array_index(list, struct request_row, i);
		g_variant_builder_add(rows, "(sxss)", row->number, row->filed_at,
			outbox_state_word(state), row->outside);
	}
	return TRUE;
}

static gboolean on_queue(DoorAdmin1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	struct admin *admin = data;
	g_autoptr(GError) error = NULL;
	GVariantBuilder rows;
	gboolean ok = admin->store != NULL;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(sxss)"));
	for (guint s = 0; ok && s < OUTBOX_STATE_COUNT; s++)
		ok = add_rows(admin->store, s, &rows, &error);
	if (ok) {
		g_dbus_method_invocation_return_value(call, g_variant_new("(a(sxss))", &rows));
		return TRUE;
	}
	g_variant_builder_clear(&rows);
	fail(call, error);
	return TRUE;
}

static gboolean on_queue_cancel(DoorAdmin1 *iface, GDBusMethodInvocation *call, const char *number,
	const char *reason, gpointer data)
{
	struct admin *admin = data;
	g_autoptr(GError) error = NULL;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	gboolean ok = admin->store && requests_cancel(admin->store, number, reason, now, &error);
	finish(call, admin, ok, error);
	return TRUE;
}

static gboolean on_holdings(DoorAdmin1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	struct admin *admin = data;
	g_autoptr(GError) error = NULL;
	struct holdings_row held[HOLDING_COUNT];
	GVariantBuilder rows;
	if (!admin->store || !holdings_count(admin->store, held, &error)) {
		fail(call, error);
		return TRUE;
	}
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(stx)"));
	for (guint i = 0; i < HOLDING_COUNT; i++)
		g_variant_builder_add(&rows, "(stx)", holding_word(i), held[i].n, held[i].oldest);
	g_dbus_method_invocation_return_value(call, g_variant_new("(a(stx))", &rows));
	return TRUE;
}

static gboolean on_borrow_reader(
	DoorAdmin1 *iface, GDBusMethodInvocation *call, guint seconds, gpointer data)
{
	struct admin *admin = data;
	if (seconds < 1 || seconds > COUNTER_LOAN_MAX_S) {
		g_dbus_method_invocation_return_dbus_error(
			call, DOOR_ERROR_INVALID, "a loan is for 1 to 600 seconds");
		return TRUE;
	}
	const char *why = counter_lend(admin->counter, seconds);
	if (why) {
		g_dbus_method_invocation_return_dbus_error(call, DOOR_ERROR_NOT_ALLOWED, why);
		return TRUE;
	}
	admin->borrower = g_dbus_method_invocation_get_connection(call);
	g_dbus_method_invocation_return_value(call, NULL);
	return TRUE;
}

static gboolean on_return_reader(DoorAdmin1 *iface, GDBusMethodInvocation *call, gpointer data)
{
	struct admin *admin = data;
	if (admin->borrower != g_dbus_method_invocation_get_connection(call) ||
		!counter_has_lent(admin->counter)) {
		g_dbus_method_invocation_return_dbus_error(
			call, DOOR_ERROR_NOT_ALLOWED, "the loan is over already");
		return TRUE;
	}
	counter_take_back(admin->counter);
	admin->borrower = NULL;
	g_dbus_method_invocation_return_value(call, NULL);
	return TRUE;
}

void door_admin_peer_gone(DoorAdmin1 *iface, GDBusConnection *gone)
{
	struct admin *admin = g_object_get_data(G_OBJECT(iface), "admin");
	if (admin->borrower != gone)
		return;
	admin->borrower = NULL;
	counter_take_back(admin->counter);
}

DoorAdmin1 *door_admin_new(struct counter *counter, struct store *store)
{
	static const struct {
		const char *signal;
		GCallback handler;
	} handlers[] = {
		{"handle-status", G_CALLBACK(on_status)},
		{"handle-clerk-add", G_CALLBACK(on_clerk_add)},
		{"handle-clerk-remove", G_CALLBACK(on_clerk_remove)},
		{"handle-clerk-list", G_CALLBACK(on_clerk_list)},
		{"handle-queue", G_CALLBACK(on_queue)},
		{"handle-queue-cancel", G_CALLBACK(on_queue_cancel)},
		{"handle-holdings", G_CALLBACK(on_holdings)},
		{"handle-borrow-reader", G_CALLBACK(on_borrow_reader)},
		{"handle-return-reader", G_CALLBACK(on_return_reader)},
	};
	DoorAdmin1 *iface = door_admin1_skeleton_new();
	struct admin *admin = g_new0(struct admin, 1);
	admin->counter = counter;
	admin->store = store;
	g_object_set_data_full(G_OBJECT(iface), "admin", admin, g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++)
		g_signal_connect(iface, handlers[i].signal, handlers[i].handler, admin);
	return iface;
}
