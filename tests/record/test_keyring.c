/* SPDX-License-Identifier: MIT
 *
 * test_keyring.c - the master key and what is derived from it.
 */
#include "kiosk/record/keyring.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/check.h"

static char *new_path(void)
{
	g_autofree char *dir = g_dir_make_tmp("keyring-XXXXXX", NULL);
	return g_build_filename(dir, "master", NULL);
}

static void remove_path(char *path)
{
	g_autofree char *dir = g_path_get_dirname(path);
	g_unlink(path);
	g_rmdir(dir);
	g_free(path);
}

static int refusal(const char *path)
{
	g_autoptr(GError) error = NULL;
	AUTO(keyring) keys = keyring_open(path, &error);
	return keys ? -1 : error->code;
}

static void a_new_key_is_ours_alone_and_never_overwritten(void)
{
	char *path = new_path();
	g_autofree char *before = NULL, *after = NULL;
	gsize n = 0, again = 0;
	struct stat st;
	g_autoptr(GError) error = NULL;
	CHECK(keyring_create(path, NULL));
	CHECK_INT(stat(path, &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	g_file_get_contents(path, &before, &n, NULL);
	CHECK_INT(n, KEY_SIZE);
	CHECK(!keyring_create(path, &error));
	CHECK(error != NULL);
	g_file_get_contents(path, &after, &again, NULL);
	CHECK(n == again && memcmp(before, after, n) == 0);
	remove_path(path);
}

static void each_cause_of_refusal_has_its_code(void)
{
	char *path = new_path();
	g_autofree char *link = g_strconcat(path, ".link", NULL);
	CHECK_INT(refusal(path), KEYRING_ERROR_MISSING);
	CHECK(keyring_create(path, NULL));
	CHECK_INT(refusal(path), -1);
	g_chmod(path, 0640);
	CHECK_INT(refusal(path), KEYRING_ERROR_MODE);
	g_chmod(path, 0604);
	CHECK_INT(refusal(path), KEYRING_ERROR_MODE);
	g_chmod(path, 0600);
	CHECK_INT(symlink(path, link), 0);
	CHECK_INT(refusal(link), KEYRING_ERROR_MODE);
	g_unlink(link);
	if (geteuid() == 0) {
		CHECK_INT(chown(path, 65534, 65534), 0);
		CHECK_INT(refusal(path), KEYRING_ERROR_MODE);
		CHECK_INT(chown(path, 0, 0), 0);
	}
	CHECK_INT(truncate(path, KEY_SIZE - 1), 0);
	CHECK_INT(refusal(path), KEYRING_ERROR_FORM);
	CHECK_INT(truncate(path, KEY_SIZE + 1), 0);
	CHECK_INT(refusal(path), KEYRING_ERROR_FORM);
	CHECK_INT(refusal("/tmp"), KEYRING_ERROR_FORM);
	remove_path(path);
}

/* RFC 5869: PRK = HMAC(salt, key); the first block is HMAC(PRK, info ‖ 1). */
static void slow_hkdf(const guint8 key[32], const char *info, guint8 ret[32])
{
	guint8 prk[32], text[64];
	gsize n = strlen(info);
	const char *salt = "madoguchi keyring v1";
	HMAC(EVP_sha256(), salt, (int)strlen(salt), key, 32, prk, NULL);
	memcpy(text, info, n);
	text[n] = 1;
	HMAC(EVP_sha256(), prk, 32, text, n + 1, ret, NULL);
}

static void derived_keys_are_those_of_rfc_5869(void)
{
	char *path = new_path();
	g_autofree char *master = NULL;
	guint8 a[KEY_SIZE], b[KEY_SIZE], want[KEY_SIZE];
	CHECK(keyring_create(path, NULL));
	g_file_get_contents(path, &master, NULL, NULL);
	for (int round = 0; round < 2; round++) {
		AUTO(keyring) keys = keyring_open(path, NULL);
		keyring_derive(keys, "holder-tag", a);
		keyring_derive(keys, "clerk-pin", b);
		slow_hkdf((guint8 *)master, "holder-tag", want);
		CHECK(memcmp(a, want, sizeof a) == 0);
		CHECK(memcmp(a, b, sizeof a) != 0);
	}
	remove_path(path);
}

static void a_systemd_credential_wins_over_the_file(void)
{
	char *path = new_path();
	g_autofree char *dir = g_path_get_dirname(path);
	g_autofree char *credential = g_build_filename(dir, "madoguchi.key", NULL);
	guint8 from_file[KEY_SIZE], got[KEY_SIZE], want[KEY_SIZE];
	CHECK(keyring_create(path, NULL));
	struct keyring *keys = keyring_open(path, NULL);
	keyring_derive(keys, "x", from_file);
	keyring_free(keys);
	CHECK(g_file_set_contents(credential, "0123456789abcdef0123456789abcdef", KEY_SIZE, NULL));
	g_chmod(credential, 0440);
	g_setenv("CREDENTIALS_DIRECTORY", dir, TRUE);
	keys = keyring_open("/does/not/exist", NULL);
	CHECK(keys != NULL);
	keyring_derive(keys, "x", got);
	keyring_free(keys);
	slow_hkdf((const guint8 *)"0123456789abcdef0123456789abcdef", "x", want);
	CHECK(memcmp(got, want, sizeof got) == 0);
	/* A credential folder that has other credentials only changes nothing. */
	g_unlink(credential);
	keys = keyring_open(path, NULL);
	keyring_derive(keys, "x", got);
	keyring_free(keys);
	CHECK(memcmp(got, from_file, sizeof got) == 0);
	g_unsetenv("CREDENTIALS_DIRECTORY");
	remove_path(path);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a new key is ours alone and never overwritten",
			a_new_key_is_ours_alone_and_never_overwritten},
		{"each cause of refusal has its code", each_cause_of_refusal_has_its_code},
		{"derived keys are those of RFC 5869", derived_keys_are_those_of_rfc_5869},
		{"a systemd credential wins over the file",
			a_systemd_credential_wins_over_the_file},
	};
	g_unsetenv("CREDENTIALS_DIRECTORY");
	return CHECK_MAIN("keyring", cases);
}
