/* SPDX-License-Identifier: MIT */
#include "ui/holder_receipt.h"

#include <string.h>

#include "ui/banner.h"
#include "ui/holder_page.h"
#include "ui/lang.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

#define GROUP_MAX 5 /* characters of a number that one breath reads aloud */

static void add_group(GtkWidget *box, const char *text, gsize len)
{
	g_autofree char *group = g_strndup(text, len);
	gtk_box_pack_start(GTK_BOX(box), label_new(group, "h-group"), FALSE, FALSE, 0);
}

/* "ENG1-20261122-0007X" as ENG1 2026 1122 0007X. */
static void show_number(GtkWidget *box, const char *number)
{
	g_auto(GStrv) parts = g_strsplit(number, "-", -1);
	box_clear(box);
	for (char **p = parts; *p; p++) {
		gsize len = strlen(*p), half = len > GROUP_MAX ? (len + 1) / 2 : len;
		add_group(box, *p, half);
		if (half < len)
			add_group(box, *p + half, len - half);
	}
}

/* Letter by letter, for those who hear it. */
static void spell_number(GtkWidget *box, const char *number)
{
	g_autoptr(GString) spelt = g_string_new(NULL);
	for (const char *c = number; *c; c++)
		g_string_append_printf(spelt, "%c%s", *c == '-' ? ',' : *c, c[1] ? " " : "");
	/* TRANSLATORS: accessible name of the large number on the receipt, spelt. */
	g_autofree char *name = g_strdup_printf(_("Request number: %s"), spelt->str);
	widget_identify(box, "holder-request", *number ? name : "");
}

/* Somebody whose mail needs the account cannot read the notice. */
static void show_notice(GtkWidget *page, gboolean contact)
{
	if (contact) {
		/* TRANSLATORS: receipt, first step: headline and what the university does next. No
		 * time is promised. The process has an official name. */
		page_text(page, "mail-title", _("Wait for the e-mail"));
		page_text(page, "mail",
			_("You are notified when the process to enable the reregistration has "
			  "been carried out. It takes a while."));
		return;
	}
	/* TRANSLATORS: the same for somebody whose mail needs the account. The quoted words are
	 * the headline of Microsoft's own screen. */
	page_text(page, "mail-title", _("Try to sign in after a while"));
	page_text(page, "mail",
		_("You may be unable to read the notice mail. Begin when the screen says “More "
		  "information required”."));
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = holder_load("holder_receipt");
	page_headline(page, gtk_label_get_text(GTK_LABEL(page_get(page, "title"))));
	return page;
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *number = view_str(view, "request");
	struct banner_text incident = {"", "", ""};
	banner_text(view, window_lang(window), &incident);
	show_number(page_get(page, "number"), number);
	spell_number(page_get(page, "number"), number);
	show_notice(page, view_bool(view, "contact"));
	widget_class(page, "h-tight", *incident.advice != '\0');
	/* TRANSLATORS: receipt, beside the recommendation, on days without an outage. */
	page_text(page, "advice",
		*incident.advice ? incident.advice
				 : _("Password forgotten? Please tell the staff now."));
	/* TRANSLATORS: official names of the steps; QR codes are called so by screen readers. */
	holder_qr(page, "qr-step1", window, view, "step1",
		_("Step 1: Set Up the First Verification Method"));
	holder_qr(page, "qr-step2", window, view, "step2",
		_("Step 2: Add Alternative Verification Methods"));
}

const struct page_ops holder_receipt_page = {
	.name = "holder-receipt",
	.state = "receipt",
	.build = build,
	.show = show,
};
