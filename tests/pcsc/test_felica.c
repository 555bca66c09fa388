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
	struct bytes poll = {0}, read = {0}, ask = {0}, systems = {0};
	felica_poll(&poll, 0xFE00);
	CHECK(is_hex(&poll, "06 00 FE 00 00 00"));
	felica_read(&read, idm, 0x1A8B, blocks, 4);
	CHECK(is_hex(&read, "16 06 " IDM " 01 8B 1A 04 80 00 80 01 80 02 80 03"));
	felica_ask_services(&ask, idm, services, 2);
	CHECK(is_hex(&ask, "0F 02 " IDM " 02 8B 1A 0B 7A"));
	felica_ask_systems(&systems, idm);
	CHECK(is_hex(&systems, "0A 0C " IDM));
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
		CASE(response_times_are_those_of_the_data_sheet),
		CASE(no_card_may_let_us_wait_longer_than_our_own_limit),
		CASE(a_frame_too_long_says_so),
	};
	return CHECK_MAIN("felica", cases);
}
