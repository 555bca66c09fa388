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

/* NULL: it does; else why not, which the caller frees. `target` begins with "/v1.0". */
char *openapi_check(const char *file, const char *method, const char *target);

#endif
