/* SPDX-License-Identifier: MIT
 *
 * clerks_check.c - checking a PIN: count on disk, hash in a worker, answer.
 *
 * The count goes up before the hash and down after a right answer, so that
 * cutting the power in between costs the guesser a try and never gives one.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/clerk_pin.h"
#include "kiosk/record/clerks.h"
#include "kiosk/record/seal.h"
#include "kiosk/record/store_private.h"

#define WAIT_AFTER_FAILURE 5 /* the store could not count: nothing may be tried yet */

struct check {
	struct store *store; /* main thread only */
	gint64 row;
	gint64 now;
	clerks_done done;
	gpointer data;

	enum clerk_pin answer;
	guint wait;
	gboolean heard; /* counted, so worth hashing */

	/* For the worker. */
	gboolean formed; /* the PIN has the form of one */
	guint8 peppered[SEAL_HASH_SIZE];
	guint8 salt[CLERK_PIN_SALT_SIZE];
	guint8 hash[SEAL_HASH_SIZE];
};

static void check_free(gpointer data)
{
	OPENSSL_cleanse(data, sizeof(struct check));
	g_free(data);
}

/* Tries so far and the time of the last; fills salt and hash. */
static enum store_step load(
	struct store *store, struct check *check, gint64 *ret_tries, gint64 *ret_at, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(store,
		"SELECT tries, tried_at, salt, hash FROM clerk WHERE id = ? AND kdf = ?",
		BIND(B_INT(check->row), B_INT(CLERK_PIN_KDF)), error);
	enum store_step step = statement ? store_step(store, statement, error) : STORE_STEP_FAILED;
	if (step != STORE_STEP_ROW)
		return step;
	const guint8 *salt = store_column_blob(statement, 2, sizeof check->salt);
	const guint8 *hash = store_column_blob(statement, 3, sizeof check->hash);
	if (!salt || !hash) {
		store_fail(error, STORE_ERROR_DAMAGED, "a clerk cannot be read");
		return STORE_STEP_FAILED;
	}
	memcpy(check->salt, salt, sizeof check->salt);
	memcpy(check->hash, hash, sizeof check->hash);
	*ret_tries = sqlite3_column_int64(statement, 0);
	*ret_at = sqlite3_column_int64(statement, 1);
	return step;
}

static gboolean set_tries(struct store *store, gint64 row, gint64 tries, gint64 at, GError **error)
{
	return store_exec(store, "UPDATE clerk SET tries = ?, tried_at = ? WHERE id = ?",
		BIND(B_INT(tries), B_INT(at), B_INT(row)), error);
}

static void answer(struct check *check, enum clerk_pin what, guint wait)
{
	check->answer = what;
	check->wait = wait;
}

static gboolean too_early(struct store *store, struct check *check, gint64 tries, gint64 at,
	gint64 left, GError **error)
{
	answer(check, CLERK_PIN_WAIT, (guint)left);
	/* A clock that went back must not keep a clerk out for a year: count from now. */
	return at <= check->now || set_tries(store, check->row, tries, check->now, error);
}

/* One transaction: may this try be heard? If so it is counted as wrong already. */
static gboolean count_work(struct store *store, gpointer data, GError **error)
{
	struct check *check = data;
	gint64 tries = 0, at = 0;
	enum store_step step = load(store, check, &tries, &at, error);
	check->heard = FALSE;
	/* A clerk who is gone, or whose hash this program does not know, opens to nobody. */
	answer(check, CLERK_PIN_LOCKED, 0);
	if (step != STORE_STEP_ROW || tries >= CLERK_PIN_TRIES)
		return step != STORE_STEP_FAILED;
	gint64 left = MIN(at, check->now) + clerk_pin_delay(tries) - check->now;
	if (left > 0)
		return too_early(store, check, tries, at, left, error);
	tries++;
	check->heard = TRUE;
	if (tries < CLERK_PIN_TRIES)
		answer(check, CLERK_PIN_WRONG, clerk_pin_delay(tries));
	return set_tries(store, check->row, tries, check->now, error);
}

static gboolean forgive_work(struct store *store, gpointer data, GError **error)
{
	const struct check *check = data;
	return set_tries(store, check->row, 0, 0, error);
}

/* In a worker. */
static void hash_in_worker(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	struct check *check = data;
	guint8 hash[SEAL_HASH_SIZE];
	clerk_pin_hash(check->peppered, check->salt, hash);
	gboolean same = CRYPTO_memcmp(hash, check->hash, sizeof hash) == 0;
	OPENSSL_cleanse(hash, sizeof hash);
	g_task_return_boolean(task, same && check->formed);
}

static void on_hash_ready(GObject *source, GAsyncResult *result, gpointer data)
{
	struct check *check = g_task_get_task_data(G_TASK(result));
	gboolean right = g_task_propagate_boolean(G_TASK(result), NULL);
	/* After a cancel neither the store nor the caller need be there. */
	if (g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result))))
		return;
	if (right && store_transact(check->store, STORE_ROOM_RESERVE, forgive_work, check, NULL))
		answer(check, CLERK_PIN_RIGHT, 0);
	else if (right)
		answer(check, CLERK_PIN_WAIT, WAIT_AFTER_FAILURE);
	check->done(check->answer, check->wait, check->data);
}

void clerks_check_pin(struct store *store, gint64 row, const char *pin, gint64 now,
	GCancellable *cancellable, clerks_done done, gpointer data)
{
	struct check *check = g_new0(struct check, 1);
	*check = (struct check){.store = store, .row = row, .now = now, .done = done, .data = data};
	GTask *task = g_task_new(NULL, cancellable, on_hash_ready, NULL);
	g_task_set_task_data(task, check, check_free);
	if (!store_transact(store, STORE_ROOM_RESERVE, count_work, check, NULL)) {
		check->heard = FALSE;
		answer(check, CLERK_PIN_WAIT, WAIT_AFTER_FAILURE);
	}
	if (check->heard) {
		check->formed = clerk_pin_valid(pin);
		clerk_pin_pepper(store->keys, check->formed ? pin : "", check->peppered);
		g_task_run_in_thread(task, hash_in_worker);
	} else {
		/* Told from the main loop too: a caller is never called back inside its call. */
		g_task_return_boolean(task, FALSE);
	}
	g_object_unref(task);
}
