/* SPDX-License-Identifier: MIT
 *
 * What a layout's steps bring, and what they must not take for a person.
 */
#include "pcsc/steps.h"

#include "tests/check.h"
#include "tests/pcsc/sample.h"

static const struct card_layout chip = {.name = "chip",
	.key_kind = "card-serial",
	.steps = {{.kind = LAYOUT_UID, .len = 4}},
	.n_steps = 1,
	.number = {0, 4},
	.number_form = LAYOUT_HEX};

static enum card_err read_uid(const char *answer, struct card_reading *ret)
{
	static struct script s;
	struct card_trace trace;
	script_init(&s, speech_readers[ACS]);
	script_add(&s, "FFCA000000", answer);
	script_add(&s, "FFCA000000", answer);
	s.any_order = true;
	return sample_read(&s, &chip, 1, ret, &trace);
}

static void the_number_of_a_chip_is_read_as_its_layout_says(void)
{
	struct card_reading r = {0};
	CHECK_INT(read_uid("04A1B2C3 9000", &r), CARD_ERR_OK);
	CHECK_STR(r.number, "04A1B2C3");
	CHECK_STR(r.key_kind, "card-serial");
	CHECK_STR(r.dialect, DIALECT_NONE);
}

static void a_random_number_never_becomes_an_identity(void)
{
	struct card_reading r = {0};
	CHECK_INT(read_uid("08A1B2C3 9000", &r), CARD_ERR_UNKNOWN_CARD);
	CHECK_STR(r.number, "");
}

static void a_number_of_another_length_is_another_kind_of_card(void)
{
	struct card_reading r = {0};
	CHECK_INT(read_uid("04A1B2C3D4E5F6 9000", &r), CARD_ERR_UNKNOWN_CARD);
	CHECK_INT(read_uid("0114B3141592653A 9000", &r), CARD_ERR_UNKNOWN_CARD);
}

static void a_card_that_left_is_removed(void)
{
	struct card_reading r = {0};
	CHECK_INT(read_uid("6300", &r), CARD_ERR_REMOVED);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(the_number_of_a_chip_is_read_as_its_layout_says),
		CASE(a_random_number_never_becomes_an_identity),
		CASE(a_number_of_another_length_is_another_kind_of_card),
		CASE(a_card_that_left_is_removed),
	};
	return CHECK_MAIN("steps", cases);
}
