/* SPDX-License-Identifier: MIT
 *
 * snapshot.c - see snapshot.h.
 */
#include "kiosk/directory/snapshot.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/directory/snapshot_file.h"

struct snapshot {
	struct directory dir;
	char *path;
	const struct keyring *keys;
	struct snapshot_file *file; /* NULL: not open, or it went away */
	GList *questions;           /* not answered yet */
};

/* Answered from the main loop; owns a copy of what was asked. */
struct question {
	struct snapshot *snapshot;
	char *kind, *value;
	guint64 visit;
	GCancellable *cancellable;
	directory_done done;
	gpointer data;
	guint source;
};

/* Open, or open again where another file took the name. */
static gboolean refresh(struct snapshot *s, GError **error)
{
	if (s->file && snapshot_file_is(s->file, s->path))
		return TRUE;
	s->file = snapshot_file_free(s->file);
	s->file = snapshot_file_open(s->path, s->keys, error);
	return s->file != NULL;
}

static void answer(const struct question *q, struct directory_result *ret)
{
	struct snapshot *s = q->snapshot;
	ret->source = s->dir.ops->name;
	ret->answer = DIRECTORY_DOWN;
	if (!refresh(s, NULL))
		return;
	ret->as_of = snapshot_file_meta(s->file)->as_of;
	ret->answer = snapshot_file_find(s->file, q->kind, q->value, &ret->person);
}

static void question_free(gpointer data)
{
	struct question *q = data;
	if (q->snapshot)
		q->snapshot->questions = g_list_remove(q->snapshot->questions, q);
	g_clear_object(&q->cancellable);
	OPENSSL_cleanse(q->value, strlen(q->value));
	g_free(q->value);
	g_free(q->kind);
	g_free(q);
}

static gboolean on_turn(gpointer data)
{
	struct question *q = data;
	struct directory_result result = {0};
	if (g_cancellable_is_cancelled(q->cancellable))
		return G_SOURCE_REMOVE;
	answer(q, &result);
	/* `done` may free the source of the answer; the question outlives it. */
	q->snapshot->questions = g_list_remove(q->snapshot->questions, q);
	q->snapshot = NULL;
	q->done(&result, q->visit, q->data);
	person_wipe(&result.person);
	return G_SOURCE_REMOVE;
}

static void snapshot_lookup(struct directory *dir, const char *kind, const char *value,
	guint64 visit, GCancellable *cancellable, directory_done done, gpointer data)
{
	struct snapshot *s = (struct snapshot *)dir;
	struct question *q = g_new0(struct question, 1);
	q->snapshot = s;
	q->kind = g_strdup(kind);
	q->value = g_strdup(value);
	q->visit = visit;
	q->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
	q->done = done;
	q->data = data;
	q->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, q, question_free);
	s->questions = g_list_prepend(s->questions, q);
}

static gboolean snapshot_ready(struct directory *dir, GError **error)
{
	return refresh((struct snapshot *)dir, error);
}

static struct directory *snapshot_free(struct directory *dir)
{
	struct snapshot *s = (struct snapshot *)dir;
	while (s->questions) {
		const struct question *q = s->questions->data;
		g_source_remove(q->source);
	}
	snapshot_file_free(s->file);
	g_free(s->path);
	g_free(s);
	return NULL;
}

struct directory *snapshot_open(const char *path, const struct keyring *keys)
{
	static const struct directory_ops ops = {
		"snapshot", snapshot_lookup, snapshot_ready, snapshot_free};
	struct snapshot *s = g_new0(struct snapshot, 1);
	s->dir.ops = &ops;
	s->path = g_strdup(path);
	s->keys = keys;
	return &s->dir;
}

gboolean snapshot_info(
	const char *path, const struct keyring *keys, struct snapshot_info *ret, GError **error)
{
	AUTO(snapshot_file) file = snapshot_file_open(path, keys, error);
	if (!file)
		return FALSE;
	const struct snapshot_meta *meta = snapshot_file_meta(file);
	*ret = (struct snapshot_info){meta->as_of, (guint64)meta->persons, meta->origin};
	return TRUE;
}
