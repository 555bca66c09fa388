/* SPDX-License-Identifier: MIT */
#include "tests/visits/picture.h"

#include <gdk/gdk.h>
#include <gio/gio.h>
#include <string.h>

#include "tests/visits/stage.h"
#include "tests/visits/wait.h"

#define SETTLE_MS     1500
#define LOOK_APART_US 30000 /* longer than a frame of GTK's clock */

struct picture_display {
	GdkDisplay *display;
	GdkWindow *root;
};

struct picture_display *picture_open(GError **error)
{
	gdk_set_allowed_backends("x11");
	gdk_init(NULL, NULL);
	GdkDisplay *display = gdk_display_open(g_getenv("DISPLAY"));
	if (!display) {
		g_set_error(
			error, G_IO_ERROR, G_IO_ERROR_FAILED, "no display %s", g_getenv("DISPLAY"));
		return NULL;
	}
	struct picture_display *d = g_new0(struct picture_display, 1);
	d->display = display;
	d->root = gdk_screen_get_root_window(gdk_display_get_default_screen(display));
	return d;
}

struct picture_display *picture_close(struct picture_display *d)
{
	if (!d)
		return NULL;
	gdk_display_close(d->display);
	g_free(d);
	return NULL;
}

/* Two looks, far enough apart that a drawing window would have moved. */
struct looks {
	GdkWindow *root;
	GdkPixbuf *last;
	gint64 looked_us;
};

static gboolean same(GdkPixbuf *a, GdkPixbuf *b)
{
	gsize n = gdk_pixbuf_get_byte_length(a);
	return n == gdk_pixbuf_get_byte_length(b) &&
	       memcmp(gdk_pixbuf_read_pixels(a), gdk_pixbuf_read_pixels(b), n) == 0;
}

static gboolean stands_still(gpointer data)
{
	struct looks *l = data;
	if (g_get_monotonic_time() - l->looked_us < LOOK_APART_US)
		return FALSE;
	GdkPixbuf *now = gdk_pixbuf_get_from_window(l->root, 0, 0, STAGE_WIDTH, STAGE_HEIGHT);
	gboolean still = now && l->last && same(l->last, now);
	g_clear_object(&l->last);
	l->last = now;
	l->looked_us = g_get_monotonic_time();
	return still;
}

static gboolean save(GdkPixbuf *all, int x, const char *stem, const char *seat, GError **error)
{
	g_autofree char *path = g_strdup_printf("%s-%s.png", stem, seat);
	g_autoptr(GdkPixbuf) part =
		gdk_pixbuf_new_subpixbuf(all, x, 0, STAGE_WIDTH / 2, STAGE_WINDOW_HEIGHT);
	return gdk_pixbuf_save(part, path, "png", error, "compression", "1", NULL);
}

void picture_settle(struct picture_display *d)
{
	struct looks l = {d->root, NULL, 0};
	wait_until(stands_still, &l, SETTLE_MS);
	g_clear_object(&l.last);
}

gboolean picture_take(struct picture_display *d, const char *stem, GError **error)
{
	struct looks l = {d->root, NULL, 0};
	wait_until(stands_still, &l, SETTLE_MS);
	if (!l.last) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no picture for %s", stem);
		return FALSE;
	}
	gboolean ok = save(l.last, 0, stem, "desk", error) &&
		      save(l.last, STAGE_WIDTH / 2, stem, "holder", error);
	g_object_unref(l.last);
	return ok;
}
