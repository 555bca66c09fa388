/* SPDX-License-Identifier: MIT */
#include "ui/verdicts.h"

#include "ui/lang.h"
#include "ui/mark.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

static const struct severity {
	const char *word, *class_;
	enum mark mark;
} severities[] = {
	/* worst first */
	{"stop", "verdict-stop", MARK_STOP},
	{"second", "verdict-second", MARK_SECOND},
	{"decide", "verdict-decide", MARK_DECIDE},
	{"info", "verdict-info", MARK_INFO},
};

struct verdict {
	const char *word, *severity;
	gboolean settled;
};

static void on_decide(GtkWidget *button, gpointer window)
{
	const char *word = g_object_get_data(G_OBJECT(button), "word");
	window_intent(window, "Decide", g_variant_new("(s)", word));
}

static GtkWidget *decide_button(struct window *window, const struct verdict *v)
{
	/* TRANSLATORS: button beside something that the clerk must look into first. */
	GtkWidget *button = gtk_button_new_with_label(_("Checked: go on"));
	g_autofree char *id = g_strdup_printf("desk-decide-%s", v->word);
	g_autofree char *name =
		g_strdup_printf("%s %s", _("Checked: go on"), text_verdict(v->word));
	widget_identify(button, id, name);
	g_object_set_data_full(G_OBJECT(button), "word", g_strdup(v->word), g_free);
	g_signal_connect(button, "clicked", G_CALLBACK(on_decide), window);
	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	gtk_widget_show(button);
	return button;
}

static GtkWidget *words(const struct verdict *v)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	/* TRANSLATORS: severity and verdict, as in "Stop: The card has expired". */
	g_autofree char *title =
		g_strdup_printf(_("%s: %s"), text_severity(v->severity), text_verdict(v->word));
	gtk_container_add(GTK_CONTAINER(box), label_new(title, "strong"));
	gtk_container_add(GTK_CONTAINER(box), label_new(text_verdict_act(v->word), "verdict-act"));
	gtk_widget_set_hexpand(box, TRUE);
	gtk_widget_show(box);
	return box;
}

static GtkWidget *row_new(
	struct window *window, GVariant *view, const struct verdict *v, const struct severity *s)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	gboolean done = v->settled && s->mark != MARK_INFO;
	widget_class(row, "verdict", TRUE);
	widget_class(row, done ? "verdict-settled" : s->class_, TRUE);
	gtk_container_add(GTK_CONTAINER(row), mark_new(done ? MARK_DONE : s->mark));
	gtk_container_add(GTK_CONTAINER(row), words(v));
	if (s->mark == MARK_DECIDE && !done && view_may(view, "Decide"))
		gtk_container_add(GTK_CONTAINER(row), decide_button(window, v));
	gtk_widget_show(row);
	return row;
}

void verdicts_show(GtkWidget *box, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) rows = view_typed(view, "verdicts", "a(ssb)");
	box_clear(box);
	for (gsize i = 0; rows && i < G_N_ELEMENTS(severities); i++) {
		struct verdict v;
		GVariantIter iter;
		g_variant_iter_init(&iter, rows);
		while (g_variant_iter_next(&iter, "(&s&sb)", &v.word, &v.severity, &v.settled))
			if (g_str_equal(v.severity, severities[i].word))
				gtk_container_add(GTK_CONTAINER(box),
					row_new(window, view, &v, &severities[i]));
	}
	gtk_widget_set_visible(box, rows && g_variant_n_children(rows) > 0);
}

gboolean verdicts_open(GVariant *view, const char *severity)
{
	g_autoptr(GVariant) rows = view_typed(view, "verdicts", "a(ssb)");
	struct verdict v;
	GVariantIter iter;
	if (!rows)
		return FALSE;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&sb)", &v.word, &v.severity, &v.settled))
		if (g_str_equal(v.severity, severity) && !v.settled)
			return TRUE;
	return FALSE;
}
