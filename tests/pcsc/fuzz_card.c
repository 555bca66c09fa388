/* SPDX-License-Identifier: MIT
 *
 * Whole conversations with a reader that says anything at all.
 *
 * Input: a recorded exchange (conversation.h). It is answered in order, whatever is
 * asked, to a job with a layout of every kind; then once more, with what the first
 * reading taught about the reader.
 */
#include <stdlib.h>

#include "tests/pcsc/conversation.h"
#include "tests/pcsc/fuzz.h"
#include "tests/pcsc/jobs.h"
#include "tests/pcsc/sample.h"

#define INPUT_MAX 65536 /* larger than any real conversation */

static void read_one(struct conversation *c, const struct card_job *job)
{
	struct card_reading r = {.reissue = 4711};
	struct card_trace trace;
	c->next = 0;
	enum card_err err = card_read(&c->t, c->reader, job, &r, &trace);
	if (c->open != 0 || !trace.step || (err ? r.reissue != 4711 : !reading_is_sound(&r)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conversation c;
	struct dialect_memory memory = {0};
	struct card_job job = job_of_all();
	job.memory = &memory;
	if (size > INPUT_MAX)
		return 0;
	conversation_parse(&c, (const char *)data, size);
	read_one(&c, &job);
	read_one(&c, &job);
	return 0;
}
