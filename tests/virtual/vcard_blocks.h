/* SPDX-License-Identifier: MIT
 *
 * vcard_blocks.h - Read and Write Without Encryption: the lists, the flags, the data.
 */
#ifndef TESTS_VIRTUAL_VCARD_BLOCKS_H
#define TESTS_VIRTUAL_VCARD_BLOCKS_H

#include "vcard_frame.h"
#include "vcard_state.h"

/* Append status flags and data to `out`, which holds code and IDm. `in` is what follows
 * the IDm. False: out of form, and a card says nothing to that. */
bool vcard_read_blocks(const struct vcard_tag *tag, const struct vcard_system *system,
	const struct vcard_lite_s_state *lite_s, struct in in, struct out *out);

/* The same for a write; only a Lite-S knows the command. */
bool vcard_write_blocks(const struct vcard_tag *tag, struct vcard_lite_s_state *lite_s,
	struct in in, struct out *out);

#endif
