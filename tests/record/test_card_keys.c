/* SPDX-License-Identifier: MIT
 *
 * test_card_keys.c - the keys for MACs come from files that are ours alone, whole or not at
 * all.
 */
#include "kiosk/record/card_keys.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/record/keyring.h"
#include "tests/check.h"

#define KEY_A "abcdefghijklmnopqrstuvwx"
#define KEY_B "0123456789ABCDEFGHIJKLMN"

/* A folder of keys and a configuration that names it. */
struct desk {
	char *dir;
	char *names[3];
	struct config config;
};

static void desk_make(struct desk *d, const char *first, const char *second)
{
	memset(d, 0, sizeof *d);
	d->dir = g_dir_make_tmp("card-keys-XXXXXX", NULL);
	d->names[0] = g_strdup(first);
	d->names[1] = g_strdup(second);
	d->config.mac_keys = d->names;
	d->config.key_dir = d->dir;
}

static char *desk_path(const struct desk *d, const char *name)
{
	g_autofree char *file = g_strconcat(name, ".key", NULL);
	return g_build_filename(d->dir, file, NULL);
}

static void desk_write(const struct desk *d, const char *name, const char *key, gssize len)
{
	g_autofree char *path = desk_path(d, name);
	g_unlink(path);
	CHECK(g_file_set_contents_full(path, key, len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void desk_remove(struct desk *d)
{
	g_autoptr(GDir) list = g_dir_open(d->dir, 0, NULL);
	const char *name;
	while (list && (name = g_dir_read_name(list)) != NULL) {
		g_autofree char *path = g_build_filename(d->dir, name, NULL);
		g_remove(path);
	}
	g_rmdir(d->dir);
	g_free(d->dir);
	g_free(d->names[0]);
	g_free(d->names[1]);
}

/* The code of the refusal, -1 without one; `what` stands in the message, and the file. */
static int refusal(const struct desk *d, const char *what)
{
	g_autoptr(GError) error = NULL;
	struct card_key *keys = NULL;
	gsize n = 4711;

	if (card_keys_load(&d->config, &keys, &n, &error)) {
		card_keys_free(keys, n);
		return -1;
	}
	CHECK(keys == NULL && n == 4711);
	if (!strstr(error->message, what) || !strstr(error->message, "/tokens.key: "))
		fprintf(stderr, "%s\n", error->message);
	CHECK(strstr(error->message, what) && strstr(error->message, "/tokens.key: "));
	CHECK(error->domain == KEYRING_ERROR);
	return error->code;
}

static void keys_come_in_the_order_of_the_configuration(void)
{
	struct desk d;
	struct card_key *keys = NULL;
	gsize n = 0;
	desk_make(&d, "tokens", "a");
	desk_write(&d, "a", KEY_A, 24);
	desk_write(&d, "tokens", KEY_B, 24);
	CHECK(card_keys_load(&d.config, &keys, &n, NULL));
	CHECK_INT(n, 2);
	CHECK_STR(keys[0].name, "tokens");
	CHECK(memcmp(keys[0].master, KEY_B, 24) == 0);
	CHECK_STR(keys[1].name, "a");
	CHECK(memcmp(keys[1].master, KEY_A, 24) == 0);
	CHECK(card_keys_free(keys, n) == NULL);
	desk_remove(&d);
}

static void a_desk_without_keys_needs_no_folder(void)
{
	struct desk d;
	struct card_key *keys = NULL;
	gsize n = 4711;
	desk_make(&d, NULL, NULL);
	CHECK(card_keys_load(&d.config, &keys, &n, NULL));
	CHECK(keys == NULL);
	CHECK_INT(n, 0);
	CHECK(card_keys_free(keys, n) == NULL);
	desk_remove(&d);
}

static void each_cause_of_refusal_is_said(void)
{
	struct desk d;
	desk_make(&d, "tokens", NULL);
	g_autofree char *path = desk_path(&d, "tokens"), *link = desk_path(&d, "other");
	CHECK_INT(refusal(&d, "No such file"), KEYRING_ERROR_MISSING);
	desk_write(&d, "tokens", KEY_A, 23);
	CHECK_INT(refusal(&d, "must be 24 bytes"), KEYRING_ERROR_FORM);
	desk_write(&d, "tokens", KEY_A "\n", 25);
	CHECK_INT(refusal(&d, "must be 24 bytes"), KEYRING_ERROR_FORM);
	desk_write(&d, "tokens", "", 0);
	CHECK_INT(refusal(&d, "must be 24 bytes"), KEYRING_ERROR_FORM);
	desk_write(&d, "tokens", KEY_A, 24);
	CHECK_INT(refusal(&d, ""), -1);
	g_chmod(path, 0640);
	CHECK_INT(refusal(&d, "mode 0600"), KEYRING_ERROR_MODE);
	g_chmod(path, 0602);
	CHECK_INT(refusal(&d, "mode 0600"), KEYRING_ERROR_MODE);
	if (geteuid() == 0) {
		g_chmod(path, 0600);
		CHECK_INT(chown(path, 65534, 65534), 0);
		CHECK_INT(refusal(&d, "must belong to the service's user"), KEYRING_ERROR_MODE);
	}
	CHECK_INT(g_rename(path, link), 0);
	CHECK_INT(symlink(link, path), 0);
	CHECK_INT(refusal(&d, "symbolic links"), KEYRING_ERROR_MODE);
	g_unlink(path);
	CHECK_INT(mkfifo(path, 0600), 0);
	CHECK_INT(refusal(&d, "not a plain file"), KEYRING_ERROR_FORM);
	desk_remove(&d);
}

static void a_key_that_repeats_itself_is_none(void)
{
	static const char zeros[24], *const first_and_last = "abcdefghABCDEFGHabcdefgh";
	struct desk d;
	desk_make(&d, "tokens", NULL);
	desk_write(&d, "tokens", zeros, 24);
	CHECK_INT(refusal(&d, "24 random bytes"), KEYRING_ERROR_FORM);
	desk_write(&d, "tokens", "abcdefghabcdefghABCDEFGH", 24);
	CHECK_INT(refusal(&d, "24 random bytes"), KEYRING_ERROR_FORM);
	desk_write(&d, "tokens", "ABCDEFGHabcdefghabcdefgh", 24);
	CHECK_INT(refusal(&d, "24 random bytes"), KEYRING_ERROR_FORM);
	desk_write(&d, "tokens", first_and_last, 24);
	CHECK_INT(refusal(&d, "24 random bytes"), KEYRING_ERROR_FORM);
	desk_remove(&d);
}

static void one_bad_key_leaves_none(void)
{
	struct desk d;
	desk_make(&d, "a", "tokens");
	desk_write(&d, "a", KEY_A, 24);
	CHECK_INT(refusal(&d, "No such file"), KEYRING_ERROR_MISSING);
	desk_remove(&d);
}

static void a_systemd_credential_wins_over_the_file(void)
{
	struct desk d, credentials;
	struct card_key *keys = NULL;
	gsize n = 0;
	desk_make(&d, "tokens", "a");
	desk_make(&credentials, NULL, NULL);
	g_autofree char *path = desk_path(&credentials, "tokens");
	desk_write(&d, "a", KEY_A, 24);
	desk_write(&credentials, "tokens", KEY_B, 24);
	g_chmod(path, 0440);
	g_setenv("CREDENTIALS_DIRECTORY", credentials.dir, TRUE);
	CHECK(card_keys_load(&d.config, &keys, &n, NULL));
	CHECK_INT(n, 2);
	CHECK(memcmp(keys[0].master, KEY_B, 24) == 0);
	CHECK(memcmp(keys[1].master, KEY_A, 24) == 0);
	card_keys_free(keys, n);
	/* A bad credential is said, not passed over for the file. */
	desk_write(&d, "tokens", KEY_A, 24);
	desk_write(&credentials, "tokens", KEY_B, 20);
	CHECK_INT(refusal(&d, "must be 24 bytes"), KEYRING_ERROR_FORM);
	g_unsetenv("CREDENTIALS_DIRECTORY");
	desk_remove(&credentials);
	desk_remove(&d);
}

/* Looked at through the process's own memory, where the bytes lay. */
static void freed_keys_are_wiped(void)
{
	struct desk d;
	struct card_key *keys = NULL;
	gsize n = 0;
	guint8 after[sizeof *keys];
	desk_make(&d, "tokens", NULL);
	desk_write(&d, "tokens", KEY_A, 24);
	CHECK(card_keys_load(&d.config, &keys, &n, NULL));
	off_t at = (off_t)(gintptr)keys;
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	card_keys_free(keys, n);
	if (fd >= 0 && pread(fd, after, sizeof after, at) == (gssize)sizeof after)
		CHECK(!memmem(after, sizeof after, KEY_A + 2, 8));
	if (fd >= 0)
		close(fd);
	desk_remove(&d);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"keys come in the order of the configuration",
			keys_come_in_the_order_of_the_configuration},
		{"a desk without keys needs no folder", a_desk_without_keys_needs_no_folder},
		{"each cause of refusal is said", each_cause_of_refusal_is_said},
		{"a key that repeats itself is none", a_key_that_repeats_itself_is_none},
		{"one bad key leaves none", one_bad_key_leaves_none},
		{"a systemd credential wins over the file",
			a_systemd_credential_wins_over_the_file},
		{"freed keys are wiped", freed_keys_are_wiped},
	};
	g_unsetenv("CREDENTIALS_DIRECTORY");
	return CHECK_MAIN("card keys", cases);
}
