/* SPDX-License-Identifier: MIT
 *
 * The holder's window before a stand-in service: what it sends, when, and what it keeps.
 */
#include <stdlib.h>

#include "tests/check.h"
#include "tests/ui/scenes.h"
#include "tests/visits/stage.h"
#include "ui/app.h"
#include "ui/client.h"
#include "ui/keypad.h"
#include "ui/lang.h"
#include "ui/qr.h"
#include "ui/style.h"
#include "ui/text.h"
#include "ui/view.h"

#define DEADLINE_US (10 * G_TIME_SPAN_SECOND)
#define WIDTH       1280
#define HEIGHT      800

/* A service, a connection and the holder's window; everything said on the other side. */
struct desk {
	char *socket;
	GSubprocess *service;
	GDataInputStream *out;
	GPtrArray *heard;
	gboolean silent; /* its output has ended */
	struct client *client;
	struct window *window;
};

static void on_heard(GObject *source, GAsyncResult *result, gpointer data)
{
	struct desk *d = data;
	GDataInputStream *in = G_DATA_INPUT_STREAM(source);
	g_autoptr(GError) error = NULL;
	char *line = g_data_input_stream_read_line_finish(in, result, NULL, &error);
	d->silent = !line;
	if (!line)
		return;
	g_ptr_array_add(d->heard, line);
	g_data_input_stream_read_line_async(in, G_PRIORITY_DEFAULT, NULL, on_heard, d);
}

static void on_view(enum client_view which, GVariant *view, gpointer data)
{
	struct desk *d = data;
	if (!view || !d->window)
		return;
	if (which == CLIENT_HOLDER)
		window_set_view(d->window, view);
	else if (which == CLIENT_HEALTH)
		window_set_health(d->window, view);
}

/* How many of the lines heard begin with `start`. */
static guint heard(const struct desk *d, const char *start)
{
	guint n = 0;
	for (guint i = 0; i < d->heard->len; i++)
		n += g_str_has_prefix(d->heard->pdata[i], start);
	return n;
}

static gboolean hear(struct desk *d, const char *start, guint times)
{
	gint64 deadline = g_get_monotonic_time() + DEADLINE_US;
	while (heard(d, start) < times && g_get_monotonic_time() < deadline)
		if (!gtk_main_iteration_do(FALSE))
			g_usleep(1000);
	return heard(d, start) >= times;
}

static gboolean comes_true(gboolean (*holds)(struct desk *d), struct desk *d)
{
	gint64 deadline = g_get_monotonic_time() + DEADLINE_US;
	while (!holds(d) && g_get_monotonic_time() < deadline)
		if (!gtk_main_iteration_do(FALSE))
			g_usleep(1000);
	return holds(d);
}

static void say(struct desk *d, const char *line)
{
	GOutputStream *in = g_subprocess_get_stdin_pipe(d->service);
	g_autofree char *whole = g_strconcat(line, "\n", NULL);
	CHECK(g_output_stream_write_all(in, whole, strlen(whole), NULL, NULL, NULL));
}

/* Everything sent before has been heard when this returns. */
static void catch_up(struct desk *d)
{
	guint before = heard(d, "intent Touch");
	client_call(d->client, "Touch", g_variant_new("(s)", "desk"), NULL, NULL, NULL);
	CHECK(hear(d, "intent Touch", before + 1));
}

static GtkWidget *find_below(GtkWidget *widget, const char *id)
{
	GtkWidget *found = g_str_equal(gtk_widget_get_name(widget), id) ? widget : NULL;
	if (found || !GTK_IS_CONTAINER(widget))
		return found;
	g_autoptr(GList) children = gtk_container_get_children(GTK_CONTAINER(widget));
	for (GList *c = children; c && !found; c = c->next)
		found = find_below(c->data, id);
	return found;
}

static GtkWidget *find(struct desk *d, const char *id)
{
	return find_below(GTK_WIDGET(window_toplevel(d->window)), id);
}

static gboolean shows(struct desk *d, const char *id)
{
	GtkWidget *widget = find(d, id);
	return widget && gtk_widget_get_child_visible(widget) && gtk_widget_get_visible(widget);
}

static void press(struct desk *d, const char *id)
{
	GtkWidget *button = find(d, id);
	CHECK(button && gtk_widget_get_sensitive(button));
	if (button)
		gtk_button_clicked(GTK_BUTTON(button));
}

static void paint(struct desk *d, guint frames)
{
	GtkWidget *top = GTK_WIDGET(window_toplevel(d->window));
	for (guint i = 0; i < frames; i++) {
		gint64 before = gdk_frame_clock_get_frame_counter(gtk_widget_get_frame_clock(top));
		gint64 deadline = g_get_monotonic_time() + DEADLINE_US;
		gtk_widget_queue_draw(top);
		while (gdk_frame_clock_get_frame_counter(gtk_widget_get_frame_clock(top)) ==
				before &&
			g_get_monotonic_time() < deadline)
			gtk_main_iteration_do(FALSE);
	}
}

/* The service with `scene`; the window exists and is told, but stands nowhere yet. */
static void open_desk(struct desk *d, const char *scene)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *served = g_strdup_printf("served holder %s", scene);
	*d = (struct desk){.heard = g_ptr_array_new_with_free_func(g_free)};
	d->socket = g_strdup_printf("%s/madoguchi-holder-%d.sock", g_get_tmp_dir(), getpid());
	d->service =
		g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
			&error, getenv("MADOGUCHI_FAKE"), d->socket, scene, NULL);
	if (!d->service)
		g_error("%s", error->message);
	d->out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(d->service));
	g_data_input_stream_read_line_async(d->out, G_PRIORITY_DEFAULT, NULL, on_heard, d);
	CHECK(hear(d, "ready", 1));
	d->client = client_new(d->socket, on_view, d);
	d->window = window_new(&app_kinds[SEAT_HOLDER], d->client);
	gtk_window_set_default_size(window_toplevel(d->window), WIDTH, HEIGHT);
	CHECK(hear(d, served, 1));
}

static gboolean has_view(struct desk *d)
{
	return *view_str(window_view(d->window), "state") != '\0';
}

static void open_shown_desk(struct desk *d, const char *scene)
{
	open_desk(d, scene);
	CHECK(comes_true(has_view, d));
	gtk_window_present(window_toplevel(d->window));
	paint(d, 2);
}

static void close_desk(struct desk *d)
{
	d->window = window_free(d->window);
	d->client = client_free(d->client);
	say(d, "quit");
	CHECK(g_subprocess_wait(d->service, NULL, NULL));
	while (!d->silent)
		gtk_main_iteration_do(TRUE);
	g_object_unref(d->out);
	g_object_unref(d->service);
	g_ptr_array_unref(d->heard);
	g_free(d->socket);
}

/* --- questions --- */

static void a_large_button_answers_the_question_above_it(void)
{
	struct desk d;
	open_shown_desk(&d, "check");
	press(&d, "holder-answer-usable-no");
	CHECK(hear(&d, "intent Answer (", 1));
	CHECK(strstr(d.heard->pdata[d.heard->len - 1], "'usable', 'no'") != NULL);
	close_desk(&d);
}

/* --- number pad --- */

static void type_number(struct desk *d, const char *number)
{
	for (const char *c = number; *c; c++) {
		g_autofree char *id = *c == '+' ? g_strdup("holder-phone-plus")
						: g_strdup_printf("holder-phone-%c", *c);
		press(d, id);
	}
}

static const char *typed(struct desk *d)
{
	return gtk_label_get_text(GTK_LABEL(find(d, "holder-phone-number")));
}

static void the_number_pad_sends_the_number_typed(void)
{
	struct desk d;
	open_shown_desk(&d, "route-phone");
	CHECK(!gtk_widget_get_sensitive(find(&d, "holder-phone-ok")));
	type_number(&d, "+0901234567");
	press(&d, "holder-phone-back");
	type_number(&d, "89");
	CHECK_STR(typed(&d), "+090 1234 5689");
	press(&d, "holder-phone-ok");
	CHECK(hear(&d, "intent Phone (", 1));
	for (guint i = 0; i < d.heard->len; i++)
		if (g_str_has_prefix(d.heard->pdata[i], "intent Phone"))
			CHECK(strstr(d.heard->pdata[i], "'+09012345689'") != NULL);
	close_desk(&d);
}

static void the_number_pad_takes_no_more_than_a_number_has(void)
{
	struct desk d;
	open_shown_desk(&d, "route-phone");
	type_number(&d, "12345678901234567890");
	g_auto(GStrv) parts = g_strsplit(typed(&d), " ", -1);
	g_autofree char *all = g_strjoinv("", parts);
	CHECK_INT(strlen(all), KEYPAD_MAX);
	close_desk(&d);
}

static gboolean is_welcome(struct desk *d)
{
	return g_str_equal(view_str(window_view(d->window), "state"), "welcome");
}

static void the_number_pad_forgets_when_the_visit_goes_on(void)
{
	struct desk d;
	open_shown_desk(&d, "route-phone");
	type_number(&d, "09012345678");
	say(&d, "scene welcome");
	CHECK(comes_true(is_welcome, &d));
	CHECK_STR(typed(&d), "");
	close_desk(&d);
}

/* --- consent --- */

static void consent_counts_only_what_was_drawn(void)
{
	struct desk d;
	open_desk(&d, "consent");
	CHECK(comes_true(has_view, &d));
	catch_up(&d);
	CHECK_INT(heard(&d, "intent Shown"), 0);
	gtk_window_present(window_toplevel(d.window));
	CHECK(hear(&d, "intent Shown", 1));
	paint(&d, 3);
	catch_up(&d);
	CHECK_INT(heard(&d, "intent Shown"), 1);
	close_desk(&d);
}

static GtkAdjustment *scroll_of(struct desk *d)
{
	GtkWidget *scroller =
		gtk_widget_get_ancestor(find(d, "holder-consent"), GTK_TYPE_SCROLLED_WINDOW);
	return gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scroller));
}

static gboolean can_scroll(struct desk *d)
{
	GtkAdjustment *a = scroll_of(d);
	return gtk_adjustment_get_upper(a) > gtk_adjustment_get_page_size(a);
}

static void a_row_out_of_sight_was_not_shown(void)
{
	struct desk d;
	open_desk(&d, "consent");
	CHECK(comes_true(has_view, &d));
	gtk_window_set_default_size(window_toplevel(d.window), WIDTH, HEIGHT / 6);
	gtk_window_present(window_toplevel(d.window));
	CHECK(comes_true(can_scroll, &d));
	paint(&d, 2);
	catch_up(&d);
	CHECK_INT(heard(&d, "intent Shown"), 0);
	gtk_adjustment_set_value(scroll_of(&d), gtk_adjustment_get_upper(scroll_of(&d)) / 4);
	paint(&d, 2);
	gtk_adjustment_set_value(scroll_of(&d), gtk_adjustment_get_upper(scroll_of(&d)));
	CHECK(hear(&d, "intent Shown", 1));
	close_desk(&d);
}

static void another_language_is_reported_as_what_was_read(void)
{
	struct desk d;
	open_shown_desk(&d, "consent");
	CHECK(hear(&d, "intent Shown", 1));
	press(&d, "holder-language");
	CHECK(hear(&d, "intent Shown", 2));
	CHECK(strstr(d.heard->pdata[d.heard->len - 1], "'en'") != NULL);
	close_desk(&d);
}

static gboolean has_text(GtkWidget *widget, const char *text)
{
	gboolean found =
		GTK_IS_LABEL(widget) && g_str_equal(gtk_label_get_text(GTK_LABEL(widget)), text);
	if (found || !GTK_IS_CONTAINER(widget))
		return found;
	g_autoptr(GList) children = gtk_container_get_children(GTK_CONTAINER(widget));
	for (GList *c = children; c && !found; c = c->next)
		found = has_text(c->data, text);
	return found;
}

static void consent_shows_every_field_that_is_sent(void)
{
	struct desk d;
	const char *code, *value;
	GVariantIter iter;
	open_shown_desk(&d, "consent");
	g_autoptr(GVariant) payload = view_typed(window_view(d.window), "payload", "a(ss)");
	CHECK(g_variant_n_children(payload) > 5);
	g_variant_iter_init(&iter, payload);
	lang_use("ja");
	while (g_variant_iter_next(&iter, "(&s&s)", &code, &value)) {
		g_autofree char *id = g_strdup_printf("holder-row-%s", code);
		g_autofree char *text = text_value(code, value);
		GtkWidget *row = find(&d, id);
		CHECK(row && gtk_widget_get_mapped(row));
		CHECK(row && has_text(row, text));
		CHECK(row && (!*text_field(code) || has_text(row, text_field(code))));
	}
	close_desk(&d);
}

static void refusing_is_one_press(void)
{
	struct desk d;
	open_shown_desk(&d, "consent-armed");
	press(&d, "holder-refuse");
	CHECK(hear(&d, "intent Consent (", 1));
	CHECK(strstr(d.heard->pdata[d.heard->len - 1], "false") != NULL);
	CHECK(!shows(&d, "holder-agree")); /* with a card the tap agrees */
	close_desk(&d);
}

/* --- afterwards --- */

static gboolean keeps_a_name(GtkWidget *widget)
{
	const char *text = GTK_IS_LABEL(widget) ? gtk_label_get_text(GTK_LABEL(widget)) : "";
	for (gsize i = 0; scene_marks[i]; i++)
		if (strstr(text, scene_marks[i]))
			return TRUE;
	if (!GTK_IS_CONTAINER(widget))
		return FALSE;
	g_autoptr(GList) children = gtk_container_get_children(GTK_CONTAINER(widget));
	for (GList *c = children; c; c = c->next)
		if (keeps_a_name(c->data))
			return TRUE;
	return FALSE;
}

static void no_page_keeps_a_name_after_the_visit(void)
{
	static const char *const scenes_with_names[] = {"check", "consent", "receipt"};
	for (gsize i = 0; i < G_N_ELEMENTS(scenes_with_names); i++) {
		struct desk d;
		open_shown_desk(&d, scenes_with_names[i]);
		GtkWidget *top = GTK_WIDGET(window_toplevel(d.window));
		CHECK(keeps_a_name(top) || i == 2);
		say(&d, "scene welcome");
		CHECK(comes_true(is_welcome, &d));
		CHECK(!keeps_a_name(top));
		close_desk(&d);
	}
}

static gboolean is_warned(struct desk *d)
{
	return shows(d, "holder-more-time") && gtk_widget_get_mapped(find(d, "holder-more-time"));
}

static gboolean is_not_warned(struct desk *d)
{
	return !is_warned(d);
}

static void an_idle_visitor_is_warned_and_gets_more_time(void)
{
	struct desk d;
	open_shown_desk(&d, "check");
	CHECK(!is_warned(&d));
	say(&d, "left 17");
	CHECK(comes_true(is_warned, &d));
	CHECK(gtk_window_get_focus(window_toplevel(d.window)) == find(&d, "holder-more-time"));
	press(&d, "holder-more-time");
	CHECK(hear(&d, "intent Extend", 1));
	say(&d, "left 0");
	CHECK(comes_true(is_not_warned, &d));
	close_desk(&d);
}

/* --- QR codes --- */

static void count_pixels(cairo_surface_t *surface, guint *ret_black, guint *ret_grey)
{
	int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
	int stride = cairo_image_surface_get_stride(surface);
	const guchar *data = cairo_image_surface_get_data(surface);
	*ret_black = *ret_grey = 0;
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			guint32 rgb = *(const guint32 *)(gconstpointer)(data + y * stride + 4 * x) &
				      0xffffff;
			*ret_black += rgb == 0;
			*ret_grey += rgb != 0 && rgb != 0xffffff;
		}
}

#define SIDE 173
static void a_qr_code_has_no_grey_edge(void)
{
	GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL), *qr = qr_new();
	guint black, grey;
	gtk_container_add(GTK_CONTAINER(window), qr);
	gtk_widget_set_halign(qr, GTK_ALIGN_FILL);
	gtk_widget_set_valign(qr, GTK_ALIGN_FILL);
	qr_set(qr, "https://identification.adm.u-tokyo.ac.jp/verify/", "name");
	gtk_widget_show(window);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE);
	cairo_t *cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	while (!gtk_widget_get_mapped(qr))
		gtk_main_iteration();
	gtk_widget_size_allocate(qr, &(GtkAllocation){0, 0, SIDE, SIDE});
	gtk_widget_draw(qr, cr);
	cairo_surface_flush(surface);
	count_pixels(surface, &black, &grey);
	CHECK(black > 1000);
	CHECK_INT(grey, 0);
	CHECK_STR(atk_object_get_name(gtk_widget_get_accessible(qr)), "name");
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	gtk_widget_destroy(window);
}

static void a_qr_module_is_a_whole_number_of_pixels(void)
{
	CHECK_INT(qr_module_px(164, 33), 4);
	CHECK_INT(qr_module_px(163, 33), 3);
	CHECK_INT(qr_module_px(40, 33), 0);
}

static const struct check_case cases[] = {
	{"a large button answers the question above it",
		a_large_button_answers_the_question_above_it},
	{"the number pad sends the number typed", the_number_pad_sends_the_number_typed},
	{"the number pad takes no more than a number has",
		the_number_pad_takes_no_more_than_a_number_has},
	{"the number pad forgets when the visit goes on",
		the_number_pad_forgets_when_the_visit_goes_on},
	{"consent counts only what was drawn", consent_counts_only_what_was_drawn},
	{"a row out of sight was not shown", a_row_out_of_sight_was_not_shown},
	{"another language is reported as what was read",
		another_language_is_reported_as_what_was_read},
	{"consent shows every field that is sent", consent_shows_every_field_that_is_sent},
	{"refusing is one press", refusing_is_one_press},
	{"no page keeps a name after the visit", no_page_keeps_a_name_after_the_visit},
	{"an idle visitor is warned and gets more time",
		an_idle_visitor_is_warned_and_gets_more_time},
	{"a QR code has no grey edge", a_qr_code_has_no_grey_edge},
	{"a QR module is a whole number of pixels", a_qr_module_is_a_whole_number_of_pixels},
};

int main(int argc, char **argv)
{
	struct stage stage;
	g_autoptr(GError) error = NULL;
	const char *folder = getenv("MADOGUCHI_PO"), *logs = getenv("MADOGUCHI_LOGS"),
		   *wm = getenv("MADOGUCHI_WM");
	int result = 2;
	if (!folder || !logs || !wm || !getenv("MADOGUCHI_FAKE"))
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0); /* in step with what is said on stderr */
	g_mkdir_with_parents(logs, 0700);
	lang_init_from(folder);
	if (stage_open(&stage, logs, wm, &error)) {
		g_log_set_always_fatal(
			G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
		gtk_disable_setlocale();
		gtk_init(&argc, &argv);
		style_init();
		result = CHECK_MAIN("holder", cases);
	} else {
		fprintf(stderr, "%s\n", error->message);
	}
	stage_close(&stage);
	return result;
}
