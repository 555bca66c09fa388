/* SPDX-License-Identifier: MIT
 *
 * trace.h - how far a conversation with a card came, what it cost and where it
 * went wrong. For the log and for tools: never holds card data.
 */
#ifndef PCSC_TRACE_H
#define PCSC_TRACE_H

#include <stddef.h>
#include <stdint.h>

#define TRACE_STEPS_MAX 24 /* what comes after is counted to the last */

struct trace_span {
	const char *step; /* static text */
	uint32_t us;
	uint32_t apdus;
};

struct card_trace {
	const char *step;    /* the one at work or failed: "connect", "poll", "read" … */
	const char *dialect; /* static text; NULL: none was found or asked for */
	long pcsc;           /* PC/SC return code, 0 if that was not the cause */
	uint16_t sw;         /* status word of the last answer, 0 if none */
	uint16_t flags;      /* FeliCa SF1 << 8 | SF2, 0 if none */
	struct trace_span spans[TRACE_STEPS_MAX];
	size_t n_spans;
	int64_t since_us; /* monotonic: when the last span began; 0: none is open */
};

/* End the step at work, if any, and begin `step` (static text). A step that goes on
 * is not begun anew. */
void trace_step(struct card_trace *trace, const char *step);

/* One more APDU in the step at work. */
void trace_apdu(struct card_trace *trace);

/* End the step at work; trace->step stays. */
void trace_end(struct card_trace *trace);

/* All APDUs so far. */
uint32_t trace_apdus(const struct card_trace *trace);

#endif
