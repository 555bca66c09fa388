/* SPDX-License-Identifier: MIT
 *
 * service.c - madoguchictl's way to the running service; see ctl.h.
 */
#include "kiosk/ctl/ctl.h"

#include <string.h>

#include <gio/gunixsocketaddress.h>

#include "kiosk/door/door.h"

#define GREET_S 3     /* for connecting and proving who we are */
#define CALL_MS 20000 /* scrypt on a slow desk takes its time */

/* The kernel says who we are; cookies in a home folder prove less. */
static gboolean on_allow_mechanism(
	GDBusAuthObserver *observer, const char *mechanism, gpointer data)
{
	return strcmp(mechanism, "EXTERNAL") == 0;
}

static GDBusConnection *greet(GSocketConnection *socket, GError **error)
{
	g_autoptr(GDBusAuthObserver) observer = g_dbus_auth_observer_new();
	g_signal_connect(observer, "allow-mechanism", G_CALLBACK(on_allow_mechanism), NULL);
	GDBusConnection *connection = g_dbus_connection_new_sync(G_IO_STREAM(socket), NULL,
		G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, observer, NULL, error);
	/* From here each call has a limit of its own. */
	g_socket_set_timeout(g_socket_connection_get_socket(socket), 0);
	return connection;
}

/* Nobody listens there: the service is stopped, or left its socket behind. */
static gboolean is_absent(const GError *error)
{
	return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
	       g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

gboolean ctl_connect(struct ctl *ctl, GError **error)
{
	const char *path = ctl->config->socket;
	g_autoptr(GSocketClient) client = g_socket_client_new();
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
	g_autoptr(GError) cause = NULL;
	g_socket_client_set_timeout(client, GREET_S);
	g_autoptr(GSocketConnection) socket =
		g_socket_client_connect(client, G_SOCKET_CONNECTABLE(address), NULL, &cause);
	if (!socket && is_absent(cause))
		return TRUE;
	g_autoptr(GDBusConnection) connection = socket ? greet(socket, &cause) : NULL;
	if (connection)
		ctl->service = door_admin1_proxy_new_sync(connection,
			G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL, DOOR_PATH, NULL, &cause);
	if (!ctl->service) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
			"%s: the service does not let us in: %s", path, cause->message);
		return FALSE;
	}
	g_dbus_proxy_set_default_timeout(G_DBUS_PROXY(ctl->service), CALL_MS);
	return TRUE;
}

gboolean ctl_called(gboolean ok, GError **error)
{
	if (ok)
		return TRUE;
	if (g_error_matches(*error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
		g_error_matches(*error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) ||
		g_error_matches(*error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT)) {
		g_clear_error(error);
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
			"the service serves this verb to root, its own user and its admin group");
		return FALSE;
	}
	if (*error)
		g_dbus_error_strip_remote_error(*error);
	return FALSE;
}
