/* SPDX-License-Identifier: MIT
 *
 * holder.h - the holder's window: its pages, the strip above them and the warning over them.
 *
 * One thing at a time, in very large type. Nothing here knows the holder but the view.
 */
#ifndef UI_HOLDER_H
#define UI_HOLDER_H

#include "ui/window.h"

extern const struct page_ops *const holder_pages[]; /* NULL-terminated */

/* Above: the office, how far the visit is, the language. */
GtkWidget *holder_head_build(struct window *window);
void holder_head_show(GtkWidget *head, struct window *window, GVariant *view, GVariant *health);

/* Over everything in the last seconds of an idle visit: more time? */
GtkWidget *holder_idle_build(struct window *window);
void holder_idle_show(GtkWidget *idle, struct window *window, GVariant *view, GVariant *health);

#endif
