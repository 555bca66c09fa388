/* SPDX-License-Identifier: MIT
 *
 * door_private.h - what the files of the door share.
 */
#ifndef KIOSK_DOOR_DOOR_PRIVATE_H
#define KIOSK_DOOR_DOOR_PRIVATE_H

#include "counter-dbus.h"
#include "kiosk/door/door.h"

/* The interface the screens use, wired to `counter`. */
DoorCounter1 *door_counter_new(struct counter *counter);

/* Was `gone` the peer that had shown the payload? Only asked once for each. */
gboolean door_counter_lost_witness(DoorCounter1 *iface, GDBusConnection *gone);

/* The interface of madoguchictl. */
DoorAdmin1 *door_admin_new(struct counter *counter, struct store *store);

/* `gone` is no more: what it had borrowed is taken back. */
void door_admin_peer_gone(DoorAdmin1 *iface, GDBusConnection *gone);

/* May this peer use the Admin interface? */
gboolean door_peer_is_admin(GDBusConnection *connection, guint32 admin_gid);

#define DOOR_ERROR_STALE       "madoguchi.Stale"
#define DOOR_ERROR_NOT_ALLOWED "madoguchi.NotAllowed"
#define DOOR_ERROR_INVALID     "madoguchi.Invalid"
#define DOOR_ERROR_FAILED      "madoguchi.Failed"

#endif
