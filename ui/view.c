/* SPDX-License-Identifier: MIT */
#include "ui/view.h"

const char *view_str(GVariant *view, const char *key)
{
	const char *text = "";
	g_variant_lookup(view, key, "&s", &text);
	return text;
}

guint view_uint(GVariant *view, const char *key)
{
	guint32 value = 0;
	g_variant_lookup(view, key, "u", &value);
	return value;
}

guint64 view_uint64(GVariant *view, const char *key)
{
	guint64 value = 0;
	g_variant_lookup(view, key, "t", &value);
	return value;
}

gint64 view_time(GVariant *view, const char *key)
{
	gint64 value = 0;
	g_variant_lookup(view, key, "x", &value);
	return value;
}

gboolean view_bool(GVariant *view, const char *key)
{
	gboolean value = FALSE;
	g_variant_lookup(view, key, "b", &value);
	return value;
}

GVariant *view_list(GVariant *view, const char *key)
{
	return g_variant_lookup_value(view, key, NULL);
}

GVariant *view_typed(GVariant *view, const char *key, const char *type)
{
	return g_variant_lookup_value(view, key, G_VARIANT_TYPE(type));
}

gboolean view_has(GVariant *view, const char *key, const char *word)
{
	g_autoptr(GVariant) words = view_typed(view, key, "as");
	GVariantIter iter;
	const char *each;
	if (!words)
		return FALSE;
	g_variant_iter_init(&iter, words);
	while (g_variant_iter_next(&iter, "&s", &each))
		if (g_str_equal(each, word))
			return TRUE;
	return FALSE;
}

gboolean view_may(GVariant *view, const char *intent)
{
	return view_has(view, "intents", intent);
}

const char *view_lang_str(GVariant *view, const char *stem, const char *lang)
{
	static const char *const langs[] = {"ja", "en"};
	g_autofree char *wanted = g_strdup_printf("%s-%s", stem, lang);
	const char *text = view_str(view, wanted);
	for (gsize i = 0; i < G_N_ELEMENTS(langs) && !*text; i++) {
		g_autofree char *other = g_strdup_printf("%s-%s", stem, langs[i]);
		text = view_str(view, other);
	}
	return text;
}

const char *view_pair(GVariant *view, const char *key, const char *first)
{
	g_autoptr(GVariant) rows = view_typed(view, key, "a(ss)");
	const char *name, *value;
	GVariantIter iter;
	if (!rows)
		return "";
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&s)", &name, &value))
		if (g_str_equal(name, first))
			return value; /* part of `view`, which outlives the iterator */
	return "";
}

const char *view_link(GVariant *view, const char *what, const char *lang)
{
	g_autofree char *own = g_strdup_printf("%s-%s", what, lang);
	const char *url = view_pair(view, "links", own);
	return *url ? url : view_pair(view, "links", what);
}

GVariant *view_blank(void)
{
	return g_variant_ref_sink(g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0));
}
