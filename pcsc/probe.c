/* SPDX-License-Identifier: MIT */
#include "probe_private.h"

#include <stdio.h>
#include <time.h>

int64_t probe_now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Not every reader says it, and none must. */
static enum card_err find_uid(struct probing *p)
{
	WIPED(bytes) uid = {0};
	trace_step(p->link.line.trace, "uid");
	enum card_err err = iso_uid(&p->link.line, &uid);
	if (err == CARD_ERR_UNKNOWN_CARD || err == CARD_ERR_UNREADABLE)
		return CARD_ERR_OK;
	if (err)
		return err;
	if (uid.len > sizeof(p->ret.uid))
		return CARD_ERR_LIMIT;
	memcpy(p->ret.uid, uid.at, uid.len);
	p->ret.uid_len = uid.len;
	return CARD_ERR_OK;
}

static void find_atr(struct probing *p)
{
	const struct card_transport *t = p->link.line.t;
	struct reader_state readers[READER_MAX];
	size_t n = 0;
	if (t->list(t->self, readers, READER_MAX, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(readers[i].name, p->link.reader) != 0)
			continue;
		memcpy(p->ret.atr, readers[i].atr, readers[i].atr_len);
		p->ret.atr_len = readers[i].atr_len;
	}
}

/* OK with nothing added: the card has no such system, or named it before. */
static enum card_err add_system(struct probing *p, uint16_t code)
{
	for (size_t i = 0; i < p->ret.n_systems; i++)
		if (p->ret.systems[i].code == code)
			return CARD_ERR_OK;
	if (p->ret.n_systems == FELICA_SYSTEMS_MAX) {
		p->ret.cut = true;
		return CARD_ERR_OK;
	}
	struct probe_system *system = &p->ret.systems[p->ret.n_systems];
	enum card_err err = link_system(&p->link, code, &system->target);
	if (err == CARD_ERR_TIMEOUT || err == CARD_ERR_UNKNOWN_CARD || err == CARD_ERR_TRANSIT)
		return CARD_ERR_OK;
	if (err)
		return err;
	system->code = code;
	p->ret.n_systems++;
	return probe_services(p, system);
}

static enum card_err find_systems(struct probing *p)
{
	WIPED(felica_target) first = {0};
	uint16_t listed[FELICA_SYSTEMS_MAX] = {0};
	size_t n = 0;
	enum card_err err = link_survey(&p->link, &first, listed, &n);
	if (err)
		return err;
	p->ret.felica = true;
	p->ret.systems_listed = n > 0;
	const uint16_t *codes = n > 0 ? listed : probe_known_systems;
	n = n > 0 ? n : probe_n_known_systems;
	for (size_t i = 0; !err && i < n; i++)
		err = add_system(p, codes[i]);
	return err ? err : probe_pace(p);
}

/* TIMEOUT: no FeliCa card. NO_DIALECT: the reader cannot ask. Both are answers. */
static enum card_err find_felica(struct probing *p)
{
	const struct card_trace *trace = p->link.line.trace;
	enum card_err err = find_systems(p);
	snprintf(p->ret.dialect, sizeof(p->ret.dialect), "%s",
		trace->dialect ? trace->dialect : "none");
	link_close(&p->link);
	return err == CARD_ERR_TIMEOUT || err == CARD_ERR_NO_DIALECT ? CARD_ERR_OK : err;
}

static enum card_err converse(struct probing *p)
{
	enum card_err err = find_uid(p);
	if (!err)
		err = find_felica(p);
	if (!err && !p->ret.felica)
		err = probe_applications(p);
	return err;
}

enum card_err probe_card(const struct card_transport *t, const char *reader,
	const struct probe_wish *wish, struct probe *ret, struct card_trace *trace)
{
	WIPED(probing)
	p = {.link = {.line = {.t = t, .trace = trace}, .reader = reader}, .wish = wish};
	*trace = (struct card_trace){0};
	trace_step(trace, "connect");
	if (strlen(reader) >= sizeof(p.ret.reader))
		return CARD_ERR_NO_READER;
	memcpy(p.ret.reader, reader, strlen(reader));
	find_atr(&p);
	enum card_err err = t->connect(t->self, reader, trace);
	if (!err) {
		err = converse(&p);
		t->disconnect(t->self);
	}
	trace_end(trace);
	if (err)
		return err;
	*ret = p.ret;
	return CARD_ERR_OK;
}
