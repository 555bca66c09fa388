/* SPDX-License-Identifier: MIT
 *
 * stand.h - a listener on 127.0.0.1 with a thread of its own; what is said there is the
 * test's. One connection at a time.
 */
#ifndef TESTS_NET_STAND_H
#define TESTS_NET_STAND_H

#include <glib.h>

struct stand; /* opaque */

/* On the stand's thread; the socket is closed after it. Reads and writes give up after
 * 10 s, and at once when the stand is stopped. */
typedef void (*stand_serve)(int fd, gpointer data);

/* Listening when it returns. */
struct stand *stand_start(stand_serve serve, gpointer data);
guint16 stand_port(const struct stand *stand);

/* How many came so far. */
gint stand_connections(struct stand *stand);

/* Within `serve`: until the other side closes, or the stand is stopped. */
void stand_wait_closed(int fd);

/* Ends what is under way. Accepts NULL, returns NULL. */
struct stand *stand_stop(struct stand *stand);

#endif
