/* SPDX-License-Identifier: MIT
 *
 * shelf.h - a desk with the keys of its issuer, and one bundle of the sample directory.
 */
#ifndef TESTS_DIRECTORY_SHELF_H
#define TESTS_DIRECTORY_SHELF_H

#include "tests/directory/forge.h"
#include "tests/directory/world.h"

#define SAMPLE SOURCE_ROOT "/assets/samples/directory.csv"

/* What shelf_take() returns. */
#define REFUSED(name) (BUNDLE_ERROR_##name + 1)
#define BAD_ROW       (SNAPSHOT_ERROR_ROW + 101)

struct shelf {
	struct world w;
	struct forge forge;
	struct bundle_trust *trust;
	char *keys, *path; /* PREFIX; the bundle: serial 7, as of AS_OF */
};

void shelf_make(struct shelf *s);
void shelf_remove(struct shelf *s);

/* The path of a file of its folder, to be freed. */
char *shelf_file(const struct shelf *s, const char *name);

struct bundle_trust *shelf_trust(const char *prefix);

/* Export the file `from` under the keys of `prefix`. */
gboolean shelf_export(const char *prefix, const char *from, const char *to, guint64 serial,
	gint64 as_of, GError **error);

/* A CSV file of so many accounts, every third with two rows, every two of one human. */
char *shelf_many(const struct shelf *s, int accounts);

/* Open and import at AS_OF + 3600. 0, or what refused it. */
int shelf_take(const struct shelf *s, const char *path, gboolean force);

GByteArray *shelf_load(const char *path);
void shelf_save(const char *path, const GByteArray *bytes);

#endif
