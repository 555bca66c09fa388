/* SPDX-License-Identifier: MIT
 *
 * A probe of a card that says anything at all.
 *
 * Input: a recorded exchange (conversation.h), answered in order, whatever is asked.
 */
#include <stdlib.h>

#include "tests/pcsc/conversation.h"
#include "tests/pcsc/drive.h"
#include "tests/pcsc/fuzz.h"

#define INPUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conversation c;
	if (size > INPUT_MAX)
		return 0;
	conversation_parse(&c, (const char *)data, size);
	drive_probe(&c.t, c.reader);
	if (c.open != 0)
		abort();
	return 0;
}
