/* SPDX-License-Identifier: MIT
 *
 * steps.h - carry out the steps of one layout on the card in the field.
 */
#ifndef PCSC_STEPS_H
#define PCSC_STEPS_H

#include "card.h"
#include "link.h"

/* What a layout's steps brought. `len` ends with the last byte the card gave. */
struct steps {
	uint8_t data[LAYOUT_DATA_MAX];
	size_t len;
	uint8_t id[IDM_SIZE]; /* IDm with its nibble masked, or the UID's first bytes */
	enum card_assurance assurance;
};

DEFINE_WIPE(steps)

/* UNKNOWN_CARD (or TRANSIT): this card has not what the layout asks for. `ret` is written
 * only on success. Leaves the link as the last step needed it. */
enum card_err steps_run(struct link *link, const struct card_layout *layout,
	const struct card_job *job, struct steps *ret);

#endif
