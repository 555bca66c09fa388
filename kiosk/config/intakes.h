/* SPDX-License-Identifier: MIT
 *
 * intakes.h - [intake] and the group of its kind: who takes the requests of a desk.
 *
 * Form and meaning of every key: assets/defaults/madoguchi.conf.
 */
#ifndef KIOSK_CONFIG_INTAKES_H
#define KIOSK_CONFIG_INTAKES_H

#include "kiosk/config/keyfile.h"
#include "kiosk/intake/https.h"
#include "kiosk/intake/postgresql.h"
#include "kiosk/intake/sharepoint.h"

enum intakes_kind {
	INTAKES_HANDOFF,
	INTAKES_HTTPS,
	INTAKES_SHAREPOINT,
	INTAKES_POSTGRESQL,
	INTAKES_COUNT,
};

struct intakes {
	enum intakes_kind kind;
	gint units_per_minute; /* 0: no budget */
	gint follow_s;         /* how often an accepted request is asked after */
	gint gap_ms;           /* the least between two sendings of the backlog */

	/* Whole where it is the one of `kind`. */
	struct https_settings https;
	struct sharepoint_settings sharepoint;
	struct postgresql_settings postgresql;
	char *tenant; /* stands in sharepoint.token_url */
};

/* "handoff" … as the configuration has it */
const char *intakes_word(enum intakes_kind kind);

/* Fill it from its groups. What was stored before an error stays stored. */
gboolean intakes_parse(
	const struct keyfile *kf, const char *desk, struct intakes *intakes, GError **error);

/* Does the kind that is used know what it needs? */
gboolean intakes_check(const struct keyfile *kf, const struct intakes *intakes, GError **error);

/* Free what it holds. */
void intakes_clear(struct intakes *intakes);

#endif
