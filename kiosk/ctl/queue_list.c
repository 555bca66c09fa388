/* SPDX-License-Identifier: MIT
 *
 * queue_list.c - madoguchictl queue list
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/record/requests.h"

#define ROWS_MAX 1000 /* of one state */

static gboolean add_rows(
	struct store *store, enum outbox_state state, GVariantBuilder *rows, GError **error)
{
	g_autoptr(GArray) list = requests_list(store, state, ROWS_MAX, error);
	for (guint i = 0; list && i < list->len; i++) {
		const struct request_row *row = &g_array_index(list, struct request_row, i);
		g_variant_builder_add(rows, "(sxss)", row->number, row->filed_at,
			outbox_state_word(state), row->outside);
	}
	return list != NULL;
}

static GVariant *from_store(struct ctl *ctl, GError **error)
{
	GVariantBuilder rows;
	gboolean ok = TRUE;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(sxss)"));
	for (guint state = 0; ok && state < OUTBOX_STATE_COUNT; state++)
		ok = add_rows(ctl->store, state, &rows, error);
	if (ok)
		return g_variant_ref_sink(g_variant_builder_end(&rows));
	g_variant_builder_clear(&rows);
	return NULL;
}

static GVariant *read_rows(struct ctl *ctl, GError **error)
{
	GVariant *rows = NULL;
	if (!ctl_open_record(ctl, error))
		return NULL;
	if (!ctl->service)
		return from_store(ctl, error);
	ctl_called(door_admin1_call_queue_sync(ctl->service, &rows, NULL, error), error);
	return rows;
}

static void print(GVariant *rows)
{
	GVariantIter iter;
	const char *number, *state, *outside;
	gint64 filed_at;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&sx&s&s)", &number, &filed_at, &state, &outside)) {
		g_autofree char *when = ctl_time(filed_at);
		g_print("%s  %s  %s%s%s\n", number, when, state, *outside ? "  " : "", outside);
	}
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_queue_list, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	g_autoptr(GVariant) rows = read_rows(ctl, &error);
	if (!rows)
		return ctl_fail(error);
	if (ctl->json)
		ctl_print_json(rows);
	else
		print(rows);
	return CTL_OK;
}

const struct verb verb_queue_list = {"queue list", "[--json]",
	"List the requests: number, time, state, number of the menu; no personal data", run};
