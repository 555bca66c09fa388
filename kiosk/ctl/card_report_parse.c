/* SPDX-License-Identifier: MIT
 *
 * card_report_parse.c - the reading half; see card_report.h.
 */
#include <string.h>

#include "kiosk/ctl/card_report.h"
#include "kiosk/ctl/card_report_words.h"
#include "kiosk/ctl/card_shape.h"

#define BLOCK_MAX  255
#define SFI_MAX    31
#define RECORD_MAX 255
#define TIME_MAX   G_MAXUINT32

struct parsing {
	const struct keyfile *kf;
	const char *group;
	struct card_report *ret;
	GError **error;
};

static gboolean complain(
	const struct parsing *p, const char *key, const char *expected, const char *got)
{
	return keyfile_complain(p->kf, p->group, key, expected, got, p->error);
}

static gboolean parse_uint(const char *text, guint base, guint64 max, guint64 *ret)
{
	return g_ascii_string_to_unsigned(text, base, 0, max, ret, NULL);
}

/* A number that is part of a key has one spelling, so that each key stands for another. */
static gboolean parse_index(const char *text, guint64 max, guint8 *ret)
{
	guint64 value;
	if (!parse_uint(text, 10, max, &value) || (text[0] == '0' && text[1] != '\0'))
		return FALSE;
	*ret = (guint8)value;
	return TRUE;
}

static gboolean is_digit(char c)
{
	return g_ascii_isxdigit(c) && !g_ascii_islower(c);
}

/* "FE00": four digits and no more. */
static gboolean parse_code(const char *text, guint16 *ret)
{
	guint64 code;
	if (strlen(text) != 4 || strspn(text, "0123456789ABCDEF") != 4 ||
		!parse_uint(text, 16, G_MAXUINT16, &code))
		return FALSE;
	*ret = (guint16)code;
	return TRUE;
}

/* Two places a byte; "xx" a byte that is not told. */
static gboolean parse_byte(const char *text, guint8 *ret)
{
	if (text[0] == 'x' && text[1] == 'x') {
		*ret = shape_of(0xFF);
		return TRUE;
	}
	if (!is_digit(text[0]) || !is_digit(text[1]))
		return FALSE;
	*ret = (guint8)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
	return TRUE;
}

static gboolean parse_hex(const char *text, guint8 *ret, gsize max, gsize *ret_n)
{
	gsize n = strlen(text) / 2;
	if (strlen(text) % 2 != 0 || n > max)
		return FALSE;
	for (gsize i = 0; i < n; i++)
		if (!parse_byte(text + 2 * i, &ret[i]))
			return FALSE;
	*ret_n = n;
	return TRUE;
}

static gboolean parse_shapes(const char *text, guint8 *ret, gsize max, gsize *ret_n)
{
	gsize n = strlen(text);
	if (n > max)
		return FALSE;
	for (gsize i = 0; i < n; i++)
		if (!shape_parse(text[i], &ret[i]))
			return FALSE;
	*ret_n = n;
	return TRUE;
}

/* The first digit is told also where the rest is not. */
static gboolean parse_idm(const char *text, guint8 ret[IDM_SIZE])
{
	gsize n;
	if (strlen(text) == 2 * IDM_SIZE && is_digit(text[0]) && text[1] == 'x') {
		memset(ret, 0, IDM_SIZE);
		ret[0] = (guint8)(g_ascii_xdigit_value(text[0]) << 4);
		return strspn(text + 1, "x") == 2 * IDM_SIZE - 1;
	}
	return parse_hex(text, ret, IDM_SIZE, &n) && n == IDM_SIZE;
}

/* ---- values by their key ---- */

static gboolean take_hex(
	const struct parsing *p, const char *key, guint8 *ret, gsize max, gsize *ret_n)
{
	g_autofree char *text = keyfile_text(p->kf, p->group, key, "", p->error);
	if (!text)
		return FALSE;
	return parse_hex(text, ret, max, ret_n) || complain(p, key, "hexadecimal bytes", text);
}

static gboolean take_data(
	const struct parsing *p, const char *key, guint8 *ret, gsize max, gsize *ret_n)
{
	g_autofree char *text = keyfile_text(p->kf, p->group, key, "", p->error);
	if (!text)
		return FALSE;
	if ((p->ret->masked ? parse_shapes : parse_hex)(text, ret, max, ret_n))
		return TRUE;
	return complain(p, key,
		p->ret->masked ? "a masked value of the letters 9Aa-._kx" : "hexadecimal bytes",
		text);
}

static gboolean take_code(const struct parsing *p, const char *key, guint16 *ret)
{
	g_autofree char *text = keyfile_text(p->kf, p->group, key, "0000", p->error);
	if (!text)
		return FALSE;
	return parse_code(text, ret) || complain(p, key, "four hexadecimal digits", text);
}

static gboolean take_uint(const struct parsing *p, const char *key, guint64 max, guint64 *ret)
{
	g_autofree char *text = keyfile_text(p->kf, p->group, key, "0", p->error);
	if (!text)
		return FALSE;
	return parse_uint(text, 10, max, ret) || complain(p, key, "a smaller number", text);
}

static gboolean take_us(const struct parsing *p, const char *key, guint32 *ret)
{
	guint64 us;
	if (!take_uint(p, key, TIME_MAX, &us))
		return FALSE;
	*ret = (guint32)us;
	return TRUE;
}

/* One of two words; the second is TRUE. */
static gboolean take_either(
	const struct parsing *p, const char *key, const char *no, const char *yes, bool *ret)
{
	g_autofree char *text = keyfile_text(p->kf, p->group, key, no, p->error);
	if (!text)
		return FALSE;
	*ret = strcmp(text, yes) == 0;
	return *ret || strcmp(text, no) == 0 || complain(p, key, yes, text);
}

static gboolean take_word(const struct parsing *p, const char *key, char *ret, gsize size)
{
	g_autofree char *text = keyfile_text(p->kf, p->group, key, "", p->error);
	if (!text)
		return FALSE;
	return g_strlcpy(ret, text, size) < size || complain(p, key, "a shorter word", text);
}

/* ---- groups ---- */

static gboolean parse_head(struct parsing *p)
{
	struct probe *probe = &p->ret->probe;
	guint64 form = 0, most = 0;
	bool masked = false, complete = false;
	if (!take_uint(p, "form", G_MAXUINT32, &form))
		return FALSE;
	if (form != CARD_REPORT_FORM)
		return complain(p, "form", "1, the form this program knows", NULL);
	gboolean ok = take_word(p, "version", p->ret->version, sizeof p->ret->version) &&
		      take_word(p, "made", p->ret->made, sizeof p->ret->made) &&
		      take_word(p, "reader", probe->reader, sizeof probe->reader) &&
		      take_word(p, "dialect", probe->dialect, sizeof probe->dialect) &&
		      take_hex(p, "atr", probe->atr, sizeof probe->atr, &probe->atr_len) &&
		      take_hex(p, "uid", probe->uid, sizeof probe->uid, &probe->uid_len) &&
		      take_us(p, "poll-us", &probe->poll_us) &&
		      take_us(p, "read-us", &probe->read_us) &&
		      take_us(p, "read-most-us", &probe->read_most_us) &&
		      take_uint(p, "most-blocks", FELICA_BLOCKS_MAX, &most) &&
		      take_either(p, "masked", "false", "true", &masked) &&
		      take_either(p, "felica", "false", "true", &probe->felica) &&
		      take_either(p, "systems", "called", "listed", &probe->systems_listed) &&
		      take_either(p, "complete", "false", "true", &complete);
	p->ret->masked = masked;
	probe->most_blocks = (gsize)most;
	probe->cut = !complete;
	return ok;
}

static gboolean take_way(const struct parsing *p, enum probe_way *ret)
{
	g_autofree char *text = keyfile_text(p->kf, p->group, "services", "", p->error);
	if (!text)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(card_report_ways); i++) {
		if (strcmp(text, card_report_ways[i]) != 0)
			continue;
		*ret = i;
		return TRUE;
	}
	return complain(p, "services", "'walked', 'asked' or 'tried'", text);
}

static gboolean parse_system(struct parsing *p, const char *name)
{
	struct probe *probe = &p->ret->probe;
	gsize n_pmm = 0;
	if (probe->n_systems == FELICA_SYSTEMS_MAX)
		return complain(p, NULL, "at most 16 systems", NULL);
	struct probe_system *system = &probe->systems[probe->n_systems++];
	*system = (struct probe_system){.service = probe->n_services};
	if (!parse_code(name, &system->code))
		return complain(p, NULL, "a group such as [system FE00]", p->group);
	g_autofree char *idm = keyfile_text(p->kf, p->group, "idm", "", p->error);
	if (!idm)
		return FALSE;
	if (!parse_idm(idm, system->target.idm))
		return complain(p, "idm", "16 hexadecimal digits", idm);
	if (!take_hex(p, "pmm", system->target.pmm, sizeof system->target.pmm, &n_pmm) ||
		!take_way(p, &system->way))
		return FALSE;
	return n_pmm == sizeof system->target.pmm ||
	       complain(p, "pmm", "16 hexadecimal digits", NULL);
}

static gboolean parse_block(struct parsing *p, const char *key, struct probe_service *service)
{
	struct probe *probe = &p->ret->probe;
	guint8 number;
	gsize n = 0;
	if (!parse_index(key + strlen("block."), BLOCK_MAX, &number))
		return complain(p, key, "a block number of 0 to 255", NULL);
	if (probe->n_blocks == PROBE_BLOCKS_MAX)
		return complain(p, key, "at most 512 blocks", NULL);
	struct probe_block *block = &probe->blocks[probe->n_blocks];
	if (!take_data(p, key, block->data, sizeof block->data, &n))
		return FALSE;
	if (n != sizeof block->data)
		return complain(p, key, "16 bytes", NULL);
	block->number = number;
	probe->n_blocks++;
	service->n_blocks++;
	return TRUE;
}

/* "FE00 1A8B" of the system that stands before it. */
static gboolean parse_service_name(struct parsing *p, const char *name, struct probe_service *ret)
{
	struct probe *probe = &p->ret->probe;
	g_auto(GStrv) parts = g_strsplit(name, " ", 3);
	guint16 code;
	return g_strv_length(parts) == 2 && parse_code(parts[0], &code) &&
	       parse_code(parts[1], &ret->code) && probe->n_systems > 0 &&
	       probe->systems[probe->n_systems - 1].code == code;
}

static gboolean parse_service(struct parsing *p, const char *name)
{
	struct probe *probe = &p->ret->probe;
	struct probe_service service = {.block = probe->n_blocks};
	if (probe->n_services == PROBE_SERVICES_MAX)
		return complain(p, NULL, "at most 128 services", NULL);
	if (!parse_service_name(p, name, &service))
		return complain(
			p, NULL, "a group such as [service FE00 1A8B] under its system", p->group);
	if (!take_code(p, "flags", &service.flags) ||
		!take_either(p, "silent", "false", "true", &service.silent))
		return FALSE;
	g_auto(GStrv) keys = keyfile_keys(p->kf, p->group);
	for (char **key = keys; *key; key++)
		if (g_str_has_prefix(*key, "block.") && !parse_block(p, *key, &service))
			return FALSE;
	probe->services[probe->n_services++] = service;
	probe->systems[probe->n_systems - 1].n_services++;
	return TRUE;
}

/* "file.0101" or "record.1.2" */
static gboolean parse_file_name(const char *key, struct probe_file *ret)
{
	g_auto(GStrv) parts = g_strsplit(key, ".", 4);
	guint n = g_strv_length(parts);
	if (n == 2 && strcmp(parts[0], "file") == 0)
		return parse_code(parts[1], &ret->id) && ret->id != 0;
	return n == 3 && strcmp(parts[0], "record") == 0 &&
	       parse_index(parts[1], SFI_MAX, &ret->sfi) &&
	       parse_index(parts[2], RECORD_MAX, &ret->record);
}

static gboolean parse_file(struct parsing *p, const char *key, struct probe_aid *aid)
{
	struct probe *probe = &p->ret->probe;
	if (probe->n_files == PROBE_FILES_MAX)
		return complain(p, key, "at most 32 files and records", NULL);
	struct probe_file *file = &probe->files[probe->n_files];
	*file = (struct probe_file){0};
	if (!parse_file_name(key, file))
		return complain(p, key, "a key such as file.0101 or record.1.1", NULL);
	if (!take_data(p, key, file->data, sizeof file->data, &file->len))
		return FALSE;
	probe->n_files++;
	aid->n_files++;
	return TRUE;
}

static gboolean parse_application(struct parsing *p, const char *name)
{
	struct probe *probe = &p->ret->probe;
	gsize len = 0;
	if (probe->n_aids == PROBE_AIDS_MAX)
		return complain(p, NULL, "at most 8 applications", NULL);
	struct probe_aid *aid = &probe->aids[probe->n_aids++];
	*aid = (struct probe_aid){.file = probe->n_files};
	if (strchr(name, 'x') || !parse_hex(name, aid->aid, sizeof aid->aid, &len) || len == 0)
		return complain(p, NULL, "a group such as [application A0000002471001]", p->group);
	aid->len = (guint8)len;
	if (!take_code(p, "sw", &aid->sw) ||
		!take_either(p, "answers", "false", "true", &aid->answers))
		return FALSE;
	g_auto(GStrv) keys = keyfile_keys(p->kf, p->group);
	for (char **key = keys; *key; key++)
		if ((g_str_has_prefix(*key, "file.") || g_str_has_prefix(*key, "record.")) &&
			!parse_file(p, *key, aid))
			return FALSE;
	return TRUE;
}

static gboolean parse_group(struct parsing *p)
{
	static const struct {
		const char *prefix;
		gboolean (*parse)(struct parsing *p, const char *name);
	} kinds[] = {
		{"system ", parse_system},
		{"service ", parse_service},
		{"application ", parse_application},
	};
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_has_prefix(p->group, kinds[i].prefix))
			return kinds[i].parse(p, p->group + strlen(kinds[i].prefix));
	return complain(p, NULL, "system, service or application", p->group);
}

struct card_report *card_report_parse(const struct keyfile *kf, GError **error)
{
	AUTO(card_report) report = g_new0(struct card_report, 1);
	struct parsing p = {kf, "report", report, error};
	if (!keyfile_has_group(kf, "report")) {
		keyfile_complain(
			kf, NULL, NULL, "a report of madoguchictl card probe", NULL, error);
		return NULL;
	}
	if (!parse_head(&p))
		return NULL;
	for (const char *const *group = keyfile_groups(kf); *group; group++) {
		p.group = *group;
		if (strcmp(*group, "report") != 0 && !parse_group(&p))
			return NULL;
	}
	return g_steal_pointer(&report);
}
