/* SPDX-License-Identifier: MIT
 *
 * Layouts for several kinds of card in one file, as a joint campus has them: tried in the
 * order of the file, each with its own patterns. Through a real pcscd.
 */
#include "tests/check.h"

#include "tests/seen/shelf.h"
#include "tests/virtual/bench.h"
#include "tests/virtual/vcard.h"

#define LAYOUTS_MAX 8

static const enum reader_kind kinds[] = {
	READER_KIND_SESSION,
	READER_KIND_SONY_FRAME,
	READER_KIND_SONY_SELECT,
	READER_KIND_DIRECT,
	READER_KIND_ACR122,
	READER_KIND_IDENTIV,
};

static struct bench bench;
static struct card_transport *transport;

/* What a card is read as. */
struct row {
	const char *dir, *id;
	enum card_err err;
	const char *layout, *key_kind, *number;
};

#define FIELD VCARD_FIELD_DIR
#define PLAIN VCARD_DIR

static void lay(size_t reader, const struct row *row)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(row->dir, row->id, &error);
	CHECK(card != NULL);
	if (card)
		field_insert(bench.fields[reader], card);
	vcard_free(card);
	CHECK(bench_wait(&bench, reader, SCARD_STATE_PRESENT, true) != 0);
}

static void read_row(const struct card_job *job, const struct row *row, size_t reader)
{
	struct card_reading got = {0};
	struct card_trace trace = {0};
	lay(reader, row);
	enum card_err err = card_read(transport, bench_reader(&bench, reader), job, &got, &trace);
	if (err != row->err)
		fprintf(stderr, "%s, %s: %s at step %s, SW %04x, flags %04x\n", row->id,
			reader_kind_name(kinds[reader]), card_err_name(err), trace.step, trace.sw,
			trace.flags);
	CHECK_STR(card_err_name(err), card_err_name(row->err));
	if (!err && !row->err) {
		CHECK_STR(got.layout, row->layout);
		CHECK_STR(got.key_kind, row->key_kind);
		CHECK_STR(got.number, row->number);
	}
	reading_wipe(&got);
	bench_clear(&bench, reader);
}

static void read_rows(
	const struct card_layout *layouts, size_t n, const struct row *rows, size_t n_rows)
{
	struct dialect_memory memory = {0};
	const struct card_job job = shelf_job(layouts, n, &memory);
	for (size_t reader = 0; reader < G_N_ELEMENTS(kinds); reader++)
		for (size_t i = 0; i < n_rows; i++)
			read_row(&job, &rows[i], reader);
}

/* The default layout and then these of a sample file, as somebody would copy them together. */
static size_t collect(const char *file, const char *const *names, struct card_layout *ret)
{
	struct shelf own = shelf_read("defaults/layouts.conf"), more = shelf_read(file);
	size_t n = 0;
	ret[n++] = own.layouts[0];
	for (size_t i = 0; names[i] && n < LAYOUTS_MAX; i++)
		ret[n++] = *shelf_find(&more, names[i]);
	shelf_clear(&own);
	shelf_clear(&more);
	return n;
}

static void cards_of_several_systems_are_each_read_with_their_own_layout(void)
{
	static const char *const names[] = {
		"seen-ibaraki", "seen-ibaraki-second", "seen-09cb", "seen-200b-second", NULL};
	static const struct row rows[] = {
		{PLAIN, "student", CARD_ERR_OK, "fcf", "student-number", "37-246801"},
		{FIELD, "rw-81f8", CARD_ERR_OK, "seen-ibaraki", "student-number", "99T1234A"},
		{FIELD, "rw-81f8-second", CARD_ERR_OK, "seen-ibaraki-second", "student-number",
			"99T1234B"},
		{FIELD, "rw-09cb", CARD_ERR_OK, "seen-09cb", "student-number", "99T12345"},
		{FIELD, "rw-200b-block1", CARD_ERR_OK, "seen-200b-second", "student-number",
			"99123456"},
		{PLAIN, "staff", CARD_ERR_OK, "fcf", "staff-number", "0012345"},
		{PLAIN, "other-university", CARD_ERR_FOREIGN, NULL, NULL, NULL},
		{FIELD, "rw-coop", CARD_ERR_NO_DATA, NULL, NULL, NULL},
	};
	struct card_layout layouts[LAYOUTS_MAX];
	size_t n = collect("samples/layouts-seen.conf", names, layouts);
	read_rows(layouts, n, rows, G_N_ELEMENTS(rows));
}

static void campus_cards_files_and_numbers_of_chips_live_in_one_file(void)
{
	static const char *const names[] = {
		"fcf-un", "iso-file", "iso-record", "uid-7", "uid-4", NULL};
	static const struct row rows[] = {
		{PLAIN, "student", CARD_ERR_OK, "fcf", "student-number", "37-246801"},
		{FIELD, "fcf-un", CARD_ERR_OK, "fcf-un", "card-serial", "3921019912345678"},
		{FIELD, "iso-binary", CARD_ERR_OK, "iso-file", "student-number", "99-246801"},
		{FIELD, "iso-record", CARD_ERR_OK, "iso-record", "common-id", "0099246801"},
		{FIELD, "iso-long", CARD_ERR_OK, "uid-7", "card-serial", "04A1B2C3D4E591"},
		{FIELD, "mifare-7", CARD_ERR_OK, "uid-7", "card-serial", "04A1B2C3D4E580"},
		{FIELD, "mifare-uid", CARD_ERR_OK, "uid-4", "card-serial", "5AA1B2C4"},
		{FIELD, "mifare-random", CARD_ERR_UNKNOWN_CARD, NULL, NULL, NULL},
		{FIELD, "wallet-mifare", CARD_ERR_OK, "uid-4", "card-serial", "5AA1B2C5"},
		{FIELD, "wallet", CARD_ERR_OK, "fcf", "student-number", "99-246803"},
		{PLAIN, "other-university", CARD_ERR_FOREIGN, NULL, NULL, NULL},
	};
	struct card_layout layouts[LAYOUTS_MAX];
	size_t n = collect("samples/layouts-others.conf", names, layouts);
	read_rows(layouts, n, rows, G_N_ELEMENTS(rows));
}

/* Two universities on one campus: the same service, each with its school and its numbers. */
static const char joint[] =
	"[east]\nsteps=system FE00;read 1A8B 0-3\nclass=0+2\nclass.01=student\n"
	"class.11=staff staff-number\nnumber=2+12\nkey-kind=student-number\n"
	"patterns=99-999999;9999999\nschool=32+8\nschool-id=13990001\n"
	"[west]\nsteps=system FE00;read 1A8B 0-3\nnumber=2+12\nkey-kind=west-number\n"
	"patterns=99A99999\nschool=32+8\nschool-id=13770002\n";

static void two_universities_of_one_campus_are_told_apart_in_either_order(void)
{
	static const struct row rows[] = {
		{PLAIN, "student", CARD_ERR_OK, "east", "student-number", "37-246801"},
		{PLAIN, "other-university", CARD_ERR_OK, "west", "west-number", "24A00777"},
		{PLAIN, "staff", CARD_ERR_OK, "east", "staff-number", "0012345"},
		{FIELD, "wallet-two", CARD_ERR_OK, "east", "student-number", "99-246804"},
		{FIELD, "rw-eight", CARD_ERR_FOREIGN, NULL, NULL, NULL},
		{FIELD, "rw-110b", CARD_ERR_UNKNOWN_CARD, NULL, NULL, NULL},
		{PLAIN, "no-data", CARD_ERR_NO_DATA, NULL, NULL, NULL},
	};
	struct shelf f = shelf_parse(joint);
	const struct card_layout turned[] = {f.layouts[1], f.layouts[0]};
	read_rows(f.layouts, f.n, rows, G_N_ELEMENTS(rows));
	read_rows(turned, 2, rows, G_N_ELEMENTS(rows));
	shelf_clear(&f);
}

static void of_two_layouts_that_fit_the_first_of_the_file_is_used(void)
{
	static const struct row first[] = {
		{FIELD, "rw-eleven", CARD_ERR_OK, "seen-eleven", "student-number", "99T12345678"}};
	static const struct row second[] = {
		{FIELD, "rw-eleven", CARD_ERR_OK, "seen-viewer", "student-number", "99T12345678"}};
	struct shelf f = shelf_read("samples/layouts-seen.conf");
	const struct card_layout layouts[] = {
		*shelf_find(&f, "seen-eleven"), *shelf_find(&f, "seen-viewer")};
	const struct card_layout turned[] = {layouts[1], layouts[0]};
	read_rows(layouts, 2, first, 1);
	read_rows(turned, 2, second, 1);
	shelf_clear(&f);
}

/* Beside a MIFARE card that no layout wants, which the reader chose of the two. */
static void a_campus_card_in_a_wallet_is_found_by_a_file_of_several_kinds(void)
{
	static const char *const names[] = {"iso-file", "uid-7", NULL};
	static const struct row rows[] = {
		{FIELD, "wallet-mifare", CARD_ERR_OK, "fcf", "student-number", "37-246801"},
		{FIELD, "mifare-uid", CARD_ERR_UNKNOWN_CARD, NULL, NULL, NULL},
	};
	struct card_layout layouts[LAYOUTS_MAX];
	size_t n = collect("samples/layouts-others.conf", names, layouts);
	const struct card_job job = shelf_job(layouts, n, NULL);
	for (size_t reader = 0; reader < G_N_ELEMENTS(kinds); reader++)
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
			if (kinds[reader] != READER_KIND_SONY_SELECT) /* knows the one alone */
				read_row(&job, &rows[i], reader);
}

/* A token shows at every desk what it is; where its MAC is wrong, no other layout takes it. */
static void tokens_and_campus_cards_are_told_apart_by_one_file(void)
{
	static const char *const names[] = {"token", NULL};
	static const struct row rows[] = {
		{PLAIN, "student", CARD_ERR_OK, "fcf", "student-number", "37-246801"},
		{FIELD, "lite-s", CARD_ERR_OK, "token", "student-number", "99-246801"},
		{FIELD, "lite-s-forged", CARD_ERR_UNPROVEN, NULL, NULL, NULL},
		{PLAIN, "student", CARD_ERR_OK, "fcf", "student-number", "37-246801"},
	};
	struct card_layout layouts[LAYOUTS_MAX];
	size_t n = collect("samples/layouts-tokens.conf", names, layouts);
	const struct card_job job = shelf_job(layouts, n, NULL);
	for (size_t reader = 0; reader < G_N_ELEMENTS(kinds); reader++)
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
			if (kinds[reader] != READER_KIND_SONY_SELECT &&
				kinds[reader] != READER_KIND_IDENTIV) /* they cannot write */
				read_row(&job, &rows[i], reader);
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(cards_of_several_systems_are_each_read_with_their_own_layout),
		CASE(campus_cards_files_and_numbers_of_chips_live_in_one_file),
		CASE(two_universities_of_one_campus_are_told_apart_in_either_order),
		CASE(of_two_layouts_that_fit_the_first_of_the_file_is_used),
		CASE(a_campus_card_in_a_wallet_is_found_by_a_file_of_several_kinds),
		CASE(tokens_and_campus_cards_are_told_apart_by_one_file),
	};
	int code = bench_start_with(&bench, kinds, G_N_ELEMENTS(kinds));
	if (code == 0) {
		transport = transport_pcsc_new();
		code = CHECK_MAIN("several layouts in one file", cases);
		transport = transport_pcsc_free(transport);
	}
	bench_stop(&bench);
	return code;
}
