/* SPDX-License-Identifier: MIT
 *
 * conversation.h - a recorded exchange with one card, as text.
 *
 *	# what is to be known about it
 *	card student
 *	reader SONY FeliCa RC-S300/P (0236798) 00 00
 *	result ok
 *	> FFC2000002810000
 *	< C003009000 9000
 *	! removed
 *
 * `>` is an APDU, `<` its answer with status word, `!` the cause it failed with
 * instead (card_err_name()), or before all else the one it could not be connected
 * for. `>>` goes to the reader itself (escape). Blanks between digits are for the eye.
 * `result` is what card_read() says of it. This is what `madoguchictl card read
 * --record` writes and what the fuzz corpus holds.
 */
#ifndef TESTS_PCSC_CONVERSATION_H
#define TESTS_PCSC_CONVERSATION_H

#include "pcsc/bytes.h"
#include "pcsc/transport.h"

/* Name of a card that `card read --record` read, with the campus layout alone. */
#define CONVERSATION_RECORDED "recorded"

#define CONVERSATION_LINES_MAX 256 /* a probe asks some hundred questions */

struct conversation_line {
	struct bytes asked, said;
	bool escape;
	enum card_err err; /* instead of an answer */
};

/* A transport that says what was recorded, in order; where it ends, the card is gone. */
struct conversation {
	struct card_transport t;
	char card[64], reader[READER_NAME_SIZE], result[24];
	struct conversation_line lines[CONVERSATION_LINES_MAX];
	size_t n, next;
	enum card_err refusal; /* of connect() */
	bool escapes; /* something was asked of the reader itself; else it offers no escape */
	bool strict;  /* an APDU that is not the recorded one counts as strange */
	unsigned strange;
	int open; /* connections not yet disconnected */
};

/* Take any text: what is no line of ours is passed over, and any letter stands for some
 * digit, so that a fuzzer's every change means something. */
void conversation_parse(struct conversation *c, const char *text, size_t len);

#endif
