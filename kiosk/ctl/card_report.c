/* SPDX-License-Identifier: MIT
 *
 * card_report.c - the writing half; see card_report.h.
 */
#include "kiosk/ctl/card_report.h"

#include <string.h>

#include "kiosk/ctl/card_report_words.h"
#include "kiosk/ctl/card_shape.h"

#define IDM_KNOWN 1 /* bytes left out when an ATR is searched for it: its nibble may differ */

const char *const card_report_ways[PROBE_WAY_COUNT] = {
	[PROBE_WALKED] = "walked",
	[PROBE_ASKED] = "asked",
	[PROBE_TRIED] = "tried",
};

static void put_hex(GString *to, const guint8 *bytes, gsize n)
{
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(to, "%02X", bytes[i]);
}

static void put_shapes(GString *to, const guint8 *bytes, gsize n)
{
	for (gsize i = 0; i < n; i++)
		g_string_append_c(to, shape_letter(bytes[i]));
}

static void put_data(GString *to, gboolean masked, const guint8 *bytes, gsize n)
{
	(masked ? put_shapes : put_hex)(to, bytes, n);
	g_string_append_c(to, '\n');
}

/* What can be read of the bytes by eye, under the value it explains. */
static void put_text(GString *to, gboolean masked, const guint8 *bytes, gsize n)
{
	if (masked)
		return;
	g_string_append(to, "#       ");
	for (gsize i = 0; i < n; i++) {
		g_string_append_c(to, ' ');
		g_string_append_c(
			to, g_ascii_isgraph(bytes[i]) ? (char)bytes[i] : shape_letter(bytes[i]));
	}
	g_string_append_c(to, '\n');
}

/* Where `number` stands in the ATR, as it does with readers that make their own; else
 * `atr_len`. */
static gsize find_number(const struct probe *p, const guint8 *number, gsize n)
{
	const guint8 *at = n > 0 ? memmem(p->atr, p->atr_len, number, n) : NULL;
	return at ? (gsize)(at - p->atr) : p->atr_len;
}

static void put_atr(GString *to, const struct probe *p, gboolean masked)
{
	gboolean hidden[ATR_MAX] = {FALSE};
	gsize n = p->uid_len > IDM_KNOWN ? p->uid_len - IDM_KNOWN : 0;
	for (gsize i = find_number(p, p->uid + IDM_KNOWN, n), end = i + n;
		masked && i < p->atr_len && i < end; i++)
		hidden[i] = TRUE;
	for (gsize s = 0; masked && s < p->n_systems; s++)
		for (gsize i = find_number(
				   p, p->systems[s].target.idm + IDM_KNOWN, IDM_SIZE - IDM_KNOWN),
			   end = i + IDM_SIZE - IDM_KNOWN;
			i < p->atr_len && i < end; i++)
			hidden[i] = TRUE;
	for (gsize i = 0; i < p->atr_len; i++)
		if (hidden[i])
			g_string_append(to, "xx");
		else
			put_hex(to, &p->atr[i], 1);
	g_string_append_c(to, '\n');
}

static void put_uid(GString *to, const struct probe *p, gboolean masked)
{
	g_string_append(to, "uid=");
	for (gsize i = 0; masked && i < p->uid_len; i++)
		g_string_append(to, "xx");
	if (!masked)
		put_hex(to, p->uid, p->uid_len);
	g_string_append_c(to, '\n');
}

static void put_idm(GString *to, const struct probe_system *system, gboolean masked)
{
	g_string_append(to, "idm=");
	if (masked)
		g_string_append_printf(to, "%Xxxxxxxxxxxxxxxx", system->target.idm[0] >> 4);
	else
		put_hex(to, system->target.idm, IDM_SIZE);
	g_string_append(to, "\npmm=");
	put_hex(to, system->target.pmm, sizeof system->target.pmm);
	g_string_append_c(to, '\n');
}

static void put_service(
	GString *to, const struct card_report *r, guint16 system, const struct probe_service *s)
{
	g_string_append_printf(to, "\n[service %04X %04X]\nattribute=%s\n", system, s->code,
		probe_attribute(s->code));
	if (s->flags)
		g_string_append_printf(to, "flags=%04X\n", s->flags);
	if (s->silent)
		g_string_append(to, "silent=true\n");
	for (gsize i = 0; i < s->n_blocks; i++) {
		const struct probe_block *block = &r->probe.blocks[s->block + i];
		g_string_append_printf(to, "block.%u=", block->number);
		put_data(to, r->masked, block->data, sizeof block->data);
		put_text(to, r->masked, block->data, sizeof block->data);
	}
}

static void put_system(GString *to, const struct card_report *r, const struct probe_system *s)
{
	g_string_append_printf(to, "\n[system %04X]\n", s->code);
	put_idm(to, s, r->masked);
	g_string_append_printf(to, "services=%s\n", card_report_ways[s->way]);
	for (gsize i = 0; i < s->n_services; i++)
		put_service(to, r, s->code, &r->probe.services[s->service + i]);
}

static void put_file(GString *to, const struct card_report *r, const struct probe_file *file)
{
	if (file->id)
		g_string_append_printf(to, "file.%04X=", file->id);
	else
		g_string_append_printf(to, "record.%u.%u=", file->sfi, file->record);
	put_data(to, r->masked, file->data, file->len);
	put_text(to, r->masked, file->data, file->len);
}

static void put_aid(GString *to, const struct card_report *r, const struct probe_aid *aid)
{
	g_string_append(to, "\n[application ");
	put_hex(to, aid->aid, aid->len);
	g_string_append_printf(
		to, "]\nanswers=%s\nsw=%04X\n", aid->answers ? "true" : "false", aid->sw);
	for (gsize i = 0; i < aid->n_files; i++)
		put_file(to, r, &r->probe.files[aid->file + i]);
}

/* A reader may call itself anything; pcscd hands it on. */
static void put_word(GString *to, const char *key, const char *word)
{
	g_autofree char *valid = g_utf8_make_valid(word, -1);
	g_string_append_printf(to, "%s=", key);
	for (const char *c = g_strstrip(valid); *c; c++) {
		if (*c == '\\')
			g_string_append_c(to, '\\');
		g_string_append_c(to, g_ascii_iscntrl(*c) ? '?' : *c);
	}
	g_string_append_c(to, '\n');
}

static void put_head(GString *to, const struct card_report *r)
{
	const struct probe *p = &r->probe;
	g_string_append(to, r->masked ? CARD_REPORT_MASKED : CARD_REPORT_REVEALED);
	g_string_append_printf(to, "[report]\nform=%d\n", CARD_REPORT_FORM);
	put_word(to, "version", r->version);
	put_word(to, "made", r->made);
	g_string_append_printf(to, "masked=%s\n", r->masked ? "true" : "false");
	put_word(to, "reader", p->reader);
	put_word(to, "dialect", p->dialect);
	g_string_append(to, "atr=");
	put_atr(to, p, r->masked);
	put_uid(to, p, r->masked);
	g_string_append_printf(to, "felica=%s\nsystems=%s\nmost-blocks=%" G_GSIZE_FORMAT "\n",
		p->felica ? "true" : "false", p->systems_listed ? "listed" : "called",
		p->most_blocks);
	g_string_append_printf(to, "poll-us=%u\nread-us=%u\nread-most-us=%u\ncomplete=%s\n",
		p->poll_us, p->read_us, p->read_most_us, p->cut ? "false" : "true");
}

char *card_report_write(const struct card_report *report)
{
	GString *to = g_string_new(NULL);
	put_head(to, report);
	for (gsize i = 0; i < report->probe.n_systems; i++)
		put_system(to, report, &report->probe.systems[i]);
	for (gsize i = 0; i < report->probe.n_aids; i++)
		put_aid(to, report, &report->probe.aids[i]);
	return g_string_free(to, FALSE);
}

struct card_report *card_report_free(struct card_report *report)
{
	if (report)
		explicit_bzero(report, sizeof *report);
	g_free(report);
	return NULL;
}
