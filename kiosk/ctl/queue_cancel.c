/* SPDX-License-Identifier: MIT
 *
 * queue_cancel.c - madoguchictl queue cancel
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/record/requests.h"

static gboolean cancel(struct ctl *ctl, const char *number, const char *reason, GError **error)
{
	if (!ctl_open_record(ctl, error))
		return FALSE;
	if (ctl->service)
		return ctl_called(door_admin1_call_queue_cancel_sync(
					  ctl->service, number, reason, NULL, error),
			error);
	return requests_cancel(
		ctl->store, number, reason, g_get_real_time() / G_USEC_PER_SEC, error);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autofree char *reason = NULL;
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {
		{"reason", 0, 0, G_OPTION_ARG_STRING, &reason,
			"Why, as a word of a-z, 0-9 and '-'; kept with the request", "WORD"},
		{0},
	};
	if (!ctl_parse(ctl, &verb_queue_cancel, entries, 1, 1, &argc, &argv))
		return CTL_USAGE;
	if (!reason)
		return ctl_misused(&verb_queue_cancel, "--reason is needed");
	if (!request_number_valid(argv[1]))
		return ctl_misused(&verb_queue_cancel, "not a request number");
	return cancel(ctl, argv[1], reason, &error) ? CTL_OK : ctl_fail(error);
}

const struct verb verb_queue_cancel = {
	"queue cancel", "NUMBER --reason WORD", "Take a request that waits out of the queue", run};
