/* SPDX-License-Identifier: MIT
 *
 * relay.h - a cable between a client and a server on loopback, cut after so many bytes.
 */
#ifndef TESTS_LDAP_RELAY_H
#define TESTS_LDAP_RELAY_H

#include <gio/gio.h>

struct relay;

/* Connections to the port of the relay go on to `port`; each is cut once `limit` bytes came
 * back from the server. What cannot be set up ends the test. */
struct relay *relay_start(guint16 port, gsize limit);
guint16 relay_port(const struct relay *relay);

/* How many were cut. */
gint relay_cuts(struct relay *relay);

struct relay *relay_stop(struct relay *relay);

#endif
