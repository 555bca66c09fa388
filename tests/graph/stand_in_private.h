/* SPDX-License-Identifier: MIT
 *
 * stand_in_private.h - what the parts of the stand-in share. All of it under its lock.
 */
#ifndef TESTS_GRAPH_STAND_IN_PRIVATE_H
#define TESTS_GRAPH_STAND_IN_PRIVATE_H

#include "tests/graph/stand_in.h"
#include "tests/net/pki.h"

struct stand_in {
	GMutex lock;
	char *folder, *base, *token_url, *ca_path;
	char *cert_path, *key_path, *other_cert_path, *other_key_path;
	const struct pki_cert *client; /* the one it knows */
	struct web *web;
	guint16 port, front_port;
	GSubprocess *front;  /* nghttpx; NULL: none */
	GPtrArray *requests; /* struct web_request */
	guint checked;       /* so many of them, by stand_in_refusals() */
	GQueue steps[2];     /* struct stand_in_step, by door */
	GPtrArray *users;    /* struct stand_in_user, borrowed */

	GHashTable *seen_jti, *tokens; /* sets of char */
	const char *roles;
	int token_life_s, clock_s;
	guint serial;
};

struct stand_in_reply {
	int status;
	char *body; /* the caller frees */
};

/* base and token_url are of this port from now on. */
void stand_in_listens_at(struct stand_in *s, guint16 port);

/* Its own clock, seconds since 1970. */
gint64 stand_in_now(const struct stand_in *s);

/* Lock held. */
struct stand_in_reply stand_in_login(struct stand_in *s, const struct web_request *request);
struct stand_in_reply stand_in_users(struct stand_in *s, const struct web_request *request);

#endif
