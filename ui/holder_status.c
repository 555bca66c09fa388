/* SPDX-License-Identifier: MIT */
#include "ui/holder_status.h"

#include "ui/holder_page.h"
#include "ui/holder_plain.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"

static const char *picto_of(const char *progress)
{
	if (g_str_equal(progress, "done") || g_str_equal(progress, "entered"))
		return "done";
	return g_str_equal(progress, "refused") || g_str_equal(progress, "declined") ? "alert"
										     : "wait";
}

static GtkWidget *build(struct window *window)
{
	return holder_plain_build(window, "wait");
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) status = view_typed(view, "status", "a{sv}");
	const char *progress = status ? view_str(status, "progress") : "";
	if (!*progress) {
		holder_plain_show(page, "", "");
		return;
	}
	/* TRANSLATORS: the visitor's window: what now, and the number of the request. */
	g_autofree char *lead = g_strdup_printf(_("%s\nRequest number: %s"),
		text_progress_act(progress, TEXT_HOLDER), view_str(status, "number"));
	holder_plain_picto(page, picto_of(progress));
	holder_plain_show(page, text_progress(progress, TEXT_HOLDER), lead);
}

const struct page_ops holder_status_page = {
	.name = "holder-status",
	.state = "status",
	.build = build,
	.show = show,
};

static GtkWidget *withdrawing_build(struct window *window)
{
	GtkWidget *page = holder_plain_build(window, "wait");
	/* TRANSLATORS: the visitor's window while the request is being taken back. */
	holder_plain_show(page, _("Taking your request back"), _("Please wait a moment."));
	return page;
}

static void show_nothing(GtkWidget *page, struct window *window, GVariant *view)
{
}

const struct page_ops holder_withdrawing_page = {
	.name = "holder-withdrawing",
	.state = "withdrawing",
	.build = withdrawing_build,
	.show = show_nothing,
};
