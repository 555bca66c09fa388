/* SPDX-License-Identifier: MIT */
#include "card.h"

#include <string.h>

#include "iso.h"
#include "steps.h"
#include "wipe.h"

DEFINE_WIPE(card_reading)

/* What is known of the chip before any layout is tried. */
enum chip { CHIP_ANY, CHIP_FELICA, CHIP_ISO14443 };

/* Can only a FeliCa chip have what the layout asks for first? */
static bool wants_felica(const struct card_layout *layout)
{
	const struct layout_step *first = &layout->steps[0];
	return layout_is_felica(layout) ||
	       (layout->n_steps > 0 && first->kind == LAYOUT_UID && first->len == IDM_SIZE);
}

static bool are_mixed(const struct card_job *job)
{
	for (size_t i = 1; i < job->n_layouts; i++)
		if (wants_felica(&job->layouts[i]) != wants_felica(&job->layouts[0]))
			return true;
	return false;
}

/* Layouts of both kinds in force: which kind of card lies there is one question, cheaper
 * than a search for a system it cannot have. FeliCa has an IDm of eight bytes, ISO 14443
 * a number of four, seven or ten. Any other answer leaves it open. */
static enum chip identify(struct link *link)
{
	WIPED(bytes) uid = {0};
	trace_step(link->line.trace, "identify");
	if (iso_uid(&link->line, &uid))
		return CHIP_ANY;
	return uid.len == IDM_SIZE ? CHIP_FELICA : CHIP_ISO14443;
}

static bool suits(const struct card_layout *layout, enum chip chip)
{
	return chip == CHIP_ANY || wants_felica(layout) == (chip == CHIP_FELICA);
}

/* In a wallet the reader has chosen one card; a FeliCa card beside it answers a poll all the
 * same. So FeliCa layouts have a second turn, behind those of the chip. */
static bool has_turn(const struct card_layout *layout, enum chip chip, bool second)
{
	if (second)
		return chip == CHIP_ISO14443 && layout_is_felica(layout);
	return suits(layout, chip);
}

/* What came of the steps carried out last. */
struct tried {
	const struct card_layout *layout; /* NULL: none yet */
	enum card_err err;
	struct steps steps;
};

DEFINE_WIPE(tried)

static bool has_same_steps(const struct card_layout *a, const struct card_layout *b)
{
	return a->n_steps == b->n_steps && strcmp(a->mac_key, b->mac_key) == 0 &&
	       memcmp(a->steps, b->steps, sizeof(a->steps)) == 0;
}

/* Layouts that differ only in what they make of it (two schools with one kind of card) ask
 * the card once. */
static enum card_err run_steps(struct link *link, const struct card_layout *layout,
	const struct card_job *job, struct tried *last)
{
	if (last->layout && has_same_steps(last->layout, layout))
		return last->err;
	last->layout = layout;
	last->err = steps_run(link, layout, job, &last->steps);
	return last->err;
}

static enum card_err try_layout(struct link *link, const struct card_layout *layout,
	const struct card_job *job, struct tried *last, struct card_reading *ret)
{
	WIPED(card_reading) reading = {0};
	const struct steps *steps = &last->steps;
	enum card_err err = run_steps(link, layout, job, last);
	if (err)
		return err;
	trace_step(link->line.trace, "decode");
	err = layout_decode(layout, steps->data, steps->len, &reading);
	if (err)
		return err;
	memcpy(reading.idm, steps->id, sizeof(reading.idm));
	reading.assurance = steps->assurance;
	reading.dialect = link->dialect ? link->dialect->name : DIALECT_NONE;
	*ret = reading;
	return CARD_ERR_OK;
}

/* How much a layout had to do with the card before it failed; 0: no reason to try another.
 * TIMEOUT: no FeliCa card answers at all. */
static size_t closeness(enum card_err err)
{
	static const enum card_err order[] = {CARD_ERR_TIMEOUT, CARD_ERR_UNKNOWN_CARD,
		CARD_ERR_TRANSIT, CARD_ERR_NO_DIALECT, CARD_ERR_NO_DATA, CARD_ERR_UNREADABLE,
		CARD_ERR_UNPROVEN, CARD_ERR_FOREIGN};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] == err)
			return i + 1;
	return 0;
}

/* Where the closest layout failed, in a trace that goes on. */
static void point(struct card_trace *trace, const struct card_trace *to)
{
	trace->step = to->step;
	trace->sw = to->sw;
	trace->flags = to->flags;
	trace->pcsc = to->pcsc;
}

/* The first layout that fits, or what the closest one failed with. */
static enum card_err try_layouts(
	struct link *link, const struct card_job *job, struct card_reading *ret)
{
	enum chip chip = are_mixed(job) ? identify(link) : CHIP_ANY;
	enum card_err closest = CARD_ERR_TIMEOUT;
	struct card_trace trace = {.step = "identify"};
	WIPED(tried) last = {0};
	for (size_t i = 0; i < 2 * job->n_layouts; i++) {
		const struct card_layout *layout = &job->layouts[i % job->n_layouts];
		if (!has_turn(layout, chip, i >= job->n_layouts))
			continue;
		enum card_err err = try_layout(link, layout, job, &last, ret);
		if (closeness(err) == 0)
			return err;
		if (closeness(err) > closeness(closest) || !trace.sw) {
			closest = closeness(err) > closeness(closest) ? err : closest;
			trace = *link->line.trace;
		}
	}
	trace_end(link->line.trace);
	point(link->line.trace, &trace);
	return closest;
}

/* No layout's card answered. Is that the card's doing? The common FF CA is asked last: a
 * FeliCa card has an IDm of eight bytes, a MIFARE card four or seven, and a card that left
 * has none. */
static enum card_err blame(struct link *link, enum card_err err)
{
	WIPED(bytes) uid = {0};
	trace_step(link->line.trace, "identify");
	enum card_err asked = iso_uid(&link->line, &uid);
	if (asked == CARD_ERR_UNKNOWN_CARD || asked == CARD_ERR_UNREADABLE)
		asked = CARD_ERR_OK; /* the reader will not say */
	if (asked)
		return asked;
	if (err == CARD_ERR_TIMEOUT || (uid.len > 0 && uid.len != IDM_SIZE))
		return CARD_ERR_UNKNOWN_CARD;
	return err;
}

static enum card_err converse(
	struct link *link, const struct card_job *job, struct card_reading *ret)
{
	bool known = dialect_remembered(job->memory, link->reader);
	enum card_err err = try_layouts(link, job, ret);
	link_close(link);
	if (err == CARD_ERR_NO_DIALECT || err == CARD_ERR_TIMEOUT)
		err = blame(link, err);
	/* A reader does not forget what it understood: the card moved. But a layout may ask for
	 * what its dialect has no way to say. */
	bool doubted = known && !dialect_remembered(job->memory, link->reader);
	return err == CARD_ERR_NO_DIALECT && doubted ? CARD_ERR_REMOVED : err;
}

enum card_err card_read(const struct card_transport *t, const char *reader,
	const struct card_job *job, struct card_reading *ret, struct card_trace *trace)
{
	WIPED(card_reading) reading = {0};
	WIPED(link)
	link = {.line = {.t = t, .trace = trace}, .reader = reader, .memory = job->memory};
	*trace = (struct card_trace){0};
	trace_step(trace, "connect");
	if (strlen(reader) >= sizeof(reading.reader))
		return CARD_ERR_NO_READER;
	enum card_err err = t->connect(t->self, reader, trace);
	if (!err) {
		err = converse(&link, job, &reading);
		t->disconnect(t->self);
	}
	trace_end(trace);
	if (err)
		return err;
	memcpy(reading.reader, reader, strlen(reader) + 1);
	*ret = reading;
	return CARD_ERR_OK;
}
