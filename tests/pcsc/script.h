/* SPDX-License-Identifier: MIT
 *
 * script.h - a transport that replays a recorded exchange.
 *
 * One reader with one card. In order, an APDU that is not the next line is
 * unexpected; in any order, lines answer by request, as a card would, and what
 * no line knows is answered 6A 81.
 */
#ifndef TESTS_PCSC_SCRIPT_H
#define TESTS_PCSC_SCRIPT_H

#include "pcsc/bytes.h"
#include "pcsc/transport.h"

#define SCRIPT_MAX   24
#define SCRIPT_NEVER SIZE_MAX

struct script_line {
	struct bytes want, answer;
	bool escape; /* asked of the reader itself; without any such line it offers no escape */
	enum card_err err; /* instead of an answer */
};

struct script {
	struct card_transport t;
	const char *reader;
	struct script_line lines[SCRIPT_MAX];
	size_t n, next;
	bool any_order;
	size_t sent;           /* APDUs so far */
	size_t remove_from;    /* this APDU and all after it find no card */
	size_t replaced;       /* this APDU gets … */
	struct bytes instead;  /* … this answer */
	int open;              /* connections not yet disconnected */
	unsigned unexpected;   /* requests no line knows */
	enum card_err refusal; /* of connect() */
};

void script_init(struct script *s, const char *reader);

/* Hex digits, spaces for the eye. */
void script_add(struct script *s, const char *want, const char *answer);
void script_add_error(struct script *s, const char *want, enum card_err err);
void script_add_escape(struct script *s, const char *want, const char *answer);

/* Play it again from the start, as a new tap of the same card. */
void script_rewind(struct script *s);

/* Every line read, nothing else asked, nothing left open. */
bool script_spent(const struct script *s);

void unhex(const char *hex, struct bytes *ret);

#endif
