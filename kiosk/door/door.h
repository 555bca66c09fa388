/* SPDX-License-Identifier: MIT
 *
 * door.h - the service's side of the door: one unix socket, peer-to-peer D-Bus.
 *
 * Main thread. Own GSocketService with limits: GDBusServer alone would leave the
 * socket open to everybody and keep a thread for each unauthenticated peer.
 */
#ifndef KIOSK_DOOR_DOOR_H
#define KIOSK_DOOR_DOOR_H

#include <gio/gio.h>

#include "kiosk/cleanup.h"

struct counter;
struct store;
struct door;

#define DOOR_PATH "/madoguchi/counter"

struct door_options {
	const char *socket;
	const guint32 *uids; /* peers that are let in; own uid always is */
	gsize n_uids;
	guint32 admin_gid; /* G_MAXUINT32: none */
	/* The data folder's lock is held: a socket left by a dead service may be removed. */
	gboolean locked;
	struct counter *counter;
	struct store *store; /* NULL: Admin's changing verbs are refused */
};

/* Listen. All pointers are borrowed and outlive the door. */
struct door *door_open(const struct door_options *options, GError **error);

/* Ends every connection and removes the socket. */
struct door *door_close(struct door *door);
DEFINE_CLEANUP(door, door_close)

#endif
