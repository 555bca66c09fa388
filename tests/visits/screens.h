/* SPDX-License-Identifier: MIT
 *
 * screens.h - the two windows as assistive technology finds them: by accessible id.
 *
 * The only way in which a visit acts on the screens. Every call asks anew: nothing of a
 * window that may be killed is kept. Main thread; a short D-Bus deadline each.
 */
#ifndef TESTS_VISITS_SCREENS_H
#define TESTS_VISITS_SCREENS_H

#include <glib.h>

/* After the stage stands. */
gboolean screens_connect(GError **error);
void screens_disconnect(void);

/* Are two windows there, the desk's and the holder's? */
gboolean screens_ready(void);

/* Is one of the controls with these accessible ids, separated by spaces, visible? */
gboolean screens_shows(const char *ids);

/* Is the control visible and sensitive? */
gboolean screens_usable(const char *id);

/* Press it, as its own accessible action. FALSE: not there, not sensitive or no action. */
gboolean screens_click(const char *id);

/* Replace the text of an entry. */
gboolean screens_type(const char *id, const char *text);

/* Give it the keyboard focus. */
gboolean screens_focus(const char *id);

/* Choose the row of a combo box whose id or text is `choice`. */
gboolean screens_choose(const char *id, const char *choice);

/* Scroll the window in which `id` is visible down by about half a page. FALSE: its end was
 * reached before. */
gboolean screens_scroll(const char *id);

/* Press and release a key (X keysym name) wherever the focus is. */
gboolean screens_key(const char *keysym);

/* Everything the two windows say, one line a text; for looking for what must be gone. */
char *screens_text(void);

/* Ids and roles of everything visible: for the log of a visit that failed. */
char *screens_tree(void);

#endif
