/* SPDX-License-Identifier: MIT
 *
 * town.h - other people in the directory of a running rig, and other cards on its reader.
 */
#ifndef TESTS_COUNTER_TOWN_H
#define TESTS_COUNTER_TOWN_H

#include "tests/counter/rig_hand.h"

/* One row of a directory file below town_head(). "@-1", "@+1" … in it are dates that many
 * days from today. */
#define TOWN_ROWS_MAX 4

/* Replace the service's snapshot by one with these rows (NULL-terminated); its data is
 * `hours` old. */
gboolean town_import(struct rig *rig, const char *const *rows, gint64 hours);

/* Lay the sample card `name`, with `from` in its file replaced by `to`. */
gboolean town_lay(struct rig *rig, const char *name, const char *from, const char *to);

/* Is `verdict` among those of the desk's view, of this severity? The view is waited for. */
gboolean town_verdict(struct rig *rig, const char *verdict, const char *severity);

/* Back to WELCOME from anywhere within a visit, with an empty field. */
gboolean town_leave(struct rig *rig);

/* What stands in the evidence of a filed request, as JSON; free it. NULL: nothing. */
char *town_evidence(struct rig *rig, const char *number);

#endif
