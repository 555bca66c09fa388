/* SPDX-License-Identifier: MIT
 *
 * test_bundle_keys.c - the key files of bundles: made once, guarded, and nothing else taken.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "tests/check.h"
#include "tests/directory/shelf.h"

static void check_mode(const struct shelf *s, const char *name, mode_t mode, off_t size)
{
	struct stat st;
	g_autofree char *path = shelf_file(s, name);
	CHECK_INT(stat(path, &st), 0);
	CHECK_INT(st.st_mode & 07777, mode);
	CHECK(size == 0 ? st.st_size > 0 : st.st_size == size);
}

static void keys_are_made_once_and_for_their_owner(void)
{
	struct shelf s;
	g_autoptr(GError) error = NULL;
	mode_t before = umask(0);
	shelf_make(&s);
	umask(before);
	check_mode(&s, "issuer.key", 0600, 0);
	check_mode(&s, "issuer.pub", 0644, 0);
	check_mode(&s, "issuer.fleet", 0600, 32);
	CHECK(!bundle_keygen(s.keys, &error));
	CHECK(error && strstr(error->message, "issuer.key: File exists"));
	shelf_remove(&s);
}

static void half_a_set_of_keys_is_taken_back(void)
{
	static const char *const endings[] = {".key", ".pub", ".fleet"};
	struct shelf s;
	shelf_make(&s);
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *name = g_strconcat("half", endings[i], NULL);
		g_autofree char *in_the_way = world_file(&s.w, name, "in the way");
		g_autofree char *prefix = shelf_file(&s, "half");
		CHECK(!bundle_keygen(prefix, &error));
		CHECK(error && strstr(error->message, name));
		for (gsize j = 0; j < G_N_ELEMENTS(endings); j++) {
			g_autofree char *path = g_strconcat(prefix, endings[j], NULL);
			CHECK_INT(access(path, F_OK), i == j ? 0 : -1);
		}
		g_unlink(in_the_way);
	}
	shelf_remove(&s);
}

/* Refused with these words, whichever way the keys are taken. */
static void check_refused(gboolean ok, GError **error, const char *words)
{
	CHECK(!ok);
	if (*error && !strstr((*error)->message, words))
		fprintf(stderr, "said \"%s\"\n", (*error)->message);
	CHECK(*error && (*error)->domain == BUNDLE_ERROR && strstr((*error)->message, words));
	g_clear_error(error);
}

static void secrets_that_others_may_read_are_not_used(void)
{
	struct shelf s;
	g_autoptr(GError) error = NULL;
	shelf_make(&s);
	g_autofree char *key = shelf_file(&s, "issuer.key");
	g_autofree char *public = shelf_file(&s, "issuer.pub");
	g_autofree char *fleet = shelf_file(&s, "issuer.fleet");
	CHECK_INT(chmod(key, 0640), 0);
	check_refused(shelf_export(s.keys, SAMPLE, s.path, 8, AS_OF, &error), &error, "mode 0600");
	CHECK_INT(chmod(key, 0600), 0);
	CHECK_INT(chmod(fleet, 0604), 0);
	check_refused(shelf_export(s.keys, SAMPLE, s.path, 8, AS_OF, &error), &error, "mode 0600");
	check_refused(bundle_trust_open(public, fleet, &error) != NULL, &error, "mode 0600");
	CHECK_INT(chmod(fleet, 0600), 0);
	CHECK_INT(chmod(public, 0666), 0);
	check_refused(bundle_trust_open(public, fleet, &error) != NULL, &error,
		"writable by nobody else");
	CHECK_INT(chmod(public, 0444), 0);
	AUTO(bundle_trust) trust = bundle_trust_open(public, fleet, &error);
	CHECK(trust != NULL);
	shelf_remove(&s);
}

/* The PEM text of a key of any kind. */
static char *pem_of(EVP_PKEY *key, gboolean private, const char *passphrase)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	if (private)
		PEM_write_bio_PKCS8PrivateKey(bio, key, passphrase ? EVP_aes_256_cbc() : NULL,
			passphrase, passphrase ? (int)strlen(passphrase) : 0, NULL, NULL);
	else
		PEM_write_bio_PUBKEY(bio, key);
	long len = BIO_get_mem_data(bio, &text);
	char *ret = g_strndup(text, (gsize)len);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return ret;
}

static EVP_PKEY *ed25519(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

static EVP_PKEY *p256(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

static void only_ed25519_keys_are_trusted_and_nothing_beside_them(void)
{
	struct shelf s;
	GString *nine = g_string_new(NULL);
	shelf_make(&s);
	for (int i = 0; i <= BUNDLE_SIGNERS_MAX; i++) {
		g_autofree char *one = pem_of(ed25519(), FALSE, NULL);
		g_string_append(nine, one);
	}
	g_autofree char *good = pem_of(ed25519(), FALSE, NULL);
	g_autofree char *ec = pem_of(p256(), FALSE, NULL);
	g_autofree char *private = pem_of(ed25519(), TRUE, NULL);
	g_autofree char *mixed = g_strconcat(good, ec, NULL);
	g_autofree char *both = g_strconcat(good, private, NULL);
	g_autofree char *torn = g_strndup(good, strlen(good) - 10);
	g_autofree char *torn_second = g_strconcat(good, torn, NULL);
	g_autofree char *long_file = g_strnfill(20000, '\n');
	const char *const texts[] = {
		"", "nonsense", ec, private, mixed, both, torn, torn_second, nine->str};
	g_autofree char *fleet = shelf_file(&s, "issuer.fleet");
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = world_file(&s.w, "bad.pub", texts[i]);
		AUTO(bundle_trust) trust = bundle_trust_open(path, fleet, &error);
		check_refused(trust != NULL, &error, "not Ed25519 public keys");
	}
	g_autoptr(GError) error = NULL;
	g_autofree char *path = world_file(&s.w, "long.pub", long_file);
	check_refused(bundle_trust_open(path, fleet, &error) != NULL, &error, "not a key file");
	check_refused(bundle_trust_open("/dev/zero", fleet, &error) != NULL, &error, "not a key");
	check_refused(bundle_trust_open("/none", fleet, &error) != NULL, &error, "No such file");
	g_string_free(nine, TRUE);
	shelf_remove(&s);
}

static void only_an_open_ed25519_key_signs(void)
{
	struct shelf s;
	shelf_make(&s);
	g_autofree char *public = pem_of(ed25519(), FALSE, NULL);
	g_autofree char *ec = pem_of(p256(), TRUE, NULL);
	g_autofree char *closed = pem_of(ed25519(), TRUE, "passphrase");
	const char *const texts[] = {"", "nonsense", public, ec, closed};
	g_autofree char *path = shelf_file(&s, "issuer.key");
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		CHECK(g_file_set_contents_full(
			path, texts[i], -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
		check_refused(shelf_export(s.keys, SAMPLE, s.path, 8, AS_OF, &error), &error,
			"not an Ed25519 private key");
	}
	shelf_remove(&s);
}

static void a_credential_wins_over_the_fleet_key_file(void)
{
	struct shelf s;
	shelf_make(&s);
	g_autofree char *public = shelf_file(&s, "issuer.pub");
	g_autofree char *fleet = shelf_file(&s, "issuer.fleet");
	g_autofree char *credential = shelf_file(&s, "fleet.key");
	CHECK_INT(g_rename(fleet, credential), 0);
	/* systemd's mode, which a file of our own may not have. */
	CHECK_INT(chmod(credential, 0440), 0);
	g_setenv("CREDENTIALS_DIRECTORY", s.w.path, TRUE);
	AUTO(bundle_trust) trust = bundle_trust_open(public, fleet, NULL);
	g_unsetenv("CREDENTIALS_DIRECTORY");
	CHECK(trust && memcmp(trust->fleet, s.trust->fleet, KEY_SIZE) == 0);
	shelf_remove(&s);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"keys are made once and for their owner", keys_are_made_once_and_for_their_owner},
		{"half a set of keys is taken back", half_a_set_of_keys_is_taken_back},
		{"secrets that others may read are not used",
			secrets_that_others_may_read_are_not_used},
		{"only Ed25519 keys are trusted and nothing beside them",
			only_ed25519_keys_are_trusted_and_nothing_beside_them},
		{"only an open Ed25519 key signs", only_an_open_ed25519_key_signs},
		{"a credential wins over the fleet key file",
			a_credential_wins_over_the_fleet_key_file},
	};
	return CHECK_MAIN("bundle keys", cases);
}
