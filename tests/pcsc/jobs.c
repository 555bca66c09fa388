/* SPDX-License-Identifier: MIT */
#include "tests/pcsc/jobs.h"

#include "tests/pcsc/sample.h"

#define CHALLENGE 0x5A

/* Applications and key are those of tests/virtual/cards-field. */
#define AID_OF_FILES                                                                               \
	{                                                                                          \
		0xF0, 'T', 'O', 'D', 'A', 'I'                                                      \
	}
#define AID_OF_RECORDS                                                                             \
	{                                                                                          \
		0xF0, 'T', 'O', 'D', 'A', 'P'                                                      \
	}

static const struct card_layout others[] = {
	{.name = "other-system",
		.key_kind = "student-number",
		.steps = {{.kind = LAYOUT_SYSTEM, .code = 0x81F8},
			{.kind = LAYOUT_READ,
				.code = 0x010B,
				.blocks = {0, 1, 2, 3, 4, 9},
				.n_blocks = 6},
			{.kind = LAYOUT_READ, .code = 0x100B, .n_blocks = 1}},
		.n_steps = 3,
		.number = {0, 16},
		.name_ = {96, 16},
		.name_encoding = LAYOUT_CP932,
		.padding = {'\0', ' '},
		.n_padding = 2},
	{.name = "fcf-un",
		.key_kind = "card-serial",
		.steps = {{.kind = LAYOUT_SYSTEM, .code = 0xFE00},
			{.kind = LAYOUT_READ, .code = 0x7A0B, .n_blocks = 1}},
		.n_steps = 2,
		.number = {0, 16},
		.patterns = {{"9999999999999999"}},
		.n_patterns = 1},
	{.name = "token",
		.key_kind = "common-id",
		.steps = {{.kind = LAYOUT_SYSTEM, .code = 0x88B4},
			{.kind = LAYOUT_MAC, .blocks = {0, 1, 2}, .n_blocks = 3}},
		.n_steps = 2,
		.mac_key = "campus",
		.number = {2, 12},
		.name_ = {16, 16},
		.name_encoding = LAYOUT_CP932,
		.school = {32, 8},
		.school_id = SAMPLE_SCHOOL,
		.padding = {'\0', ' '},
		.n_padding = 2},
	{.name = "files",
		.key_kind = "student-number",
		.steps = {{.kind = LAYOUT_AID, .aid = AID_OF_FILES, .aid_len = 6},
			{.kind = LAYOUT_FILE, .code = 0x011E}, {.kind = LAYOUT_BINARY, .len = 300}},
		.n_steps = 3,
		.number = {2, 12},
		.name_ = {16, 16},
		.name_encoding = LAYOUT_CP932,
		.expires = {48, 8},
		.has_stop = true,
		.stop = ' '},
	{.name = "records",
		.key_kind = "common-id",
		.steps = {{.kind = LAYOUT_AID, .aid = AID_OF_RECORDS, .aid_len = 6},
			{.kind = LAYOUT_RECORD, .sfi = 1, .record = 1, .len = 16},
			{.kind = LAYOUT_RECORD, .sfi = 1, .record = 2, .len = 16}},
		.n_steps = 3,
		.number = {0, 5},
		.number_form = LAYOUT_HEX,
		.issued = {16, 8},
		.expires = {24, 8}},
	{.name = "chip",
		.key_kind = "card-serial",
		.steps = {{.kind = LAYOUT_UID, .len = 4}},
		.n_steps = 1,
		.number = {0, 4},
		.number_form = LAYOUT_HEX_REVERSED},
};

#define N_ALL (1 + sizeof(others) / sizeof(others[0]))

static const struct card_key key = {
	"campus", {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D,
			  0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18}};

static bool challenge(uint8_t ret[MAC_BLOCK_SIZE])
{
	memset(ret, CHALLENGE, MAC_BLOCK_SIZE);
	return true;
}

struct card_job job_of_fcf(void)
{
	return (struct card_job){.layouts = &fcf_layout, .n_layouts = 1};
}

struct card_job job_of_all(void)
{
	static struct card_layout layouts[N_ALL];
	layouts[0] = fcf_layout;
	memcpy(layouts + 1, others, sizeof(others));
	return (struct card_job){.layouts = layouts,
		.n_layouts = N_ALL,
		.keys = &key,
		.n_keys = 1,
		.challenge = challenge};
}
