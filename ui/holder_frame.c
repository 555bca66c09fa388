/* SPDX-License-Identifier: MIT */
#include "ui/holder.h"

#include "ui/holder_page.h"
#include "ui/lang.h"
#include "ui/view.h"
#include "ui/widgets.h"

#define STAGES    4
#define LEFT_KEY  "idle-left"
#define FOCUS_KEY "idle-focus"

/* --- the strip above --- */

/* Which of the four stages a state belongs to; 0: none is shown. */
static int stage_of(const char *state)
{
	static const struct {
		const char *state;
		int stage;
	} rows[] = {
		{"welcome", 1},
		{"reading", 1},
		{"lookup", 2},
		{"check", 2},
		{"second", 2},
		{"second-pin", 2},
		{"route", 2},
		{"consent", 3},
		{"filing", 3},
		{"receipt", 4},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].state, state))
			return rows[i].stage;
	return 0;
}

static void on_language(GtkButton *button, gpointer data)
{
	window_next_lang(data);
}

GtkWidget *holder_head_build(struct window *window)
{
	GtkWidget *head = holder_load("holder_head");
	const char *next = lang_own_name(lang_next(window_lang(window)));
	gtk_button_set_label(GTK_BUTTON(page_get(head, "holder-language")), next);
	page_on_click(head, "holder-language", G_CALLBACK(on_language), window);
	return head;
}

void holder_head_show(GtkWidget *head, struct window *window, GVariant *view, GVariant *health)
{
	int stage = stage_of(view_str(view, "state"));
	page_text(head, "office", view_lang_str(view, "office", window_lang(window)));
	page_visible(head, "stages", stage > 0);
	for (int i = 1; i <= STAGES; i++) {
		g_autofree char *id = g_strdup_printf("stage-%d", i);
		widget_class(page_get(head, id), "h-stage-done", i < stage);
		widget_class(page_get(head, id), "h-stage-now", i == stage);
	}
}

/* --- the warning over everything --- */

static void on_more_time(GtkButton *button, gpointer data)
{
	window_intent(data, "Extend", NULL);
}

GtkWidget *holder_idle_build(struct window *window)
{
	GtkWidget *idle = holder_load("holder_idle");
	page_on_click(idle, "holder-more-time", G_CALLBACK(on_more_time), window);
	return idle;
}

/* Both know it: the view when the warning begins and ends, health each second between. */
static guint seconds_left(GVariant *view, GVariant *health)
{
	guint left = view_uint(view, "left"), ticking = view_uint(health, "left");
	return left && ticking ? ticking : left;
}

static void appear(GtkWidget *idle, struct window *window)
{
	GtkWindow *top = GTK_WINDOW(gtk_widget_get_toplevel(idle));
	GtkWidget *had = gtk_window_get_focus(top);
	g_object_set_data_full(G_OBJECT(idle), FOCUS_KEY, had ? g_object_ref(had) : NULL,
		had ? g_object_unref : NULL);
	gtk_widget_show(idle);
	gtk_widget_grab_focus(page_get(idle, "holder-more-time"));
	/* TRANSLATORS: announced when the warning appears. */
	window_announce(window, _("Are you still there? Press any key for more time."));
}

static void vanish(GtkWidget *idle)
{
	GtkWidget *had = g_object_get_data(G_OBJECT(idle), FOCUS_KEY);
	gtk_widget_hide(idle);
	if (had && gtk_widget_get_mapped(had))
		gtk_widget_grab_focus(had);
	g_object_set_data(G_OBJECT(idle), FOCUS_KEY, NULL);
}

void holder_idle_show(GtkWidget *idle, struct window *window, GVariant *view, GVariant *health)
{
	guint left = seconds_left(view, health);
	/* TRANSLATORS: %u is counted down each second. */
	g_autofree char *text = g_strdup_printf(
		_("This visit ends in %u s. What you entered is then forgotten."), left);
	page_text(idle, "left", left ? text : "");
	if (left && !gtk_widget_get_visible(idle))
		appear(idle, window);
	else if (!left && gtk_widget_get_visible(idle))
		vanish(idle);
}
