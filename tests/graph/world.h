/* SPDX-License-Identifier: MIT
 *
 * world.h - a source, its settings and the stand-in it asks; look-ups that are waited for.
 */
#ifndef TESTS_GRAPH_WORLD_H
#define TESTS_GRAPH_WORLD_H

#include "kiosk/directory/graph.h"
#include "tests/graph/stand_in.h"

#define WORLD_ID "0123456789"

struct world {
	struct stand_in *s;
	struct graph_settings settings;
	struct directory *dir;
	GError *error; /* of graph_open() */
};

/* One asked, not yet opened; change the settings, then world_open(). */
void world_begin(struct world *w);
void world_begin_with(struct world *w, struct stand_in *s); /* which world_end() stops */
gboolean world_open(struct world *w);
void world_end(struct world *w); /* unread steps are failures */

/* Until `n` requests came to the token server, or 10 s have passed. */
gboolean world_wait_requests(struct world *w, int door, guint n);
/* Until graph_open()'s own asking has its answer. */
void world_settle(struct world *w);

/* Ask and wait; `ret` may be NULL. A look-up that never ends fails the test. */
enum directory_answer world_ask(
	struct world *w, const char *kind, const char *value, struct person *ret);
enum directory_answer world_ask_id(struct world *w);

/* The cause that ready() tells; NULL: ready. The caller frees. */
GError *world_fault(struct world *w);

/* Run the main loop until `done` or for `ms`. */
void world_run(const gboolean *done, guint ms);

#endif
