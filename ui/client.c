/* SPDX-License-Identifier: MIT */
#include "ui/client.h"

#include "counter-dbus.h"

#define RETRY_MS     500 /* twice a second: back within 2 s of the service */
#define CALL_MS      5000
#define TOUCH_GAP_US G_TIME_SPAN_SECOND

static const char *const getters[CLIENT_VIEW_COUNT] = {
	[CLIENT_DESK] = "GetDesk",
	[CLIENT_HOLDER] = "GetHolder",
	[CLIENT_HEALTH] = "GetHealth",
};

struct fetch {
	gboolean running, again; /* again: changed while the question was under way */
	guint32 seen;            /* counter of the last Changed */
};

struct client {
	char *address;
	client_shown shown;
	gpointer data;
	GDBusConnection *connection;
	DoorCounter1 *proxy;       /* NULL while there is no connection */
	GCancellable *cancellable; /* of everything on this connection */
	guint retry;               /* source, 0: none */
	struct fetch fetches[CLIENT_VIEW_COUNT];
	gint64 touched[2];
};

static void connect_soon(struct client *c);

static void lose(struct client *c)
{
	g_cancellable_cancel(c->cancellable);
	g_clear_object(&c->cancellable);
	if (c->proxy)
		g_signal_handlers_disconnect_by_data(c->proxy, c);
	if (c->connection)
		g_signal_handlers_disconnect_by_data(c->connection, c);
	g_clear_object(&c->proxy);
	g_clear_object(&c->connection);
	memset(c->fetches, 0, sizeof c->fetches);
}

static void on_closed(GDBusConnection *connection, gboolean vanished, GError *error, gpointer data)
{
	struct client *c = data;
	lose(c);
	for (int i = 0; i < CLIENT_VIEW_COUNT; i++)
		c->shown(i, NULL, c->data);
	connect_soon(c);
}

struct question {
	struct client *client;
	enum client_view which;
};

static void fetch(struct client *c, enum client_view which);

static void on_view_ready(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autofree struct question *q = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
	/* After a cancel the client may be gone: nothing of it is touched. */
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	struct fetch *f = &q->client->fetches[q->which];
	gboolean overtaken = f->again;
	f->running = FALSE;
	if (overtaken) {
		fetch(q->client, q->which);
	} else if (answer) {
		g_autoptr(GVariant) view = g_variant_get_child_value(answer, 0);
		q->client->shown(q->which, view, q->client->data);
	}
}

static void fetch(struct client *c, enum client_view which)
{
	struct fetch *f = &c->fetches[which];
	f->again = f->running;
	if (f->running || !c->proxy)
		return;
	struct question *q = g_new(struct question, 1);
	*q = (struct question){c, which};
	f->running = TRUE;
	g_dbus_proxy_call(G_DBUS_PROXY(c->proxy), getters[which], NULL,
		G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_MS, c->cancellable, on_view_ready, q);
}

static void on_changed(
	DoorCounter1 *proxy, guint32 desk, guint32 holder, guint32 health, gpointer data)
{
	struct client *c = data;
	const guint32 now[CLIENT_VIEW_COUNT] = {desk, holder, health};
	for (int i = 0; i < CLIENT_VIEW_COUNT; i++) {
		if (c->fetches[i].seen == now[i])
			continue;
		c->fetches[i].seen = now[i];
		fetch(c, i);
	}
}

static void on_proxy_ready(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	DoorCounter1 *proxy = door_counter1_proxy_new_finish(result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	struct client *c = data;
	if (!proxy) {
		lose(c);
		connect_soon(c);
		return;
	}
	c->proxy = proxy;
	g_signal_connect(proxy, "changed", G_CALLBACK(on_changed), c);
	for (int i = 0; i < CLIENT_VIEW_COUNT; i++)
		fetch(c, i);
}

static void on_connection_ready(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autoptr(GError) error = NULL;
	GDBusConnection *connection = g_dbus_connection_new_for_address_finish(result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	struct client *c = data;
	if (!connection) {
		g_clear_object(&c->cancellable);
		connect_soon(c);
		return;
	}
	c->connection = connection;
	g_signal_connect(connection, "closed", G_CALLBACK(on_closed), c);
	door_counter1_proxy_new(connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL,
		"/madoguchi/counter", c->cancellable, on_proxy_ready, c);
}

static gboolean on_retry(gpointer data)
{
	struct client *c = data;
	c->retry = 0;
	c->cancellable = g_cancellable_new();
	g_dbus_connection_new_for_address(c->address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT,
		NULL, c->cancellable, on_connection_ready, c);
	return G_SOURCE_REMOVE;
}

static void connect_soon(struct client *c)
{
	if (c->retry == 0)
		c->retry = g_timeout_add(RETRY_MS, on_retry, c);
}

struct client *client_new(const char *socket, client_shown shown, gpointer data)
{
	struct client *c = g_new0(struct client, 1);
	g_autofree char *path = g_dbus_address_escape_value(socket);
	c->address = g_strconcat("unix:path=", path, NULL);
	c->shown = shown;
	c->data = data;
	on_retry(c);
	return c;
}

struct client *client_free(struct client *c)
{
	if (!c)
		return NULL;
	lose(c);
	if (c->retry)
		g_source_remove(c->retry);
	g_free(c->address);
	g_free(c);
	return NULL;
}

struct call {
	client_answer done;
	gpointer data;
};

static void on_call_ready(GObject *source, GAsyncResult *result, gpointer data)
{
	g_autofree struct call *call = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
	if (call->done && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		call->done(answer, call->data);
}

void client_call(struct client *c, const char *method, GVariant *args, GCancellable *cancellable,
	client_answer done, gpointer data)
{
	if (!c->proxy) {
		if (args)
			g_variant_unref(g_variant_ref_sink(args));
		if (done)
			done(NULL, data);
		return;
	}
	struct call *call = g_new(struct call, 1);
	*call = (struct call){done, data};
	g_dbus_proxy_call(G_DBUS_PROXY(c->proxy), method, args, G_DBUS_CALL_FLAGS_NO_AUTO_START,
		CALL_MS, cancellable, on_call_ready, call);
}

void client_touch(struct client *c, const char *seat)
{
	gint64 now = g_get_monotonic_time();
	gint64 *last = &c->touched[g_str_equal(seat, "desk") ? 0 : 1];
	if (!c->proxy || (*last != 0 && now - *last < TOUCH_GAP_US))
		return;
	*last = now;
	client_call(c, "Touch", g_variant_new("(s)", seat), NULL, NULL, NULL);
}
