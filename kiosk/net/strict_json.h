/* SPDX-License-Identifier: MIT
 *
 * strict_json.h - JSON from servers that are not trusted: RFC 8259 and no more.
 *
 * Pure. Refused beyond what the grammar refuses: a name twice in one object, what is not
 * UTF-8, NUL and lone surrogates in texts, integers beyond 64 bits, and everything over the
 * limits below. json-glib takes all of those and recurses as deep as it is told.
 */
#ifndef KIOSK_NET_STRICT_JSON_H
#define KIOSK_NET_STRICT_JSON_H

#include <glib.h>

#include "kiosk/cleanup.h"

#define STRICT_JSON_SIZE_MAX    (256 * 1024)
#define STRICT_JSON_DEPTH_MAX   8    /* objects and arrays within each other */
#define STRICT_JSON_VALUES_MAX  4096 /* in all */
#define STRICT_JSON_MEMBERS_MAX 256  /* of one object */
#define STRICT_JSON_DIGITS_MAX  32   /* characters of one number */

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_INTEGER,
	JSON_REAL, /* has a fraction or an exponent; its value is not kept */
	JSON_TEXT,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* Borrowed from the document. */
struct json_value {
	enum json_kind kind;
	const char *name; /* of a member; NULL elsewhere */
	gsize name_len;
	const char *text; /* JSON_TEXT: UTF-8, NUL-terminated, without NUL inside */
	gint64 integer;   /* JSON_INTEGER */
	const struct json_value *child, *next;
};

struct strict_json; /* opaque */

/* NULL with *ret_why, a static text. `bytes` is copied. */
struct strict_json *strict_json_read(const void *bytes, gsize len, const char **ret_why);

const struct json_value *strict_json_root(const struct strict_json *json);

/* Member `name` of an object; NULL if it has none, or `value` is NULL or no object. */
const struct json_value *json_member(const struct json_value *value, const char *name);

/* That member's text; NULL if there is none. */
const char *json_member_text(const struct json_value *value, const char *name);

/* Wipes: answers are about persons, or are credentials. Accepts NULL, returns NULL. */
struct strict_json *strict_json_free(struct strict_json *json);
DEFINE_CLEANUP(strict_json, strict_json_free)

#endif
