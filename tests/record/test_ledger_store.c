/* SPDX-License-Identifier: MIT
 *
 * test_ledger_store.c - a desk's ledger: signed, proven, exported, damaged.
 */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "kiosk/record/ledger_audit.h"
#include "kiosk/record/ledger_file.h"
#include "kiosk/record/ledger_store.h"
#include "kiosk/record/requests_private.h"
#include "kiosk/record/store_reader.h"
#include "tests/check.h"
#include "tests/record/folder.h"

#define ORIGIN   "madoguchi/ENG1"
#define REQUESTS 11
#define ERASED   6 /* the first ones: filed a day before, and done */
#define FLIPS    300

struct world {
	struct folder folder;
	struct request_receipt receipt[REQUESTS];
	struct note_key key;
	char vkey[NOTE_KEY_TEXT_SIZE];
};

static void must(gboolean ok, GError *error)
{
	if (!ok)
		g_error("%s", error ? error->message : "failed");
}

static void world_make(struct world *w)
{
	GError *error = NULL;
	folder_make(&w->folder);
	for (guint i = 0; i < REQUESTS; i++) {
		char id[11];
		g_snprintf(id, sizeof id, "%010u", 1000000000 + i);
		must(folder_file_request(
			     &w->folder, id, i < ERASED ? DAY - 1 : DAY, &w->receipt[i], &error),
			error);
	}
	must(ledger_store_key(w->folder.keys, ORIGIN, &w->key, NULL, &error), error);
	note_key_text(&w->key, w->vkey);
}

static void world_erase(struct world *w)
{
	GError *error = NULL;
	guint erased = 0;
	for (guint i = 0; i < ERASED; i++)
		must(requests_done(w->folder.store, w->receipt[i].number, "1", NOON, &error),
			error);
	must(requests_erase(w->folder.store, NOON + 1, &erased, &error), error);
	CHECK_INT(erased, ERASED);
}

static void world_remove(struct world *w)
{
	folder_remove(&w->folder);
}

static char *sign_now(struct world *w, struct checkpoint *ret)
{
	GError *error = NULL;
	char *note = NULL;
	must(ledger_store_sign(
		     w->folder.store, w->folder.path, w->folder.keys, ORIGIN, ret, &note, &error),
		error);
	return note;
}

static gboolean opening_of(struct world *w, guint i, struct ledger_opening *ret)
{
	g_autoptr(GBytes) envelope = requests_envelope(w->folder.store, w->receipt[i].number, NULL);
	return envelope && ledger_opening_of_envelope(envelope, ret, NULL, NULL);
}

static char *proof_of(struct world *w, guint i)
{
	GError *error = NULL;
	struct checkpoint now;
	struct ledger_plan plan;
	struct ledger_proof proof;
	struct ledger_opening opening;
	g_autofree char *note = sign_now(w, &now);
	CHECK(ledger_plan_inclusion(i, now.size, &plan));
	must(ledger_proof_build(&plan, ledger_store_run, w->folder.store, &proof, &error), error);
	return ledger_file_inclusion(i, &proof, opening_of(w, i, &opening) ? &opening : NULL, note);
}

static char *growth_from(struct world *w, guint64 size)
{
	GError *error = NULL;
	struct checkpoint now, old;
	struct ledger_plan plan;
	struct ledger_proof proof;
	g_autofree char *note = sign_now(w, &now);
	CHECK(ledger_plan_consistency(size, now.size, &plan));
	must(ledger_store_root(w->folder.store, size, &old, &error), error);
	must(ledger_proof_build(&plan, ledger_store_run, w->folder.store, &proof, &error), error);
	return ledger_file_consistency(&old, &proof, note);
}

static void add_leaf(gpointer data, guint64 place, const guint8 hash[LEDGER_HASH_SIZE])
{
	ledger_file_add_leaf(data, place, hash);
}

/* With the openings of those that are not erased. */
static char *whole_of(struct world *w)
{
	GError *error = NULL;
	struct checkpoint now;
	g_autofree char *note = sign_now(w, &now);
	GString *text = g_string_new(LEDGER_FILE_HEAD);
	must(ledger_store_each(w->folder.store, add_leaf, text, &error), error);
	for (guint i = 0; i < REQUESTS; i++) {
		struct ledger_opening opening;
		if (opening_of(w, i, &opening))
			ledger_file_add_opening(text, i, &opening);
	}
	g_string_append_printf(text, "\n%s", note);
	return g_string_free(text, FALSE);
}

/* Number of faults; -1: refused as a whole. */
static int faults_of(struct world *w, const char *text, gsize len)
{
	AUTO(ledger_file) file = ledger_file_read(text, len, &w->key, NULL, NULL);
	return file ? (int)file->faults->len : -1;
}

/* By the program that shares no line with ours. */
static gboolean others_agree(struct world *w, const char *text, const char *envelope)
{
	g_autofree char *path = folder_file(&w->folder, "file");
	g_autofree char *program =
		g_build_filename(g_getenv("RECORD_TESTS"), "check_ledger.py", NULL);
	const char *argv[] = {"python3", program, w->vkey, path, envelope, NULL};
	int status = -1;
	must(g_file_set_contents(path, text, -1, NULL), NULL);
	must(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
		     &status, NULL),
		NULL);
	return status == 0;
}

static void another_program_agrees_with_proofs_and_export(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *proof = proof_of(&w, 4), *growth = growth_from(&w, 6);
	g_autofree char *from_nothing = growth_from(&w, 0), *whole = whole_of(&w);
	const char *const texts[] = {proof, growth, from_nothing, whole};
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *bad = g_strdup(texts[i]);
		CHECK_INT(faults_of(&w, texts[i], strlen(texts[i])), 0);
		CHECK(others_agree(&w, texts[i], NULL));
		/* In the middle of the first hash. */
		char *at = strstr(bad, "\n") + 40;
		*at = *at == 'b' ? 'c' : 'b';
		CHECK(faults_of(&w, bad, strlen(bad)) != 0);
		CHECK(!others_agree(&w, bad, NULL));
	}
	world_remove(&w);
}

static void an_erased_request_is_proven_by_the_envelope_at_the_far_end(void)
{
	struct world w;
	world_make(&w);
	GError *error = NULL;
	g_autofree char *path = folder_file(&w.folder, "envelope");
	g_autoptr(GBytes) kept = requests_envelope(w.folder.store, w.receipt[2].number, &error);
	must(kept && g_file_set_contents(path, g_bytes_get_data(kept, NULL),
			     (gssize)g_bytes_get_size(kept), &error),
		error);
	world_erase(&w);
	g_autofree char *proof = proof_of(&w, 2);
	struct ledger_opening opening;
	guint8 leaf[LEDGER_HASH_SIZE];
	must(ledger_opening_of_envelope(kept, &opening, NULL, &error), error);
	ledger_opening_leaf(&opening, leaf);
	AUTO(ledger_file) file = ledger_file_read(proof, strlen(proof), &w.key, leaf, NULL);
	CHECK(file != NULL);
	CHECK_INT(faults_of(&w, proof, strlen(proof)), -1);
	CHECK(others_agree(&w, proof, path));
	CHECK(!others_agree(&w, proof, NULL));
	leaf[0] ^= 1;
	AUTO(ledger_file) other = ledger_file_read(proof, strlen(proof), &w.key, leaf, NULL);
	CHECK(other == NULL);
	world_remove(&w);
}

static void nothing_is_signed_that_does_not_continue_what_was(void)
{
	struct world w;
	struct checkpoint now;
	GError *error = NULL;
	char *note = NULL;
	world_make(&w);
	g_autofree char *first = sign_now(&w, &now), *again = sign_now(&w, &now);
	CHECK_STR(again, first);
	/* The last request is taken out as if it had never been: leaf, edge and all. */
	struct ledger_edge edge = {0};
	const struct ledger_run all = {0, REQUESTS - 1};
	must(ledger_store_run(w.folder.store, &all, &edge, &error), error);
	g_autoptr(GByteArray) packed = g_byte_array_new();
	for (guint level = 0; level < 64; level++)
		if (edge.size >> level & 1)
			g_byte_array_append(packed, edge.hash[level], LEDGER_HASH_SIZE);
	must(store_exec(w.folder.store, "DELETE FROM wrap WHERE request = ?", BIND(B_INT(REQUESTS)),
		     &error) &&
			store_exec(w.folder.store, "DELETE FROM outbox WHERE request = ?",
				BIND(B_INT(REQUESTS)), &error) &&
			store_exec(w.folder.store, "DELETE FROM request WHERE id = ?",
				BIND(B_INT(REQUESTS)), &error) &&
			store_exec(w.folder.store, "DELETE FROM ledger_leaf WHERE place = ?",
				BIND(B_INT(REQUESTS - 1)), &error) &&
			store_exec(w.folder.store, "UPDATE ledger_edge SET size = ?, hashes = ?",
				BIND(B_INT(REQUESTS - 1), B_BLOB(packed->data, packed->len)),
				&error),
		error);
	CHECK(requests_ledger(w.folder.store, &now.size, now.root, NULL));
	CHECK(!ledger_store_sign(
		w.folder.store, w.folder.path, w.folder.keys, ORIGIN, &now, &note, NULL));
	/* And another is filed in its stead. */
	struct request_receipt receipt;
	must(folder_file_request(&w.folder, "9999999999", DAY, &receipt, &error), error);
	CHECK(requests_ledger(w.folder.store, &now.size, now.root, NULL));
	CHECK(!ledger_store_sign(
		w.folder.store, w.folder.path, w.folder.keys, ORIGIN, &now, &note, NULL));
	world_remove(&w);
}

static GPtrArray *audit(struct world *w, const char *against)
{
	struct ledger_audit audit;
	GError *error = NULL;
	const struct ledger_file *witnesses[2] = {NULL, NULL};
	AUTO(store) reader = store_open_reader(w->folder.path, w->folder.keys, &error);
	must(reader != NULL, error);
	AUTO(ledger_file)
	file = against ? ledger_file_read(against, strlen(against), &w->key, NULL, &error) : NULL;
	must(!against || file, error);
	witnesses[0] = file;
	must(ledger_audit_run(reader, witnesses, &audit, &error), error);
	return audit.faults;
}

static void a_sound_ledger_has_no_fault_with_or_without_its_requests(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *whole = whole_of(&w);
	g_autoptr(GPtrArray) before = audit(&w, whole);
	CHECK_INT(before->len, 0);
	world_erase(&w);
	g_autoptr(GPtrArray) after = audit(&w, whole);
	CHECK_INT(after->len, 0);
	world_remove(&w);
}

/* Flip one bit of a blob of one row, by SQL, as the disk might have. */
static void flip(struct world *w, const char *table, const char *column, const char *key, guint row,
	guint bit)
{
	GError *error = NULL;
	g_autofree char *get =
		g_strdup_printf("SELECT %s FROM %s WHERE %s = %u", column, table, key, row);
	g_autofree char *put =
		g_strdup_printf("UPDATE %s SET %s = ? WHERE %s = %u", table, column, key, row);
	sqlite3_stmt *statement = store_query(w->folder.store, get, NULL, &error);
	must(statement && store_step(w->folder.store, statement, &error) == STORE_STEP_ROW, error);
	gsize len = (gsize)sqlite3_column_bytes(statement, 0);
	g_autofree guint8 *blob = g_memdup2(sqlite3_column_blob(statement, 0), len);
	store_statement_done(statement);
	blob[bit / 8 % len] ^= (guint8)(1 << bit % 8);
	must(store_exec(w->folder.store, put, BIND(B_BLOB(blob, len)), &error), error);
}

static const char *first(GPtrArray *faults)
{
	return faults->len > 0 ? g_ptr_array_index(faults, 0) : "";
}

static void check_flipped_leaf(struct world *w, const char *whole, guint row, guint bit)
{
	g_autofree char *exactly = g_strdup_printf("leaf %u (%s)", row, w->receipt[row].number);
	g_autofree char *by_export = g_strdup_printf("leaf %u: not that of the export", row);
	flip(w, "ledger_leaf", "hash", "place", row, bit);
	g_autoptr(GPtrArray) alone = audit(w, NULL), against = audit(w, whole);
	if (row >= ERASED)
		CHECK(g_str_has_prefix(first(alone), exactly));
	else /* All that is left of it is the root of the next that is there. */
		CHECK(g_str_has_prefix(first(alone), "leaves 0 to 6: one of them is not what "));
	CHECK_STR(first(against), by_export);
	flip(w, "ledger_leaf", "hash", "place", row, bit);
}

static void a_flipped_bit_of_the_database_is_named(void)
{
	struct world w;
	guint32 seed = g_random_int();
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	printf("seed %u ", seed);
	world_make(&w);
	world_erase(&w);
	g_autofree char *whole = whole_of(&w);
	for (guint i = 0; i < FLIPS / 10; i++) {
		guint bit = g_rand_int_range(rand, 0, 1 << 20);
		check_flipped_leaf(&w, whole, (guint)g_rand_int_range(rand, 0, REQUESTS), bit);
		guint row = (guint)g_rand_int_range(rand, ERASED, REQUESTS);
		g_autofree char *sealed =
			g_strdup_printf("leaf %u (%s): sealed request", row, w.receipt[row].number);
		const char *const tables[][3] = {
			{"request", "envelope", "id"}, {"wrap", "wrapped", "request"}};
		for (gsize t = 0; t < G_N_ELEMENTS(tables); t++) {
			flip(&w, tables[t][0], tables[t][1], tables[t][2], row + 1, bit);
			g_autoptr(GPtrArray) faults = audit(&w, NULL);
			CHECK_INT(faults->len, 1);
			CHECK(g_str_has_prefix(first(faults), sealed));
			/* The rest is there still. */
			struct ledger_opening opening;
			for (guint other = ERASED; other < REQUESTS; other++)
				CHECK_INT(opening_of(&w, other, &opening), other != row);
			flip(&w, tables[t][0], tables[t][1], tables[t][2], row + 1, bit);
		}
		flip(&w, "ledger_edge", "hashes", "one", 1, bit);
		g_autoptr(GPtrArray) faults = audit(&w, NULL);
		CHECK(g_str_has_prefix(first(faults), "edge: leaves "));
		flip(&w, "ledger_edge", "hashes", "one", 1, bit);
	}
	g_autoptr(GPtrArray) sound = audit(&w, whole);
	CHECK_INT(sound->len, 0);
	world_remove(&w);
}

static void a_leaf_that_is_gone_is_named(void)
{
	struct world w;
	GError *error = NULL;
	world_make(&w);
	must(store_exec(w.folder.store, "PRAGMA foreign_keys = OFF", NULL, &error) &&
			store_exec(w.folder.store, "DELETE FROM ledger_leaf WHERE place IN (4, 5)",
				NULL, &error),
		error);
	g_autoptr(GPtrArray) faults = audit(&w, NULL);
	CHECK_STR(first(faults), "leaves 4 to 5: missing");
	world_remove(&w);
}

/* Every bit in turn would take a signature check each: a seeded share of them. */
static void a_flipped_bit_of_a_file_is_noticed(void)
{
	struct world w;
	guint32 seed = g_random_int();
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	printf("seed %u ", seed);
	world_make(&w);
	world_erase(&w);
	g_autofree char *proof = proof_of(&w, 8), *growth = growth_from(&w, 5);
	g_autofree char *whole = whole_of(&w);
	char *const texts[] = {proof, growth, whole};
	for (gsize t = 0; t < G_N_ELEMENTS(texts); t++)
		for (guint i = 0; i < FLIPS; i++) {
			gsize len = strlen(texts[t]);
			gsize bit = (gsize)g_rand_int_range(rand, 0, (gint32)(8 * len));
			texts[t][bit / 8] ^= (char)(1 << bit % 8);
			if (faults_of(&w, texts[t], len) == 0)
				printf("bit %zu ", bit);
			CHECK(faults_of(&w, texts[t], len) != 0);
			texts[t][bit / 8] ^= (char)(1 << bit % 8);
		}
	world_remove(&w);
}

static void a_changed_line_of_the_export_is_named_and_the_rest_is_read(void)
{
	struct world w;
	world_make(&w);
	g_autofree char *whole = whole_of(&w);
	char *at = strstr(whole, "\n7 ") + 20;
	*at = *at == 'A' ? 'B' : 'A';
	AUTO(ledger_file) file = ledger_file_read(whole, strlen(whole), &w.key, NULL, NULL);
	CHECK(file != NULL);
	if (file) {
		CHECK_STR(first(file->faults), "leaf 7: its line is not as it was made");
		CHECK_INT(file->leaves->len, REQUESTS * LEDGER_HASH_SIZE);
		CHECK_INT(file->opened->len, REQUESTS);
	}
	world_remove(&w);
}

static void the_reader_works_beside_the_service_and_changes_nothing(void)
{
	struct world w;
	GError *error = NULL;
	world_make(&w);
	AUTO(store) reader = store_open_reader(w.folder.path, w.folder.keys, &error);
	must(reader != NULL, error);
	struct request_receipt receipt;
	must(folder_file_request(&w.folder, "8888888888", DAY, &receipt, &error), error);
	struct checkpoint seen;
	CHECK(requests_ledger(reader, &seen.size, seen.root, NULL));
	CHECK_INT(seen.size, REQUESTS);
	CHECK(memcmp(seen.root, w.receipt[REQUESTS - 1].root, sizeof seen.root) == 0);
	CHECK(!store_exec(reader, "DELETE FROM tally", NULL, NULL));
	CHECK(!requests_cancel(reader, receipt.number, "why", NOON, NULL));
	reader = store_free(reader);
	world_remove(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"another program agrees with proofs and export",
			another_program_agrees_with_proofs_and_export},
		{"an erased request is proven by the envelope at the far end",
			an_erased_request_is_proven_by_the_envelope_at_the_far_end},
		{"nothing is signed that does not continue what was",
			nothing_is_signed_that_does_not_continue_what_was},
		{"a sound ledger has no fault, with or without its requests",
			a_sound_ledger_has_no_fault_with_or_without_its_requests},
		{"a flipped bit of the database is named", a_flipped_bit_of_the_database_is_named},
		{"a leaf that is gone is named", a_leaf_that_is_gone_is_named},
		{"a flipped bit of a file is noticed", a_flipped_bit_of_a_file_is_noticed},
		{"a changed line of the export is named, and the rest is read",
			a_changed_line_of_the_export_is_named_and_the_rest_is_read},
		{"the reader works beside the service and changes nothing",
			the_reader_works_beside_the_service_and_changes_nothing},
	};
	g_autofree char *python = g_find_program_in_path("python3");
	g_autofree char *openssl = g_find_program_in_path("openssl");
	if (!python || !openssl) {
		fprintf(stderr, "python3 and openssl are needed for the other opinion\n");
		return 77;
	}
	return CHECK_MAIN("ledger of a desk", cases);
}
