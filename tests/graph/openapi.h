/* SPDX-License-Identifier: MIT
 *
 * openapi.h - does Microsoft's description allow this request?
 *
 * Knows what the descriptions in openapi/ use: paths with parameters, query parameters that
 * are texts, numbers, truth values, and lists of named words.
 */
#ifndef TESTS_GRAPH_OPENAPI_H
#define TESTS_GRAPH_OPENAPI_H

#include <glib.h>

#include "kiosk/cleanup.h"

struct openapi; /* opaque */

/* What cannot be read ends the test: g_error(). */
struct openapi *openapi_open(const char *file);
/* Accepts NULL, returns NULL. */
struct openapi *openapi_close(struct openapi *api);
DEFINE_CLEANUP(openapi, openapi_close)

/* NULL: it does; else why not, without any value of the request; the caller frees. `target`
 * begins with "/v1.0". */
char *openapi_check(const struct openapi *api, const char *method, const char *target);

/* The request line as a test may print it: what stands for a person is "…". The caller frees. */
char *openapi_line(const char *method, const char *target);

#endif
