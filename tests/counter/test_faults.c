/* SPDX-License-Identifier: MIT
 *
 * test_faults.c - bad input: a clear answer with an id, and nothing lost.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <winscard.h>

#include "tests/counter/rig_check.h"
#include "tests/visits/wait.h"

#define STUDENT "3141592653"
/* The rival wins most races; so many in a row it never loses. */
#define RIVAL_TAPS 20

static void write_file(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	CHECK(g_file_set_contents(path, text, -1, NULL));
}

static void check_text(struct rig *rig, const char *key, const char *part)
{
	g_autofree char *text = rig_desk_str(rig, key);
	if (!strstr(text, part))
		fprintf(stderr, "%s is \"%s\"\n", key, text);
	CHECK(strstr(text, part) != NULL);
}

/* A counter with this fault is closed, says this problem, and still answers its door. */
static void check_closed(const struct rig_options *options, const char *problem, const char *detail)
{
	struct rig *rig = rig_new_any("faults", options);
	CHECK(rig != NULL);
	if (!rig)
		return;
	CHECK(rig_wait(rig, "problem", problem));
	CHECK(rig_wait(rig, "state", "closed"));
	if (detail)
		check_text(rig, "health-detail", detail);
	rig_free(rig);
}

static void a_broken_configuration_is_named_by_file_line_and_key(void)
{
	const struct rig_options options = {
		.config = "[counter]\ndesk=ENG1\n\n[visit]\nholder-idle=soon\n"};
	check_closed(&options, "P-40", "rig.conf:5: [visit] holder-idle: expected");
}

static void take_key_away(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "master.key", NULL);
	CHECK_INT(unlink(path), 0);
}

static void a_missing_key_closes_the_counter(void)
{
	const struct rig_options options = {.spoil = take_key_away};
	check_closed(&options, "P-48", NULL);
}

static void show_key(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "master.key", NULL);
	CHECK_INT(chmod(path, 0644), 0);
}

static void a_key_that_others_can_read_closes_the_counter(void)
{
	const struct rig_options options = {.spoil = show_key};
	check_closed(&options, "P-48", NULL);
}

static void run_sql(const char *folder, const char *sql)
{
	g_autofree char *path = g_build_filename(folder, "counter.db", NULL);
	sqlite3 *db = NULL;
	CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void make_newer(const char *folder)
{
	run_sql(folder, "PRAGMA user_version = 999");
}

static void a_database_of_a_newer_version_is_left_alone(void)
{
	const struct rig_options options = {.spoil = make_newer};
	check_closed(&options, "P-42", NULL);
}

static void give_folder_away(const char *folder)
{
	CHECK_INT(chown(folder, 65534, 65534), 0);
}

static void a_data_folder_of_somebody_else_closes_the_counter(void)
{
	const struct rig_options options = {.spoil = give_folder_away};
	check_closed(&options, "P-41", NULL);
}

static void a_clock_that_cannot_be_right_closes_the_counter(void)
{
	/* A preloaded library comes before a sanitizer's; that is no fault here. */
	static const char *const wrapper[] = {"env", "ASAN_OPTIONS=verify_asan_link_order=0",
		"FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "2001-01-01 00:00:00", NULL};
	const struct rig_options options = {.wrapper = wrapper};
	check_closed(&options, "P-44", NULL);
}

static void forget_clerks(const char *folder)
{
	run_sql(folder, "DELETE FROM clerk");
}

static void without_clerks_the_counter_says_so(void)
{
	const struct rig_options options = {.spoil = forget_clerks};
	check_closed(&options, "P-50", NULL);
}

static void damage(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "counter.db", NULL);
	FILE *db = fopen(path, "r+");
	CHECK(db != NULL && fseek(db, 100, SEEK_SET) == 0);
	for (int i = 0; i < 8000; i++)
		fputc(0xa5, db);
	fclose(db);
}

static void a_damaged_database_is_kept_aside_and_said(void)
{
	const struct rig_options options = {.spoil = damage};
	struct rig *rig = rig_new_any("faults", &options);
	g_autoptr(GDir) dir = g_dir_open(rig_folder(rig), 0, NULL);
	gboolean kept = FALSE;
	const char *name;
	CHECK(rig_wait(rig, "problem", "P-46"));
	while ((name = g_dir_read_name(dir)))
		kept = kept || g_str_has_prefix(name, "counter.db.damaged-");
	CHECK(kept);
	rig_free(rig);
}

static void lose_directory(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "directory.db", NULL);
	CHECK_INT(unlink(path), 0);
}

static void without_a_directory_nobody_is_served(void)
{
	const struct rig_options options = {.spoil = lose_directory};
	check_closed(&options, "P-22", NULL);
}

static void break_incident(const char *folder)
{
	g_autofree char *dir = g_build_filename(folder, "incidents", NULL);
	g_mkdir_with_parents(dir, 0700);
	write_file(dir, "broken.incident", "[incident]\nid=broken\nfrom=yesterday\n");
}

static gboolean has_health(struct rig *rig, const char *id)
{
	g_autoptr(GVariant) desk = rig_desk(rig);
	g_autofree const char **health = NULL;
	g_variant_lookup(desk, "health", "^a&s", &health);
	return health && g_strv_contains(health, id);
}

static void a_broken_incident_file_is_said_and_the_counter_works(void)
{
	const struct rig_options options = {.spoil = break_incident};
	struct rig *rig = rig_need("faults", &options);
	CHECK(has_health(rig, "P-51"));
	check_text(rig, "health-detail", "broken.incident:3:");
	g_autofree char *number = rig_visit(rig, "student", STUDENT);
	CHECK(number != NULL);
	rig_free(rig);
}

static void unplug(const char *folder)
{
	g_autofree char *dir = g_build_filename(folder, "pcscd", NULL);
	write_file(dir, "reader0.unplugged", "");
}

static void without_a_reader_the_counter_is_closed(void)
{
	const struct rig_options options = {.spoil = unplug};
	struct rig *rig = rig_new_any("faults", &options);
	CHECK(rig != NULL && rig_wait(rig, "problem", "P-02"));
	rig_free(rig);
}

/* A tap of `card` at the ordinary counter ends in `problem`; the next tap just works. */
static void check_tap(const struct rig_options *options, const char *card, const char *problem)
{
	struct rig *rig = rig_need("faults", options);
	rig_lay(rig, card);
	CHECK(rig_wait(rig, "problem", problem));
	rig_take(rig);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	rig_free(rig);
}

static void an_unknown_card_is_told_from_a_foreign_and_a_broken_one(void)
{
	check_tap(NULL, "transit", "P-14");
	check_tap(NULL, "mifare", "P-06");
	check_tap(NULL, "other-university", "P-07");
	check_tap(NULL, "unreadable", "P-08");
	check_tap(NULL, "half-way", "P-09");
	check_tap(NULL, "mute", "P-10");
	check_tap(NULL, "no-data", "P-12");
}

static void a_reader_without_a_dialect_is_named(void)
{
	const struct rig_options options = {.kind = "plain"};
	struct rig *rig = rig_new_any("faults", &options);
	CHECK(rig != NULL && rig_wait(rig, "state", "off-duty"));
	rig_lay(rig, "clerk-a");
	CHECK(rig_wait(rig, "notice", "P-11"));
	check_text(rig, "reader", "SONY FeliCa RC-S300");
	rig_free(rig);
}

static void a_second_card_is_said_and_starts_nothing(void)
{
	const struct rig_options options = {.readers = 2};
	struct rig *rig = rig_need("faults", &options);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "name-en", "Hanako Toto"));
	rig_lay_at(rig, 1, "english");
	CHECK(rig_wait(rig, "notice", "P-05"));
	CHECK(rig_wait(rig, "name-en", "Hanako Toto"));
	rig_free(rig);
}

struct rival {
	const char *reader;
	SCARDCONTEXT context;
	SCARDHANDLE card;
	gboolean has_it;
};

/* Another program that takes each card for itself the moment it lies there. */
static gpointer be_faster(gpointer data)
{
	struct rival *rival = data;
	SCARD_READERSTATE state = {.szReader = rival->reader, .dwCurrentState = SCARD_STATE_EMPTY};
	DWORD protocol;
	if (SCardGetStatusChange(rival->context, RIG_WAIT_MS, &state, 1) == SCARD_S_SUCCESS)
		rival->has_it = SCardConnect(rival->context, rival->reader, SCARD_SHARE_EXCLUSIVE,
					SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &rival->card,
					&protocol) == SCARD_S_SUCCESS;
	return NULL;
}

static gboolean is(struct rig *rig, const char *key, const char *value)
{
	g_autofree char *now = rig_desk_str(rig, key);
	return g_strcmp0(now, value) == 0;
}

static gboolean is_decided(gpointer data)
{
	return is(data, "notice", "P-04") || is(data, "state", "check");
}

/* One tap that the rival may win; TRUE if it did, and the counter waited for it. A rival
 * that came after the card was read has won nothing. */
static gboolean tap_against(struct rig *rig, struct rival *rival)
{
	rival->has_it = FALSE;
	GThread *thread = g_thread_new("rival", be_faster, rival);
	rig_lay(rig, "student");
	g_thread_join(thread);
	CHECK(wait_until(is_decided, rig, RIG_WAIT_MS));
	gboolean won = is(rig, "notice", "P-04");
	if (rival->has_it)
		SCardDisconnect(rival->card, SCARD_LEAVE_CARD);
	CHECK(rig_wait(rig, "state", "check"));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	rig_take(rig);
	CHECK(rig_wait(rig, "state", "welcome"));
	return won;
}

static void a_card_held_by_another_program_is_waited_for(void)
{
	struct rig *rig = rig_need("faults", NULL);
	struct rival rival = {.reader = rig_reader(rig, 0)};
	gboolean won = FALSE;
	CHECK_INT(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &rival.context), 0);
	for (int i = 0; i < RIVAL_TAPS && !won; i++)
		won = tap_against(rig, &rival);
	CHECK(won);
	SCardReleaseContext(rival.context);
	rig_free(rig);
}

/* Everything moves to a small disk of its own. */
static void move_to_small_disk(const char *folder)
{
	g_autofree char *command =
		g_strdup_printf("cp -a '%s' '%s.keep' && mount -t tmpfs -o size=16m tmpfs '%s' && "
				"cp -a '%s.keep/.' '%s/' && rm -rf '%s.keep'",
			folder, folder, folder, folder, folder, folder);
	CHECK_INT(system(command), 0);
}

static void fill_up(const char *filler)
{
	static const char block[4096];
	FILE *file = fopen(filler, "w");
	CHECK(file != NULL);
	setvbuf(file, NULL, _IONBF, 0);
	while (fwrite(block, sizeof block, 1, file) == 1)
		;
	fclose(file);
}

static void a_full_disk_is_said_before_the_request_is_accepted(void)
{
	const struct rig_options options = {.spoil = move_to_small_disk};
	struct rig *rig = rig_need("faults", &options);
	g_autofree char *filler = g_build_filename(rig_folder(rig), "filler", NULL);
	CHECK(rig_until_consent(rig, "student", STUDENT));
	CHECK(rig_show(rig));
	CHECK(rig_wait_holder(rig, "armed", TRUE));
	fill_up(filler);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "problem", "P-43"));
	rig_take(rig);
	CHECK(rig_intent(rig, "End", NULL, NULL));
	CHECK(rig_wait(rig, "state", "closed"));
	CHECK_INT(unlink(filler), 0);
	CHECK(rig_wait(rig, "state", "welcome"));
	g_autofree char *number = rig_visit(rig, "student", STUDENT);
	CHECK(number != NULL);
	umount2(rig_folder(rig), MNT_DETACH);
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(a_broken_configuration_is_named_by_file_line_and_key),
		CASE(a_missing_key_closes_the_counter),
		CASE(a_key_that_others_can_read_closes_the_counter),
		CASE(a_database_of_a_newer_version_is_left_alone),
		CASE(a_data_folder_of_somebody_else_closes_the_counter),
		CASE(a_clock_that_cannot_be_right_closes_the_counter),
		CASE(without_clerks_the_counter_says_so),
		CASE(a_damaged_database_is_kept_aside_and_said),
		CASE(without_a_directory_nobody_is_served),
		CASE(a_broken_incident_file_is_said_and_the_counter_works),
		CASE(without_a_reader_the_counter_is_closed),
		CASE(an_unknown_card_is_told_from_a_foreign_and_a_broken_one),
		CASE(a_reader_without_a_dialect_is_named),
		CASE(a_second_card_is_said_and_starts_nothing),
		CASE(a_card_held_by_another_program_is_waited_for),
		CASE(a_full_disk_is_said_before_the_request_is_accepted),
	};
	return rig_main("faults", cases, G_N_ELEMENTS(cases), "faketime");
}
