/* SPDX-License-Identifier: MIT
 *
 * test_layouts_seen.c - the layouts that are shipped read the cards they were written for,
 * field by field: invented people on cards of the forms of facts "Layouts seen".
 */
#include "kiosk/config/layouts.h"
#include "pcsc/card.h"
#include "tests/check.h"
#include "tests/pcsc/sample.h"

#define FULL_WIDTH "\x83\x67\x83\x45\x83\x5f\x83\x43\x81\x40\x83\x5e\x83\x8d\x83\x45"
#define HALF_WIDTH "\xD4\xCF\xC0\xDE\x20\xC0\xDB\xB3"
#define STUDENT    "student", "student-number"
#define STAFF      "staff", "staff-number"
#define NO_CLASS   "", "student-number"
#define BLANK_12   "            "
#define PARTS_MAX  6

/* Bytes at a place of what the steps bring; all others are zero. */
struct part {
	unsigned at;
	const char *bytes;
	size_t n;
};
#define PART(at, text)                                                                             \
	{                                                                                          \
		at, text, sizeof(text) - 1                                                         \
	}

struct seen {
	const char *layout;
	size_t len;
	struct part parts[PARTS_MAX];
	enum card_err err;
	const char *class_, *key_kind, *number, *name;
	int reissue, issued, expires;
};

static const struct seen seen[] = {
	{"seen-viewer", 64,
		{PART(0, "0124A00777    21" FULL_WIDTH), PART(32, "137700022024040120280331")},
		CARD_ERR_OK, STUDENT, "24A00777", "トウダイ タロウ", 2, 20240401, 20280331},
	{"seen-viewer", 64, {PART(0, "11K1234567\0\0\0\0  "), PART(32, "13770002")}, CARD_ERR_OK,
		STAFF, "K1234567", "", -1, 0, 0},
	{"seen-kpu", 64,
		{PART(0, "0112345678\0\0\0\0"
			 "01" FULL_WIDTH)},
		CARD_ERR_OK, NO_CLASS, "12345678", "トウダイ タロウ", -1, 0, 0},
	{"seen-kpu", 64, {PART(0, "01    1234567801"), PART(16, FULL_WIDTH)}, CARD_ERR_OK, NO_CLASS,
		"12345678", "トウダイ タロウ", -1, 0, 0},
	{"seen-icu", 32, {PART(0, "01271234"), PART(14, "01YAMADA,TARO     ")}, CARD_ERR_OK,
		NO_CLASS, "271234", "YAMADA,TARO", -1, 0, 0},
	{"seen-kbit", 64,
		{PART(0, "01s24123\0\0\0\0\0\0"
			 "01" HALF_WIDTH)},
		CARD_ERR_OK, NO_CLASS, "s24123", "ヤマダ タロウ", -1, 0, 0},
	{"seen-tus", 64, {PART(0, "014612345     01")}, CARD_ERR_OK, STUDENT, "4612345", "", -1, 0,
		0},
	{"seen-tus", 64, {PART(0, "024612346     01")}, CARD_ERR_OK, STUDENT, "4612346", "", -1, 0,
		0},
	{"seen-tus", 64, {PART(0, "11123456X     01")}, CARD_ERR_OK, STAFF, "123456", "", -1, 0, 0},
	{"seen-seven", 64,
		{PART(0, "01B123456\0\0\0\0\0"
			 "01")},
		CARD_ERR_OK, STUDENT, "B123456", "", -1, 0, 0},
	{"seen-seven", 64,
		{PART(0, "11T654321\0\0\0\0\0"
			 "01")},
		CARD_ERR_OK, STAFF, "T654321", "", -1, 0, 0},
	{"seen-filled", 64, {PART(0, "0100A234567   01")}, CARD_ERR_OK, NO_CLASS, "A234567", "", -1,
		0, 0},
	{"seen-filled", 64, {PART(0, "01  1234567   01")}, CARD_ERR_OK, NO_CLASS, "1234567", "", -1,
		0, 0},
	{"seen-right", 64, {PART(0, "01      12345601")}, CARD_ERR_OK, NO_CLASS, "123456", "", -1,
		0, 0},
	{"seen-eleven", 64, {PART(0, "0112345678901X01")}, CARD_ERR_OK, NO_CLASS, "12345678901", "",
		-1, 0, 0},
	{"seen-nul", 64,
		{PART(0, "0112A4567\0\0\0\0\0"
			 "01")},
		CARD_ERR_OK, NO_CLASS, "12A4567", "", -1, 0, 0},
	{"seen-ten", 64,
		{PART(0, "01 1234567890\0"
			 "01")},
		CARD_ERR_OK, NO_CLASS, "1234567890", "", -1, 0, 0},
	{"seen-tdu", 64,
		{PART(0, "0115NC010\0\x01\xFF\x20\x20"
			 "01")},
		CARD_ERR_OK, NO_CLASS, "15NC010", "", -1, 0, 0},
	{"seen-eight", 64,
		{PART(0, "01AB123456\xB1\xB2\xB3\xB4"
			 "01")},
		CARD_ERR_OK, NO_CLASS, "AB123456", "", -1, 0, 0},
	{"seen-coop", 48, {{0}}, CARD_ERR_NO_DATA, NULL, NULL, NULL, NULL, 0, 0, 0},
	{"seen-200b", 16, {PART(0, "112345678\0\0\0\0\0\0")}, CARD_ERR_OK, NO_CLASS, "12345678", "",
		-1, 0, 0},
	{"seen-200b-second", 16, {PART(0, "1234567         ")}, CARD_ERR_OK, NO_CLASS, "1234567",
		"", -1, 0, 0},
	{"seen-09cb", 16, {PART(0, "0124AB1234\0\0\0\0")}, CARD_ERR_OK, NO_CLASS, "24AB1234", "",
		-1, 0, 0},
	{"seen-ibaraki", 16, {PART(0, "24T1234X")}, CARD_ERR_OK, NO_CLASS, "24T1234X", "", -1, 0,
		0},
	{"seen-ibaraki-second", 16, {PART(0, "24T1234X        ")}, CARD_ERR_OK, NO_CLASS,
		"24T1234X", "", -1, 0, 0},
	{"seen-110b", 16, {PART(4, "C0123456")}, CARD_ERR_OK, NO_CLASS, "C0123456", "", -1, 0, 0},
	{"seen-lite-s", 16, {PART(0, "s1234567")}, CARD_ERR_OK, NO_CLASS, "s1234567", "", -1, 0, 0},
};

static const struct seen others[] = {
	{"fcf-un", 16, {PART(0, "3921019999999999")}, CARD_ERR_OK, "", "card-serial",
		"3921019999999999", "", -1, 0, 0},
	{"iso-file", 64, {PART(0, "SF0012345"), PART(16, HALF_WIDTH), PART(48, "20280331")},
		CARD_ERR_OK, STAFF, "0012345", "ヤマダ タロウ", -1, 0, 20280331},
	{"iso-record", 32, {PART(0, "\x00\x12\x34\x56\x78"), PART(16, "2024040120280331")},
		CARD_ERR_OK, "", "common-id", "0012345678", "", -1, 20240401, 20280331},
	{"uid-7", 7, {PART(0, "\x04\xA1\xB2\xC3\xD4\xE5\x00")}, CARD_ERR_OK, "", "card-serial",
		"04A1B2C3D4E500", "", -1, 0, 0},
	{"uid-4", 4, {PART(0, "\x20\xA1\xB2\x00")}, CARD_ERR_OK, "", "card-serial", "20A1B200", "",
		-1, 0, 0},
};

static const struct seen tokens[] = {
	{"token", 32,
		{PART(0, "1100200010000000"), PART(2, "0020001\0\0\0\0\0"
						      "3")},
		CARD_ERR_OK, STAFF, "0020001", "", 3, 0, 0},
	{"token", 32,
		{PART(0, "0137-246801\0\0\0"
			 "0"),
			PART(16, HALF_WIDTH)},
		CARD_ERR_OK, STUDENT, "37-246801", "ヤマダ タロウ", 0, 0, 0},
};

/* Layouts of one file. */
struct file {
	struct card_layout *layouts;
	gsize n;
};

static struct file parse(struct keyfile *owned, GError **error)
{
	AUTO(keyfile) kf = owned;
	struct file f = {NULL, 0};
	if (!kf || !layouts_parse(kf, &f.layouts, &f.n, error)) {
		fprintf(stderr, "%s\n", error && *error ? (*error)->message : "no file");
		exit(1);
	}
	return f;
}

static struct file load(const char *name)
{
	g_autofree char *path = g_build_filename(SOURCE_ROOT "/assets", name, NULL);
	g_autoptr(GError) error = NULL;
	return parse(keyfile_read(path, &error), &error);
}

static struct file load_text(const char *text)
{
	g_autoptr(GError) error = NULL;
	return parse(keyfile_parse("joint.conf", text, strlen(text), &error), &error);
}

static const struct card_layout *find(const struct file *f, const char *name)
{
	for (gsize i = 0; i < f->n; i++)
		if (strcmp(f->layouts[i].name, name) == 0)
			return &f->layouts[i];
	fprintf(stderr, "no layout %s\n", name);
	exit(1);
}

static void write_card(const struct seen *card, uint8_t ret[LAYOUT_DATA_MAX])
{
	memset(ret, 0, LAYOUT_DATA_MAX);
	for (size_t i = 0; i < PARTS_MAX && card->parts[i].n > 0; i++)
		memcpy(ret + card->parts[i].at, card->parts[i].bytes, card->parts[i].n);
}

static void check_seen(const struct file *f, const struct seen *card)
{
	const struct card_layout *layout = find(f, card->layout);
	uint8_t data[LAYOUT_DATA_MAX];
	struct card_reading r = {0};

	write_card(card, data);
	CHECK_INT(layout_step_at(layout, layout->n_steps), card->len);
	enum card_err err = layout_decode(layout, data, card->len, &r);
	if (err != card->err)
		fprintf(stderr, "%s: %s\n", card->layout, card_err_name(err));
	CHECK_INT(err, card->err);
	if (card->err || err)
		return;
	CHECK(reading_is_sound(&r));
	CHECK_STR(r.layout, card->layout);
	CHECK_STR(r.class_, card->class_);
	CHECK_STR(r.key_kind, card->key_kind);
	CHECK_STR(r.number, card->number);
	CHECK_STR(r.name, card->name);
	CHECK_INT(r.reissue, card->reissue);
	CHECK_INT(r.issued, card->issued);
	CHECK_INT(r.expires, card->expires);
}

/* Every card is read, and every layout of the file has a card. */
static void check_file(const char *name, const struct seen *cards, size_t n)
{
	struct file f = load(name);
	for (size_t i = 0; i < n; i++)
		check_seen(&f, &cards[i]);
	for (gsize l = 0; l < f.n; l++) {
		size_t found = 0;
		for (size_t i = 0; i < n; i++)
			found += strcmp(cards[i].layout, f.layouts[l].name) == 0;
		if (found == 0)
			fprintf(stderr, "no card for %s\n", f.layouts[l].name);
		CHECK(found > 0);
	}
	g_free(f.layouts);
}

static void every_form_seen_at_a_university_is_read_as_it_was_seen(void)
{
	check_file("samples/layouts-seen.conf", seen, G_N_ELEMENTS(seen));
}

static void every_other_sample_reads_its_card(void)
{
	check_file("samples/layouts-others.conf", others, G_N_ELEMENTS(others));
	check_file("samples/layouts-tokens.conf", tokens, G_N_ELEMENTS(tokens));
}

/* Bytes of a layout that reads the service of the FCF layout. */
static bool is_fcf(const struct card_layout *l)
{
	return l->steps[0].code == 0xFE00 && l->steps[1].code == 0x1A8B;
}

/* Without a school id to compare, it is the patterns that must keep other forms out. */
static void the_default_layout_reads_no_other_form_for_something_else(void)
{
	struct file f = load("samples/layouts-seen.conf"), d = load("defaults/layouts.conf");
	struct card_layout any_school = d.layouts[0];
	unsigned n = 0;
	any_school.school_id[0] = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(seen); i++) {
		uint8_t data[LAYOUT_DATA_MAX];
		struct card_reading r = {0};
		if (!is_fcf(find(&f, seen[i].layout)))
			continue;
		write_card(&seen[i], data);
		CHECK(layout_decode(&d.layouts[0], data, seen[i].len, &r) != CARD_ERR_OK);
		if (layout_decode(&any_school, data, seen[i].len, &r) == CARD_ERR_OK)
			CHECK_STR(r.number, seen[i].number);
		n++;
	}
	CHECK(n >= 20);
	g_free(f.layouts);
	g_free(d.layouts);
}

/* Each form is told from an empty card and from another's with its own layout, too. */
static void a_card_without_data_is_told_by_every_layout(void)
{
	static const uint8_t nothing[LAYOUT_DATA_MAX];
	static const char *const names[] = {"samples/layouts-seen.conf",
		"samples/layouts-others.conf", "samples/layouts-tokens.conf",
		"defaults/layouts.conf"};
	for (gsize k = 0; k < G_N_ELEMENTS(names); k++) {
		struct file f = load(names[k]);
		for (gsize i = 0; i < f.n; i++) {
			struct card_reading r = {0};
			size_t len = layout_step_at(&f.layouts[i], f.layouts[i].n_steps);
			CHECK_INT(layout_decode(&f.layouts[i], nothing, len, &r), CARD_ERR_NO_DATA);
		}
		g_free(f.layouts);
	}
}

/* Two schools on one campus: the same service, each with its own id and form of number. */
static const char joint[] =
	"[east]\nsteps=system FE00;read 1A8B 0-3\nnumber=2+12\nkey-kind=student-number\n"
	"patterns=99-999999\nschool=32+8\nschool-id=13990001\n"
	"[west]\nsteps=system FE00;read 1A8B 0-3\nnumber=2+8\nkey-kind=west-number\n"
	"patterns=99A99999\nschool=32+8\nschool-id=13770002\n"
	"[west-old]\nsteps=system FE00;read 1A8B 0-3\nnumber=4+7\nkey-kind=west-old-number\n"
	"patterns=A999999\nschool=32+8\nschool-id=13770002\n";

/* A card with these 64 bytes in an ACS reader, whatever order it is asked in. */
static void card_script(struct script *s, const uint8_t data[64])
{
	char answer[256] = "4D07 0114B3141592653A 000004 ";
	size_t len = strlen(answer);
	for (size_t i = 0; i < 64; i++)
		len += (size_t)snprintf(answer + len, sizeof answer - len, "%02X", data[i]);
	snprintf(answer + len, sizeof answer - len, "9000");
	script_init(s, speech_readers[ACS]);
	s->any_order = true;
	script_add(s, "FF000000060600FE000000", "12010114B3141592653A100B4B428485D0FF 9000");
	script_add(s, "FF000000161606 0114B3141592653A 018B1A048000800180028003", answer);
}

static enum card_err read_joint(const struct seen *card, struct card_reading *ret)
{
	struct file f = load_text(joint);
	uint8_t data[LAYOUT_DATA_MAX];
	struct script s;
	struct card_trace trace;
	write_card(card, data);
	card_script(&s, data);
	enum card_err err = sample_read(&s, f.layouts, f.n, ret, &trace);
	CHECK_INT(s.open, 0);
	g_free(f.layouts);
	return err;
}

static void layouts_of_one_file_are_tried_in_turn_each_with_its_own_patterns(void)
{
	static const struct {
		struct seen card;
		const char *layout;
	} rows[] = {
		{{"", 64,
			 {PART(0, "0137-246801\0\0\0"
				  "01"),
				 PART(32, "13990001")},
			 CARD_ERR_OK, "", "student-number", "37-246801", "", -1, 0, 0},
			"east"},
		{{"", 64, {PART(0, "0124A00777    01"), PART(32, "13770002")}, CARD_ERR_OK, "",
			 "west-number", "24A00777", "", -1, 0, 0},
			"west"},
		{{"", 64, {PART(0, "01  A123456   01"), PART(32, "13770002")}, CARD_ERR_OK, "",
			 "west-old-number", "A123456", "", -1, 0, 0},
			"west-old"},
		/* East's number at West's school, and a third school: none of ours. */
		{{"", 64,
			 {PART(0, "0137-246801\0\0\0"
				  "01"),
				 PART(32, "13770002")},
			 CARD_ERR_FOREIGN, NULL, NULL, NULL, NULL, 0, 0, 0},
			NULL},
		{{"", 64,
			 {PART(0, "0137-246801\0\0\0"
				  "01"),
				 PART(32, "13770003")},
			 CARD_ERR_FOREIGN, NULL, NULL, NULL, NULL, 0, 0, 0},
			NULL},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct card_reading r = {0};
		CHECK_INT(read_joint(&rows[i].card, &r), rows[i].card.err);
		if (rows[i].card.err)
			continue;
		CHECK_STR(r.layout, rows[i].layout);
		CHECK_STR(r.number, rows[i].card.number);
		CHECK_STR(r.key_kind, rows[i].card.key_kind);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
		{"every form seen at a university is read as it was seen",
			every_form_seen_at_a_university_is_read_as_it_was_seen},
		{"every other sample reads its card", every_other_sample_reads_its_card},
		{"the default layout reads no other form for something else",
			the_default_layout_reads_no_other_form_for_something_else},
		{"a card without data is told by every layout",
			a_card_without_data_is_told_by_every_layout},
		{"layouts of one file are tried in turn, each with its own patterns",
			layouts_of_one_file_are_tried_in_turn_each_with_its_own_patterns},
	};
	return CHECK_MAIN("layouts seen", cases);
}
