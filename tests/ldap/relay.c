/* SPDX-License-Identifier: MIT */
#include "tests/ldap/relay.h"

#define BLOCK 16384

struct relay {
	GSocketService *service;
	GMainContext *context;
	GMainLoop *loop;
	GThread *thread; /* of `context` */
	guint16 port, to;
	gsize limit;
	gint cuts; /* atomic */
};

/* What a client sends. Ends with its connection. */
static gpointer forth(gpointer data)
{
	GIOStream **ends = data;
	g_output_stream_splice(g_io_stream_get_output_stream(ends[1]),
		g_io_stream_get_input_stream(ends[0]), G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
	g_socket_shutdown(
		g_socket_connection_get_socket(G_SOCKET_CONNECTION(ends[1])), TRUE, TRUE, NULL);
	return NULL;
}

static void back(struct relay *relay, GIOStream *client, GIOStream *server)
{
	guint8 block[BLOCK];
	for (gsize sent = 0; sent < relay->limit;) {
		gssize n = g_input_stream_read(g_io_stream_get_input_stream(server), block,
			MIN(sizeof block, relay->limit - sent), NULL, NULL);
		if (n <= 0)
			return;
		if (!g_output_stream_write_all(g_io_stream_get_output_stream(client), block,
			    (gsize)n, NULL, NULL, NULL))
			return;
		sent += (gsize)n;
	}
	g_atomic_int_inc(&relay->cuts);
}

static gboolean on_run(
	GThreadedSocketService *service, GSocketConnection *client, GObject *source, gpointer data)
{
	struct relay *relay = data;
	g_autoptr(GSocketClient) dial = g_socket_client_new();
	g_autoptr(GSocketConnection) server =
		g_socket_client_connect_to_host(dial, "127.0.0.1", relay->to, NULL, NULL);
	if (!server)
		return TRUE;
	GIOStream *ends[] = {G_IO_STREAM(client), G_IO_STREAM(server)};
	GThread *thread = g_thread_new("forth", forth, ends);
	back(relay, ends[0], ends[1]);
	g_socket_shutdown(g_socket_connection_get_socket(client), TRUE, TRUE, NULL);
	g_thread_join(thread);
	return TRUE;
}

static gpointer run(gpointer data)
{
	struct relay *relay = data;
	g_main_context_push_thread_default(relay->context);
	g_socket_service_start(relay->service);
	g_main_loop_run(relay->loop);
	g_main_context_pop_thread_default(relay->context);
	return NULL;
}

struct relay *relay_start(guint16 port, gsize limit)
{
	struct relay *relay = g_new0(struct relay, 1);
	relay->to = port;
	relay->limit = limit;
	relay->context = g_main_context_new();
	relay->loop = g_main_loop_new(relay->context, FALSE);
	g_main_context_push_thread_default(relay->context);
	relay->service = g_threaded_socket_service_new(4);
	g_socket_service_stop(relay->service);
	g_signal_connect(relay->service, "run", G_CALLBACK(on_run), relay);
	g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
	g_autoptr(GSocketAddress) any = g_inet_socket_address_new(loopback, 0);
	g_autoptr(GSocketAddress) at = NULL;
	if (!g_socket_listener_add_address(G_SOCKET_LISTENER(relay->service), any,
		    G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &at, NULL))
		g_error("relay: no port");
	relay->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(at));
	g_main_context_pop_thread_default(relay->context);
	relay->thread = g_thread_new("relay", run, relay);
	return relay;
}

guint16 relay_port(const struct relay *relay)
{
	return relay->port;
}

gint relay_cuts(struct relay *relay)
{
	return g_atomic_int_get(&relay->cuts);
}

struct relay *relay_stop(struct relay *relay)
{
	g_main_loop_quit(relay->loop);
	g_thread_join(relay->thread);
	g_socket_service_stop(relay->service);
	g_socket_listener_close(G_SOCKET_LISTENER(relay->service));
	g_object_unref(relay->service);
	g_main_loop_unref(relay->loop);
	g_main_context_unref(relay->context);
	g_free(relay);
	return NULL;
}
