/* SPDX-License-Identifier: MIT
 *
 * Identiv and SCM readers (reference manuals of uTrust 3700F to 4711F, CLOUD
 * 4700F, SCM3712, SCL3711): commands of their own for FeliCa, the reader frames.
 * None but the poll says which system is meant: the IDm of each answer does.
 */
#include "dialect.h"

#include "plain.h"

enum { POLL = 0x40, SERVICES = 0x42, READ = 0x46, SYSTEMS = 0x4A };

#define WILDCARD      0xFF /* in a byte of a system code */
#define BLOCK_ELEMENT 0x80 /* two bytes, first service of the list */

static const char *const hints[] = {
	"uTrust 37", "uTrust 47", "CLOUD 37", "CLOUD 45", "CLOUD 47", "SCM3712", "SCL3711", NULL};

static enum card_err command(const struct line *line, uint8_t ins, uint8_t p1, uint8_t p2,
	const struct bytes *data, struct bytes *ret)
{
	const uint8_t header[PLAIN_HEADER] = {0xFF, ins, p1, p2};
	return plain_command(line, header, data, ret);
}

static void put_le16(struct bytes *b, uint16_t value)
{
	bytes_put_u8(b, value & 0xFF);
	bytes_put_u8(b, value >> 8);
}

/* Every answer but the poll's begins with who answers. */
static bool is_from(struct cursor *in, const struct felica_target *target)
{
	struct cursor idm;
	return cursor_part(in, IDM_SIZE, &idm) && memcmp(idm.at, target->idm, IDM_SIZE) == 0;
}

static bool byte_fits(uint8_t asked, uint8_t told)
{
	return asked == WILDCARD || asked == told;
}

static bool system_fits(uint16_t asked, uint16_t told)
{
	return byte_fits(asked >> 8, told >> 8) && byte_fits(asked & 0xFF, told & 0xFF);
}

/* FF 40: system code, request code, time slot. Request code 01 makes the card tell its
 * system, so that a reader with another order of these in mind cannot go unnoticed.
 * *ret_told: it did. */
static enum card_err ask_poll(
	const struct line *line, uint16_t system, bool *ret_told, struct felica_target *ret)
{
	WIPED(bytes) data = {0};
	WIPED(bytes) answer = {0};
	WIPED(felica_target) target = {0};
	uint16_t told;
	bytes_put_u8(&data, system >> 8);
	bytes_put_u8(&data, system & 0xFF);
	bytes_put(&data, "\x01\x00", 2);
	enum card_err err = command(line, POLL, 0, 0, &data, &answer);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer);
	if (!cursor_copy(&in, target.idm, sizeof(target.idm)) ||
		!cursor_copy(&in, target.pmm, sizeof(target.pmm)))
		return CARD_ERR_PROTOCOL;
	bool tells = cursor_be16(&in, &told);
	if (in.left != 0 || (tells && !system_fits(system, told)))
		return CARD_ERR_PROTOCOL;
	*ret = target;
	*ret_told = tells;
	return CARD_ERR_OK;
}

/* FF 4A, of the card the reader has in mind. */
static enum card_err ask_systems(const struct line *line, struct felica_target *ret,
	uint16_t ret_systems[FELICA_SYSTEMS_MAX], size_t *ret_n)
{
	static const struct bytes nothing = {.len = 0};
	WIPED(bytes) answer = {0};
	uint8_t n;
	enum card_err err = command(line, SYSTEMS, 0, 0, &nothing, &answer);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer), idm;
	if (!cursor_part(&in, IDM_SIZE, &idm) || !cursor_u8(&in, &n))
		return CARD_ERR_PROTOCOL;
	if (n == 0 || n > FELICA_SYSTEMS_MAX || in.left != 2u * n)
		return CARD_ERR_PROTOCOL;
	for (size_t i = 0; i < n; i++)
		cursor_be16(&in, &ret_systems[i]);
	cursor_copy(&idm, ret->idm, IDM_SIZE);
	*ret_n = n;
	return CARD_ERR_OK;
}

/* Is the system with the number in the IDm the one asked for? */
static bool is_current(
	const struct felica_target *target, uint16_t system, const uint16_t *systems, size_t n)
{
	size_t i = target->idm[0] >> FELICA_SYSTEM_SHIFT;
	return i < n && system_fits(system, systems[i]);
}

/* The poll brought nothing. Is there a card, and what has it? */
static enum card_err after_silence(
	const struct line *line, uint16_t system, struct felica_target *ret)
{
	WIPED(felica_target) target = {0};
	uint16_t systems[FELICA_SYSTEMS_MAX];
	bool has = false, transit = false;
	size_t n;
	enum card_err err = ask_systems(line, &target, systems, &n);
	if (err) /* a chip that does not know the question is no reason to doubt the reader */
		return err == CARD_ERR_NO_DIALECT ? CARD_ERR_TIMEOUT : err;
	for (size_t i = 0; i < n; i++) {
		has = has || system_fits(system, systems[i]);
		transit = transit || systems[i] == SYSTEM_TRANSIT;
	}
	if (!has)
		return transit ? CARD_ERR_TRANSIT : CARD_ERR_UNKNOWN_CARD;
	if (!is_current(&target, system, systems, n))
		return CARD_ERR_PROTOCOL;
	*ret = target;
	return CARD_ERR_OK;
}

/* The poll brought a card that did not say its system. */
static enum card_err confirm(
	const struct line *line, uint16_t system, const struct felica_target *target)
{
	WIPED(felica_target) current = {0};
	uint16_t systems[FELICA_SYSTEMS_MAX];
	size_t n;
	enum card_err err = ask_systems(line, &current, systems, &n);
	if (err == CARD_ERR_TIMEOUT || err == CARD_ERR_NO_DIALECT) /* Lite: one system */
		return target->idm[0] >> FELICA_SYSTEM_SHIFT == 0 ? CARD_ERR_OK : CARD_ERR_PROTOCOL;
	if (err)
		return err;
	bool same = memcmp(current.idm, target->idm, IDM_SIZE) == 0;
	return same && is_current(target, system, systems, n) ? CARD_ERR_OK : CARD_ERR_PROTOCOL;
}

static enum card_err poll(const struct line *line, uint16_t system, struct felica_target *ret)
{
	WIPED(felica_target) target = {0};
	bool told = false;
	enum card_err err = ask_poll(line, system, &told, &target);
	if (err == CARD_ERR_TIMEOUT)
		err = after_silence(line, system, &target);
	else if (!err && !told && system != FELICA_ANY_SYSTEM)
		err = confirm(line, system, &target);
	if (!err)
		*ret = target;
	return err;
}

static enum card_err read_blocks(const struct line *line, const struct felica_target *target,
	uint16_t service, const uint8_t *blocks, size_t n, uint8_t *ret_data, uint16_t *ret_flags)
{
	WIPED(bytes) data = {0};
	WIPED(bytes) answer = {0};
	uint16_t flags;
	uint8_t count;
	if (n > FELICA_BLOCKS_MAX)
		return CARD_ERR_LIMIT;
	put_le16(&data, service);
	for (size_t i = 0; i < n; i++) {
		bytes_put_u8(&data, BLOCK_ELEMENT);
		bytes_put_u8(&data, blocks[i]);
	}
	enum card_err err = command(line, READ, 1, (uint8_t)n, &data, &answer);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer);
	if (!is_from(&in, target) || !cursor_be16(&in, &flags))
		return CARD_ERR_PROTOCOL;
	*ret_flags = flags;
	if (flags >> 8 != 0)
		return CARD_ERR_UNREADABLE;
	if (!cursor_u8(&in, &count) || count != n || in.left != n * FELICA_BLOCK_SIZE)
		return CARD_ERR_PROTOCOL;
	cursor_copy(&in, ret_data, in.left);
	return CARD_ERR_OK;
}

static enum card_err systems(const struct line *line, const struct felica_target *target,
	uint16_t ret_systems[FELICA_SYSTEMS_MAX], size_t *ret_n)
{
	WIPED(felica_target) current = {0};
	uint16_t found[FELICA_SYSTEMS_MAX];
	size_t n;
	enum card_err err = ask_systems(line, &current, found, &n);
	if (err)
		return err;
	if (memcmp(current.idm, target->idm, IDM_SIZE) != 0)
		return CARD_ERR_PROTOCOL;
	memcpy(ret_systems, found, n * sizeof(found[0]));
	*ret_n = n;
	return CARD_ERR_OK;
}

static enum card_err services(const struct line *line, const struct felica_target *target,
	const uint16_t *services, uint16_t *ret_versions, size_t n)
{
	WIPED(bytes) data = {0};
	WIPED(bytes) answer = {0};
	uint8_t count;
	if (n > FELICA_SERVICES_MAX)
		return CARD_ERR_LIMIT;
	for (size_t i = 0; i < n; i++)
		put_le16(&data, services[i]);
	enum card_err err = command(line, SERVICES, (uint8_t)n, 0, &data, &answer);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer);
	if (!is_from(&in, target) || !cursor_u8(&in, &count) || count != n || in.left != 2 * n)
		return CARD_ERR_PROTOCOL;
	for (size_t i = 0; i < n; i++)
		cursor_le16(&in, &ret_versions[i]);
	return CARD_ERR_OK;
}

static enum card_err open(const struct line *line, bool hinted)
{
	WIPED(felica_target) target = {0};
	bool told;
	if (hinted)
		return CARD_ERR_OK;
	return plain_proof(ask_poll(line, FELICA_ANY_SYSTEM, &told, &target));
}

const struct dialect dialect_identiv = {.name = "identiv",
	.hints = hints,
	.open = open,
	.close = plain_close,
	.poll = poll,
	.read = read_blocks,
	.systems = systems,
	.services = services};
