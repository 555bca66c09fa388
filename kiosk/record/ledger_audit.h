/* SPDX-License-Identifier: MIT
 *
 * ledger_audit.h - compare the ledger with everything that bears witness of it.
 *
 * Each leaf with its sealed request, as long as that is there; the root with the one that
 * each request was filed with, with the edge, and with a checkpoint or an export from outside.
 * What differs is named as closely as the witnesses allow; the walk goes on to the end.
 */
#ifndef KIOSK_RECORD_LEDGER_AUDIT_H
#define KIOSK_RECORD_LEDGER_AUDIT_H

#include "kiosk/record/ledger_file.h"
#include "kiosk/record/store.h"

#define LEDGER_FAULTS_MAX 1000 /* more are not named */

struct ledger_audit {
	struct checkpoint found; /* of the leaves as they are */
	guint64 compared;        /* leaves compared with their sealed requests */
	GPtrArray *faults;       /* char *, in the order of the leaves; empty: sound */
};

/* `witnesses` come from outside, or were signed before; NULL at the end. FALSE: the database cannot
 * be read. */
gboolean ledger_audit_run(struct store *store, const struct ledger_file *const *witnesses,
	struct ledger_audit *ret, GError **error);
void ledger_audit_clear(struct ledger_audit *audit);

#endif
