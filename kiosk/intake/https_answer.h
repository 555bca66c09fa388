/* SPDX-License-Identifier: MIT
 *
 * https_answer.h - what one answer of the JSON interface says: a table of statuses, and three
 * small documents (assets/api/intake-v1.openapi.json).
 *
 * Pure. Statuses and problem types decide, never titles or details (RFC 9457 3.1).
 */
#ifndef KIOSK_INTAKE_HTTPS_ANSWER_H
#define KIOSK_INTAKE_HTTPS_ANSWER_H

#include "kiosk/intake/intake.h"
#include "kiosk/net/http.h"

enum https_question {
	HTTPS_CHECK,   /* GET /service */
	HTTPS_SUBMIT,  /* PUT /requests/{key} */
	HTTPS_LOOK_UP, /* GET /requests/{key} */
	HTTPS_LIVE_OF, /* GET /requests?holder= */
	HTTPS_CANCEL,  /* POST /requests/{key}/cancel */
	HTTPS_QUESTION_COUNT
};

#define HTTPS_PROBLEM(name) "urn:x-madoguchi:intake:" name

/* `key` is what was asked for; NULL with CHECK, LIVE_OF. ret->error is NULL or the caller's to
 * free; ret is otherwise whole. */
void https_answer_judge(enum https_question question, const char *key,
	const struct http_answer *answer, struct intake_result *ret, GError **ret_error);

#endif
