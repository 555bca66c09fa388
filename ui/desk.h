/* SPDX-License-Identifier: MIT
 *
 * desk.h - the clerk's window: its pages, the strip above them and the one below.
 */
#ifndef UI_DESK_H
#define UI_DESK_H

#include "ui/page.h"

extern const struct page_ops *const desk_pages[]; /* NULL-terminated */

/* Above: office, clerk, language, size, contrast; a notice of what went wrong last. */
GtkWidget *desk_head_build(struct window *window);
void desk_head_show(GtkWidget *head, struct window *window, GVariant *view, GVariant *health);

/* Below: health, readers, sheets that wait. */
GtkWidget *desk_foot_build(struct window *window);
void desk_foot_show(GtkWidget *foot, struct window *window, GVariant *view, GVariant *health);

#endif
