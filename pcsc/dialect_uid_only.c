/* SPDX-License-Identifier: MIT
 *
 * No dialect at all: the reader tells the number of a FeliCa card (FF CA) and
 * understands nothing further. So that its name and this fact can be told.
 */
#include "dialect.h"

#include "plain.h"

static const char *const hints[] = {NULL};

static enum card_err open(const struct line *line, bool hinted)
{
	WIPED(felica_target) target = {0};
	return plain_proof(plain_idm(line, target.idm));
}

const struct dialect dialect_uid_only = {
	.name = "uid-only", .hints = hints, .open = open, .close = plain_close};
