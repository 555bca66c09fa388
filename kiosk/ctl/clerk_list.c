/* SPDX-License-Identifier: MIT
 *
 * clerk_list.c - madoguchictl clerk list
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/record/clerks.h"

static GVariant *from_store(struct ctl *ctl, GError **error)
{
	g_autoptr(GPtrArray) clerks = clerks_list(ctl->store, error);
	GVariantBuilder rows;
	if (!clerks)
		return NULL;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(sss)"));
	for (guint i = 0; i < clerks->len; i++) {
		const struct clerk *clerk = g_ptr_array_index(clerks, i);
		g_variant_builder_add(&rows, "(sss)", clerk->common_id, clerk->label, clerk->unit);
	}
	return g_variant_ref_sink(g_variant_builder_end(&rows));
}

static GVariant *read_rows(struct ctl *ctl, GError **error)
{
	GVariant *rows = NULL;
	if (!ctl_open_record(ctl, error))
		return NULL;
	if (!ctl->service)
		return from_store(ctl, error);
	ctl_called(door_admin1_call_clerk_list_sync(ctl->service, &rows, NULL, error), error);
	return rows;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_clerk_list, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	g_autoptr(GVariant) rows = read_rows(ctl, &error);
	if (!rows)
		return ctl_fail(error);
	GVariantIter iter;
	const char *common_id, *label, *unit;
	g_variant_iter_init(&iter, rows);
	if (ctl->json)
		ctl_print_json(rows);
	else
		while (g_variant_iter_next(&iter, "(&s&s&s)", &common_id, &label, &unit))
			g_print("%s  %s  %s\n", common_id, unit, label);
	return CTL_OK;
}

const struct verb verb_clerk_list = {
	"clerk list", "[--json]", "List the clerks: common id, office, label", run};
