/* SPDX-License-Identifier: MIT */
#include "probe_private.h"

#define SFI_MAX 30 /* ISO 7816-4: five bits, 0 and 31 mean something else */

/* Not there, or not for us: any refusal is an answer. */
static enum card_err settle(enum card_err err)
{
	return err == CARD_ERR_UNKNOWN_CARD || err == CARD_ERR_UNREADABLE ||
			       err == CARD_ERR_PROTOCOL || err == CARD_ERR_NO_DATA
		       ? CARD_ERR_OK
		       : err;
}

/* Keep what was read; false: nothing was, or there is no room. */
static bool keep(
	struct probing *p, struct probe_aid *aid, struct probe_file file, const struct bytes *data)
{
	if (data->len == 0)
		return false;
	if (p->ret.n_files == PROBE_FILES_MAX) {
		p->ret.cut = true;
		return false;
	}
	file.len = data->len < sizeof(file.data) ? data->len : sizeof(file.data);
	memcpy(file.data, data->at, file.len);
	p->ret.files[p->ret.n_files++] = file;
	aid->n_files++;
	return true;
}

static enum card_err read_records(struct probing *p, struct probe_aid *aid, uint8_t sfi)
{
	bool more = true;
	for (uint8_t record = 1; more && record <= PROBE_RECORDS_MAX; record++) {
		WIPED(bytes) data = {0};
		enum card_err err = iso_read_record(&p->link.line, sfi, record, &data);
		if (settle(err))
			return err;
		more = !err &&
		       keep(p, aid, (struct probe_file){.sfi = sfi, .record = record}, &data);
	}
	return CARD_ERR_OK;
}

static enum card_err read_file(struct probing *p, struct probe_aid *aid, uint16_t id)
{
	WIPED(bytes) data = {0};
	enum card_err err = iso_select_file(&p->link.line, id);
	if (!err)
		err = iso_read_binary(&p->link.line, 0, PROBE_FILE_SIZE, &data);
	if (!err)
		keep(p, aid, (struct probe_file){.id = id}, &data);
	return settle(err);
}

static enum card_err read_application(struct probing *p, struct probe_aid *aid)
{
	enum card_err err = CARD_ERR_OK;
	aid->file = p->ret.n_files;
	for (uint8_t sfi = 1; !err && sfi <= SFI_MAX; sfi++)
		err = read_records(p, aid, sfi);
	for (size_t i = 0; !err && i < p->wish->n_files; i++)
		err = read_file(p, aid, p->wish->files[i]);
	return err;
}

static enum card_err try_aid(struct probing *p, const uint8_t *bytes, uint8_t len)
{
	struct probe_aid *aid = &p->ret.aids[p->ret.n_aids++];
	aid->len = len;
	memcpy(aid->aid, bytes, len);
	enum card_err err = iso_select_aid(&p->link.line, bytes, len);
	aid->sw = p->link.line.trace->sw;
	aid->answers = !err;
	return err ? settle(err) : read_application(p, aid);
}

enum card_err probe_applications(struct probing *p)
{
	enum card_err err = CARD_ERR_OK;
	trace_step(p->link.line.trace, "applications");
	for (size_t i = 0; !err && i < p->wish->n_aids && i < PROBE_AIDS_MAX; i++)
		err = try_aid(p, p->wish->aids[i].aid, p->wish->aids[i].len);
	return err;
}
