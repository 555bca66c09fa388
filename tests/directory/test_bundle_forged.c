/* SPDX-License-Identifier: MIT
 *
 * test_bundle_forged.c - who signs may be wrong: what a signed bundle says is held to every rule.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/directory/shelf.h"

/* The header of the sample's bundle with one thing in it changed, signed. */
static int with_header(const struct shelf *s, gsize at, guint64 value, gsize size)
{
	g_autoptr(GByteArray) bytes = shelf_load(s->path);
	g_autofree char *path = shelf_file(s, "forged.bundle");
	guint64 le = GUINT64_TO_LE(value);
	memcpy(bytes->data + at, &le, size);
	forge_sign(&s->forge, bytes);
	shelf_save(path, bytes);
	return shelf_take(s, path, FALSE);
}

static void a_signed_header_is_not_believed_either(void)
{
	static const struct {
		gsize at;
		guint64 value;
		gsize size;
		int want;
	} rows[] = {
		{8, 2, 4, REFUSED(NEWER)}, {8, G_MAXUINT32, 4, REFUSED(NEWER)},
		{8, 0, 4, REFUSED(NEWER)},
		{12, 1u << BUNDLE_COLUMN_COUNT, 4, REFUSED(FORM)}, /* a column nobody knows */
		{12, 0, 4, BAD_ROW}, /* and those that are not named */
		{16, 0, 8, REFUSED(FORM)}, {16, G_MAXUINT64, 8, 0}, /* a large serial is one */
		{24, 0, 8, REFUSED(FORM)}, {24, (guint64)-1, 8, REFUSED(FORM)},
		{24, G_MAXINT64, 8, REFUSED(FUTURE)}, {32, 0, 8, REFUSED(FORM)},
		{32, 32, 8, BAD_ROW}, {32, 34, 8, BAD_ROW}, {32, G_MAXUINT64, 8, REFUSED(FORM)},
		{40, 0, 8, REFUSED(FORM)}, {40, 2, 8, REFUSED(FORM)},
		{40, G_MAXUINT64, 8, REFUSED(FORM)}, {64, 0, 1, REFUSED(FORM)}, /* no issuer */
		{64, 0x0a, 1, REFUSED(FORM)}, /* a line break in it */
		{64, 0xff, 1, REFUSED(FORM)}, /* not UTF-8 */
		{127, 'x', 1, REFUSED(FORM)}, /* not filled up with NUL */
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct shelf s;
		shelf_make(&s);
		int got = with_header(&s, rows[i].at, rows[i].value, rows[i].size);
		if (got != rows[i].want)
			fprintf(stderr, "row %" G_GSIZE_FORMAT "\n", i);
		CHECK_INT(got, rows[i].want);
		CHECK_INT(access(s.w.snapshot, F_OK), rows[i].want ? -1 : 0);
		shelf_remove(&s);
	}
}

/* One account, and what a forger does to it. */
static void fill_record(struct import_record *record)
{
	*record = (struct import_record){
		.person = {.common_id = "0000000001", .n_cards = 1, .n_roles = 1}};
	record->person.cards[0] =
		(struct person_card){.kind = "student-number", .number = "37-000001"};
	record->person.roles[0] = (struct person_role){.kind = ROLE_STUDENT, .affiliation = "37"};
}

static void spoil_id(struct import_record *r)
{
	r->person.common_id[0] = 'x';
}
static void spoil_short(struct import_record *r)
{
	r->person.common_id[9] = '\0';
}
static void spoil_name(struct import_record *r)
{
	r->person.name_ja[0] = '\n';
}
static void spoil_utf8(struct import_record *r)
{
	r->person.name_en[0] = (char)0xff;
}
static void spoil_link(struct import_record *r)
{
	r->link[0] = '\x1b';
}
static void spoil_kind(struct import_record *r)
{
	r->person.cards[0].kind[0] = '\0';
}
static void spoil_number(struct import_record *r)
{
	r->person.cards[0].number[0] = ' ';
}
static void spoil_reissue(struct import_record *r)
{
	r->person.cards[0].reissue = -2;
}
static void spoil_date(struct import_record *r)
{
	r->person.cards[0].expires = 20260230;
}
static void spoil_negative(struct import_record *r)
{
	r->person.cards[0].expires = -20260101;
}
static void spoil_role(struct import_record *r)
{
	memcpy(r->person.roles[0].affiliation, "3 7", sizeof "3 7");
}
static void spoil_until(struct import_record *r)
{
	r->person.roles[0].until = 1;
}
static void spoil_own(struct import_record *r)
{
	g_strlcpy(r->person.cards[0].kind, "common-id", PERSON_WORD_SIZE);
}
static void spoil_twice(struct import_record *r)
{
	r->person.cards[1] = r->person.cards[0];
	r->person.n_cards = 2;
}
static void spoil_nothing(struct import_record *r)
{
}

static int with_record(const struct shelf *s, void (*spoil)(struct import_record *), guint copies)
{
	struct bundle_header header = {
		.info = {.serial = 8, .as_of = AS_OF, .persons = copies, .issuer = "x"},
		.chunks = 1};
	g_autofree guint8 *clear = g_malloc0(BUNDLE_CLEAR_SIZE);
	g_autofree char *path = shelf_file(s, "forged.bundle");
	guint8 bytes[BUNDLE_HEADER_SIZE];
	struct packer p = {clear, clear + BUNDLE_CLEAR_SIZE, TRUE};
	struct import_record record;
	fill_record(&record);
	spoil(&record);
	for (guint i = 0; i < copies; i++)
		CHECK(bundle_record_pack(&p, &record));
	header.info.columns = bundle_record_columns(&record);
	bundle_header_pack(&header, bytes);
	g_autoptr(GByteArray) bundle = forge_bundle(&s->forge, bytes, clear, 1, NULL);
	shelf_save(path, bundle);
	return shelf_take(s, path, FALSE);
}

static void a_signed_account_is_held_to_the_rules_of_a_file(void)
{
	static void (*const spoils[])(struct import_record *) = {spoil_id, spoil_short, spoil_name,
		spoil_utf8, spoil_link, spoil_kind, spoil_number, spoil_reissue, spoil_date,
		spoil_negative, spoil_role, spoil_until, spoil_own, spoil_twice};
	struct shelf s;
	shelf_make(&s);
	for (gsize i = 0; i < G_N_ELEMENTS(spoils); i++)
		CHECK_INT(with_record(&s, spoils[i], 1), BAD_ROW);
	CHECK_INT(with_record(&s, spoil_nothing, 2), REFUSED(FORM));
	CHECK(access(s.w.snapshot, F_OK) != 0);
	CHECK_INT(with_record(&s, spoil_nothing, 1), 0);
	shelf_remove(&s);
}

static void an_account_does_not_reach_beyond_its_chunk(void)
{
	guint8 bytes[BUNDLE_RECORD_MAX + 2];
	struct packer p = {bytes, bytes + sizeof bytes, TRUE};
	struct import_record record;
	fill_record(&record);
	CHECK(bundle_record_pack(&p, &record));
	for (const guint8 *end = bytes; end <= p.at; end++) {
		const char *why = NULL;
		struct unpacker u = {bytes, end, TRUE};
		CHECK_INT(bundle_record_unpack(&u, &record, &why), end == p.at       ? IMPORT_RECORD
								   : end - bytes < 2 ? IMPORT_END
										     : IMPORT_BAD);
	}
}

static void a_length_within_a_chunk_is_bounded(void)
{
	struct shelf s;
	struct bundle_header header = {
		.info = {.serial = 8, .as_of = AS_OF, .persons = 1, .issuer = "x"}, .chunks = 1};
	guint8 bytes[BUNDLE_HEADER_SIZE];
	g_autofree guint8 *clear = g_malloc0(BUNDLE_CLEAR_SIZE);
	shelf_make(&s);
	g_autofree char *path = shelf_file(&s, "forged.bundle");
	bundle_header_pack(&header, bytes);
	for (guint len = 0; len <= G_MAXUINT16; len += 257) {
		clear[0] = (guint8)(len & 0xff);
		clear[1] = (guint8)(len >> 8);
		g_autoptr(GByteArray) bundle = forge_bundle(&s.forge, bytes, clear, 1, NULL);
		shelf_save(path, bundle);
		CHECK_INT(shelf_take(&s, path, FALSE), BAD_ROW);
	}
	shelf_remove(&s);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a signed header is not believed either", a_signed_header_is_not_believed_either},
		{"a signed account is held to the rules of a file",
			a_signed_account_is_held_to_the_rules_of_a_file},
		{"an account does not reach beyond its chunk",
			an_account_does_not_reach_beyond_its_chunk},
		{"a length within a chunk is bounded", a_length_within_a_chunk_is_bounded},
	};
	return CHECK_MAIN("bundle-forged", cases);
}
