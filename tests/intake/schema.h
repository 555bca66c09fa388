/* SPDX-License-Identifier: MIT
 *
 * schema.h - does our own description of the JSON interface allow this?
 *
 * Knows what assets/api/intake-v1.openapi.json uses of JSON Schema: types, required and
 * unknown members, patterns, lengths, words, least and largest numbers, references.
 */
#ifndef TESTS_INTAKE_SCHEMA_H
#define TESTS_INTAKE_SCHEMA_H

#include <glib.h>

#include "kiosk/cleanup.h"

struct schema; /* opaque */

/* What cannot be read ends the test: g_error(). */
struct schema *schema_open(void);
struct schema *schema_close(struct schema *schema);
DEFINE_CLEANUP(schema, schema_close)

/* NULL: it is described so; else why not; the caller frees. `target` begins with "/v1".
 * `idempotency` is the header's value, NULL: none. */
char *schema_check_request(const struct schema *schema, const char *method, const char *target,
	const char *idempotency, const char *body);
/* The same of what was answered to it. */
char *schema_check_answer(const struct schema *schema, const char *method, const char *target,
	int status, const char *type, const char *body);

#endif
