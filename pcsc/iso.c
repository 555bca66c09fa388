/* SPDX-License-Identifier: MIT */
#include "iso.h"

enum card_err iso_uid(const struct line *line, struct bytes *ret)
{
	static const uint8_t get_uid[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	WIPED(bytes) apdu = {0};
	WIPED(bytes) uid = {0};
	uint16_t sw;
	bytes_put(&apdu, get_uid, sizeof(get_uid));
	enum card_err err = line_transmit(line, &apdu, &uid, &sw);
	if (err)
		return err;
	if (sw == SW_FAILED)
		return CARD_ERR_REMOVED;
	if (sw != SW_OK || uid.len == 0 || uid.len > ISO_UID_MAX)
		return CARD_ERR_UNKNOWN_CARD;
	bytes_put(ret, uid.at, uid.len);
	return CARD_ERR_OK;
}
