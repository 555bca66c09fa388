/* SPDX-License-Identifier: MIT */
#include "tests/ldap/ask.h"

#define WAIT_US (10 * G_USEC_PER_SEC)
#define TICK_MS 5

struct tick {
	gint64 last_us, longest_us;
};

struct waiting {
	struct asked asked;
	gboolean ended;
};

static gboolean on_tick(gpointer data)
{
	struct tick *tick = data;
	gint64 now = g_get_monotonic_time();
	tick->longest_us = MAX(tick->longest_us, now - tick->last_us);
	tick->last_us = now;
	return G_SOURCE_CONTINUE;
}

gboolean ask_until(gboolean (*when)(gpointer data), gpointer data)
{
	gint64 until = g_get_monotonic_time() + WAIT_US;
	struct tick tick = {g_get_monotonic_time(), 0};
	guint ticking = g_timeout_add(TICK_MS, on_tick, &tick);
	gboolean came = when(data);
	while (!came && g_get_monotonic_time() < until) {
		g_main_context_iteration(NULL, TRUE);
		came = when(data);
	}
	g_source_remove(ticking);
	return came;
}

static void on_done(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct waiting *w = data;
	if (w->ended || visit != 7)
		g_error("called back where it should not be");
	w->asked.answer = result->answer;
	w->asked.person = result->person;
	w->ended = TRUE;
}

struct asked ask(struct directory *dir, const char *kind, const char *value)
{
	struct waiting w = {{0}};
	gint64 start = g_get_monotonic_time();
	struct tick tick = {start, 0};
	guint ticking = g_timeout_add(TICK_MS, on_tick, &tick);
	directory_lookup(dir, kind, value, 7, NULL, on_done, &w);
	on_tick(&tick);
	if (w.ended)
		g_error("called back before directory_lookup() returned");
	while (!w.ended && g_get_monotonic_time() - start < WAIT_US)
		g_main_context_iteration(NULL, TRUE);
	if (!w.ended)
		g_error("no answer at all");
	g_source_remove(ticking);
	w.asked.took_ms = (g_get_monotonic_time() - start) / G_TIME_SPAN_MILLISECOND;
	w.asked.still_ms = tick.longest_us / G_TIME_SPAN_MILLISECOND;
	return w.asked;
}

const char *ask_fault(struct directory *dir)
{
	g_autoptr(GError) error = NULL;
	if (directory_ready(dir, &error))
		return "";
	return error->domain == NET_ERROR ? net_error_word((enum net_error)error->code)
					  : "another error";
}

struct asked ask_fresh(const struct ldap_source_settings *settings, const char *kind,
	const char *value, const char **ret_word)
{
	g_autoptr(GError) error = NULL;
	struct directory *dir = ldap_source_open(settings, &error);
	if (!dir)
		g_error("%s", error->message);
	struct asked asked = ask(dir, kind, value);
	if (ret_word)
		*ret_word = ask_fault(dir);
	directory_free(dir);
	return asked;
}
