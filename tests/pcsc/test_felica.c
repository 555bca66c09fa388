/* SPDX-License-Identifier: MIT
 *
 * Frames byte for byte, and every check of every answer in its order.
 */
#include "pcsc/felica.h"

#include "tests/check.h"
#include "tests/pcsc/script.h"

#define IDM "01 14 B3 14 31 41 59 2A"
#define PMM "10 0B 4B 42 84 85 D0 FF"

static const uint8_t idm[IDM_SIZE] = {0x01, 0x14, 0xB3, 0x14, 0x31, 0x41, 0x59, 0x2A};

static bool is_hex(const struct bytes *got, const char *hex)
{
	struct bytes want;
	unhex(hex, &want);
	return !got->full && got->len == want.len && memcmp(got->at, want.at, want.len) == 0;
}

static struct cursor in(const char *hex, struct bytes *keep)
{
	unhex(hex, keep);
	return bytes_read(keep);
}

static void requests_are_built_byte_for_byte(void)
{
	static const uint8_t blocks[] = {0, 1, 2, 3};
	static const uint16_t services[] = {0x1A8B, 0x7A0B};
	static const uint8_t data[FELICA_BLOCK_SIZE] = {0x11, [15] = 0xEE};
	struct bytes poll = {0}, read = {0}, ask = {0}, systems = {0}, write = {0}, search = {0};
	felica_poll(&poll, 0xFE00);
	CHECK(is_hex(&poll, "06 00 FE 00 00 00"));
	felica_read(&read, idm, 0x1A8B, blocks, 4);
	CHECK(is_hex(&read, "16 06 " IDM " 01 8B 1A 04 80 00 80 01 80 02 80 03"));
	felica_ask_services(&ask, idm, services, 2);
	CHECK(is_hex(&ask, "0F 02 " IDM " 02 8B 1A 0B 7A"));
	felica_ask_systems(&systems, idm);
	CHECK(is_hex(&systems, "0A 0C " IDM));
	felica_write(&write, idm, 0x0009, 0x80, data);
	CHECK(is_hex(&write, "20 08 " IDM " 01 09 00 01 80 80"
			     " 11 00 00 00 00 00 00 00 00 00 00 00 00 00 00 EE"));
	felica_search(&search, idm, 0x0102);
	CHECK(is_hex(&search, "0C 0A " IDM " 02 01"));
}

static void a_poll_tells_who_answered(void)
{
	struct bytes keep;
	struct felica_target target = {0};
	CHECK_INT(felica_polled(in("12 01 " IDM " " PMM, &keep), &target), CARD_ERR_OK);
	CHECK(memcmp(target.idm, idm, IDM_SIZE) == 0);
	CHECK_INT(target.pmm[5], 0x85);
	CHECK_INT(felica_polled(in("14 01 " IDM " " PMM " FE 00", &keep), &target), CARD_ERR_OK);
}

static void a_poll_that_breaks_a_rule_is_refused_and_writes_nothing(void)
{
	static const char *const broken[] = {"", "12", "11 01 " IDM " " PMM, "12 00 " IDM " " PMM,
		"13 01 " IDM " " PMM " FE", "15 01 " IDM " " PMM " FE 00 00", "0A 01 " IDM,
		"13 01 " IDM " " PMM, "00 01 " IDM " " PMM};
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct bytes keep;
		struct felica_target target = {{0}}, untouched = {{0}};
		CHECK_INT(felica_polled(in(broken[i], &keep), &target), CARD_ERR_PROTOCOL);
		CHECK(memcmp(&target, &untouched, sizeof(target)) == 0);
	}
}

static void services_and_systems_are_listed(void)
{
	struct bytes keep;
	uint16_t versions[2], systems[FELICA_SYSTEMS_MAX];
	size_t n;
	CHECK_INT(felica_services(in("0F 03 " IDM " 02 01 00 FF FF", &keep), idm, versions, 2),
		CARD_ERR_OK);
	CHECK_INT(versions[0], 1);
	CHECK_INT(versions[1], FELICA_NO_SERVICE);
	CHECK_INT(felica_systems(in("0F 0D " IDM " 02 80 9E FE 00", &keep), idm, systems, &n),
		CARD_ERR_OK);
	CHECK_INT(n, 2);
	CHECK_INT(systems[0], 0x809E);
	CHECK_INT(systems[1], 0xFE00);
}

static void lists_of_another_length_than_stated_are_refused(void)
{
	struct bytes keep;
	uint16_t versions[FELICA_SERVICES_MAX + 1], systems[FELICA_SYSTEMS_MAX];
	size_t n;
	CHECK_INT(felica_services(in("0D 03 " IDM " 02 01 00", &keep), idm, versions, 2),
		CARD_ERR_PROTOCOL);
	CHECK_INT(felica_services(in("0D 03 " IDM " 01 01 00", &keep), idm, versions, 2),
		CARD_ERR_PROTOCOL);
	CHECK_INT(
		felica_services(in("0B 03 " IDM " 21", &keep), idm, versions, 33), CARD_ERR_LIMIT);
	CHECK_INT(felica_systems(in("0D 0D " IDM " 02 FE 00", &keep), idm, systems, &n),
		CARD_ERR_PROTOCOL);
	CHECK_INT(
		felica_systems(in("0B 0D " IDM " FF", &keep), idm, systems, &n), CARD_ERR_PROTOCOL);
}

static enum card_err blocks(const char *hex, size_t n, uint16_t *flags)
{
	struct bytes keep;
	uint8_t data[LAYOUT_BLOCKS_MAX * FELICA_BLOCK_SIZE];
	return felica_blocks(in(hex, &keep), idm, n, data, flags);
}

#define BLOCK " 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F"

static void a_read_is_checked_in_the_documented_order(void)
{
	static const struct {
		const char *frame;
		enum card_err err;
		uint16_t flags;
	} rows[] = {
		{"1D 07 " IDM " 00 00 01" BLOCK, CARD_ERR_OK, 0},
		{"1D 07 " IDM " 00 71 01" BLOCK, CARD_ERR_OK, 0x0071},
		/* LEN before code, code before IDm, IDm before SF1, SF1 before count */
		{"1C 07 " IDM " 00 00 01" BLOCK, CARD_ERR_PROTOCOL, 0},
		{"1D 06 " IDM " 01 A5 01" BLOCK, CARD_ERR_PROTOCOL, 0},
		{"1D 07 11 14 B3 14 31 41 59 2A 01 A5 01" BLOCK, CARD_ERR_PROTOCOL, 0},
		{"1D 07 " IDM " 01 A5 09" BLOCK, CARD_ERR_UNREADABLE, 0x01A5},
		{"0C 07 " IDM " FF 70", CARD_ERR_UNREADABLE, 0xFF70},
		{"1D 07 " IDM " 00 00 02" BLOCK, CARD_ERR_PROTOCOL, 0},
		{"1D 07 " IDM " 00 00 00" BLOCK, CARD_ERR_PROTOCOL, 0},
		{"1E 07 " IDM " 00 00 01" BLOCK " 00", CARD_ERR_PROTOCOL, 0},
		{"0C 07 " IDM " 00 00", CARD_ERR_PROTOCOL, 0},
		{"0B 07 " IDM " 01", CARD_ERR_PROTOCOL, 0},
		{"0D 07 " IDM " 00 00 01", CARD_ERR_PROTOCOL, 0},
		{"02 07", CARD_ERR_PROTOCOL, 0},
		{"", CARD_ERR_PROTOCOL, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint16_t flags = 0;
		CHECK_INT(blocks(rows[i].frame, 1, &flags), rows[i].err);
		CHECK_INT(flags, rows[i].flags);
	}
}

static void blocks_arrive_in_their_order(void)
{
	struct bytes keep;
	uint8_t data[2 * FELICA_BLOCK_SIZE] = {0};
	uint16_t flags;
	CHECK_INT(felica_blocks(
			  in("2D 07 " IDM " 00 00 02" BLOCK BLOCK, &keep), idm, 2, data, &flags),
		CARD_ERR_OK);
	CHECK_INT(data[15], 0x0F);
	CHECK_INT(data[16], 0x00);
	CHECK_INT(data[31], 0x0F);
}

static void a_write_is_checked_in_the_documented_order(void)
{
	static const struct {
		const char *frame;
		enum card_err err;
		uint16_t flags;
	} rows[] = {
		{"0C 09 " IDM " 00 00", CARD_ERR_OK, 0},
		{"0C 09 " IDM " 00 71", CARD_ERR_OK, 0x0071},
		{"0C 09 " IDM " FF 71", CARD_ERR_OK, 0xFF71}, /* worn, but written */
		{"0C 09 " IDM " 01 71", CARD_ERR_UNREADABLE, 0x0171},
		{"0C 09 " IDM " 01 A6", CARD_ERR_UNREADABLE, 0x01A6},
		{"0C 09 " IDM " FF 70", CARD_ERR_UNREADABLE, 0xFF70},
		/* LEN before code, code before IDm, IDm before flags */
		{"0B 09 " IDM " 01 A6", CARD_ERR_PROTOCOL, 0},
		{"0C 07 " IDM " 01 A6", CARD_ERR_PROTOCOL, 0},
		{"0C 09 11 14 B3 14 31 41 59 2A 01 A6", CARD_ERR_PROTOCOL, 0},
		{"0B 09 " IDM " 00", CARD_ERR_PROTOCOL, 0},
		{"0D 09 " IDM " 00 00 00", CARD_ERR_PROTOCOL, 0},
		{"0D 09 " IDM " 01 A6 00", CARD_ERR_PROTOCOL, 0},
		{"02 09", CARD_ERR_PROTOCOL, 0},
		{"", CARD_ERR_PROTOCOL, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes keep;
		uint16_t flags = 0;
		CHECK_INT(felica_written(in(rows[i].frame, &keep), idm, &flags), rows[i].err);
		CHECK_INT(flags, rows[i].flags);
	}
}

static void a_search_finds_a_service_an_area_or_the_end(void)
{
	static const struct {
		const char *frame;
		struct felica_node node;
	} rows[] = {
		{"0C 0B " IDM " 8B 1A", {FELICA_NODE_SERVICE, 0x1A8B, 0}},
		{"0E 0B " IDM " 00 00 FE FF", {FELICA_NODE_AREA, 0x0000, 0xFFFE}},
		{"0E 0B " IDM " 40 1A BF 1A", {FELICA_NODE_AREA, 0x1A40, 0x1ABF}},
		{"0C 0B " IDM " FF FF", {FELICA_NODE_END, 0, 0}},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes keep;
		struct felica_node node = {FELICA_NODE_AREA, 1, 2};
		CHECK_INT(felica_searched(in(rows[i].frame, &keep), idm, &node), CARD_ERR_OK);
		CHECK_INT(node.kind, rows[i].node.kind);
		CHECK_INT(node.code, rows[i].node.code);
		CHECK_INT(node.last, rows[i].node.last);
	}
}

static void a_search_that_breaks_a_rule_is_refused_and_writes_nothing(void)
{
	static const char *const broken[] = {"", "0A 0B " IDM, "0B 0B " IDM " 8B",
		"0D 0B " IDM " 8B 1A 00", "0F 0B " IDM " 8B 1A 00 00 00", "0D 0B " IDM " 8B 1A",
		"0C 0A " IDM " 8B 1A", "0C 0B 11 14 B3 14 31 41 59 2A 8B 1A"};
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct bytes keep;
		struct felica_node node = {FELICA_NODE_AREA, 1, 2};
		CHECK_INT(felica_searched(in(broken[i], &keep), idm, &node), CARD_ERR_PROTOCOL);
		CHECK(node.kind == FELICA_NODE_AREA && node.code == 1 && node.last == 2);
	}
}

static void each_chip_is_asked_for_as_many_blocks_as_it_takes(void)
{
	static const struct {
		uint8_t ic, blocks;
	} rows[] = {
		{0x00, 8},  /* RC-S830 */
		{0x01, 12}, /* RC-S915 */
		{0x02, 4},  /* RC-S919: nobody says */
		{0x08, 12}, /* RC-S952 */
		{0x09, 12}, /* RC-S953 */
		{0x0B, 4},  /* an unnamed one */
		{0x0C, 12}, /* RC-S954 */
		{0x0D, 12}, /* RC-S960 */
		{0x14, 4},  /* Mobile FeliCa 3.0 */
		{0x17, 15}, /* … 4.0 */
		{0x18, 15}, /* … 4.1 */
		{0x20, 12}, /* RC-S962 */
		{0x31, 4},
		{0x32, 15}, /* RC-SA00/1 */
		{0x36, 15}, /* RC-SA04/1 */
		{0x37, 4},
		{0x44, 15}, /* RC-SA20/1 */
		{0x49, 4},
		{0xE0, 4}, /* Plug */
		{0xF0, 4}, /* Lite */
		{0xF1, 4}, /* Lite-S */
		{0xFF, 4},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const uint8_t pmm[8] = {0xFF, rows[i].ic, 0xFF};
		CHECK_INT(felica_blocks_at_once(pmm), rows[i].blocks);
	}
	for (unsigned ic = 0; ic <= 0xFF; ic++) {
		const uint8_t pmm[8] = {0, (uint8_t)ic};
		size_t n = felica_blocks_at_once(pmm);
		CHECK(n >= FELICA_BLOCKS_SAFE && n <= FELICA_BLOCKS_MAX);
	}
}

static void response_times_are_those_of_the_data_sheet(void)
{
	CHECK_INT(felica_response_us(0x49, 4), 12082);
	CHECK_INT(felica_response_us(0x85, 4), 48330);
	CHECK_INT(felica_response_us(0x01, 4), 1812);
	CHECK_INT(felica_response_us(0xFF, 15), 2474515);
}

static void no_card_may_let_us_wait_longer_than_our_own_limit(void)
{
	struct felica_target quick = {.pmm = {[5] = 0x01}}, slow = {.pmm = {[5] = 0xFF}},
			     usual = {.pmm = {[5] = 0x95}};
	CHECK_INT(felica_read_timer(&quick, 4), FELICA_TIMER_MIN_US);
	CHECK_INT(felica_read_timer(&slow, 15), FELICA_TIMER_MAX_US);
	CHECK_INT(felica_read_timer(&usual, 4), felica_response_us(0x95, 4));
	CHECK(felica_read_timer(&usual, 4) > FELICA_TIMER_MIN_US);
}

static void a_frame_too_long_says_so(void)
{
	uint16_t services[130] = {0};
	struct bytes ask = {0};
	felica_ask_services(&ask, idm, services, 130);
	CHECK(ask.full);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(requests_are_built_byte_for_byte),
		CASE(a_poll_tells_who_answered),
		CASE(a_poll_that_breaks_a_rule_is_refused_and_writes_nothing),
		CASE(services_and_systems_are_listed),
		CASE(lists_of_another_length_than_stated_are_refused),
		CASE(a_read_is_checked_in_the_documented_order),
		CASE(blocks_arrive_in_their_order),
		CASE(a_write_is_checked_in_the_documented_order),
		CASE(a_search_finds_a_service_an_area_or_the_end),
		CASE(a_search_that_breaks_a_rule_is_refused_and_writes_nothing),
		CASE(each_chip_is_asked_for_as_many_blocks_as_it_takes),
		CASE(response_times_are_those_of_the_data_sheet),
		CASE(no_card_may_let_us_wait_longer_than_our_own_limit),
		CASE(a_frame_too_long_says_so),
	};
	return CHECK_MAIN("felica", cases);
}
