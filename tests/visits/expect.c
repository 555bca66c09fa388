/* SPDX-License-Identifier: MIT */
#include "tests/visits/expect.h"

#include <gio/gio.h>
#include <string.h>

#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define IDLE_WAIT_MS 60000 /* the shortest idle limit a desk may have is half of it */

struct expectation {
	const char *what;
	const char *seat, *key; /* of the views; seat NULL: look at the windows */
	gboolean (*holds)(struct play *p, const struct expectation *e, const char *value);
	guint wait_ms;
};

static gboolean text_is(struct play *p, const struct expectation *e, const char *value)
{
	return g_str_equal(view_string(p->view, e->seat, e->key), value);
}

static gboolean has_word(struct play *p, const struct expectation *e, const char *value)
{
	g_autofree char *words = view_words(p->view, e->seat, e->key);
	g_auto(GStrv) each = g_strsplit(words, " ", -1);
	return g_strv_contains((const char *const *)each, value);
}

static gboolean has_not_word(struct play *p, const struct expectation *e, const char *value)
{
	return !has_word(p, e, value);
}

static gboolean is_set(struct play *p, const struct expectation *e, const char *value)
{
	return view_flag(p->view, e->seat, e->key);
}

static gboolean number_is(struct play *p, const struct expectation *e, const char *value)
{
	return view_number(p->view, e->seat, e->key) == g_ascii_strtoull(value, NULL, 10);
}

static gboolean incident_is(struct play *p, const struct expectation *e, const char *value)
{
	g_autoptr(GVariant) incident = view_value(p->view, e->seat, e->key);
	const char *id = "";
	if (incident)
		g_variant_lookup(incident, "id", "&s", &id);
	return g_str_equal(*id ? id : "none", value);
}

static gboolean is_shown(struct play *p, const struct expectation *e, const char *value)
{
	return screens_shows(value);
}

static gboolean is_not_shown(struct play *p, const struct expectation *e, const char *value)
{
	return !screens_shows(value);
}

/* Nothing either window says has the text in it. */
static gboolean says(struct play *p, const struct expectation *e, const char *value)
{
	g_autofree char *text = screens_text();
	return strstr(text, value) != NULL;
}

static gboolean does_not_say(struct play *p, const struct expectation *e, const char *value)
{
	return screens_ready() && !says(p, e, value);
}

static const struct expectation expectations[] = {
	{"state", "desk", "state", text_is, PLAY_WAIT_MS},
	{"state-after-idle", "desk", "state", text_is, IDLE_WAIT_MS},
	{"problem", "desk", "problem", text_is, PLAY_WAIT_MS},
	{"notice", "desk", "notice", text_is, PLAY_WAIT_MS},
	{"gate", "desk", "gate", text_is, PLAY_WAIT_MS},
	{"route", "desk", "route", text_is, PLAY_WAIT_MS},
	{"route-office", "desk", "route-office-en", text_is, PLAY_WAIT_MS},
	{"reason", "desk", "reason", text_is, PLAY_WAIT_MS},
	{"verdict", "desk", "verdicts", has_word, PLAY_WAIT_MS},
	{"no-verdict", "desk", "verdicts", has_not_word, PLAY_WAIT_MS},
	{"asked", "desk", "questions", has_word, PLAY_WAIT_MS},
	{"sent", "desk", "payload", has_word, PLAY_WAIT_MS},
	{"digits-left", "desk", "digits-left", number_is, PLAY_WAIT_MS},
	{"digits-passed", "desk", "digits-passed", is_set, PLAY_WAIT_MS},
	{"pending", "health", "pending", number_is, PLAY_WAIT_MS},
	{"health", "health", "health", has_word, PLAY_WAIT_MS},
	{"armed", "holder", "armed", is_set, PLAY_WAIT_MS},
	{"away", "holder", "away", is_set, PLAY_WAIT_MS},
	{"contact", "holder", "contact", is_set, PLAY_WAIT_MS},
	{"incident", "holder", "incident", incident_is, PLAY_WAIT_MS},
	{"shows", NULL, NULL, is_shown, PLAY_WAIT_MS},
	{"shows-after-idle", NULL, NULL, is_shown, IDLE_WAIT_MS},
	{"hides", NULL, NULL, is_not_shown, PLAY_WAIT_MS},
	{"says", NULL, NULL, says, PLAY_WAIT_MS},
	{"silent", NULL, NULL, does_not_say, PLAY_WAIT_MS},
};

struct waiting {
	struct play *play;
	const struct expectation *expectation;
	const char *value;
};

static gboolean holds(gpointer data)
{
	struct waiting *w = data;
	return view_refresh(w->play->view) &&
	       w->expectation->holds(w->play, w->expectation, w->value);
}

static void complain(struct play *p, const struct expectation *e, const char *value, GError **error)
{
	g_autoptr(GVariant) got = e->seat ? view_value(p->view, e->seat, e->key) : NULL;
	g_autofree char *text = got ? g_variant_print(got, FALSE) : g_strdup("absent");
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
		"expected %s %s; %s%s (state %s, problem %s, notice %s)", e->what, value,
		e->key ? "it is " : "not so", e->key ? text : "",
		view_string(p->view, "desk", "state"), view_string(p->view, "desk", "problem"),
		view_string(p->view, "desk", "notice"));
}

gboolean expect(struct play *p, const char *what, const char *value, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(expectations); i++) {
		const struct expectation *e = &expectations[i];
		struct waiting w = {p, e, value ? value : ""};
		if (!g_str_equal(e->what, what))
			continue;
		if (wait_until(holds, &w, e->wait_ms))
			return TRUE;
		complain(p, e, w.value, error);
		return FALSE;
	}
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "nothing is called %s", what);
	return FALSE;
}
