/* SPDX-License-Identifier: MIT */
#include "ui/holder_ask.h"

#include "ui/holder_page.h"
#include "ui/holder_picto.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"

#define PICTO_KEY "question-picto"

static const char *picto(const char *word)
{
	static const char *const rows[][2] = {
		{"affected", "call"},
		{"authenticator", "app"},
		{"other-number", "landline"},
		{"internet", "wifi"},
		{"spare-number", "phone"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i][0], word))
			return rows[i][1];
	return "alert";
}

/* Questions whose buttons say more than yes and no. */
static const struct {
	const char *word, *yes, *no;
} choices[] = {
	/* TRANSLATORS: the two large buttons below a question of the visitor. */
	{"usable", N_("Yes, one of them works"), N_("No, none of them works")},
	{"self-service", N_("Yes, I do it myself"), N_("No, please file it here")},
};

static const char *choice(const char *word, gboolean yes)
{
	for (gsize i = 0; i < G_N_ELEMENTS(choices); i++)
		if (g_str_equal(choices[i].word, word))
			return yes ? _(choices[i].yes) : _(choices[i].no);
	/* TRANSLATORS: the two large buttons below any other question of the visitor. */
	return yes ? C_("button", "Yes") : C_("button", "No");
}

static void answer(GtkWidget *button, struct window *window, const char *value)
{
	const char *word = holder_asked(window_view(window));
	if (*word && holder_press_counts(button))
		holder_answer(window, word, value);
}

static void on_yes(GtkButton *button, gpointer data)
{
	answer(GTK_WIDGET(button), data, "yes");
}

static void on_no(GtkButton *button, gpointer data)
{
	answer(GTK_WIDGET(button), data, "no");
}

static GtkWidget *build_from(struct window *window, const char *template)
{
	GtkWidget *page = holder_load(template);
	page_on_click(page, "yes", G_CALLBACK(on_yes), window);
	page_on_click(page, "no", G_CALLBACK(on_no), window);
	return page;
}

/* The two buttons are those of this question: their ids and texts say so. */
static void show_choices(GtkWidget *page, const char *word)
{
	static const char *const values[] = {"yes", "no"};
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		GtkWidget *button = page_get(page, values[i]);
		g_autofree char *id = g_strdup_printf("holder-answer-%s-%s", word, values[i]);
		g_autofree char *text_id = g_strdup_printf("%s-text", values[i]);
		const char *text = choice(word, i == 0);
		widget_identify(button, id, text);
		page_text(page, text_id, text);
		gtk_widget_set_sensitive(button, *word != '\0');
	}
}

static GtkWidget *question_build(struct window *window)
{
	GtkWidget *page = build_from(window, "holder_question");
	GtkWidget *drawing = holder_picto_new("alert");
	gtk_container_add(GTK_CONTAINER(page_get(page, "picto-place")), drawing);
	g_object_set_data(G_OBJECT(page), PICTO_KEY, drawing);
	return page;
}

static void question_show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *word = holder_asked(view);
	gboolean usable = g_str_equal(word, "usable");
	holder_greet(page, "over", window, view);
	holder_title(page, text_question(word, TEXT_HOLDER));
	page_text_or_hide(page, "help", usable ? "" : text_question_help(word));
	page_visible(page, "methods", usable);
	page_visible(page, "picto-place", !usable);
	holder_picto_set(g_object_get_data(G_OBJECT(page), PICTO_KEY), picto(word));
	/* A question without a list below it has the middle of the window. */
	gtk_widget_set_vexpand(page_get(page, "ask"), !usable);
	widget_class(page, "h-alone", !usable);
	show_choices(page, word);
}

static gboolean question_fits(GVariant *view)
{
	return *holder_asked(view) != '\0';
}

const struct page_ops holder_question_page = {
	.name = "holder-question",
	.state = "lookup check route",
	.build = question_build,
	.show = question_show,
	.fits = question_fits,
};

static GtkWidget *self_build(struct window *window)
{
	return build_from(window, "holder_self");
}

static void self_show(GtkWidget *page, struct window *window, GVariant *view)
{
	const char *word = holder_asked(view);
	/* TRANSLATORS: headline above the conditions of the self-service. */
	holder_title(page, _("Do it yourself with your My Number Card?"));
	/* TRANSLATORS: above a QR code: official name of the service. */
	holder_qr(page, "qr-verify", window, view, "verify",
		_("UTokyo Account Identity Verification Service"));
	show_choices(page, word);
}

static gboolean self_fits(GVariant *view)
{
	return g_str_equal(holder_asked(view), "self-service");
}

const struct page_ops holder_self_page = {
	.name = "holder-self-service",
	.state = "lookup check route",
	.build = self_build,
	.show = self_show,
	.fits = self_fits,
};
