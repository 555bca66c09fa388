/* SPDX-License-Identifier: MIT */
#include "link.h"

#include <string.h>

#define SYSTEMS_US FELICA_TIMER_MIN_US

static enum card_err opened(struct link *link, enum card_err err)
{
	link->mute = err == CARD_ERR_NO_DIALECT;
	if (err)
		return err;
	link->line.escape = link->dialect->escape;
	link->line.trace->dialect = link->dialect->name;
	return CARD_ERR_OK;
}

static enum card_err open_dialect(struct link *link)
{
	if (link->dialect)
		return CARD_ERR_OK;
	if (link->mute)
		return CARD_ERR_NO_DIALECT;
	trace_step(link->line.trace, "session");
	return opened(link, dialect_open(&link->line, link->reader, link->memory, &link->dialect));
}

/* The first question to the card was one the reader does not know: the dialect was taken for
 * granted by its name or from memory, wrongly. */
static bool is_doubtful(const struct link *link, enum card_err err)
{
	const struct dialect *d = link->dialect;
	return err == CARD_ERR_NO_DIALECT && d && (d->exchange || d->poll);
}

static enum card_err change_dialect(struct link *link)
{
	const struct dialect *failed = link->dialect;
	link_close(link);
	trace_step(link->line.trace, "session");
	return opened(link,
		dialect_doubt(&link->line, link->reader, link->memory, failed, &link->dialect));
}

void link_close(struct link *link)
{
	struct card_trace *trace = link->line.trace;
	const struct card_trace was = *trace;
	if (!link->dialect)
		return;
	trace_step(trace, "session end");
	link->dialect->close(&link->line);
	trace_end(trace);
	/* Where it went wrong before is what counts. */
	trace->step = was.step;
	trace->sw = was.sw;
	trace->flags = was.flags;
	trace->pcsc = was.pcsc;
	link->dialect = NULL;
	link->line.escape = false;
	link->settled = link->found = false;
}

enum card_err link_exchange(struct link *link, const char *step, const struct bytes *frame,
	uint32_t timer_us, struct bytes *ret)
{
	enum card_err err = open_dialect(link);
	if (err)
		return err;
	if (!link->dialect->exchange)
		return CARD_ERR_NO_DIALECT;
	trace_step(link->line.trace, step);
	return link->dialect->exchange(&link->line, frame, timer_us, ret);
}

static enum card_err poll_once(struct link *link, uint16_t system, struct felica_target *ret)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	felica_poll(&frame, system);
	enum card_err err = link_exchange(link, "poll", &frame, FELICA_TIMER_MIN_US, &answer);
	return err ? err : felica_polled(bytes_read(&answer), ret);
}

/* A card needs about 20 ms after the field or its protocol changed and may miss the first
 * poll; the time-out of that one is the guard time. */
static enum card_err poll(struct link *link, uint16_t system, struct felica_target *ret)
{
	enum card_err err = poll_once(link, system, ret);
	if (err == CARD_ERR_TIMEOUT && !link->settled)
		err = poll_once(link, system, ret);
	link->settled = true;
	return err;
}

static enum card_err ask_systems(struct link *link)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	felica_ask_systems(&frame, link->first.idm);
	enum card_err err = link_exchange(link, "systems", &frame, SYSTEMS_US, &answer);
	return err ? err
		   : felica_systems(
			     bytes_read(&answer), link->first.idm, link->systems, &link->n_systems);
}

/* After a poll that nothing answered: is there a card at all, and what has it? Lite chips
 * do not know Request System Code: then nothing is known but that there is a card. */
static enum card_err survey(struct link *link)
{
	if (link->surveyed)
		return CARD_ERR_OK;
	enum card_err err = poll(link, FELICA_ANY_SYSTEM, &link->first);
	if (err && err != CARD_ERR_TIMEOUT)
		return err;
	link->surveyed = true;
	link->answered = err == CARD_ERR_OK;
	if (!link->answered)
		return CARD_ERR_OK;
	err = ask_systems(link);
	return err == CARD_ERR_TIMEOUT ? CARD_ERR_OK : err;
}

/* Some readers answer a poll only as the first system. A card that told its systems is then
 * addressed by the nibble of the one wanted, or known not to have it. */
static enum card_err choose(const struct link *link, uint16_t system, struct felica_target *ret)
{
	bool transit = false;
	if (!link->answered)
		return CARD_ERR_TIMEOUT;
	for (size_t i = 0; i < link->n_systems; i++) {
		transit = transit || link->systems[i] == SYSTEM_TRANSIT;
		if (link->systems[i] != system)
			continue;
		*ret = link->first;
		ret->idm[0] =
			(uint8_t)((ret->idm[0] & ~FELICA_SYSTEM_NIBBLE) | i << FELICA_SYSTEM_SHIFT);
		return CARD_ERR_OK;
	}
	return transit ? CARD_ERR_TRANSIT : CARD_ERR_UNKNOWN_CARD;
}

static enum card_err find_by_frames(struct link *link, uint16_t system, struct felica_target *ret)
{
	enum card_err err = poll(link, system, ret);
	if (err != CARD_ERR_TIMEOUT)
		return err;
	err = survey(link);
	return err ? err : choose(link, system, ret);
}

static enum card_err find_system(struct link *link, uint16_t system, struct felica_target *ret)
{
	if (link->dialect->exchange)
		return find_by_frames(link, system, ret);
	if (!link->dialect->poll)
		return CARD_ERR_NO_DIALECT;
	trace_step(link->line.trace, "poll");
	return link->dialect->poll(&link->line, system, ret);
}

enum card_err link_system(struct link *link, uint16_t system, struct felica_target *ret)
{
	WIPED(felica_target) target = {0};
	enum card_err err = open_dialect(link);
	if (err)
		return err;
	if (!link->found || link->system != system) {
		err = find_system(link, system, &target);
		if (is_doubtful(link, err)) {
			err = change_dialect(link);
			if (!err)
				err = find_system(link, system, &target);
		}
		if (err)
			return err;
		link->target = target;
		link->system = system;
		link->found = true;
	}
	*ret = link->target;
	return CARD_ERR_OK;
}

static enum card_err survey_by_commands(struct link *link)
{
	const struct dialect *d = link->dialect;
	if (link->surveyed)
		return CARD_ERR_OK;
	if (!d->poll)
		return CARD_ERR_NO_DIALECT;
	trace_step(link->line.trace, "systems");
	enum card_err err = d->poll(&link->line, FELICA_ANY_SYSTEM, &link->first);
	if (err && err != CARD_ERR_TIMEOUT)
		return err;
	link->surveyed = true;
	link->answered = err == CARD_ERR_OK;
	if (!link->answered || !d->systems)
		return CARD_ERR_OK;
	err = d->systems(&link->line, &link->first, link->systems, &link->n_systems);
	return err == CARD_ERR_TIMEOUT ? CARD_ERR_OK : err;
}

static enum card_err survey_card(struct link *link)
{
	return link->dialect->exchange ? survey(link) : survey_by_commands(link);
}

enum card_err link_survey(struct link *link, struct felica_target *ret_first,
	uint16_t ret_systems[FELICA_SYSTEMS_MAX], size_t *ret_n)
{
	enum card_err err = open_dialect(link);
	if (!err)
		err = survey_card(link);
	if (is_doubtful(link, err)) {
		err = change_dialect(link);
		if (!err)
			err = survey_card(link);
	}
	if (err)
		return err;
	if (!link->answered)
		return CARD_ERR_TIMEOUT;
	*ret_first = link->first;
	memcpy(ret_systems, link->systems, sizeof(link->systems));
	*ret_n = link->n_systems;
	return CARD_ERR_OK;
}

static enum card_err read_by_frames(struct link *link, const struct felica_target *target,
	uint16_t service, const uint8_t *blocks, size_t n, uint8_t *ret)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	felica_read(&frame, target->idm, service, blocks, n);
	enum card_err err =
		link_exchange(link, "read", &frame, felica_read_timer(target, n), &answer);
	return err ? err
		   : felica_blocks(
			     bytes_read(&answer), target->idm, n, ret, &link->line.trace->flags);
}

enum card_err link_read(struct link *link, const struct felica_target *target, uint16_t service,
	const uint8_t *blocks, size_t n, uint8_t *ret)
{
	enum card_err err = open_dialect(link);
	if (err)
		return err;
	const struct dialect *d = link->dialect;
	link->line.trace->flags = 0;
	trace_step(link->line.trace, "read");
	if (d->exchange)
		err = read_by_frames(link, target, service, blocks, n, ret);
	else if (d->read)
		err = d->read(
			&link->line, target, service, blocks, n, ret, &link->line.trace->flags);
	else
		return CARD_ERR_NO_DIALECT;
	if (err == CARD_ERR_NO_DIALECT && link->memory) /* the next card is probed anew */
		dialect_forget(link->memory, link->reader);
	/* It answered before: now it is gone. */
	return err == CARD_ERR_TIMEOUT ? CARD_ERR_REMOVED : err;
}

static bool has_flag(const struct link *link, enum card_err err, uint8_t sf2)
{
	return err == CARD_ERR_UNREADABLE && (link->line.trace->flags & 0xFF) == sf2;
}

static size_t most_at_once(const struct link *link, const struct felica_target *target)
{
	size_t chip = felica_blocks_at_once(target->pmm);
	size_t reader = link->dialect->most_blocks;
	return reader > 0 && reader < chip ? reader : chip;
}

/* Cards of one layout differ in how many blocks they hold: FeliCa says A8 ("block out of
 * range") and the documented step is to ask for fewer; A2 is more than the chip takes at
 * once. A6 ("no such service") is another card in the same system, which e-money cards share. */
enum card_err link_blocks(struct link *link, const struct felica_target *target, uint16_t service,
	const uint8_t *blocks, size_t n, uint8_t *ret, size_t *ret_n)
{
	size_t end = n, got = 0;
	enum card_err err = open_dialect(link);
	if (err)
		return err;
	size_t most = most_at_once(link, target);
	while (got < end) {
		size_t now = end - got < most ? end - got : most;
		err = link_read(
			link, target, service, blocks + got, now, ret + got * FELICA_BLOCK_SIZE);
		if (has_flag(link, err, FELICA_SF2_NO_SERVICE))
			return CARD_ERR_UNKNOWN_CARD;
		if (has_flag(link, err, FELICA_SF2_NO_BLOCK))
			end = got + now - 1;
		else if (has_flag(link, err, FELICA_SF2_MANY_BLOCKS) && now > 1)
			most = now > FELICA_BLOCKS_SAFE ? FELICA_BLOCKS_SAFE : now - 1;
		else if (err)
			return err;
		else
			got += now;
	}
	if (got == 0)
		return CARD_ERR_UNREADABLE;
	*ret_n = got;
	return CARD_ERR_OK;
}

enum card_err link_write(struct link *link, const struct felica_target *target, uint16_t service,
	uint8_t block, const uint8_t data[FELICA_BLOCK_SIZE])
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	link->line.trace->flags = 0;
	felica_write(&frame, target->idm, service, block, data);
	enum card_err err =
		link_exchange(link, "write", &frame, felica_read_timer(target, 1), &answer);
	if (!err)
		err = felica_written(bytes_read(&answer), target->idm, &link->line.trace->flags);
	return err == CARD_ERR_TIMEOUT ? CARD_ERR_REMOVED : err;
}

enum card_err link_services(struct link *link, const struct felica_target *target,
	const uint16_t *services, uint16_t *ret_versions, size_t n)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	enum card_err err = open_dialect(link);
	if (err)
		return err;
	if (n > FELICA_SERVICES_MAX)
		return CARD_ERR_LIMIT;
	if (!link->dialect->exchange && link->dialect->services)
		return link->dialect->services(&link->line, target, services, ret_versions, n);
	felica_ask_services(&frame, target->idm, services, n);
	err = link_exchange(link, "services", &frame, SYSTEMS_US, &answer);
	return err ? err : felica_services(bytes_read(&answer), target->idm, ret_versions, n);
}
