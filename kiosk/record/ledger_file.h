/* SPDX-License-Identifier: MIT
 *
 * ledger_file.h - the ledger's files that travel: proofs and the whole.
 *
 * Text in lines, each ended by a newline; numbers are decimal, hashes base64. All end in an
 * empty line and the signed checkpoint. Pure.
 *
 *	c2sp.org/tlog-proof@v1           that one leaf is in the tree, as that text says it
 *	extra <base64 of the opening>    (ledger_opening.h), unless it is erased
 *	index <place, from 0>
 *	<hash> …
 *
 *	madoguchi-consistency@v1         that the tree only grew
 *	old <size> <root>
 *	<hash> …
 *
 *	madoguchi-ledger@v1              all leaf hashes
 *	<place> <hash> <check> …         check: first 4 bytes, hex, of SHA-256("<place> <hash>")
 *	open <place> <opening> …
 *
 * The check names the line when a bit of the file was lost; it proves nothing.
 */
#ifndef KIOSK_RECORD_LEDGER_FILE_H
#define KIOSK_RECORD_LEDGER_FILE_H

#include "kiosk/record/ledger_opening.h"
#include "kiosk/record/ledger_proof.h"

#define LEDGER_FILE_MAX (512 * 1024 * 1024) /* eight million leaves */

enum ledger_file_kind {
	LEDGER_FILE_CHECKPOINT, /* nothing but the note */
	LEDGER_FILE_INCLUSION,
	LEDGER_FILE_CONSISTENCY,
	LEDGER_FILE_WHOLE,
};

struct ledger_opened {
	guint64 place;
	struct ledger_opening opening;
};

struct ledger_file {
	enum ledger_file_kind kind;
	struct checkpoint checkpoint; /* its signature was checked */
	struct ledger_proof proof;    /* INCLUSION, CONSISTENCY */
	struct checkpoint old;        /* CONSISTENCY; not signed: a receipt's, or another note's */
	guint64 place;                /* INCLUSION */
	GByteArray *leaves;           /* WHOLE: one hash after the other */
	GArray *opened;               /* struct ledger_opened; INCLUSION: at most one */
	GPtrArray *faults;            /* char *: each line or hash that is not as it was */
};

/* Read and check everything; faults that leave the rest readable are said in ret->faults. An
 * inclusion's leaf is that of its opening, or `leaf_hash` where one is given. */
struct ledger_file *ledger_file_read(const char *text, gsize len, const struct note_key *key,
	const guint8 *leaf_hash, GError **error);

struct ledger_file *ledger_file_free(struct ledger_file *file);
DEFINE_CLEANUP(ledger_file, ledger_file_free)

/* `note` is the signed checkpoint; `opening` may be NULL. The caller frees. */
char *ledger_file_inclusion(guint64 place, const struct ledger_proof *proof,
	const struct ledger_opening *opening, const char *note);
char *ledger_file_consistency(
	const struct checkpoint *old, const struct ledger_proof *proof, const char *note);

/* The whole: begin with LEDGER_FILE_HEAD, add lines, end with an empty line and the note. */
#define LEDGER_FILE_HEAD "madoguchi-ledger@v1\n"
void ledger_file_add_leaf(GString *text, guint64 place, const guint8 hash[LEDGER_HASH_SIZE]);
void ledger_file_add_opening(GString *text, guint64 place, const struct ledger_opening *opening);

#endif
