/* SPDX-License-Identifier: MIT
 *
 * import_field.c - one field of an import file; see import.h.
 */
#include "kiosk/directory/import.h"

#include <string.h>

#include "kiosk/directory/directory.h"
#include "kiosk/visit/civil.h"

/* Control characters would break a screen, a slip or a line of the log. */
static gboolean is_printable(const char *text)
{
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
			return FALSE;
	}
	return TRUE;
}

static const char *take_text(const char *value, char *ret, gsize size)
{
	if (!g_utf8_validate(value, -1, NULL))
		return "expected UTF-8";
	if (!is_printable(value))
		return "expected text without control characters";
	if (strlen(value) >= size)
		return "too long";
	memcpy(ret, value, strlen(value) + 1);
	return NULL;
}

static const char *take_word(const char *value, char *ret, gsize size)
{
	for (const char *p = value; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr("._-", *p))
			return "expected letters, digits, '.', '_' or '-'";
	return take_text(value, ret, size);
}

static const char *take_common_id(const char *value, char *ret)
{
	gsize digits = strspn(value, "0123456789");
	if (digits != PERSON_ID_SIZE - 1 || value[digits] != '\0')
		return "expected 10 digits";
	memcpy(ret, value, PERSON_ID_SIZE);
	return NULL;
}

/* FALSE: not all digits, or more than `most`. */
static gboolean take_digits(const char *value, gsize most, int32_t *ret)
{
	gsize digits = strspn(value, "0123456789");
	if (value[digits] != '\0' || digits > most)
		return FALSE;
	*ret = (int32_t)g_ascii_strtoll(value, NULL, 10);
	return TRUE;
}

static const char *take_date(const char *value, int32_t *ret)
{
	int32_t date;
	if (!take_digits(value, strlen("YYYYMMDD"), &date))
		return "expected a date YYYYMMDD";
	if (!civil_valid_date(date))
		return "expected a date of the calendar";
	*ret = date;
	return NULL;
}

/* Index of `value` among `words`, -1: none. */
static int find_word(const char *const *words, const char *value)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], value) == 0)
			return i;
	return -1;
}

static const char *take_yes_no(const char *value, bool *ret)
{
	static const char *const words[] = {"no", "yes", NULL};
	int found = find_word(words, value);
	if (found < 0)
		return "expected yes or no";
	*ret = found;
	return NULL;
}

static const char *take_status(const char *value, enum person_status *ret)
{
	static const char *const words[] = {[PERSON_ACTIVE] = "active",
		[PERSON_INACTIVE] = "inactive",
		[PERSON_CLOSED] = "closed",
		NULL};
	int found = find_word(words, value);
	if (found < 0)
		return "expected active, inactive or closed";
	*ret = found;
	return NULL;
}

static const char *take_card_status(const char *value, enum person_card_status *ret)
{
	static const char *const words[] = {[PCARD_VALID] = "valid",
		[PCARD_LOST] = "lost",
		[PCARD_REPLACED] = "replaced",
		NULL};
	int found = find_word(words, value);
	if (found < 0)
		return "expected valid, lost or replaced";
	*ret = found;
	return NULL;
}

static const char *take_role_kind(const char *value, enum person_role_kind *ret)
{
	static const char *const words[] = {"student", "staff", NULL};
	static const enum person_role_kind kinds[] = {ROLE_STUDENT, ROLE_STAFF};
	int found = find_word(words, value);
	if (found < 0)
		return "expected student or staff";
	*ret = kinds[found];
	return NULL;
}

const char *import_take(enum import_type type, const char *value, void *ret, gsize size)
{
	if (type == IMPORT_COMMON_ID)
		return take_common_id(value, ret);
	if (*value == '\0')
		return NULL;
	switch (type) {
	case IMPORT_TEXT:
		return take_text(value, ret, size);
	case IMPORT_WORD:
		return take_word(value, ret, size);
	case IMPORT_COMMON_ID:
		break;
	case IMPORT_DATE:
		return take_date(value, ret);
	case IMPORT_REISSUE:
		return take_digits(value, 4, ret) ? NULL : "expected at most 4 digits";
	case IMPORT_YES_NO:
		return take_yes_no(value, ret);
	case IMPORT_STATUS:
		return take_status(value, ret);
	case IMPORT_CARD_STATUS:
		return take_card_status(value, ret);
	case IMPORT_ROLE_KIND:
		return take_role_kind(value, ret);
	}
	g_assert_not_reached();
}

static gboolean same_card(const struct person_card *a, const struct person_card *b)
{
	return strcmp(a->kind, b->kind) == 0 && strcmp(a->number, b->number) == 0 &&
	       a->reissue == b->reissue;
}

const char *import_add_card(struct person *person, const struct person_card *card)
{
	if (strcmp(card->kind, DIRECTORY_KEY_COMMON_ID) == 0 &&
		strcmp(card->number, person->common_id) != 0)
		return "a common id that is not this row's";
	for (gsize i = 0; i < person->n_cards; i++) {
		const struct person_card *old = &person->cards[i];
		if (!same_card(old, card))
			continue;
		return old->expires == card->expires && old->status == card->status
			       ? NULL
			       : "contradicts an earlier row about the same card";
	}
	if (person->n_cards == PERSON_CARDS_MAX)
		return "more than 8 cards";
	person->cards[person->n_cards++] = *card;
	return NULL;
}

const char *import_add_role(struct person *person, const struct person_role *role)
{
	for (gsize i = 0; i < person->n_roles; i++) {
		const struct person_role *old = &person->roles[i];
		if (old->kind == role->kind && strcmp(old->affiliation, role->affiliation) == 0 &&
			old->from == role->from && old->until == role->until)
			return NULL;
	}
	if (person->n_roles == PERSON_ROLES_MAX)
		return "more than 8 roles";
	person->roles[person->n_roles++] = *role;
	return NULL;
}

void import_record_wipe(struct import_record *record)
{
	person_wipe(&record->person);
	explicit_bzero(record, sizeof *record); /* the person key too */
}
