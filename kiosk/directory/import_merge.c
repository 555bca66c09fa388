/* SPDX-License-Identifier: MIT
 *
 * import_merge.c - several rows about one account; see import.h.
 */
#include "kiosk/directory/import.h"

#include <string.h>

/* A value may be repeated or left out, never changed. */
static gboolean agree(char *into, const char *more, gsize size)
{
	if (*more == '\0' || strcmp(into, more) == 0)
		return TRUE;
	if (*into != '\0')
		return FALSE;
	g_strlcpy(into, more, size);
	return TRUE;
}

static const char *disagreement(struct import_record *into, const struct import_record *more)
{
	struct person *a = &into->person;
	const struct person *b = &more->person;
	if (!agree(a->name_ja, b->name_ja, sizeof a->name_ja))
		return "name_ja";
	if (!agree(a->name_en, b->name_en, sizeof a->name_en))
		return "name_en";
	if (!agree(into->link, more->link, sizeof into->link))
		return "person_key";
	if (more->has_status && b->status != a->status)
		return "status";
	if (more->has_contact && b->contact != a->contact)
		return "contact";
	if (more->has_privileged && b->privileged != a->privileged)
		return "privileged";
	return NULL;
}

const char *import_merge(
	struct import_record *into, const struct import_record *more, const char **ret_column)
{
	*ret_column = disagreement(into, more);
	if (*ret_column)
		return "contradicts an earlier row of the same common id";
	const char *why = NULL;
	*ret_column = "number";
	for (gsize i = 0; !why && i < more->person.n_cards; i++)
		why = import_add_card(&into->person, &more->person.cards[i]);
	if (why)
		return why;
	*ret_column = "role";
	for (gsize i = 0; !why && i < more->person.n_roles; i++)
		why = import_add_role(&into->person, &more->person.roles[i]);
	return why;
}
