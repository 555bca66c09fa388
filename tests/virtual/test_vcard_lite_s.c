/* SPDX-License-Identifier: MIT
 *
 * Does a sample FeliCa Lite-S prove itself as the published vectors say?
 * All rows: facts "FeliCa Lite-S MAC".
 */
#include "tests/virtual/vcard_check.h"
#include "tests/virtual/vcard_lite_s.h"
#include "tests/virtual/vcard_reader.h"

#define IDM "012E4C0A11223359"
#define PMM "00F1000000014300"
#define MK  "0102030405060708090A0B0C0D0E0F101112131415161718"

#define CK "37363534333231306665646362613938"
#define RC "07060504030201000F0E0D0C0B0A0908"
#define ID "01020304050607080000000000000000"

#define RAMP "000102030405060708090A0B0C0D0E0F"
#define ZERO "00000000000000000000000000000000"

/* Write Without Encryption of block RC, and what follows 08 or 06 and the IDm. */
#define WRITE_RC(rc)                                                                               \
	"08" IDM "0109000180"                                                                      \
	"80" rc
#define WRITTEN "09" IDM "0000"
#define READ    "06" IDM "010B00"

static void turn_halves(uint8_t *block, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (i % 8 < 4) {
			uint8_t kept = block[i];
			block[i] = block[i / 8 * 8 + 7 - i % 8];
			block[i / 8 * 8 + 7 - i % 8] = kept;
		}
}

static void session_keys_are_those_published(void)
{
	static const struct {
		const char *key, *challenge, *session;
		bool turned; /* published as the chip has it inside */
	} rows[] = {
		{CK, RC, "B636D955A9F0E2CC48B106F95506C3F6", true},
		{"ABE6F4E392EC58B9D5345D3DA28C7515", "404954F40BEAA8A8160EFD98A4890416",
			"02471AD751CB0025D107AC7CBBB84345", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint8_t key[VCARD_KEY_SIZE], challenge[VCARD_BLOCK_SIZE], session[VCARD_KEY_SIZE];
		char text[2 * VCARD_KEY_SIZE + 1];
		unhex(rows[i].key, key, sizeof(key));
		unhex(rows[i].challenge, challenge, sizeof(challenge));
		CHECK(vcard_lite_s_session(key, challenge, session));
		if (rows[i].turned)
			turn_halves(session, sizeof(session));
		hex(session, sizeof(session), text);
		CHECK_STR(text, rows[i].session);
	}
}

/* `swapped`: with the halves of the key exchanged, as for a write. */
static void mac_is(const char *session, bool swapped, const char *start, const char *first,
	const char *data, const char *want)
{
	uint8_t key[VCARD_KEY_SIZE], other[VCARD_KEY_SIZE], iv[VCARD_MAC_SIZE];
	uint8_t lead[VCARD_MAC_SIZE], blocks[4 * VCARD_BLOCK_SIZE], mac[VCARD_MAC_SIZE];
	char text[2 * VCARD_MAC_SIZE + 1];
	unhex(session, key, sizeof(key));
	for (size_t i = 0; i < sizeof(key); i++)
		other[i] = key[(i + 8) % sizeof(key)];
	unhex(start, iv, sizeof(iv));
	if (first)
		unhex(first, lead, sizeof(lead));
	size_t n = unhex(data, blocks, sizeof(blocks)) / VCARD_BLOCK_SIZE;
	CHECK(vcard_lite_s_mac(swapped ? other : key, iv, first ? lead : NULL, blocks, n, mac));
	hex(mac, sizeof(mac), text);
	CHECK_STR(text, want);
}

/* SK of the first vector in the order of the card's blocks. */
#define SK    "CCE2F0A955D936B6F6C30655F906B148"
#define START "0706050403020100"

/* nfcpy's key and start value stand as the chip has them inside: 00 to 0F, 00 to 07. */
#define TURNED "07060504030201000F0E0D0C0B0A0908"

static void macs_are_those_published(void)
{
	mac_is(TURNED, false, START, NULL, RAMP "101112131415161718191A1B1C1D1E1F",
		"0B1268D7A4AC6932");
	mac_is(TURNED, true, START, NULL, RAMP "101112131415161718191A1B1C1D1E1F",
		"18CDD33C0FB25DD7");
	mac_is(SK, false, START, NULL, ZERO, "CC97F1B97B8BBC79");
	mac_is(SK, false, START, NULL, ID, "91AEC5B6D9B3B12D");
	mac_is(SK, false, START, NULL, "01000000000000000000000000000000", "BD73EB7294A00279");
	mac_is(SK, true, START, "00FEFF0092009100", "01000000000000000000000000000000",
		"17C19E3BBDC3E8BD");
	mac_is(SK, false, START, "82009100FFFFFFFF", ID, "6A9C1CA386DE4213");
	mac_is(SK, false, START, "820086009100FFFF", ID "01000000000000000000000000000000",
		"724305FE37BC7963");
	mac_is(SK, false, START, "8200860000009100", ID "01000000000000000000000000000000" RAMP,
		"B475D29E71C0889F");
}

static void a_card_key_is_diversified_as_published(void)
{
	uint8_t master[VCARD_MASTER_SIZE], id[VCARD_BLOCK_SIZE], key[VCARD_KEY_SIZE];
	char text[2 * VCARD_KEY_SIZE + 1];
	unhex(MK, master, sizeof(master));
	unhex("012E4128728C7E8B0000544553544944", id, sizeof(id)); /* … TESTID */
	CHECK(vcard_lite_s_key(master, id, key));
	hex(key, sizeof(key), text);
	CHECK_STR(text, "FA14BE93CEFCF8DAE5059E591CB0308E");
}

/* The sample with the keys and blocks of the vectors. */
static struct vcard *of_the_vectors(void)
{
	struct vcard *card = sample(VCARD_FIELD_DIR, "lite-s");
	struct vcard_tag *tag = &card->tags[0];
	unhex(CK, tag->lite_s.key, VCARD_KEY_SIZE);
	unhex(ID, tag->lite_s.id, VCARD_BLOCK_SIZE);
	unhex(RAMP, tag->systems[0].services[0].data, VCARD_BLOCK_SIZE);
	return card;
}

static void a_read_ends_with_its_mac(void)
{
	struct vcard *card = of_the_vectors();
	struct vcard_state state = {0};
	says_after(card, &state, WRITE_RC(RC), WRITTEN);
	says_after(card, &state, READ "0280828091",
		"07" IDM "000002" ID "6A9C1CA386DE42130000000000000000");
	says_after(card, &state, READ "03808280868091",
		"07" IDM "000003" ID "01000000000000000000000000000000"
		"724305FE37BC79630000000000000000");
	says_after(card, &state, READ "048082808680008091",
		"07" IDM "000004" ID "01000000000000000000000000000000" RAMP
		"B475D29E71C0889F0000000000000000");
	says_after(card, &state, READ "0280828081",
		"07" IDM "000002" ID "91AEC5B6D9B3B12D0000000000000000");
	vcard_free(card);
}

static void no_mac_without_a_challenge(void)
{
	struct vcard *card = of_the_vectors();
	says(card, READ "0280828091", "07" IDM "02B2");
	says(card, READ "018082", "07" IDM "000001" ID);
	vcard_free(card);
}

static void keys_are_never_read(void)
{
	struct vcard *card = of_the_vectors();
	struct vcard_state state = {0};
	says_after(card, &state, WRITE_RC(RC), WRITTEN);
	says_after(card, &state, READ "018087", "07" IDM "01A5");
	says_after(card, &state, READ "018080", "07" IDM "01A5");
	says_after(card, &state, READ "0280828087", "07" IDM "02A5");
	vcard_free(card);
}

static void only_the_challenge_is_written(void)
{
	struct vcard *card = of_the_vectors();
	says(card,
		"08" IDM "01090001"
		"8000" RAMP,
		"09" IDM "01A5");
	says(card,
		"08" IDM "01090001"
		"8087" RAMP,
		"09" IDM "01A5");
	says(card,
		"08" IDM "010B0001"
		"8080" RAMP,
		"09" IDM "01A5");
	says(card,
		"08" IDM "01090101"
		"8080" RAMP,
		"09" IDM "01A6");
	says(card,
		"08" IDM "01090002"
		"80808081" RAMP RAMP,
		"09" IDM "FFA2");
	says(card,
		"08" IDM "01090001"
		"8080"
		"00",
		"");
	says(card, READ "018000", "07" IDM "000001" RAMP);
	vcard_free(card);
}

static void it_knows_three_commands(void)
{
	struct vcard *card = of_the_vectors();
	says(card, "0088B40000", "01" IDM PMM);
	says(card, "0088B40100", "01" IDM PMM "88B4");
	says(card, "0012FC0100", "01" IDM PMM "12FC"); /* the same number for both */
	says(card, "00FFFF0000", "01" IDM PMM);
	says(card, "00FE000000", "");
	says(card, "0C" IDM, "");
	says(card, "04" IDM, "");
	says(card, "02" IDM "010B00", "");
	says(card, "0A" IDM "0000", "");
	says(card, READ "0580008001800280038004", "07" IDM "FFA2");
	says(card, READ "01800F", "07" IDM "01A8");
	says(card, READ "01800D", "07" IDM "000001" ZERO);
	says(card, READ "018083", "07" IDM "000001" IDM PMM);
	says(card, READ "018085",
		"07" IDM "000001"
		"88B40000000000000000000000000000");
	vcard_free(card);
	card = sample(VCARD_FIELD_DIR, "rw-sui");
	says(card, "0012FC0100", "");
	vcard_free(card);
}

/* Same number, same data, the key of another issuer. */
static void a_forged_card_says_all_but_the_mac(void)
{
	struct vcard *good = sample(VCARD_FIELD_DIR, "lite-s");
	struct vcard *forged = sample(VCARD_FIELD_DIR, "lite-s-forged");
	const struct vcard_lite_s *a = &good->tags[0].lite_s, *b = &forged->tags[0].lite_s;
	uint8_t master[VCARD_MASTER_SIZE], key[VCARD_KEY_SIZE];
	unhex(MK, master, sizeof(master));
	CHECK(vcard_lite_s_key(master, a->id, key));
	CHECK(memcmp(a->key, key, sizeof(key)) == 0);
	CHECK(memcmp(b->key, key, sizeof(key)) != 0);
	CHECK(memcmp(a->id, b->id, sizeof(a->id)) == 0);
	CHECK(memcmp(a->id, good->tags[0].idm, VCARD_IDM_SIZE) == 0);
	CHECK(memcmp(&good->tags[0].systems, &forged->tags[0].systems,
		      sizeof(good->tags[0].systems)) == 0);
	vcard_free(forged);
	vcard_free(good);
}

static void the_challenge_ends_with_the_power(void)
{
	struct vcard *card = of_the_vectors();
	struct vcard_reader r = {.kind = READER_KIND_DIRECT};
	says_after(card, &r.state, WRITE_RC(RC), WRITTEN);
	vcard_reader_power(&r, WIRE_POWER_RESET);
	says_after(card, &r.state, READ "0280828091", "07" IDM "02B2");
	vcard_free(card);
}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(session_keys_are_those_published),
		CASE(macs_are_those_published),
		CASE(a_card_key_is_diversified_as_published),
		CASE(a_read_ends_with_its_mac),
		CASE(no_mac_without_a_challenge),
		CASE(keys_are_never_read),
		CASE(only_the_challenge_is_written),
		CASE(it_knows_three_commands),
		CASE(a_forged_card_says_all_but_the_mac),
		CASE(the_challenge_ends_with_the_power),
	};
	return CHECK_MAIN("FeliCa Lite-S", cases);
}
