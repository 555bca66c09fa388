/* SPDX-License-Identifier: MIT */
#include "ui/holder_consent.h"

#include "ui/holder_page.h"
#include "ui/holder_picto.h"
#include "ui/lang.h"
#include "ui/text.h"
#include "ui/view.h"
#include "ui/widgets.h"
#include "ui/window.h"

#define KEY      "consent"
#define SEEN_KEY "consent-seen"
#define COLUMNS  2 /* of rows */

/* More rows (the facts of an outage) are set smaller, so that all of them are seen at once. */
#define MANY_ROWS         14
#define FIELD_CHARS       14 /* width of a field's name */
#define DENSE_FIELD_CHARS 25

struct consent {
	GtkWidget *page, *picto; /* borrowed */
	struct window *window;   /* borrowed */
	char *title, *meaning;   /* of consent */
	char *digest;            /* what the rows show; "" nothing */
	guint step;              /* of the last report; a later step may need another one */
	gboolean reported;       /* since rows or step changed */
	gulong after_paint;      /* waiting for the end of this frame; 0: not */
};

static struct consent *consent_of(GtkWidget *page)
{
	return g_object_get_data(G_OBJECT(page), KEY);
}

static void consent_free(gpointer data)
{
	struct consent *c = data;
	g_free(c->digest);
	g_free(c->title);
	g_free(c->meaning);
	g_free(c);
}

/* --- what has been seen --- */

static GtkWidget *viewport_of(GtkWidget *widget)
{
	GtkWidget *viewport = gtk_widget_get_ancestor(widget, GTK_TYPE_VIEWPORT);
	return viewport ? viewport : gtk_widget_get_toplevel(widget);
}

static gboolean in_sight(GtkWidget *row, GtkWidget *frame)
{
	int x, y;
	return gtk_widget_translate_coordinates(row, frame, 0, 0, &x, &y) && y >= 0 &&
	       y + gtk_widget_get_allocated_height(row) <= gtk_widget_get_allocated_height(frame);
}

/* Marks the rows that this frame shows; TRUE when each has been shown once. */
static gboolean all_seen(struct consent *c)
{
	GtkWidget *rows = page_get(c->page, "rows"), *frame = viewport_of(rows);
	GList *all = gtk_container_get_children(GTK_CONTAINER(rows));
	gboolean seen = all != NULL;
	for (GList *r = all; r; r = r->next) {
		if (in_sight(r->data, frame))
			g_object_set_data(r->data, SEEN_KEY, r->data);
		seen = seen && g_object_get_data(r->data, SEEN_KEY);
	}
	g_list_free(all);
	return seen;
}

static void on_after_paint(GdkFrameClock *clock, gpointer data)
{
	struct consent *c = data;
	g_signal_handler_disconnect(clock, c->after_paint);
	c->after_paint = 0;
	if (c->reported || !*c->digest)
		return;
	c->reported = TRUE;
	c->step = view_uint(window_view(c->window), "step");
	window_intent(c->window, "Shown", g_variant_new("(ss)", c->digest, window_lang(c->window)));
}

static gboolean on_drawn(GtkWidget *rows, cairo_t *cr, gpointer data)
{
	struct consent *c = data;
	GdkFrameClock *clock = gtk_widget_get_frame_clock(rows);
	if (!c->reported && *c->digest && c->after_paint == 0 && clock && all_seen(c))
		c->after_paint =
			g_signal_connect(clock, "after-paint", G_CALLBACK(on_after_paint), c);
	return FALSE;
}

static void on_unrealize(GtkWidget *rows, gpointer data)
{
	struct consent *c = data;
	if (c->after_paint)
		g_signal_handler_disconnect(gtk_widget_get_frame_clock(rows), c->after_paint);
	c->after_paint = 0;
}

/* --- rows --- */

static GtkWidget *row_new(const char *code, const char *value, int field_chars)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
	const char *field = text_field(code);
	g_autofree char *shown = text_value(code, value);
	/* TRANSLATORS: name of a field: which version of the request's form this is. */
	const char *name = *field ? field : _("Form version");
	g_autofree char *id = g_strdup_printf("holder-row-%s", code);
	GtkWidget *name_label = label_new(name, "h-field");
	GtkWidget *value_label = label_new(shown, "h-value");
	gtk_box_pack_start(GTK_BOX(row), name_label, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(row), value_label, TRUE, TRUE, 0);
	gtk_label_set_width_chars(GTK_LABEL(name_label), field_chars);
	gtk_label_set_max_width_chars(GTK_LABEL(name_label), field_chars);
	widget_identify(row, id, NULL);
	widget_class(row, "h-row", TRUE);
	gtk_widget_show(row);
	return row;
}

static void fill(GtkWidget *page, GVariant *payload)
{
	GtkWidget *grid = page_get(page, "rows");
	int n = payload ? (int)g_variant_n_children(payload) : 0;
	int deep = (n + COLUMNS - 1) / COLUMNS;
	gboolean dense = n > MANY_ROWS;
	box_clear(grid);
	widget_class(page, "h-dense", dense);
	for (int i = 0; i < n; i++) {
		const char *code, *value;
		g_variant_get_child(payload, (gsize)i, "(&s&s)", &code, &value);
		GtkWidget *row = row_new(code, value, dense ? DENSE_FIELD_CHARS : FIELD_CHARS);
		gtk_grid_attach(GTK_GRID(grid), row, i / deep, i % deep, 1, 1);
	}
}

/* --- what to do now --- */

enum ask { ASK_READ, ASK_TAKE_AWAY, ASK_WAIT, ASK_TAP, ASK_PRESS, ASK_COUNT };

static enum ask ask_of(GVariant *view)
{
	if (!view_bool(view, "shown"))
		return ASK_READ;
	if (!view_bool(view, "card"))
		return ASK_PRESS;
	if (view_bool(view, "armed"))
		return ASK_TAP;
	return view_bool(view, "away") ? ASK_WAIT : ASK_TAKE_AWAY;
}

static const struct {
	const char *picto, *text;
} asks[] = {
	/* TRANSLATORS: consent screen, large below the data: what the visitor does now. The
	 * first only while not all rows have been on the screen yet. */
	[ASK_READ] = {"page", N_("Please look at all of it")},
	[ASK_TAKE_AWAY] = {"take", N_("To agree, first take your card off the reader")},
	[ASK_WAIT] = {"wait", N_("One moment")},
	[ASK_TAP] = {"tap", N_("If you agree, put the same card on the reader again")},
	[ASK_PRESS] = {"page", N_("If you agree, press the button")},
};
G_STATIC_ASSERT(G_N_ELEMENTS(asks) == ASK_COUNT);

static void show_ask(struct consent *c, GVariant *view)
{
	enum ask ask = ask_of(view);
	const char *text = _(asks[ask].text);
	GtkLabel *state = GTK_LABEL(page_get(c->page, "state"));
	if (g_str_equal(gtk_label_get_text(state), text))
		return;
	gtk_label_set_text(state, text);
	holder_picto_set(c->picto, asks[ask].picto);
	widget_class(page_get(c->page, "action"), "h-now", ask == ASK_TAP);
	window_announce(c->window, text);
}

static void show_notice(struct consent *c, GVariant *view)
{
	const char *id = view_str(view, "notice");
	/* What to do about it stands above it already. */
	page_text_or_hide(c->page, "notice", *id ? text_problem(id, TEXT_HOLDER) : "");
}

/* --- the page --- */

static void on_agree(GtkButton *button, gpointer data)
{
	if (holder_press_counts(GTK_WIDGET(button)))
		window_intent(data, "Consent", g_variant_new("(b)", TRUE));
}

static void on_refuse(GtkButton *button, gpointer data)
{
	if (holder_press_counts(GTK_WIDGET(button)))
		window_intent(data, "Consent", g_variant_new("(b)", FALSE));
}

static GtkWidget *build(struct window *window)
{
	GtkWidget *page = holder_load("holder_consent"), *rows = page_get(page, "rows");
	struct consent *c = g_new0(struct consent, 1);
	*c = (struct consent){.page = page, .window = window, .digest = g_strdup("")};
	c->title = g_strdup(gtk_label_get_text(GTK_LABEL(page_get(page, "title"))));
	c->meaning = g_strdup(gtk_label_get_text(GTK_LABEL(page_get(page, "meaning"))));
	c->picto = holder_picto_new(asks[ASK_READ].picto);
	gtk_container_add(GTK_CONTAINER(page_get(page, "picto-place")), c->picto);
	g_object_set_data_full(G_OBJECT(page), KEY, c, consent_free);
	g_signal_connect_after(rows, "draw", G_CALLBACK(on_drawn), c);
	g_signal_connect(rows, "unrealize", G_CALLBACK(on_unrealize), c);
	page_on_click(page, "holder-agree", G_CALLBACK(on_agree), window);
	page_on_click(page, "holder-refuse", G_CALLBACK(on_refuse), window);
	return page;
}

static void show_title(struct consent *c, GVariant *view)
{
	gboolean back = g_str_equal(view_str(view, "state"), "withdraw");
	/* TRANSLATORS: headline where the visitor takes an earlier request back, and what it
	 * means. */
	const char *title = back ? _("Shall this request be taken back?") : c->title;
	page_text(c->page, "title", title);
	page_text(c->page, "meaning",
		back ? _("Nothing more happens with it then. You can file another one.")
		     : c->meaning);
	page_headline(c->page, title);
}

/* Other rows, or the service does not know (any more) that these were shown. */
static void take_payload(struct consent *c, GVariant *view)
{
	g_autoptr(GVariant) payload = view_typed(view, "payload", "a(ss)");
	const char *digest = view_str(view, "digest");
	if (!g_str_equal(digest, c->digest)) {
		g_free(c->digest);
		c->digest = g_strdup(digest);
		c->reported = FALSE;
		fill(c->page, payload);
	}
	if (c->reported && !view_bool(view, "shown") && c->step != view_uint(view, "step"))
		c->reported = FALSE;
	if (!c->reported)
		gtk_widget_queue_draw(page_get(c->page, "rows"));
}

static void show(GtkWidget *page, struct window *window, GVariant *view)
{
	struct consent *c = consent_of(page);
	gboolean press = *view_str(view, "digest") && !view_bool(view, "card");
	show_title(c, view);
	take_payload(c, view);
	show_ask(c, view);
	show_notice(c, view);
	page_visible(page, "holder-agree", press);
	page_sensitive(page, "holder-agree", view_bool(view, "shown"));
}

const struct page_ops holder_consent_page = {
	.name = "holder-consent",
	.state = "consent withdraw",
	.build = build,
	.show = show,
};
