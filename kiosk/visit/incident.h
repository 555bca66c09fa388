/* SPDX-License-Identifier: MIT
 *
 * incident.h - the day of an outage: a data file turned into rules.
 *
 * Pure. The file is read by kiosk/config/incidents.c. Any carrier, any kind of
 * method; au, UQ mobile and povo of July 2022 are only the sample.
 */
#ifndef KIOSK_VISIT_INCIDENT_H
#define KIOSK_VISIT_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/visit/civil.h"

#define INCIDENT_ID_SIZE      32
#define INCIDENT_TEXT_SIZE    1024
#define INCIDENT_LINK_SIZE    256
#define INCIDENT_BRANDS_MAX   16
#define INCIDENT_BRAND_SIZE   48
#define INCIDENT_LANGS_MAX    4
#define INCIDENT_LANG_SIZE    8
#define INCIDENT_PHONE_SIZE   20 /* digits and a leading +, NUL */
#define INCIDENT_MAX          8

enum incident_to { INCIDENT_TO_COUNTER, INCIDENT_TO_SUPPORT };

struct incident_text {
	char lang[INCIDENT_LANG_SIZE];  /* "ja", "en" */
	char title[INCIDENT_TEXT_SIZE]; /* one line: the banner */
	char body[INCIDENT_TEXT_SIZE];
	char advice[INCIDENT_TEXT_SIZE]; /* for setting up again; stands on the receipt */
};

struct incident {
	char id[INCIDENT_ID_SIZE];
	struct civil from, to; /* [from, to); to.date 0: until further notice */
	char carrier[INCIDENT_BRAND_SIZE];
	char brands[INCIDENT_BRANDS_MAX][INCIDENT_BRAND_SIZE]; /* as the holder knows them */
	size_t n_brands;
	char link[INCIDENT_LINK_SIZE];   /* notice of the carrier or university */
	char method[INCIDENT_BRAND_SIZE]; /* kind of method that fails: "phone" */
	enum incident_to to_whom;
	char support_link[INCIDENT_LINK_SIZE]; /* with INCIDENT_TO_SUPPORT */
	bool ask_phone;                        /* the registered number is one of the facts */
	struct incident_text texts[INCIDENT_LANGS_MAX];
	size_t n_texts;
};

bool incident_in_force(const struct incident *incident, struct civil now);

/* The text of `lang`, else "en", else the first; NULL if there is none. */
const struct incident_text *incident_text(const struct incident *incident, const char *lang);

/* Digits with an optional leading '+' and separators (space, '-') dropped; false if
 * it cannot be a telephone number (8 to 15 digits, E.164). */
bool incident_phone(const char *typed, char ret[INCIDENT_PHONE_SIZE]);

#endif
