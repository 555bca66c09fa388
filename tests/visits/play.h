/* SPDX-License-Identifier: MIT
 *
 * play.h - everything one visit is played with: the stage, a private pcscd, the counter
 * service, the screens, and the connection that looks on.
 *
 * All files stand in a folder of the visit's own, made anew each time.
 */
#ifndef TESTS_VISITS_PLAY_H
#define TESTS_VISITS_PLAY_H

#include <glib.h>

#include "tests/visits/cards.h"
#include "tests/visits/picture.h"
#include "tests/visits/proc.h"
#include "tests/visits/report.h"
#include "tests/visits/script.h"
#include "tests/visits/stage.h"
#include "tests/visits/view.h"

/* Waits of a visit, generous for a slow machine: nothing in it takes this long. */
#define PLAY_WAIT_MS 10000

struct play {
	const char *source, *build; /* folders of the source and of the programs */
	char *dir, *data, *socket, *incidents, *config;
	struct stage stage;
	struct cards *cards;
	struct proc service, screens;
	gboolean screens_found; /* the accessibility bus is there */
	struct view *view;
	struct picture_display *display;
	struct report *report;
	char *pictured; /* state of the last picture */
	guint pictures;
};

/* Folder, stage and the readers that the script names. */
gboolean play_open(struct play *p, const struct script *script, GError **error);

/* Write what the script says of the desk (setting.h). */
gboolean play_configure(struct play *p, const struct script *script, GError **error);

/* What a desk has before its first day: master key, directory, two clerks. */
gboolean play_prepare(struct play *p, GError **error);

gboolean play_start_service(struct play *p, GError **error);
gboolean play_start_screens(struct play *p, GError **error);

/* Pictures of both windows, if the state is not the one of the last picture. */
gboolean play_picture(struct play *p, GError **error);

/* Pictures of both windows as they are now, called `name`. */
gboolean play_look(struct play *p, const char *name, GError **error);

/* End everything. Returns NULL or the names of what did not go by itself. */
char *play_close(struct play *p);

#endif
