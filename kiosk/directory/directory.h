/* SPDX-License-Identifier: MIT
 *
 * directory.h - who is this? One interface, any source.
 *
 * Main thread. A look-up is asynchronous: `done` is called once, never before
 * directory_lookup() returned, and not at all after `cancellable` fired.
 */
#ifndef KIOSK_DIRECTORY_DIRECTORY_H
#define KIOSK_DIRECTORY_DIRECTORY_H

#include <gio/gio.h>

#include "kiosk/directory/person.h"

#define DIRECTORY_KEY_COMMON_ID "common-id" /* key kind every source knows */

enum directory_answer {
	DIRECTORY_ONE,      /* exactly one account */
	DIRECTORY_NONE,     /* no such person */
	DIRECTORY_SEVERAL,  /* a fault of the directory: named, never guessed */
	DIRECTORY_UNMAPPED, /* the source has no column for this key kind */
	DIRECTORY_DOWN,     /* it could not be asked */
};

/* What the clerk must do with an answer, by the policy of its source. */
enum source_duty { DUTY_NONE, DUTY_REASON, DUTY_SECOND };

struct directory_result {
	enum directory_answer answer;
	struct person person; /* with DIRECTORY_ONE */
	const char *source;   /* static text: "snapshot" */
	gint64 as_of;         /* seconds since 1970: when the data was taken; 0: live */
	gboolean fallback;    /* asked because a source before it did not answer */
	enum source_duty duty;
};

/* `result` is borrowed for the call and wiped after it. */
typedef void (*directory_done)(const struct directory_result *result, guint64 visit, gpointer data);

struct directory; /* opaque */

struct directory_ops {
	const char *name;
	void (*lookup)(struct directory *dir, const char *kind, const char *value, guint64 visit,
		GCancellable *cancellable, directory_done done, gpointer data);
	/* Can it be asked now? FALSE sets `error` to a cause a person can act on. */
	gboolean (*ready)(struct directory *dir, GError **error);
	struct directory *(*free)(struct directory *dir);
};

/* First member of every source's struct. */
struct directory {
	const struct directory_ops *ops;
};

static inline void directory_lookup(struct directory *dir, const char *kind, const char *value,
	guint64 visit, GCancellable *cancellable, directory_done done, gpointer data)
{
	dir->ops->lookup(dir, kind, value, visit, cancellable, done, data);
}

static inline gboolean directory_ready(struct directory *dir, GError **error)
{
	return dir->ops->ready(dir, error);
}

/* Accepts NULL, returns NULL. */
static inline struct directory *directory_free(struct directory *dir)
{
	return dir ? dir->ops->free(dir) : NULL;
}

#endif
