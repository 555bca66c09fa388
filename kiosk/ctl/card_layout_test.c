/* SPDX-License-Identifier: MIT
 *
 * card_layout_test.c - madoguchictl card layout test
 */
#include "kiosk/config/layouts.h"
#include "kiosk/ctl/card_fit.h"
#include "kiosk/ctl/card_report.h"
#include "kiosk/ctl/card_tap.h"
#include "kiosk/ctl/ctl.h"

static void print_verdict(const struct card_report *report, enum card_err err)
{
	if (err)
		g_print("  does not fit: %s\n", card_tap_explain(err));
	else
		g_print("  %s\n", report->masked ? "may fit" : "fits");
}

/* The first layout that fits is the one the counter takes. */
static int try_layouts(const struct card_layout *layouts, gsize n, const struct card_report *report)
{
	const struct card_layout *first = NULL;
	if (report->masked)
		g_print("masked report: 9 digit, A a letters, - hyphen, . byte 00, _ byte 20, "
			"k half-width kana, x other\n");
	if (report->probe.cut)
		g_print("the report is not complete: a limit was reached\n");
	for (gsize i = 0; i < n; i++) {
		enum card_err err;
		g_autofree char *text = card_fit(&layouts[i], report, &err);
		g_print("layout %s\n%s", layouts[i].name, text);
		print_verdict(report, err);
		explicit_bzero(text, strlen(text));
		if (!err && !first)
			first = &layouts[i];
	}
	if (first)
		g_print("the counter would take: %s\n", first->name);
	else
		g_printerr("madoguchictl: no layout fits\n");
	return first ? CTL_OK : CTL_FAILED;
}

static gboolean load(const char *layout_file, const char *report_file,
	struct card_layout **ret_layouts, gsize *ret_n, struct card_report **ret_report,
	GError **error)
{
	AUTO(keyfile) layouts = keyfile_read(layout_file, error);
	if (!layouts || !layouts_parse(layouts, ret_layouts, ret_n, error))
		return FALSE;
	AUTO(keyfile) report = keyfile_read(report_file, error);
	*ret_report = report ? card_report_parse(report, error) : NULL;
	return *ret_report != NULL;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree struct card_layout *layouts = NULL;
	AUTO(card_report) report = NULL;
	gsize n = 0;
	if (!ctl_parse(ctl, &verb_card_layout_test, NULL, 2, 2, &argc, &argv))
		return CTL_USAGE;
	if (!load(argv[1], argv[2], &layouts, &n, &report, &error))
		return ctl_fail(error);
	return try_layouts(layouts, n, report);
}

const struct verb verb_card_layout_test = {"card layout test", "LAYOUTS REPORT",
	"Say field by field what the layouts of a file would read of a probed card", run};
