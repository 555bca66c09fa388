/* SPDX-License-Identifier: MIT
 *
 * graph.h - the directory as Microsoft Graph: /users by employeeId or by UPN.
 *
 * Permission User.Read.All and nothing that could change an account: a token with more
 * power is refused (GRAPH_ERROR_POWER names the role).
 */
#ifndef KIOSK_DIRECTORY_GRAPH_H
#define KIOSK_DIRECTORY_GRAPH_H

#include "kiosk/directory/directory.h"
#include "kiosk/directory/map.h"
#include "kiosk/net/http.h"
#include "kiosk/net/token.h"

#define GRAPH_ERROR (graph_error_quark())
GQuark graph_error_quark(void);
enum graph_error {
	GRAPH_ERROR_POWER,  /* the token may do more than look up; message: which role */
	GRAPH_ERROR_ANSWER, /* not what Graph documents; message: code, never text of it */
	GRAPH_ERROR_BUSY,   /* throttled; message: seconds */
};

/* Owned by the configuration, which outlives the source. */
struct graph_settings {
	char *base; /* "https://graph.microsoft.com/v1.0" */
	char *token_url;
	char *client_id, *scope;
	char *cert_file, *key;
	char *ca_file; /* NULL: the system's */
	struct map map;
	char *upn_suffix; /* common ids are looked up as {id}{suffix}; NULL: by attribute */
	gint timeout_ms;
};

struct directory *graph_open(const struct graph_settings *settings, GError **error);

/* Roles that may only read users; any other that writes, or reads authentication
 * methods, is too much. NULL: fine; else the role (static or within `roles`). */
const char *graph_excess_role(const char *const *roles);

#endif
