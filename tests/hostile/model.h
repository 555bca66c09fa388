/* SPDX-License-Identifier: MIT
 *
 * model.h - a transport that is the virtual reader itself, without pcscd in between.
 *
 * For tests of very many conversations. One reader with one card; the card may
 * be taken away before any APDU, and any answer replaced.
 */
#ifndef TESTS_HOSTILE_MODEL_H
#define TESTS_HOSTILE_MODEL_H

#include "pcsc/bytes.h"
#include "pcsc/transport.h"
#include "tests/virtual/vcard_reader.h"

#define MODEL_APDUS_MAX 256 /* of one conversation that is kept */
#define MODEL_NEVER     SIZE_MAX

struct model {
	struct card_transport t;
	const char *name;         /* of the reader, as PC/SC would show it */
	const struct vcard *card; /* borrowed */
	struct vcard_reader reader;
	size_t sent;              /* APDUs since model_rewind() */
	size_t remove_from;       /* this APDU and all after it find no card */
	size_t replaced;          /* this APDU gets … */
	struct bytes instead;     /* … this answer */
	size_t swap_at;           /* from this APDU on … */
	const struct vcard *swap; /* … this card lies there, unless NULL; borrowed */
	int open;                 /* connections not yet disconnected */
	bool keep;                /* what was said goes into `asked` and `said` */
	struct bytes asked[MODEL_APDUS_MAX], said[MODEL_APDUS_MAX]; /* empty: it was gone */
	bool escaped[MODEL_APDUS_MAX];
};

/* Whole and honest: nothing is removed, replaced or kept. */
void model_init(struct model *m, enum reader_kind kind, const struct vcard *card);

/* The same card laid on anew. */
void model_rewind(struct model *m);

#endif
