/* SPDX-License-Identifier: MIT
 *
 * view.h - a second connection through the door: what the counter says, beside what the
 * screens show.
 *
 * Only looks: no intent is ever sent here. Lives through a killed service.
 */
#ifndef TESTS_VISITS_VIEW_H
#define TESTS_VISITS_VIEW_H

#include <glib.h>

struct view;

/* Called for every state the counter was seen in. */
typedef void (*view_on_state)(const char *state, gpointer data);

/* `socket` may not be there yet: each wait tries again. */
struct view *view_new(const char *socket, view_on_state on_state, gpointer data);
struct view *view_free(struct view *v);

/* Ask both views and health again, connecting if needed. FALSE: nobody there. */
gboolean view_refresh(struct view *v);

/* Borrowed until the next refresh; "" and 0 where absent. `seat`: "desk", "holder", "health". */
const char *view_string(struct view *v, const char *seat, const char *key);
guint64 view_number(struct view *v, const char *seat, const char *key);
gboolean view_flag(struct view *v, const char *seat, const char *key);
GVariant *view_value(struct view *v, const char *seat, const char *key); /* new ref or NULL */

/* "P-01 P-50": words of an `as`, joined; of an a(ssb), the first members. */
char *view_words(struct view *v, const char *seat, const char *key);

#endif
