/* SPDX-License-Identifier: MIT
 *
 * readers.c - madoguchictl readers
 */
#include "kiosk/ctl/ctl.h"
#include "pcsc/transport.h"

static int say(enum card_err err)
{
	g_printerr("madoguchictl: %s\n", err == CARD_ERR_NOT_ALLOWED
						 ? "pcscd does not let this user in"
					 : err == CARD_ERR_NO_SERVICE ? "pcscd is not running"
								      : "no reader is attached");
	return CTL_FAILED;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	struct reader_state readers[READER_MAX];
	size_t n = 0;
	if (!ctl_parse(ctl, &verb_readers, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	struct card_transport *transport = transport_pcsc_new();
	if (!transport)
		g_error("out of memory");
	enum card_err err = transport->list(transport->self, readers, READER_MAX, &n);
	transport_pcsc_free(transport);
	if (err != CARD_ERR_OK)
		return say(err);
	for (size_t i = 0; i < n; i++)
		g_print("%s\n", readers[i].name);
	return CTL_OK;
}

const struct verb verb_readers = {"readers", "", "List the card readers pcscd knows", run};
