/* SPDX-License-Identifier: MIT
 *
 * note.c - see note.h.
 */
#include "kiosk/record/note.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "kiosk/record/seal.h"

#define TYPE_ED25519 0x01
#define ID_SIZE      4
#define DASH         "\xe2\x80\x94 " /* em dash, space */
#define DECODED_MAX  8192            /* of one signature line; ML-DSA needs half of it */

GQuark note_error_quark(void)
{
	return g_quark_from_static_string("note-error");
}

gboolean note_fail(GError **error, enum note_error code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, NOTE_ERROR, (int)code, message);
	return FALSE;
}

/* *ret_len bytes, or NULL. GLib passes over what it does not know: only what it would
 * write itself is taken. */
static guint8 *decode(const char *text, gsize n, gsize *ret_len)
{
	g_autofree char *copy = g_strndup(text, n);
	g_autofree guint8 *data = g_base64_decode(copy, ret_len);
	g_autofree char *again = g_base64_encode(data, *ret_len);
	return g_str_equal(copy, again) ? g_steal_pointer(&data) : NULL;
}

gboolean note_base64(const char *text, gsize n, guint8 *ret, gsize len)
{
	gsize got = 0;
	g_autofree guint8 *data = n == (len + 2) / 3 * 4 ? decode(text, n, &got) : NULL;
	if (!data || got != len)
		return FALSE;
	memcpy(ret, data, len);
	return TRUE;
}

gboolean note_decimal(const char *text, guint64 max, guint64 *ret)
{
	gsize n = strspn(text, "0123456789");
	if (n == 0 || text[n] != '\0' || (n > 1 && text[0] == '0'))
		return FALSE;
	return g_ascii_string_to_unsigned(text, 10, 0, max, ret, NULL);
}

static gboolean name_valid(const char *name, gsize len)
{
	if (len == 0 || len >= NOTE_NAME_SIZE || !g_utf8_validate(name, (gssize)len, NULL))
		return FALSE;
	for (const char *at = name; at < name + len; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (c == '+' || g_unichar_isspace(c) || g_unichar_iscntrl(c) ||
			g_unichar_type(c) == G_UNICODE_SPACE_SEPARATOR)
			return FALSE;
	}
	return TRUE;
}

static gboolean fill_key(
	const char *name, gsize len, const guint8 public[NOTE_KEY_SIZE], struct note_key *ret)
{
	guint8 text[NOTE_NAME_SIZE + 2 + NOTE_KEY_SIZE], hash[SEAL_HASH_SIZE];
	struct note_key key = {0};
	if (!name_valid(name, len))
		return FALSE;
	memcpy(key.name, name, len);
	memcpy(key.public, public, NOTE_KEY_SIZE);
	memcpy(text, name, len);
	text[len] = '\n';
	text[len + 1] = TYPE_ED25519;
	memcpy(text + len + 2, public, NOTE_KEY_SIZE);
	seal_sha256(text, len + 2 + NOTE_KEY_SIZE, hash);
	memcpy(key.id, hash, ID_SIZE);
	*ret = key;
	return TRUE;
}

static EVP_PKEY *private_key(const guint8 seed[NOTE_KEY_SIZE])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, NOTE_KEY_SIZE);
	if (!key)
		g_error("Ed25519 is not available");
	return key;
}

gboolean note_key_of_seed(const char *name, const guint8 seed[NOTE_KEY_SIZE], struct note_key *ret)
{
	guint8 public[NOTE_KEY_SIZE];
	gsize len = sizeof public;
	EVP_PKEY *key = private_key(seed);
	if (EVP_PKEY_get_raw_public_key(key, public, &len) != 1 || len != sizeof public)
		g_error("Ed25519 is not available");
	EVP_PKEY_free(key);
	return fill_key(name, strlen(name), public, ret);
}

void note_key_text(const struct note_key *key, char ret[NOTE_KEY_TEXT_SIZE])
{
	guint8 typed[1 + NOTE_KEY_SIZE] = {TYPE_ED25519};
	memcpy(typed + 1, key->public, NOTE_KEY_SIZE);
	g_autofree char *text = g_base64_encode(typed, sizeof typed);
	g_snprintf(ret, NOTE_KEY_TEXT_SIZE, "%s+%02x%02x%02x%02x+%s", key->name, key->id[0],
		key->id[1], key->id[2], key->id[3], text);
}

gboolean note_key_parse(const char *text, struct note_key *ret, GError **error)
{
	struct note_key key;
	guint8 typed[1 + NOTE_KEY_SIZE];
	char again[NOTE_KEY_TEXT_SIZE];
	const char *hash = strchr(text, '+'), *data = hash ? strchr(hash + 1, '+') : NULL;
	/* Written again it must be the same: the id and each digit of it are checked so. */
	if (data && note_base64(data + 1, strlen(data + 1), typed, sizeof typed) &&
		typed[0] == TYPE_ED25519 && fill_key(text, (gsize)(hash - text), typed + 1, &key)) {
		note_key_text(&key, again);
		if (g_str_equal(text, again)) {
			*ret = key;
			return TRUE;
		}
	}
	return note_fail(error, NOTE_ERROR_FORM, "not a verifier key (name+id+base64, Ed25519)");
}

char *note_sign(const char *text, const struct note_key *key, const guint8 seed[NOTE_KEY_SIZE])
{
	guint8 signature[ID_SIZE + NOTE_SIGNATURE_SIZE];
	gsize len = NOTE_SIGNATURE_SIZE;
	EVP_PKEY *secret = private_key(seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	memcpy(signature, key->id, ID_SIZE);
	if (!ctx || EVP_DigestSignInit(ctx, NULL, NULL, NULL, secret) != 1 ||
		EVP_DigestSign(
			ctx, signature + ID_SIZE, &len, (const guint8 *)text, strlen(text)) != 1)
		g_error("Ed25519 is not available");
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(secret);
	g_autofree char *base64 = g_base64_encode(signature, sizeof signature);
	return g_strdup_printf("%s\n" DASH "%s %s\n", text, key->name, base64);
}

static gboolean signature_fits(const char *text, gsize len, const struct note_key *key,
	const guint8 signature[NOTE_SIGNATURE_SIZE])
{
	EVP_PKEY *public =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->public, NOTE_KEY_SIZE);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	gboolean ok = public && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, public) == 1 &&
		      EVP_DigestVerify(
			      ctx, signature, NOTE_SIGNATURE_SIZE, (const guint8 *)text, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(public);
	return ok;
}

enum line { LINE_MALFORMED, LINE_OTHERS, LINE_WRONG, LINE_RIGHT };

/* One signature line, without its newline. */
static enum line judge_line(
	const char *line, const char *text, gsize len, const struct note_key *key)
{
	gsize n = 0;
	const char *name = line + strlen(DASH);
	const char *space = g_str_has_prefix(line, DASH) ? strchr(name, ' ') : NULL;
	if (!space || !name_valid(name, (gsize)(space - name)) || strlen(space) > DECODED_MAX)
		return LINE_MALFORMED;
	g_autofree guint8 *data = decode(space + 1, strlen(space + 1), &n);
	if (!data || n <= ID_SIZE)
		return LINE_MALFORMED;
	if (strlen(key->name) != (gsize)(space - name) ||
		strncmp(key->name, name, (gsize)(space - name)) != 0 ||
		memcmp(data, key->id, ID_SIZE) != 0)
		return LINE_OTHERS;
	return n == ID_SIZE + NOTE_SIGNATURE_SIZE && signature_fits(text, len, key, data + ID_SIZE)
		       ? LINE_RIGHT
		       : LINE_WRONG;
}

static gboolean judge_lines(char *const *lines, guint n, const char *text, gsize len,
	const struct note_key *key, GError **error)
{
	gboolean signed_ = FALSE;
	for (guint i = 0; i < n; i++) {
		switch (judge_line(lines[i], text, len, key)) {
		case LINE_MALFORMED:
			return note_fail(error, NOTE_ERROR_FORM,
				"note: signature line %u is not one", i + 1);
		case LINE_WRONG:
			return note_fail(error, NOTE_ERROR_SIGNATURE,
				"note: the signature of %s does not fit the text", key->name);
		case LINE_RIGHT:
			signed_ = TRUE;
			break;
		case LINE_OTHERS:
			break;
		}
	}
	return signed_ ||
	       note_fail(error, NOTE_ERROR_UNSIGNED, "note: not signed by %s", key->name);
}

/* Where the signatures begin, past the last empty line; NULL: this is no note. */
static const char *find_signatures(const char *note, gsize len)
{
	if (len > NOTE_MAX || len < 3 || note[len - 1] != '\n' ||
		!g_utf8_validate(note, (gssize)len, NULL))
		return NULL;
	for (gsize i = 0; i < len; i++)
		if ((guint8)note[i] < 0x20 && note[i] != '\n')
			return NULL;
	const char *empty = g_strrstr_len(note, (gssize)len, "\n\n");
	return empty ? empty + 2 : NULL;
}

gboolean note_open(
	const char *note, gsize len, const struct note_key *key, char **ret_text, GError **error)
{
	const char *begin = find_signatures(note, len);
	if (!begin)
		return note_fail(error, NOTE_ERROR_FORM, "note: not a signed note");
	gsize text_len = (gsize)(begin - note) - 1;
	g_autofree char *signatures = g_strndup(begin, len - (gsize)(begin - note));
	g_auto(GStrv) lines = g_strsplit(signatures, "\n", -1);
	/* What follows the last newline is empty. */
	guint n = g_strv_length(lines);
	n = n > 0 ? n - 1 : 0;
	if (n == 0 || n > NOTE_SIGNATURES_MAX)
		return note_fail(error, NOTE_ERROR_FORM, "note: %u signatures", n);
	if (!judge_lines(lines, n, note, text_len, key, error))
		return FALSE;
	*ret_text = g_strndup(note, text_len);
	return TRUE;
}
