/* SPDX-License-Identifier: MIT
 *
 * test_full_disk.c - a disk that fills up, on a small file system of its own.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "kiosk/record/clerks.h"
#include "kiosk/record/store_private.h"
#include "tests/check.h"
#include "tests/record/folder.h"

#define SMALL "size=6m,mode=0700"
#define SKIP  77

/* A folder on a file system of 6 MiB that only this process sees. */
static void make_small(struct folder *f)
{
	folder_make(f);
	folder_close(f);
	CHECK_INT(mount("none", f->path, "tmpfs", 0, SMALL), 0);
	folder_reopen(f);
}

static void remove_small(struct folder *f)
{
	folder_close(f);
	CHECK_INT(umount2(f->path, MNT_DETACH), 0);
	folder_remove(f);
}

/* Leave `rest` bytes. */
static void fill(const struct folder *f, gsize rest)
{
	g_autofree char *path = folder_file(f, "filler");
	struct statvfs room;
	int fd = open(path, O_CREAT | O_RDWR, 0600);
	CHECK_INT(statvfs(f->path, &room), 0);
	gsize all = (gsize)room.f_bavail * room.f_frsize;
	if (all > rest)
		CHECK_INT(posix_fallocate(fd, 0, (off_t)(all - rest)), 0);
	close(fd);
}

static void empty(const struct folder *f)
{
	g_autofree char *path = folder_file(f, "filler");
	g_unlink(path);
}

static void a_full_disk_is_said_before_anything_is_promised(void)
{
	struct folder f;
	struct request_receipt r = {0};
	g_autoptr(GError) error = NULL;
	make_small(&f);
	CHECK(store_ready(f.store, NULL));
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY, &r, NULL));
	fill(&f, 0);
	CHECK(!store_ready(f.store, &error));
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
	g_clear_error(&error);
	CHECK(!folder_file_request(&f, SAMPLE_ID, DAY, &r, &error));
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
	CHECK_INT(folder_number(&f, "SELECT count(*) FROM request"), 1);
	remove_small(&f);
}

static void what_was_begun_still_ends_on_a_full_disk(void)
{
	struct folder f;
	struct request_receipt r = {0};
	struct clerk clerk = {.common_id = SAMPLE_ID, .label = "A", .unit = "eng"};
	guint erased = 0;
	make_small(&f);
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY, &r, NULL));
	/* No log left to write into without new room. */
	folder_reopen(&f);
	fill(&f, 0);
	CHECK(requests_done(f.store, r.number, "M-1", NOON, NULL));
	CHECK(requests_erase(f.store, NOON + 1, &erased, NULL));
	CHECK_INT(erased, 1);
	CHECK(clerks_add(f.store, &clerk, "staff-number", "0090001", "123456", NULL));
	CHECK(!store_ready(f.store, NULL));
	empty(&f);
	CHECK(store_ready(f.store, NULL));
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY, &r, NULL));
	remove_small(&f);
}

/* At every fill level a filing either succeeds and is kept or fails and leaves nothing. */
static void nothing_is_torn_at_any_fill_level(void)
{
	struct folder f;
	gint64 promised = 0;
	make_small(&f);
	for (gsize rest = 0; rest < 640 * 1024; rest += 20 * 1024) {
		g_autoptr(GError) error = NULL;
		struct request_receipt r = {0};
		fill(&f, rest);
		/* Past the look at the room, as if the disk had filled up since. */
		if (folder_file_request(&f, SAMPLE_ID, DAY, &r, &error))
			promised++;
		else
			CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
		empty(&f);
		folder_reopen(&f);
		CHECK_INT(folder_number(&f, "SELECT count(*) FROM request"), promised);
	}
	CHECK(promised > 0);
	remove_small(&f);
}

static gboolean insert_much(struct store *store, gpointer data, GError **error)
{
	return store_exec(
		store, "INSERT INTO sequence VALUES (hex(zeroblob(60000)), 1, 1)", NULL, error);
}

static void a_disk_that_fills_up_inside_a_transaction_is_called_full(void)
{
	struct folder f;
	g_autoptr(GError) error = NULL;
	make_small(&f);
	folder_reopen(&f);
	fill(&f, 16 * 1024);
	CHECK(!store_transact(f.store, STORE_ROOM_FREE, insert_much, NULL, &error));
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
	CHECK_INT(folder_number(&f, "SELECT count(*) FROM sequence"), 0);
	empty(&f);
	struct request_receipt r = {0};
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY, &r, NULL));
	remove_small(&f);
}

static void a_service_starts_on_a_full_disk_and_says_so(void)
{
	struct folder f;
	struct request_receipt r = {0};
	g_autoptr(GError) error = NULL;
	make_small(&f);
	CHECK(folder_file_request(&f, SAMPLE_ID, DAY, &r, NULL));
	folder_close(&f);
	g_autofree char *reserve = folder_file(&f, STORE_RESERVE);
	g_unlink(reserve);
	/* SQLite's shared memory needs 32 KiB to read at all. */
	fill(&f, 128 * 1024);
	folder_reopen(&f);
	CHECK(!store_ready(f.store, &error));
	CHECK(g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
	g_autoptr(GBytes) open = requests_envelope(f.store, r.number, NULL);
	CHECK(open != NULL);
	remove_small(&f);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a full disk is said before anything is promised",
			a_full_disk_is_said_before_anything_is_promised},
		{"what was begun still ends on a full disk",
			what_was_begun_still_ends_on_a_full_disk},
		{"nothing is torn at any fill level", nothing_is_torn_at_any_fill_level},
		{"a disk that fills up inside a transaction is called full",
			a_disk_that_fills_up_inside_a_transaction_is_called_full},
		{"a service starts on a full disk and says so",
			a_service_starts_on_a_full_disk_and_says_so},
	};
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
		puts("skipped: a file system of its own can be mounted by root only");
		return SKIP;
	}
	return CHECK_MAIN("full disk", cases);
}
