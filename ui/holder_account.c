/* SPDX-License-Identifier: MIT */
#include "ui/holder_account.h"

#include "ui/holder_page.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static GtkWidget *build(struct window *window)
{
	return holder_load("holder_account");
}

/* The last digits tell the owner which one it is, and nobody else very much. */
static GtkWidget *tile_new(const char *digits, const char *role, const char *office)
{
	GtkWidget *tile = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	GtkWidget *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	g_autofree char *who = g_strdup_printf("%s  %s", *role ? text_role(role) : "", office);
	/* TRANSLATORS: one of the visitor's accounts; %s are the last four digits. */
	g_autofree char *id = g_strdup_printf(_("Common ID ending in %s"), digits);
	gtk_container_add(GTK_CONTAINER(lines), label_new(id, "h-method"));
	gtk_container_add(GTK_CONTAINER(lines), label_new(g_strstrip(who), "h-body"));
	gtk_container_add(GTK_CONTAINER(tile), lines);
	widget_class(tile, "h-tile", TRUE);
	gtk_widget_show_all(tile);
	return tile;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) rows = view_typed(view, "accounts", "a(ssss)");
	gboolean en = g_str_equal(window_lang(window), "en");
	GtkWidget *box = page_get(page, "accounts");
	const char *digits, *role, *ja, *english;
	GVariantIter iter;
	holder_greet(page, "over", window, view);
	/* TRANSLATORS: the visitor has several accounts; headline of their window. */
	holder_title(page, _("Which of your accounts cannot sign in?"));
	box_clear(box);
	if (!rows)
		return;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&s&s&s)", &digits, &role, &ja, &english)) {
		const char *office = (en && *english) || !*ja ? english : ja;
		gtk_container_add(GTK_CONTAINER(box), tile_new(digits, role, office));
	}
}

static gboolean fits(GVariant *view)
{
	g_autoptr(GVariant) rows = view_typed(view, "accounts", "a(ssss)");
	return rows && g_variant_n_children(rows) > 0;
}

const struct page_ops holder_account_page = {
	.name = "holder-account",
	.state = "check",
	.build = build,
	.show = show,
	.fits = fits,
};
