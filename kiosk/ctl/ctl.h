/* SPDX-License-Identifier: MIT
 *
 * ctl.h - what the verbs of madoguchictl share.
 *
 * A verb prints its result on standard output and, when it fails, one line with
 * the cause on standard error.
 */
#ifndef KIOSK_CTL_CTL_H
#define KIOSK_CTL_CTL_H

#include <gio/gio.h>

#include "counter-dbus.h"
#include "kiosk/config/config.h"
#include "kiosk/record/keyring.h"
#include "kiosk/record/store.h"

#define CTL_OK     0
#define CTL_FAILED 1
#define CTL_USAGE  2

/* Options that every verb takes, and what was opened by them. */
struct ctl {
	char *config_file, *data_dir, *socket;
	gboolean json;
	struct config *config; /* after ctl_load() */
	struct keyring *keys;  /* after ctl_open_keys() */
	struct store *store;   /* after ctl_open_record(), with the service stopped */
	DoorAdmin1 *service;   /* after ctl_open_record() or ctl_connect(), if it runs */
};

struct verb {
	const char *words;    /* "clerk add" */
	const char *synopsis; /* its own arguments */
	const char *summary;
	int (*run)(struct ctl *ctl, int argc, char **argv); /* argv[0]: the words */
};

/* Read the options of a verb. `entries` may be NULL; `least` to `most` arguments
 * stay in *argc and *argv after argv[0]. FALSE: CTL_USAGE, and it has been said. */
gboolean ctl_parse(struct ctl *ctl, const struct verb *verb, const GOptionEntry *entries, int least,
	int most, int *argc, char ***argv);
void ctl_add_options(struct ctl *ctl, GOptionContext *context);

/* Say the cause and return CTL_FAILED, CTL_USAGE. */
int ctl_fail(const GError *error);
int ctl_misused(const struct verb *verb, const char *why);

/* Load the configuration; root then becomes the owner of the data folder, because
 * files root makes there would lock the service out. */
gboolean ctl_load(struct ctl *ctl, GError **error);

/* The two halves, for verbs that may do without the data folder. */
gboolean ctl_load_config(struct ctl *ctl, GError **error);
gboolean ctl_become_owner(struct ctl *ctl, GError **error);
gboolean ctl_open_keys(struct ctl *ctl, GError **error);

/* Reach the running service: TRUE with ctl->service set, or NULL where none runs. */
gboolean ctl_connect(struct ctl *ctl, GError **error);

/* For verbs over the record: the service if it runs, else its lock and store. */
gboolean ctl_open_record(struct ctl *ctl, GError **error);

/* A service's refusal without D-Bus's own words around it. */
gboolean ctl_called(gboolean ok, GError **error);

/* Local time "YYYY-MM-DD hh:mm". Free it. */
char *ctl_time(gint64 seconds);

/* One JSON value on one line; takes the floating reference. */
void ctl_print_json(GVariant *value);

void ctl_clear(struct ctl *ctl);

extern const struct verb verb_card_layout_test, verb_card_probe, verb_card_read, verb_card_readers,
	verb_clerk_add, verb_clerk_list, verb_clerk_remove, verb_config_check, verb_directory_age,
	verb_directory_check, verb_directory_export, verb_directory_import, verb_directory_keygen,
	verb_directory_lookup, verb_key_create,
	verb_ledger_check, verb_ledger_checkpoint, verb_ledger_consistency, verb_ledger_export,
	verb_ledger_key, verb_ledger_prove, verb_ledger_verify, verb_privacy_report, verb_queue_cancel, verb_queue_list, verb_status;

#endif
