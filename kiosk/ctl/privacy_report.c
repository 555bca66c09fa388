/* SPDX-License-Identifier: MIT
 *
 * privacy_report.c - madoguchictl privacy report
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/record/holdings.h"

/* What the counts mean, why it is held and when it goes. */
static const struct {
	const char *word, *what, *why;
	gboolean is_date; /* `oldest` is YYYYMMDD */
} meanings[] = {
	{"under-way", "requests that have not ended, sealed",
		"needed until the far end has reported the end", FALSE},
	{"ended", "requests that ended, sealed",
		"erased within 24 hours of their end, with the key of their day", FALSE},
	{"erased", "numbers and ledger leaves of erased requests",
		"nothing of a person; the log must stay whole", FALSE},
	{"tally", "people who asked in the last 31 days, as keyed hashes",
		"tells a third request in a month; forgotten after 31 days", TRUE},
	{"clerks", "clerks: name, unit and card, sealed; PIN as a scrypt hash",
		"until they are removed (clerk remove)", FALSE},
	{"day-keys", "keys of days with sealed requests",
		"destroyed when the last request of the day is erased", TRUE},
};

static void print_row(const char *word, guint64 n, gint64 oldest)
{
	for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
		if (!g_str_equal(meanings[i].word, word))
			continue;
		g_autofree char *when = meanings[i].is_date
						? g_strdup_printf("%" G_GINT64_FORMAT, oldest)
						: ctl_time(oldest);
		g_print("%6" G_GUINT64_FORMAT "  %s%s%s\n        %s\n", n, meanings[i].what,
			oldest ? "; oldest " : "", oldest ? when : "", meanings[i].why);
	}
}

static void print(GVariant *rows)
{
	GVariantIter iter;
	const char *word;
	guint64 n;
	gint64 oldest;
	g_variant_iter_init(&iter, rows);
	while (g_variant_iter_next(&iter, "(&stx)", &word, &n, &oldest))
		print_row(word, n, oldest);
	g_print("Not held: photos, PINs and passwords of holders, document numbers, contents of "
		"cards.\n"
		"The directory's snapshot is told by: madoguchictl directory age\n");
}

static GVariant *from_store(struct ctl *ctl, GError **error)
{
	struct holdings_row held[HOLDING_COUNT];
	GVariantBuilder rows;
	if (!holdings_count(ctl->store, held, error))
		return NULL;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(stx)"));
	for (guint i = 0; i < HOLDING_COUNT; i++)
		g_variant_builder_add(&rows, "(stx)", holding_word(i), held[i].n, held[i].oldest);
	return g_variant_ref_sink(g_variant_builder_end(&rows));
}

static GVariant *read_rows(struct ctl *ctl, GError **error)
{
	GVariant *rows = NULL;
	if (!ctl_open_record(ctl, error))
		return NULL;
	if (!ctl->service)
		return from_store(ctl, error);
	ctl_called(door_admin1_call_holdings_sync(ctl->service, &rows, NULL, error), error);
	return rows;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_privacy_report, NULL, 0, 0, &argc, &argv))
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

const struct verb verb_privacy_report = {"privacy report", "[--json]",
	"List what this desk holds of people, why, and until when; counts only", run};
