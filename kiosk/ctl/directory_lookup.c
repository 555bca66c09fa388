/* SPDX-License-Identifier: MIT
 *
 * directory_lookup.c - madoguchictl directory lookup NUMBER
 *
 * Asks the sources of the configuration in their order, as the counter does. Prints what the
 * counter would find: names and numbers, for IT staff.
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/ctl/directory_ask.h"
#include "kiosk/directory/build.h"

struct tally {
	gsize found; /* exactly one account each */
	gboolean down;
};

/* Of one kind whatever comes is told; of all kinds, those that fit. */
static void show(const struct ctl *ctl, const char *kind, gboolean only,
	const struct directory_result *result)
{
	if (!only && result->answer != DIRECTORY_ONE && result->answer != DIRECTORY_SEVERAL)
		return;
	if (ctl->json)
		directory_show_json(kind, result);
	else
		directory_show_text(kind, result);
}

static void look_up(const struct ctl *ctl, struct directory *dir, const char *const *kinds, gsize n,
	const char *value, struct tally *tally)
{
	for (gsize i = 0; i < n; i++) {
		struct directory_result result = {0};
		directory_ask(dir, kinds[i], value, &result);
		tally->found += result.answer == DIRECTORY_ONE;
		tally->down |= result.answer == DIRECTORY_DOWN;
		show(ctl, kinds[i], n == 1, &result);
		person_wipe(&result.person);
	}
}

static int tell(struct directory *dir, const struct tally *tally)
{
	g_autoptr(GError) error = NULL;
	if (tally->found == 1)
		return CTL_OK;
	if (tally->down && !directory_ready(dir, &error))
		return ctl_fail(error);
	g_printerr(tally->down ? "madoguchictl: the directory could not be asked in time\n"
			       : "madoguchictl: not exactly one account has this number\n");
	return CTL_FAILED;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autofree char *kind = NULL;
	g_autoptr(GError) error = NULL;
	struct tally tally = {0};
	const GOptionEntry entries[] = {
		{"kind", 0, 0, G_OPTION_ARG_STRING, &kind,
			"Kind of the number; otherwise every kind a card may state", "KIND"},
		{0},
	};
	const char *kinds[DIRECTORY_KINDS_MAX];
	if (!ctl_parse(ctl, &verb_directory_lookup, entries, 1, 1, &argc, &argv))
		return CTL_USAGE;
	directory_keep_log_quiet();
	if (!ctl_load(ctl, &error) || !ctl_open_keys(ctl, &error))
		return ctl_fail(error);
	struct directory *dir = directory_build(ctl->config, ctl->keys, &error);
	if (!dir)
		return ctl_fail(error);
	gsize n = directory_kinds(ctl->config, kinds);
	if (kind) {
		kinds[0] = kind;
		n = 1;
	}
	look_up(ctl, dir, kinds, n, argv[1], &tally);
	int status = tell(dir, &tally);
	directory_free(dir);
	return status;
}

const struct verb verb_directory_lookup = {"directory lookup", "NUMBER [--kind KIND] [--json]",
	"Print the account a number leads to: names and numbers, for IT staff", run};
