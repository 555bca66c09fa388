/* SPDX-License-Identifier: MIT
 *
 * Does a sample ISO-DEP card answer as ISO/IEC 7816-4 says, in the dialects of its makers?
 */
#include "tests/virtual/vcard_check.h"

#define AID "F0544F444149"
#define FCI "6F088406" AID
#define TEXT                                                                                       \
	"535439392D3234363830312020203020"                                                         \
	"C4B3C420CAC5BA202020202020202020"                                                         \
	"31333939303030313230323430343031"                                                         \
	"3230393930333331"
#define OTHER  "F0544F444150"
#define NUMBER "0099246801"
#define DATES  "32303234303430313230393930333331"

static struct vcard *field(const char *id)
{
	return sample(VCARD_FIELD_DIR, id);
}

static void the_atr_carries_the_historical_bytes(void)
{
	struct vcard *card = field("iso-binary");
	char text[2 * WIRE_ATR_MAX + 1];
	hex(card->atr, card->atr_len, text);
	CHECK_STR(text, "3B848001803180655"
			"1");
	CHECK(!card->felica);
	vcard_free(card);
	card = field("mifare-7");
	hex(card->atr, card->atr_len, text);
	CHECK_STR(text, "3B8F8001804F0CA000000306030003000000006"
			"8");
	vcard_free(card);
}

static void a_storage_card_knows_no_such_class(void)
{
	struct vcard *card = field("mifare-uid");
	struct vcard_state state = {0};
	obeys(card, &state, "00A4040006" AID, "6E00");
	obeys(card, &state, "", "6E00");
	vcard_free(card);
	card = sample(VCARD_DIR, "student");
	obeys(card, &state, "00B0000000", "6E00");
	vcard_free(card);
}

static void an_application_is_selected_by_its_name_or_how_it_begins(void)
{
	struct vcard *card = field("iso-binary");
	struct vcard_state state = {0};
	obeys(card, &state, "00A4040006" AID "00", FCI "9000");
	obeys(card, &state, "00A4040C06" AID, "9000");
	obeys(card, &state, "00A4040C03F0544F", "9000");
	obeys(card, &state, "00A4040C07" AID "01", "6A82");
	obeys(card, &state, "00A4040C06A00000000301", "6A82");
	obeys(card, &state, "00A4080C06" AID, "6A86");
	obeys(card, &state, "00A4040C", "6700");
	obeys(card, &state, "00A4040C07" AID, "6700");
	vcard_free(card);
}

static void a_file_is_selected_within_its_application(void)
{
	struct vcard *card = field("iso-binary");
	struct vcard_state state = {0};
	obeys(card, &state, "00A4000C02011E", "6A82");
	obeys(card, &state, "00B0000004", "6986");
	obeys(card, &state, "00A4040C06" AID, "9000");
	obeys(card, &state, "00B0000004", "6986");
	obeys(card, &state, "00A4000C02011E", "9000");
	obeys(card, &state, "00B0000004", "535439399000");
	obeys(card, &state, "00A4020C020121", "9000");
	obeys(card, &state, "00B0000004", "6982"); /* the file says so */
	obeys(card, &state, "00A4020C02011F", "6A82");
	obeys(card, &state, "00A4020C0101", "6A80");
	obeys(card, &state, "00A4000C023F00", "9000");
	obeys(card, &state, "00B0000004", "6986");
	vcard_free(card);
}

static void a_file_is_read_from_any_place_to_its_end(void)
{
	struct vcard *card = field("iso-binary");
	struct vcard_state state = {0};
	obeys(card, &state, "00A4040C06" AID, "9000");
	obeys(card, &state, "00B09E0004", "535439399000"); /* short identifier 30 */
	obeys(card, &state, "00B09E0204", "39392D329000");
	obeys(card, &state, "00B0000404", "2D3234369000"); /* 30 stays selected */
	obeys(card, &state, "00B0000000", TEXT "9000");
	obeys(card, &state, "00B0003404", "303333319000");
	obeys(card, &state, "00B0003408", "303333316282");
	obeys(card, &state, "00B0003400", "303333319000");
	obeys(card, &state, "00B0003801", "6B00");
	obeys(card, &state, "00B0013801", "6B00");
	obeys(card, &state, "00B0800004", "6A82");
	obeys(card, &state, "00B0810004", "6A82");
	obeys(card, &state, "00B0A00004", "6A86");
	obeys(card, &state, "00B00000", "6700");
	obeys(card, &state, "00B2010400", "6981");
	vcard_free(card);
}

static void some_cards_want_the_right_length(void)
{
	struct vcard *card = field("iso-long");
	struct vcard_state state = {0};
	obeys(card, &state, "00A4040006" AID "00", "6C0A");
	obeys(card, &state, "00A4040006" AID "0A", "6F088406" AID "9000");
	obeys(card, &state, "00A4040C06" AID, "9000");
	obeys(card, &state, "00A4020C02011E", "9000");
	obeys(card, &state, "00B0012504", "030A11189000");
	obeys(card, &state, "00B0012508", "6C07");
	obeys(card, &state, "00B0012500", "6C07");
	obeys(card, &state, "00B0012C01", "6B00");
	card->iso.past_end = VCARD_END_REFUSES;
	obeys(card, &state, "00B0012508", "6700");
	vcard_free(card);
}

static void some_cards_have_their_answers_fetched(void)
{
	struct vcard *card = field("iso-record");
	struct vcard_state state = {0};
	obeys(card, &state, "00A4040006" OTHER "00", "6A86"); /* takes the silent form only */
	obeys(card, &state, "00A4040C06" OTHER, "9000");
	obeys(card, &state, "00B2010C00", "6105");
	obeys(card, &state, "00C0000005", NUMBER "9000");
	obeys(card, &state, "00C0000005", "6986");
	obeys(card, &state, "00B2030C00", "6107");
	obeys(card, &state, "00C0000003", "C4B3C46104");
	obeys(card, &state, "00C0000000", "20CAC5BA9000");
	obeys(card, &state, "00B2020C00", "6110");
	obeys(card, &state, "00B2010C00", "6105"); /* the former is lost */
	obeys(card, &state, "00A4040C06" OTHER, "9000");
	obeys(card, &state, "00C0000000", "6986");
	obeys(card, &state, "00B2010C00", "6105");
	obeys(card, &state, "00C0000000", NUMBER "9000");
	vcard_free(card);
}

static void records_are_read_by_number(void)
{
	struct vcard *card = field("iso-record");
	struct vcard_state state = {0};
	card->iso.get_response = false;
	obeys(card, &state, "00B2010400", "6986");
	obeys(card, &state, "00A4040C06" OTHER, "9000");
	obeys(card, &state, "00B2020C00", DATES "9000");
	obeys(card, &state, "00B2030400", "C4B3C420CAC5BA9000"); /* of the selected file */
	obeys(card, &state, "00B2030408", "C4B3C420CAC5BA6282");
	obeys(card, &state, "00B2040C00", "6A83");
	obeys(card, &state, "00B2000C00", "6A83");
	obeys(card, &state, "00B2011400", "6A82");
	obeys(card, &state, "00B2010D00", "6A81");
	obeys(card, &state, "00B2010C", "6700");
	obeys(card, &state, "00B0000004", "6981");
	vcard_free(card);
}

static void other_commands_are_unknown(void)
{
	struct vcard *card = field("iso-binary");
	struct vcard_state state = {0};
	obeys(card, &state, "00D6000001FF", "6D00");
	obeys(card, &state, "90600000", "6E00");
	obeys(card, &state, "00A4", "6700");
	obeys(card, &state, "00B0000000010000", "6700"); /* extended lengths */
	vcard_free(card);
}

/* Seeded noise: no crash, no answer beyond its bounds. */
static void noise_is_survived(void)
{
	static const uint8_t commands[] = {0xA4, 0xB0, 0xB2, 0xC0};
	const guint32 seed = 20221123;
	GRand *rand = g_rand_new_with_seed(seed);
	struct vcard *cards[] = {field("iso-binary"), field("iso-long"), field("iso-record")};
	struct vcard_state states[G_N_ELEMENTS(cards)] = {{0}};
	size_t longest = 0;
	printf("seed %u; ", seed);
	for (int i = 0; i < 30000; i++) {
		uint8_t apdu[16] = {0}, answer[WIRE_APDU_MAX];
		size_t n = (size_t)g_rand_int_range(rand, 0, sizeof(apdu) + 1), got = 0;
		for (size_t k = 1; k < n; k++)
			apdu[k] = (uint8_t)(g_rand_int(rand) >> g_rand_int_range(rand, 0, 8));
		if (i % 4)
			apdu[1] = commands[g_rand_int_range(rand, 0, sizeof(commands))];
		vcard_iso(cards[i % 3], &states[i % 3], apdu, n, answer, &got);
		longest = MAX(longest, got);
	}
	CHECK(longest <= WIRE_APDU_MAX);
	for (size_t i = 0; i < G_N_ELEMENTS(cards); i++)
		vcard_free(cards[i]);
	g_rand_free(rand);
}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(the_atr_carries_the_historical_bytes),
		CASE(a_storage_card_knows_no_such_class),
		CASE(an_application_is_selected_by_its_name_or_how_it_begins),
		CASE(a_file_is_selected_within_its_application),
		CASE(a_file_is_read_from_any_place_to_its_end),
		CASE(some_cards_want_the_right_length),
		CASE(some_cards_have_their_answers_fetched),
		CASE(records_are_read_by_number),
		CASE(other_commands_are_unknown),
		CASE(noise_is_survived),
	};
	return CHECK_MAIN("ISO-DEP cards", cases);
}
