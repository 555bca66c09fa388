/* SPDX-License-Identifier: MIT
 *
 * A Lite-S chip that proves its key, and every way it may fail to. The chip
 * stands where a dialect would: frames, no reader.
 */
#include "pcsc/lite_s.h"

#include "tests/check.h"
#include "tests/pcsc/script.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define BLOCK_RC    0x80
#define BLOCK_ID    0x82
#define BLOCK_MAC_A 0x91
#define BLOCKS      0x93
#define USER_BLOCKS 14
#define ANSWER_DATA 13 /* LEN, code, IDm, flags, count stand before it */

struct chip {
	struct card_transport t; /* its self is the chip */
	struct felica_target target;
	uint8_t blocks[BLOCKS][FELICA_BLOCK_SIZE];
	uint8_t key[MAC_KEY_SIZE];
	bool challenged;
	unsigned asked;        /* commands so far */
	unsigned gone_from;    /* this command and all after it find no card; 0: none */
	uint16_t write_flags;  /* instead of 0000 */
	uint16_t read_flags;   /* likewise */
	unsigned spoiled;      /* the answer to this command … */
	size_t spoiled_bit;    /* … has this bit turned */
	bool lies;             /* it gives block 1's data for block 0, and block 1's MAC */
	struct bytes replayed; /* every read is answered so, if there is anything */
	struct bytes last;     /* what was answered last */
};

static const uint8_t master[MAC_MASTER_SIZE] = {
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24};
static const uint8_t challenge[MAC_BLOCK_SIZE] = {
	7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8};

static void begin(struct bytes *ret, const struct chip *chip, uint8_t code, uint16_t flags)
{
	*ret = (struct bytes){0};
	bytes_put_u8(ret, 0);
	bytes_put_u8(ret, code);
	bytes_put(ret, chip->target.idm, IDM_SIZE);
	bytes_put_u8(ret, flags >> 8);
	bytes_put_u8(ret, flags & 0xFF);
}

static bool put_mac(const struct chip *chip, struct bytes *ret, const uint8_t *numbers, size_t n)
{
	uint8_t session[MAC_KEY_SIZE], block[FELICA_BLOCK_SIZE] = {0};
	bool done = chip->challenged &&
		    mac_session_key(chip->key, chip->blocks[BLOCK_RC], session) &&
		    mac_of_read(session, chip->blocks[BLOCK_RC], numbers, n, ret->at + ANSWER_DATA,
			    block);
	bytes_put(ret, block, sizeof(block));
	return done;
}

static void do_read(struct chip *chip, struct cursor in, struct bytes *ret)
{
	uint8_t count = 0, element, number, numbers[FELICA_BLOCKS_MAX];
	CHECK(cursor_skip(&in, 3) && cursor_u8(&in, &count) && count <= 4);
	begin(ret, chip, 0x07, chip->read_flags);
	if (chip->read_flags)
		return;
	bytes_put_u8(ret, count);
	for (size_t i = 0; i < count; i++) {
		CHECK(cursor_u8(&in, &element) && element == 0x80 && cursor_u8(&in, &number));
		numbers[i] = chip->lies && number == 0 ? 1 : number;
		if (number != BLOCK_MAC_A)
			bytes_put(ret, chip->blocks[numbers[i]], FELICA_BLOCK_SIZE);
		else if (!put_mac(chip, ret, numbers, i))
			begin(ret, chip, 0x07, 0xFFB2);
	}
}

static void do_write(struct chip *chip, struct cursor in, struct bytes *ret)
{
	static const uint8_t to_rc[] = {1, 0x09, 0x00, 1, 0x80, BLOCK_RC};
	uint8_t head[sizeof(to_rc)] = {0};
	CHECK(cursor_copy(&in, head, sizeof(head)) && memcmp(head, to_rc, sizeof(head)) == 0);
	CHECK(cursor_copy(&in, chip->blocks[BLOCK_RC], FELICA_BLOCK_SIZE) && in.left == 0);
	chip->challenged = true;
	begin(ret, chip, 0x09, chip->write_flags);
}

static enum card_err exchange(
	const struct line *line, const struct bytes *frame, uint32_t timer_us, struct bytes *ret)
{
	struct chip *chip = line->t->self;
	struct cursor in = bytes_read(frame);
	struct bytes answer = {0};
	uint8_t len = 0, code = 0;
	chip->asked++;
	if (chip->gone_from > 0 && chip->asked >= chip->gone_from)
		return CARD_ERR_TIMEOUT;
	CHECK(cursor_u8(&in, &len) && len == frame->len && cursor_u8(&in, &code));
	CHECK(cursor_skip(&in, IDM_SIZE));
	if (code == 0x08)
		do_write(chip, in, &answer);
	else
		do_read(chip, in, &answer);
	answer.at[0] = (uint8_t)answer.len;
	if (code == 0x06 && chip->replayed.len > 0)
		answer = chip->replayed;
	if (chip->asked == chip->spoiled)
		answer.at[chip->spoiled_bit / 8] ^= (uint8_t)(1 << chip->spoiled_bit % 8);
	*ret = chip->last = answer;
	return CARD_ERR_OK;
}

static void close(const struct line *line)
{
}

static const struct dialect direct = {.name = "direct", .exchange = exchange, .close = close};
static const struct dialect frames_for_itself = {.name = "own frames", .close = close};

/* Block b holds its number 16 times over. */
static void chip_init(struct chip *chip)
{
	static const uint8_t idm[IDM_SIZE] = {0x01, 0x2E, 0x41, 0x28, 0x72, 0x8C, 0x7E, 0x8B};
	memset(chip, 0, sizeof(*chip));
	chip->t.self = chip;
	memcpy(chip->target.idm, idm, sizeof(idm));
	chip->target.pmm[1] = 0xF1;
	for (size_t b = 0; b < BLOCKS; b++)
		memset(chip->blocks[b], (int)b, FELICA_BLOCK_SIZE);
	memcpy(chip->blocks[BLOCK_ID], idm, sizeof(idm));
	CHECK(mac_card_key(master, chip->blocks[BLOCK_ID], chip->key));
}

struct asked {
	struct card_trace trace;
	uint8_t blocks[FELICA_BLOCKS_MAX + 1];
	uint8_t data[(FELICA_BLOCKS_MAX + 1) * FELICA_BLOCK_SIZE];
};

static enum card_err read_with(
	struct chip *chip, const struct dialect *dialect, size_t n, struct asked *ret)
{
	memset(ret, 0, sizeof(*ret));
	memset(ret->data, 0xAA, sizeof(ret->data));
	for (size_t i = 0; i < sizeof(ret->blocks); i++)
		ret->blocks[i] = (uint8_t)i;
	struct link link = {
		.line = {&chip->t, &ret->trace, false}, .reader = "direct", .dialect = dialect};
	return lite_s_read(&link, &chip->target, master, challenge, ret->blocks, n, ret->data);
}

static enum card_err read_blocks(struct chip *chip, size_t n, struct asked *ret)
{
	return read_with(chip, &direct, n, ret);
}

static bool untouched(const struct asked *a)
{
	for (size_t i = 0; i < sizeof(a->data); i++)
		if (a->data[i] != 0xAA)
			return false;
	return true;
}

static void blocks_that_prove_their_key_are_read_in_order(void)
{
	for (size_t n = 1; n <= USER_BLOCKS; n++) {
		struct chip chip;
		struct asked a;
		chip_init(&chip);
		CHECK_INT(read_blocks(&chip, n, &a), CARD_ERR_OK);
		for (size_t i = 0; i < sizeof(a.data); i++)
			CHECK_INT(a.data[i],
				i < n * FELICA_BLOCK_SIZE ? i / FELICA_BLOCK_SIZE : 0xAA);
		/* the challenge once, then two blocks a go */
		CHECK_INT(chip.asked, 1 + (n + 1) / 2);
		CHECK(memcmp(chip.blocks[BLOCK_RC], challenge, sizeof(challenge)) == 0);
	}
}

static void a_card_with_another_key_proves_nothing(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	chip.key[3] ^= 0x02;
	CHECK_INT(read_blocks(&chip, 2, &a), CARD_ERR_UNPROVEN);
	CHECK(untouched(&a));
}

/* Data, ID and MAC_A itself; the eight bytes of block 91h behind the MAC say nothing. */
static void one_bit_turned_on_the_way_is_seen(void)
{
	size_t end = ANSWER_DATA + 4 * FELICA_BLOCK_SIZE, mac_end = end - 8;
	for (size_t bit = 0; bit < 8 * end; bit++) {
		struct chip chip;
		struct asked a;
		chip_init(&chip);
		chip.spoiled = 2;
		chip.spoiled_bit = bit;
		enum card_err err = read_blocks(&chip, 2, &a);
		if (bit >= 8 * mac_end)
			CHECK_INT(err, CARD_ERR_OK);
		else if (bit >= 8 * (size_t)ANSWER_DATA)
			CHECK_INT(err, CARD_ERR_UNPROVEN);
		else
			CHECK(err == CARD_ERR_PROTOCOL || err == CARD_ERR_UNREADABLE ||
				bit / 8 == 11 /* SF2 beside SF1 00: a warning */);
		CHECK(err == CARD_ERR_OK || untouched(&a));
	}
}

static void an_answer_to_another_challenge_proves_nothing(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_OK);
	struct bytes heard = chip.last;
	chip_init(&chip);
	chip.replayed = heard;
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_OK);
	struct link link = {
		.line = {&chip.t, &a.trace, false}, .reader = "direct", .dialect = &direct};
	static const uint8_t next[MAC_BLOCK_SIZE] = {1};
	memset(a.data, 0xAA, sizeof(a.data));
	CHECK_INT(lite_s_read(&link, &chip.target, master, next, a.blocks, 1, a.data),
		CARD_ERR_UNPROVEN);
	CHECK(untouched(&a));
}

static void another_block_with_its_own_mac_is_not_the_one_asked_for(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	chip.lies = true;
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_UNPROVEN);
	CHECK(untouched(&a));
}

/* A genuine card behind a machine that answers the poll with somebody else's IDm. */
static void the_number_that_answered_must_be_the_proven_one(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	chip.target.idm[7] ^= 1;
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_UNPROVEN);
	CHECK(untouched(&a));
	chip_init(&chip);
	chip.target.idm[0] |= 0x10; /* its second system */
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_OK);
}

static void nothing_of_a_good_first_go_is_kept_when_a_later_one_fails(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	chip.spoiled = 3;
	chip.spoiled_bit = 8 * (ANSWER_DATA + FELICA_BLOCK_SIZE);
	CHECK_INT(read_blocks(&chip, 4, &a), CARD_ERR_UNPROVEN);
	CHECK(untouched(&a));
}

static void a_card_that_leaves_is_removed_at_any_step(void)
{
	for (unsigned from = 1; from <= 3; from++) {
		struct chip chip;
		struct asked a;
		chip_init(&chip);
		chip.gone_from = from;
		CHECK_INT(read_blocks(&chip, 4, &a), CARD_ERR_REMOVED);
		CHECK_INT(chip.asked, from);
		CHECK(untouched(&a));
	}
}

static void a_chip_without_mac_a_or_challenge_is_unreadable(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	chip.read_flags = 0x01A8; /* FeliCa Lite has no block 91h */
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_UNREADABLE);
	CHECK_INT(a.trace.flags, 0x01A8);
	chip_init(&chip);
	chip.write_flags = 0x01A6;
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_UNREADABLE);
	CHECK_INT(chip.asked, 1);
	CHECK_INT(a.trace.flags, 0x01A6);
	CHECK(untouched(&a));
}

static void a_worn_memory_is_only_a_warning(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	chip.write_flags = 0xFF71;
	CHECK_INT(read_blocks(&chip, 1, &a), CARD_ERR_OK);
}

static void more_or_fewer_blocks_than_can_be_are_not_asked_for(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	CHECK_INT(read_blocks(&chip, 0, &a), CARD_ERR_LIMIT);
	CHECK_INT(read_blocks(&chip, FELICA_BLOCKS_MAX + 1, &a), CARD_ERR_LIMIT);
	CHECK_INT(read_blocks(&chip, SIZE_MAX, &a), CARD_ERR_LIMIT);
	CHECK_INT(chip.asked, 0);
	CHECK(untouched(&a));
}

static void a_reader_that_frames_for_itself_cannot_ask_for_proof(void)
{
	struct chip chip;
	struct asked a;
	chip_init(&chip);
	CHECK_INT(read_with(&chip, &frames_for_itself, 1, &a), CARD_ERR_NO_DIALECT);
	CHECK_INT(chip.asked, 0);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(blocks_that_prove_their_key_are_read_in_order),
		CASE(a_card_with_another_key_proves_nothing),
		CASE(one_bit_turned_on_the_way_is_seen),
		CASE(an_answer_to_another_challenge_proves_nothing),
		CASE(another_block_with_its_own_mac_is_not_the_one_asked_for),
		CASE(the_number_that_answered_must_be_the_proven_one),
		CASE(nothing_of_a_good_first_go_is_kept_when_a_later_one_fails),
		CASE(a_card_that_leaves_is_removed_at_any_step),
		CASE(a_chip_without_mac_a_or_challenge_is_unreadable),
		CASE(a_worn_memory_is_only_a_warning),
		CASE(more_or_fewer_blocks_than_can_be_are_not_asked_for),
		CASE(a_reader_that_frames_for_itself_cannot_ask_for_proof),
	};
	return CHECK_MAIN("lite-s", cases);
}
