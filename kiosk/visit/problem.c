/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/problem.h"

#include <stddef.h>

static const struct problem_row rows[] = {
#define X(name, id, turn, retry) {id, #name, turn, retry},
	PROBLEM_LIST(X)
#undef X
};
_Static_assert(sizeof rows / sizeof rows[0] == PROBLEM_COUNT, "one row for each problem");

const struct problem_row *problem_row(enum problem problem)
{
	return &rows[problem];
}

enum problem problem_of_card(enum card_err err)
{
	switch (err) {
	case CARD_ERR_OK:
		return PROBLEM_NONE;
	case CARD_ERR_REMOVED:
	case CARD_ERR_CANCELLED:
		return PROBLEM_REMOVED;
	case CARD_ERR_BUSY:
		return PROBLEM_CARD_BUSY;
	case CARD_ERR_UNREADABLE:
	case CARD_ERR_PROTOCOL:
	case CARD_ERR_LIMIT:
		return PROBLEM_UNREADABLE;
	case CARD_ERR_UNKNOWN_CARD:
		return PROBLEM_UNKNOWN_CARD;
	case CARD_ERR_TRANSIT:
		return PROBLEM_TRANSIT;
	case CARD_ERR_NO_DATA:
		return PROBLEM_NO_CARD_DATA;
	case CARD_ERR_NO_READER:
		return PROBLEM_NO_READER;
	case CARD_ERR_NO_SERVICE:
		return PROBLEM_NO_PCSCD;
	case CARD_ERR_NOT_ALLOWED:
		return PROBLEM_NOT_ALLOWED;
	case CARD_ERR_NO_DIALECT:
		return PROBLEM_NO_DIALECT;
	case CARD_ERR_FOREIGN:
		return PROBLEM_ODD_NUMBER;
	case CARD_ERR_UNPROVEN:
		return PROBLEM_UNPROVEN;
	case CARD_ERR_TIMEOUT:
	case CARD_ERR_MUTE:
		return PROBLEM_MUTE_CARD;
	}
	return PROBLEM_UNREADABLE; /* a value outside the enum */
}
