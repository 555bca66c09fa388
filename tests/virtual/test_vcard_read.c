/* SPDX-License-Identifier: MIT
 *
 * The counter's own reading of the samples of the field, with the layout files that are
 * shipped, through each way a reader has to a FeliCa card. No pcscd: our code on one
 * side, the virtual reader on the other.
 */
#include "kiosk/config/layouts.h"
#include "pcsc/card.h"
#include "tests/virtual/vcard_check.h"
#include "tests/virtual/vcard_reader.h"

struct hand {
	struct vcard *card;
	struct vcard_reader reader;
};

static enum card_err connect_card(void *self, const char *reader, struct card_trace *trace)
{
	return CARD_ERR_OK;
}

static void leave_card(void *self)
{
}

static enum card_err say(struct hand *h, bool escape, const uint8_t *apdu, size_t len, uint8_t *ret,
	size_t max, size_t *ret_len)
{
	uint8_t answer[WIRE_APDU_MAX];
	size_t n = 0;
	h->reader.escape = escape;
	enum vcard_act act = vcard_reader_apdu(&h->reader, h->card, apdu, len, answer, &n);
	if (act != VCARD_ANSWERS || n > max)
		return CARD_ERR_REMOVED;
	memcpy(ret, answer, n);
	*ret_len = n;
	return CARD_ERR_OK;
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	return say(self, false, apdu, len, ret, max, ret_len);
}

static enum card_err escape(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	return say(self, true, apdu, len, ret, max, ret_len);
}

static bool draw(uint8_t ret[MAC_BLOCK_SIZE])
{
	for (uint8_t i = 0; i < MAC_BLOCK_SIZE; i++)
		ret[i] = (uint8_t)(0x5B * i + 0x21);
	return true;
}

/* The master key of the sample tokens. */
static const struct card_key token_key = {
	"tokens", {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D,
			  0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18}};

static enum card_err read_sample(const char *id, enum reader_kind kind,
	const struct card_layout *layout, struct card_reading *ret)
{
	struct hand hand = {sample(VCARD_FIELD_DIR, id), {.kind = kind}};
	const struct card_transport t = {.self = &hand,
		.connect = connect_card,
		.transmit = transmit,
		.escape = escape,
		.disconnect = leave_card};
	const struct card_job job = {.layouts = layout,
		.n_layouts = 1,
		.keys = &token_key,
		.n_keys = 1,
		.challenge = draw};
	struct card_trace trace = {0};
	enum card_err err = card_read(&t, reader_kind_reader(kind), &job, ret, &trace);
	vcard_free(hand.card);
	return err;
}

/* The layout `name` of a shipped file; the caller frees. */
static struct card_layout *layout_of(const char *file, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(SOURCE_ROOT "/assets", file, NULL);
	struct keyfile *kf = keyfile_read(path, &error);
	g_autofree struct card_layout *all = NULL;
	gsize n = 0;
	if (!kf || !layouts_parse(kf, &all, &n, &error)) {
		fprintf(stderr, "%s: %s\n", path, error->message);
		exit(1);
	}
	keyfile_free(kf);
	for (gsize i = 0; i < n; i++)
		if (strcmp(all[i].name, name) == 0)
			return g_memdup2(&all[i], sizeof(all[i]));
	fprintf(stderr, "%s: no layout %s\n", path, name);
	exit(1);
}

struct row {
	const char *id, *layout;
	enum card_err err;
	const char *class_, *number, *name;
	int32_t expires;
};

static void check_row(const char *file, const struct row *row, enum reader_kind kind)
{
	struct card_layout *layout = layout_of(file, row->layout);
	struct card_reading got = {0};
	enum card_err err = read_sample(row->id, kind, layout, &got);
	g_free(layout);
	if (err != row->err)
		fprintf(stderr, "%s in %s: %s\n", row->id, reader_kind_name(kind),
			card_err_name(err));
	CHECK_INT(err, row->err);
	if (err || row->err)
		return;
	CHECK_STR(got.class_, row->class_);
	CHECK_STR(got.number, row->number);
	CHECK_STR(got.name, row->name);
	CHECK_INT(got.expires, row->expires);
}

#define NO_CLASS ""
#define NO_NAME  ""

static const struct row seen[] = {
	{"rw-fcf-viewer", "seen-viewer", CARD_ERR_OK, "student", "999900001234", "トウダイ タロウ",
		20990331},
	{"rw-kpu", "seen-kpu", CARD_ERR_OK, NO_CLASS, "99123456", "洛北 花子", 0},
	{"rw-icu", "seen-icu", CARD_ERR_OK, NO_CLASS, "991234", "MITAKA,HANAKO", 0},
	{"rw-slp", "seen-kbit", CARD_ERR_OK, NO_CLASS, "991s77", "サヌキ ハナコ", 0},
	{"rw-tus-student", "seen-tus", CARD_ERR_OK, "student", "9912345", NO_NAME, 0},
	{"rw-tus-staff", "seen-tus", CARD_ERR_OK, "staff", "991234", NO_NAME, 0},
	{"rw-seven", "seen-seven", CARD_ERR_OK, "student", "9A12345", NO_NAME, 0},
	{"rw-seven-staff", "seen-seven", CARD_ERR_OK, "staff", "9B12345", NO_NAME, 0},
	{"rw-filler", "seen-filled", CARD_ERR_OK, NO_CLASS, "9912345", NO_NAME, 0},
	{"rw-right", "seen-right", CARD_ERR_OK, NO_CLASS, "991234", NO_NAME, 0},
	{"rw-eleven", "seen-eleven", CARD_ERR_OK, NO_CLASS, "99T12345678", NO_NAME, 0},
	{"rw-nul", "seen-nul", CARD_ERR_OK, NO_CLASS, "9912345678", NO_NAME, 0},
	{"rw-ten", "seen-ten", CARD_ERR_OK, NO_CLASS, "9900112233", NO_NAME, 0},
	{"rw-tdu", "seen-tdu", CARD_ERR_OK, NO_CLASS, "99NC010", NO_NAME, 0},
	{"rw-eight", "seen-eight", CARD_ERR_OK, NO_CLASS, "99A00123", NO_NAME, 0},
	{"rw-coop", "seen-coop", CARD_ERR_NO_DATA},
	{"rw-200b", "seen-200b", CARD_ERR_OK, NO_CLASS, "99123456", NO_NAME, 0},
	{"rw-200b-block1", "seen-200b-second", CARD_ERR_OK, NO_CLASS, "99123456", NO_NAME, 0},
	{"rw-09cb", "seen-09cb", CARD_ERR_OK, NO_CLASS, "99T12345", NO_NAME, 0},
	{"rw-81f8", "seen-ibaraki", CARD_ERR_OK, NO_CLASS, "99T1234A", NO_NAME, 0},
	{"rw-81f8-second", "seen-ibaraki-second", CARD_ERR_OK, NO_CLASS, "99T1234B", NO_NAME, 0},
	{"rw-110b", "seen-110b", CARD_ERR_OK, NO_CLASS, "9912345678", NO_NAME, 0},
	{"rw-sui", "seen-lite-s", CARD_ERR_OK, NO_CLASS, "99123456", NO_NAME, 0},
};

static void every_layout_seen_reads_its_card(void)
{
	static const enum reader_kind kinds[] = {READER_KIND_SESSION, READER_KIND_SONY_FRAME,
		READER_KIND_DIRECT, READER_KIND_ACR122, READER_KIND_IDENTIV};
	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
		for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
			check_row("samples/layouts-seen.conf", &seen[i], kinds[k]);
}

static void other_kinds_of_card_are_read(void)
{
	static const struct row rows[] = {
		{"fcf-un", "fcf-un", CARD_ERR_OK, "", "3921019912345678", NO_NAME, 0},
		{"iso-binary", "iso-file", CARD_ERR_OK, "student", "99-246801", "トウト ハナコ",
			20990331},
		{"iso-record", "iso-record", CARD_ERR_OK, "", "0099246801", NO_NAME, 20990331},
		{"iso-long", "iso-record", CARD_ERR_UNKNOWN_CARD},
		{"mifare-uid", "uid-4", CARD_ERR_OK, "", "5AA1B2C4", NO_NAME, 0},
		{"mifare-7", "uid-7", CARD_ERR_OK, "", "04A1B2C3D4E580", NO_NAME, 0},
		{"mifare-uid", "iso-file", CARD_ERR_UNKNOWN_CARD},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row("samples/layouts-others.conf", &rows[i], READER_KIND_DIRECT);
}

static void a_token_proves_itself_and_a_forged_one_does_not(void)
{
	static const enum reader_kind kinds[] = {READER_KIND_SESSION, READER_KIND_SONY_FRAME,
		READER_KIND_DIRECT, READER_KIND_ACR122};
	struct card_layout *layout = layout_of("samples/layouts-tokens.conf", "token");
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct card_reading got = {0};
		CHECK_INT(read_sample("lite-s", kinds[i], layout, &got), CARD_ERR_OK);
		CHECK_INT(got.assurance, CARD_MAC_VERIFIED);
		CHECK_STR(got.number, "99-246801");
		CHECK_STR(got.name, "トウト ハナコ");
		CHECK_INT(read_sample("lite-s-forged", kinds[i], layout, &got), CARD_ERR_UNPROVEN);
	}
	g_free(layout);
}

/* As the default layout, of the sample site. */
static void read_fcf(const char *id, enum card_err want, const char *number)
{
	struct card_layout *fcf = layout_of("samples/layouts-seen.conf", "seen-viewer");
	g_strlcpy(fcf->patterns[0].text, "99-999999", sizeof(fcf->patterns[0].text));
	for (int kind = READER_KIND_SESSION; kind <= READER_KIND_ACR122; kind++) {
		struct card_reading got = {0};
		if (kind == READER_KIND_SONY_SELECT)
			continue; /* knows the first system alone */
		enum card_err err = read_sample(id, (enum reader_kind)kind, fcf, &got);
		if (err != want)
			fprintf(stderr, "%s in %s: %s\n", id,
				reader_kind_name((enum reader_kind)kind), card_err_name(err));
		CHECK_INT(err, want);
		if (!err && !want)
			CHECK_STR(got.number, number);
	}
	g_free(fcf);
}

static void the_card_in_a_wallet_is_found(void)
{
	read_fcf("wallet", CARD_ERR_OK, "99-246803");
	read_fcf("wallet-transit-first", CARD_ERR_OK, "99-246803");
	read_fcf("wallet-two", CARD_ERR_OK, "99-246804");
}

static void a_system_that_no_poll_finds_is_found(void)
{
	read_fcf("poll-first", CARD_ERR_OK, "99-246801");
	read_fcf("eight-blocks", CARD_ERR_OK, "99-246802");
}

static void a_card_of_another_kind_is_no_campus_card(void)
{
	read_fcf("rw-coop", CARD_ERR_NO_DATA, NULL);
	read_fcf("rw-09cb", CARD_ERR_UNKNOWN_CARD, NULL);
	read_fcf("lite-s", CARD_ERR_UNKNOWN_CARD, NULL);
}

/* One bit turned in each byte of each answer in turn. */
static void a_spoilt_answer_never_reads_as_another_token(void)
{
	struct card_layout *layout = layout_of("samples/layouts-tokens.conf", "token");
	struct vcard *card = sample(VCARD_FIELD_DIR, "lite-s");
	unsigned refused = 0;
	for (unsigned n = 1; n < 12; n++)
		for (unsigned byte = 0; byte < 100; byte++) {
			struct hand hand = {card, {.kind = READER_KIND_DIRECT}};
			const struct card_transport t = {.self = &hand,
				.connect = connect_card,
				.transmit = transmit,
				.disconnect = leave_card};
			const struct card_job job = {layout, 1, &token_key, 1, draw, NULL};
			struct card_reading got = {0};
			struct card_trace trace = {0};
			card->corrupt_reply = n;
			card->corrupt_byte = byte;
			card->corrupt_bit = (n + byte) % 8;
			enum card_err err = card_read(
				&t, reader_kind_reader(READER_KIND_DIRECT), &job, &got, &trace);
			refused += err != CARD_ERR_OK;
			if (err == CARD_ERR_OK)
				CHECK_STR(got.number, "99-246801");
		}
	CHECK(refused > 4 * VCARD_BLOCK_SIZE); /* as much as the MAC is over, and more */
	vcard_free(card);
	g_free(layout);
}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(every_layout_seen_reads_its_card),
		CASE(other_kinds_of_card_are_read),
		CASE(a_token_proves_itself_and_a_forged_one_does_not),
		CASE(the_card_in_a_wallet_is_found),
		CASE(a_system_that_no_poll_finds_is_found),
		CASE(a_card_of_another_kind_is_no_campus_card),
		CASE(a_spoilt_answer_never_reads_as_another_token),
	};
	return CHECK_MAIN("the counter reads the samples of the field", cases);
}
