/* SPDX-License-Identifier: MIT
 *
 * wire.h - what a virtual reader and the card in its field say to each other.
 *
 * One SOCK_SEQPACKET connection on a unix socket is one card in the field:
 * connecting lays it on, closing takes it away. A message is one type byte and
 * a body; the socket keeps them apart, the sizes here bound them.
 *
 *   card -> reader   HELLO   version, then the ATR (none: the card is mute)
 *                    UNPLUG  version; instead of HELLO: the reader is pulled out
 *                    ANSWER  sequence, then the response APDU
 *   reader -> card   WELCOME the card is in the field
 *                    REFUSED another card is; the reader closes
 *                    POWER   enum wire_power; not answered
 *                    APDU    sequence, then the command APDU
 *                    ESCAPE  the same, to the reader itself (SCardControl)
 *
 * The sequence byte tells an answer in time from one that comes too late.
 */
#ifndef TESTS_VIRTUAL_WIRE_H
#define TESTS_VIRTUAL_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_VERSION     1
#define WIRE_ATR_MAX     33  /* ISO 7816-3 */
#define WIRE_APDU_MAX    522 /* longest message of the readers we play (RC-S300) */
#define WIRE_HEAD        2   /* type, then sequence, version or power */
#define WIRE_MESSAGE_MAX (WIRE_HEAD + WIRE_APDU_MAX)

enum wire_type {
	WIRE_HELLO = 'H',
	WIRE_UNPLUG = 'U',
	WIRE_ANSWER = 'R',
	WIRE_WELCOME = 'W',
	WIRE_REFUSED = 'N',
	WIRE_POWER = 'P',
	WIRE_APDU = 'A',
	WIRE_ESCAPE = 'E',
};

enum wire_power { WIRE_POWER_DOWN, WIRE_POWER_UP, WIRE_POWER_RESET };

/* While this file stands beside a reader's socket, the reader is unplugged: pcscd calls
 * it unavailable (state UNKNOWN), and does not list it if it stood there at the start.
 * pcscd 1.9.9 with libudev can do no more for a reader of reader.conf: SIGUSR1 and
 * --hotplug re-read nothing there, and a reader can be neither removed nor added. */
#define WIRE_UNPLUGGED_SUFFIX ".unplugged"

#endif
