/* SPDX-License-Identifier: MIT
 *
 * Does a badly behaved card misbehave exactly as its file says, and no more?
 */
#include "tests/virtual/vcard_check.h"
#include "tests/virtual/vcard_fault.h"

/* Answer `n` of five bytes, after the fault, in hex. */
static void becomes(const struct vcard *card, unsigned n, const char *want)
{
	uint8_t reply[WIRE_APDU_MAX] = {0x01, 0x02, 0x03, 0x90, 0x00};
	char text[2 * WIRE_APDU_MAX + 1];
	size_t len = 5;
	vcard_fault_reply(card, n, reply, &len);
	CHECK(len <= WIRE_APDU_MAX);
	hex(reply, len, text);
	CHECK_STR(text, want);
}

static void a_good_card_spoils_nothing(void)
{
	const struct vcard card = {0};
	for (unsigned n = 1; n < 5; n++) {
		becomes(&card, n, "0102039000");
		CHECK_INT(vcard_fault_act(&card, n, 0), VCARD_ANSWERS);
	}
}

static void one_bit_is_turned_in_one_answer(void)
{
	const struct vcard card = {.corrupt_reply = 2, .corrupt_byte = 1, .corrupt_bit = 3};
	const struct vcard outside = {.corrupt_reply = 2, .corrupt_byte = 5};
	becomes(&card, 1, "0102039000");
	becomes(&card, 2, "010A039000");
	becomes(&card, 3, "0102039000");
	becomes(&outside, 2, "0102039000");
}

static void an_answer_is_cut(void)
{
	struct vcard card = {.truncate_reply = 1, .truncate_to = 2};
	becomes(&card, 1, "0102");
	becomes(&card, 2, "0102039000");
	card.keep_sw = true;
	becomes(&card, 1, "01029000");
	card.truncate_to = 0;
	becomes(&card, 1, "9000");
	card.keep_sw = false;
	becomes(&card, 1, "");
	card.truncate_to = 9;
	becomes(&card, 1, "0102039000");
}

static void an_answer_grows(void)
{
	struct vcard card = {.lengthen_reply = 3, .lengthen_by = 2};
	uint8_t reply[WIRE_APDU_MAX] = {0};
	size_t len = sizeof(reply) - 1;
	becomes(&card, 3, "01020390005A5A");
	card.keep_sw = true;
	becomes(&card, 3, "0102035A5A9000");
	vcard_fault_reply(&card, 3, reply, &len);
	CHECK_INT(len, WIRE_APDU_MAX);
	card.lengthen_by = 1U << 31;
	len = 5;
	vcard_fault_reply(&card, 3, reply, &len);
	CHECK_INT(len, WIRE_APDU_MAX);
}

static void a_card_goes_and_comes_so_often(void)
{
	const struct vcard card = {.flaps = 2, .flap_after = 1, .leave_after = 4};
	CHECK_INT(vcard_fault_act(&card, 0, 0), VCARD_ANSWERS);
	CHECK_INT(vcard_fault_act(&card, 1, 0), VCARD_FLAPS);
	CHECK_INT(vcard_fault_act(&card, 0, 1), VCARD_ANSWERS);
	CHECK_INT(vcard_fault_act(&card, 1, 1), VCARD_FLAPS);
	CHECK_INT(vcard_fault_act(&card, 1, 2), VCARD_ANSWERS);
	CHECK_INT(vcard_fault_act(&card, 4, 2), VCARD_LEAVES);
}

static void a_card_falls_silent_or_leaves(void)
{
	const struct vcard mute = {.mute_after = 2}, gone = {.leave_after = 2};
	CHECK_INT(vcard_fault_act(&mute, 1, 0), VCARD_ANSWERS);
	CHECK_INT(vcard_fault_act(&mute, 2, 0), VCARD_SILENT);
	CHECK_INT(vcard_fault_act(&gone, 1, 0), VCARD_ANSWERS);
	CHECK_INT(vcard_fault_act(&gone, 2, 0), VCARD_LEAVES);
}

static const uint8_t get_uid[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};

/* Through the reader: answers are counted since the card came, whatever their kind. */
static void the_reader_hands_on_what_is_spoilt(void)
{
	struct vcard *card = sample(VCARD_DIR, "student");
	struct vcard_reader r = {.kind = READER_KIND_DIRECT};
	uint8_t ret[WIRE_APDU_MAX];
	size_t len = 0;
	card->truncate_reply = 2;
	card->truncate_to = 3;
	CHECK_INT(vcard_reader_apdu(&r, card, get_uid, sizeof(get_uid), ret, &len), VCARD_ANSWERS);
	CHECK_INT(len, 10);
	CHECK_INT(vcard_reader_apdu(&r, card, get_uid, sizeof(get_uid), ret, &len), VCARD_ANSWERS);
	CHECK_INT(len, 3);
	vcard_reader_power(&r, WIRE_POWER_RESET); /* the count goes on */
	CHECK_INT(vcard_reader_apdu(&r, card, get_uid, sizeof(get_uid), ret, &len), VCARD_ANSWERS);
	CHECK_INT(len, 10);
	vcard_free(card);
}

static void a_flapping_sample_ends_by_answering(void)
{
	struct vcard *card = sample(VCARD_FIELD_DIR, "flapping");
	struct vcard_reader r = {.kind = READER_KIND_PLAIN};
	uint8_t ret[WIRE_APDU_MAX];
	size_t len = 0;
	unsigned flaps = 0, answers = 0;
	for (int i = 0; i < 10; i++) {
		enum vcard_act act =
			vcard_reader_apdu(&r, card, get_uid, sizeof(get_uid), ret, &len);
		if (act == VCARD_FLAPS) { /* as field.c: the card comes anew */
			r = (struct vcard_reader){.kind = r.kind, .flapped = r.flapped};
			flaps++;
		}
		answers += act == VCARD_ANSWERS;
	}
	CHECK_INT(flaps, 3);
	CHECK_INT(answers, 7);
	vcard_free(card);
}

static void faults_are_keys_of_a_file(void)
{
	static const char text[] = "[card]\nchip = mifare-1k\nuid = 01020304\n[behaviour]\n"
				   "corrupt-reply = 1\ncorrupt-byte = 2\ncorrupt-bit = 3\n"
				   "truncate-reply = 4\ntruncate-to = 5\nlengthen-reply = 6\n"
				   "lengthen-by = 7\nkeep-sw = 1\nflaps = 8\nflap-after = 9\n"
				   "leave-after = 10\nmute-after = 11\nleave-on-read = 1\n";
	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "fault-XXXXXX.card", NULL);
	int fd = g_mkstemp(path);
	CHECK(fd >= 0 && g_file_set_contents(path, text, -1, NULL));
	struct vcard *card = vcard_load(path, NULL);
	CHECK(card != NULL);
	const unsigned got[] = {card->corrupt_reply, card->corrupt_byte, card->corrupt_bit,
		card->truncate_reply, card->truncate_to, card->lengthen_reply, card->lengthen_by,
		card->flaps, card->flap_after, card->leave_after, card->mute_after};
	for (unsigned i = 0; i < G_N_ELEMENTS(got); i++)
		CHECK_INT(got[i], i + 1);
	CHECK(card->keep_sw && card->leave_on_read);
	vcard_free(card);
	close(fd);
	unlink(path);
}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(a_good_card_spoils_nothing),
		CASE(one_bit_is_turned_in_one_answer),
		CASE(an_answer_is_cut),
		CASE(an_answer_grows),
		CASE(a_card_goes_and_comes_so_often),
		CASE(a_card_falls_silent_or_leaves),
		CASE(the_reader_hands_on_what_is_spoilt),
		CASE(a_flapping_sample_ends_by_answering),
		CASE(faults_are_keys_of_a_file),
	};
	return CHECK_MAIN("faults of a card", cases);
}
