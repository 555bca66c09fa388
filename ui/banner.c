/* SPDX-License-Identifier: MIT */
#include "ui/banner.h"

#include "ui/mark.h"
#include "ui/view.h"
#include "ui/widgets.h"

static gboolean text_of(GVariant *texts, const char *lang, struct banner_text *ret)
{
	GVariantIter iter;
	const char *key;
	struct banner_text t;
	g_variant_iter_init(&iter, texts);
	while (g_variant_iter_next(&iter, "{&s(&s&s&s)}", &key, &t.title, &t.body, &t.advice)) {
		if (lang && !g_str_equal(key, lang))
			continue;
		*ret = t;
		return TRUE;
	}
	return FALSE;
}

gboolean banner_text(GVariant *view, const char *lang, struct banner_text *ret)
{
	g_autoptr(GVariant) incident = view_typed(view, "incident", "a{sv}");
	if (!incident)
		return FALSE;
	g_autoptr(GVariant) texts = view_typed(incident, "texts", "a{s(sss)}");
	if (!texts)
		return FALSE;
	return text_of(texts, lang, ret) || text_of(texts, "en", ret) || text_of(texts, NULL, ret);
}

GtkWidget *banner_new(void)
{
	GtkWidget *banner = page_load("banner");
	gtk_box_pack_start(
		GTK_BOX(page_get(banner, "mark-place")), mark_new(MARK_DECIDE), FALSE, FALSE, 0);
	return banner;
}

void banner_show(GtkWidget *banner, GVariant *view, const char *lang)
{
	struct banner_text text;
	gboolean on = banner_text(view, lang, &text);
	page_text(banner, "title", on ? text.title : "");
	page_text(banner, "body", on ? text.body : "");
	/* Read once, before the visit; afterwards the page needs the room. */
	page_visible(banner, "body",
		on && *text.body && g_str_equal(view_str(view, "state"), "welcome"));
	gtk_widget_set_visible(banner, on);
}
