/* SPDX-License-Identifier: MIT */
#include "tests/visits/report.h"

#include <json-glib/json-glib.h>

#include "tests/visits/view.h"

/* From the cause to the moment both windows showed it; for a state that went by of itself,
 * to the moment the counter said so. One that came more than once: its longest wait. */
struct stage_time {
	char *state;
	gint64 us;
};

static void stage_free(gpointer data)
{
	struct stage_time *s = data;
	g_free(s->state);
	g_free(s);
}

struct report *report_new(const char *visit)
{
	struct report *r = g_new0(struct report, 1);
	r->visit = g_strdup(visit);
	r->verdicts = g_ptr_array_new_with_free_func(g_free);
	r->stages = g_ptr_array_new_with_free_func(stage_free);
	r->began_us = r->cause_us = g_get_monotonic_time();
	return r;
}

struct report *report_free(struct report *r)
{
	if (!r)
		return NULL;
	g_free(r->visit);
	g_free(r->state);
	g_free(r->end);
	g_free(r->request);
	g_free(r->problem);
	g_ptr_array_unref(r->verdicts);
	g_ptr_array_unref(r->stages);
	g_free(r);
	return NULL;
}

void report_cause(struct report *r)
{
	r->cause_us = g_get_monotonic_time();
}

static void keep(char **field, const char *text)
{
	if (*text && g_strcmp0(*field, text) != 0) {
		g_free(*field);
		*field = g_strdup(text);
	}
}

static void add_stage(struct report *r, const char *state)
{
	gint64 us = g_get_monotonic_time() - r->cause_us;
	for (guint i = 0; i < r->stages->len; i++) {
		struct stage_time *s = r->stages->pdata[i];
		if (!g_str_equal(s->state, state))
			continue;
		s->us = MAX(s->us, us);
		return;
	}
	struct stage_time *s = g_new0(struct stage_time, 1);
	s->state = g_strdup(state);
	s->us = us;
	g_ptr_array_add(r->stages, s);
}

static void add_verdicts(struct report *r, struct view *view)
{
	g_autofree char *words = view_words(view, "desk", "verdicts");
	g_auto(GStrv) each = g_strsplit(words, " ", -1);
	for (char **word = each; *word && **word; word++)
		if (!g_ptr_array_find_with_equal_func(r->verdicts, *word, g_str_equal, NULL))
			g_ptr_array_add(r->verdicts, g_strdup(*word));
}

/* States between visits, or in which a clerk is the person. */
static gboolean is_of_a_visit(const char *state)
{
	static const char *const others[] = {
		"", "closed", "off-duty", "sign-in", "welcome", "take-card", NULL};
	return !g_strv_contains(others, state);
}

void report_look(struct report *r, struct view *view)
{
	const char *state = view_string(view, "desk", "state");
	const char *problem = view_string(view, "desk", "problem");
	gboolean visit = is_of_a_visit(state);
	if (g_strcmp0(r->state, state) != 0)
		add_stage(r, state);
	keep(&r->state, state);
	if (visit)
		keep(&r->end, state);
	if (visit && *problem)
		keep(&r->problem, problem);
	else if (g_strcmp0(r->end, "problem") != 0)
		keep(&r->problem, view_string(view, "desk", "notice"));
	keep(&r->request, view_string(view, "desk", "request"));
	add_verdicts(r, view);
}

void report_shown(struct report *r)
{
	add_stage(r, r->state);
}

static void add_text(JsonBuilder *b, const char *name, const char *text)
{
	json_builder_set_member_name(b, name);
	if (text)
		json_builder_add_string_value(b, text);
	else
		json_builder_add_null_value(b);
}

static void add_list(JsonBuilder *b, struct report *r)
{
	json_builder_set_member_name(b, "verdicts");
	json_builder_begin_array(b);
	for (guint i = 0; i < r->verdicts->len; i++)
		json_builder_add_string_value(b, r->verdicts->pdata[i]);
	json_builder_end_array(b);
}

static void add_times(JsonBuilder *b, struct report *r)
{
	json_builder_set_member_name(b, "ms");
	json_builder_begin_object(b);
	for (guint i = 0; i < r->stages->len; i++) {
		struct stage_time *s = r->stages->pdata[i];
		json_builder_set_member_name(b, s->state);
		json_builder_add_int_value(b, s->us / 1000);
	}
	json_builder_set_member_name(b, "all");
	json_builder_add_int_value(b, (g_get_monotonic_time() - r->began_us) / 1000);
	json_builder_end_object(b);
}

char *report_json(struct report *r)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	json_builder_begin_object(b);
	add_text(b, "visit", r->visit);
	add_text(b, "end", r->end);
	add_text(b, "request", r->request);
	add_text(b, "problem", r->problem);
	add_list(b, r);
	add_times(b, r);
	json_builder_end_object(b);
	g_autoptr(JsonNode) root = json_builder_get_root(b);
	return json_to_string(root, FALSE);
}
