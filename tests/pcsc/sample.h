/* SPDX-License-Identifier: MIT
 *
 * sample.h - the invented cards of the sample world, as bytes and as what a
 * reading of them must say.
 */
#ifndef TESTS_PCSC_SAMPLE_H
#define TESTS_PCSC_SAMPLE_H

#include "pcsc/card.h"
#include "pcsc/layout.h"
#include "pcsc/reading.h"
#include "tests/pcsc/script.h"

#define SAMPLE_SCHOOL "13990001"

enum sample_kind { SAMPLE_FCF, SAMPLE_TRANSIT, SAMPLE_MIFARE, SAMPLE_UNREADABLE };

struct sample {
	const char *name;
	enum sample_kind kind;
	const char *idm;    /* hex, as the card sends it */
	const char *class_; /* the rest as it stands on the card */
	const char *number;
	char reissue;
	const char *holder; /* CP932 */
	const char *school;
	const char *expires;
	/* What must be read. */
	enum card_err err;
	const char *class_read, *key_kind, *holder_read;
};

extern const struct sample samples[];
extern const size_t n_samples;
extern const struct card_layout fcf_layout;

enum speech { TRANSPARENT, ACS, SPEECH_COUNT };
extern const char *const speech_readers[SPEECH_COUNT];
extern const char *const speech_names[SPEECH_COUNT];

/* The sample of that name; aborts if there is none. */
const struct sample *sample_find(const char *name);

/* Blocks 0 to 3 of service 1A8B. */
void sample_data(const struct sample *card, uint8_t ret[64]);

/* The whole conversation of card_read() with this card in a reader of that dialect. */
void sample_script(struct script *s, enum speech speech, const struct sample *card);

/* card_read() with these layouts and nothing else. */
enum card_err sample_read(struct script *s, const struct card_layout *layouts, size_t n,
	struct card_reading *ret, struct card_trace *trace);

/* Is it what the card says, whole? Prints what is not. */
bool sample_matches(const struct sample *card, const struct card_reading *r);

/* Strict UTF-8 without control and private characters? */
bool text_is_shown(const char *text);

/* Does it keep to what reading.h promises, whatever was read? */
bool reading_is_sound(const struct card_reading *r);

#endif
