/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <string.h>
#include <time.h>

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void trace_end(struct card_trace *trace)
{
	if (trace->since_us == 0)
		return;
	trace->spans[trace->n_spans - 1].us += (uint32_t)(now_us() - trace->since_us);
	trace->since_us = 0;
}

void trace_step(struct card_trace *trace, const char *step)
{
	if (trace->since_us != 0 && strcmp(trace->step, step) == 0)
		return;
	trace_end(trace);
	trace->step = step;
	if (trace->n_spans < TRACE_STEPS_MAX)
		trace->spans[trace->n_spans++] = (struct trace_span){.step = step};
	trace->since_us = now_us();
}

void trace_apdu(struct card_trace *trace)
{
	if (trace->n_spans > 0)
		trace->spans[trace->n_spans - 1].apdus++;
}

uint32_t trace_apdus(const struct card_trace *trace)
{
	uint32_t n = 0;
	for (size_t i = 0; i < trace->n_spans; i++)
		n += trace->spans[i].apdus;
	return n;
}
