/* SPDX-License-Identifier: MIT
 *
 * Each card of the field, read with the layout that is shipped for it: through a real
 * pcscd, in readers of every make.
 */
#include "tests/check.h"

#include "tests/seen/shelf.h"
#include "tests/seen/table.h"
#include "tests/virtual/bench.h"
#include "tests/virtual/vcard.h"

static struct bench bench;
static struct card_transport *transport;
static struct shelf shelves[TABLE_FILES];
static struct dialect_memory memory; /* as the counter has one: what a reader spoke before */

/* NULL: it carries no question to a FeliCa card. */
static const char *const dialects[] = {
	[READER_KIND_SESSION] = "transparent",
	[READER_KIND_SESSION_ESCAPE] = "transparent-escape",
	[READER_KIND_SONY_FRAME] = "sony-frame",
	[READER_KIND_SONY_SELECT] = "sony-select",
	[READER_KIND_DIRECT] = "acs-direct",
	[READER_KIND_ACR122] = "acr122",
	[READER_KIND_ACR122_T0] = "acr122",
	[READER_KIND_IDENTIV] = "identiv",
	[READER_KIND_PLAIN] = NULL,
};
_Static_assert(sizeof(dialects) / sizeof(dialects[0]) == READER_KIND_COUNT, "every kind");

/* What a make of reader cannot do. */
static const struct {
	const char *id;
	enum reader_kind kind;
	enum card_err err;
} exceptions[] = {
	/* These frame for themselves, and have no command to write the challenge with. */
	{"lite-s", READER_KIND_SONY_SELECT, CARD_ERR_NO_DIALECT},
	{"lite-s", READER_KIND_IDENTIV, CARD_ERR_NO_DIALECT},
	{"lite-s-forged", READER_KIND_SONY_SELECT, CARD_ERR_NO_DIALECT},
	{"lite-s-forged", READER_KIND_IDENTIV, CARD_ERR_NO_DIALECT},
	/* It reads of the system that answered its poll, and no other can be named to it. */
	{"poll-first", READER_KIND_IDENTIV, CARD_ERR_PROTOCOL},
	/* Their only word for the card is the number of the MIFARE chip before it. */
	{"wallet-mifare", READER_KIND_SONY_SELECT, CARD_ERR_UNKNOWN_CARD},
	{"wallet-mifare", READER_KIND_PLAIN, CARD_ERR_UNKNOWN_CARD},
};

static enum card_err expected(const struct table_row *row, enum reader_kind kind)
{
	const struct card_layout *layout = shelf_find(&shelves[row->file], row->layout);
	for (size_t i = 0; i < G_N_ELEMENTS(exceptions); i++)
		if (strcmp(exceptions[i].id, row->id) == 0 && exceptions[i].kind == kind)
			return exceptions[i].err;
	return layout_is_felica(layout) && !dialects[kind] ? CARD_ERR_NO_DIALECT : row->err;
}

/* That make names no card in its answers: the number is the one the reader tells (FF CA), here
 * the transit card's. */
static const char *idm_of(const struct table_row *row, enum reader_kind kind)
{
	if (strcmp(row->id, "wallet-transit-first") == 0 && kind == READER_KIND_SONY_SELECT)
		return "012E4C0A1122330C";
	return row->idm;
}

static const char *dialect_of(const struct table_row *row, enum reader_kind kind)
{
	const struct card_layout *layout = shelf_find(&shelves[row->file], row->layout);
	return layout_is_felica(layout) ? dialects[kind] : DIALECT_NONE;
}

static void check_reading(
	const struct table_row *row, enum reader_kind kind, const struct card_reading *got)
{
	char idm[2 * IDM_SIZE + 1];
	for (size_t i = 0; i < IDM_SIZE; i++)
		snprintf(idm + 2 * i, 3, "%02X", got->idm[i]);
	CHECK_STR(got->layout, row->layout);
	CHECK_STR(got->class_, row->class_);
	CHECK_STR(got->key_kind, row->key_kind);
	CHECK_STR(got->number, row->number);
	CHECK_STR(got->name, row->name);
	CHECK_INT(got->reissue, row->reissue);
	CHECK_INT(got->issued, row->issued);
	CHECK_INT(got->expires, row->expires);
	CHECK_STR(idm, idm_of(row, kind));
	CHECK_INT(got->stable_idm, row->stable_idm);
	CHECK_INT(got->assurance, row->assurance);
	CHECK_STR(got->reader, bench_reader(&bench, kind));
	CHECK_STR(got->dialect, dialect_of(row, kind));
}

static void lay(enum reader_kind kind, const char *id)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = vcard_find(VCARD_FIELD_DIR, id, &error);
	CHECK(card != NULL);
	if (card)
		field_insert(bench.fields[kind], card);
	vcard_free(card);
}

static enum card_err read_once(const struct table_row *row, enum reader_kind kind,
	struct card_reading *ret, struct card_trace *trace)
{
	const struct card_job job =
		shelf_job(shelf_find(&shelves[row->file], row->layout), 1, &memory);
	CHECK(bench_wait(&bench, kind, SCARD_STATE_PRESENT, true) != 0);
	return card_read(transport, bench_reader(&bench, kind), &job, ret, trace);
}

/* Again and again, as long as the contact breaks. */
static enum card_err read_still(const struct table_row *row, enum reader_kind kind,
	struct card_reading *ret, struct card_trace *trace)
{
	double until = bench_now_ms() + BENCH_EVENT_MS;
	enum card_err err = read_once(row, kind, ret, trace);
	if (!row->flaps)
		return err;
	CHECK_STR(card_err_name(err), "removed");
	while (err == CARD_ERR_REMOVED && bench_now_ms() < until)
		err = read_once(row, kind, ret, trace);
	return err;
}

/* Reader i of the bench is of kind i. */
static void read_row(const struct table_row *row, enum reader_kind kind)
{
	struct card_reading got = {0};
	struct card_trace trace = {0};
	enum card_err want = expected(row, kind);
	lay(kind, row->id);
	enum card_err err = read_still(row, kind, &got, &trace);
	if (err != want)
		fprintf(stderr, "%s, %s: %s at step %s, SW %04x, flags %04x\n", row->id,
			reader_kind_name(kind), card_err_name(err), trace.step, trace.sw,
			trace.flags);
	CHECK_STR(card_err_name(err), card_err_name(want));
	if (!err && !want)
		check_reading(row, kind, &got);
	reading_wipe(&got);
	bench_clear(&bench, kind);
}

static void every_card_is_read_with_its_layout_in_a_reader_of_every_make(void)
{
	const struct table_row *row;
	for (size_t i = 0; (row = table_row(i)); i++)
		for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
			read_row(row, kind);
}

/* 300 bytes: more than one command brings, from a chip that corrects the length asked for. */
static void a_long_file_is_read_to_its_end(void)
{
	struct shelf f = shelf_parse("[long]\nsteps=select F0544F444149;file 011E;binary 0 300\n"
				     "number=294+6\nnumber-form=hex\nkey-kind=common-id\n"
				     "patterns=XXXXXXXXXXXX\n");
	const struct card_job job = shelf_job(f.layouts, f.n, &memory);
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++) {
		struct card_reading got = {0};
		struct card_trace trace = {0};
		lay(kind, "iso-long");
		CHECK(bench_wait(&bench, kind, SCARD_STATE_PRESENT, true) != 0);
		CHECK_INT(card_read(transport, bench_reader(&bench, kind), &job, &got, &trace),
			CARD_ERR_OK);
		CHECK_STR(got.number, "0A11181F262D");
		bench_clear(&bench, kind);
	}
	shelf_clear(&f);
}

static void no_card_of_the_field_is_left_out(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(VCARD_FIELD_DIR, &error);
	CHECK(cards != NULL);
	for (guint i = 0; cards && i < cards->len; i++) {
		const struct vcard *card = g_ptr_array_index(cards, i);
		if (!table_has(card->id))
			fprintf(stderr, "%s is not in the table\n", card->id);
		CHECK(table_has(card->id));
	}
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(every_card_is_read_with_its_layout_in_a_reader_of_every_make),
		CASE(a_long_file_is_read_to_its_end),
		CASE(no_card_of_the_field_is_left_out),
	};
	enum reader_kind kinds[READER_KIND_COUNT];
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
		kinds[kind] = kind;
	for (size_t i = 0; i < TABLE_FILES; i++)
		shelves[i] = shelf_read(table_files[i]);
	int code = bench_start_with(&bench, kinds, READER_KIND_COUNT);
	if (code == 0) {
		transport = transport_pcsc_new();
		code = CHECK_MAIN("cards of the field with the layouts that are shipped", cases);
		transport = transport_pcsc_free(transport);
	}
	bench_stop(&bench);
	for (size_t i = 0; i < TABLE_FILES; i++)
		shelf_clear(&shelves[i]);
	return code;
}
