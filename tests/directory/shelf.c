/* SPDX-License-Identifier: MIT */
#include "tests/directory/shelf.h"

#include <string.h>

#include "kiosk/directory/import_file.h"
#include "tests/check.h"

char *shelf_file(const struct shelf *s, const char *name)
{
	return g_build_filename(s->w.path, name, NULL);
}

struct bundle_trust *shelf_trust(const char *prefix)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *public = g_strconcat(prefix, ".pub", NULL);
	g_autofree char *fleet = g_strconcat(prefix, ".fleet", NULL);
	struct bundle_trust *trust = bundle_trust_open(public, fleet, &error);
	g_assert_no_error(error);
	return trust;
}

gboolean shelf_export(const char *keys, const char *from, const char *to, guint64 serial,
	gint64 as_of, GError **error)
{
	g_autofree char *key = g_strconcat(keys, ".key", NULL);
	g_autofree char *fleet = g_strconcat(keys, ".fleet", NULL);
	const struct bundle_order order = {key, fleet, "管理 admin", serial, as_of};
	AUTO(import_file) file = import_file_open(from, error);
	return file && bundle_export(file->reader, from, to, &order, NULL, error);
}

void shelf_make(struct shelf *s)
{
	g_autoptr(GError) error = NULL;
	*s = (struct shelf){0};
	world_make(&s->w);
	s->keys = shelf_file(s, "issuer");
	s->path = shelf_file(s, "d.bundle");
	CHECK(bundle_keygen(s->keys, &error));
	forge_take(&s->forge, s->keys);
	s->trust = shelf_trust(s->keys);
	CHECK(shelf_export(s->keys, SAMPLE, s->path, 7, AS_OF, &error));
	g_assert_no_error(error);
}

void shelf_remove(struct shelf *s)
{
	forge_clear(&s->forge);
	bundle_trust_free(s->trust);
	g_free(s->keys);
	g_free(s->path);
	world_remove(&s->w);
}

/* A code of its domain + 1, + 100 for the snapshot's. */
int shelf_take(const struct shelf *s, const char *path, gboolean force)
{
	g_autoptr(GError) error = NULL;
	AUTO(bundle) b = bundle_open(path, s->trust, &error);
	if (b && snapshot_import_bundle(b, s->w.snapshot, s->w.keys, AS_OF + 3600, force, &error))
		return 0;
	CHECK(error != NULL);
	CHECK(!strstr(error->message, "Toto") && !strstr(error->message, "37-246801"));
	return error->code + 1 + (error->domain == BUNDLE_ERROR ? 0 : 100);
}

GByteArray *shelf_load(const char *path)
{
	char *data = NULL;
	gsize len = 0;
	g_assert_true(g_file_get_contents(path, &data, &len, NULL));
	return g_byte_array_new_take((guint8 *)data, len);
}

void shelf_save(const char *path, const GByteArray *bytes)
{
	g_assert_true(g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL));
}

char *shelf_many(const struct shelf *s, int accounts)
{
	GString *text = g_string_new(HEADER);
	char *path = shelf_file(s, "many.csv");
	for (int i = 0; i < accounts; i++)
		g_string_append_printf(text,
			"%010d,東都 花子%d,Hanako Toto %d,active,yes,no,K%d,student-number,37-%06d,"
			"0,20990331,valid,student,37,20240401,20280331\n",
			i, i, i, i / 2, i);
	for (int i = 0; i < accounts; i += 3)
		g_string_append_printf(
			text, "%010d,,,,,,,staff-number,%07d,,,lost,staff,12,,\n", i, i);
	CHECK(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
	g_string_free(text, TRUE);
	return path;
}
