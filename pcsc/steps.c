/* SPDX-License-Identifier: MIT */
#include "steps.h"

#include <string.h>

#include "iso.h"
#include "lite_s.h"

struct run {
	struct link *link;
	const struct card_layout *layout;
	const struct card_job *job;
	struct felica_target target;
	struct steps *ret;
	size_t at; /* where the data of the step at work begins */
};

DEFINE_WIPE(run)

/* `n` bytes of the step at work were written to its place. */
static void took(struct run *run, size_t n)
{
	if (n > 0)
		run->ret->len = run->at + n;
}

static enum card_err do_system(struct run *run, const struct layout_step *step)
{
	enum card_err err = link_system(run->link, step->code, &run->target);
	if (err)
		return err;
	memcpy(run->ret->id, run->target.idm, sizeof(run->ret->id));
	run->ret->id[0] &= (uint8_t)~FELICA_SYSTEM_NIBBLE;
	return CARD_ERR_OK;
}

static enum card_err do_read(struct run *run, const struct layout_step *step)
{
	size_t n = 0;
	if (step->n_blocks == 0 || step->n_blocks > LAYOUT_BLOCKS_MAX)
		return CARD_ERR_LIMIT;
	enum card_err err = link_blocks(run->link, &run->target, step->code, step->blocks,
		step->n_blocks, run->ret->data + run->at, &n);
	if (!err)
		took(run, n * FELICA_BLOCK_SIZE);
	return err;
}

static const struct card_key *find_key(const struct run *run)
{
	for (size_t i = 0; i < run->job->n_keys; i++)
		if (strcmp(run->job->keys[i].name, run->layout->mac_key) == 0)
			return &run->job->keys[i];
	return NULL;
}

static enum card_err do_mac(struct run *run, const struct layout_step *step)
{
	const struct card_key *key = find_key(run);
	uint8_t challenge[MAC_BLOCK_SIZE];
	if (step->n_blocks == 0 || step->n_blocks > LAYOUT_BLOCKS_MAX)
		return CARD_ERR_LIMIT;
	if (!key || !run->job->challenge || !run->job->challenge(challenge))
		return CARD_ERR_UNPROVEN;
	enum card_err err = lite_s_read(run->link, &run->target, key->master, challenge,
		step->blocks, step->n_blocks, run->ret->data + run->at);
	explicit_bzero(challenge, sizeof(challenge));
	if (err)
		return err;
	took(run, (size_t)step->n_blocks * FELICA_BLOCK_SIZE);
	run->ret->assurance = CARD_MAC_VERIFIED;
	return CARD_ERR_OK;
}

static void keep(struct run *run, const struct bytes *from, size_t most)
{
	size_t n = from->len < most ? from->len : most;
	memcpy(run->ret->data + run->at, from->at, n);
	took(run, n);
}

/* ISO 14443-3: a number of four bytes that begins with 08 is drawn anew at every tap. */
static bool is_random(const struct bytes *uid)
{
	return uid->len == 4 && uid->at[0] == 0x08;
}

static enum card_err do_uid(struct run *run, const struct layout_step *step)
{
	WIPED(bytes) uid = {0};
	trace_step(run->link->line.trace, "uid");
	enum card_err err = iso_uid(&run->link->line, &uid);
	if (err)
		return err;
	if (uid.len != step->len || is_random(&uid))
		return CARD_ERR_UNKNOWN_CARD;
	memcpy(run->ret->id, uid.at, uid.len < IDM_SIZE ? uid.len : IDM_SIZE);
	keep(run, &uid, uid.len);
	return CARD_ERR_OK;
}

static enum card_err do_aid(struct run *run, const struct layout_step *step)
{
	trace_step(run->link->line.trace, "select");
	return iso_select_aid(&run->link->line, step->aid, step->aid_len);
}

static enum card_err do_file(struct run *run, const struct layout_step *step)
{
	trace_step(run->link->line.trace, "select");
	return iso_select_file(&run->link->line, step->code);
}

static enum card_err do_binary(struct run *run, const struct layout_step *step)
{
	WIPED(bytes) data = {0};
	trace_step(run->link->line.trace, "read");
	enum card_err err = iso_read_binary(&run->link->line, step->off, step->len, &data);
	if (!err)
		keep(run, &data, layout_step_len(step));
	return err;
}

static enum card_err do_record(struct run *run, const struct layout_step *step)
{
	WIPED(bytes) data = {0};
	trace_step(run->link->line.trace, "read");
	enum card_err err = iso_read_record(&run->link->line, step->sfi, step->record, &data);
	if (!err)
		keep(run, &data, layout_step_len(step));
	return err;
}

static enum card_err do_step(struct run *run, const struct layout_step *step)
{
	static enum card_err (*const acts[])(struct run *, const struct layout_step *) = {
		[LAYOUT_SYSTEM] = do_system,
		[LAYOUT_READ] = do_read,
		[LAYOUT_MAC] = do_mac,
		[LAYOUT_UID] = do_uid,
		[LAYOUT_AID] = do_aid,
		[LAYOUT_FILE] = do_file,
		[LAYOUT_BINARY] = do_binary,
		[LAYOUT_RECORD] = do_record,
	};
	if (run->at + layout_step_len(step) > LAYOUT_DATA_MAX)
		return CARD_ERR_LIMIT;
	if ((size_t)step->kind >= sizeof(acts) / sizeof(acts[0]))
		return CARD_ERR_LIMIT;
	return acts[step->kind](run, step);
}

enum card_err steps_run(struct link *link, const struct card_layout *layout,
	const struct card_job *job, struct steps *ret)
{
	WIPED(steps) steps = {0};
	WIPED(run) run = {.link = link, .layout = layout, .job = job, .ret = &steps};
	if (layout->n_steps > LAYOUT_STEPS_MAX)
		return CARD_ERR_LIMIT;
	if (!layout_is_felica(layout))
		link_close(link);
	for (size_t i = 0; i < layout->n_steps; i++) {
		run.at = layout_step_at(layout, i);
		enum card_err err = do_step(&run, &layout->steps[i]);
		if (err)
			return err;
	}
	*ret = steps;
	return CARD_ERR_OK;
}
