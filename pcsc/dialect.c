/* SPDX-License-Identifier: MIT */
#include "dialect.h"

#include <string.h>

/* In the order of probing. */
static const struct dialect *const dialects[] = {&dialect_transparent, &dialect_sony_frame,
	&dialect_acs, &dialect_acr122, &dialect_identiv, &dialect_sony_select,
	&dialect_transparent_escape, &dialect_uid_only};

#define N_DIALECTS (sizeof(dialects) / sizeof(dialects[0]))

const struct dialect *dialect_row(size_t i)
{
	return i < N_DIALECTS ? dialects[i] : NULL;
}

static bool is_hinted(const struct dialect *d, const char *reader)
{
	for (const char *const *hint = d->hints; *hint; hint++)
		if (strstr(reader, *hint))
			return true;
	return false;
}

/* A name that hints at several dialects promises none. */
static bool is_promised(const struct dialect *d, const char *reader)
{
	size_t n = 0;
	for (size_t i = 0; i < N_DIALECTS; i++)
		n += is_hinted(dialects[i], reader);
	return n == 1 && is_hinted(d, reader);
}

static size_t find(const struct dialect_memory *memory, const char *reader)
{
	for (size_t i = 0; i < READER_MAX; i++)
		if (memory->rows[i].dialect && strcmp(memory->rows[i].reader, reader) == 0)
			return i;
	return READER_MAX;
}

void dialect_forget(struct dialect_memory *memory, const char *reader)
{
	size_t i = find(memory, reader);
	if (i < READER_MAX)
		memory->rows[i].dialect = NULL;
}

const struct dialect *dialect_remembered(const struct dialect_memory *memory, const char *reader)
{
	size_t i = memory ? find(memory, reader) : READER_MAX;
	return i < READER_MAX ? memory->rows[i].dialect : NULL;
}

static size_t free_row(struct dialect_memory *memory)
{
	for (size_t i = 0; i < READER_MAX; i++)
		if (!memory->rows[i].dialect)
			return i;
	memory->next = (memory->next + 1) % READER_MAX;
	return memory->next;
}

/* That nothing was understood is not worth it: a card that moved may have been the cause. */
static void remember(struct dialect_memory *memory, const char *reader, const struct dialect *d)
{
	if (!memory || strlen(reader) >= READER_NAME_SIZE || !(d->exchange || d->poll))
		return;
	size_t i = find(memory, reader);
	if (i == READER_MAX)
		i = free_row(memory);
	memcpy(memory->rows[i].reader, reader, strlen(reader) + 1);
	memory->rows[i].dialect = d;
}

static enum card_err open_one(const struct line *line, const struct dialect *d, bool hinted)
{
	struct line own = *line;
	own.escape = d->escape;
	if (d->escape && !line->t->escape)
		return CARD_ERR_NO_DIALECT;
	return d->open(&own, hinted);
}

/* The first round is for those the name hints at, the second for all others. Whoever was
 * `tried` in vain makes every promise doubtful. */
static enum card_err search(const struct line *line, const char *reader,
	const struct dialect *tried, const struct dialect **ret)
{
	for (size_t i = 0; i < 2 * N_DIALECTS; i++) {
		const struct dialect *d = dialects[i % N_DIALECTS];
		if (is_hinted(d, reader) != (i < N_DIALECTS) || d == tried)
			continue;
		enum card_err err = open_one(line, d, !tried && is_promised(d, reader));
		if (err == CARD_ERR_OK)
			*ret = d;
		if (err != CARD_ERR_NO_DIALECT)
			return err;
	}
	return CARD_ERR_NO_DIALECT;
}

enum card_err dialect_doubt(const struct line *line, const char *reader,
	struct dialect_memory *memory, const struct dialect *failed, const struct dialect **ret)
{
	const struct dialect *found = NULL;
	if (memory)
		dialect_forget(memory, reader);
	enum card_err err = search(line, reader, failed, &found);
	if (err)
		return err;
	remember(memory, reader, found);
	*ret = found;
	return CARD_ERR_OK;
}

enum card_err dialect_open(const struct line *line, const char *reader,
	struct dialect_memory *memory, const struct dialect **ret)
{
	const struct dialect *known = dialect_remembered(memory, reader), *found = NULL;
	enum card_err err = known ? open_one(line, known, true) : CARD_ERR_NO_DIALECT;
	if (!err) {
		*ret = known;
		return CARD_ERR_OK;
	}
	if (err != CARD_ERR_NO_DIALECT)
		return err;
	if (known)
		return dialect_doubt(line, reader, memory, known, ret);
	err = search(line, reader, NULL, &found);
	if (err)
		return err;
	remember(memory, reader, found);
	*ret = found;
	return CARD_ERR_OK;
}
