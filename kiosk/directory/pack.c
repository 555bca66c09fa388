/* SPDX-License-Identifier: MIT
 *
 * pack.c - see pack.h.
 */
#include "kiosk/directory/pack.h"

#include <string.h>

#define PERSON_FORM 1 /* version of the packed form */

static guint8 *take(struct packer *p, gsize n)
{
	if (!p->ok || (gsize)(p->end - p->at) < n) {
		p->ok = FALSE;
		return NULL;
	}
	guint8 *at = p->at;
	p->at += n;
	return at;
}

static const guint8 *need(struct unpacker *u, gsize n)
{
	if (!u->ok || (gsize)(u->end - u->at) < n) {
		u->ok = FALSE;
		return NULL;
	}
	const guint8 *at = u->at;
	u->at += n;
	return at;
}

void pack_u8(struct packer *p, guint8 value)
{
	guint8 *at = take(p, 1);
	if (at)
		*at = value;
}

void pack_i64(struct packer *p, gint64 value)
{
	guint64 le = GUINT64_TO_LE((guint64)value);
	guint8 *at = take(p, sizeof le);
	if (at)
		memcpy(at, &le, sizeof le);
}

void pack_text(struct packer *p, const char *text)
{
	gsize n = strlen(text);
	if (n > G_MAXUINT8) {
		p->ok = FALSE;
		return;
	}
	pack_u8(p, (guint8)n);
	guint8 *at = take(p, n);
	if (at)
		memcpy(at, text, n);
}

guint8 unpack_u8(struct unpacker *u)
{
	const guint8 *at = need(u, 1);
	return at ? *at : 0;
}

gint64 unpack_i64(struct unpacker *u)
{
	guint64 le = 0;
	const guint8 *at = need(u, sizeof le);
	if (at)
		memcpy(&le, at, sizeof le);
	return (gint64)GUINT64_FROM_LE(le);
}

void unpack_text(struct unpacker *u, char *ret, gsize size)
{
	gsize n = unpack_u8(u);
	const guint8 *at = need(u, n);
	ret[0] = '\0';
	if (!at || n >= size || memchr(at, '\0', n)) {
		u->ok = FALSE;
		return;
	}
	memcpy(ret, at, n);
	ret[n] = '\0';
}

static void pack_card(struct packer *p, const struct person_card *card)
{
	pack_text(p, card->kind);
	pack_text(p, card->number);
	pack_i64(p, card->reissue);
	pack_i64(p, card->expires);
	pack_u8(p, (guint8)card->status);
}

static void pack_role(struct packer *p, const struct person_role *role)
{
	pack_u8(p, (guint8)role->kind);
	pack_text(p, role->affiliation);
	pack_i64(p, role->from);
	pack_i64(p, role->until);
}

void pack_person(struct packer *p, const struct person *person)
{
	pack_u8(p, PERSON_FORM);
	pack_text(p, person->common_id);
	pack_text(p, person->name_ja);
	pack_text(p, person->name_en);
	pack_u8(p, (guint8)person->status);
	pack_u8(p, (guint8)(person->contact | person->privileged << 1));
	pack_u8(p, (guint8)person->n_cards);
	for (gsize i = 0; i < person->n_cards; i++)
		pack_card(p, &person->cards[i]);
	pack_u8(p, (guint8)person->n_roles);
	for (gsize i = 0; i < person->n_roles; i++)
		pack_role(p, &person->roles[i]);
}

/* A word of an enumeration whose last member is `last`. */
static guint8 unpack_word(struct unpacker *u, guint8 first, guint8 last)
{
	guint8 value = unpack_u8(u);
	if (value < first || value > last)
		u->ok = FALSE;
	return value;
}

static gint32 unpack_i32(struct unpacker *u)
{
	gint64 value = unpack_i64(u);
	if (value < G_MININT32 || value > G_MAXINT32)
		u->ok = FALSE;
	return (gint32)value;
}

static void unpack_card(struct unpacker *u, struct person_card *card)
{
	unpack_text(u, card->kind, sizeof card->kind);
	unpack_text(u, card->number, sizeof card->number);
	card->reissue = unpack_i32(u);
	card->expires = unpack_i32(u);
	card->status = unpack_word(u, PCARD_VALID, PCARD_REPLACED);
}

static void unpack_role(struct unpacker *u, struct person_role *role)
{
	role->kind = unpack_word(u, ROLE_STUDENT, ROLE_STAFF);
	unpack_text(u, role->affiliation, sizeof role->affiliation);
	role->from = unpack_i32(u);
	role->until = unpack_i32(u);
}

static void unpack_lists(struct unpacker *u, struct person *person)
{
	person->n_cards = unpack_word(u, 0, PERSON_CARDS_MAX);
	for (gsize i = 0; u->ok && i < person->n_cards; i++)
		unpack_card(u, &person->cards[i]);
	person->n_roles = unpack_word(u, 0, PERSON_ROLES_MAX);
	for (gsize i = 0; u->ok && i < person->n_roles; i++)
		unpack_role(u, &person->roles[i]);
}

gboolean unpack_person(struct unpacker *u, struct person *ret)
{
	struct person person = {0};
	unpack_word(u, PERSON_FORM, PERSON_FORM);
	unpack_text(u, person.common_id, sizeof person.common_id);
	unpack_text(u, person.name_ja, sizeof person.name_ja);
	unpack_text(u, person.name_en, sizeof person.name_en);
	person.status = unpack_word(u, PERSON_ACTIVE, PERSON_CLOSED);
	guint8 flags = unpack_word(u, 0, 3);
	person.contact = flags & 1;
	person.privileged = flags >> 1 & 1;
	unpack_lists(u, &person);
	if (u->ok)
		*ret = person;
	person_wipe(&person);
	return u->ok;
}
