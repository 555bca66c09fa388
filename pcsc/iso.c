/* SPDX-License-Identifier: MIT */
#include "iso.h"

/* ISO/IEC 7816-4:2020, table 5 and 6; 69 99 is Java Card's. */
#define SW1_MORE          0x61   /* SW2 bytes are still to be had */
#define SW1_WRONG_LE      0x6C   /* SW2 bytes are there, ask for just these */
#define SW_END_OF_FILE    0x6282 /* … before Le bytes were read */
#define SW_NOT_FORMATTED  0x6284 /* selected, but its control information is odd */
#define SW_WRONG_LENGTH   0x6700
#define SW_NOT_SELECTED   0x6999
#define SW_NO_FUNCTION    0x6A81
#define SW_NO_FILE        0x6A82
#define SW_WRONG_P1_P2    0x6A86
#define SW_LC_AGAINST_P1  0x6A87
#define SW_OUTSIDE        0x6B00 /* wrong P1-P2; for READ BINARY: offset beyond the end */
#define SW_NO_INSTRUCTION 0x6D00
#define SW_NO_CLASS       0x6E00

#define SHORT_LE_MAX      256 /* what Le 00 asks for */
#define AID_MAX           16
#define SFI_MAX           30
#define OFFSETS           0x8000 /* 15 bits: the 16th of READ BINARY means a short identifier */
#define GET_RESPONSES_MAX 16     /* after one command */
#define READS_MAX         64     /* of one file; cards with short frames give 16 bytes at once */

/* A command and what its answer may have. */
struct command {
	struct bytes apdu;
	size_t most; /* bytes; Le is the last of the apdu. 0: no Le, and no limit to heed */
};

DEFINE_WIPE(command)

/* Forms of SELECT. The first is what most cards take (EMV and NFC Forum Type 4 by AID, the
 * latter by file); the others for those that refuse it for its form (ICAO 9303 and Japan's
 * public cards select files under the current DF). */
struct form {
	uint8_t p1, p2;
	bool answer; /* asks for control information, which some cards insist on giving */
};

static const struct form by_aid[] = {{0x04, 0x00, true}, {0x04, 0x0C, false}};
static const struct form by_file[] = {{0x00, 0x0C, false}, {0x02, 0x0C, false}, {0x00, 0x00, true}};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t le_bytes(uint8_t le)
{
	return le == 0 ? SHORT_LE_MAX : le;
}

static void put_head(struct command *c, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2)
{
	const uint8_t head[] = {cla, ins, p1, p2};
	bytes_put(&c->apdu, head, sizeof(head));
}

static void put_le(struct command *c, size_t most)
{
	bytes_put_u8(&c->apdu, (uint8_t)most); /* 256 is 00 */
	c->most = most;
}

/* The length the card states instead: never more than was asked for. */
static bool ask_for(struct command *c, uint8_t le)
{
	if (le_bytes(le) > c->most)
		return false;
	c->most = le_bytes(le);
	c->apdu.at[c->apdu.len - 1] = le;
	return true;
}

/* Append the answer to `ret`; where the card states another length, ask once again. */
static enum card_err ask(
	const struct line *line, struct command *c, struct bytes *ret, uint16_t *ret_sw)
{
	WIPED(bytes) answer = {0};
	uint16_t sw;
	enum card_err err = line_transmit(line, &c->apdu, &answer, &sw);
	if (err)
		return err;
	if (c->most > 0 && sw >> 8 == SW1_WRONG_LE) {
		if (!ask_for(c, sw & 0xFF))
			return CARD_ERR_PROTOCOL;
		err = line_transmit(line, &c->apdu, &answer, &sw);
		if (err)
			return err;
	}
	if (c->most > 0 && answer.len > c->most)
		return CARD_ERR_PROTOCOL;
	bytes_put(ret, answer.at, answer.len);
	*ret_sw = sw;
	return CARD_ERR_OK;
}

/* GET RESPONSE, until nothing is held back or what was asked for is there. */
static enum card_err ask_rest(
	const struct line *line, size_t most, struct bytes *all, uint16_t *ret_sw)
{
	uint16_t sw = *ret_sw;
	for (unsigned n = 0; sw >> 8 == SW1_MORE && all->len < most; n++) {
		WIPED(command) more = {0};
		size_t before = all->len;
		if (n == GET_RESPONSES_MAX)
			return CARD_ERR_LIMIT;
		put_head(&more, 0x00, 0xC0, 0x00, 0x00);
		put_le(&more, least(le_bytes(sw & 0xFF), most - all->len));
		enum card_err err = ask(line, &more, all, &sw);
		if (err)
			return err;
		if (sw >> 8 == SW1_MORE && all->len == before)
			return CARD_ERR_PROTOCOL;
	}
	*ret_sw = sw >> 8 == SW1_MORE ? SW_OK : sw;
	return CARD_ERR_OK;
}

/* All of an answer, appended to `ret`. */
static enum card_err fetch(
	const struct line *line, struct command *c, struct bytes *ret, uint16_t *ret_sw)
{
	WIPED(bytes) all = {0};
	uint16_t sw;
	enum card_err err = ask(line, c, &all, &sw);
	if (!err)
		err = ask_rest(line, c->most, &all, &sw);
	if (err)
		return err;
	bytes_put(ret, all.at, all.len);
	*ret_sw = sw;
	return CARD_ERR_OK;
}

/* All of it or nothing. */
static enum card_err append(struct bytes *to, const struct bytes *from)
{
	if (from->len > sizeof(to->at) - to->len)
		return CARD_ERR_LIMIT;
	bytes_put(to, from->at, from->len);
	return CARD_ERR_OK;
}

static enum card_err refusal(uint16_t sw)
{
	return sw == SW_NO_FILE ? CARD_ERR_UNKNOWN_CARD : CARD_ERR_UNREADABLE;
}

enum card_err iso_uid(const struct line *line, struct bytes *ret)
{
	WIPED(command) c = {0};
	WIPED(bytes) uid = {0};
	uint16_t sw;
	put_head(&c, 0xFF, 0xCA, 0x00, 0x00);
	put_le(&c, SHORT_LE_MAX);
	enum card_err err = ask(line, &c, &uid, &sw);
	if (err)
		return err;
	if (sw == SW_FAILED)
		return CARD_ERR_REMOVED;
	if (sw != SW_OK || (uid.len != 4 && uid.len != 7 && uid.len != 8 && uid.len != 10))
		return CARD_ERR_UNKNOWN_CARD;
	return append(ret, &uid);
}

static enum card_err select_by(const struct line *line, const struct form *form,
	const uint8_t *name, size_t len, uint16_t *ret_sw)
{
	WIPED(command) c = {0};
	WIPED(bytes) information = {0};
	put_head(&c, 0x00, 0xA4, form->p1, form->p2);
	bytes_put_u8(&c.apdu, (uint8_t)len);
	bytes_put(&c.apdu, name, len);
	if (form->answer)
		put_le(&c, SHORT_LE_MAX);
	/* Of information held back (61 xx) nothing is fetched: it is of no use to us. */
	return ask(line, &c, &information, ret_sw);
}

static bool is_wrong_form(uint16_t sw)
{
	return sw == SW_WRONG_LENGTH || sw == SW_WRONG_P1_P2 || sw == SW_LC_AGAINST_P1 ||
	       sw == SW_OUTSIDE;
}

/* A card that knows no SELECT at all has no application either; a reader says 63 00 for it. */
static enum card_err judge_selection(uint16_t sw)
{
	static const uint16_t absent[] = {SW_NO_FILE, SW_NOT_SELECTED, SW_NO_FUNCTION,
		SW_NO_INSTRUCTION, SW_NO_CLASS, SW_FAILED};
	if (sw == SW_OK || sw == SW_NOT_FORMATTED || sw >> 8 == SW1_MORE)
		return CARD_ERR_OK;
	for (size_t i = 0; i < LENGTH(absent); i++)
		if (sw == absent[i])
			return CARD_ERR_UNKNOWN_CARD;
	return CARD_ERR_UNREADABLE;
}

static enum card_err select_in_turn(const struct line *line, const struct form *forms,
	size_t n_forms, const uint8_t *name, size_t len)
{
	uint16_t sw = SW_WRONG_P1_P2;
	for (size_t i = 0; i < n_forms && is_wrong_form(sw); i++) {
		enum card_err err = select_by(line, &forms[i], name, len, &sw);
		if (err)
			return err;
	}
	return judge_selection(sw);
}

enum card_err iso_select_aid(const struct line *line, const uint8_t *aid, size_t len)
{
	if (len == 0 || len > AID_MAX)
		return CARD_ERR_LIMIT;
	return select_in_turn(line, by_aid, LENGTH(by_aid), aid, len);
}

enum card_err iso_select_file(const struct line *line, uint16_t file)
{
	const uint8_t name[] = {file >> 8, file & 0xFF};
	return select_in_turn(line, by_file, LENGTH(by_file), name, sizeof(name));
}

/* As many as one command brings. Nothing more to be had: *ret_end. */
static enum card_err read_some(
	const struct line *line, size_t off, size_t len, struct bytes *ret, bool *ret_end)
{
	WIPED(command) c = {0};
	WIPED(bytes) some = {0};
	uint16_t sw;
	put_head(&c, 0x00, 0xB0, (uint8_t)(off >> 8), off & 0xFF);
	put_le(&c, least(len, ISO_READ_AT_ONCE));
	enum card_err err = fetch(line, &c, &some, &sw);
	if (err)
		return err;
	if (sw != SW_OK && sw != SW_END_OF_FILE && sw != SW_OUTSIDE)
		return refusal(sw);
	if (sw != SW_OUTSIDE)
		bytes_put(ret, some.at, some.len);
	*ret_end = sw != SW_OK || some.len == 0;
	return CARD_ERR_OK;
}

enum card_err iso_read_binary(const struct line *line, uint16_t off, size_t len, struct bytes *ret)
{
	WIPED(bytes) got = {0};
	bool end = false;
	if (len > sizeof(ret->at) - ret->len || off + len > OFFSETS)
		return CARD_ERR_LIMIT;
	for (unsigned n = 0; got.len < len && !end; n++) {
		if (n == READS_MAX)
			return CARD_ERR_LIMIT;
		enum card_err err = read_some(line, off + got.len, len - got.len, &got, &end);
		if (err)
			return err;
	}
	return append(ret, &got);
}

enum card_err iso_read_record(
	const struct line *line, uint8_t sfi, uint8_t record, struct bytes *ret)
{
	WIPED(command) c = {0};
	WIPED(bytes) got = {0};
	uint16_t sw;
	if (sfi > SFI_MAX)
		return CARD_ERR_LIMIT;
	/* P2: record number as in P1, of the file with this short identifier */
	put_head(&c, 0x00, 0xB2, record, (uint8_t)(sfi << 3 | 0x04));
	put_le(&c, SHORT_LE_MAX);
	enum card_err err = fetch(line, &c, &got, &sw);
	if (err)
		return err;
	if (sw != SW_OK && sw != SW_END_OF_FILE)
		return refusal(sw);
	return append(ret, &got);
}
