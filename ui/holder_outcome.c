/* SPDX-License-Identifier: MIT */
#include "ui/holder_outcome.h"

#include "ui/holder_page.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"

static gboolean is_route(GVariant *view, const char *word)
{
	return g_str_equal(view_str(view, "route"), word);
}

static GtkWidget *build_from(struct window *window, const char *template)
{
	GtkWidget *page = holder_load(template);
	holder_back_build(page, window);
	return page;
}

/* Headline and way back; the rest of a page is its own. */
static void show_frame(GtkWidget *page, GVariant *view)
{
	const char *route = view_str(view, "route");
	holder_title(page, *route ? text_route(route, TEXT_HOLDER) : "");
	holder_back_show(page, view);
}

static GtkWidget *not_needed_build(struct window *window)
{
	return build_from(window, "holder_not_needed");
}

static void not_needed_show(GtkWidget *page, struct window *window, GVariant *view)
{
	show_frame(page, view);
	/* TRANSLATORS: above a QR code: official name of the page. */
	holder_qr(page, "qr-change", window, view, "change", _("Changing the Verification Method"));
}

static gboolean not_needed_fits(GVariant *view)
{
	return is_route(view, "not-needed");
}

const struct page_ops holder_not_needed_page = {
	.name = "holder-not-needed",
	.state = "route",
	.build = not_needed_build,
	.show = not_needed_show,
	.fits = not_needed_fits,
};

static GtkWidget *self_go_build(struct window *window)
{
	return build_from(window, "holder_self_go");
}

static void self_go_show(GtkWidget *page, struct window *window, GVariant *view)
{
	show_frame(page, view);
	holder_qr(page, "qr-verify", window, view, "verify",
		_("UTokyo Account Identity Verification Service"));
	/* TRANSLATORS: above a QR code: official name of the step. */
	holder_qr(page, "qr-step2", window, view, "step2",
		_("Step 2: Add Alternative Verification Methods"));
}

static gboolean self_go_fits(GVariant *view)
{
	return is_route(view, "self-service");
}

const struct page_ops holder_self_go_page = {
	.name = "holder-self-go",
	.state = "route",
	.build = self_go_build,
	.show = self_go_show,
	.fits = self_go_fits,
};

static GtkWidget *other_build(struct window *window)
{
	return build_from(window, "holder_other");
}

static void other_show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *lang = window_lang(window), *route = view_str(view, "route");
	const char *hours = view_str(view, "route-hours"), *open = view_str(view, "route-open");
	/* "9:00-12:30,13:30-17:00" as people write it. */
	g_auto(GStrv) parts = g_strsplit(hours, "-", -1);
	g_autofree char *dashed = g_strjoinv("–", parts);
	g_auto(GStrv) spans = g_strsplit(dashed, ",", -1);
	g_autofree char *shown = g_strjoinv("\n", spans);
	show_frame(page, view);
	page_text(page, "office", view_lang_str(view, "route-office", lang));
	page_text_or_hide(page, "place", view_lang_str(view, "route-place", lang));
	page_text(page, "hours", shown);
	page_text_or_hide(page, "open", *open ? text_open(open) : "");
	widget_class(page_get(page, "open"), "h-pill-open", g_str_equal(open, "open"));
	page_visible(page, "hours-row", *hours || *open);
	page_text(page, "act", *route ? text_route_act(route, TEXT_HOLDER) : "");
	/* TRANSLATORS: above a QR code that leads to the page about the procedure. */
	holder_qr(page, "qr-procedure", window, view, "procedure", _("Other ways to apply"));
}

static gboolean other_fits(GVariant *view)
{
	return is_route(view, "other-desk");
}

const struct page_ops holder_other_desk_page = {
	.name = "holder-other-desk",
	.state = "route",
	.build = other_build,
	.show = other_show,
	.fits = other_fits,
};

static GtkWidget *support_build(struct window *window)
{
	return build_from(window, "holder_support");
}

/* The form of the outage, if its file sends people there and this person is affected. */
static const char *outage_form(GVariant *view)
{
	g_autoptr(GVariant) incident = view_typed(view, "incident", "a{sv}");
	if (!incident || !g_str_equal(view_str(incident, "to"), "support") ||
		!g_str_equal(view_pair(view, "questions", "affected"), "yes"))
		return "";
	return view_str(incident, "support-link"); /* part of `view` */
}

static void support_show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *form = outage_form(view), *route = view_str(view, "route");
	show_frame(page, view);
	page_text(page, "act", *route ? text_route_act(route, TEXT_HOLDER) : "");
	page_visible(page, "channels", !*form);
	page_visible(page, "facts", *form != '\0');
	if (*form)
		/* TRANSLATORS: above a QR code: the support desk's form for an outage. */
		holder_qr_url(page, "qr-support", form, _("Support desk: mail form"));
	else
		/* TRANSLATORS: above a QR code: the support desk's page. */
		holder_qr(page, "qr-support", window, view, "support", _("Support desk"));
}

static gboolean support_fits(GVariant *view)
{
	return is_route(view, "support-desk");
}

const struct page_ops holder_support_page = {
	.name = "holder-support",
	.state = "route",
	.build = support_build,
	.show = support_show,
	.fits = support_fits,
};
