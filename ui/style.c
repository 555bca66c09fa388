/* SPDX-License-Identifier: MIT */
#include "ui/style.h"

#define FONT           "Noto Sans CJK JP 12"
#define MIN_MONITOR_MM 50   /* below it the monitor does not know its size */
#define PX_PER_MM      3.78 /* then 96 dpi is assumed */
#define MIN_PX         12.0

/* What a page is made for: so many em are there at step 0, whatever the window's size. */
#define WIDTH_EM  64.0
#define HEIGHT_EM 40.0

struct style_size {
	GtkWidget *window; /* borrowed */
	char *class_;
	double em_mm, px;
	guint step;
	GtkCssProvider *provider;
};

static void load_sheet(const char *path)
{
	g_autoptr(GtkCssProvider) sheet = gtk_css_provider_new();
	gtk_css_provider_load_from_resource(sheet, path);
	gtk_style_context_add_provider_for_screen(gdk_screen_get_default(),
		GTK_STYLE_PROVIDER(sheet), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

void style_init(void)
{
	/* One for both windows, then one for each. */
	static const char *const sheets[] = {"/madoguchi/css/madoguchi.css",
		"/madoguchi/css/desk.css", "/madoguchi/css/holder.css"};
	g_object_set(gtk_settings_get_default(), "gtk-theme-name", "Adwaita",
		"gtk-application-prefer-dark-theme", FALSE, "gtk-enable-animations", FALSE,
		"gtk-font-name", FONT, "gtk-cursor-blink", FALSE, "gtk-im-module",
		"gtk-im-context-simple", "gtk-enable-primary-paste", FALSE,
		"gtk-entry-select-on-focus", FALSE, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(sheets); i++)
		if (g_resources_get_info(sheets[i], 0, NULL, NULL, NULL))
			load_sheet(sheets[i]);
}

static GdkMonitor *monitor_of(GtkWidget *window)
{
	GdkDisplay *display = gtk_widget_get_display(window);
	GdkWindow *surface = gtk_widget_get_window(window);
	GdkMonitor *first = gdk_display_get_primary_monitor(display);
	if (surface)
		return gdk_display_get_monitor_at_window(display, surface);
	return first ? first : gdk_display_get_monitor(display, 0);
}

/* The window as it stands; before it stands, all of its monitor. */
static void room_of(GtkWidget *window, GdkMonitor *monitor, int *ret_width, int *ret_height)
{
	GdkWindow *surface = gtk_widget_get_window(window);
	GdkRectangle at;
	gdk_monitor_get_geometry(monitor, &at);
	*ret_width = surface ? gdk_window_get_width(surface) : at.width;
	*ret_height = surface ? gdk_window_get_height(surface) : at.height;
}

/* Type size in px on the monitor where the window is. */
static double type_px(const struct style_size *size)
{
	static const double zoom[STYLE_SIZES] = {1.0, 1.25, 1.5};
	GdkMonitor *monitor = monitor_of(size->window);
	double per_mm = PX_PER_MM, most = 100;
	if (monitor) {
		GdkRectangle at;
		int mm = gdk_monitor_get_width_mm(monitor), width, height;
		gdk_monitor_get_geometry(monitor, &at);
		room_of(size->window, monitor, &width, &height);
		if (mm >= MIN_MONITOR_MM)
			per_mm = (double)at.width / mm;
		most = MIN(width / WIDTH_EM, height / HEIGHT_EM);
	}
	return MAX(MIN(size->em_mm * per_mm, most), MIN_PX) * zoom[size->step];
}

static void apply(struct style_size *size)
{
	double px = type_px(size);
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	if (ABS(px - size->px) < 0.05)
		return;
	size->px = px;
	g_ascii_formatd(number, sizeof number, "%.1f", px);
	g_autofree char *rule =
		g_strdup_printf("window.%s { font-size: %spx; }", size->class_, number);
	gtk_css_provider_load_from_data(size->provider, rule, -1, NULL);
}

static gboolean on_configure(GtkWidget *window, GdkEvent *event, gpointer data)
{
	apply(data);
	return GDK_EVENT_PROPAGATE;
}

struct style_size *style_size_new(GtkWidget *window, const char *class_, double em_mm)
{
	struct style_size *size = g_new0(struct style_size, 1);
	size->window = window;
	size->class_ = g_strdup(class_);
	size->em_mm = em_mm;
	size->provider = gtk_css_provider_new();
	gtk_style_context_add_class(gtk_widget_get_style_context(window), class_);
	gtk_style_context_add_provider_for_screen(gdk_screen_get_default(),
		GTK_STYLE_PROVIDER(size->provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
	g_signal_connect(window, "configure-event", G_CALLBACK(on_configure), size);
	apply(size);
	return size;
}

struct style_size *style_size_free(struct style_size *size)
{
	if (!size)
		return NULL;
	gtk_style_context_remove_provider_for_screen(
		gdk_screen_get_default(), GTK_STYLE_PROVIDER(size->provider));
	g_object_unref(size->provider);
	g_free(size->class_);
	g_free(size);
	return NULL;
}

void style_size_set(struct style_size *size, guint step)
{
	size->step = MIN(step, STYLE_SIZES - 1);
	apply(size);
}

void style_contrast(GtkWidget *window, gboolean high)
{
	GtkStyleContext *context = gtk_widget_get_style_context(window);
	if (high)
		gtk_style_context_add_class(context, "contrast");
	else
		gtk_style_context_remove_class(context, "contrast");
}
