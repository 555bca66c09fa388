/* SPDX-License-Identifier: MIT
 *
 * test_requests.c - what a filed request promises.
 */
#include "kiosk/record/requests.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>

#include "kiosk/record/ledger.h"
#include "kiosk/record/request_number.h"
#include "kiosk/record/seal.h"
#include "kiosk/record/store_private.h"
#include "tests/check.h"
#include "tests/record/folder.h"

#define MANY 120

static void file_one(struct folder *f, const char *id, struct request_receipt *ret)
{
	g_autoptr(GError) error = NULL;
	CHECK(folder_file_request(f, id, DAY, ret, &error));
	if (error)
		fprintf(stderr, "%s\n", error->message);
}

static void numbers_are_unique_valid_and_of_their_day(void)
{
	struct folder f;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	folder_make(&f);
	for (int i = 0; i < MANY; i++) {
		struct request_receipt r = {0};
		file_one(&f, SAMPLE_ID, &r);
		CHECK(request_number_valid(r.number));
		CHECK(g_str_has_prefix(r.number, "ENG1-20261122-0"));
		CHECK(g_hash_table_add(seen, g_strdup(r.number)));
		CHECK(g_uuid_string_is_valid(r.uuid) && r.uuid[14] == '4');
		CHECK(strchr("89ab", r.uuid[19]) != NULL);
		CHECK(g_hash_table_add(seen, g_strdup(r.uuid)));
		CHECK_INT(r.size, i + 1);
	}
	struct request_receipt next = {0};
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY + 1, &next, NULL));
	CHECK(g_str_has_prefix(next.number, "ENG1-20261123-0001"));
	folder_remove(&f);
}

static void the_check_character_finds_every_wrong_character_and_exchange(void)
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
	char number[REQUEST_NUMBER_SIZE];
	guint made = 0;
	for (gint64 sequence = 1; sequence < 20000; sequence += 83) {
		const char *desk = sequence % 2 ? "GAKU1" : "OI0Z2S5B8QWX";
		if (!request_number_make(desk, DAY, sequence, number))
			continue;
		made++;
		CHECK(request_number_valid(number));
		for (gsize i = 0; number[i]; i++) {
			char was = number[i];
			for (gsize c = 0; set[c]; c++) {
				number[i] = set[c];
				if (set[c] != was && request_number_valid(number))
					CHECK_STR(number, "refused");
			}
			number[i] = was;
			if (!number[i + 1] || number[i + 1] == was)
				continue;
			number[i] = number[i + 1];
			number[i + 1] = was;
			if (request_number_valid(number))
				CHECK_STR(number, "refused after an exchange");
			number[i + 1] = number[i];
			number[i] = was;
		}
	}
	CHECK(made > 200);
}

/* ISO 7064 names its own example: "0794" has check character "0" in MOD 11-2; for
 * MOD 37-2 the characters and the check must sum to 1 with weights 2^i. */
static void the_check_character_is_that_of_iso_7064(void)
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char number[REQUEST_NUMBER_SIZE];
	for (gint64 sequence = 1; sequence < 5000; sequence += 7) {
		if (!request_number_make("ENG1", DAY, sequence, number))
			continue;
		int sum = 0, weight = 1;
		for (gsize i = strlen(number); i-- > 0;) {
			if (number[i] == '-')
				continue;
			sum = (sum + weight * (int)(strchr(set, number[i]) - set)) % 37;
			weight = weight * 2 % 37;
		}
		CHECK_INT(sum, 1);
	}
}

static void no_other_form_is_a_number(void)
{
	static const char *const wrong[] = {"", "-", "ENG1", "ENG1-20261122-", "ENG1-20261122-000",
		"eng1-20261122-0001A", "ENG1-20261122-0001", "ENG1 20261122 0001A",
		"ABCDEFGHIJKLM-20261122-00010", "-20261122-00010", "ENG1-2026112-00010",
		"ENG1-20261122-000000000000000000000000000000000000000010", "ENG1-20261122-00A10"};
	char number[REQUEST_NUMBER_SIZE];
	CHECK(!request_number_valid(NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		if (request_number_valid(wrong[i]))
			CHECK_STR(wrong[i], "refused");
	CHECK(!request_number_make("eng1", DAY, 1, number));
	CHECK(!request_number_make("ENG1", DAY, 0, number));
	CHECK(!request_number_make("ENG1", DAY, REQUEST_SEQUENCE_MAX + 1, number));
	CHECK(!request_number_make("ENG1", 0, 1, number));
}

static void bad_data_is_refused_and_takes_no_number(void)
{
	struct folder f;
	struct request_receipt r = {0};
	folder_make(&f);
	g_autoptr(GBytes) good = g_bytes_new_static("{}", 2);
	g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
	g_autoptr(GBytes) zero = g_bytes_new_static("{\0}", 3);
	g_autoptr(GBytes) latin = g_bytes_new_static("{\xe9}", 3);
	g_autoptr(GBytes) large = g_bytes_new_take(g_strnfill(40000, ' '), 40000);
	const struct request_filing bad[] = {
		{"", SAMPLE_ID, DAY, NOON, good, good},
		{"eng1", SAMPLE_ID, DAY, NOON, good, good},
		{"ABCDEFGHIJKLM", SAMPLE_ID, DAY, NOON, good, good},
		{"ENG1", "", DAY, NOON, good, good},
		{"ENG1", "31415926535", DAY, NOON, good, good},
		{"ENG1", SAMPLE_ID, 20260231, NOON, good, good},
		{"ENG1", SAMPLE_ID, -1, NOON, good, good},
		{"ENG1", SAMPLE_ID, DAY, NOON, NULL, good},
		{"ENG1", SAMPLE_ID, DAY, NOON, good, NULL},
		{"ENG1", SAMPLE_ID, DAY, NOON, empty, good},
		{"ENG1", SAMPLE_ID, DAY, NOON, zero, good},
		{"ENG1", SAMPLE_ID, DAY, NOON, good, latin},
		{"ENG1", SAMPLE_ID, DAY, NOON, large, good},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		CHECK(!requests_file(f.store, &bad[i], &r, &error));
		CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
		CHECK_STR(r.number, "");
	}
	file_one(&f, SAMPLE_ID, &r);
	CHECK(g_str_has_prefix(r.number, "ENG1-20261122-0001"));
	folder_remove(&f);
}

static void one_live_request_of_a_holder_is_found(void)
{
	struct folder f;
	struct request_receipt a = {0}, b = {0};
	struct request_row row = {0};
	g_autoptr(GError) error = NULL;
	folder_make(&f);
	CHECK(!requests_live_of(f.store, SAMPLE_ID, &row, &error));
	file_one(&f, SAMPLE_ID, &a);
	file_one(&f, SAMPLE_ID_2, &b);
	CHECK(requests_live_of(f.store, SAMPLE_ID, &row, &error));
	CHECK_STR(row.number, a.number);
	CHECK_INT(row.state, OUTBOX_QUEUED);
	CHECK_INT(row.filed_at, NOON);
	CHECK(requests_cancel(f.store, a.number, "holder-asked", NOON + 5, &error));
	CHECK(!requests_live_of(f.store, SAMPLE_ID, &row, &error));
	CHECK(requests_live_of(f.store, SAMPLE_ID_2, &row, &error));
	CHECK_STR(row.number, b.number);
	CHECK(error == NULL);
	folder_remove(&f);
}

static void a_restart_keeps_every_request_and_the_ledger(void)
{
	struct folder f;
	struct request_receipt r[5] = {0};
	guint64 size = 0;
	guint8 root[32];
	folder_make(&f);
	for (guint i = 0; i < G_N_ELEMENTS(r); i++) {
		file_one(&f, i % 2 ? SAMPLE_ID : SAMPLE_ID_2, &r[i]);
		folder_reopen(&f);
	}
	g_autoptr(GArray) rows = requests_list(f.store, OUTBOX_QUEUED, 100, NULL);
	CHECK_INT(rows->len, G_N_ELEMENTS(r));
	for (guint i = 0; i < rows->len; i++)
		CHECK_STR(g_array_index(rows, struct request_row, i).number, r[i].number);
	CHECK(requests_ledger(f.store, &size, root, NULL));
	CHECK_INT(size, G_N_ELEMENTS(r));
	CHECK(memcmp(root, r[4].root, sizeof root) == 0);
	g_autoptr(GArray) two = requests_list(f.store, OUTBOX_QUEUED, 2, NULL);
	CHECK_INT(two->len, 2);
	folder_remove(&f);
}

static void from_hex(const char *text, guint8 *ret, gsize n)
{
	for (gsize i = 0; i < n; i++)
		ret[i] = (guint8)(g_ascii_xdigit_value(text[2 * i]) << 4 |
				  g_ascii_xdigit_value(text[2 * i + 1]));
}

/* As somebody who was given the envelope and the log would do it. */
static void leaf_of(JsonObject *o, guint8 ret[32])
{
	const char *payload = json_object_get_string_member(o, "payload");
	const char *evidence = json_object_get_string_member(o, "evidence");
	GByteArray *text = g_byte_array_new();
	guint8 hash[32], salt[32], leaf[32];
	g_autofree char *head =
		g_strdup_printf("%s\n%s\n", json_object_get_string_member(o, "number"),
			json_object_get_string_member(o, "uuid"));
	g_byte_array_append(text, (guint8 *)head, (guint)strlen(head));
	seal_sha256(payload, strlen(payload), hash);
	g_byte_array_append(text, hash, sizeof hash);
	seal_sha256(evidence, strlen(evidence), hash);
	g_byte_array_append(text, hash, sizeof hash);
	from_hex(json_object_get_string_member(o, "salt"), salt, sizeof salt);
	seal_hmac(salt, text->data, text->len, leaf);
	ledger_leaf_hash(leaf, sizeof leaf, ret);
	g_byte_array_unref(text);
}

static void the_envelope_is_frozen_and_proves_its_leaf(void)
{
	struct folder f;
	struct request_receipt r = {0};
	guint8 leaf[32], root[32];
	folder_make(&f);
	file_one(&f, SAMPLE_ID, &r);
	g_autoptr(GBytes) first = requests_envelope(f.store, r.number, NULL);
	folder_reopen(&f);
	g_autoptr(GBytes) second = requests_envelope(f.store, r.number, NULL);
	CHECK(first && second && g_bytes_equal(first, second));
	g_autoptr(JsonParser) parser = json_parser_new();
	CHECK(json_parser_load_from_data(
		parser, g_bytes_get_data(first, NULL), (gssize)g_bytes_get_size(first), NULL));
	JsonObject *o = json_node_get_object(json_parser_get_root(parser));
	CHECK_INT(json_object_get_int_member(o, "v"), 2);
	CHECK_INT(json_object_get_int_member(o, "size"), 1);
	CHECK_STR(json_object_get_string_member(o, "number"), r.number);
	CHECK_STR(json_object_get_string_member(o, "uuid"), r.uuid);
	CHECK(strstr(json_object_get_string_member(o, "payload"), SAMPLE_NAME) != NULL);
	/* A tree of one leaf has the leaf as root. */
	leaf_of(o, leaf);
	CHECK(memcmp(leaf, r.root, sizeof leaf) == 0);
	from_hex(json_object_get_string_member(o, "root"), root, sizeof root);
	CHECK(memcmp(root, r.root, sizeof root) == 0);
	folder_remove(&f);
}

static void every_byte_of_a_payload_comes_out_as_it_went_in(void)
{
	static const char text[] = "\x01\x1f\b\f\n\r\t \"\\/{}<>&\x7fé東😀";
	struct folder f;
	struct request_receipt r = {0};
	g_autoptr(GBytes) payload = g_bytes_new_static(text, sizeof text - 1);
	struct request_filing filing = {"A", SAMPLE_ID, DAY, NOON, payload, payload};
	folder_make(&f);
	CHECK(requests_file(f.store, &filing, &r, NULL));
	g_autoptr(GBytes) envelope = requests_envelope(f.store, r.number, NULL);
	g_autoptr(JsonParser) parser = json_parser_new();
	CHECK(json_parser_load_from_data(parser, g_bytes_get_data(envelope, NULL),
		(gssize)g_bytes_get_size(envelope), NULL));
	JsonObject *o = json_node_get_object(json_parser_get_root(parser));
	CHECK_STR(json_object_get_string_member(o, "payload"), text);
	CHECK_STR(json_object_get_string_member(o, "evidence"), text);
	folder_remove(&f);
}

static void nothing_of_the_person_stands_in_any_file(void)
{
	static const char *const clear[] = {SAMPLE_ID, SAMPLE_ID_2, SAMPLE_NAME, SAMPLE_NUMBER,
		"common_id", "UQ mobile", "face"};
	struct folder f;
	folder_make(&f);
	for (int i = 0; i < 20; i++) {
		struct request_receipt r = {0};
		file_one(&f, i % 2 ? SAMPLE_ID : SAMPLE_ID_2, &r);
		if (i % 3 == 0)
			CHECK(requests_done(f.store, r.number, "M-1", NOON, NULL));
	}
	/* The log is there as well, and the search does find what stands in a file. */
	CHECK(folder_holding(&f, "ENG1-20261122", 13) >= 1);
	CHECK(folder_holding(&f, "MDGKEYS1", 8) == 1);
	for (gsize i = 0; i < G_N_ELEMENTS(clear); i++)
		CHECK_INT(folder_holding(&f, clear[i], strlen(clear[i])), 0);
	folder_reopen(&f);
	for (gsize i = 0; i < G_N_ELEMENTS(clear); i++)
		CHECK_INT(folder_holding(&f, clear[i], strlen(clear[i])), 0);
	folder_remove(&f);
}

static void a_request_ends_once(void)
{
	struct folder f;
	struct request_receipt r = {0};
	g_autoptr(GError) error = NULL;
	folder_make(&f);
	file_one(&f, SAMPLE_ID, &r);
	CHECK(!requests_done(f.store, r.number, "", NOON, NULL));
	CHECK(!requests_done(f.store, r.number, "tab\there", NOON, NULL));
	CHECK(!requests_cancel(f.store, r.number, "Not A Code", NOON, NULL));
	CHECK(!requests_done(f.store, "ENG1-20261122-00000", "M-1", NOON, NULL));
	CHECK(requests_done(f.store, r.number, "受付 M-1", NOON, NULL));
	CHECK(!requests_done(f.store, r.number, "M-2", NOON, &error));
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
	CHECK(!requests_cancel(f.store, r.number, "late", NOON, NULL));
	g_autoptr(GArray) rows = requests_list(f.store, OUTBOX_DONE, 10, NULL);
	CHECK_INT(rows->len, 1);
	CHECK_STR(g_array_index(rows, struct request_row, 0).outside, "受付 M-1");
	folder_remove(&f);
}

/* A copy of a blob column, to look for it afterwards. */
static GBytes *blob(struct folder *f, const char *sql)
{
	AUTO(sqlite3_stmt) statement = store_query(f->store, sql, NULL, NULL);
	if (store_step(f->store, statement, NULL) != STORE_STEP_ROW)
		return NULL;
	return g_bytes_new(
		sqlite3_column_blob(statement, 0), (gsize)sqlite3_column_bytes(statement, 0));
}

static guint holding(struct folder *f, GBytes *bytes)
{
	return folder_holding(f, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static GBytes *day_slot(struct folder *f)
{
	g_autofree char *path = folder_file(f, DAY_KEYS_FILE), *text = NULL;
	gsize n = 0;
	g_file_get_contents(path, &text, &n, NULL);
	/* The box of the first slot, without magic and date. */
	return g_bytes_new(text + 12, 32);
}

static void an_erased_payload_is_gone_from_every_file(void)
{
	struct folder f;
	struct request_receipt r = {0};
	guint erased = 0;
	folder_make(&f);
	file_one(&f, SAMPLE_ID, &r);
	g_autoptr(GBytes) wrapped = blob(&f, "SELECT wrapped FROM wrap");
	g_autoptr(GBytes) sealed = blob(&f, "SELECT substr(envelope, 20, 40) FROM request");
	g_autoptr(GBytes) tag = blob(&f, "SELECT holder_tag FROM request");
	g_autoptr(GBytes) slot = day_slot(&f);
	CHECK(holding(&f, wrapped) && holding(&f, sealed) && holding(&f, tag) && holding(&f, slot));
	CHECK(requests_erase(f.store, NOON + 1000, &erased, NULL));
	CHECK_INT(erased, 0); /* it still waits */
	CHECK(requests_done(f.store, r.number, "M-1", NOON, NULL));
	CHECK(requests_erase(f.store, NOON, &erased, NULL));
	CHECK_INT(erased, 0); /* not yet */
	CHECK(requests_erase(f.store, NOON + 1, &erased, NULL));
	CHECK_INT(erased, 1);
	CHECK_INT(holding(&f, wrapped), 0);
	CHECK_INT(holding(&f, sealed), 0);
	CHECK_INT(holding(&f, tag), 0);
	CHECK_INT(holding(&f, slot), 0);
	g_autoptr(GError) error = NULL;
	CHECK(requests_envelope(f.store, r.number, &error) == NULL);
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
	/* Its number, its end and its place in the ledger stay. */
	guint64 size = 0;
	guint8 root[32];
	CHECK(requests_ledger(f.store, &size, root, NULL));
	CHECK_INT(size, 1);
	CHECK(memcmp(root, r.root, sizeof root) == 0);
	CHECK_INT(folder_number(&f, "SELECT count(*) FROM outbox WHERE outside = 'M-1'"), 1);
	folder_remove(&f);
}

static void a_restored_page_opens_nothing_after_its_day_was_erased(void)
{
	struct folder f;
	struct request_receipt r = {0};
	guint erased = 0;
	folder_make(&f);
	file_one(&f, SAMPLE_ID, &r);
	folder_close(&f);
	g_autofree char *path = folder_file(&f, STORE_DATABASE), *old = NULL;
	gsize n = 0;
	g_file_get_contents(path, &old, &n, NULL);
	folder_reopen(&f);
	CHECK(requests_cancel(f.store, r.number, "x", NOON, NULL));
	CHECK(requests_erase(f.store, NOON + 1, &erased, NULL));
	folder_close(&f);
	CHECK(g_file_set_contents(path, old, (gssize)n, NULL));
	folder_reopen(&f);
	g_autoptr(GError) error = NULL;
	CHECK(requests_envelope(f.store, r.number, &error) == NULL);
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_DAMAGED));
	folder_remove(&f);
}

static void erasing_one_leaves_the_others_of_its_day(void)
{
	struct folder f;
	struct request_receipt a = {0}, b = {0}, c = {0};
	guint erased = 0;
	folder_make(&f);
	file_one(&f, SAMPLE_ID, &a);
	file_one(&f, SAMPLE_ID_2, &b);
	CHECK(requests_done(f.store, a.number, "M", NOON, NULL));
	CHECK(requests_erase(f.store, NOON + 1, &erased, NULL));
	CHECK_INT(erased, 1);
	g_autoptr(GBytes) kept = requests_envelope(f.store, b.number, NULL);
	CHECK(kept != NULL);
	CHECK(requests_done(f.store, b.number, "M", NOON, NULL));
	CHECK(requests_erase(f.store, NOON + 1, &erased, NULL));
	CHECK_INT(erased, 1);
	/* The day goes on: the next request gets a new key and the next number. */
	file_one(&f, SAMPLE_ID, &c);
	CHECK(g_str_has_prefix(c.number, "ENG1-20261122-0003"));
	g_autoptr(GBytes) open = requests_envelope(f.store, c.number, NULL);
	CHECK(open != NULL);
	folder_remove(&f);
}

static void a_changed_row_opens_nothing(void)
{
	static const char *const changes[] = {
		"UPDATE request SET envelope = (SELECT envelope FROM request WHERE id = 2)"
		" WHERE id = 1",
		"UPDATE wrap SET wrapped = (SELECT wrapped FROM wrap WHERE request = 2)"
		" WHERE request = 1",
		"UPDATE request SET date = 20200101 WHERE id = 1",
		"UPDATE request SET envelope = x'' WHERE id = 1",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
		struct folder f;
		struct request_receipt a = {0}, b = {0};
		g_autoptr(GError) error = NULL;
		folder_make(&f);
		file_one(&f, SAMPLE_ID, &a);
		file_one(&f, SAMPLE_ID_2, &b);
		CHECK(store_exec(f.store, changes[i], NULL, NULL));
		CHECK(requests_envelope(f.store, a.number, &error) == NULL);
		CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_DAMAGED));
		folder_remove(&f);
	}
}

static void a_changed_ledger_is_noticed(void)
{
	static const char *const changes[] = {
		"UPDATE ledger_leaf SET hash = zeroblob(32) WHERE place = 1",
		"DELETE FROM ledger_leaf WHERE place = 2",
		"UPDATE ledger_edge SET hashes = substr(hashes, 1, 32)",
		"UPDATE ledger_edge SET size = 2",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
		struct folder f;
		struct request_receipt r = {0};
		guint64 size;
		guint8 root[32];
		g_autoptr(GError) error = NULL;
		folder_make(&f);
		for (int n = 0; n < 3; n++)
			file_one(&f, SAMPLE_ID, &r);
		CHECK(store_exec(f.store, "PRAGMA foreign_keys = OFF", NULL, NULL));
		CHECK(store_exec(f.store, changes[i], NULL, NULL));
		CHECK(!requests_ledger(f.store, &size, root, &error));
		CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_DAMAGED));
		folder_remove(&f);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
		{"numbers are unique, valid and of their day",
			numbers_are_unique_valid_and_of_their_day},
		{"the check character finds every wrong character and exchange",
			the_check_character_finds_every_wrong_character_and_exchange},
		{"the check character is that of ISO 7064 MOD 37-2",
			the_check_character_is_that_of_iso_7064},
		{"no other form is a number", no_other_form_is_a_number},
		{"bad data is refused and takes no number",
			bad_data_is_refused_and_takes_no_number},
		{"one live request of a holder is found", one_live_request_of_a_holder_is_found},
		{"a restart keeps every request and the ledger",
			a_restart_keeps_every_request_and_the_ledger},
		{"the envelope is frozen and proves its leaf",
			the_envelope_is_frozen_and_proves_its_leaf},
		{"every byte of a payload comes out as it went in",
			every_byte_of_a_payload_comes_out_as_it_went_in},
		{"nothing of the person stands in any file",
			nothing_of_the_person_stands_in_any_file},
		{"a request ends once", a_request_ends_once},
		{"an erased payload is gone from every file",
			an_erased_payload_is_gone_from_every_file},
		{"a restored page opens nothing after its day was erased",
			a_restored_page_opens_nothing_after_its_day_was_erased},
		{"erasing one leaves the others of its day",
			erasing_one_leaves_the_others_of_its_day},
		{"a changed row opens nothing", a_changed_row_opens_nothing},
		{"a changed ledger is noticed", a_changed_ledger_is_noticed},
	};
	return CHECK_MAIN("requests", cases);
}
