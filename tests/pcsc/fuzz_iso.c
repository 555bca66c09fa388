/* SPDX-License-Identifier: MIT
 *
 * Files of an ISO 14443 card that says anything at all.
 *
 * Input: three bytes of choices (which questions are left out, how much is read from
 * where), then answers as a recorded exchange (conversation.h).
 */
#include "tests/pcsc/conversation.h"
#include "tests/pcsc/drive.h"
#include "tests/pcsc/fuzz.h"

#define N_CHOICES 3
#define LEN_STEP  4   /* bytes: beyond what one answer may have, too */
#define OFF_STEP  256 /* bytes: beyond the largest offset, too */
#define OFF_ZERO  '@' /* a letter, so that seeds can be read */
#define INPUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conversation c;
	struct card_trace trace = {0};
	if (size < N_CHOICES || size > INPUT_MAX)
		return 0;
	conversation_parse(&c, (const char *)data + N_CHOICES, size - N_CHOICES);
	const struct line line = {.t = &c.t, .trace = &trace};
	uint8_t off = (uint8_t)(data[2] - OFF_ZERO);
	drive_iso(&line, data[0], (uint16_t)(off * OFF_STEP), (uint16_t)(data[1] * LEN_STEP));
	return 0;
}
