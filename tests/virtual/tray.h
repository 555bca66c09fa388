/* SPDX-License-Identifier: MIT
 *
 * tray.h - the window in which sample cards lie beside the virtual readers.
 */
#ifndef TESTS_VIRTUAL_TRAY_H
#define TESTS_VIRTUAL_TRAY_H

#include <gtk/gtk.h>

#include "tests/virtual/vcard_reader.h"

#define TRAY_READERS_MAX 8

struct tray_reader {
	char *name, *socket;
	enum reader_kind kind;
};

/* Opaque. */
struct tray;

/* Show `cards` (of struct vcard, in their order) and one hand for each reader.
 * Readers and cards are copied or referenced. NULL when a reader cannot be made. */
struct tray *tray_new(const struct tray_reader *readers, size_t n, GPtrArray *cards);

/* Take all cards away and free. Accepts NULL; always returns NULL. */
struct tray *tray_free(struct tray *t);

GtkWindow *tray_window(struct tray *t);

#endif
