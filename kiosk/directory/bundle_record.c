/* SPDX-License-Identifier: MIT
 *
 * bundle_record.c - one account in the bytes of a chunk; see bundle.h.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/directory/bundle_private.h"

#define LENGTH_SIZE 2

gboolean bundle_record_pack(struct packer *p, const struct import_record *record)
{
	guint8 *begin = p->at;
	struct packer body = {begin + LENGTH_SIZE, p->end, TRUE};
	if (p->end - p->at < LENGTH_SIZE)
		return FALSE;
	pack_person(&body, &record->person);
	pack_text(&body, record->link);
	gsize len = (gsize)(body.at - begin) - LENGTH_SIZE;
	if (!body.ok) {
		OPENSSL_cleanse(begin, (gsize)(p->end - begin));
		return FALSE;
	}
	begin[0] = (guint8)(len & 0xff);
	begin[1] = (guint8)(len >> 8);
	p->at = body.at;
	return TRUE;
}

/* Dates are counted in eight digits; 0 is none. */
static gboolean is_date(int32_t date)
{
	char text[16];
	int32_t back;
	if (date == 0)
		return TRUE;
	g_snprintf(text, sizeof text, "%08" G_GINT32_FORMAT, date);
	return import_take(IMPORT_DATE, text, &back, sizeof back) == NULL && back == date;
}

static gboolean is_text(enum import_type type, const char *text, gsize size)
{
	char copy[PERSON_NAME_SIZE];
	g_assert(size <= sizeof copy);
	gboolean ok = import_take(type, text, copy, size) == NULL;
	OPENSSL_cleanse(copy, sizeof copy);
	return ok;
}

static const char *check_card(struct person *seen, const struct person_card *card)
{
	if (!card->kind[0] || !is_text(IMPORT_WORD, card->kind, sizeof card->kind) ||
		!card->number[0] || !is_text(IMPORT_WORD, card->number, sizeof card->number))
		return "a card without a kind and a number";
	if (card->reissue < -1 || card->reissue > 9999 || !is_date(card->expires))
		return "a card with a number or date that is none";
	gsize before = seen->n_cards;
	const char *why = import_add_card(seen, card);
	return why ? why : seen->n_cards == before ? "the same card twice" : NULL;
}

static const char *check_role(const struct person_role *role)
{
	/* A server may not know where somebody belongs. */
	if (role->affiliation[0] &&
		!is_text(IMPORT_WORD, role->affiliation, sizeof role->affiliation))
		return "a role with an affiliation that is none";
	return is_date(role->from) && is_date(role->until) ? NULL : "a role with no date";
}

/* The same rules as for a row of a file: who signs may have made a mistake. */
static const char *check(const struct import_record *record)
{
	const struct person *p = &record->person;
	struct person seen = {0};
	const char *why = NULL;
	if (import_take(IMPORT_COMMON_ID, p->common_id, seen.common_id, sizeof seen.common_id))
		return "a common id that is not 10 digits";
	if (!is_text(IMPORT_TEXT, p->name_ja, sizeof p->name_ja) ||
		!is_text(IMPORT_TEXT, p->name_en, sizeof p->name_en) ||
		!is_text(IMPORT_TEXT, record->link, sizeof record->link))
		why = "a name that is not printable text";
	for (gsize i = 0; !why && i < p->n_cards; i++)
		why = check_card(&seen, &p->cards[i]);
	for (gsize i = 0; !why && i < p->n_roles; i++)
		why = check_role(&p->roles[i]);
	person_wipe(&seen);
	return why;
}

static gboolean unpack(struct unpacker *u, struct import_record *ret)
{
	memset(ret, 0, sizeof *ret);
	if (!unpack_person(u, &ret->person))
		return FALSE;
	unpack_text(u, ret->link, sizeof ret->link);
	ret->has_status = ret->has_contact = ret->has_privileged = TRUE;
	return u->ok && u->at == u->end;
}

enum import_got bundle_record_unpack(
	struct unpacker *u, struct import_record *ret, const char **ret_why)
{
	struct import_record record;
	gsize left = (gsize)(u->end - u->at);
	gsize len = left < LENGTH_SIZE ? 0 : (gsize)(u->at[0] | u->at[1] << 8);
	if (len == 0)
		return IMPORT_END;
	*ret_why = "longer than its chunk";
	if (len > left - LENGTH_SIZE)
		return IMPORT_BAD;
	struct unpacker body = {u->at + LENGTH_SIZE, u->at + LENGTH_SIZE + len, TRUE};
	*ret_why = unpack(&body, &record) ? check(&record) : "not an account";
	if (!*ret_why) {
		u->at = body.end;
		*ret = record;
	}
	OPENSSL_cleanse(&record, sizeof record);
	return *ret_why ? IMPORT_BAD : IMPORT_RECORD;
}

static guint32 when(gboolean filled, enum bundle_column column)
{
	return filled ? 1u << column : 0;
}

guint32 bundle_record_columns(const struct import_record *record)
{
	const struct person *p = &record->person;
	guint32 columns = when(p->name_ja[0], BUNDLE_NAME_JA) |
			  when(p->name_en[0], BUNDLE_NAME_EN) | when(p->contact, BUNDLE_CONTACT) |
			  when(p->privileged, BUNDLE_PRIVILEGED) |
			  when(record->link[0], BUNDLE_PERSON_KEY) |
			  when(p->n_cards > 0, BUNDLE_NUMBER) | when(p->n_roles > 0, BUNDLE_ROLE);
	for (gsize i = 0; i < p->n_cards; i++)
		columns |= when(p->cards[i].reissue >= 0, BUNDLE_REISSUE) |
			   when(p->cards[i].expires != 0, BUNDLE_CARD_EXPIRES) |
			   when(p->cards[i].status != PCARD_VALID, BUNDLE_CARD_STATUS);
	for (gsize i = 0; i < p->n_roles; i++)
		columns |= when(p->roles[i].from != 0, BUNDLE_FROM) |
			   when(p->roles[i].until != 0, BUNDLE_UNTIL);
	return columns;
}
