/* SPDX-License-Identifier: MIT
 *
 * card_tap.h - wait for one card, with the readers on loan from the service that runs.
 *
 * While it stands, Ctrl-C ends the wait instead of the program, so that the readers are
 * given back and no reader is left in a session; a second one ends the program. Make it
 * before anything starts a thread.
 */
#ifndef KIOSK_CTL_CARD_TAP_H
#define KIOSK_CTL_CARD_TAP_H

#include "kiosk/ctl/ctl.h"
#include "pcsc/transport.h"

#define CARD_TAP_WAIT_S     30
#define CARD_TAP_WAIT_MAX_S 540 /* a loan of the readers ends after 600 */

/* Of the command line. */
struct card_tap_options {
	char *reader; /* name or its beginning; NULL: all that the configuration allows */
	int wait_s;
};

#define CARD_TAP_ENTRIES(options)                                                                  \
	{"reader", 0, 0, G_OPTION_ARG_STRING, &(options).reader,                                   \
		"Reader to use, by its name or the beginning of it", "NAME"},                      \
	{                                                                                          \
		"wait", 0, 0, G_OPTION_ARG_INT, &(options).wait_s,                                 \
			"How long to wait for a card (30)", "SECONDS"                              \
	}

struct card_tap;

/* Connects to the service, if it runs, and borrows the readers from it. ctl->config is loaded.
 * NULL with the reason, also the service's, set. */
struct card_tap *card_tap_new(
	struct ctl *ctl, const struct card_tap_options *options, GError **error);

/* Wait until a card lies on a reader; says on standard error what to do. TIMEOUT: none came;
 * NO_READER: nor is there a reader; MUTE, NO_SERVICE, NOT_ALLOWED; CANCELLED: Ctrl-C. */
enum card_err card_tap_wait(struct card_tap *tap, char ret_reader[READER_NAME_SIZE]);

/* Borrowed. */
const struct card_transport *card_tap_transport(const struct card_tap *tap);

/* Gives the readers back. Accepts NULL, returns NULL. */
struct card_tap *card_tap_free(struct card_tap *tap);
DEFINE_CLEANUP(card_tap, card_tap_free)

/* What a failure means to the person at the reader. Static text. */
const char *card_tap_explain(enum card_err err);

#endif
