/* SPDX-License-Identifier: MIT
 *
 * theatre.h - the real screens in front of a counter that plays scenes.
 *
 * madoguchi on a private desktop, fake_counter behind its door; what the screens ask for is
 * read from the latter's output. Main thread.
 */
#ifndef TESTS_UI_THEATRE_H
#define TESTS_UI_THEATRE_H

#include <gio/gio.h>

#include "tests/visits/stage.h"

struct theatre {
	struct stage stage;
	char *socket, *screens_exe, *fake_exe, *log;
	struct proc screens;
	GSubprocess *fake;
	GDataInputStream *from_fake;
	GCancellable *reading;
	GPtrArray *lines; /* what fake_counter said so far */
	guint64 visit;    /* of the scene now played */
	guint step;
};

/* Start everything; the program's errors go to a log. FALSE: said why on stderr. */
gboolean theatre_open(struct theatre *t);
/* End everything. FALSE: the screens warned or died; said on stderr. */
gboolean theatre_close(struct theatre *t);

gboolean theatre_start_fake(struct theatre *t, const char *scene);
void theatre_kill_fake(struct theatre *t);

/* Play a scene; TRUE once both windows have fetched it and the desk shows page `desk_page`. */
gboolean theatre_scene(struct theatre *t, const char *scene, const char *desk_page);

/* Wait until the control is visible (and sensitive). */
gboolean theatre_sees(struct theatre *t, const char *id);
gboolean theatre_usable(struct theatre *t, const char *id);

/* Type keys by X keysym name, NULL-terminated. */
void theatre_keys(struct theatre *t, const char *first, ...) G_GNUC_NULL_TERMINATED;

/* Wait for the intent with these arguments ("" none) for the visit and step now played. */
gboolean theatre_intent(struct theatre *t, const char *intent, const char *args);
/* Wait for a line that begins so. */
gboolean theatre_hears(struct theatre *t, const char *beginning);
guint theatre_count(struct theatre *t, const char *beginning);
void theatre_forget_lines(struct theatre *t);

#endif
