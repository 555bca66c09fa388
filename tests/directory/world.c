/* SPDX-License-Identifier: MIT */
#include "tests/directory/world.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"

#define WAIT_MS 5000

struct waiting {
	struct directory_result result;
	gboolean late, answered;
};

void world_make(struct world *w)
{
	g_autoptr(GError) error = NULL;
	w->path = g_dir_make_tmp("madoguchi-directory-XXXXXX", &error);
	g_assert_no_error(error);
	w->snapshot = g_build_filename(w->path, "directory.db", NULL);
	w->key_path = g_strconcat(w->path, ".key", NULL);
	if (!keyring_create(w->key_path, &error))
		g_error("%s", error->message);
	w->keys = keyring_open(w->key_path, &error);
	g_assert_no_error(error);
}

void world_remove(struct world *w)
{
	g_autoptr(GDir) dir = g_dir_open(w->path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(w->path, name, NULL);
		g_unlink(path);
	}
	g_rmdir(w->path);
	g_unlink(w->key_path);
	keyring_free(w->keys);
	g_free(w->path);
	g_free(w->snapshot);
	g_free(w->key_path);
}

char *world_file(const struct world *w, const char *name, const char *text)
{
	g_autoptr(GError) error = NULL;
	char *path = g_build_filename(w->path, name, NULL);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
	return path;
}

char *world_import_file(const struct world *w, const char *path)
{
	g_autoptr(GError) error = NULL;
	guint64 persons = 0;
	if (snapshot_import(path, w->snapshot, w->keys, AS_OF, &persons, &error)) {
		CHECK(persons > 0);
		CHECK(error == NULL);
		return NULL;
	}
	CHECK(error && error->domain == SNAPSHOT_ERROR);
	return g_strdup(error->message);
}

char *world_import(const struct world *w, const char *name, const char *text)
{
	g_autofree char *path = world_file(w, name, text);
	g_autofree char *message = world_import_file(w, path);
	if (!message)
		return NULL;
	const char *at = strstr(message, name);
	return g_strdup(at ? at : message);
}

static void on_answer(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct waiting *waiting = data;
	CHECK_INT(visit, 7);
	CHECK(!waiting->answered);
	waiting->result = *result;
	waiting->answered = TRUE;
}

static gboolean on_late(gpointer data)
{
	struct waiting *waiting = data;
	waiting->late = TRUE;
	return G_SOURCE_REMOVE;
}

enum directory_answer world_ask(
	struct directory *dir, const char *kind, const char *value, struct directory_result *ret)
{
	struct waiting waiting = {0};
	guint late = g_timeout_add(WAIT_MS, on_late, &waiting);
	directory_lookup(dir, kind, value, 7, NULL, on_answer, &waiting);
	CHECK(!waiting.answered);
	while (!waiting.answered && !waiting.late)
		g_main_context_iteration(NULL, TRUE);
	CHECK(!waiting.late);
	if (!waiting.late)
		g_source_remove(late);
	if (ret)
		*ret = waiting.result;
	return waiting.result.answer;
}

enum directory_answer world_ask_fresh(
	const struct world *w, const char *kind, const char *value, struct directory_result *ret)
{
	struct directory *dir = snapshot_open(w->snapshot, w->keys);
	enum directory_answer answer = world_ask(dir, kind, value, ret);
	directory_free(dir);
	return answer;
}
