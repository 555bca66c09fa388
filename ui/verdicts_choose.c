/* SPDX-License-Identifier: MIT */
#include "ui/verdicts_choose.h"

#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

#define FIRST_KEY  "verdict" /* object data of a button: the words of its intent */
#define SECOND_KEY "ground"

static void on_ground(GtkWidget *button, gpointer window)
{
	GObject *b = G_OBJECT(button);
	window_intent(window, "Decide",
		g_variant_new("(ss)", (const char *)g_object_get_data(b, FIRST_KEY),
			(const char *)g_object_get_data(b, SECOND_KEY)));
}

static void on_account(GtkWidget *button, gpointer window)
{
	const char *id = g_object_get_data(G_OBJECT(button), FIRST_KEY);
	window_intent(window, "Account", g_variant_new("(s)", id));
}

/* What it sends may name a person: wiped with the button (kiosk/zero_free.h). */
static void keep(GtkWidget *button, const char *key, const char *text)
{
	g_object_set_data_full(G_OBJECT(button), key, g_strdup(text), g_free);
}

static GtkWidget *choice_new(struct window *window, const char *text, guint n)
{
	GtkWidget *button = gtk_button_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	GtkWidget *label = label_new(text, NULL);
	g_autofree char *digit = g_strdup_printf("%u", n);
	GtkWidget *key = gtk_label_new(digit);
	gtk_widget_set_hexpand(label, TRUE);
	gtk_container_add(GTK_CONTAINER(box), label);
	gtk_container_add(GTK_CONTAINER(box), key);
	gtk_container_add(GTK_CONTAINER(button), box);
	widget_class(key, "key", TRUE);
	gtk_widget_set_valign(key, GTK_ALIGN_CENTER);
	widget_class(button, "choice", TRUE);
	window_key(window, button, GDK_KEY_0 + n);
	window_key(window, button, GDK_KEY_KP_0 + n);
	return button;
}

static GtkWidget *box_new(const char *lead)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	widget_class(box, "choices", TRUE);
	gtk_container_add(GTK_CONTAINER(box), label_new(lead, "verdict-ask"));
	return box;
}

GtkWidget *verdicts_grounds(struct window *window, const char *verdict)
{
	g_autoptr(GVariant) grounds = view_typed(window_view(window), "grounds", "as");
	/* TRANSLATORS: above buttons; the clerk looked into it and goes on: on what ground? */
	GtkWidget *box = box_new(_("Checked, go on. On what ground?"));
	for (guint i = 0; grounds && i < g_variant_n_children(grounds); i++) {
		const char *word;
		g_variant_get_child(grounds, i, "&s", &word);
		g_autofree char *id = g_strdup_printf("desk-decide-%s-%s", verdict, word);
		g_autofree char *name =
			g_strdup_printf("%s: %s", text_verdict(verdict), text_ground(word));
		GtkWidget *button = choice_new(window, text_ground(word), i + 1);
		keep(button, FIRST_KEY, verdict);
		keep(button, SECOND_KEY, word);
		widget_identify(button, id, name);
		g_signal_connect(button, "clicked", G_CALLBACK(on_ground), window);
		gtk_container_add(GTK_CONTAINER(box), button);
	}
	gtk_widget_show_all(box);
	return box;
}

struct account {
	const char *id, *role, *office[2];
};

/* "331 662 4790  Student  Counter of Engineering"; free it. */
static char *account_text(struct window *window, const struct account *a)
{
	gboolean en = g_str_equal(window_lang(window), "en");
	const char *office = *a->office[en] ? a->office[en] : a->office[!en];
	g_autofree char *id = text_common_id(a->id);
	return g_strdup_printf("%s  %s  %s", id, *a->role ? text_role(a->role) : "", office);
}

GtkWidget *verdicts_accounts(struct window *window)
{
	g_autoptr(GVariant) rows = view_typed(window_view(window), "accounts", "a(ssss)");
	/* TRANSLATORS: above buttons, one for each account of the visitor. */
	GtkWidget *box = box_new(_("Ask the visitor: which account cannot sign in?"));
	for (guint i = 0; rows && i < g_variant_n_children(rows); i++) {
		struct account a;
		g_variant_get_child(
			rows, i, "(&s&s&s&s)", &a.id, &a.role, &a.office[0], &a.office[1]);
		g_autofree char *text = account_text(window, &a);
		g_autofree char *id = g_strdup_printf("desk-account-%u", i + 1);
		GtkWidget *button = choice_new(window, text, i + 1);
		keep(button, FIRST_KEY, a.id);
		/* Named by its label: a name set here would be kept by assistive technology. */
		widget_identify(button, id, NULL);
		g_signal_connect(button, "clicked", G_CALLBACK(on_account), window);
		gtk_container_add(GTK_CONTAINER(box), button);
	}
	gtk_widget_show_all(box);
	return box;
}
