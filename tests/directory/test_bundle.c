/* SPDX-License-Identifier: MIT
 *
 * test_bundle.c - a bundle is taken whole, from whom the desk trusts, and never an old one.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/directory/shelf.h"

#define SEED    20261122
#define SAMPLES 600 /* flipped bits of the chunks */

static void check_serial(const struct shelf *s, guint64 serial, guint64 newest)
{
	struct snapshot_info info = {0};
	CHECK(snapshot_info(s->w.snapshot, s->w.keys, &info, NULL));
	CHECK_INT(info.origin.serial, serial);
	CHECK_INT(info.origin.newest_serial, newest);
}

static void a_bundle_answers_like_the_file_it_was_made_from(void)
{
	struct shelf s;
	struct directory_result result;
	struct snapshot_info info;
	shelf_make(&s);
	CHECK_INT(shelf_take(&s, s.path, FALSE), 0);
	CHECK(snapshot_info(s.w.snapshot, s.w.keys, &info, NULL));
	CHECK_INT(info.persons, 33);
	CHECK_INT(info.as_of, AS_OF);
	CHECK_INT(info.origin.serial, 7);
	CHECK_STR(info.origin.issuer, "管理 admin");
	CHECK_INT(world_ask_fresh(&s.w, "student-number", "37-246801", &result), DIRECTORY_ONE);
	CHECK_STR(result.person.name_en, "Hanako Toto");
	CHECK_INT(result.person.roles[0].until, 20990331);
	CHECK_INT(result.as_of, AS_OF);
	shelf_remove(&s);
}

static void rows_of_one_account_come_as_one_over_many_chunks(void)
{
	struct shelf s;
	struct directory_result result;
	shelf_make(&s);
	g_autofree char *many = shelf_many(&s, 2000);
	g_autofree char *path = shelf_file(&s, "many.bundle");
	CHECK(shelf_export(s.keys, many, path, 8, AS_OF, NULL));
	AUTO(bundle) b = bundle_open(path, s.trust, NULL);
	CHECK_INT(bundle_get_info(b)->persons, 2000);
	CHECK_INT(bundle_get_info(b)->columns,
		(1u << BUNDLE_COLUMN_COUNT) - 1 - (1u << BUNDLE_PRIVILEGED));
	CHECK_INT(shelf_take(&s, path, FALSE), 0);
	CHECK_INT(world_ask_fresh(&s.w, "staff-number", "0001998", &result), DIRECTORY_ONE);
	CHECK_STR(result.person.common_id, "0000001998");
	CHECK_INT(result.person.n_cards, 2);
	CHECK_INT(result.person.cards[1].status, PCARD_LOST);
	CHECK_INT(result.person.n_linked, 1);
	CHECK_STR(result.person.linked[0], "0000001999");
	shelf_remove(&s);
}

/* Flip bit `bit` in the file itself, try, flip it back. */
static int flipped(const struct shelf *s, int fd, gsize bit)
{
	guint8 byte = 0;
	g_autoptr(GError) error = NULL;
	CHECK_INT(pread(fd, &byte, 1, (off_t)(bit / 8)), 1);
	byte ^= (guint8)(1u << bit % 8);
	CHECK_INT(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
	AUTO(bundle) b = bundle_open(s->path, s->trust, &error);
	byte ^= (guint8)(1u << bit % 8);
	CHECK_INT(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
	if (b)
		fprintf(stderr, "bit %" G_GSIZE_FORMAT " does not matter\n", bit);
	return b ? 0 : error->code + 1;
}

static void every_bit_in_front_of_the_chunks_is_held_to(void)
{
	struct shelf s;
	shelf_make(&s);
	int fd = open(s.path, O_RDWR | O_CLOEXEC);
	for (gsize bit = 0; bit < BUNDLE_CHUNKS_AT * 8; bit++)
		CHECK_INT(flipped(&s, fd, bit), bit < 64   ? REFUSED(FORM)
						: bit < 96 ? REFUSED(NEWER)
							   : REFUSED(SIGNATURE));
	close(fd);
	CHECK_INT(shelf_take(&s, s.path, FALSE), 0);
	shelf_remove(&s);
}

static void any_bit_of_the_chunks_is_held_to(void)
{
	struct shelf s;
	GRand *rand = g_rand_new_with_seed(SEED);
	shelf_make(&s);
	int fd = open(s.path, O_RDWR | O_CLOEXEC);
	for (int i = 0; i < SAMPLES; i++)
		CHECK_INT(flipped(&s, fd,
				  (gsize)g_rand_int_range(rand, BUNDLE_CHUNKS_AT * 8,
					  (BUNDLE_CHUNKS_AT + BUNDLE_CHUNK_SIZE) * 8)),
			REFUSED(SIGNATURE));
	printf(" seed %d ", SEED);
	close(fd);
	g_rand_free(rand);
	shelf_remove(&s);
}

static void a_bundle_of_any_other_length_is_refused(void)
{
	struct shelf s;
	shelf_make(&s);
	g_autoptr(GByteArray) whole = shelf_load(s.path);
	int fd = open(s.path, O_RDWR | O_CLOEXEC);
	CHECK_INT(ftruncate(fd, whole->len + 1), 0);
	CHECK_INT(shelf_take(&s, s.path, FALSE), REFUSED(FORM));
	for (off_t len = whole->len - 1; len >= 0; len--) {
		g_autoptr(GError) error = NULL;
		CHECK_INT(ftruncate(fd, len), 0);
		AUTO(bundle) b = bundle_open(s.path, s.trust, &error);
		if (b || error->code != BUNDLE_ERROR_FORM)
			CHECK_INT(len, -1);
	}
	close(fd);
	/* As long as a bundle may be, and a chunk too many. */
	shelf_save(s.path, whole);
	fd = open(s.path, O_RDWR | O_CLOEXEC);
	CHECK_INT(ftruncate(fd, whole->len + BUNDLE_CHUNK_SIZE), 0);
	CHECK_INT(shelf_take(&s, s.path, FALSE), REFUSED(SIGNATURE));
	CHECK_INT(
		ftruncate(fd, BUNDLE_CHUNKS_AT + (BUNDLE_CHUNKS_MAX + 1l) * BUNDLE_CHUNK_SIZE), 0);
	CHECK_INT(shelf_take(&s, s.path, FALSE), REFUSED(FORM));
	close(fd);
	CHECK_INT(shelf_take(&s, SAMPLE, FALSE), REFUSED(FORM));
	CHECK_INT(shelf_take(&s, "/dev/zero", FALSE), REFUSED(FORM));
	CHECK_INT(shelf_take(&s, "/nonexistent", FALSE), REFUSED(FILE));
	shelf_remove(&s);
}

static void chunks_of_one_bundle_keep_their_places(void)
{
	struct shelf s;
	shelf_make(&s);
	g_autofree char *many = shelf_many(&s, 2000);
	CHECK(shelf_export(s.keys, many, s.path, 8, AS_OF, NULL));
	g_autoptr(GByteArray) whole = shelf_load(s.path);
	guint8 *first = whole->data + BUNDLE_CHUNKS_AT, *second = first + BUNDLE_CHUNK_SIZE;
	g_autofree guint8 *kept = g_memdup2(first, BUNDLE_CHUNK_SIZE);
	memcpy(first, second, BUNDLE_CHUNK_SIZE);
	memcpy(second, kept, BUNDLE_CHUNK_SIZE);
	shelf_save(s.path, whole);
	CHECK_INT(shelf_take(&s, s.path, FALSE), REFUSED(SIGNATURE));
	/* Even where the signature says so. */
	forge_sign(&s.forge, whole);
	shelf_save(s.path, whole);
	CHECK_INT(shelf_take(&s, s.path, FALSE), BAD_ROW);
	g_byte_array_set_size(whole, BUNDLE_CHUNKS_AT + BUNDLE_CHUNK_SIZE);
	shelf_save(s.path, whole);
	CHECK_INT(shelf_take(&s, s.path, FALSE), REFUSED(SIGNATURE));
	CHECK(access(s.w.snapshot, F_OK) != 0);
	shelf_remove(&s);
}

static void only_trusted_keys_sign_and_only_the_fleet_opens(void)
{
	struct shelf s;
	g_autoptr(GError) error = NULL;
	shelf_make(&s);
	g_autofree char *other = shelf_file(&s, "other");
	CHECK(bundle_keygen(other, NULL));
	AUTO(bundle_trust) theirs = shelf_trust(other);
	AUTO(bundle) refused = bundle_open(s.path, theirs, &error);
	CHECK(!refused && g_error_matches(error, BUNDLE_ERROR, BUNDLE_ERROR_SIGNATURE));
	/* The right signature, the wrong fleet. */
	memcpy(s.trust->fleet, theirs->fleet, KEY_SIZE);
	CHECK_INT(shelf_take(&s, s.path, FALSE), BAD_ROW);
	CHECK(access(s.w.snapshot, F_OK) != 0);
	shelf_remove(&s);
}

static void either_of_two_trusted_keys_is_believed(void)
{
	struct shelf s;
	g_autofree char *one = NULL, *two = NULL;
	shelf_make(&s);
	g_autofree char *other = shelf_file(&s, "other");
	g_autofree char *other_public = shelf_file(&s, "other.pub");
	g_autofree char *public = shelf_file(&s, "issuer.pub");
	g_autofree char *fleet = shelf_file(&s, "issuer.fleet");
	CHECK(bundle_keygen(other, NULL));
	CHECK(g_file_get_contents(public, &one, NULL, NULL));
	CHECK(g_file_get_contents(other_public, &two, NULL, NULL));
	g_autofree char *both = g_strconcat("# old\n", two, "# new\n", one, NULL);
	g_autofree char *path = world_file(&s.w, "both.pub", both);
	AUTO(bundle_trust) trust = bundle_trust_open(path, fleet, NULL);
	CHECK_INT(trust->n_signers, 2);
	AUTO(bundle) b = bundle_open(s.path, trust, NULL);
	CHECK(b != NULL);
	shelf_remove(&s);
}

static void an_older_directory_never_comes_back(void)
{
	static const struct {
		guint64 serial;
		gint64 as_of;
		gboolean force;
		int want;
		guint64 serial_after;
	} rows[] = {
		{7, AS_OF, FALSE, 0, 7},
		{7, AS_OF, FALSE, REFUSED(OLD), 7},
		{7, AS_OF + 60, FALSE, REFUSED(OLD), 7},
		{6, AS_OF + 60, FALSE, REFUSED(OLD), 7},
		{8, AS_OF, FALSE, REFUSED(OLD), 7},
		{8, AS_OF - 1, FALSE, REFUSED(OLD), 7},
		{8, AS_OF + 1, FALSE, 0, 8},
		{9, AS_OF + 2 * 3600, FALSE, REFUSED(FUTURE), 8},
		{1000, AS_OF + 2, FALSE, 0, 1000},
		{9, AS_OF + 3, FALSE, REFUSED(OLD), 1000},
		{9, AS_OF, TRUE, 0, 9},
		{9, AS_OF, FALSE, REFUSED(OLD), 9},
		{10, AS_OF + 1, FALSE, 0, 10},
	};
	struct shelf s;
	shelf_make(&s);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		CHECK(shelf_export(s.keys, SAMPLE, s.path, rows[i].serial, rows[i].as_of, NULL));
		CHECK_INT(shelf_take(&s, s.path, rows[i].force), rows[i].want);
		check_serial(&s, rows[i].serial_after, rows[i].serial_after);
	}
	shelf_remove(&s);
}

static void a_plain_file_in_between_does_not_open_the_way_back(void)
{
	struct shelf s;
	shelf_make(&s);
	CHECK_INT(shelf_take(&s, s.path, FALSE), 0);
	g_autofree char *why = world_import_file(&s.w, SAMPLE);
	CHECK(why == NULL);
	check_serial(&s, 0, 7);
	CHECK_INT(shelf_take(&s, s.path, FALSE), REFUSED(OLD));
	CHECK(shelf_export(s.keys, SAMPLE, s.path, 8, AS_OF + 1, NULL));
	CHECK_INT(shelf_take(&s, s.path, FALSE), 0);
	check_serial(&s, 8, 8);
	shelf_remove(&s);
}

static void a_snapshot_that_cannot_be_read_is_not_nothing(void)
{
	struct shelf s;
	shelf_make(&s);
	CHECK_INT(shelf_take(&s, s.path, FALSE), 0);
	CHECK_INT(truncate(s.w.snapshot, 4096), 0);
	CHECK(shelf_export(s.keys, SAMPLE, s.path, 6, AS_OF - 1, NULL));
	CHECK_INT(shelf_take(&s, s.path, FALSE), REFUSED(OLD));
	CHECK_INT(shelf_take(&s, s.path, TRUE), 0);
	shelf_remove(&s);
}

static void what_changes_while_it_is_read_is_refused(void)
{
	struct shelf s;
	g_autoptr(GError) error = NULL;
	shelf_make(&s);
	AUTO(bundle) b = bundle_open(s.path, s.trust, NULL);
	/* Another one under the same keys: only the hash tells. */
	g_autofree char *path = shelf_file(&s, "other.bundle");
	CHECK(shelf_export(s.keys, SAMPLE, path, 9, AS_OF, NULL));
	g_autoptr(GByteArray) other = shelf_load(path);
	int fd = open(s.path, O_WRONLY | O_CLOEXEC);
	CHECK_INT(write(fd, other->data, other->len), other->len);
	CHECK(!snapshot_import_bundle(b, s.w.snapshot, s.w.keys, AS_OF, FALSE, &error));
	CHECK(error && strstr(error->message, "changed while it was read"));
	CHECK_INT(ftruncate(fd, 1000), 0);
	g_clear_error(&error);
	CHECK(!snapshot_import_bundle(b, s.w.snapshot, s.w.keys, AS_OF, FALSE, &error));
	CHECK(error && strstr(error->message, "cut off while it was read"));
	close(fd);
	CHECK(access(s.w.snapshot, F_OK) != 0);
	shelf_remove(&s);
}

static void an_export_refuses_what_an_import_would(void)
{
	struct shelf s;
	g_autoptr(GError) error = NULL;
	shelf_make(&s);
	g_autoptr(GByteArray) before = shelf_load(s.path);
	g_autofree char *bad =
		world_file(&s.w, "bad.csv", "common_id,status\n0000000001,active\n1,active\n");
	CHECK(!shelf_export(s.keys, bad, s.path, 8, AS_OF, &error));
	CHECK(error && strstr(error->message, "bad.csv:3: common_id: expected 10 digits"));
	g_clear_error(&error);
	g_autofree char *twice = world_file(
		&s.w, "twice.csv", "common_id,status\n0000000001,active\n0000000001,closed\n");
	CHECK(!shelf_export(s.keys, twice, s.path, 8, AS_OF, &error));
	CHECK(error && strstr(error->message, "twice.csv:3: status: contradicts"));
	g_clear_error(&error);
	CHECK(!shelf_export(s.keys, SAMPLE, s.path, 0, AS_OF, &error));
	g_clear_error(&error);
	CHECK(!shelf_export(s.keys, SAMPLE, "/nonexistent/d.bundle", 8, AS_OF, &error));
	g_autoptr(GByteArray) after = shelf_load(s.path);
	CHECK(before->len == after->len && memcmp(before->data, after->data, after->len) == 0);
	g_autofree char *growing = shelf_file(&s, "d.bundle.new");
	CHECK(access(growing, F_OK) != 0);
	shelf_remove(&s);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a bundle answers like the file it was made from",
			a_bundle_answers_like_the_file_it_was_made_from},
		{"rows of one account come as one over many chunks",
			rows_of_one_account_come_as_one_over_many_chunks},
		{"every bit in front of the chunks is held to",
			every_bit_in_front_of_the_chunks_is_held_to},
		{"any bit of the chunks is held to", any_bit_of_the_chunks_is_held_to},
		{"a bundle of any other length is refused",
			a_bundle_of_any_other_length_is_refused},
		{"chunks of one bundle keep their places", chunks_of_one_bundle_keep_their_places},
		{"only trusted keys sign and only the fleet opens",
			only_trusted_keys_sign_and_only_the_fleet_opens},
		{"either of two trusted keys is believed", either_of_two_trusted_keys_is_believed},
		{"an older directory never comes back", an_older_directory_never_comes_back},
		{"a plain file in between does not open the way back",
			a_plain_file_in_between_does_not_open_the_way_back},
		{"a snapshot that cannot be read is not nothing",
			a_snapshot_that_cannot_be_read_is_not_nothing},
		{"what changes while it is read is refused",
			what_changes_while_it_is_read_is_refused},
		{"an export refuses what an import would", an_export_refuses_what_an_import_would},
	};
	return CHECK_MAIN("bundle", cases);
}
