/* SPDX-License-Identifier: MIT
 *
 * person.h - what the directory says about one account.
 *
 * Plain data, no I/O. Every copy is wiped with person_wipe().
 */
#ifndef KIOSK_DIRECTORY_PERSON_H
#define KIOSK_DIRECTORY_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PERSON_ID_SIZE     11  /* common id: 10 digits (R12), NUL */
#define PERSON_NAME_SIZE   192 /* UTF-8, NUL; longer names are refused at import */
#define PERSON_NUMBER_SIZE 32  /* any number of a card, NUL */
#define PERSON_WORD_SIZE   24  /* key kinds, affiliation codes */
#define PERSON_CARDS_MAX   8
#define PERSON_ROLES_MAX   8
#define PERSON_LINKED_MAX  4

enum person_status { PERSON_ACTIVE, PERSON_INACTIVE, PERSON_CLOSED };
enum person_card_status { PCARD_VALID, PCARD_LOST, PCARD_REPLACED };
enum person_role_kind { ROLE_STUDENT = 1, ROLE_STAFF = 2 }; /* bits */

struct person_card {
	char kind[PERSON_WORD_SIZE];     /* key kind: "student-number" … */
	char number[PERSON_NUMBER_SIZE]; /* as layouts yield it */
	int32_t reissue;                 /* -1: not known */
	int32_t expires;                 /* YYYYMMDD, 0: not known */
	enum person_card_status status;
};

struct person_role {
	enum person_role_kind kind;
	char affiliation[PERSON_WORD_SIZE]; /* code of the office table's faculties */
	int32_t from, until;                /* YYYYMMDD inclusive, 0: open */
};

struct person {
	char common_id[PERSON_ID_SIZE];
	char name_ja[PERSON_NAME_SIZE]; /* may be empty */
	char name_en[PERSON_NAME_SIZE]; /* may be empty */
	enum person_status status;
	bool contact;    /* a notice address readable without signing in is on file */
	bool privileged; /* a second clerk is always wanted */
	struct person_card cards[PERSON_CARDS_MAX];
	size_t n_cards;
	struct person_role roles[PERSON_ROLES_MAX];
	size_t n_roles;
	char linked[PERSON_LINKED_MAX][PERSON_ID_SIZE]; /* other common ids of the same human (R17) */
	size_t n_linked;
};

void person_wipe(struct person *p);

#endif
