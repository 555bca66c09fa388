/* SPDX-License-Identifier: MIT
 *
 * card_probe.c - madoguchictl card probe
 */
#include <string.h>

#include "kiosk/ctl/card_file.h"
#include "kiosk/ctl/card_report.h"
#include "kiosk/ctl/card_tap.h"
#include "kiosk/ctl/ctl.h"
#include "kiosk/visit/problem.h"
#include "pcsc/probe.h"

struct errand {
	struct ctl *ctl;
	struct card_tap_options tap;
	char **aids, **files; /* as typed */
	char *output;
	gboolean reveal;
	struct probe_wish wish;
};

static gboolean parse_byte(const char *text, guint8 *ret)
{
	if (!g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]))
		return FALSE;
	*ret = (guint8)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
	return TRUE;
}

static gboolean add_aid(struct probe_wish *wish, const char *text)
{
	gsize len = strlen(text) / 2;
	if (wish->n_aids == PROBE_AIDS_MAX || len == 0 || len > LAYOUT_AID_MAX ||
		strlen(text) % 2 != 0)
		return FALSE;
	for (gsize i = 0; i < len; i++)
		if (!parse_byte(text + 2 * i, &wish->aids[wish->n_aids].aid[i]))
			return FALSE;
	wish->aids[wish->n_aids++].len = (guint8)len;
	return TRUE;
}

static gboolean add_file(struct probe_wish *wish, const char *text)
{
	guint64 id;
	if (wish->n_files == PROBE_FILE_IDS_MAX || strlen(text) != 4 ||
		!g_ascii_string_to_unsigned(text, 16, 1, G_MAXUINT16, &id, NULL))
		return FALSE;
	wish->files[wish->n_files++] = (guint16)id;
	return TRUE;
}

/* NULL, or what is wrong with the command line. */
static const char *parse_wish(struct errand *e)
{
	for (char **aid = e->aids; aid && *aid; aid++)
		if (!add_aid(&e->wish, *aid))
			return "--aid takes 1 to 16 hexadecimal bytes, at most 8 times";
	for (char **file = e->files; file && *file; file++)
		if (!add_file(&e->wish, *file))
			return "--file takes four hexadecimal digits, at most 8 times";
	return e->wish.n_files > 0 && e->wish.n_aids == 0 ? "--file needs --aid" : NULL;
}

static void date(char *ret, gsize size)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *text = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S%:z");
	g_strlcpy(ret, text, size);
}

static int say_failure(enum card_err err, const struct card_trace *trace)
{
	gboolean idle = err == CARD_ERR_TIMEOUT || err == CARD_ERR_CANCELLED;
	g_printerr("madoguchictl: %s%s%s: %s", idle ? "" : problem_row(problem_of_card(err))->id,
		idle ? "" : " ", card_err_name(err), card_tap_explain(err));
	if (trace->step)
		g_printerr(" (step %s, SW %04X, PC/SC %08lX)", trace->step, trace->sw,
			(gulong)trace->pcsc & 0xffffffffUL);
	g_printerr("\n");
	return CTL_FAILED;
}

/* NULL: *ret_status says how it ended, and it has been said. */
static struct card_report *probe(struct errand *e, int *ret_status)
{
	char reader[READER_NAME_SIZE];
	struct card_trace trace = {0};
	g_autoptr(GError) error = NULL;
	AUTO(card_report) report = g_new0(struct card_report, 1);
	AUTO(card_tap) tap = card_tap_new(e->ctl, &e->tap, &error);
	if (!tap) {
		*ret_status = ctl_fail(error);
		return NULL;
	}
	enum card_err err = card_tap_wait(tap, reader);
	if (!err)
		err = probe_card(card_tap_transport(tap), reader, &e->wish, &report->probe, &trace);
	if (err) {
		*ret_status = say_failure(err, &trace);
		return NULL;
	}
	report->masked = !e->reveal;
	g_strlcpy(report->version, MADOGUCHI_VERSION, sizeof report->version);
	date(report->made, sizeof report->made);
	return g_steal_pointer(&report);
}

static GVariant *list_systems(const struct probe *p)
{
	GVariantBuilder to;
	g_variant_builder_init(&to, G_VARIANT_TYPE("a(sa(sbx))"));
	for (gsize i = 0; i < p->n_systems; i++) {
		const struct probe_system *system = &p->systems[i];
		g_autofree char *code = g_strdup_printf("%04X", system->code);
		g_variant_builder_open(&to, G_VARIANT_TYPE("(sa(sbx))"));
		g_variant_builder_add(&to, "s", code);
		g_variant_builder_open(&to, G_VARIANT_TYPE("a(sbx)"));
		for (gsize j = 0; j < system->n_services; j++) {
			const struct probe_service *s = &p->services[system->service + j];
			g_autofree char *service = g_strdup_printf("%04X", s->code);
			g_variant_builder_add(&to, "(sbx)", service,
				(gboolean)probe_is_open(s->code), (gint64)s->n_blocks);
		}
		g_variant_builder_close(&to);
		g_variant_builder_close(&to);
	}
	return g_variant_builder_end(&to);
}

/* What there is, without any byte of it. */
static void print_json(const struct card_report *report)
{
	const struct probe *p = &report->probe;
	GVariantBuilder to;
	g_variant_builder_init(&to, G_VARIANT_TYPE_VARDICT);
	g_variant_builder_add(&to, "{sv}", "reader", g_variant_new_string(p->reader));
	g_variant_builder_add(&to, "{sv}", "dialect", g_variant_new_string(p->dialect));
	g_variant_builder_add(&to, "{sv}", "felica", g_variant_new_boolean(p->felica));
	g_variant_builder_add(
		&to, "{sv}", "most-blocks", g_variant_new_int64((gint64)p->most_blocks));
	g_variant_builder_add(&to, "{sv}", "systems", list_systems(p));
	ctl_print_json(g_variant_builder_end(&to));
}

static int print(const struct errand *e, const struct card_report *report, FILE *file)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = card_report_write(report);
	if (file) {
		fputs(text, file);
		if (!card_file_close(file, e->output, &error))
			return ctl_fail(error);
	}
	if (e->ctl->json)
		print_json(report);
	else if (!file)
		g_print("%s", text);
	explicit_bzero(text, strlen(text));
	if (e->reveal)
		g_printerr("madoguchictl: not masked: this holds name and number of the holder\n");
	return CTL_OK;
}

static int carry_out(struct errand *e)
{
	g_autoptr(GError) error = NULL;
	FILE *file = NULL;
	int status = CTL_FAILED;
	if (!ctl_load_config(e->ctl, &error))
		return ctl_fail(error);
	if (e->output && !(file = card_file_new(e->output, &error)))
		return ctl_fail(error);
	AUTO(card_report) report = probe(e, &status);
	if (report)
		return print(e, report, file);
	if (file) {
		fclose(file);
		remove(e->output);
	}
	return status;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	struct errand e = {.ctl = ctl, .tap = {.wait_s = CARD_TAP_WAIT_S}};
	const GOptionEntry entries[] = {
		CARD_TAP_ENTRIES(e.tap),
		{"reveal", 0, 0, G_OPTION_ARG_NONE, &e.reveal,
			"Write the card's bytes as they are: name and number of its holder", NULL},
		{"output", 0, 0, G_OPTION_ARG_FILENAME, &e.output, "Write the report to a new file",
			"FILE"},
		{"aid", 0, 0, G_OPTION_ARG_STRING_ARRAY, &e.aids,
			"Look for this application of an ISO-DEP card", "HEX"},
		{"file", 0, 0, G_OPTION_ARG_STRING_ARRAY, &e.files,
			"Read this file of each application found", "HEX"},
		{0},
	};
	int status = CTL_USAGE;
	if (ctl_parse(ctl, &verb_card_probe, entries, 0, 0, &argc, &argv)) {
		const char *why = parse_wish(&e);
		status = why ? ctl_misused(&verb_card_probe, why) : carry_out(&e);
	}
	g_strfreev(e.aids);
	g_strfreev(e.files);
	g_free(e.tap.reader);
	g_free(e.output);
	return status;
}

const struct verb verb_card_probe = {"card probe",
	"[--reader NAME] [--wait SECONDS] [--reveal] [--output FILE] [--aid HEX]... "
	"[--file HEX]... [--json]",
	"Find out what a card holds, as a report without personal data", run};
