/* SPDX-License-Identifier: MIT
 *
 * ledger_audit.c - see ledger_audit.h.
 */
#include "kiosk/record/ledger_audit.h"

#include <string.h>

#include "kiosk/record/ledger_store.h"
#include "kiosk/record/requests_private.h"

#define PLACE "%" G_GUINT64_FORMAT

struct walk {
	struct store *store;
	const struct ledger_file *const *witnesses; /* NULL at the end */
	struct ledger_hasher *hasher;
	struct ledger_edge edge; /* of the leaves as they should be, as far as is known */
	struct ledger_edge bare; /* of the leaves as they are */
	guint64 sound;           /* leaves up to here are vouched for */
	gboolean lost;           /* a root differed: later ones will too */
	struct ledger_audit audit;
};

G_GNUC_PRINTF(2, 3)
static void fault(struct walk *walk, const char *format, ...)
{
	va_list args;
	if (walk->audit.faults->len >= LEDGER_FAULTS_MAX)
		return;
	va_start(args, format);
	g_ptr_array_add(walk->audit.faults, g_strdup_vprintf(format, args));
	va_end(args);
}

/* The root of the leaves so far, by a witness of this size. */
static void compare_root(struct walk *walk, const guint8 root[LEDGER_HASH_SIZE], const char *who)
{
	guint8 own[LEDGER_HASH_SIZE];
	if (walk->lost)
		return;
	ledger_hasher_root(walk->hasher, &walk->edge, own);
	if (memcmp(own, root, sizeof own) == 0) {
		walk->sound = walk->edge.size;
		return;
	}
	walk->lost = TRUE;
	fault(walk, "leaves " PLACE " to " PLACE ": one of them is not what %s says", walk->sound,
		walk->edge.size - 1, who);
}

/* What the sealed request says its leaf is; FALSE: it says nothing. */
static gboolean open_request(struct walk *walk, const char *number, const char *uuid,
	guint8 ret[LEDGER_HASH_SIZE], struct checkpoint *ret_filed)
{
	struct ledger_opening opening;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) envelope = requests_envelope(walk->store, number, &error);
	if (!envelope || !ledger_opening_of_envelope(envelope, &opening, ret_filed, &error)) {
		fault(walk, "leaf " PLACE " (%s): sealed request: %s", walk->edge.size, number,
			error->message);
		return FALSE;
	}
	if (!g_str_equal(opening.number, number) || !g_str_equal(opening.uuid, uuid))
		fault(walk, "leaf " PLACE " (%s): its number or uuid is not the sealed one",
			walk->edge.size, number);
	ledger_opening_leaf(&opening, ret);
	walk->audit.compared++;
	return TRUE;
}

/* The leaf as it should be: by the export, by the sealed request, or as it is. */
static void take_leaf(struct walk *walk, const guint8 *hash, const char *number, const char *uuid)
{
	static const guint8 none[LEDGER_HASH_SIZE] = {0};
	guint8 want[LEDGER_HASH_SIZE];
	struct checkpoint filed = {0};
	guint64 place = walk->edge.size;
	const char *named = number ? number : "erased";
	if (!hash)
		fault(walk, "leaf " PLACE " (%s): not a hash", place, named);
	memcpy(want, hash ? hash : none, sizeof want);
	ledger_hasher_append(walk->hasher, &walk->bare, want);
	gboolean opened = number && open_request(walk, number, uuid, want, &filed);
	if (opened && hash && memcmp(want, hash, sizeof want) != 0)
		fault(walk, "leaf " PLACE " (%s): not that of its sealed request", place, number);
	ledger_hasher_append(walk->hasher, &walk->edge, want);
	if (opened && filed.size != walk->edge.size)
		fault(walk, "leaf " PLACE " (%s): was filed as leaf " PLACE, place, number,
			filed.size - 1);
	else if (opened)
		compare_root(walk, filed.root, number);
}

static void compare_export(struct walk *walk, const struct ledger_file *file, const guint8 *hash)
{
	guint64 place = walk->edge.size;
	if (!hash || place >= file->leaves->len / LEDGER_HASH_SIZE)
		return;
	if (memcmp(hash, file->leaves->data + place * LEDGER_HASH_SIZE, LEDGER_HASH_SIZE) != 0)
		fault(walk, "leaf " PLACE ": not that of the export", place);
}

static void compare_size(struct walk *walk, const struct ledger_file *file)
{
	if (file->checkpoint.size == walk->edge.size)
		compare_root(walk, file->checkpoint.root, "a signed checkpoint");
	if (file->kind == LEDGER_FILE_CONSISTENCY && file->old.size == walk->edge.size)
		compare_root(walk, file->old.root, "an older tree");
}

static void take_row(struct walk *walk, sqlite3_stmt *statement)
{
	guint64 place = (guint64)sqlite3_column_int64(statement, 0);
	const guint8 *hash = store_column_blob(statement, 1, LEDGER_HASH_SIZE);
	if (place != walk->edge.size) {
		fault(walk, "leaves " PLACE " to " PLACE ": missing", walk->edge.size, place - 1);
		walk->edge.size = walk->bare.size = place;
		walk->lost = TRUE;
	}
	for (guint i = 0; walk->witnesses[i]; i++)
		compare_export(walk, walk->witnesses[i], hash);
	take_leaf(walk, hash, (const char *)sqlite3_column_text(statement, 2),
		(const char *)sqlite3_column_text(statement, 3));
	for (guint i = 0; walk->witnesses[i]; i++)
		compare_size(walk, walk->witnesses[i]);
}

static gboolean walk_leaves(struct walk *walk, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(walk->store,
		"SELECT l.place, l.hash, r.number, r.uuid FROM ledger_leaf l"
		" LEFT JOIN request r ON r.leaf = l.place AND r.envelope IS NOT NULL"
		" WHERE l.place >= 0 ORDER BY l.place",
		NULL, error);
	enum store_step step = STORE_STEP_FAILED;
	while (statement && (step = store_step(walk->store, statement, error)) == STORE_STEP_ROW)
		take_row(walk, statement);
	return step == STORE_STEP_DONE;
}

/* The kept edge, level by level: each vouches for one run of leaves. */
static void compare_edge(struct walk *walk)
{
	struct ledger_edge kept;
	guint64 from = 0;
	g_autoptr(GError) error = NULL;
	if (!ledger_store_edge(walk->store, &kept, &error)) {
		fault(walk, "edge: %s", error->message);
		return;
	}
	if (kept.size != walk->bare.size) {
		fault(walk, "edge: of " PLACE " leaves, " PLACE " are there", kept.size,
			walk->bare.size);
		return;
	}
	for (guint level = 64; level-- > 0;) {
		if (!(kept.size >> level & 1))
			continue;
		guint64 to = from + (G_GUINT64_CONSTANT(1) << level);
		if (memcmp(kept.hash[level], walk->bare.hash[level], LEDGER_HASH_SIZE) != 0)
			fault(walk, "edge: leaves " PLACE " to " PLACE " do not give its hash",
				from, to - 1);
		from = to;
	}
}

/* Requests that say they are leaves that are not there. */
static gboolean find_strays(struct walk *walk, GError **error)
{
	AUTO(sqlite3_stmt)
	statement = store_query(walk->store,
		"SELECT r.number FROM request r LEFT JOIN ledger_leaf l ON l.place = r.leaf"
		" WHERE l.place IS NULL ORDER BY r.id",
		NULL, error);
	enum store_step step = STORE_STEP_FAILED;
	while (statement && (step = store_step(walk->store, statement, error)) == STORE_STEP_ROW)
		fault(walk, "%s: its leaf is not there",
			(const char *)sqlite3_column_text(statement, 0));
	return step == STORE_STEP_DONE;
}

gboolean ledger_audit_run(struct store *store, const struct ledger_file *const *witnesses,
	struct ledger_audit *ret, GError **error)
{
	struct walk walk = {.store = store, .witnesses = witnesses};
	AUTO(ledger_hasher) hasher = ledger_hasher_new();
	walk.hasher = hasher;
	walk.audit.faults = g_ptr_array_new_with_free_func(g_free);
	if (!walk_leaves(&walk, error) || !find_strays(&walk, error)) {
		ledger_audit_clear(&walk.audit);
		return FALSE;
	}
	compare_edge(&walk);
	for (guint i = 0; witnesses[i]; i++)
		if (witnesses[i]->checkpoint.size > walk.bare.size)
			fault(&walk, "size " PLACE ": " PLACE " leaves were signed", walk.bare.size,
				witnesses[i]->checkpoint.size);
	walk.audit.found.size = walk.bare.size;
	ledger_hasher_root(hasher, &walk.bare, walk.audit.found.root);
	*ret = walk.audit;
	return TRUE;
}

void ledger_audit_clear(struct ledger_audit *audit)
{
	g_clear_pointer(&audit->faults, g_ptr_array_unref);
}
