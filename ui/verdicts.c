/* SPDX-License-Identifier: MIT */
#include "ui/verdicts.h"

#include "ui/lang.h"
#include "ui/mark.h"
#include "ui/text.h"
#include "ui/verdicts_choose.h"
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

/* Which answer it is that a verdict about the directory speaks of; "" for others. Free it. */
static char *source_text(GVariant *view, const char *word)
{
	const char *source = view_str(view, "source");
	gboolean told = g_str_has_prefix(word, "directory-") || g_str_equal(word, "old-directory");
	if (!told || !*source)
		return g_strdup("");
	if (!g_variant_lookup(view, "source-hours", "u", NULL))
		/* TRANSLATORS: below a verdict: which directory answered, and of when its data is.
		 */
		return g_strdup_printf(_("Answer of %s: live"), text_source(source));
	g_autofree char *age = text_age(view_uint(view, "source-hours"));
	/* TRANSLATORS: the same; the second %s is as in "5 h old". */
	return g_strdup_printf(_("Answer of %s: %s"), text_source(source), age);
}

/* What the clerk chooses from below the verdict that is next; NULL: nothing, or not yet. */
static GtkWidget *choices(struct window *window, const struct verdict *v)
{
	GVariant *view = window_view(window);
	const char *gate = view_str(view, "gate");
	gboolean accounts = g_str_equal(v->word, "two-accounts");
	if (v->settled)
		return NULL;
	if (accounts)
		return g_str_equal(gate, "account") && view_may(view, "Account")
			       ? verdicts_accounts(window)
			       : NULL;
	return g_str_equal(gate, "decide") && view_may(view, "Decide")
		       ? verdicts_grounds(window, v->word)
		       : NULL;
}

static GtkWidget *words_new(struct window *window, const struct verdict *v)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	g_autofree char *source = source_text(window_view(window), v->word);
	/* TRANSLATORS: severity and verdict, as in "Stop: The card has expired". */
	g_autofree char *title =
		g_strdup_printf(_("%s: %s"), text_severity(v->severity), text_verdict(v->word));
	gtk_container_add(GTK_CONTAINER(box), label_new(title, "strong"));
	gtk_container_add(GTK_CONTAINER(box), label_new(text_verdict_act(v->word), "verdict-act"));
	if (*source)
		gtk_container_add(GTK_CONTAINER(box), label_new(source, "verdict-act"));
	gtk_widget_set_hexpand(box, TRUE);
	gtk_widget_show(box);
	return box;
}

static GtkWidget *row_new(const struct verdict *v, const struct severity *s, GtkWidget *words)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *mark;
	gboolean done = v->settled && s->mark != MARK_INFO;
	widget_class(row, "verdict", TRUE);
	widget_class(row, done ? "verdict-settled" : s->class_, TRUE);
	mark = mark_new(done ? MARK_DONE : s->mark);
	gtk_widget_set_valign(mark, GTK_ALIGN_START); /* beside its title, however long the row */
	gtk_container_add(GTK_CONTAINER(row), mark);
	gtk_container_add(GTK_CONTAINER(row), words);
	gtk_widget_show(row);
	return row;
}

/* All rows of one severity. One is decided at a time, so that a key is one button's. */
static void add_rows(
	GtkWidget *box, struct window *window, GVariant *rows, const struct severity *s)
{
	gboolean asked = FALSE;
	struct verdict v;
	GVariantIter iter;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&s&sb)", &v.word, &v.severity, &v.settled)) {
		if (!g_str_equal(v.severity, s->word))
			continue;
		GtkWidget *words = words_new(window, &v);
		GtkWidget *choice = s->mark == MARK_DECIDE && !asked ? choices(window, &v) : NULL;
		if (choice)
			gtk_container_add(GTK_CONTAINER(words), choice);
		asked |= choice != NULL;
		gtk_container_add(GTK_CONTAINER(box), row_new(&v, s, words));
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
