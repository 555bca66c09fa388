/* SPDX-License-Identifier: MIT
 *
 * private.h - a private pcscd with virtual readers, for one test program.
 *
 * Runs pcscd-private in a folder of its own below the temporary folder and
 * points PCSCLITE_CSOCK_NAME of this process at it. Blocking, with deadlines.
 */
#ifndef TESTS_VIRTUAL_PRIVATE_H
#define TESTS_VIRTUAL_PRIVATE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "vcard_reader.h"

#define PRIVATE_READERS_MAX 16 /* PCSCLITE_MAX_READERS_CONTEXTS */
#define PRIVATE_SKIP        77 /* exit code of a test that cannot run here */

struct private_reader {
	enum reader_kind kind;
	const char *name; /* without the " 00 00" that pcscd appends */
	/* Not 0: a reader of Debian's vpcd, whose library VPCD_DRIVER of the environment
	 * names, listening at this port of pcscd's network and, for a slot that stays
	 * empty, at the next. */
	unsigned vpcd_port;
};

/* Opaque. */
struct private_pcscd;

/* NULL with `error` set; its code is PRIVATE_SKIP when this machine does not let us (no
 * pcscd, no namespaces), else 1. `readers` are copied. */
struct private_pcscd *private_pcscd_start(
	const struct private_reader *readers, size_t n, GError **error);

/* End what was started and remove the folder. Accepts NULL; always returns NULL. */
struct private_pcscd *private_pcscd_stop(struct private_pcscd *p);

/* End the daemon as a crash would, and start it again in the same folder. */
void private_pcscd_kill(struct private_pcscd *p);
bool private_pcscd_restart(struct private_pcscd *p, GError **error);

/* The daemon; 0: it does not run. */
pid_t private_pcscd_pid(const struct private_pcscd *p);

/* Socket of reader `i`; its name as PC/SC shows it. */
const char *private_pcscd_socket(const struct private_pcscd *p, size_t i);
const char *private_pcscd_reader(const struct private_pcscd *p, size_t i);

#endif
