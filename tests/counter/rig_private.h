/* SPDX-License-Identifier: MIT
 *
 * rig_private.h - the inside of a rig, for rig*.c only.
 */
#ifndef TESTS_COUNTER_RIG_PRIVATE_H
#define TESTS_COUNTER_RIG_PRIVATE_H

#include "tests/counter/rig.h"
#include "tests/virtual/field.h"
#include "tests/visits/proc.h"

#define RIG_READERS_MAX 2

struct rig {
	char *folder;  /* data folder of the service */
	char *sockets; /* pcscd's and the virtual reader's */
	char *log;     /* what the service printed */
	char *config;  /* path, or NULL */
	const char *const *wrapper;
	int wait_ms;
	struct proc pcscd, service;
	const char *kind;
	unsigned n_readers;
	struct field *fields[RIG_READERS_MAX];
	GDBusConnection *door;
	char *refusal; /* of the last call; NULL: it was answered */
};

#endif
