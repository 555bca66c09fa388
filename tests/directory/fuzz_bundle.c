/* SPDX-License-Identifier: MIT
 *
 * fuzz_bundle.c - any bytes as a bundle: header, then the opened bytes of its first chunk.
 *
 * The first byte chooses: 0 the rest as it is, as a file; 1 closed and signed as it should
 * be, because nobody guesses a signature; 2 the chunk alone. What comes out must be an account
 * that may be stored.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/directory/forge.h"
#include "tests/visit/fuzz.h"

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static void check_text(const char *text, gsize size)
{
	require(strnlen(text, size) < size && g_utf8_validate(text, -1, NULL));
	require(strpbrk(text, "\n\r\x1b") == NULL);
}

static void check_record(const struct import_record *record)
{
	const struct person *p = &record->person;
	require(strspn(p->common_id, "0123456789") == PERSON_ID_SIZE - 1);
	check_text(p->name_ja, sizeof p->name_ja);
	check_text(p->name_en, sizeof p->name_en);
	check_text(record->link, sizeof record->link);
	require(p->n_cards <= PERSON_CARDS_MAX && p->n_roles <= PERSON_ROLES_MAX);
	for (gsize i = 0; i < p->n_cards; i++)
		require(p->cards[i].kind[0] && p->cards[i].number[0] && p->cards[i].reissue >= -1);
	for (gsize i = 0; i < p->n_roles; i++)
		require(p->roles[i].affiliation[0]);
	require(bundle_record_columns(record) >> BUNDLE_COLUMN_COUNT == 0);
}

/* The same account always has the same bytes. */
static void read_chunk(const guint8 *data, gsize size)
{
	struct unpacker u = {data, data + size, TRUE};
	struct import_record record;
	const char *why = NULL;
	const guint8 *before = u.at;
	guint8 bytes[BUNDLE_RECORD_MAX + 2];
	enum import_got got;
	while ((got = bundle_record_unpack(&u, &record, &why)) == IMPORT_RECORD) {
		struct packer p = {bytes, bytes + sizeof bytes, TRUE};
		check_record(&record);
		require(bundle_record_pack(&p, &record));
		require(p.at - bytes == u.at - before);
		require(memcmp(bytes, before, (gsize)(p.at - bytes)) == 0);
		before = u.at;
	}
	require(got == IMPORT_END || why != NULL);
}

static void read_all(const struct bundle *b)
{
	struct import_reader *reader = bundle_records(b);
	struct import_record record;
	struct import_fault fault = {0};
	enum import_got got;
	guint line = 0, n = 0;
	while ((got = reader->ops->next(reader, &record, &line, &fault)) == IMPORT_RECORD) {
		check_record(&record);
		require(line == ++n);
	}
	require(got == IMPORT_END ? n == bundle_get_info(b)->persons
				  : fault.why != NULL && fault.line == n + 1);
	reader->ops->free(reader);
}

/* `sound`: what is signed must not be refused for its signature. */
static void read_file(const struct forge *f, const guint8 *data, gsize size, gboolean sound)
{
	struct bundle_trust trust = {.signers = {f->signer}, .n_signers = 1};
	g_autoptr(GError) error = NULL;
	char path[32];
	int fd = memfd_create("bundle", MFD_CLOEXEC);
	memcpy(trust.fleet, f->fleet, KEY_SIZE);
	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	AUTO(bundle) b = bundle_open(path, &trust, &error);
	require(b != NULL || (error && error->domain == BUNDLE_ERROR));
	require(!sound || !g_error_matches(error, BUNDLE_ERROR, BUNDLE_ERROR_SIGNATURE));
	require(sound || b == NULL);
	if (b)
		read_all(b);
	close(fd);
}

/* Closed and signed around what the input says. */
static void read_signed(const struct forge *f, const guint8 *data, gsize size)
{
	g_autofree guint8 *clear = g_malloc0(BUNDLE_CLEAR_SIZE);
	guint8 header[BUNDLE_HEADER_SIZE] = {0};
	memcpy(header, data, MIN(size, sizeof header));
	if (size > sizeof header)
		memcpy(clear, data + sizeof header, MIN(size - sizeof header, BUNDLE_CLEAR_SIZE));
	g_autoptr(GByteArray) bundle = forge_bundle(f, header, clear, 1, NULL);
	read_file(f, bundle->data, bundle->len, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const guint8 secret[32] = {1};
	struct forge f = {.fleet = {2}};
	if (size < 1)
		return 0;
	f.signer = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, sizeof secret);
	if (data[0] % 3 == 0)
		read_file(&f, data + 1, size - 1, FALSE);
	else if (data[0] % 3 == 1)
		read_signed(&f, data + 1, size - 1);
	else if (size > 1 + BUNDLE_HEADER_SIZE)
		read_chunk(data + 1 + BUNDLE_HEADER_SIZE, size - 1 - BUNDLE_HEADER_SIZE);
	forge_clear(&f);
	return 0;
}
