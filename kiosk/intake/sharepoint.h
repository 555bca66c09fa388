/* SPDX-License-Identifier: MIT
 *
 * sharepoint.h - the far end is a SharePoint list, one item a request, by Microsoft Graph.
 *
 * Lists.SelectedOperations.Selected with "write" on this one list is enough; a token that
 * could change accounts is refused. facts/backends.md §4 to §6.
 */
#ifndef KIOSK_INTAKE_SHAREPOINT_H
#define KIOSK_INTAKE_SHAREPOINT_H

#include "kiosk/intake/intake.h"

/* A column (internal name) and what of the request is written there: number, holder, size,
 * root, filed, envelope (the whole, as text), payload.NAME (a member of the payload). */
struct sharepoint_field {
	char *column;
	char *source;
};

/* A text of the status column, and how far that is. */
struct sharepoint_word {
	char *word;
	enum intake_progress progress;
};

/* Owned by the configuration, which outlives the intake. */
struct sharepoint_settings {
	char *base; /* "https://graph.microsoft.com/v1.0" */
	char *token_url;
	char *client_id, *scope;
	char *cert_file, *key; /* the application's */
	char *ca_file;         /* NULL: the system's */
	char *user_agent;      /* "NONISV|Organisation|madoguchi/1.0" */
	char *site, *list;     /* ids; a site's may have commas */
	char *key_column;      /* unique and indexed */
	char *holder_column;   /* indexed; "": live requests cannot be asked for */
	char *number_column;
	char *status_column;
	char *reason_column, *at_column;   /* "": not there */
	char *first_word, *cancelled_word; /* texts of the status column that we write */
	struct sharepoint_field *fields;   /* beside the key; owned */
	gsize n_fields;
	struct sharepoint_word *words; /* owned */
	gsize n_words;
	char *known_item; /* id of an item that the default view must show; "": not tried */
	gint timeout_ms;  /* of one question */
};

/* NULL with NET_ERROR_CREDENTIAL. */
struct intake *sharepoint_open(const struct sharepoint_settings *settings, GError **error);

#endif
