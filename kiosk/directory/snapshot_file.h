/* SPDX-License-Identifier: MIT
 *
 * snapshot_file.h - the snapshot's file format, and one open snapshot.
 *
 * Private to kiosk/directory. Tables of version 1 (all STRICT):
 *   meta(id = 1, box)         when it was taken, how many, which key kinds, which bundle
 *   person(id, link, box)     box: packed person ‖ person key, under SEAL
 *   find(tag, person)         tag: HMAC(FIND, kind ‖ 0 ‖ value); n:m, so that one
 *                             number of two accounts is seen as what it is
 * `link` is the tag of the person key. The file is never changed once it has
 * its name, so it is opened immutable: no lock, no journal, no write.
 */
#ifndef KIOSK_DIRECTORY_SNAPSHOT_FILE_H
#define KIOSK_DIRECTORY_SNAPSHOT_FILE_H

#include <sys/stat.h>

#include <sqlite3.h>

#include "kiosk/cleanup.h"
#include "kiosk/directory/pack.h"
#include "kiosk/directory/snapshot.h"
#include "kiosk/record/keyring.h"
#include "kiosk/record/seal.h"

#define SNAPSHOT_APPLICATION_ID 0x4d446731 /* "MDg1" */
#define SNAPSHOT_VERSION        1
#define SNAPSHOT_KINDS_MAX      16
#define SNAPSHOT_LINK_KIND      "person-key"
#define SNAPSHOT_META_AAD       "snapshot meta"
#define SNAPSHOT_AAD_SIZE       48
#define SNAPSHOT_META_MAX       1024

struct snapshot_keys {
	guint8 find[KEY_SIZE], seal[KEY_SIZE];
};

struct snapshot_meta {
	gint64 as_of;
	gint64 persons;
	gsize n_kinds;
	char kinds[SNAPSHOT_KINDS_MAX][PERSON_WORD_SIZE];
	struct snapshot_origin origin; /* absent before bundles: nothing of one */
};

void snapshot_keys_derive(const struct keyring *keys, struct snapshot_keys *ret);
void snapshot_tag(const struct snapshot_keys *keys, const char *kind, const char *value,
	guint8 ret[SEAL_HASH_SIZE]);
void snapshot_person_aad(gint64 id, char ret[SNAPSHOT_AAD_SIZE]);
gboolean snapshot_meta_has(const struct snapshot_meta *meta, const char *kind);
void snapshot_meta_pack(struct packer *p, const struct snapshot_meta *meta);

struct snapshot_file;

/* Errors as in snapshot.h. The file is open until snapshot_file_free(). */
struct snapshot_file *snapshot_file_open(
	const char *path, const struct keyring *keys, GError **error);

const struct snapshot_meta *snapshot_file_meta(const struct snapshot_file *file);

/* Is this still the file at `path`? */
gboolean snapshot_file_is(const struct snapshot_file *file, const char *path);

/* *ret is written only with DIRECTORY_ONE. */
enum directory_answer snapshot_file_find(
	struct snapshot_file *file, const char *kind, const char *value, struct person *ret);

struct snapshot_file *snapshot_file_free(struct snapshot_file *file);
DEFINE_CLEANUP(snapshot_file, snapshot_file_free)

#endif
