/* SPDX-License-Identifier: MIT
 *
 * fuzz_report.c - any bytes as a probe's report. A first byte that is no text chooses the
 * layout that is tried on it. What is taken must be written and taken again, the same.
 */
#include <stdlib.h>
#include <string.h>

#include "kiosk/ctl/card_fit.h"
#include "kiosk/ctl/card_report.h"
#include "tests/visit/fuzz.h"

static const struct card_layout layouts[] = {
	{.name = "fcf",
		.steps = {{.kind = LAYOUT_SYSTEM, .code = 0xFE00}, {.kind = LAYOUT_READ,
									   .code = 0x1A8B,
									   .blocks = {0, 1, 2, 3},
									   .n_blocks = 4}},
		.n_steps = 2,
		.class_ = {0, 2},
		.number = {2, 12},
		.name_ = {16, 16},
		.name_encoding = LAYOUT_CP932,
		.school = {32, 8},
		.school_id = "13990001",
		.issued = {40, 8},
		.expires = {48, 8},
		.padding = {0x00, 0x20, '0'},
		.n_padding = 3,
		.has_stop = true,
		.stop = 'A',
		.classes = {{.code = "01", .name = "student"},
			{.code = "11", .name = "staff", .number = {4, 7}}},
		.n_classes = 2,
		.patterns = {{"99-999999"}, {"XXXXXXX"}},
		.n_patterns = 2},
	{.name = "uid",
		.steps = {{.kind = LAYOUT_UID, .len = 8}},
		.n_steps = 1,
		.number = {0, 8},
		.number_form = LAYOUT_HEX_REVERSED,
		.patterns = {{"XXXXXXXXXXXXXXXX"}},
		.n_patterns = 1},
	{.name = "files",
		.steps = {{.kind = LAYOUT_AID, .aid = {0xF0, 0x01}, .aid_len = 2},
			{.kind = LAYOUT_FILE, .code = 0x011E},
			{.kind = LAYOUT_BINARY, .off = 2, .len = 64},
			{.kind = LAYOUT_RECORD, .sfi = 1, .record = 2, .len = 32}},
		.n_steps = 4,
		.number = {0, 12},
		.name_ = {64, 20}},
};

static struct card_report *parse(const char *text, gsize len)
{
	AUTO(keyfile) kf = keyfile_parse("report", text, len, NULL);
	return kf ? card_report_parse(kf, NULL) : NULL;
}

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static void check_fit(const struct card_layout *layout, const struct card_report *report)
{
	enum card_err err = CARD_ERR_CANCELLED;
	g_autofree char *text = card_fit(layout, report, &err);
	require(err != CARD_ERR_CANCELLED && text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	gsize choice = data[0] < G_N_ELEMENTS(layouts) ? data[0] : 0;
	gsize skip = data[0] < G_N_ELEMENTS(layouts);
	g_autofree char *exact = g_memdup2(data, size);
	AUTO(card_report) report = parse(exact + skip, size - skip);
	if (!report)
		return 0;
	check_fit(&layouts[choice], report);
	if (report->masked) /* what of it is hidden says a number that is no longer told */
		report->probe.atr_len = 0;
	g_autofree char *first = card_report_write(report);
	AUTO(card_report) again = parse(first, strlen(first));
	require(again != NULL);
	g_autofree char *second = card_report_write(again);
	require(strcmp(first, second) == 0);
	return 0;
}
