/* SPDX-License-Identifier: MIT
 *
 * replay.c - the fuzz target as an ordinary test: seeded mutations of the sample files.
 *
 *	replay SEED ROUNDS FILE…
 *
 * Each file is tried whole with every parser, then with 1 to 8 changes a round. The seed
 * of a round that fails is printed last.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "tests/visit/fuzz.h"

#define FILE_MAX 65536
#define PARSERS  4

struct sample {
	uint8_t data[FILE_MAX];
	size_t len;
};

/* Pieces that mean something to the parsers. */
static const char *const pieces[] = {"\n", "=", "[", "]", ";", "\\", "\\x", "#", "[fcf]\n", "-",
	"+", " ", ",", "0-255", "99999999999999999999", "-1", "24:00", "sun-sat", "2026-02-30",
	"https://", ";read 1A8B 0-14", ";mac 0", ";uid 7", ";binary 0 512", "mac-key=k\n",
	"number-form=hex\n", "0+512", "\xff", "\xe6", "\r", "class.", "class.1234567=", "[text ",
	"[ldap]\n", "kind.a=x student: @a\n", "affiliation.\xe5\xb7\xa5=03\n",
	"preset=", "\xe2\x80\xae", ": ", "20270331150000Z", "TRUE", "\xef\xbb\xbf"};

static void insert(struct sample *s, size_t at, const char *piece, size_t len)
{
	if (s->len + len > FILE_MAX)
		return;
	memmove(s->data + at + len, s->data + at, s->len - at);
	memcpy(s->data + at, piece, len);
	s->len += len;
}

static void cut(struct sample *s, size_t at, size_t len)
{
	if (at + len > s->len)
		len = s->len - at;
	memmove(s->data + at, s->data + at + len, s->len - at - len);
	s->len -= len;
}

static void mutate(struct sample *s, GRand *rand)
{
	size_t at = 1 + (size_t)g_rand_int_range(rand, 0, (gint32)s->len);
	const char *piece = pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))];
	char copy[64];
	size_t len = (size_t)g_rand_int_range(rand, 1, sizeof copy);

	if (at >= s->len)
		at = s->len - 1;
	switch (g_rand_int_range(rand, 0, 5)) {
	case 0:
		s->data[at] = (uint8_t)g_rand_int_range(rand, 0, 256);
		break;
	case 1:
		s->data[at] ^= (uint8_t)(1u << g_rand_int_range(rand, 0, 8));
		break;
	case 2:
		insert(s, at, piece, strlen(piece));
		break;
	case 3:
		cut(s, at, len);
		break;
	default:
		len = len < s->len - at ? len : s->len - at;
		memcpy(copy, s->data + at, len);
		insert(s, (size_t)g_rand_int_range(rand, 1, (gint32)s->len), copy, len);
		break;
	}
}

static void round_of(const struct sample *original, guint32 seed)
{
	static struct sample s;
	GRand *rand = g_rand_new_with_seed(seed);
	int changes = g_rand_int_range(rand, 1, 9);

	s = *original;
	s.data[0] = (uint8_t)g_rand_int_range(rand, 0, PARSERS);
	while (changes-- > 0 && s.len > 1)
		mutate(&s, rand);
	LLVMFuzzerTestOneInput(s.data, s.len);
	g_rand_free(rand);
}

static gboolean read_sample(const char *path, struct sample *s)
{
	g_autofree char *text = NULL;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, NULL) || len == 0 || len >= FILE_MAX)
		return FALSE;
	memcpy(s->data + 1, text, len);
	s->len = len + 1;
	return TRUE;
}

int main(int argc, char **argv)
{
	static struct sample s;

	if (argc < 4)
		return 2;
	guint32 seed = (guint32)g_ascii_strtoull(argv[1], NULL, 10);
	guint32 rounds = (guint32)g_ascii_strtoull(argv[2], NULL, 10);
	for (int i = 3; i < argc; i++) {
		if (!read_sample(argv[i], &s)) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 2;
		}
		for (s.data[0] = 0; s.data[0] < PARSERS; s.data[0]++)
			LLVMFuzzerTestOneInput(s.data, s.len);
		for (guint32 r = 0; r < rounds; r++) {
			if (r % 256 == 0)
				printf("%s: seeds %u to %u\n", argv[i], seed + r, seed + r + 255);
			fflush(stdout);
			round_of(&s, seed + r);
		}
	}
	return 0;
}
