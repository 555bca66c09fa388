/* SPDX-License-Identifier: MIT */
#include "tests/visits/view.h"

#include <gio/gio.h>

#include "counter-dbus.h"

#define CALL_MS 2000
#define OBJECT  "/madoguchi/counter"

struct view {
	char *address;
	GDBusConnection *connection;
	DoorCounter1 *counter;
	GHashTable *seats; /* name -> a{sv} */
	view_on_state on_state;
	gpointer data;
};

struct view *view_new(const char *socket, view_on_state on_state, gpointer data)
{
	struct view *v = g_new0(struct view, 1);
	v->address = g_strdup_printf("unix:path=%s", socket);
	v->seats = g_hash_table_new_full(
		g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_variant_unref);
	v->on_state = on_state;
	v->data = data;
	return v;
}

static void disconnect(struct view *v)
{
	g_clear_object(&v->counter);
	g_clear_object(&v->connection);
	g_hash_table_remove_all(v->seats);
}

struct view *view_free(struct view *v)
{
	if (!v)
		return NULL;
	disconnect(v);
	g_hash_table_unref(v->seats);
	g_free(v->address);
	g_free(v);
	return NULL;
}

static void on_changed(DoorCounter1 *counter, guint desk, guint holder, guint health, gpointer data)
{
	view_refresh(data);
}

static gboolean connect_door(struct view *v)
{
	if (v->connection && !g_dbus_connection_is_closed(v->connection))
		return TRUE;
	disconnect(v);
	v->connection = g_dbus_connection_new_for_address_sync(
		v->address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, NULL);
	if (!v->connection)
		return FALSE;
	v->counter = door_counter1_proxy_new_sync(
		v->connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL, OBJECT, NULL, NULL);
	if (!v->counter)
		return FALSE;
	g_dbus_proxy_set_default_timeout(G_DBUS_PROXY(v->counter), CALL_MS);
	g_signal_connect(v->counter, "changed", G_CALLBACK(on_changed), v);
	return TRUE;
}

gboolean view_refresh(struct view *v)
{
	GVariant *desk = NULL, *holder = NULL, *health = NULL;
	if (!connect_door(v) || !door_counter1_call_get_desk_sync(v->counter, &desk, NULL, NULL))
		return FALSE;
	g_hash_table_replace(v->seats, (gpointer) "desk", desk);
	if (door_counter1_call_get_holder_sync(v->counter, &holder, NULL, NULL))
		g_hash_table_replace(v->seats, (gpointer) "holder", holder);
	if (door_counter1_call_get_health_sync(v->counter, &health, NULL, NULL))
		g_hash_table_replace(v->seats, (gpointer) "health", health);
	if (v->on_state)
		v->on_state(view_string(v, "desk", "state"), v->data);
	return TRUE;
}

GVariant *view_value(struct view *v, const char *seat, const char *key)
{
	GVariant *all = g_hash_table_lookup(v->seats, seat);
	return all ? g_variant_lookup_value(all, key, NULL) : NULL;
}

const char *view_string(struct view *v, const char *seat, const char *key)
{
	GVariant *all = g_hash_table_lookup(v->seats, seat);
	const char *text = NULL;
	return all && g_variant_lookup(all, key, "&s", &text) ? text : "";
}

guint64 view_number(struct view *v, const char *seat, const char *key)
{
	g_autoptr(GVariant) value = view_value(v, seat, key);
	if (value && g_variant_is_of_type(value, G_VARIANT_TYPE_UINT32))
		return g_variant_get_uint32(value);
	if (value && g_variant_is_of_type(value, G_VARIANT_TYPE_UINT64))
		return g_variant_get_uint64(value);
	return 0;
}

gboolean view_flag(struct view *v, const char *seat, const char *key)
{
	g_autoptr(GVariant) value = view_value(v, seat, key);
	return value && g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN) &&
	       g_variant_get_boolean(value);
}

char *view_words(struct view *v, const char *seat, const char *key)
{
	g_autoptr(GVariant) list = view_value(v, seat, key);
	GString *words = g_string_new(NULL);
	gsize n = list ? g_variant_n_children(list) : 0;
	for (gsize i = 0; i < n; i++) {
		g_autoptr(GVariant) row = g_variant_get_child_value(list, i);
		g_autoptr(GVariant) first = g_variant_is_of_type(row, G_VARIANT_TYPE_TUPLE)
						    ? g_variant_get_child_value(row, 0)
						    : g_variant_ref(row);
		g_string_append_printf(
			words, "%s%s", i ? " " : "", g_variant_get_string(first, NULL));
	}
	return g_string_free(words, FALSE);
}
