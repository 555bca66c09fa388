/* SPDX-License-Identifier: MIT
 *
 * talk.h - one line to a scripted reader, for tests of dialects.
 */
#ifndef TESTS_PCSC_TALK_H
#define TESTS_PCSC_TALK_H

#include "pcsc/dialect.h"
#include "tests/check.h"
#include "tests/pcsc/script.h"

struct talk {
	struct script s;
	struct card_trace trace;
	struct line line;
};

static inline void talk_begin(struct talk *t, const char *reader)
{
	script_init(&t->s, reader);
	t->trace = (struct card_trace){0};
	t->line = (struct line){.t = &t->s.t, .trace = &t->trace};
}

/* Does d->open() end so, having said all that was scripted and nothing else? */
static inline void talk_opens(
	struct talk *t, const struct dialect *d, bool hinted, enum card_err want)
{
	CHECK_INT(d->open(&t->line, hinted), want);
	CHECK(script_spent(&t->s));
}

/* One frame over d, for which one APDU is expected. `ret` is as d left it. */
static inline enum card_err talk_exchange(const struct dialect *d, const char *frame_hex,
	const char *want, const char *answer, struct bytes *ret)
{
	static struct talk t;
	struct bytes frame;
	talk_begin(&t, "reader");
	script_add(&t.s, want, answer);
	unhex(frame_hex, &frame);
	enum card_err err = d->exchange(&t.line, &frame, 50000, ret);
	CHECK(script_spent(&t.s));
	return err;
}

/* Is it exactly these bytes? */
static inline bool talk_same(const struct bytes *got, const char *want_hex)
{
	struct bytes want;
	unhex(want_hex, &want);
	return got->len == want.len && memcmp(got->at, want.at, want.len) == 0;
}

#endif
