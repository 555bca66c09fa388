/* SPDX-License-Identifier: MIT */
#include "ui/questions.h"

#include "ui/keys.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

struct answer {
	const char *value;
	guint key;
};

static const struct answer answers[] = {{"yes", GDK_KEY_F5}, {"no", GDK_KEY_F6}};

static const char *answer_label(const struct answer *a)
{
	return a == &answers[0] ? C_("answer", "Yes") : C_("answer", "No");
}

static void on_answer(GtkWidget *button, gpointer window);

/* Show what stands, without saying it again. */
static void press(GtkWidget *button, gpointer window, gboolean down)
{
	g_signal_handlers_block_by_func(button, on_answer, window);
	gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), down);
	g_signal_handlers_unblock_by_func(button, on_answer, window);
}

/* Another press on the answer that stands takes it back. The button itself shows only what
 * the service has taken, so it waits for the next view. */
static void on_answer(GtkWidget *button, gpointer window)
{
	const char *word = g_object_get_data(G_OBJECT(button), "word");
	const char *value = g_object_get_data(G_OBJECT(button), "value");
	gboolean taken = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button));
	press(button, window, !taken);
	window_intent(window, "Answer", g_variant_new("(ss)", word, taken ? value : ""));
}

static GtkWidget *answer_button(struct window *window, const char *word, const struct answer *a)
{
	GtkWidget *button = gtk_toggle_button_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	GtkWidget *key = gtk_label_new(a == &answers[0] ? "F5" : "F6");
	g_autofree char *id = g_strdup_printf("desk-answer-%s-%s", word, a->value);
	g_autofree char *name =
		g_strdup_printf("%s %s", answer_label(a), text_question(word, TEXT_CLERK));
	gtk_container_add(GTK_CONTAINER(box), gtk_label_new(answer_label(a)));
	gtk_container_add(GTK_CONTAINER(box), key);
	gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
	gtk_container_add(GTK_CONTAINER(button), box);
	gtk_widget_show_all(button);
	widget_class(key, "key", TRUE);
	gtk_widget_set_valign(key, GTK_ALIGN_CENTER);
	widget_class(button, "answer", TRUE);
	widget_identify(button, id, name);
	g_object_set_data_full(G_OBJECT(button), "word", g_strdup(word), g_free);
	g_object_set_data(G_OBJECT(button), "value", (gpointer)a->value);
	g_object_set_data(G_OBJECT(button), "key", key);
	g_signal_connect(button, "toggled", G_CALLBACK(on_answer), window);
	window_key(window, button, a->key);
	return button;
}

static GtkWidget *row_new(struct window *window, const char *word)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	GtkWidget *text = label_new(text_question(word, TEXT_CLERK), NULL);
	widget_class(row, "question", TRUE);
	gtk_widget_set_hexpand(text, TRUE);
	gtk_widget_set_valign(buttons, GTK_ALIGN_CENTER);
	gtk_container_add(GTK_CONTAINER(row), text);
	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++)
		gtk_container_add(GTK_CONTAINER(buttons), answer_button(window, word, &answers[i]));
	gtk_container_add(GTK_CONTAINER(row), buttons);
	g_object_set_data(G_OBJECT(row), "buttons", buttons);
	g_object_set_data_full(G_OBJECT(row), "word", g_strdup(word), g_free);
	gtk_widget_show_all(row);
	return row;
}

/* Show the answer that stands. The keys belong to the first question without one. */
static void row_update(
	struct window *window, GtkWidget *row, const char *value, gboolean may, gboolean keyed)
{
	GtkWidget *buttons = g_object_get_data(G_OBJECT(row), "buttons");
	GList *children = gtk_container_get_children(GTK_CONTAINER(buttons));
	for (GList *l = children; l; l = l->next) {
		const char *own = g_object_get_data(l->data, "value");
		press(l->data, window, g_str_equal(own, value));
		gtk_widget_set_sensitive(l->data, may);
		gtk_widget_set_visible(g_object_get_data(l->data, "key"), keyed);
		keys_stand_back(l->data, !keyed);
	}
	g_list_free(children);
}

/* The row of the n-th question, made anew if another one stands there. */
static GtkWidget *row_at(GtkWidget *box, struct window *window, guint n, const char *word)
{
	g_autoptr(GList) rows = gtk_container_get_children(GTK_CONTAINER(box));
	GtkWidget *row = g_list_nth_data(rows, n);
	if (row && g_str_equal(g_object_get_data(G_OBJECT(row), "word"), word))
		return row;
	for (GList *l = g_list_nth(rows, n); l; l = l->next)
		gtk_widget_destroy(l->data);
	row = row_new(window, word);
	gtk_container_add(GTK_CONTAINER(box), row);
	return row;
}

static void drop_after(GtkWidget *box, guint n)
{
	g_autoptr(GList) rows = gtk_container_get_children(GTK_CONTAINER(box));
	for (GList *l = g_list_nth(rows, n); l; l = l->next)
		gtk_widget_destroy(l->data);
}

gboolean questions_show(GtkWidget *box, struct window *window, GVariant *view)
{
	g_autoptr(GVariant) list = view_typed(view, "questions", "a(ss)");
	gboolean may = view_may(view, "Answer"), keyed = FALSE;
	const char *word, *value;
	GVariantIter iter;
	guint n = 0;
	if (list) {
		g_variant_iter_init(&iter, list);
		while (g_variant_iter_next(&iter, "(&s&s)", &word, &value)) {
			gboolean first_open = may && !*value && !keyed;
			row_update(window, row_at(box, window, n++, word), value, may, first_open);
			keyed = keyed || first_open;
		}
	}
	drop_after(box, n);
	return n > 0;
}
