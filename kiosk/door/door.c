/* SPDX-License-Identifier: MIT */
#include "kiosk/door/door.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/counter.h"
#include "kiosk/door/door_private.h"

/* Screens, madoguchictl and a spare: more peers have no business here. */
#define CONNECTIONS_MAX 8
/* A peer that has not proved its uid by then is dropped. */
#define AUTH_MS 3000

/* Counted: a greeting in a worker of GDBus may outlive door_close(). */
struct door {
	struct door_options options;
	char *socket;
	char *guid;
	GSocketService *service;
	DoorCounter1 *counter;
	DoorAdmin1 *admin;
	GPtrArray *connections; /* of GDBusConnection */
	GPtrArray *greetings;   /* of struct greeting; borrowed */
	gboolean closed;
};

/* One peer on its way in; owned by its asynchronous call. */
struct greeting {
	struct door *door; /* a reference */
	GCancellable *cancellable;
	guint late;
};

static gboolean is_known_uid(const struct door_options *o, uid_t uid)
{
	if (uid == getuid())
		return TRUE;
	for (gsize i = 0; i < o->n_uids; i++)
		if (o->uids[i] == uid)
			return TRUE;
	return FALSE;
}

static gboolean is_in_group(uid_t uid, gid_t gid)
{
	struct passwd *pw = getpwuid(uid);
	gid_t groups[64];
	int n = G_N_ELEMENTS(groups);
	if (!pw || getgrouplist(pw->pw_name, pw->pw_gid, groups, &n) < 0)
		return FALSE;
	for (int i = 0; i < n; i++)
		if (groups[i] == gid)
			return TRUE;
	return FALSE;
}

static gboolean is_admin_uid(uid_t uid, guint32 admin_gid)
{
	return uid == 0 || uid == getuid() ||
	       (admin_gid != G_MAXUINT32 && is_in_group(uid, admin_gid));
}

gboolean door_peer_is_admin(GDBusConnection *connection, guint32 admin_gid)
{
	GCredentials *peer = g_dbus_connection_get_peer_credentials(connection);
	return peer && is_admin_uid(g_credentials_get_unix_user(peer, NULL), admin_gid);
}

static gboolean on_allow_mechanism(
	GDBusAuthObserver *observer, const char *mechanism, gpointer data)
{
	return g_str_equal(mechanism, "EXTERNAL");
}

/* Runs in a worker of GDBus: only reads what never changes. */
static gboolean on_authorize(
	GDBusAuthObserver *observer, GIOStream *stream, GCredentials *peer, gpointer data)
{
	const struct door *door = data;
	uid_t uid = peer ? g_credentials_get_unix_user(peer, NULL) : (uid_t)-1;
	return uid != (uid_t)-1 &&
	       (is_known_uid(&door->options, uid) || is_admin_uid(uid, door->options.admin_gid));
}

/* A skeleton keeps every connection it was exported on. */
static void withdraw(gpointer skeleton, GDBusConnection *connection)
{
	GDBusInterfaceSkeleton *interface = G_DBUS_INTERFACE_SKELETON(skeleton);
	if (g_dbus_interface_skeleton_has_connection(interface, connection))
		g_dbus_interface_skeleton_unexport_from_connection(interface, connection);
}

static void on_closed(GDBusConnection *connection, gboolean vanished, GError *error, gpointer data)
{
	struct door *door = data;
	if (door_counter_lost_witness(door->counter, connection))
		counter_unseen(door->options.counter);
	door_admin_peer_gone(door->admin, connection);
	g_signal_handlers_disconnect_by_data(connection, door);
	withdraw(door->counter, connection);
	withdraw(door->admin, connection);
	g_ptr_array_remove_fast(door->connections, connection);
}

static gboolean export(struct door *door, GDBusConnection *connection, GError **error)
{
	uid_t uid = g_credentials_get_unix_user(
		g_dbus_connection_get_peer_credentials(connection), NULL);
	if (is_known_uid(&door->options, uid) || uid == 0)
		if (!g_dbus_interface_skeleton_export(
			    G_DBUS_INTERFACE_SKELETON(door->counter), connection, DOOR_PATH, error))
			return FALSE;
	return !door_peer_is_admin(connection, door->options.admin_gid) ||
	       g_dbus_interface_skeleton_export(
		       G_DBUS_INTERFACE_SKELETON(door->admin), connection, DOOR_PATH, error);
}

static void let_in(struct door *door, GDBusConnection *connection)
{
	g_autoptr(GError) error = NULL;
	if (door->connections->len >= CONNECTIONS_MAX || !export(door, connection, &error)) {
		g_warning("door: %s", error ? error->message : "too many peers");
		g_dbus_connection_close(connection, NULL, NULL, NULL);
		return;
	}
	g_ptr_array_add(door->connections, g_object_ref(connection));
	g_dbus_connection_set_exit_on_close(connection, FALSE);
	g_signal_connect(connection, "closed", G_CALLBACK(on_closed), door);
	g_dbus_connection_start_message_processing(connection);
}

static void door_clear(gpointer data)
{
	struct door *door = data;
	g_clear_object(&door->counter);
	g_clear_object(&door->admin);
	g_clear_object(&door->service);
	g_ptr_array_unref(door->connections);
	g_ptr_array_unref(door->greetings);
	g_free(door->socket);
	g_free(door->guid);
}

static void greeting_free(struct greeting *greeting)
{
	g_clear_handle_id(&greeting->late, g_source_remove);
	g_ptr_array_remove_fast(greeting->door->greetings, greeting);
	g_object_unref(greeting->cancellable);
	g_rc_box_release_full(greeting->door, door_clear);
	g_free(greeting);
}

static void on_greeted(GObject *source, GAsyncResult *result, gpointer data)
{
	struct greeting *greeting = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GDBusConnection) connection = g_dbus_connection_new_finish(result, &error);
	if (connection && !greeting->door->closed)
		let_in(greeting->door, connection);
	else if (!connection)
		g_message("door: a peer was turned away");
	greeting_free(greeting);
}

static gboolean on_late(gpointer data)
{
	struct greeting *greeting = data;
	greeting->late = 0;
	g_cancellable_cancel(greeting->cancellable);
	return G_SOURCE_REMOVE;
}

static gboolean on_incoming(
	GSocketService *service, GSocketConnection *stream, GObject *source, gpointer data)
{
	struct door *door = data;
	if (door->greetings->len + door->connections->len >= CONNECTIONS_MAX)
		return TRUE; /* the stream closes with its last reference */
	g_autoptr(GDBusAuthObserver) observer = g_dbus_auth_observer_new();
	g_signal_connect(observer, "allow-mechanism", G_CALLBACK(on_allow_mechanism), NULL);
	g_signal_connect(observer, "authorize-authenticated-peer", G_CALLBACK(on_authorize), door);
	struct greeting *greeting = g_new0(struct greeting, 1);
	greeting->door = g_rc_box_acquire(door);
	greeting->cancellable = g_cancellable_new();
	greeting->late = g_timeout_add(AUTH_MS, on_late, greeting);
	g_ptr_array_add(door->greetings, greeting);
	g_dbus_connection_new(G_IO_STREAM(stream), door->guid,
		G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER |
			G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
		observer, greeting->cancellable, on_greeted, greeting);
	return TRUE;
}

static void on_counter_changed(guint desk, guint holder, guint health, gpointer data)
{
	struct door *door = data;
	door_counter1_emit_changed(door->counter, desk, holder, health);
}

/* Is somebody listening on the socket that stands there? */
static gboolean is_alive(const char *path)
{
	g_autoptr(GSocketClient) client = g_socket_client_new();
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
	g_socket_client_set_timeout(client, 1);
	g_autoptr(GSocketConnection) stream =
		g_socket_client_connect(client, G_SOCKET_CONNECTABLE(address), NULL, NULL);
	return stream != NULL;
}

static gboolean clear_way(const struct door_options *o, GError **error)
{
	struct stat st;
	if (lstat(o->socket, &st) < 0)
		return TRUE;
	if (!S_ISSOCK(st.st_mode) || (!o->locked && is_alive(o->socket))) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
			"%s is in use by another service", o->socket);
		return FALSE;
	}
	return g_unlink(o->socket) == 0;
}

static gboolean listen_at(struct door *door, GError **error)
{
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(door->socket);
	if (!clear_way(&door->options, error))
		return FALSE;
	mode_t before = umask(0117); /* 0660 from the first moment on */
	gboolean ok = g_socket_listener_add_address(G_SOCKET_LISTENER(door->service), address,
		G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
	umask(before);
	return ok;
}

struct door *door_open(const struct door_options *options, GError **error)
{
	struct door *door = g_rc_box_new0(struct door);
	door->options = *options;
	door->socket = g_strdup(options->socket);
	door->options.socket = door->socket;
	door->guid = g_dbus_generate_guid();
	door->connections = g_ptr_array_new_with_free_func(g_object_unref);
	door->greetings = g_ptr_array_new();
	door->service = g_socket_service_new();
	door->counter = door_counter_new(options->counter);
	door->admin = door_admin_new(options->counter, options->store);
	if (!listen_at(door, error)) {
		g_rc_box_release_full(door, door_clear);
		return NULL;
	}
	g_signal_connect(door->service, "incoming", G_CALLBACK(on_incoming), door);
	counter_on_changed(options->counter, on_counter_changed, door);
	g_socket_service_start(door->service);
	return door;
}

static void hang_up(gpointer data, gpointer user_data)
{
	GDBusConnection *connection = data;
	struct door *door = user_data;
	g_signal_handlers_disconnect_by_data(connection, door);
	withdraw(door->counter, connection);
	withdraw(door->admin, connection);
	g_dbus_connection_close(connection, NULL, NULL, NULL);
}

static void turn_away(gpointer data, gpointer unused)
{
	struct greeting *greeting = data;
	g_cancellable_cancel(greeting->cancellable);
}

struct door *door_close(struct door *door)
{
	if (!door)
		return NULL;
	door->closed = TRUE;
	counter_on_changed(door->options.counter, NULL, NULL);
	g_socket_service_stop(door->service);
	g_socket_listener_close(G_SOCKET_LISTENER(door->service));
	g_unlink(door->socket);
	g_ptr_array_foreach(door->greetings, turn_away, NULL);
	g_ptr_array_foreach(door->connections, hang_up, door);
	g_ptr_array_set_size(door->connections, 0);
	g_rc_box_release_full(door, door_clear);
	return NULL;
}
