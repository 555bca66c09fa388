/* SPDX-License-Identifier: MIT
 *
 * rig.h - a whole counter without screens: real pcscd, virtual reader, real
 * madoguchid, and a peer at its door that acts as both windows.
 *
 * Main thread, synchronous: every call waits for its condition with a deadline.
 */
#ifndef TESTS_COUNTER_RIG_H
#define TESTS_COUNTER_RIG_H

#include <gio/gio.h>

#define RIG_WAIT_MS 10000

struct rig;

struct rig_options {
	const char *const *wrapper; /* command that runs the service (strace, valgrind), or NULL */
	const char *config;         /* the service's configuration file's text, or NULL */
	const char *kind; /* of the virtual readers: "session" (NULL), "direct", "plain" */
	unsigned readers; /* how many; 0: one */
	/* Changes the furnished data folder before the service starts, or NULL. */
	void (*spoil)(const char *folder);
	int wait_ms; /* deadline of each wait; 0: RIG_WAIT_MS */
};

/* A fresh data folder `name` below the build folder with the sample directory and both
 * sample clerks; pcscd and service started; clerk A signed in. NULL with a reason on
 * stderr if it cannot stand. `options` may be NULL. */
struct rig *rig_new(const char *name, const struct rig_options *options);

/* The same, but whatever the service makes of it: no state is waited for, nobody signs in. */
struct rig *rig_new_any(const char *name, const struct rig_options *options);

/* NULL, or why no rig can stand here at all (neither root nor user namespaces …). */
const char *rig_impossible(void);

const char *rig_folder(const struct rig *rig); /* the data folder */
const char *rig_log(const struct rig *rig);    /* what the service printed, all its lives */
GPid rig_pid(const struct rig *rig);

/* Cards, by the name of the sample file. */
void rig_lay(struct rig *rig, const char *card);
void rig_take(struct rig *rig);
/* The same at reader `n`; 0 is the one of the two above. */
void rig_lay_at(struct rig *rig, unsigned n, const char *card);
const char *rig_reader(const struct rig *rig, unsigned n); /* its PC/SC name */

/* Pull reader 0 out, whatever lies on it, and put it back. */
gboolean rig_unplug(struct rig *rig);
gboolean rig_plug(struct rig *rig);

/* The views; the caller unrefs. NULL if the service does not answer. */
GVariant *rig_desk(struct rig *rig);
GVariant *rig_holder(struct rig *rig);
char *rig_desk_str(struct rig *rig, const char *key); /* "" if absent */

/* Is there a service behind the door? */
gboolean rig_desk_answers(struct rig *rig);

/* Wait until the desk's `key` is `value`. FALSE after the deadline, said on stderr. */
gboolean rig_wait(struct rig *rig, const char *key, const char *value);
gboolean rig_wait_holder(struct rig *rig, const char *key, gboolean flag);

/* Send an intent for the visit and step of now. TRUE if it was taken; else the name of
 * the refusal is in *ret_refusal (may be NULL). */
gboolean rig_intent(struct rig *rig, const char *intent, GVariant *args, const char **ret_refusal);
gboolean rig_intent_at(struct rig *rig, const char *intent, guint64 visit, guint32 step,
	GVariant *args, const char **ret_refusal);
/* Any other method. */
GVariant *rig_call(struct rig *rig, const char *interface, const char *method, GVariant *args);

/* Stages of an ordinary visit. Each FALSE if it did not get there. */
gboolean rig_sign_in(struct rig *rig, const char *clerk_card, const char *pin);
gboolean rig_check(struct rig *rig, const char *common_id); /* types the asked digits */
/* Decide what the clerk may decide, and is still open: the same student comes often. */
gboolean rig_decide(struct rig *rig);
gboolean rig_until_consent(struct rig *rig, const char *card, const char *common_id);
gboolean rig_show(struct rig *rig); /* Shown, as the holder's window would */
/* A complete visit; the request number (to be freed), or NULL. Ends in WELCOME. */
char *rig_visit(struct rig *rig, const char *card, const char *common_id);

/* SIGKILL and wait; start again on the same folder. */
void rig_kill_service(struct rig *rig);
gboolean rig_start_service(struct rig *rig);
/* SIGTERM and wait; the exit status. */
int rig_stop_service(struct rig *rig);
void rig_kill_pcscd(struct rig *rig);
void rig_crash_pcscd(struct rig *rig); /* SIGKILL */
gboolean rig_start_pcscd(struct rig *rig);

struct rig *rig_free(struct rig *rig);

#endif
