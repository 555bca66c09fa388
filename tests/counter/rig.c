/* SPDX-License-Identifier: MIT */
#include "tests/counter/rig.h"

#include <stdio.h>
#include <string.h>

#include "tests/counter/rig_private.h"
#include "tests/visits/wait.h"

#define PATH "/madoguchi/counter"

GPid rig_pid(const struct rig *rig)
{
	return rig->service.pid;
}

const char *rig_folder(const struct rig *rig)
{
	return rig->folder;
}

const char *rig_log(const struct rig *rig)
{
	return rig->log;
}

GVariant *rig_call(struct rig *rig, const char *interface, const char *method, GVariant *args)
{
	g_autoptr(GError) error = NULL;
	if (!rig->door) {
		if (args)
			g_variant_unref(g_variant_ref_sink(args));
		return NULL;
	}
	GVariant *answer = g_dbus_connection_call_sync(rig->door, NULL, PATH, interface, method,
		args, NULL, G_DBUS_CALL_FLAGS_NONE, rig->wait_ms, NULL, &error);
	g_free(rig->refusal);
	rig->refusal = error ? g_dbus_error_get_remote_error(error) : NULL;
	if (error && !rig->refusal)
		rig->refusal = g_strdup(error->message);
	return answer;
}

static GVariant *view(struct rig *rig, const char *method)
{
	g_autoptr(GVariant) answer = rig_call(rig, "madoguchi.Counter1", method, NULL);
	return answer ? g_variant_get_child_value(answer, 0) : NULL;
}

GVariant *rig_desk(struct rig *rig)
{
	return view(rig, "GetDesk");
}

GVariant *rig_holder(struct rig *rig)
{
	return view(rig, "GetHolder");
}

char *rig_desk_str(struct rig *rig, const char *key)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	const char *value = "";
	if (desk)
		g_variant_lookup(desk, key, "&s", &value);
	return g_strdup(value);
}

struct wanted {
	struct rig *rig;
	const char *key, *value;
	gboolean flag;
};

static gboolean desk_says(gpointer data)
{
	const struct wanted *wanted = data;
	g_autofree char *now = rig_desk_str(wanted->rig, wanted->key);
	return g_str_equal(now, wanted->value);
}

gboolean rig_wait(struct rig *rig, const char *key, const char *value)
{
	struct wanted wanted = {.rig = rig, .key = key, .value = value};
	if (wait_until(desk_says, &wanted, (guint)rig->wait_ms))
		return TRUE;
	g_autofree char *now = rig_desk_str(rig, key);
	g_autofree char *state = rig_desk_str(rig, "state");
	g_autofree char *problem = rig_desk_str(rig, "problem");
	fprintf(stderr, "rig: waited for %s=%s, is \"%s\" (state %s, problem %s)\n", key, value,
		now, state, problem);
	return FALSE;
}

static gboolean holder_says(gpointer data)
{
	const struct wanted *wanted = data;
	g_autoptr(GVariant) holder = rig_holder(wanted->rig);
	gboolean value = FALSE;
	return holder && g_variant_lookup(holder, wanted->key, "b", &value) &&
	       value == wanted->flag;
}

gboolean rig_wait_holder(struct rig *rig, const char *key, gboolean flag)
{
	struct wanted wanted = {.rig = rig, .key = key, .flag = flag};
	if (wait_until(holder_says, &wanted, (guint)rig->wait_ms))
		return TRUE;
	fprintf(stderr, "rig: waited for the holder's %s=%d\n", key, flag);
	return FALSE;
}

gboolean rig_intent_at(struct rig *rig, const char *intent, guint64 visit, guint32 step,
	GVariant *args, const char **ret_refusal)
{
	GVariantBuilder all;
	g_variant_builder_init(&all, G_VARIANT_TYPE_TUPLE);
	g_variant_builder_add(&all, "t", visit);
	g_variant_builder_add(&all, "u", step);
	if (args) {
		g_autoptr(GVariant) extra = g_variant_ref_sink(args);
		for (gsize i = 0; i < g_variant_n_children(extra); i++) {
			g_autoptr(GVariant) child = g_variant_get_child_value(extra, i);
			g_variant_builder_add_value(&all, child);
		}
	}
	g_autoptr(GVariant) answer =
		rig_call(rig, "madoguchi.Counter1", intent, g_variant_builder_end(&all));
	if (!answer && ret_refusal)
		*ret_refusal = rig->refusal;
	return answer != NULL;
}

gboolean rig_intent(struct rig *rig, const char *intent, GVariant *args, const char **ret_refusal)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	guint64 visit = 0;
	guint32 step = 0;
	if (!desk) {
		if (args)
			g_variant_unref(g_variant_ref_sink(args));
		return FALSE;
	}
	g_variant_lookup(desk, "visit", "t", &visit);
	g_variant_lookup(desk, "step", "u", &step);
	return rig_intent_at(rig, intent, visit, step, args, ret_refusal);
}

gboolean rig_sign_in(struct rig *rig, const char *clerk_card, const char *pin)
{
	rig_lay(rig, clerk_card);
	if (!rig_wait(rig, "state", "sign-in"))
		return FALSE;
	rig_take(rig);
	return rig_intent(rig, "SignIn", g_variant_new("(s)", pin), NULL) &&
	       rig_wait(rig, "state", "welcome");
}

gboolean rig_check(struct rig *rig, const char *common_id)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	g_autoptr(GVariantIter) places = NULL;
	g_autoptr(GString) digits = g_string_new(NULL);
	guint place, length = 0;
	if (!desk || !g_variant_lookup(desk, "digits-places", "au", &places))
		return FALSE;
	g_variant_lookup(desk, "digits-length", "u", &length);
	while (g_variant_iter_next(places, "u", &place))
		g_string_append_c(digits, common_id[place - 1 - (length - strlen(common_id))]);
	return rig_intent(rig, "Check", g_variant_new("(s)", digits->str), NULL);
}

gboolean rig_decide(struct rig *rig)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	g_autoptr(GVariantIter) rows = NULL;
	const char *word, *severity;
	gboolean settled, ok = desk && g_variant_lookup(desk, "verdicts", "a(ssb)", &rows);
	while (ok && g_variant_iter_next(rows, "(&s&sb)", &word, &severity, &settled))
		if (!settled && g_str_equal(severity, "decide"))
			ok = rig_intent(
				rig, "Decide", g_variant_new("(ss)", word, "office-record"), NULL);
	return ok;
}

static gboolean answer(struct rig *rig, const char *question, const char *value)
{
	return rig_intent(rig, "Answer", g_variant_new("(ss)", question, value), NULL);
}

gboolean rig_until_consent(struct rig *rig, const char *card, const char *common_id)
{
	rig_lay(rig, card);
	if (!rig_wait(rig, "state", "check"))
		return FALSE;
	rig_take(rig);
	return answer(rig, "usable", "no") && answer(rig, "self-service", "no") &&
	       rig_check(rig, common_id) && rig_decide(rig) && rig_wait(rig, "state", "route") &&
	       rig_intent(rig, "Reason", g_variant_new("(s)", "lost"), NULL) &&
	       rig_wait(rig, "state", "consent");
}

gboolean rig_show(struct rig *rig)
{
	g_autoptr(GVariant) holder = rig_holder(rig);
	const char *digest = "";
	if (!holder || !g_variant_lookup(holder, "digest", "&s", &digest))
		return FALSE;
	return rig_intent(rig, "Shown", g_variant_new("(ss)", digest, "ja"), NULL);
}

char *rig_visit(struct rig *rig, const char *card, const char *common_id)
{
	if (!rig_until_consent(rig, card, common_id) || !rig_show(rig) ||
		!rig_wait_holder(rig, "armed", TRUE))
		return NULL;
	rig_lay(rig, card);
	if (!rig_wait(rig, "state", "receipt"))
		return NULL;
	g_autofree char *number = rig_desk_str(rig, "request");
	rig_take(rig);
	if (!rig_intent(rig, "End", NULL, NULL) || !rig_wait(rig, "state", "welcome"))
		return NULL;
	return g_steal_pointer(&number);
}

gboolean rig_desk_answers(struct rig *rig)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	return desk != NULL;
}
