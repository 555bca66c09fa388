/* SPDX-License-Identifier: MIT */
#include "tests/pcsc/drive.h"

#include <stdlib.h>

#include "pcsc/dialect.h"
#include "pcsc/iso.h"

#define MARK     0xA5 /* what no answer was written over */
#define TIMER_US 50000
#define N_ASKED  3 /* services */

static void require(bool promise)
{
	if (!promise)
		abort();
}

/* ---- a dialect, whichever way it asks ---- */

struct talking {
	struct line line;
	const struct dialect *d;
	struct felica_target target;
};

/* Of a dialect that carries frames. */
static enum card_err carry(struct talking *t, const struct bytes *frame, struct bytes *ret)
{
	*ret = (struct bytes){0};
	enum card_err err = t->d->exchange(&t->line, frame, TIMER_US, ret);
	require(ret->len <= sizeof(ret->at) && (!err || ret->len == 0));
	return err;
}

static enum card_err poll_any_way(struct talking *t, uint16_t system, struct felica_target *ret)
{
	struct bytes frame = {0}, answer;
	if (!t->d->exchange)
		return t->d->poll ? t->d->poll(&t->line, system, ret) : CARD_ERR_NO_DIALECT;
	felica_poll(&frame, system);
	enum card_err err = carry(t, &frame, &answer);
	return err ? err : felica_polled(bytes_read(&answer), ret);
}

static void poll_system(struct talking *t, uint16_t system)
{
	struct felica_target got, mark;
	memset(&mark, MARK, sizeof(mark));
	got = mark;
	if (poll_any_way(t, system, &got))
		require(memcmp(&got, &mark, sizeof(got)) == 0);
	else
		t->target = got;
}

static void poll_campus(struct talking *t)
{
	poll_system(t, 0xFE00);
}

static void poll_anything(struct talking *t)
{
	poll_system(t, FELICA_ANY_SYSTEM);
}

static enum card_err systems_any_way(struct talking *t, uint16_t *ret, size_t *ret_n)
{
	struct bytes frame = {0}, answer;
	if (!t->d->exchange)
		return t->d->systems ? t->d->systems(&t->line, &t->target, ret, ret_n)
				     : CARD_ERR_NO_DIALECT;
	felica_ask_systems(&frame, t->target.idm);
	enum card_err err = carry(t, &frame, &answer);
	return err ? err : felica_systems(bytes_read(&answer), t->target.idm, ret, ret_n);
}

static void ask_systems(struct talking *t)
{
	uint16_t systems[FELICA_SYSTEMS_MAX];
	size_t n = SIZE_MAX;
	if (systems_any_way(t, systems, &n))
		require(n == SIZE_MAX);
	else
		require(n <= FELICA_SYSTEMS_MAX);
}

static void ask_services(struct talking *t)
{
	static const uint16_t asked[N_ASKED] = {0x1A8B, 0x7A0B, 0x000B};
	struct bytes frame = {0}, answer;
	uint16_t versions[N_ASKED];
	if (!t->d->exchange) {
		if (t->d->services)
			t->d->services(&t->line, &t->target, asked, versions, N_ASKED);
		return;
	}
	felica_ask_services(&frame, t->target.idm, asked, N_ASKED);
	if (!carry(t, &frame, &answer))
		felica_services(bytes_read(&answer), t->target.idm, versions, N_ASKED);
}

static enum card_err read_any_way(struct talking *t, const uint8_t *blocks, size_t n, uint8_t *ret)
{
	struct bytes frame = {0}, answer;
	uint16_t flags = 0;
	if (!t->d->exchange)
		return t->d->read ? t->d->read(&t->line, &t->target, 0x1A8B, blocks, n, ret, &flags)
				  : CARD_ERR_NO_DIALECT;
	felica_read(&frame, t->target.idm, 0x1A8B, blocks, n);
	enum card_err err = carry(t, &frame, &answer);
	return err ? err : felica_blocks(bytes_read(&answer), t->target.idm, n, ret, &flags);
}

/* Of a buffer of exactly the room that n blocks need; the sanitizer watches its end. */
static void read_blocks(struct talking *t, size_t n)
{
	static const uint8_t blocks[] = {0, 1, 2, 3};
	size_t size = n * FELICA_BLOCK_SIZE;
	uint8_t *data = malloc(size), *mark = malloc(size);
	require(data && mark);
	memset(data, MARK, size);
	memset(mark, MARK, size);
	if (read_any_way(t, blocks, n, data))
		require(memcmp(data, mark, size) == 0);
	free(data);
	free(mark);
}

static void read_most(struct talking *t)
{
	size_t most = t->d->most_blocks;
	read_blocks(t, most > 0 && most < FELICA_BLOCKS_SAFE ? most : FELICA_BLOCKS_SAFE);
}

static void read_one(struct talking *t)
{
	read_blocks(t, 1);
}

bool drive_dialect(const struct line *line, uint8_t choice, uint8_t skip)
{
	static void (*const questions[])(struct talking *) = {
		poll_campus, poll_anything, ask_systems, ask_services, read_most, read_one};
	struct talking t = {.line = *line, .d = dialect_row(choice & DRIVE_DIALECT_ROWS)};
	require(t.d != NULL);
	t.line.escape = t.d->escape;
	if (t.d->open(&t.line, choice & DRIVE_DIALECT_HINTED))
		return false;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (!(skip >> i & 1))
			questions[i](&t);
	t.d->close(&t.line);
	return true;
}

/* ---- ISO 14443 ---- */

static const uint8_t aids[][6] = {
	{0xF0, 'T', 'O', 'D', 'A', 'I'},
	{0xF0, 'T', 'O', 'D', 'A', 'P'},
};

#define N_AIDS    (sizeof(aids) / sizeof(aids[0]))
#define FILE_DATA 0x011E

/* What stood in `ret` before still does, and `most` bytes at most follow; none after a failure. */
static void require_appended(enum card_err err, const struct bytes *ret, size_t most)
{
	require(ret->len >= 1 && ret->at[0] == MARK);
	require(ret->len - 1 <= (err ? 0 : most));
}

static void read_uid(const struct line *line)
{
	struct bytes ret = {.at = {MARK}, .len = 1};
	enum card_err err = iso_uid(line, &ret);
	require_appended(err, &ret, ISO_UID_MAX);
}

static void read_record(const struct line *line)
{
	struct bytes ret = {.at = {MARK}, .len = 1};
	enum card_err err = iso_read_record(line, 1, 2, &ret);
	require_appended(err, &ret, 256);
}

static void read_binary(const struct line *line, uint16_t off, uint16_t len)
{
	struct bytes ret = {.at = {MARK}, .len = 1};
	enum card_err err = iso_read_binary(line, off, len, &ret);
	require_appended(err, &ret, len);
}

void drive_iso(const struct line *line, uint8_t skip, uint16_t off, uint16_t len)
{
	if (!(skip & 0x01))
		read_uid(line);
	if (!(skip & 0x02))
		iso_select_aid(line, aids[0], sizeof(aids[0]));
	if (!(skip & 0x04))
		iso_select_file(line, FILE_DATA);
	if (!(skip & 0x08))
		read_binary(line, off, len);
	if (!(skip & 0x10))
		iso_select_aid(line, aids[1], sizeof(aids[1]));
	if (!(skip & 0x20))
		read_record(line);
}

/* ---- the probe ---- */

static void require_part(size_t at, size_t n, size_t all)
{
	require(at <= all && n <= all - at);
}

static void require_felica(const struct probe *p)
{
	require(p->n_systems <= FELICA_SYSTEMS_MAX && p->n_services <= PROBE_SERVICES_MAX);
	require(p->n_blocks <= PROBE_BLOCKS_MAX && p->most_blocks <= FELICA_BLOCKS_MAX);
	for (size_t i = 0; i < p->n_systems; i++) {
		require(p->systems[i].way < PROBE_WAY_COUNT);
		require_part(p->systems[i].service, p->systems[i].n_services, p->n_services);
	}
	for (size_t i = 0; i < p->n_services; i++)
		require_part(p->services[i].block, p->services[i].n_blocks, p->n_blocks);
}

static void require_sound(const struct probe *p)
{
	require(p->uid_len <= sizeof(p->uid) && p->atr_len <= sizeof(p->atr));
	require(memchr(p->dialect, '\0', sizeof(p->dialect)) != NULL);
	require_felica(p);
	require(p->n_aids <= PROBE_AIDS_MAX && p->n_files <= PROBE_FILES_MAX);
	for (size_t i = 0; i < p->n_aids; i++)
		require_part(p->aids[i].file, p->aids[i].n_files, p->n_files);
	for (size_t i = 0; i < p->n_files; i++)
		require(p->files[i].len <= PROBE_FILE_SIZE);
}

static struct probe_wish wish_of_all(void)
{
	struct probe_wish wish = {.n_aids = N_AIDS, .files = {FILE_DATA, 0x0121}, .n_files = 2};
	for (size_t i = 0; i < N_AIDS; i++) {
		memcpy(wish.aids[i].aid, aids[i], sizeof(aids[i]));
		wish.aids[i].len = sizeof(aids[i]);
	}
	return wish;
}

static enum card_err list_nothing(void *self, struct reader_state *ret, size_t max, size_t *ret_n)
{
	return CARD_ERR_NO_READER;
}

enum card_err drive_probe(const struct card_transport *t, const char *reader)
{
	const struct probe_wish wish = wish_of_all();
	struct card_transport own = *t;
	static struct probe ret;
	struct card_trace trace;
	ret = (struct probe){.cut = true, .reader = "untouched"};
	own.list = list_nothing;
	enum card_err err = probe_card(&own, reader, &wish, &ret, &trace);
	require(trace.step != NULL);
	if (err)
		require(ret.cut && strcmp(ret.reader, "untouched") == 0);
	else
		require_sound(&ret);
	return err;
}
