/* SPDX-License-Identifier: MIT
 *
 * card_fit_steps.c - the steps of a layout, carried out on a report.
 */
#include <string.h>

#include "kiosk/ctl/card_fit.h"

#define LITE_SERVICE 0x000B /* what a step with MAC reads from */

struct fitting {
	const struct probe *probe;
	GString *say;
	const struct probe_system *system; /* chosen by the last step of that kind */
	const struct probe_aid *aid;
	const struct probe_file *file;
	guint8 *data; /* LAYOUT_DATA_MAX bytes */
	gsize at, len;
};

static enum card_err absent(struct fitting *f, const char *why)
{
	g_string_append_printf(f->say, "not there: %s\n", why);
	return CARD_ERR_UNKNOWN_CARD;
}

static enum card_err there(struct fitting *f)
{
	g_string_append(f->say, "there\n");
	return CARD_ERR_OK;
}

/* Keep what a step brought, at its place. */
static enum card_err took(struct fitting *f, const guint8 *bytes, gsize n, gsize room)
{
	gsize keep = MIN(n, room);
	memcpy(f->data + f->at, bytes, keep);
	if (keep > 0)
		f->len = f->at + keep;
	g_string_append_printf(
		f->say, "there, bytes %" G_GSIZE_FORMAT "+%" G_GSIZE_FORMAT, f->at, keep);
	g_string_append(f->say, keep < room ? " (less than asked for)\n" : "\n");
	return CARD_ERR_OK;
}

static enum card_err do_system(struct fitting *f, const struct layout_step *step)
{
	f->system = NULL;
	g_string_append_printf(f->say, "  step system %04X: ", step->code);
	for (gsize i = 0; i < f->probe->n_systems; i++)
		if (f->probe->systems[i].code == step->code)
			f->system = &f->probe->systems[i];
	if (f->system)
		return there(f);
	return absent(f, f->probe->felica ? "the card has no such system" : "no FeliCa card");
}

static const struct probe_service *find_service(const struct fitting *f, guint16 code)
{
	for (gsize i = 0; f->system && i < f->system->n_services; i++)
		if (f->probe->services[f->system->service + i].code == code)
			return &f->probe->services[f->system->service + i];
	return NULL;
}

static const struct probe_block *find_block(
	const struct fitting *f, const struct probe_service *service, guint8 number)
{
	for (gsize i = 0; i < service->n_blocks; i++)
		if (f->probe->blocks[service->block + i].number == number)
			return &f->probe->blocks[service->block + i];
	return NULL;
}

/* As the counter: fewer blocks from the end, while there are any. */
static enum card_err read_blocks(
	struct fitting *f, const struct layout_step *step, const struct probe_service *service)
{
	guint8 data[LAYOUT_BLOCKS_MAX * FELICA_BLOCK_SIZE];
	gsize n = 0;
	for (; n < step->n_blocks; n++) {
		const struct probe_block *block = find_block(f, service, step->blocks[n]);
		if (!block)
			break;
		memcpy(data + n * FELICA_BLOCK_SIZE, block->data, FELICA_BLOCK_SIZE);
	}
	if (n == 0)
		return absent(f, service->flags && service->n_blocks == 0
					 ? "the card refuses to have it read"
					 : "no such block");
	took(f, data, n * FELICA_BLOCK_SIZE, step->n_blocks * FELICA_BLOCK_SIZE);
	explicit_bzero(data, sizeof data);
	return CARD_ERR_OK;
}

static enum card_err do_read(struct fitting *f, const struct layout_step *step)
{
	guint16 code = step->kind == LAYOUT_MAC ? LITE_SERVICE : step->code;
	g_string_append_printf(f->say, "  step %s %04X, %u blocks from %u: ",
		step->kind == LAYOUT_MAC ? "mac (not checked here)" : "read", code, step->n_blocks,
		step->n_blocks > 0 ? step->blocks[0] : 0);
	const struct probe_service *service = find_service(f, code);
	if (service)
		return read_blocks(f, step, service);
	return absent(f, f->system && f->system->way != PROBE_WALKED
				 ? "not among the services that were asked for"
				 : "the system has no such service");
}

static enum card_err do_uid(struct fitting *f, const struct layout_step *step)
{
	const struct probe *p = f->probe;
	g_string_append(f->say, "  step uid: ");
	if (p->uid_len == step->len)
		return took(f, p->uid, p->uid_len, step->len);
	g_autofree char *why =
		g_strdup_printf("it has %" G_GSIZE_FORMAT " bytes, not %u", p->uid_len, step->len);
	return absent(f, p->uid_len > 0 ? why : "the reader does not tell it");
}

static enum card_err do_aid(struct fitting *f, const struct layout_step *step)
{
	gboolean asked = FALSE;
	f->aid = NULL;
	f->file = NULL;
	g_string_append(f->say, "  step select ");
	for (gsize i = 0; i < step->aid_len; i++)
		g_string_append_printf(f->say, "%02X", step->aid[i]);
	g_string_append(f->say, ": ");
	for (gsize i = 0; i < f->probe->n_aids; i++) {
		const struct probe_aid *aid = &f->probe->aids[i];
		if (aid->len != step->aid_len || memcmp(aid->aid, step->aid, aid->len) != 0)
			continue;
		asked = TRUE;
		f->aid = aid->answers ? aid : NULL;
	}
	if (f->aid)
		return there(f);
	return absent(f, asked ? "the card has no such application"
			       : "it was not asked for; probe with --aid");
}

static enum card_err do_file(struct fitting *f, const struct layout_step *step)
{
	f->file = NULL;
	g_string_append_printf(f->say, "  step file %04X: ", step->code);
	for (gsize i = 0; f->aid && i < f->aid->n_files; i++)
		if (f->probe->files[f->aid->file + i].id == step->code)
			f->file = &f->probe->files[f->aid->file + i];
	return f->file ? there(f) : absent(f, "nothing was read of it; probe with --file");
}

static enum card_err do_binary(struct fitting *f, const struct layout_step *step)
{
	g_string_append_printf(f->say, "  step binary %u+%u: ", step->off, step->len);
	if (!f->file)
		return absent(f, "a file must be chosen before");
	if (f->file->len <= step->off)
		return absent(f, "the file is shorter, or no more of it was read");
	return took(f, f->file->data + step->off, f->file->len - step->off, step->len);
}

static enum card_err do_record(struct fitting *f, const struct layout_step *step)
{
	g_string_append_printf(f->say, "  step record %u of %u: ", step->record, step->sfi);
	for (gsize i = 0; f->aid && i < f->aid->n_files; i++) {
		const struct probe_file *file = &f->probe->files[f->aid->file + i];
		if (file->id == 0 && file->sfi == step->sfi && file->record == step->record)
			return took(f, file->data, file->len, step->len);
	}
	return absent(f, "nothing was read of it");
}

static enum card_err do_step(struct fitting *f, const struct layout_step *step)
{
	switch (step->kind) {
	case LAYOUT_SYSTEM:
		return do_system(f, step);
	case LAYOUT_READ:
	case LAYOUT_MAC:
		return do_read(f, step);
	case LAYOUT_UID:
		return do_uid(f, step);
	case LAYOUT_AID:
		return do_aid(f, step);
	case LAYOUT_FILE:
		return do_file(f, step);
	case LAYOUT_BINARY:
		return do_binary(f, step);
	case LAYOUT_RECORD:
		return do_record(f, step);
	}
	return CARD_ERR_UNKNOWN_CARD;
}

enum card_err card_fit_steps(const struct card_layout *layout, const struct card_report *report,
	guint8 data[LAYOUT_DATA_MAX], gsize *ret_len, GString *say)
{
	struct fitting f = {.probe = &report->probe, .say = say, .data = data};
	memset(data, 0, LAYOUT_DATA_MAX);
	for (gsize i = 0; i < layout->n_steps; i++) {
		const struct layout_step *step = &layout->steps[i];
		f.at = layout_step_at(layout, i);
		if (f.at + layout_step_len(step) > LAYOUT_DATA_MAX)
			return CARD_ERR_UNKNOWN_CARD;
		enum card_err err = do_step(&f, step);
		if (err)
			return err;
	}
	*ret_len = f.len;
	return CARD_ERR_OK;
}
