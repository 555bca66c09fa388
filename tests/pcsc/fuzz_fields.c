/* SPDX-License-Identifier: MIT
 *
 * The bytes of a card's blocks: slices of any kind over any content.
 *
 * Input: four bytes of choices, then the blocks.
 */
#include <stdlib.h>
#include <string.h>

#include "pcsc/name.h"
#include "tests/pcsc/fuzz.h"
#include "tests/pcsc/sample.h"

#define BLOCKS_SIZE (LAYOUT_BLOCKS_MAX * FELICA_BLOCK_SIZE)

static struct card_layout chosen(const uint8_t choice[4])
{
	struct card_layout layout = fcf_layout;
	layout.number = (struct layout_slice){choice[0] & 0x3F, choice[1] & 0x3F};
	layout.name_ = (struct layout_slice){choice[2], choice[3]};
	if (choice[0] & 0x40)
		layout.n_patterns = 0;
	if (choice[0] & 0x80)
		layout.school_id[0] = '\0';
	if (choice[1] & 0x80)
		layout.name_encoding = LAYOUT_ASCII;
	return layout;
}

static void check_names(const uint8_t *data, size_t size)
{
	char name[READING_NAME_SIZE], cut[7];
	if (name_decode(LAYOUT_CP932, cursor_over(data, size), name, sizeof(name)) &&
		(strlen(name) >= sizeof(name) || !text_is_shown(name)))
		abort();
	if (name_decode(LAYOUT_CP932, cursor_over(data, size), cut, sizeof(cut)) &&
		(strlen(cut) >= sizeof(cut) || !text_is_shown(cut)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct card_reading r = {0};
	if (size < 4 || size - 4 > BLOCKS_SIZE)
		return 0;
	struct card_layout layout = chosen(data);
	if (!layout_decode(&layout, data + 4, size - 4, &r) && !reading_is_sound(&r))
		abort();
	check_names(data + 4, size - 4);
	return 0;
}
