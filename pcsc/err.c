/* SPDX-License-Identifier: MIT */
#include "err.h"

#include <stddef.h>

static const char *const names[] = {
	[-CARD_ERR_OK] = "ok",
	[-CARD_ERR_REMOVED] = "removed",
	[-CARD_ERR_BUSY] = "busy",
	[-CARD_ERR_UNREADABLE] = "unreadable",
	[-CARD_ERR_UNKNOWN_CARD] = "unknown-card",
	[-CARD_ERR_NO_DATA] = "no-data",
	[-CARD_ERR_NO_READER] = "no-reader",
	[-CARD_ERR_NO_SERVICE] = "no-service",
	[-CARD_ERR_NOT_ALLOWED] = "not-allowed",
	[-CARD_ERR_NO_DIALECT] = "no-dialect",
	[-CARD_ERR_PROTOCOL] = "protocol",
	[-CARD_ERR_LIMIT] = "limit",
	[-CARD_ERR_TIMEOUT] = "timeout",
	[-CARD_ERR_CANCELLED] = "cancelled",
	[-CARD_ERR_FOREIGN] = "foreign",
	[-CARD_ERR_MUTE] = "mute",
	[-CARD_ERR_UNPROVEN] = "unproven",
	[-CARD_ERR_TRANSIT] = "transit",
};

#define X(name, value) +1
_Static_assert(sizeof(names) / sizeof(names[0]) == 0 CARD_ERR_LIST(X), "one word for each cause");
#undef X

const char *card_err_name(enum card_err err)
{
	size_t i = err <= 0 ? (size_t) - (int)err : sizeof(names);
	return i < sizeof(names) / sizeof(names[0]) ? names[i] : "unheard-of";
}
