/* SPDX-License-Identifier: MIT
 *
 * fake_counter - a stand-in behind the real door, for the screens alone.
 *
 * usage: fake_counter SOCKET [SCENE]
 *
 * Commands on standard input: "scene NAME" (next view), "next" (the same views with the next
 * step), "left N" (seconds until the visit ends), "drop" (lose every connection), "quit".
 * On standard output: "ready", "scene NAME visit step", "intent NAME (arguments)",
 * "served desk|holder|health", one a line.
 */
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "counter-dbus.h"
#include "tests/ui/scenes.h"

struct fake {
	GMainLoop *loop;
	DoorCounter1 *skeleton;
	GList *connections;
	const struct scene *scene;
	guint64 visit;
	guint step, left;
};

static void say(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void say(const char *format, ...)
{
	va_list args;
	/* Called by GDBus's thread too: one line is one piece. */
	flockfile(stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	funlockfile(stdout);
}

static void announce(struct fake *f)
{
	/* One counter serves all three: a change is a change. */
	door_counter1_emit_changed(f->skeleton, f->step, f->step, f->step);
}

static void to_scene(struct fake *f, const struct scene *scene)
{
	f->scene = scene;
	f->step++;
	f->left = 0;
	say("scene %s %" G_GUINT64_FORMAT " %u", scene->name, scene->person ? f->visit : 0,
		f->step);
	announce(f);
}

/* --- the door --- */

static gboolean on_get_desk(DoorCounter1 *door, GDBusMethodInvocation *call, gpointer data)
{
	struct fake *f = data;
	door_counter1_complete_get_desk(door, call, scene_desk(f->scene, f->visit, f->step));
	say("served desk %s %u", f->scene->name, f->step);
	return TRUE;
}

static GVariant *with_left(struct fake *f, GVariant *view)
{
	GVariantDict dict;
	g_autoptr(GVariant) own = g_variant_ref_sink(view);
	if (f->left == 0)
		return g_steal_pointer(&own);
	g_variant_dict_init(&dict, own);
	g_variant_dict_insert(&dict, "left", "u", f->left);
	return g_variant_dict_end(&dict);
}

static gboolean on_get_holder(DoorCounter1 *door, GDBusMethodInvocation *call, gpointer data)
{
	struct fake *f = data;
	door_counter1_complete_get_holder(
		door, call, with_left(f, scene_holder(f->scene, f->visit, f->step)));
	say("served holder %s %u", f->scene->name, f->step);
	return TRUE;
}

static gboolean on_get_health(DoorCounter1 *door, GDBusMethodInvocation *call, gpointer data)
{
	struct fake *f = data;
	door_counter1_complete_get_health(door, call, with_left(f, scene_health(f->scene)));
	return TRUE;
}

static gboolean on_list_sheets(DoorCounter1 *door, GDBusMethodInvocation *call, gpointer data)
{
	door_counter1_complete_list_sheets(door, call,
		g_variant_new_parsed("[('ENG1-20261122-0001C', int64 1795280000), "
				     "('ENG1-20261122-0002E', int64 1795281234)]"));
	return TRUE;
}

static gboolean on_open_sheet(
	DoorCounter1 *door, GDBusMethodInvocation *call, const char *number, gpointer data)
{
	say("intent OpenSheet ('%s',)", number);
	door_counter1_complete_open_sheet(door, call,
		g_variant_new_parsed(
			"[('common_id', '3141592653'), ('name_ja', '東都 花子'), ('name_en', "
			"'Hanako Toto'), ('role', 'student'), ('affiliation', '37'), ('reason', "
			"'lost'), ('request', 'reregister-verification-method'), ('desk', 'ENG1'), "
			"('office', 'eng'), ('asked_at', '2026-11-22T10:32:05+09:00')]"));
	return TRUE;
}

/* Everything else is an intent: told on standard output, and taken. */
static GDBusMessage *on_message(
	GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
	static const char *const silent[] = {
		"GetDesk", "GetHolder", "GetHealth", "ListSheets", "OpenSheet", "GetAll", NULL};
	const char *member = g_dbus_message_get_member(message);
	if (!incoming ||
		g_dbus_message_get_message_type(message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL ||
		g_strv_contains(silent, member))
		return message;
	GVariant *body = g_dbus_message_get_body(message);
	g_autofree char *args = body ? g_variant_print(body, FALSE) : g_strdup("()");
	say("intent %s %s", member, args);
	g_autoptr(GDBusMessage) reply = g_dbus_message_new_method_reply(message);
	/* A number that makes no sense is refused, as the service does it. */
	if (g_str_equal(member, "NoCard") && strstr(args, "'12'")) {
		g_object_unref(reply);
		reply = g_dbus_message_new_method_error(message, "madoguchi.Invalid", "number");
	}
	g_dbus_connection_send_message(
		connection, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
	g_object_unref(message);
	return NULL;
}

static void on_closed(GDBusConnection *connection, gboolean vanished, GError *error, gpointer data)
{
	struct fake *f = data;
	f->connections = g_list_remove(f->connections, connection);
	g_object_unref(connection);
}

static gboolean on_connection(GDBusServer *server, GDBusConnection *connection, gpointer data)
{
	struct fake *f = data;
	g_autoptr(GError) error = NULL;
	if (!g_dbus_interface_skeleton_export(G_DBUS_INTERFACE_SKELETON(f->skeleton), connection,
		    "/madoguchi/counter", &error))
		g_error("%s", error->message);
	g_dbus_connection_add_filter(connection, on_message, f, NULL);
	f->connections = g_list_prepend(f->connections, g_object_ref(connection));
	g_signal_connect(connection, "closed", G_CALLBACK(on_closed), f);
	return TRUE;
}

static gboolean on_mechanism(GDBusAuthObserver *observer, const char *mechanism, gpointer data)
{
	return g_str_equal(mechanism, "EXTERNAL");
}

static gboolean on_peer(
	GDBusAuthObserver *observer, GIOStream *stream, GCredentials *peer, gpointer data)
{
	return peer && g_credentials_get_unix_user(peer, NULL) == getuid();
}

static GDBusServer *listen_on(struct fake *f, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDBusAuthObserver) observer = g_dbus_auth_observer_new();
	g_autofree char *guid = g_dbus_generate_guid();
	g_autofree char *escaped = g_dbus_address_escape_value(path);
	g_autofree char *address = g_strconcat("unix:path=", escaped, NULL);
	unlink(path);
	g_signal_connect(observer, "allow-mechanism", G_CALLBACK(on_mechanism), NULL);
	g_signal_connect(observer, "authorize-authenticated-peer", G_CALLBACK(on_peer), NULL);
	GDBusServer *server = g_dbus_server_new_sync(
		address, G_DBUS_SERVER_FLAGS_NONE, guid, observer, NULL, &error);
	if (!server)
		g_error("%s", error->message);
	g_signal_connect(server, "new-connection", G_CALLBACK(on_connection), f);
	g_dbus_server_start(server);
	return server;
}

static void serve(struct fake *f)
{
	const struct {
		const char *signal;
		GCallback handler;
	} handlers[] = {
		{"handle-get-desk", G_CALLBACK(on_get_desk)},
		{"handle-get-holder", G_CALLBACK(on_get_holder)},
		{"handle-get-health", G_CALLBACK(on_get_health)},
		{"handle-list-sheets", G_CALLBACK(on_list_sheets)},
		{"handle-open-sheet", G_CALLBACK(on_open_sheet)},
	};
	f->skeleton = door_counter1_skeleton_new();
	for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++)
		g_signal_connect(f->skeleton, handlers[i].signal, handlers[i].handler, f);
}

/* --- commands --- */

static void drop_all(struct fake *f)
{
	g_autoptr(GList) all = g_list_copy(f->connections);
	for (GList *l = all; l; l = l->next)
		g_dbus_connection_close(l->data, NULL, NULL, NULL);
}

static void obey(struct fake *f, const char *line)
{
	const struct scene *scene =
		g_str_has_prefix(line, "scene ") ? scene_find(line + strlen("scene ")) : NULL;
	if (scene)
		to_scene(f, scene);
	else if (g_str_equal(line, "next"))
		to_scene(f, f->scene);
	else if (g_str_equal(line, "drop"))
		drop_all(f);
	else if (sscanf(line, "left %u", &f->left) == 1) {
		f->step++;
		announce(f);
	} else if (g_str_equal(line, "quit"))
		g_main_loop_quit(f->loop);
	else
		say("what? %s", line);
}

static void on_line(GObject *source, GAsyncResult *result, gpointer data)
{
	struct fake *f = data;
	GDataInputStream *in = G_DATA_INPUT_STREAM(source);
	g_autofree char *line = g_data_input_stream_read_line_finish(in, result, NULL, NULL);
	if (!line) {
		g_main_loop_quit(f->loop);
		return;
	}
	obey(f, line);
	g_data_input_stream_read_line_async(in, G_PRIORITY_DEFAULT, NULL, on_line, f);
}

int main(int argc, char **argv)
{
	struct fake f = {.visit = 7};
	if (argc < 2) {
		fprintf(stderr, "usage: fake_counter SOCKET [SCENE]\n");
		return 2;
	}
	f.scene = scene_find(argc > 2 ? argv[2] : "welcome");
	if (!f.scene)
		return 2;
	f.step = 1;
	f.loop = g_main_loop_new(NULL, FALSE);
	serve(&f);
	g_autoptr(GDBusServer) server = listen_on(&f, argv[1]);
	g_autoptr(GInputStream) raw = g_unix_input_stream_new(STDIN_FILENO, FALSE);
	g_autoptr(GDataInputStream) in = g_data_input_stream_new(raw);
	g_data_input_stream_read_line_async(in, G_PRIORITY_DEFAULT, NULL, on_line, &f);
	say("ready");
	g_main_loop_run(f.loop);
	g_dbus_server_stop(server);
	unlink(argv[1]);
	return 0;
}
