/* SPDX-License-Identifier: MIT
 *
 * Do the sample cards of the field behave as FeliCa cards of many makes do?
 */
#include "tests/virtual/vcard_check.h"

#define IDM       "112E4C0A11223340" /* FE00 of rw-fcf-viewer */
#define ID0       "012E4C0A11223340"
#define PMM       "100B4B428485D0FF"
#define N_SAMPLES 39
#define ZERO      "00000000000000000000000000000000"

static struct vcard *field(const char *id)
{
	return sample(VCARD_FIELD_DIR, id);
}

static void areas_and_services_are_told_in_the_order_of_their_codes(void)
{
	struct vcard *card = field("rw-fcf-viewer");
	says(card, "0A" IDM "0000", "0B" IDM "0000FEFF");
	says(card, "0A" IDM "0100", "0B" IDM "801ABF1A");
	says(card, "0A" IDM "0200", "0B" IDM "881A");
	says(card, "0A" IDM "0300", "0B" IDM "8B1A");
	says(card, "0A" IDM "0400", "0B" IDM "4B43");
	says(card, "0A" IDM "0500", "0B" IDM "0B7A");
	says(card, "0A" IDM "0600", "0B" IDM "FFFF");
	says(card, "0A" IDM "FFFF", "0B" IDM "FFFF");
	says(card, "0A" ID0 "0000", "0B" ID0 "0000FEFF");
	says(card, "0A" ID0 "0100", "0B" ID0 "FFFF");
	says(card, "0A" IDM "00", "");
	vcard_free(card);
}

static void nodes_are_there_or_absent(void)
{
	struct vcard *card = field("rw-fcf-viewer");
	says(card, "02" IDM "058B1A881A801A0000FFFF", "03" IDM "0500000000000000000000");
	says(card, "02" IDM "028C1A8B1B", "03" IDM "02FFFFFFFF");
	says(card, "02" ID0 "018B1A", "03" ID0 "01FFFF");
	vcard_free(card);
}

static void a_service_with_a_key_is_there_but_not_accessible(void)
{
	struct vcard *card = field("rw-fcf-viewer");
	says(card, "06" IDM "01881A018000", "07" IDM "01A5");
	says(card, "06" IDM "028B1A881A018000", "07" IDM "02A5");
	says(card, "06" IDM "018C1A018000", "07" IDM "01A6");
	vcard_free(card);
}

#define EIGHT "80008001800280038000800180028003"

static void each_chip_reads_as_many_blocks_as_it_can(void)
{
	uint8_t idm[VCARD_IDM_SIZE];
	struct vcard *card = field("eight-blocks");
	char id[2 * VCARD_IDM_SIZE + 1], frame[256], want[64];
	vcard_idm(&card->tags[0], 1, idm);
	hex(idm, sizeof(idm), id);
	snprintf(frame, sizeof(frame), "06%s018B1A09" EIGHT "8000", id);
	snprintf(want, sizeof(want), "07%sFFA2", id);
	says(card, frame, want);
	snprintf(frame, sizeof(frame), "06%s018B1A03800080018004", id);
	snprintf(want, sizeof(want), "07%s03A8", id); /* this chip counts in SF1 */
	says(card, frame, want);
	vcard_free(card);
}

static void a_command_to_the_other_idm_switches_the_system(void)
{
	struct vcard *card = field("rw-fcf-viewer");
	struct vcard_state state = {0};
	uint8_t idm[VCARD_IDM_SIZE];
	CHECK(vcard_felica_idm(card, &state, idm) && idm[0] == 0x01);
	says_after(card, &state, "00FE000000", "01" IDM PMM);
	CHECK(vcard_felica_idm(card, &state, idm) && idm[0] == 0x11);
	says_after(card, &state, "0C" ID0, "0D" ID0 "02809EFE00");
	CHECK(vcard_felica_idm(card, &state, idm) && idm[0] == 0x01);
	says_after(card, &state, "06" IDM "017A7A018000", "07" IDM "01A6");
	CHECK(vcard_felica_idm(card, &state, idm) && idm[0] == 0x11);
	says_after(card, &state, "06212E4C0A11223340018B1A018000", "");
	CHECK(vcard_felica_idm(card, &state, idm) && idm[0] == 0x11);
	vcard_free(card);
}

static void a_hidden_system_is_found_by_its_nibble(void)
{
	struct vcard *card = field("poll-first");
	says(card, "0083650000", "");
	says(card, "00FE000000", "");
	says(card, "00FFFF0100", "01012E4C0A11223357" PMM "809E");
	says(card, "0C012E4C0A11223357", "0D012E4C0A1122335703809E8365FE00");
	says(card, "02212E4C0A11223357018B1A", "03212E4C0A11223357010000");
	vcard_free(card);
}

static void a_card_without_data_has_three_zero_blocks(void)
{
	struct vcard *card = field("rw-coop");
	says(card, "06012E4C0A1122334F018B1A048000800180028003", "07012E4C0A1122334F08A8");
	says(card, "06012E4C0A1122334F018B1A03800080018002",
		"07012E4C0A1122334F000003" ZERO ZERO ZERO);
	says(card, "06012E4C0A1122334F014B43018003", "07012E4C0A1122334F000001" ZERO);
	vcard_free(card);
}

/* Polled, found and read with the frames of facts "FeliCa commands". */
static void the_published_layout_is_read_byte_for_byte(void)
{
	struct vcard *card = field("rw-fcf-viewer");
	says(card, "00FE000100", "01" IDM PMM "FE00");
	says(card, "06" IDM "018B1A048000800180028003",
		"07" IDM "000004"
		"30313939393930303030313233343120"   /* 01, number, reissue, a blank */
		"83678345835F83438140835E838D8345"   /* full width, 16 bytes */
		"31333939303030313230323430343031"   /* school, issued */
		"32303939303333314148323830333339"); /* expires, A, H280339 */
	says(card, "06" IDM "010B7A018000",
		"07" IDM "000001"
		"33393231303139393939393939393938");
	says(card, "06" IDM "014B43018000", "07" IDM "000001" ZERO);
	vcard_free(card);
}

/* Facts "Layouts seen": where the number stands in block 0, and in what. */
static const struct row {
	const char *id;
	uint16_t system, service;
	size_t n_blocks, block;
	char bytes[VCARD_BLOCK_SIZE + 1];
} rows[] = {
	{"rw-fcf-viewer", 0xFE00, 0x1A8B, 4, 0, "019999000012341 "},
	{"rw-kpu", 0xFE00, 0x1A8B, 4, 0,
		"0199123456\0\0\0\0"
		"0 "},
	{"rw-icu", 0xFE00, 0x1A8B, 4, 0, "01991234      0 "},
	{"rw-icu", 0xFE00, 0x1A8B, 4, 1, "MITAKA,HANAKO   "},
	{"rw-icu", 0xFE00, 0x120F, 10, 0, ""},
	{"rw-slp", 0xFE00, 0x1A8B, 4, 0,
		"01991s77\0\0\0\0\0\0"
		"0 "},
	{"rw-tus-student", 0xFE00, 0x1A8B, 4, 0, "019912345     0 "},
	{"rw-tus-staff", 0xFE00, 0x1A8B, 4, 0, "11991234X     0 "},
	{"rw-seven", 0xFE00, 0x1A8B, 4, 0,
		"029A12345\0\0\0\0\0"
		"0 "},
	{"rw-seven-staff", 0xFE00, 0x1A8B, 4, 0,
		"119B12345\0\0\0\0\0"
		"0 "},
	{"rw-filler", 0xFE00, 0x1A8B, 4, 0, "01009912345   0 "},
	{"rw-right", 0xFE00, 0x1A8B, 4, 0, "01      9912340 "},
	{"rw-eleven", 0xFE00, 0x1A8B, 4, 0, "0199T12345678 0 "},
	{"rw-nul", 0xFE00, 0x1A8B, 4, 0,
		"019912345678\0\0"
		"2 "},
	{"rw-ten", 0xFE00, 0x1A8B, 4, 0, "019900112233  0 "},
	{"rw-tdu", 0xFE00, 0x1A8B, 4, 0,
		"0199NC010\0\0\0\0\0"
		"0 "},
	{"rw-eight", 0xFE00, 0x1A8B, 4, 0, "0199A00123    0 "},
	{"rw-coop", 0xFE00, 0x1A8B, 3, 0, ""},
	{"rw-200b", 0x8092, 0x200B, 2, 0, "S99123456       "},
	{"rw-200b-block1", 0x8092, 0x200B, 2, 1, "99123456        "},
	{"rw-09cb", 0x809E, 0x09CB, 1, 0, "0199T12345"},
	{"rw-81f8", 0x81F8, 0x010B, 1, 0, "99T1234A"},
	{"rw-81f8-second", 0x81F8, 0x100B, 1, 0, "99T1234B        "},
	{"rw-110b", 0xFE00, 0x110B, 2, 0, "9912345678"},
	{"rw-sui", 0x88B4, 0x000B, 14, 0, "99123456"},
	{"fcf-un", 0xFE00, 0x7A0B, 1, 0, "3921019912345678"},
};

static const struct vcard_service *service_of(const struct vcard_tag *tag, const struct row *row)
{
	for (size_t i = 0; i < tag->n_systems; i++)
		if (tag->systems[i].code == row->system)
			return vcard_service(&tag->systems[i], row->service);
	return NULL;
}

static void each_layout_seen_has_its_card(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct vcard *card = field(rows[i].id);
		const struct vcard_service *service = service_of(&card->tags[0], &rows[i]);
		const uint8_t *block =
			service ? service->data + rows[i].block * VCARD_BLOCK_SIZE : NULL;
		bool right = block && service->n_blocks == rows[i].n_blocks &&
			     memcmp(block, rows[i].bytes, VCARD_BLOCK_SIZE) == 0;
		if (!right)
			fprintf(stderr, "%s: not as the row says\n", rows[i].id);
		CHECK(right);
		vcard_free(card);
	}
}

static void every_sample_of_the_field_is_whole(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_FIELD_DIR, &error);
	CHECK_INT(cards ? cards->len : 0, N_SAMPLES);
	for (guint i = 0; cards && i < cards->len; i++) {
		const struct vcard *card = g_ptr_array_index(cards, i);
		CHECK(card->face.title[0]);
		CHECK(card->face.note[0]);
		CHECK(card->atr_len > 0);
	}
}

static void both_cards_of_a_wallet_are_polled(void)
{
	struct vcard *card = field("wallet");
	CHECK(card->felica);
	CHECK_INT(card->n_tags, 2);
	says(card, "00FE000000", "01112E4C0A1122335B" PMM);
	says(card, "0000030000", "01012E4C0A1122330C" PMM);
	says(card, "00FFFF0000", "01012E4C0A1122335B" PMM);
	says(card, "02112E4C0A1122335B018B1A", "03112E4C0A1122335B010000");
	says(card, "02012E4C0A1122330C018B1A", "03012E4C0A1122330C01FFFF");
	vcard_free(card);
}

static void a_transit_card_before_it_is_the_activated_one(void)
{
	struct vcard *card = field("wallet-transit-first");
	struct vcard *transit = sample(VCARD_DIR, "transit");
	CHECK_INT(card->uid_len, transit->uid_len);
	CHECK(memcmp(card->uid, transit->uid, transit->uid_len) == 0);
	CHECK(memcmp(card->atr, transit->atr, sizeof(card->atr)) == 0);
	says(card, "00FFFF0000", "01012E4C0A1122330C" PMM);
	says(card, "00FE000000", "01112E4C0A1122335C" PMM);
	vcard_free(transit);
	vcard_free(card);
}

static void of_two_with_the_system_the_first_answers(void)
{
	struct vcard *card = field("wallet-two");
	says(card, "00FE000000", "01112E4C0A1122335D" PMM);
	says(card, "06012E4C0A11223302018B1A018000",
		"07012E4C0A11223302000001"
		"31313030313233343500000000003020");
	vcard_free(card);
}

static void behind_a_mifare_card_a_felica_card_answers(void)
{
	struct vcard *card = field("wallet-mifare");
	CHECK(!card->felica);
	CHECK_INT(card->uid_len, 4);
	says(card, "00FE000000", "01112E4C0A11223301" PMM);
	vcard_free(card);
}

static void a_drawn_uid_differs_each_time(void)
{
	struct vcard *card = field("mifare-random"), *again = field("mifare-random");
	CHECK_INT(card->uid_len, 4);
	CHECK_INT(card->uid[0], 0x08);
	CHECK(memcmp(card->uid, again->uid, 4) != 0);
	vcard_free(again);
	vcard_free(card);
}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(the_published_layout_is_read_byte_for_byte),
		CASE(each_layout_seen_has_its_card),
		CASE(every_sample_of_the_field_is_whole),
		CASE(areas_and_services_are_told_in_the_order_of_their_codes),
		CASE(nodes_are_there_or_absent),
		CASE(a_service_with_a_key_is_there_but_not_accessible),
		CASE(each_chip_reads_as_many_blocks_as_it_can),
		CASE(a_command_to_the_other_idm_switches_the_system),
		CASE(a_hidden_system_is_found_by_its_nibble),
		CASE(a_card_without_data_has_three_zero_blocks),
		CASE(both_cards_of_a_wallet_are_polled),
		CASE(a_transit_card_before_it_is_the_activated_one),
		CASE(of_two_with_the_system_the_first_answers),
		CASE(behind_a_mifare_card_a_felica_card_answers),
		CASE(a_drawn_uid_differs_each_time),
	};
	return CHECK_MAIN("FeliCa cards of the field", cases);
}
