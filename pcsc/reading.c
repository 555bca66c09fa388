/* SPDX-License-Identifier: MIT */
#include "reading.h"

#include <string.h>

bool reading_same_card(const struct card_reading *a, const struct card_reading *b)
{
	if (strcmp(a->layout, b->layout) != 0 || strcmp(a->number, b->number) != 0)
		return false;
	if (a->reissue != b->reissue || a->stable_idm != b->stable_idm)
		return false;
	return !a->stable_idm || memcmp(a->idm, b->idm, IDM_SIZE) == 0;
}

void reading_wipe(struct card_reading *r)
{
	explicit_bzero(r, sizeof(*r));
}
