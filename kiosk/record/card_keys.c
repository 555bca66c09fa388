/* SPDX-License-Identifier: MIT */
#include "kiosk/record/card_keys.h"

#include <string.h>
#include <sys/mman.h>

#include <openssl/crypto.h>

#include "kiosk/record/key_file.h"
#include "kiosk/record/keyring.h"

#define SUFFIX    ".key"
#define PART_SIZE (MAC_MASTER_SIZE / 3) /* triple DES: three keys of eight bytes */

/* Equal parts leave less than triple DES; a file of zeros is the usual way to get there. */
static gboolean check_parts(const guint8 *key, const char *path, GError **error)
{
	const guint8 *second = key + PART_SIZE, *third = second + PART_SIZE;
	if (memcmp(key, second, PART_SIZE) != 0 && memcmp(second, third, PART_SIZE) != 0 &&
		memcmp(key, third, PART_SIZE) != 0)
		return TRUE;
	g_set_error(error, KEYRING_ERROR, KEYRING_ERROR_FORM,
		"%s: must be 24 random bytes, not a repeated pattern", path);
	return FALSE;
}

static gboolean load(
	const struct config *config, const char *name, struct card_key *ret, GError **error)
{
	g_autofree char *file = g_strconcat(name, SUFFIX, NULL);
	g_autofree char *credential = key_file_credential(file);
	g_autofree char *own = g_build_filename(config->key_dir, file, NULL);
	const char *path = credential ? credential : own;

	g_strlcpy(ret->name, name, sizeof ret->name);
	return key_file_read(path, credential != NULL, ret->master, sizeof ret->master, error) &&
	       check_parts(ret->master, path, error);
}

gboolean card_keys_load(
	const struct config *config, struct card_key **ret, gsize *ret_n, GError **error)
{
	gsize n = g_strv_length(config->mac_keys);
	struct card_key *keys = n > 0 ? g_new0(struct card_key, n) : NULL;

	/* Best effort: the limit on locked memory may be zero. */
	if (keys)
		mlock(keys, n * sizeof *keys);
	for (gsize i = 0; i < n; i++) {
		if (!load(config, config->mac_keys[i], &keys[i], error)) {
			card_keys_free(keys, n);
			return FALSE;
		}
	}
	*ret = keys;
	*ret_n = n;
	return TRUE;
}

struct card_key *card_keys_free(struct card_key *keys, gsize n)
{
	if (!keys)
		return NULL;
	OPENSSL_cleanse(keys, n * sizeof *keys);
	munlock(keys, n * sizeof *keys);
	g_free(keys);
	return NULL;
}
