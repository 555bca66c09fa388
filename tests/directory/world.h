/* SPDX-License-Identifier: MIT
 *
 * world.h - a folder with a master key, import files and a snapshot.
 */
#ifndef TESTS_DIRECTORY_WORLD_H
#define TESTS_DIRECTORY_WORLD_H

#include <glib.h>

#include "kiosk/directory/snapshot.h"
#include "kiosk/record/keyring.h"

#define AS_OF 1795316400

/* Columns of every small file of these tests. */
#define HEADER                                                                                     \
	"common_id,name_ja,name_en,status,contact,privileged,person_key,key_kind,number,reissue,"  \
	"card_expires,card_status,role,affiliation,from,until\n"

struct world {
	char *path; /* the folder, new and ours */
	char *snapshot;
	char *key_path; /* outside of the folder */
	struct keyring *keys;
};

void world_make(struct world *w);
void world_remove(struct world *w);

/* Write `text` to the file `name` of the folder; its path, to be freed. */
char *world_file(const struct world *w, const char *name, const char *text);

/* Import `text` as a file called `name`. NULL: it was taken. Otherwise the
 * message, from the file's name on, to be freed. */
char *world_import(const struct world *w, const char *name, const char *text);

/* Import a file; its path as it is. */
char *world_import_file(const struct world *w, const char *path);

/* One look-up on the main loop, with a deadline. `ret` may be NULL. */
enum directory_answer world_ask(
	struct directory *dir, const char *kind, const char *value, struct directory_result *ret);

/* The same with a source of its own. */
enum directory_answer world_ask_fresh(const struct world *w, const char *kind, const char *value,
	struct directory_result *ret);

#endif
