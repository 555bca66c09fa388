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

/* The first decision has a key, and is what comes next once face and digits are settled. */
static void prefer(struct window *window, GtkWidget *button)
{
	GtkWidget *key = gtk_label_new("F9");
	GtkWidget *box = gtk_bin_get_child(GTK_BIN(button));
	widget_class(key, "key", TRUE);
	gtk_widget_set_valign(key, GTK_ALIGN_CENTER);
	gtk_container_add(GTK_CONTAINER(box), key);
	window_key(window, button, GDK_KEY_F9);
	widget_class(
		button, "primary", g_str_equal(view_str(window_view(window), "gate"), "decide"));
}

static GtkWidget *decide_button(struct window *window, const struct verdict *v, gboolean first)
{
	GtkWidget *button = gtk_button_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	g_autofree char *id = g_strdup_printf("desk-decide-%s", v->word);
	g_autofree char *name =
		g_strdup_printf("%s %s", _("Checked: go on"), text_verdict(v->word));
	/* TRANSLATORS: button beside something that the clerk must look into first. */
	gtk_container_add(GTK_CONTAINER(box), gtk_label_new(_("Checked: go on")));
	gtk_container_add(GTK_CONTAINER(button), box);
	if (first)
		prefer(window, button);
	widget_identify(button, id, name);
	g_object_set_data_full(G_OBJECT(button), "word", g_strdup(v->word), g_free);
	g_signal_connect(button, "clicked", G_CALLBACK(on_decide), window);
	gtk_widget_set_halign(button, GTK_ALIGN_START);
	gtk_widget_show_all(button);
	return button;
}

enum decision { DECISION_NONE, DECISION_FIRST, DECISION_LATER };

static GtkWidget *words(struct window *window, const struct verdict *v, enum decision decision)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	/* TRANSLATORS: severity and verdict, as in "Stop: The card has expired". */
	g_autofree char *title =
		g_strdup_printf(_("%s: %s"), text_severity(v->severity), text_verdict(v->word));
	gtk_container_add(GTK_CONTAINER(box), label_new(title, "strong"));
	gtk_container_add(GTK_CONTAINER(box), label_new(text_verdict_act(v->word), "verdict-act"));
	if (decision != DECISION_NONE)
		gtk_container_add(
			GTK_CONTAINER(box), decide_button(window, v, decision == DECISION_FIRST));
	gtk_widget_set_hexpand(box, TRUE);
	gtk_widget_show(box);
	return box;
}

static GtkWidget *row_new(struct window *window, const struct verdict *v, const struct severity *s,
	enum decision decision)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	gboolean done = v->settled && s->mark != MARK_INFO;
	widget_class(row, "verdict", TRUE);
	widget_class(row, done ? "verdict-settled" : s->class_, TRUE);
	gtk_container_add(GTK_CONTAINER(row), mark_new(done ? MARK_DONE : s->mark));
	gtk_container_add(GTK_CONTAINER(row), words(window, v, decision));
	gtk_widget_show(row);
	return row;
}

/* All rows of one severity. */
static void add_rows(
	GtkWidget *box, struct window *window, GVariant *rows, const struct severity *s)
{
	gboolean may = s->mark == MARK_DECIDE && view_may(window_view(window), "Decide");
	enum decision next = may ? DECISION_FIRST : DECISION_NONE;
	struct verdict v;
	GVariantIter iter;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&sb)", &v.word, &v.severity, &v.settled)) {
		if (!g_str_equal(v.severity, s->word))
			continue;
		gtk_container_add(GTK_CONTAINER(box),
			row_new(window, &v, s, v.settled ? DECISION_NONE : next));
		if (!v.settled && may)
			next = DECISION_LATER;
	}
}

void verdicts_show(GtkWidget *box, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) rows = view_typed(view, "verdicts", "a(ssb)");
	box_clear(box);
	for (gsize i = 0; rows && i < G_N_ELEMENTS(severities); i++)
		add_rows(box, window, rows, &severities[i]);
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
