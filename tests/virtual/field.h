/* SPDX-License-Identifier: MIT
 *
 * field.h - the field of one virtual reader, from the side of the hand with the card.
 *
 * A thread of its own serves the card, so any caller may block or run a main
 * loop. What lies on the reader stays there: a reader that comes late, or a
 * pcscd that is restarted, finds the card in its field. Functions may be
 * called from any thread.
 */
#ifndef TESTS_VIRTUAL_FIELD_H
#define TESTS_VIRTUAL_FIELD_H

#include <stdbool.h>

#include "vcard.h"
#include "vcard_reader.h"

enum field_state {
	FIELD_EMPTY,
	FIELD_WAITING, /* a card is held out; the reader is not there, or holds another */
	FIELD_ON,      /* the reader has taken the card into its field */
	FIELD_LEFT,    /* the card left by itself; field_remove() or the next card ends this */
};

/* Opaque. */
struct field;

/* The reader may come later. NULL: memory or threads are out, or the path is too long. */
struct field *field_new(const char *socket_path, enum reader_kind kind);

/* Take the card away and end the thread. Accepts NULL; always returns NULL. */
struct field *field_free(struct field *f);

/* Hold a card out (copied); one that lies there is taken away first: a quick swap.
 * Returns at once. */
void field_insert(struct field *f, const struct vcard *card);

/* Take the card away. When this returns, the reader's end is closed. */
void field_remove(struct field *f);

enum field_state field_state(struct field *f);

/* Wait until the state is `state`; false when `timeout_ms` passed first. */
bool field_wait(struct field *f, enum field_state state, unsigned timeout_ms);

/* APDUs answered since the field was made. */
unsigned field_answers(struct field *f);

/* Called in the field's thread after each change of state; set it before the first
 * card. A GTK program hands over with g_idle_add(). */
void field_on_change(struct field *f, void (*call)(void *data), void *data);

/* Pull the reader out of its socket; a card is left in the air. To PC/SC the reader is
 * then unavailable, and a pcscd started meanwhile does not list it: all that pcscd can do
 * for a reader of reader.conf (see wire.h). False: the reader did not notice in time. */
bool field_unplug(struct field *f, unsigned timeout_ms);

/* Put it back. pcscd looks every 400 ms; one that started without the reader must be
 * restarted. */
void field_plug(struct field *f);

#endif
