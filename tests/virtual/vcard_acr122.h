/* SPDX-License-Identifier: MIT
 *
 * vcard_acr122.h - ACS ACR122U: commands of its PN532 wrapped in FF 00 00 00.
 */
#ifndef TESTS_VIRTUAL_VCARD_ACR122_H
#define TESTS_VIRTUAL_VCARD_ACR122_H

#include "vcard_kind.h"

kind_command acr122;

/* Firmware that speaks T=0: 61 xx first, the answer comes with FF C0 00 00 xx. */
kind_command acr122_t0;

/* A frame without any APDU around it, as this reader takes it of a FeliCa card once it is
 * connected. False: `bytes` are none. */
bool acr122_bare(struct vcard_reader *r, const struct vcard *card, const uint8_t *bytes, size_t len,
	struct response *ret);

/* ATR of a FeliCa card; it differs from that of other readers. */
#define ACR122_ATR                                                                                 \
	{                                                                                          \
		0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x03,      \
			0xF0, 0x11, 0x00, 0x00, 0x00, 0x00, 0x8A                                   \
	}

#endif
