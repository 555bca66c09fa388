/* SPDX-License-Identifier: MIT
 *
 * clerks.c - the clerks' rows. See clerks.h; checking a PIN is in clerks_check.c.
 */
#include "kiosk/record/clerks.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/clerk_pin.h"
#include "kiosk/record/seal.h"
#include "kiosk/record/store_private.h"

#define AAD_SIZE 80
#define TAG_TEXT 128 /* key kind, NUL, number */

static void tag(struct store *store, const char *purpose, const char *text, gsize len,
	guint8 ret[SEAL_HASH_SIZE])
{
	guint8 key[KEY_SIZE];
	keyring_derive(store->keys, purpose, key);
	seal_hmac(key, text, len, ret);
	OPENSSL_cleanse(key, sizeof key);
}

static gboolean card_tag(struct store *store, const char *key_kind, const char *number,
	guint8 ret[SEAL_HASH_SIZE], GError **error)
{
	char text[TAG_TEXT];
	gsize kind = key_kind ? strlen(key_kind) : 0, len = number ? strlen(number) : 0;
	if (kind == 0 || len == 0 || kind + 1 + len > sizeof text)
		return store_fail(error, STORE_ERROR_INVALID, "not a card number");
	memcpy(text, key_kind, kind + 1);
	memcpy(text + kind + 1, number, len);
	tag(store, "clerk-card", text, kind + 1 + len, ret);
	OPENSSL_cleanse(text, sizeof text);
	return TRUE;
}

static void person_tag(struct store *store, const char *common_id, guint8 ret[SEAL_HASH_SIZE])
{
	tag(store, "clerk-person", common_id, strlen(common_id), ret);
}

/* A box belongs to its card. */
static void clerk_aad(const guint8 card[SEAL_HASH_SIZE], char ret[AAD_SIZE])
{
	char *at = g_stpcpy(ret, "clerk/");
	for (gsize i = 0; i < SEAL_HASH_SIZE; i++)
		at += g_snprintf(at, 3, "%02x", card[i]);
}

/* Inside the box: three texts, each with its NUL. */
static GBytes *seal_clerk(
	struct store *store, const struct clerk *clerk, const guint8 card[SEAL_HASH_SIZE])
{
	char text[CLERK_ID_SIZE + CLERK_LABEL_SIZE + CLERK_UNIT_SIZE], aad[AAD_SIZE];
	guint8 key[KEY_SIZE];
	char *at = g_stpcpy(text, clerk->common_id) + 1;
	at = g_stpcpy(at, clerk->label) + 1;
	at = g_stpcpy(at, clerk->unit) + 1;
	clerk_aad(card, aad);
	keyring_derive(store->keys, "clerk-seal", key);
	GBytes *box = seal_close(key, aad, text, (gsize)(at - text));
	OPENSSL_cleanse(key, sizeof key);
	OPENSSL_cleanse(text, sizeof text);
	return box;
}

/* The next text of the box; NULL when it does not end or does not fit. */
static const char *take_text(const char *at, const char *end, char *ret, gsize size)
{
	const char *nul = at ? memchr(at, '\0', (gsize)(end - at)) : NULL;
	if (!nul || (gsize)(nul - at) >= size)
		return NULL;
	memcpy(ret, at, (gsize)(nul - at) + 1);
	return nul + 1;
}

/* Columns: id, card_tag, sealed. */
static gboolean open_clerk(
	struct store *store, sqlite3_stmt *statement, struct clerk *ret, GError **error)
{
	struct clerk clerk = {.row = sqlite3_column_int64(statement, 0)};
	guint8 key[KEY_SIZE];
	char aad[AAD_SIZE];
	const guint8 *card = store_column_blob(statement, 1, SEAL_HASH_SIZE);
	if (!card)
		return store_fail(error, STORE_ERROR_DAMAGED, "a clerk cannot be read");
	clerk_aad(card, aad);
	keyring_derive(store->keys, "clerk-seal", key);
	g_autoptr(GBytes) text = seal_open(key, aad, sqlite3_column_blob(statement, 2),
		(gsize)sqlite3_column_bytes(statement, 2));
	OPENSSL_cleanse(key, sizeof key);
	const char *at = text ? g_bytes_get_data(text, NULL) : NULL;
	const char *end = text ? at + g_bytes_get_size(text) : NULL;
	at = take_text(at, end, clerk.common_id, sizeof clerk.common_id);
	at = take_text(at, end, clerk.label, sizeof clerk.label);
	at = take_text(at, end, clerk.unit, sizeof clerk.unit);
	if (at)
		*ret = clerk;
	clerk_wipe(&clerk);
	return at || store_fail(error, STORE_ERROR_DAMAGED, "a clerk cannot be opened");
}

struct adding {
	guint8 card[SEAL_HASH_SIZE];
	guint8 person[SEAL_HASH_SIZE];
	guint8 salt[CLERK_PIN_SALT_SIZE];
	guint8 hash[SEAL_HASH_SIZE];
	GBytes *sealed;
};

static gboolean add_work(struct store *store, gpointer data, GError **error)
{
	const struct adding *add = data;
	return store_exec(store, "DELETE FROM clerk WHERE card_tag = ? OR person_tag = ?",
		       BIND(B_BLOB(add->card, sizeof add->card),
			       B_BLOB(add->person, sizeof add->person)),
		       error) &&
	       store_exec(store,
		       "INSERT INTO clerk (card_tag, person_tag, sealed, kdf, salt, hash)"
		       " VALUES (?, ?, ?, ?, ?, ?)",
		       BIND(B_BLOB(add->card, sizeof add->card),
			       B_BLOB(add->person, sizeof add->person), B_BYTES(add->sealed),
			       B_INT(CLERK_PIN_KDF), B_BLOB(add->salt, sizeof add->salt),
			       B_BLOB(add->hash, sizeof add->hash)),
		       error);
}

static gboolean clerk_valid(const struct clerk *clerk)
{
	const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	return strnlen(clerk->common_id, CLERK_ID_SIZE) == CLERK_ID_SIZE - 1 &&
	       strspn(clerk->common_id, "0123456789") == CLERK_ID_SIZE - 1 &&
	       clerk->label[0] != '\0' && memchr(clerk->label, '\0', CLERK_LABEL_SIZE) &&
	       g_utf8_validate(clerk->label, -1, NULL) &&
	       memchr(clerk->unit, '\0', CLERK_UNIT_SIZE) &&
	       strspn(clerk->unit, letters) == strlen(clerk->unit);
}

gboolean clerks_add(struct store *store, const struct clerk *clerk, const char *key_kind,
	const char *number, const char *pin, GError **error)
{
	struct adding add;
	guint8 peppered[SEAL_HASH_SIZE];
	if (!clerk_valid(clerk))
		return store_fail(error, STORE_ERROR_INVALID,
			"a clerk needs a common id of ten digits, a label and an office code");
	if (!clerk_pin_valid(pin))
		return store_fail(error, STORE_ERROR_INVALID, "a PIN has %d to %d digits",
			CLERK_PIN_MIN, CLERK_PIN_MAX);
	if (!card_tag(store, key_kind, number, add.card, error))
		return FALSE;
	person_tag(store, clerk->common_id, add.person);
	seal_random(add.salt, sizeof add.salt);
	clerk_pin_pepper(store->keys, pin, peppered);
	clerk_pin_hash(peppered, add.salt, add.hash);
	OPENSSL_cleanse(peppered, sizeof peppered);
	add.sealed = seal_clerk(store, clerk, add.card);
	gboolean ok = store_transact(store, STORE_ROOM_RESERVE, add_work, &add, error);
	g_bytes_unref(add.sealed);
	OPENSSL_cleanse(&add, sizeof add);
	return ok;
}

gboolean clerks_remove(struct store *store, const char *common_id, GError **error)
{
	guint8 person[SEAL_HASH_SIZE];
	person_tag(store, common_id, person);
	if (!store_exec(store, "DELETE FROM clerk WHERE person_tag = ?",
		    BIND(B_BLOB(person, sizeof person)), error))
		return FALSE;
	return sqlite3_changes(store->db) > 0 ||
	       store_fail(error, STORE_ERROR_INVALID, "no such clerk");
}

static void free_clerk(gpointer clerk)
{
	clerk_wipe(clerk);
	g_free(clerk);
}

GPtrArray *clerks_list(struct store *store, GError **error)
{
	g_autoptr(GPtrArray) clerks = g_ptr_array_new_with_free_func(free_clerk);
	AUTO(sqlite3_stmt)
	statement = store_query(
		store, "SELECT id, card_tag, sealed FROM clerk ORDER BY id", NULL, error);
	enum store_step step = STORE_STEP_FAILED;
	while (statement && (step = store_step(store, statement, error)) == STORE_STEP_ROW) {
		struct clerk *clerk = g_new0(struct clerk, 1);
		g_ptr_array_add(clerks, clerk);
		if (!open_clerk(store, statement, clerk, error))
			return NULL;
	}
	return step == STORE_STEP_DONE ? g_steal_pointer(&clerks) : NULL;
}

gboolean clerks_count(struct store *store, guint *ret, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store, "SELECT count(*) FROM clerk", NULL, error);
	if (!statement || store_step(store, statement, error) != STORE_STEP_ROW)
		return FALSE;
	*ret = (guint)sqlite3_column_int64(statement, 0);
	return TRUE;
}

gboolean clerks_find(struct store *store, const char *key_kind, const char *number,
	struct clerk *ret, GError **error)
{
	guint8 card[SEAL_HASH_SIZE];
	if (!card_tag(store, key_kind, number, card, error))
		return FALSE;
	AUTO(sqlite3_stmt)
	statement = store_query(store, "SELECT id, card_tag, sealed FROM clerk WHERE card_tag = ?",
		BIND(B_BLOB(card, sizeof card)), error);
	return statement && store_step(store, statement, error) == STORE_STEP_ROW &&
	       open_clerk(store, statement, ret, error);
}

void clerk_wipe(struct clerk *clerk)
{
	OPENSSL_cleanse(clerk, sizeof *clerk);
}
