/* SPDX-License-Identifier: MIT
 *
 * ifd_reader.h - one virtual reader: a listening socket and the card in its field.
 *
 * Lives inside pcscd. reader_wait() belongs to pcscd's event thread of this
 * reader, the others may be called from any thread beside it.
 */
#ifndef TESTS_VIRTUAL_IFD_READER_H
#define TESTS_VIRTUAL_IFD_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

#define READER_ANSWER_MS 2000 /* a silent card holds pcscd no longer (ACR122U: about 1 s) */
#define READER_HELLO_MS  500  /* what connects must say what it is within this time */

enum reader_err {
	READER_OK,
	READER_NO_CARD,
	READER_SILENT, /* the card did not answer in READER_ANSWER_MS */
	READER_LIMIT,  /* a message too long for the caller, or for the wire */
};

/* Opaque. */
struct reader;

/* Listen on `path`; a stale socket there is replaced. NULL: not possible (errno), or the
 * reader is unplugged. */
struct reader *reader_open(const char *path);
struct reader *reader_close(struct reader *r);

/* Is a card in the field? pcscd's event thread asks several times in one round, for
 * different reasons: it is told the same all the time between two reader_wait(). */
bool reader_card_present(struct reader *r, bool event_thread);

/* Has the reader been pulled out? Until the mark beside its socket is taken away. */
bool reader_unplugged(struct reader *r);

/* Wait until the field is not as the wait before left it, the reader is unplugged,
 * reader_wake() was called or the time passed. A card taken away leaves one round with
 * an empty field, even when the next card lies there already: so pcscd sees, and
 * counts, a quick swap. */
void reader_wait(struct reader *r, unsigned timeout_ms);
void reader_wake(struct reader *r);

/* ATR of the card in the field; READER_SILENT if it is mute. */
enum reader_err reader_power_up(
	struct reader *r, enum wire_power how, uint8_t ret_atr[WIRE_ATR_MAX], size_t *ret_len);
void reader_power_down(struct reader *r);

/* Exchange one APDU. `ret` (of `max` bytes) and *ret_len are written only on success. */
enum reader_err reader_exchange(struct reader *r, const uint8_t *apdu, size_t len, uint8_t *ret,
	size_t max, size_t *ret_len);

/* The same with the reader itself. What it answers is made where the card is held: without
 * a card there is no answer. */
enum reader_err reader_escape(struct reader *r, const uint8_t *apdu, size_t len, uint8_t *ret,
	size_t max, size_t *ret_len);

#endif
