/* SPDX-License-Identifier: MIT
 *
 * Layouts of several kinds of card in one file: each is tried on the chips that can have
 * what it asks for, and on no other.
 */
#include "tests/check.h"
#include "tests/pcsc/sample.h"

#define IDENTIFY   "FFCA000000"
#define IDM        "0114B3141592653A"
#define POLL       "FF00000006 0600 FE00 0000"
#define POLLED     "1201 1114B3141592653A 100B4B428485D0FF 9000"
#define POLL_ANY   "FF00000006 0600 FFFF 0000"
#define POLLED_ANY "1201 " IDM " 100B4B428485D0FF 9000"
#define SYSTEMS    "FF0000000A 0A0C " IDM
#define ONLY_EDY   "0D0D " IDM " 01 8054 9000"

static const struct card_layout idm_layout = {.name = "idm",
	.key_kind = "card-serial",
	.steps = {{.kind = LAYOUT_UID, .len = 8}},
	.n_steps = 1,
	.number = {0, 8},
	.number_form = LAYOUT_HEX};

static const struct card_layout chip_layout = {.name = "chip",
	.key_kind = "card-serial",
	.steps = {{.kind = LAYOUT_UID, .len = 4}},
	.n_steps = 1,
	.number = {0, 4},
	.number_form = LAYOUT_HEX};

static const struct card_layout file_layout = {.name = "file",
	.key_kind = "common-id",
	.steps = {{.kind = LAYOUT_AID, .aid = {0xF0, 'T', 'O', 'D', 'A', 'I'}, .aid_len = 6},
		{.kind = LAYOUT_BINARY, .len = 10}},
	.n_steps = 2,
	.number = {0, 10}};

/* Nothing but the script is said, and in its order. */
static enum card_err read_with(
	struct script *s, const struct card_layout *layouts, size_t n, struct card_reading *ret)
{
	struct card_trace trace;
	enum card_err err = sample_read(s, layouts, n, ret, &trace);
	CHECK(script_spent(s));
	return err;
}

/* A FeliCa card of another system, as it answers the search for ours. */
static void add_search(struct script *s)
{
	script_add(s, POLL, "6300");
	script_add(s, POLL, "6300");
	script_add(s, POLL_ANY, POLLED_ANY);
	script_add(s, SYSTEMS, ONLY_EDY);
}

static void the_number_of_a_felica_chip_is_read_beside_layouts_of_every_kind(void)
{
	const struct card_layout layouts[] = {file_layout, fcf_layout, chip_layout, idm_layout};
	struct card_reading r = {0};
	struct script s;
	script_init(&s, speech_readers[ACS]);
	script_add(&s, IDENTIFY, IDM " 9000");
	add_search(&s);
	script_add(&s, IDENTIFY, IDM " 9000");
	CHECK_INT(read_with(&s, layouts, 4, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "idm");
	CHECK_STR(r.number, IDM);
	CHECK_STR(r.dialect, DIALECT_NONE);
}

static void layouts_of_felica_chips_alone_need_no_look_at_the_chip(void)
{
	const struct card_layout layouts[] = {fcf_layout, idm_layout};
	struct card_reading r = {0};
	struct script s;
	sample_script(&s, ACS, sample_find("student"));
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "fcf");
	script_init(&s, speech_readers[ACS]);
	add_search(&s);
	script_add(&s, IDENTIFY, IDM " 9000");
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "idm");
}

/* The order of the file counts: here the number of the chip is what was wanted first. */
static void the_first_layout_that_fits_a_chip_is_used(void)
{
	const struct card_layout layouts[] = {chip_layout, idm_layout, fcf_layout};
	struct card_reading r = {0};
	struct script s;
	script_init(&s, speech_readers[ACS]);
	script_add(&s, IDENTIFY, IDM " 9000");
	script_add(&s, IDENTIFY, IDM " 9000");
	CHECK_INT(read_with(&s, layouts, 3, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "idm");
}

static void no_other_chip_is_asked_for_what_felica_has(void)
{
	const struct card_layout layouts[] = {fcf_layout, idm_layout, file_layout, chip_layout};
	struct card_reading r = {0};
	struct script s;
	script_init(&s, speech_readers[ACS]);
	script_add(&s, IDENTIFY, "5AA1B2C4 9000");
	script_add(&s, "00A4040006 F0544F444149 00", "6E00");
	script_add(&s, IDENTIFY, "5AA1B2C4 9000");
	CHECK_INT(read_with(&s, layouts, 4, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "chip");
	CHECK_STR(r.number, "5AA1B2C4");
}

static void a_felica_chip_is_not_asked_for_files(void)
{
	const struct card_layout layouts[] = {file_layout, fcf_layout};
	struct card_reading r = {0};
	struct script s;
	script_init(&s, speech_readers[ACS]);
	script_add(&s, IDENTIFY, IDM " 9000");
	add_search(&s);
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_UNKNOWN_CARD);
}

/* The reader has chosen the one, and tells its number; the other answers the poll. */
static void a_felica_card_behind_another_is_found(void)
{
	const struct card_layout layouts[] = {fcf_layout, file_layout};
	struct card_reading r = {0};
	struct script s, spoken;
	sample_script(&spoken, ACS, sample_find("student"));
	script_init(&s, speech_readers[ACS]);
	script_add(&s, IDENTIFY, "5AA1B2C4 9000");
	script_add(&s, "00A4040006 F0544F444149 00", "6E00");
	for (size_t i = 0; i < spoken.n; i++)
		s.lines[s.n++] = spoken.lines[i];
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "fcf");
}

static void a_foreign_chip_is_unknown_once_nothing_stood_behind_it(void)
{
	const struct card_layout layouts[] = {fcf_layout, file_layout};
	struct card_reading r = {0};
	struct script s;
	script_init(&s, speech_readers[ACS]);
	script_add(&s, IDENTIFY, "5AA1B2C4 9000");
	script_add(&s, "00A4040006 F0544F444149 00", "6E00");
	script_add(&s, POLL, "6300");
	script_add(&s, POLL, "6300");
	script_add(&s, POLL_ANY, "6300");
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_UNKNOWN_CARD);
}

/* A reader that will not tell the number leaves every kind of card possible. */
static void a_chip_of_unknown_kind_is_tried_with_every_layout(void)
{
	const struct card_layout layouts[] = {file_layout, fcf_layout};
	struct card_reading r = {0};
	struct script s, spoken;
	sample_script(&spoken, ACS, sample_find("student"));
	script_init(&s, speech_readers[ACS]);
	script_add(&s, IDENTIFY, "6A81");
	script_add(&s, "00A4040006 F0544F444149 00", "6E00");
	for (size_t i = 0; i < spoken.n; i++)
		s.lines[s.n++] = spoken.lines[i];
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "fcf");
}

/* A joint campus: the same cards, each school with its own id and numbers. */
static void two_schools_with_one_kind_of_card_ask_it_once(void)
{
	struct card_layout layouts[] = {fcf_layout, fcf_layout};
	struct card_reading r = {0};
	struct script s;
	strcpy(layouts[0].school_id, "13770002");
	strcpy(layouts[0].name, "other");
	sample_script(&s, ACS, sample_find("student"));
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_OK);
	CHECK_STR(r.layout, "fcf");
	sample_script(&s, ACS, sample_find("unreadable"));
	CHECK_INT(read_with(&s, layouts, 2, &r), CARD_ERR_UNREADABLE);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(the_number_of_a_felica_chip_is_read_beside_layouts_of_every_kind),
		CASE(layouts_of_felica_chips_alone_need_no_look_at_the_chip),
		CASE(the_first_layout_that_fits_a_chip_is_used),
		CASE(no_other_chip_is_asked_for_what_felica_has),
		CASE(a_felica_chip_is_not_asked_for_files),
		CASE(a_felica_card_behind_another_is_found),
		CASE(a_foreign_chip_is_unknown_once_nothing_stood_behind_it),
		CASE(a_chip_of_unknown_kind_is_tried_with_every_layout),
		CASE(two_schools_with_one_kind_of_card_ask_it_once),
	};
	return CHECK_MAIN("kinds of card", cases);
}
