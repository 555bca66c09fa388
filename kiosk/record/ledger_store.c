/* SPDX-License-Identifier: MIT
 *
 * ledger_store.c - see ledger_store.h.
 */
#include "kiosk/record/ledger_store.h"

#include <string.h>
#include <sys/file.h>

#include <openssl/crypto.h>

#include "kiosk/record/requests_private.h"

#define PURPOSE "ledger-note"

/* Each leaf of the run, in order and none left out. */
static gboolean each(struct store *store, const struct ledger_run *run, ledger_leaf_func leaf,
	gpointer data, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT place, hash FROM ledger_leaf WHERE place >= ? AND place < ? ORDER BY place",
		BIND(B_INT((gint64)run->from), B_INT((gint64)run->to)), error);
	enum store_step step = STORE_STEP_FAILED;
	guint64 place = run->from;
	while (statement && (step = store_step(store, statement, error)) == STORE_STEP_ROW) {
		const guint8 *hash = store_column_blob(statement, 1, LEDGER_HASH_SIZE);
		if (!hash || sqlite3_column_int64(statement, 0) != (gint64)place)
			break;
		leaf(data, place++, hash);
	}
	if (step == STORE_STEP_FAILED)
		return FALSE;
	return (step == STORE_STEP_DONE && (place == run->to || run->to == LEDGER_SIZE_MAX)) ||
	       store_fail(error, STORE_ERROR_DAMAGED,
		       "ledger: leaf %" G_GUINT64_FORMAT " is missing", place);
}

gboolean ledger_store_each(
	struct store *store, ledger_leaf_func leaf, gpointer data, GError **error)
{
	const struct ledger_run all = {0, LEDGER_SIZE_MAX};
	return each(store, &all, leaf, data, error);
}

struct growing {
	struct ledger_hasher *hasher;
	struct ledger_edge *edge;
};

static void grow(gpointer data, guint64 place, const guint8 hash[LEDGER_HASH_SIZE])
{
	struct growing *growing = data;
	ledger_hasher_append(growing->hasher, growing->edge, hash);
}

gboolean ledger_store_run(
	gpointer data, const struct ledger_run *run, struct ledger_edge *edge, GError **error)
{
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	struct growing growing = {hasher, edge};
	return each(data, run, grow, &growing, error);
}

gboolean ledger_store_root(
	struct store *store, guint64 size, struct checkpoint *ret, GError **error)
{
	struct ledger_edge edge = {0};
	const struct ledger_run all = {0, size};
	if (!ledger_store_run(store, &all, &edge, error))
		return FALSE;
	ret->size = size;
	ledger_root(&edge, ret->root);
	return TRUE;
}

gboolean ledger_store_place(struct store *store, const char *number, guint64 *ret, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(
		store, "SELECT leaf FROM request WHERE number = ?", BIND(B_TEXT(number)), error);
	enum store_step step = statement ? store_step(store, statement, error) : STORE_STEP_FAILED;
	if (step == STORE_STEP_DONE)
		return store_fail(error, STORE_ERROR_INVALID, "no such request");
	if (step == STORE_STEP_ROW)
		*ret = (guint64)sqlite3_column_int64(statement, 0);
	return step == STORE_STEP_ROW;
}

gboolean ledger_store_key(const struct keyring *keys, const char *origin, struct note_key *ret,
	guint8 ret_seed[NOTE_KEY_SIZE], GError **error)
{
	guint8 seed[KEY_SIZE];
	keyring_derive(keys, PURPOSE, seed);
	gboolean ok = note_key_of_seed(origin, seed, ret);
	if (ok && ret_seed)
		memcpy(ret_seed, seed, sizeof seed);
	OPENSSL_cleanse(seed, sizeof seed);
	return ok || note_fail(error, NOTE_ERROR_FORM,
			     "ledger: the origin is empty, too long, or has a space or '+'");
}

/* What was signed last; FALSE without error: nothing yet. */
static gboolean read_last(
	const char *path, const struct note_key *key, struct checkpoint *ret, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *note = NULL;
	gsize len = 0;
	if (!g_file_get_contents(path, &note, &len, &cause)) {
		if (!g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	if (checkpoint_open(note, len, key, ret, error))
		return TRUE;
	g_prefix_error(error, "%s: ", path);
	return FALSE;
}

static gboolean continues(
	struct store *store, const struct checkpoint *last, guint64 size, GError **error)
{
	struct checkpoint then;
	if (last->size > size)
		return store_fail(error, STORE_ERROR_DAMAGED,
			"ledger: %" G_GUINT64_FORMAT " leaves were signed, %" G_GUINT64_FORMAT
			" are there",
			last->size, size);
	if (!ledger_store_root(store, last->size, &then, error))
		return FALSE;
	return memcmp(then.root, last->root, sizeof then.root) == 0 ||
	       store_fail(error, STORE_ERROR_DAMAGED,
		       "ledger: the first %" G_GUINT64_FORMAT " leaves are not those signed before",
		       last->size);
}

/* Signed only what the leaves themselves give. */
static gboolean sign(struct store *store, const char *path, const struct note_key *key,
	const guint8 seed[NOTE_KEY_SIZE], struct checkpoint *ret, char **ret_note, GError **error)
{
	struct checkpoint last;
	GError *cause = NULL;
	gboolean any = read_last(path, key, &last, &cause);
	if (cause) {
		g_propagate_error(error, cause);
		return FALSE;
	}
	if (!requests_ledger(store, &ret->size, ret->root, error) ||
		(any && !continues(store, &last, ret->size, error)))
		return FALSE;
	g_autofree char *note = checkpoint_sign(ret, key, seed);
	if (!g_file_set_contents_full(path, note, -1,
		    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0640, error))
		return FALSE;
	*ret_note = g_steal_pointer(&note);
	return TRUE;
}

gboolean ledger_store_sign(struct store *store, const char *dir, const struct keyring *keys,
	const char *origin, struct checkpoint *ret_checkpoint, char **ret, GError **error)
{
	struct note_key key;
	guint8 seed[NOTE_KEY_SIZE];
	g_autofree char *path = g_build_filename(dir, LEDGER_SIGNED, NULL);
	if (!ledger_store_key(keys, origin, &key, seed, error))
		return FALSE;
	/* Two at once would each sign what the other does not know of. */
	gboolean ok = flock(store->dir_fd, LOCK_EX) == 0 ||
		      store_fail(error, STORE_ERROR_IO, "%s: cannot be locked", dir);
	ok = ok && sign(store, path, &key, seed, ret_checkpoint, ret, error);
	flock(store->dir_fd, LOCK_UN);
	OPENSSL_cleanse(seed, sizeof seed);
	return ok;
}
