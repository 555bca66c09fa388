/* SPDX-License-Identifier: MIT
 *
 * Does the sample card behave as a FeliCa card does? Frames only, no reader.
 */
#include "tests/virtual/vcard_check.h"

#include "tests/virtual/vcard_reader.h"

#define IDM "112E4C0A11223301" /* of FE00, second system of the student card */
#define ID0 "012E4C0A11223301"
#define PMM "100B4B428485D0FF"

static struct vcard *load(const char *id)
{
	return sample(VCARD_DIR, id);
}

static void polling_finds_each_system_and_wildcards_the_first(void)
{
	struct vcard *card = load("student");
	says(card, "00FE000000", "01" IDM PMM);
	says(card, "00FE00000F", "01" IDM PMM);
	says(card, "00809E0000", "01" ID0 PMM);
	says(card, "00FFFF0000", "01" ID0 PMM);
	says(card, "00FEFF0100", "01" IDM PMM "FE00");
	says(card, "00FFFF0100", "01" ID0 PMM "809E");
	says(card, "00FE000200", "01" IDM PMM "0083");
	says(card, "0000030000", "");
	says(card, "00FE000002", ""); /* no such number of slots */
	says(card, "00FE0000", "");
	vcard_free(card);
}

static void systems_and_services_are_told(void)
{
	struct vcard *card = load("student");
	says(card, "0C" IDM, "0D" IDM "02809EFE00");
	says(card, "0C" ID0, "0D" ID0 "02809EFE00");
	says(card, "02" IDM "038B1A0B7A4B43", "03" IDM "0300000000FFFF");
	says(card, "02" IDM "008B1A", "");
	says(card, "02" IDM "028B1A", "");
	says(card, "04" IDM, "05" IDM "00");
	says(card, "0A" IDM "0000", "0B" IDM "0000FEFF");
	says(card, "0A" IDM "0100", "0B" IDM "8B1A");
	says(card, "0A" IDM "0200", "0B" IDM "0B7A");
	says(card, "0A" IDM "0300", "0B" IDM "FFFF");
	vcard_free(card);
}

#define BLOCK_2                                                                                    \
	"3133393930303031"                                                                         \
	"3230323430343031"

static void blocks_are_read_in_any_form_of_list(void)
{
	struct vcard *card = load("student");
	says(card, "06" IDM "018B1A018002", "07" IDM "000001" BLOCK_2);
	says(card, "06" IDM "018B1A01000200", "07" IDM "000001" BLOCK_2);
	says(card, "06" IDM "020B7A8B1A018102", "07" IDM "000001" BLOCK_2);
	says(card, "06" IDM "018B1A0280028002", "07" IDM "000002" BLOCK_2 BLOCK_2);
	vcard_free(card);
}

static void errors_of_a_read_are_told_with_their_place(void)
{
	struct vcard *card = load("student");
	says(card, "06" IDM "008B1A018000", "07" IDM "FFA1");
	says(card, "06" IDM "018B1A00", "07" IDM "FFA2");
	says(card,
		"06" IDM "018B1A0D"
		"80008000800080008000800080008000800080008000800080008000",
		"07" IDM "FFA2");
	says(card, "06" IDM "018B1A018100", "07" IDM "01A3");
	says(card, "06" IDM "01881A018000", "07" IDM "01A6");
	says(card, "06" ID0 "018B1A018000", "07" ID0 "01A6");
	says(card, "06" IDM "018B1A01A000", "07" IDM "01A7");
	says(card, "06" IDM "018B1A0280008004", "07" IDM "02A8");
	vcard_free(card);
	card = load("unreadable");
	says(card, "06112E4C0A1122330E018B1A018000", "07112E4C0A1122330EFF70");
	vcard_free(card);
	card = load("no-data"); /* three blocks */
	says(card, "06012E4C0A11223311018B1A048000800180028003", "07012E4C0A1122331108A8");
	vcard_free(card);
}

static void what_is_not_for_the_card_meets_silence(void)
{
	struct vcard *card = load("student");
	says(card, "06212E4C0A11223301018B1A018000", "");
	says(card, "04012E4C0A11223302", "");
	says(card, "06" IDM "018B1A0480008001", ""); /* list cut off */
	says(card, "06" IDM "018B1A01800000", "");   /* a byte too many */
	says(card, "08" IDM "018B1A018000", "");     /* writing */
	says(card, "06" IDM, "");
	says(card, "06", "");
	says(card, "", "");
	vcard_free(card);
	card = load("mifare");
	says(card, "00FFFF0000", "");
	vcard_free(card);
}

static void the_length_byte_must_be_true(void)
{
	struct vcard *card = load("student");
	const uint8_t frame[] = {0x07, 0x00, 0xFE, 0x00, 0x00, 0x00};
	uint8_t answer[FELICA_FRAME_MAX];
	struct vcard_state state = {0};
	CHECK_INT(vcard_felica(card, &state, frame, sizeof(frame), answer), 0);
	CHECK_INT(vcard_felica(card, &state, frame, 0, answer), 0);
	vcard_free(card);
}

static void atrs_are_those_of_storage_cards(void)
{
	static const uint8_t felica[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
		0x03, 0x06, 0x11, 0x00, 0x3B, 0x00, 0x00, 0x00, 0x00, 0x42};
	struct vcard *card = load("student");
	CHECK_INT(card->atr_len, sizeof(felica));
	CHECK(memcmp(card->atr, felica, sizeof(felica)) == 0);
	vcard_free(card);
	card = load("mifare");
	CHECK_INT(card->atr[card->atr_len - 1], 0x6A);
	vcard_free(card);
}

static void every_sample_file_is_whole(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_DIR, &error);
	CHECK(cards != NULL);
	CHECK(cards && cards->len >= 17);
	for (guint i = 0; cards && i < cards->len; i++) {
		const struct vcard *card = g_ptr_array_index(cards, i);
		size_t digits = strspn(card->face.number, "0123456789");
		CHECK(card->face.title[0]);
		CHECK(card->face.note[0]);
		CHECK(digits == strlen(card->face.number) && (digits == 0 || digits == 18));
	}
}

#define FELICA  "[card]\nidm = 0102030405060708\npmm = 0102030405060708\n"
#define ISO_DEP "[card]\nchip = iso-dep\nuid = 01020304\n"

static const struct {
	const char *text, *names;
} broken[] = {
	{"[card]\nchip = brass\n", "[card] chip"},
	{"[card]\nidm = 01\n", "[card] idm"},
	{FELICA, "[card] systems"},
	{FELICA "systems = FE00X\n", "[card] systems"},
	{FELICA "systems = FE00\n"
		"[service 0003/1A8B]\n",
		"[service 0003/1A8B]"},
	{FELICA "systems = FE00\n"
		"[service FE00/1A8B]\nblocks = 00\n",
		"blocks"},
	{FELICA "systems = FE00\n"
		"[service FE00/1A8B]\nname = 😀\n",
		"name"},
	{FELICA "blocks-per-read = 16\nsystems = FE00\n", "[card] blocks-per-read"},
	{FELICA "systems = FE00\nsf1 = octal\n", "[card] sf1"},
	{FELICA "systems = FE00\nanswers-poll = none\n", "[card] answers-poll"},
	{FELICA "systems = FE00\n[area FE00/1A80]\n", "[area FE00/1A80] end"},
	{FELICA "chip = lite-s\nsystems = FE00\n", "[card] systems"},
	{FELICA "chip = lite-s\nsystems = 88B4\nmaster = 0102\n", "[card] master"},
	{FELICA "chip = lite-s\nsystems = 88B4\nckv = 01\n", "[card] ckv"},
	{FELICA "systems = FE00\nwith = nobody\n", "[card] with"},
	{ISO_DEP, "[card] chip"},
	{ISO_DEP "past-end = never\n", "[card] past-end"},
	{ISO_DEP "select-p2 = 0\n", "[card] select-p2"},
	{ISO_DEP "[application F05]\n", "[application F05]"},
	{ISO_DEP "[file XY]\ndata = 00\n", "[file XY]"},
	{ISO_DEP "[file 011E]\nsfi = 31\n", "[file 011E] sfi"},
	{ISO_DEP "[file 011E]\nrecords = 0\n", "[file 011E] records"},
	{ISO_DEP "[file 011E]\ntext = 😀\n", "[file 011E] text"},
	{"[card]\nchip = mifare-1k\nuid = 010203\n", "[card] uid"},
};

static void a_broken_file_is_named_with_its_key(void)
{
	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "broken-XXXXXX.card", NULL);
	int fd = g_mkstemp(path);
	CHECK(fd >= 0);
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(GError) error = NULL;
		g_file_set_contents(path, broken[i].text, -1, NULL);
		struct vcard *card = vcard_load(path, &error);
		CHECK(card == NULL);
		CHECK(error && strstr(error->message, path));
		CHECK(error && strstr(error->message, broken[i].names));
		vcard_free(card);
	}
	close(fd);
	unlink(path);
}

/* Seeded noise and mutated good APDUs: no crash, no answer beyond its bounds. */
static void noise_is_survived(void)
{
	const guint32 seed = 20221122;
	GRand *rand = g_rand_new_with_seed(seed);
	struct vcard *card = load("student");
	uint8_t good[] = {
		0xFF, 0xC2, 0x00, 0x01, 0x08, 0x95, 0x06, 0x06, 0x00, 0xFE, 0x00, 0x00, 0x00, 0x00};
	printf("seed %u; ", seed);
	for (int i = 0; i < 20000; i++) {
		struct vcard_reader r = {.kind = (enum reader_kind)(i % READER_KIND_COUNT),
			.open = i % 2,
			.felica = i % 4 > 1};
		uint8_t apdu[WIRE_APDU_MAX], answer[WIRE_APDU_MAX];
		size_t len = (size_t)g_rand_int_range(rand, 0, WIRE_APDU_MAX + 1), got = 0;
		for (size_t k = 0; k < len; k++)
			apdu[k] = (uint8_t)g_rand_int(rand);
		if (i % 3) {
			len = sizeof(good);
			memcpy(apdu, good, len);
			apdu[g_rand_int_range(rand, 0, sizeof(good))] = (uint8_t)g_rand_int(rand);
		}
		vcard_reader_apdu(&r, card, apdu, len, answer, &got);
		CHECK(got <= WIRE_APDU_MAX);
	}
	vcard_free(card);
	g_rand_free(rand);
}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(polling_finds_each_system_and_wildcards_the_first),
		CASE(systems_and_services_are_told),
		CASE(blocks_are_read_in_any_form_of_list),
		CASE(errors_of_a_read_are_told_with_their_place),
		CASE(what_is_not_for_the_card_meets_silence),
		CASE(the_length_byte_must_be_true),
		CASE(atrs_are_those_of_storage_cards),
		CASE(every_sample_file_is_whole),
		CASE(a_broken_file_is_named_with_its_key),
		CASE(noise_is_survived),
	};
	return CHECK_MAIN("sample cards", cases);
}
