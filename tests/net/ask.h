/* SPDX-License-Identifier: MIT
 *
 * ask.h - one HTTPS request, waited for on the main loop.
 */
#ifndef TESTS_NET_ASK_H
#define TESTS_NET_ASK_H

#include "kiosk/net/http.h"

struct ask {
	guint calls; /* of http_done */
	enum net_error error;
	gboolean failed;
	char *message; /* of the error */
	glong status;
	GBytes *body;
	char content_type[64], request_id[HTTP_ID_SIZE];
	gint retry_after_s, skew_s, units_left;
	gint64 date;
	gboolean reused, sent;
};

/* http_done for a struct ask. */
void ask_done(const struct http_answer *answer, gpointer data);

/* Iterate the default context until `calls` were made, at most 20 s. FALSE: late. */
gboolean ask_wait(const struct ask *ask, guint calls);

/* GET `url` and wait. Clear `ret` with ask_clear(). */
gboolean ask_get(struct http *http, const char *url, guint timeout_ms, struct ask *ret);
void ask_clear(struct ask *ask);

/* Iterate until nothing is pending. */
void ask_settle(void);

#endif
