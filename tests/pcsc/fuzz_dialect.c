/* SPDX-License-Identifier: MIT
 *
 * One dialect, asked everything it offers, of a reader that says anything at all.
 *
 * Input: two bytes of choices (drive_dialect()), then answers as a recorded exchange
 * (conversation.h).
 */
#include "tests/pcsc/conversation.h"
#include "tests/pcsc/drive.h"
#include "tests/pcsc/fuzz.h"

#define N_CHOICES 2
#define INPUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conversation c;
	struct card_trace trace = {0};
	if (size < N_CHOICES || size > INPUT_MAX)
		return 0;
	conversation_parse(&c, (const char *)data + N_CHOICES, size - N_CHOICES);
	const struct line line = {.t = &c.t, .trace = &trace};
	drive_dialect(&line, data[0], data[1]);
	return 0;
}
