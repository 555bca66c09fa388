/* SPDX-License-Identifier: MIT
 *
 * scenes.h - what the two windows are shown in every state, with the sample people.
 *
 * The names, numbers and addresses are invented.
 */
#ifndef TESTS_UI_SCENES_H
#define TESTS_UI_SCENES_H

#include <glib.h>

struct scene {
	const char *name;  /* "check", "check-english" … */
	const char *state; /* visit_state_word() */
	gboolean person;   /* a person is in the views */
	const char *desk, *holder; /* entries of the views in GVariant's text form */
};

extern const struct scene scenes[];
extern const gsize n_scenes;

const struct scene *scene_find(const char *name); /* NULL: none */

/* The whole views, a{sv}, floating. */
GVariant *scene_desk(const struct scene *scene, guint64 visit, guint step);
GVariant *scene_holder(const struct scene *scene, guint64 visit, guint step);
GVariant *scene_health(const struct scene *scene);

/* Words of the sample people that no screen may keep once they are gone. */
extern const char *const scene_marks[]; /* NULL-terminated */

#endif
