/* SPDX-License-Identifier: MIT
 *
 * client.h - this side of the door: a connection that always comes back.
 *
 * Main thread; nothing here blocks. Views are fetched when the service says that they
 * changed: one question at a time for each, and an answer that was overtaken is dropped.
 */
#ifndef UI_CLIENT_H
#define UI_CLIENT_H

#include <gio/gio.h>

struct client;

enum client_view { CLIENT_DESK, CLIENT_HOLDER, CLIENT_HEALTH, CLIENT_VIEW_COUNT };

/* `view` is an a{sv}, borrowed. NULL: the service went away; nothing is known any more. */
typedef void (*client_shown)(enum client_view which, GVariant *view, gpointer data);

struct client *client_new(const char *socket, client_shown shown, gpointer data);
struct client *client_free(struct client *client);

/* Call a method of the counter. `args` floating or NULL. `done` may be NULL; it gets NULL
 * for a refusal or a lost connection, and is not called after `cancellable`. */
typedef void (*client_answer)(GVariant *answer, gpointer data);
void client_call(struct client *client, const char *method, GVariant *args,
	GCancellable *cancellable, client_answer done, gpointer data);

/* A hand at a window; sent at most once a second for each seat. */
void client_touch(struct client *client, const char *seat);

#endif
