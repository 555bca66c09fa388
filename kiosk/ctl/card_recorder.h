/* SPDX-License-Identifier: MIT
 *
 * card_recorder.h - a transport that writes down what passes through it.
 *
 * One line each, in the order of the conversation:
 *
 *	# anything               comment
 *	card NAME                which card: letters, digits, '-'
 *	reader NAME              as PC/SC calls it
 *	result WORD              card_err_name() of the reading, "ok" if it succeeded
 *	> HEX                    APDU to the card
 *	>> HEX                   APDU to the reader itself (SCardControl)
 *	< HEX                    its answer with status word
 *	! WORD                   card_err_name() where there was no answer
 *
 * Each `>` or `>>` is followed by its `<` or `!`; a `!` before all of them is the failure to
 * connect. HEX is upper case without blanks. The fuzz corpus of pcsc/ has the same form.
 * It holds the bytes of the card, name and number of its holder among them.
 */
#ifndef KIOSK_CTL_CARD_RECORDER_H
#define KIOSK_CTL_CARD_RECORDER_H

#include <glib.h>

#include "kiosk/cleanup.h"
#include "pcsc/transport.h"

struct card_recorder;

/* A new file of mode 0600; one that is there is never touched. NULL with the error set. */
struct card_recorder *card_recorder_new(const char *path, GError **error);

/* The transport to use instead of `inner`, which is borrowed and outlives its use. */
const struct card_transport *card_recorder_wrap(
	struct card_recorder *recorder, const struct card_transport *inner);

void card_recorder_result(struct card_recorder *recorder, enum card_err err);

/* Write what is left. FALSE: the file is not whole. */
gboolean card_recorder_close(struct card_recorder *recorder, GError **error);

/* A file in which nothing was recorded is removed. Accepts NULL, returns NULL. */
struct card_recorder *card_recorder_free(struct card_recorder *recorder);
DEFINE_CLEANUP(card_recorder, card_recorder_free)

#endif
