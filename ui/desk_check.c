/* SPDX-License-Identifier: MIT */
#include "ui/desk_pages.h"

#include "ui/digits.h"
#include "ui/lang.h"
#include "ui/questions.h"
#include "ui/text.h"
#include "ui/verdicts.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static void update_button(GtkWidget *page)
{
	GtkEntry *entry = GTK_ENTRY(page_get(page, "desk-digits"));
	guint wanted = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(page), "wanted"));
	page_sensitive(page, "desk-check", gtk_entry_get_text_length(entry) == wanted);
}

static void on_typed(GtkEditable *entry, gpointer page)
{
	digits_fill(page_get(page, "places"), gtk_entry_get_text(GTK_ENTRY(entry)));
	update_button(page);
}

static void on_check(GtkWidget *button, gpointer window)
{
	GtkWidget *entry = g_object_get_data(G_OBJECT(button), "entry");
	window_intent(window, "Check", g_variant_new("(s)", gtk_entry_get_text(GTK_ENTRY(entry))));
	entry_wipe(entry);
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = page_load("desk_check"), *entry = page_get(page, "desk-digits");
	entry_secret(entry);
	entry_digits_only(entry);
	desk_mark(page, "passed-mark", MARK_DONE);
	g_signal_connect(entry, "changed", G_CALLBACK(on_typed), page);
	g_object_set_data(G_OBJECT(page_get(page, "desk-check")), "entry", entry);
	page_on_click(page, "desk-check", G_CALLBACK(on_check), window);
	desk_intent_button(page, window, "desk-second", "CallSecond");
	desk_intent_button(page, window, "desk-cancel", "Cancel");
	window_key(window, page_get(page, "desk-second"), GDK_KEY_F7);
	page_headline(page, _("Compare the photo with the face"));
	return page;
}

/* "Student, Counter of Engineering, until 2027-03-31"; free it. */
static char *role_text(struct window *window, GVariant *view)
{
	const char *role = view_str(view, "role");
	const char *place = view_lang_str(view, "affiliation", window_lang(window));
	g_autofree char *until = text_date(view_uint(view, "term"));
	GString *text = g_string_new(*role ? text_role(role) : "");
	if (!*place)
		place = view_str(view, "affiliation");
	if (*place)
		g_string_append_printf(text, "%s%s", text->len ? "  " : "", place);
	if (*until)
		/* TRANSLATORS: end of a person's enrollment or employment; %s is a date. */
		g_string_append_printf(text, _("  until %s"), until);
	return g_string_free(text, FALSE);
}

static void show_person(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *ja = view_str(view, "name-ja"), *en = view_str(view, "name-en");
	const char *document = view_str(view, "document");
	g_autofree char *role = role_text(window, view);
	g_autofree char *paper =
		*document
			/* TRANSLATORS: below a person's name; %s is a kind of document. */
			? g_strdup_printf(_("Without card: %s"), text_document(document))
			: g_strdup("");
	page_text(page, "name", *ja ? ja : en);
	page_text_or_hide(page, "name-other", *ja ? en : "");
	page_text(page, "role", role);
	page_text_or_hide(page, "paper", paper);
}

static void show_left(GtkWidget *page, struct window *window, GVariant *view)
{
	guint left = view_uint(view, "digits-left");
	guint before = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(page), "left"));
	gboolean again = left > 0 && left < before;
	/* TRANSLATORS: beside the digits the clerk types; %u tries are left. */
	g_autofree char *text = g_strdup_printf(
		again ? _("These digits do not match. Tries left: %u") : _("Tries left: %u"), left);
	page_text(page, "left", left > 0 ? text : "");
	widget_class(page_get(page, "left"), "error", again);
	g_object_set_data(G_OBJECT(page), "left", GUINT_TO_POINTER(left));
	if (again)
		window_announce(window, text);
}

static void show_digits(GtkWidget *page, GVariant *view, guint asked)
{
	GtkWidget *entry = page_get(page, "desk-digits");
	g_autofree char *places = digits_places_text(view);
	/* TRANSLATORS: name of the field; %s lists places as in "10, 13, 17". */
	g_autofree char *name = g_strdup_printf(_("Digits at the places %s"), places);
	gtk_entry_set_max_length(GTK_ENTRY(entry), (int)asked);
	gtk_entry_set_width_chars(GTK_ENTRY(entry), (int)asked + 2);
	atk_object_set_name(gtk_widget_get_accessible(entry), name);
	page_visible(page, "digits-box", asked > 0);
	/* Asked anew, of another account's card: the button that led here is gone. */
	if (asked > 0 && !g_object_get_data(G_OBJECT(page), "wanted"))
		gtk_widget_grab_focus(entry);
	g_object_set_data(G_OBJECT(page), "wanted", GUINT_TO_POINTER(asked));
}

static void show_face(GtkWidget *page, GVariant *view, guint asked)
{
	gboolean card = view_bool(view, "card"), passed = view_bool(view, "digits-passed");
	gboolean other = g_str_equal(view_str(view, "account"), "other");
	g_autofree char *id = text_common_id(view_str(view, "common-id"));
	/* TRANSLATORS: clerk's window after the check; %s is the Common ID. */
	g_autofree char *line = *id ? g_strdup_printf(_("Common ID: %s"), id) : g_strdup("");
	page_text(page, "face-title",
		card ? _("Compare the photo with the face")
		     : _("Compare the document with the face"));
	page_text(page, "face-lead",
		card && asked > 0 && other
			? _("Now the card of the chosen account: type the marked digits of its "
			    "number. Without it, end this visit and begin one without card.")
		: card && asked > 0
			? _("Then type the marked digits of the number printed on the card.")
		: card ? ""
		       : _("Look at photo, name and validity of the document."));
	page_visible(page, "face-title", !passed);
	page_visible(page, "face-lead", !passed);
	page_visible(page, "passed", passed);
	page_text(page, "common-id", line);
}

static void show_buttons(GtkWidget *page, GVariant *view)
{
	gboolean passed = view_bool(view, "digits-passed");
	gboolean second = verdicts_open(view, "second");
	gboolean next = second && g_str_equal(view_str(view, "gate"), "second");
	page_visible(page, "desk-check", !passed && view_may(view, "Check"));
	page_text(page, "check-label",
		view_bool(view, "card") ? _("Photo and digits match")
					: _("Document and face match"));
	page_visible(page, "desk-second", second && view_may(view, "CallSecond"));
	widget_class(page_get(page, "desk-second"), "primary", next);
	desk_offer(page, view, "desk-cancel", "Cancel");
	update_button(page);
	page_default(page, next ? "desk-second" : "desk-check");
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	guint asked = digits_show(page_get(page, "places"), view);
	if (asked == 0)
		entry_wipe(page_get(page, "desk-digits"));
	show_person(page, window, view);
	verdicts_show(page_get(page, "verdicts"), window, view);
	show_digits(page, view, asked);
	show_left(page, window, view);
	show_face(page, view, asked);
	page_visible(page, "asked", questions_show(page_get(page, "questions"), window, view));
	show_buttons(page, view);
}

static GtkWidget *focus(GtkWidget *page)
{
	GtkWidget *entry = page_get(page, "desk-digits");
	return g_object_get_data(G_OBJECT(page), "wanted") ? entry : NULL;
}

const struct page_ops desk_check_page = {
	.name = "desk-check-page",
	.state = "check",
	.build = build,
	.show = show,
	.focus = focus,
};
