/* SPDX-License-Identifier: MIT */
#include "felica.h"

#include <string.h>

/* Command codes; an answer carries the command's code + 1. */
enum {
	POLLING = 0x00,
	REQUEST_SERVICE = 0x02,
	READ = 0x06,
	WRITE = 0x08,
	SEARCH = 0x0A,
	REQUEST_SYSTEMS = 0x0C,
};

#define PMM_IC   1 /* byte of the PMm that names the chip */
#define PMM_READ 5 /* … that speaks of Read Without Encryption */

#define SEARCH_END 0xFFFF /* instead of a service code */
#define REWRITTEN  0xFF71 /* flags of a write: a warning, though SF1 is not 00 */

/* Most blocks of one Read Without Encryption, by IC code. Which code is which chip:
 * nfcpy, tt3_sony.py, and nullableVoidPtr/nfcf-info, docs (IC type); how many blocks:
 * facts "FeliCa commands", nfcpy and kormax/felica-tool. */
static const struct {
	uint8_t first, last, blocks;
} chips[] = {
	{0x00, 0x00, 8},  /* RC-S830 */
	{0x01, 0x01, 12}, /* RC-S915 */
	{0x08, 0x09, 12}, /* RC-S952, RC-S953 */
	{0x0C, 0x0D, 12}, /* RC-S954, RC-S960 */
	{0x16, 0x1F, 15}, /* Mobile FeliCa 4.x */
	{0x20, 0x20, 12}, /* RC-S962 */
	{0x32, 0x36, 15}, /* RC-SA00, SA01, SA04 */
	{0x3E, 0x3E, 15}, /* RC-SA08 */
	{0x43, 0x48, 15}, /* RC-SA20, SA21, SA24 */
	{0xF0, 0xF1, 4},  /* Lite, Lite-S */
};

static void put_le16(struct bytes *b, uint16_t value)
{
	bytes_put_u8(b, value & 0xFF);
	bytes_put_u8(b, value >> 8);
}

static void begin(struct bytes *b, uint8_t code, const uint8_t *idm)
{
	bytes_put_u8(b, 0);
	bytes_put_u8(b, code);
	if (idm)
		bytes_put(b, idm, IDM_SIZE);
}

static void end(struct bytes *b)
{
	if (b->len > UINT8_MAX)
		b->full = true;
	b->at[0] = (uint8_t)b->len;
}

void felica_poll(struct bytes *ret, uint16_t system)
{
	begin(ret, POLLING, NULL);
	bytes_put_u8(ret, system >> 8);
	bytes_put_u8(ret, system & 0xFF);
	bytes_put_u8(ret, 0); /* request nothing further */
	bytes_put_u8(ret, 0); /* one time slot */
	end(ret);
}

void felica_ask_services(
	struct bytes *ret, const uint8_t idm[IDM_SIZE], const uint16_t *services, size_t n)
{
	begin(ret, REQUEST_SERVICE, idm);
	bytes_put_u8(ret, (uint8_t)n);
	for (size_t i = 0; i < n; i++)
		put_le16(ret, services[i]);
	end(ret);
}

void felica_ask_systems(struct bytes *ret, const uint8_t idm[IDM_SIZE])
{
	begin(ret, REQUEST_SYSTEMS, idm);
	end(ret);
}

void felica_read(struct bytes *ret, const uint8_t idm[IDM_SIZE], uint16_t service,
	const uint8_t *blocks, size_t n)
{
	begin(ret, READ, idm);
	bytes_put_u8(ret, 1);
	put_le16(ret, service);
	bytes_put_u8(ret, (uint8_t)n);
	for (size_t i = 0; i < n; i++) {
		bytes_put_u8(ret, 0x80); /* two-byte element, first service of the list */
		bytes_put_u8(ret, blocks[i]);
	}
	end(ret);
}

void felica_write(struct bytes *ret, const uint8_t idm[IDM_SIZE], uint16_t service, uint8_t block,
	const uint8_t data[FELICA_BLOCK_SIZE])
{
	begin(ret, WRITE, idm);
	bytes_put_u8(ret, 1);
	put_le16(ret, service);
	bytes_put_u8(ret, 1);
	bytes_put_u8(ret, 0x80);
	bytes_put_u8(ret, block);
	bytes_put(ret, data, FELICA_BLOCK_SIZE);
	end(ret);
}

void felica_search(struct bytes *ret, const uint8_t idm[IDM_SIZE], uint16_t index)
{
	begin(ret, SEARCH, idm);
	put_le16(ret, index);
	end(ret);
}

/* LEN, code and, where `idm` is given, who answers. */
static enum card_err check_head(struct cursor *in, uint8_t command, const uint8_t *idm)
{
	size_t whole = in->left;
	uint8_t len, code;
	if (!cursor_u8(in, &len) || len != whole)
		return CARD_ERR_PROTOCOL;
	if (!cursor_u8(in, &code) || code != command + 1)
		return CARD_ERR_PROTOCOL;
	if (!idm)
		return CARD_ERR_OK;
	struct cursor from;
	if (!cursor_part(in, IDM_SIZE, &from) || memcmp(from.at, idm, IDM_SIZE) != 0)
		return CARD_ERR_PROTOCOL;
	return CARD_ERR_OK;
}

enum card_err felica_polled(struct cursor in, struct felica_target *ret)
{
	WIPED(felica_target) target;
	enum card_err err = check_head(&in, POLLING, NULL);
	if (err)
		return err;
	if (!cursor_copy(&in, target.idm, sizeof(target.idm)) ||
		!cursor_copy(&in, target.pmm, sizeof(target.pmm)))
		return CARD_ERR_PROTOCOL;
	/* Some readers always ask for the system code, which then follows. */
	if (in.left != 0 && in.left != 2)
		return CARD_ERR_PROTOCOL;
	*ret = target;
	return CARD_ERR_OK;
}

enum card_err felica_services(
	struct cursor in, const uint8_t idm[IDM_SIZE], uint16_t *ret_versions, size_t n)
{
	uint8_t count;
	enum card_err err = check_head(&in, REQUEST_SERVICE, idm);
	if (err)
		return err;
	if (n > FELICA_SERVICES_MAX)
		return CARD_ERR_LIMIT;
	if (!cursor_u8(&in, &count) || count != n || in.left != 2 * n)
		return CARD_ERR_PROTOCOL;
	for (size_t i = 0; i < n; i++)
		cursor_le16(&in, &ret_versions[i]);
	return CARD_ERR_OK;
}

enum card_err felica_systems(struct cursor in, const uint8_t idm[IDM_SIZE],
	uint16_t ret_systems[FELICA_SYSTEMS_MAX], size_t *ret_n)
{
	uint8_t count;
	enum card_err err = check_head(&in, REQUEST_SYSTEMS, idm);
	if (err)
		return err;
	if (!cursor_u8(&in, &count) || count > FELICA_SYSTEMS_MAX || in.left != 2u * count)
		return CARD_ERR_PROTOCOL;
	for (size_t i = 0; i < count; i++)
		cursor_be16(&in, &ret_systems[i]);
	*ret_n = count;
	return CARD_ERR_OK;
}

enum card_err felica_blocks(struct cursor in, const uint8_t idm[IDM_SIZE], size_t n,
	uint8_t *ret_data, uint16_t *ret_flags)
{
	uint16_t flags;
	uint8_t count;
	enum card_err err = check_head(&in, READ, idm);
	if (err)
		return err;
	if (!cursor_be16(&in, &flags))
		return CARD_ERR_PROTOCOL;
	*ret_flags = flags;
	if (flags >> 8 != 0)
		return CARD_ERR_UNREADABLE;
	if (!cursor_u8(&in, &count) || count != n || in.left != n * FELICA_BLOCK_SIZE)
		return CARD_ERR_PROTOCOL;
	cursor_copy(&in, ret_data, n * FELICA_BLOCK_SIZE);
	return CARD_ERR_OK;
}

enum card_err felica_written(struct cursor in, const uint8_t idm[IDM_SIZE], uint16_t *ret_flags)
{
	uint16_t flags;
	enum card_err err = check_head(&in, WRITE, idm);
	if (err)
		return err;
	if (!cursor_be16(&in, &flags) || in.left != 0)
		return CARD_ERR_PROTOCOL;
	*ret_flags = flags;
	return flags >> 8 == 0 || flags == REWRITTEN ? CARD_ERR_OK : CARD_ERR_UNREADABLE;
}

enum card_err felica_searched(
	struct cursor in, const uint8_t idm[IDM_SIZE], struct felica_node *ret)
{
	struct felica_node node = {0};
	enum card_err err = check_head(&in, SEARCH, idm);
	if (err)
		return err;
	if (!cursor_le16(&in, &node.code))
		return CARD_ERR_PROTOCOL;
	if (cursor_le16(&in, &node.last))
		node.kind = FELICA_NODE_AREA;
	else if (node.code != SEARCH_END)
		node.kind = FELICA_NODE_SERVICE;
	else
		node.code = 0;
	if (in.left != 0)
		return CARD_ERR_PROTOCOL;
	*ret = node;
	return CARD_ERR_OK;
}

size_t felica_blocks_at_once(const uint8_t pmm[8])
{
	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		if (pmm[PMM_IC] >= chips[i].first && pmm[PMM_IC] <= chips[i].last)
			return chips[i].blocks;
	return FELICA_BLOCKS_SAFE;
}

uint32_t felica_response_us(uint8_t pmm_byte, size_t n)
{
	uint32_t a = pmm_byte & 7, b = pmm_byte >> 3 & 7, e = pmm_byte >> 6;
	uint64_t units = (((b + 1) * (uint64_t)n) + (a + 1)) << (2 * e);
	/* T = 256 * 16 / 13.56 MHz */
	return (uint32_t)(units * 409600 / 1356);
}

uint32_t felica_read_timer(const struct felica_target *target, size_t n)
{
	uint32_t us = felica_response_us(target->pmm[PMM_READ], n);
	if (us < FELICA_TIMER_MIN_US)
		return FELICA_TIMER_MIN_US;
	return us > FELICA_TIMER_MAX_US ? FELICA_TIMER_MAX_US : us;
}
