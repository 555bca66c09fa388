/* SPDX-License-Identifier: MIT
 *
 * office.h - which office serves whom, where and when, as data.
 *
 * Pure. The table is read by kiosk/config/offices.c; nothing about the
 * university is hard-coded here.
 */
#ifndef KIOSK_VISIT_OFFICE_H
#define KIOSK_VISIT_OFFICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/visit/civil.h"

#define OFFICE_CODE_SIZE     24
#define OFFICE_TEXT_SIZE     128
#define OFFICE_FACULTIES_MAX 16
#define OFFICE_HOURS_MAX     4
#define OFFICE_CLOSED_MAX    64
#define OFFICE_DOCUMENTS_MAX 16
#define OFFICE_MAX           256

/* One opening span of a weekday set; a lunch break is the gap between two. */
struct office_hours {
	uint8_t weekdays; /* bit 0 Sunday … bit 6 Saturday */
	int16_t from, to; /* minutes of the day, [from, to) */
};

struct office {
	char code[OFFICE_CODE_SIZE];
	char name_ja[OFFICE_TEXT_SIZE], name_en[OFFICE_TEXT_SIZE];
	char place_ja[OFFICE_TEXT_SIZE], place_en[OFFICE_TEXT_SIZE];
	unsigned roles; /* bits of enum person_role_kind it serves (R04) */
	char faculties[OFFICE_FACULTIES_MAX][OFFICE_CODE_SIZE]; /* affiliation codes it serves */
	size_t n_faculties;
	struct office_hours hours[OFFICE_HOURS_MAX];
	size_t n_hours;
	int32_t closed[OFFICE_CLOSED_MAX]; /* YYYYMMDD */
	size_t n_closed;
	/* Kinds of document it accepts from people without card, by code. */
	char documents[OFFICE_DOCUMENTS_MAX][OFFICE_CODE_SIZE];
	size_t n_documents;
	bool own_documents; /* FALSE: it names none, and the desk's list holds */
};

struct office_table {
	struct office *offices; /* owned by whoever made the table */
	size_t n;
};

enum office_open { OFFICE_OPEN, OFFICE_LUNCH, OFFICE_BEFORE, OFFICE_AFTER, OFFICE_CLOSED_DAY };

const struct office *office_find(const struct office_table *table, const char *code);

/* The office that serves `role` of `affiliation`; NULL: the table knows none. */
const struct office *office_serving(
	const struct office_table *table, unsigned role, const char *affiliation);

bool office_serves(const struct office *office, unsigned role, const char *affiliation);

enum office_open office_open_at(const struct office *office, struct civil now);

#endif
