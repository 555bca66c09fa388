/* SPDX-License-Identifier: MIT */
#include "tests/net/ask.h"

#define PATIENCE_S 20

void ask_done(const struct http_answer *answer, gpointer data)
{
	struct ask *ask = data;
	ask_clear(ask);
	ask->calls++;
	ask->failed = answer->error != NULL;
	ask->error = answer->error ? (enum net_error)answer->error->code : 0;
	ask->message = g_strdup(answer->error ? answer->error->message : NULL);
	ask->status = answer->status;
	ask->body = answer->body ? g_bytes_ref(answer->body) : NULL;
	g_strlcpy(ask->content_type, answer->content_type, sizeof(ask->content_type));
	g_strlcpy(ask->request_id, answer->request_id, sizeof(ask->request_id));
	ask->retry_after_s = answer->retry_after_s;
	ask->skew_s = answer->skew_s;
	ask->date = answer->date;
	ask->reused = answer->reused;
	ask->sent = answer->sent;
	ask->units_left = answer->units_left;
}

void ask_clear(struct ask *ask)
{
	g_clear_pointer(&ask->body, g_bytes_unref);
	g_clear_pointer(&ask->message, g_free);
}

static gboolean on_late(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_CONTINUE;
}

gboolean ask_wait(const struct ask *ask, guint calls)
{
	gboolean late = FALSE;
	guint deadline = g_timeout_add_seconds(PATIENCE_S, on_late, &late);
	while (!late && ask->calls < calls)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(deadline);
	return ask->calls >= calls;
}

gboolean ask_get(struct http *http, const char *url, guint timeout_ms, struct ask *ret)
{
	struct http_request request = {.method = "GET", .url = url, .timeout_ms = timeout_ms};
	guint calls = ret->calls;
	http_send(http, &request, NULL, ask_done, ret);
	return ret->calls == calls && ask_wait(ret, calls + 1);
}

void ask_settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}
