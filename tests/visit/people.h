/* SPDX-License-Identifier: MIT
 *
 * people.h - small builders of invented people and offices for the pure tests.
 */
#ifndef TESTS_VISIT_PEOPLE_H
#define TESTS_VISIT_PEOPLE_H

#include <string.h>

#include "kiosk/directory/person.h"
#include "kiosk/visit/office.h"

#define ID_STUDENT "3141592653"
#define ID_CLERK   "5772156649"
#define TODAY      20260915

static inline struct office office_of(const char *code, unsigned roles, const char *faculty)
{
	struct office o = {.roles = roles, .n_faculties = 1};
	strcpy(o.code, code);
	strcpy(o.faculties[0], faculty);
	return o;
}

static inline void add_role(struct person *p, enum person_role_kind kind, const char *faculty,
	int32_t from, int32_t until)
{
	struct person_role *role = &p->roles[p->n_roles++];
	*role = (struct person_role){.kind = kind, .from = from, .until = until};
	strcpy(role->affiliation, faculty);
}

static inline struct person_card *add_card(struct person *p, const char *number, int32_t reissue)
{
	struct person_card *card = &p->cards[p->n_cards++];
	*card = (struct person_card){.reissue = reissue};
	strcpy(card->kind, "student-number");
	strcpy(card->number, number);
	return card;
}

/* Hanako Toto: student of 37, one valid card, an address on file. */
static inline struct person student(void)
{
	struct person p = {.contact = true};
	strcpy(p.common_id, ID_STUDENT);
	strcpy(p.name_ja, "東都 花子");
	strcpy(p.name_en, "Hanako Toto");
	add_card(&p, "37-246801", 0);
	add_role(&p, ROLE_STUDENT, "37", 20240401, 20990331);
	return p;
}

#endif
