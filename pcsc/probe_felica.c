/* SPDX-License-Identifier: MIT */
#include "probe_private.h"

#define LITE_SYSTEM  0x88B4
#define LITE_SERVICE 0x000B

/* Does the card still answer? In any system: some are found by their number alone. */
static bool is_there(struct probing *p)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	felica_poll(&frame, FELICA_ANY_SYSTEM);
	return !link_exchange(&p->link, "poll", &frame, FELICA_TIMER_MIN_US, &answer);
}

/* Once each, whatever a card repeats. */
static void add_service(struct probing *p, struct probe_system *system, uint16_t code)
{
	for (size_t i = 0; i < system->n_services; i++)
		if (p->ret.services[system->service + i].code == code)
			return;
	if (p->ret.n_services == PROBE_SERVICES_MAX) {
		p->ret.cut = true;
		return;
	}
	p->ret.services[p->ret.n_services++] = (struct probe_service){.code = code};
	system->n_services++;
}

static enum card_err search(struct probing *p, const struct probe_system *system, uint16_t index,
	struct felica_node *ret)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	felica_search(&frame, system->target.idm, index);
	enum card_err err = link_exchange(&p->link, "search", &frame, FELICA_TIMER_MIN_US, &answer);
	return err ? err : felica_searched(bytes_read(&answer), system->target.idm, ret);
}

/* Not OK: the card or the reader knows no such command, or broke off. */
static enum card_err walk(struct probing *p, struct probe_system *system)
{
	for (uint16_t i = 0; i < PROBE_NODES_MAX && p->ret.n_services < PROBE_SERVICES_MAX; i++) {
		struct felica_node node;
		enum card_err err = search(p, system, i, &node);
		if (err || node.kind == FELICA_NODE_END)
			return err;
		if (node.kind == FELICA_NODE_SERVICE)
			add_service(p, system, node.code);
	}
	p->ret.cut = true;
	return CARD_ERR_OK;
}

static enum card_err ask(struct probing *p, struct probe_system *system)
{
	uint16_t versions[FELICA_SERVICES_MAX];
	enum card_err err = link_services(
		&p->link, &system->target, probe_known_services, versions, probe_n_known_services);
	for (size_t i = 0; !err && i < probe_n_known_services; i++)
		if (versions[i] != FELICA_NO_SERVICE)
			add_service(p, system, probe_known_services[i]);
	return err;
}

static void try_all(struct probing *p, struct probe_system *system)
{
	for (size_t i = 0; i < probe_n_known_services; i++)
		if (probe_is_open(probe_known_services[i]))
			add_service(p, system, probe_known_services[i]);
}

/* Forget what a command that broke off had found. */
static void take_back(struct probing *p, struct probe_system *system)
{
	p->ret.n_services = system->service;
	system->n_services = 0;
}

static enum card_err list_services(struct probing *p, struct probe_system *system)
{
	system->service = p->ret.n_services;
	system->way = PROBE_WALKED;
	enum card_err err = walk(p, system);
	if (err != CARD_ERR_TIMEOUT && err != CARD_ERR_NO_DIALECT && err != CARD_ERR_PROTOCOL)
		return err;
	take_back(p, system);
	system->way = PROBE_ASKED;
	err = ask(p, system);
	if (err != CARD_ERR_TIMEOUT && err != CARD_ERR_NO_DIALECT && err != CARD_ERR_PROTOCOL)
		return err;
	take_back(p, system);
	system->way = PROBE_TRIED;
	try_all(p, system);
	return CARD_ERR_OK;
}

/* Those that were only tried and are not there. */
static void drop_absent(struct probing *p, struct probe_system *system)
{
	size_t kept = system->service;
	for (size_t i = 0; i < system->n_services; i++) {
		const struct probe_service *s = &p->ret.services[system->service + i];
		if (s->n_blocks > 0 || ((s->flags & 0xFF) != FELICA_SF2_NO_SERVICE && s->flags))
			p->ret.services[kept++] = *s;
	}
	p->ret.n_services = kept;
	system->n_services = kept - system->service;
}

enum card_err probe_services(struct probing *p, struct probe_system *system)
{
	enum card_err err = list_services(p, system);
	for (size_t i = 0; !err && i < system->n_services; i++) {
		struct probe_service *service = &p->ret.services[system->service + i];
		if (probe_is_open(service->code))
			err = probe_blocks(p, system, service);
	}
	if (!err && system->way == PROBE_TRIED)
		drop_absent(p, system);
	return err;
}

/* *ret_more: there may be another block after this one. */
static enum card_err read_one(struct probing *p, const struct probe_system *system,
	struct probe_service *service, uint8_t number, bool *ret_more)
{
	struct probe_block *block = &p->ret.blocks[p->ret.n_blocks];
	*ret_more = false;
	if (p->ret.n_blocks == PROBE_BLOCKS_MAX) {
		p->ret.cut = true;
		return CARD_ERR_OK;
	}
	enum card_err err =
		link_read(&p->link, &system->target, service->code, &number, 1, block->data);
	if (err == CARD_ERR_UNREADABLE && p->link.line.trace->flags) {
		service->flags = p->link.line.trace->flags;
		return CARD_ERR_OK;
	}
	if (err == CARD_ERR_REMOVED && is_there(p)) {
		service->silent = true;
		return CARD_ERR_OK;
	}
	if (err)
		return err;
	block->number = number;
	p->ret.n_blocks++;
	service->n_blocks++;
	*ret_more = true;
	return CARD_ERR_OK;
}

/* A Lite chip's own blocks stand apart from the user's: ID, device, serial number, system
 * code, key version, memory configuration, write counter, state. Those of key and challenge
 * show nothing. */
static enum card_err read_lite(
	struct probing *p, const struct probe_system *system, struct probe_service *service)
{
	static const uint8_t numbers[] = {0x82, 0x83, 0x84, 0x85, 0x86, 0x88, 0x90, 0x92};
	enum card_err err = CARD_ERR_OK;
	bool more;
	uint16_t flags = service->flags;
	for (size_t i = 0; !err && i < sizeof(numbers); i++)
		err = read_one(p, system, service, numbers[i], &more);
	service->flags = flags;
	return err;
}

enum card_err probe_blocks(
	struct probing *p, const struct probe_system *system, struct probe_service *service)
{
	bool more = true;
	service->block = p->ret.n_blocks;
	for (uint8_t number = 0; more; number++) {
		if (number == PROBE_SERVICE_BLOCKS_MAX) {
			p->ret.cut = true;
			break;
		}
		enum card_err err = read_one(p, system, service, number, &more);
		if (err)
			return err;
	}
	if (system->code == LITE_SYSTEM && service->code == LITE_SERVICE && service->n_blocks > 0)
		return read_lite(p, system, service);
	return CARD_ERR_OK;
}

/* The first service with a block to read, and its system. */
static const struct probe_service *find_readable(
	const struct probing *p, const struct probe_system **ret_system)
{
	for (size_t i = 0; i < p->ret.n_systems; i++) {
		const struct probe_system *system = &p->ret.systems[i];
		for (size_t j = 0; j < system->n_services; j++) {
			*ret_system = system;
			if (p->ret.services[system->service + j].n_blocks > 0)
				return &p->ret.services[system->service + j];
		}
	}
	return NULL;
}

static void time_poll(struct probing *p)
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	felica_poll(&frame, FELICA_ANY_SYSTEM);
	int64_t began = probe_now_us();
	if (!link_exchange(&p->link, "poll", &frame, FELICA_TIMER_MIN_US, &answer))
		p->ret.poll_us = (uint32_t)(probe_now_us() - began);
}

/* The same block again and again: a card counts the list, not the blocks. The first refusal
 * (A2) ends it. */
enum card_err probe_pace(struct probing *p)
{
	uint8_t same[FELICA_BLOCKS_MAX], data[FELICA_BLOCKS_MAX * FELICA_BLOCK_SIZE];
	const struct probe_system *system = NULL;
	const struct probe_service *service = find_readable(p, &system);
	enum card_err err = CARD_ERR_OK;
	if (!service)
		return err;
	time_poll(p);
	memset(same, p->ret.blocks[service->block].number, sizeof(same));
	for (size_t n = 1; !err && n <= FELICA_BLOCKS_MAX; n++) {
		int64_t began = probe_now_us();
		err = link_read(&p->link, &system->target, service->code, same, n, data);
		uint32_t took = (uint32_t)(probe_now_us() - began);
		if (err)
			break;
		p->ret.most_blocks = n;
		p->ret.read_most_us = took;
		p->ret.read_us = n == 1 ? took : p->ret.read_us;
	}
	explicit_bzero(data, sizeof(data));
	/* Refused, silent or too long for the reader: the pace is known all the same. */
	return CARD_ERR_OK;
}
