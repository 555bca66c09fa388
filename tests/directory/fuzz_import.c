/* SPDX-License-Identifier: MIT
 *
 * fuzz_import.c - any bytes as an import file: its first byte chooses the form,
 * the rest is the file. What comes out must be a record that may be stored.
 */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/directory/import.h"
#include "kiosk/directory/pack.h"
#include "tests/visit/fuzz.h"

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static void check_text(const char *text, gsize size)
{
	require(strnlen(text, size) < size && g_utf8_validate(text, -1, NULL));
}

static void check_person(const struct person *p)
{
	require(strspn(p->common_id, "0123456789") == PERSON_ID_SIZE - 1);
	check_text(p->name_ja, sizeof p->name_ja);
	check_text(p->name_en, sizeof p->name_en);
	require(p->n_cards <= PERSON_CARDS_MAX && p->n_roles <= PERSON_ROLES_MAX);
	for (gsize i = 0; i < p->n_cards; i++) {
		check_text(p->cards[i].kind, sizeof p->cards[i].kind);
		check_text(p->cards[i].number, sizeof p->cards[i].number);
		require(p->cards[i].kind[0] && p->cards[i].number[0]);
	}
	for (gsize i = 0; i < p->n_roles; i++) {
		check_text(p->roles[i].affiliation, sizeof p->roles[i].affiliation);
		require(p->roles[i].kind == ROLE_STUDENT || p->roles[i].kind == ROLE_STAFF);
	}
}

/* Packed and unpacked it is the same; any beginning of it is refused. */
static void check_pack(const struct person *p)
{
	guint8 bytes[PACK_PERSON_MAX];
	struct packer packer = {bytes, bytes + sizeof bytes, TRUE};
	struct person back;
	pack_person(&packer, p);
	require(packer.ok);
	struct unpacker u = {bytes, packer.at, TRUE};
	require(unpack_person(&u, &back) && u.at == packer.at);
	require(strcmp(back.common_id, p->common_id) == 0 && back.n_cards == p->n_cards &&
		back.n_roles == p->n_roles && strcmp(back.name_ja, p->name_ja) == 0);
	struct unpacker cut = {bytes, packer.at - 1, TRUE};
	require(!unpack_person(&cut, &back));
}

static void read_all(struct import_reader *reader)
{
	struct import_record record, whole = {0};
	struct import_fault fault = {0};
	const char *column = NULL;
	enum import_got got;
	guint line = 0;
	while ((got = reader->ops->next(reader, &record, &line, &fault)) == IMPORT_RECORD) {
		require(line > 0);
		check_person(&record.person);
		check_pack(&record.person);
		check_text(record.link, sizeof record.link);
		if (strcmp(whole.person.common_id, record.person.common_id) != 0)
			whole = record;
		else if (!import_merge(&whole, &record, &column))
			check_person(&whole.person);
	}
	require(got == IMPORT_END || (fault.why != NULL && fault.line > 0));
	reader->ops->free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	FILE *in = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "r");
	if (!in)
		return 0;
	read_all(data[0] % 2 == 0 ? import_csv_new(in) : import_ldif_new(in));
	fclose(in);
	struct unpacker u = {data, data + size, TRUE};
	struct person person;
	if (unpack_person(&u, &person))
		person_wipe(&person);
	return 0;
}
