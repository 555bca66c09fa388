/* SPDX-License-Identifier: MIT
 *
 * note.h - signed notes (c2sp.org/signed-note) with Ed25519 keys.
 *
 * A text that ends in a newline, an empty line, and one line for each signature:
 * "— <key name> <base64 of key id and signature>". Pure; signatures of keys that are not
 * known are passed over, so that witnesses may add theirs.
 */
#ifndef KIOSK_RECORD_NOTE_H
#define KIOSK_RECORD_NOTE_H

#include <glib.h>

#define NOTE_MAX            (64 * 1024) /* bytes of a whole note */
#define NOTE_SIGNATURES_MAX 32          /* at least 16 must be taken */
#define NOTE_NAME_SIZE      128
#define NOTE_KEY_SIZE       32
#define NOTE_KEY_TEXT_SIZE  192 /* name+8 hex digits+base64 of 33 bytes */
#define NOTE_SIGNATURE_SIZE 64

#define NOTE_ERROR (note_error_quark())
GQuark note_error_quark(void);
enum note_error {
	NOTE_ERROR_FORM,      /* not what the format says; names the line */
	NOTE_ERROR_SIGNATURE, /* the known key's signature does not fit the text */
	NOTE_ERROR_UNSIGNED,  /* no signature of the known key */
	NOTE_ERROR_CONTENT,   /* signed, but not what it should say */
};

/* Say it in `error`; always FALSE. */
gboolean note_fail(GError **error, enum note_error code, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* By whom a note may be signed. */
struct note_key {
	char name[NOTE_NAME_SIZE];
	guint8 public[NOTE_KEY_SIZE];
	guint8 id[4]; /* SHA-256(name ‖ LF ‖ 0x01 ‖ public), its beginning */
};

/* The public half of `seed` under `name`. FALSE: empty, too long, with a space or '+'. */
gboolean note_key_of_seed(const char *name, const guint8 seed[NOTE_KEY_SIZE], struct note_key *ret);

/* "name+1a2b3c4d+base64", as Go's sumdb/note and others write and read it. */
void note_key_text(const struct note_key *key, char ret[NOTE_KEY_TEXT_SIZE]);
gboolean note_key_parse(const char *text, struct note_key *ret, GError **error);

/* The whole note. `text` ends in a newline. The caller frees. */
char *note_sign(const char *text, const struct note_key *key, const guint8 seed[NOTE_KEY_SIZE]);

/* Check that `key` signed; *ret_text is the signed text. The caller frees. */
gboolean note_open(
	const char *note, gsize len, const struct note_key *key, char **ret_text, GError **error);

/* Base64 of RFC 4648 §4 in its one form, of exactly `len` bytes from `n` characters. */
gboolean note_base64(const char *text, gsize n, guint8 *ret, gsize len);

/* Decimal digits up to the end of `text`, without sign or leading zero, at most `max`. */
gboolean note_decimal(const char *text, guint64 max, guint64 *ret);

#endif
