/* SPDX-License-Identifier: MIT
 *
 * envelope.c - see envelope.h.
 *
 * Written by hand and not by a JSON library: one buffer of known size, no copies
 * left behind, the same bytes each time.
 */
#include "kiosk/record/envelope.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/record/seal.h"

#define ESCAPED_MAX 6 /* "\u001f" */
#define FRAME_MAX   512

gboolean envelope_part_valid(GBytes *part)
{
	if (!part)
		return FALSE;
	gsize len = 0;
	const char *text = g_bytes_get_data(part, &len);
	return len > 0 && len <= ENVELOPE_PART_MAX && g_utf8_validate(text, (gssize)len, NULL);
}

static void hash_of(GBytes *part, guint8 ret[SEAL_HASH_SIZE])
{
	gsize len = 0;
	const guint8 *data = g_bytes_get_data(part, &len);
	seal_sha256(data, len, ret);
}

void envelope_leaf(const struct envelope *envelope, guint8 ret[ENVELOPE_LEAF_SIZE])
{
	guint8 text[REQUEST_NUMBER_SIZE + REQUEST_UUID_SIZE + 2 + 2 * SEAL_HASH_SIZE];
	gsize n = (gsize)g_snprintf((char *)text, sizeof text, "%s\n%s\n",
		envelope->receipt->number, envelope->receipt->uuid);
	hash_of(envelope->payload, text + n);
	hash_of(envelope->evidence, text + n + SEAL_HASH_SIZE);
	seal_hmac(envelope->salt, text, n + 2 * SEAL_HASH_SIZE, ret);
	OPENSSL_cleanse(text, sizeof text);
}

static char *put_text(char *at, const char *text)
{
	return g_stpcpy(at, text);
}

static char *put_escaped(char *at, GBytes *part)
{
	gsize len = 0;
	const guint8 *data = g_bytes_get_data(part, &len);
	for (gsize i = 0; i < len; i++) {
		if (data[i] < 0x20) {
			at += g_snprintf(at, ESCAPED_MAX + 1, "\\u%04x", data[i]);
			continue;
		}
		if (data[i] == '"' || data[i] == '\\')
			*at++ = '\\';
		*at++ = (char)data[i];
	}
	*at = '\0';
	return at;
}

static char *put_hex(char *at, const guint8 *data, gsize len)
{
	for (gsize i = 0; i < len; i++)
		at += g_snprintf(at, 3, "%02x", data[i]);
	return at;
}

GBytes *envelope_build(const struct envelope *envelope)
{
	gsize parts = g_bytes_get_size(envelope->payload) + g_bytes_get_size(envelope->evidence);
	gsize size = parts * ESCAPED_MAX + FRAME_MAX;
	char *text = g_malloc(size), *at = text;
	const struct request_receipt *receipt = envelope->receipt;
	at += g_snprintf(at, FRAME_MAX, "{\"v\":2,\"number\":\"%s\",\"uuid\":\"%s\",\"payload\":\"",
		receipt->number, receipt->uuid);
	at = put_escaped(at, envelope->payload);
	at = put_text(at, "\",\"evidence\":\"");
	at = put_escaped(at, envelope->evidence);
	at = put_text(at, "\",\"salt\":\"");
	at = put_hex(at, envelope->salt, sizeof envelope->salt);
	at += g_snprintf(
		at, FRAME_MAX, "\",\"size\":%" G_GUINT64_FORMAT ",\"root\":\"", receipt->size);
	at = put_hex(at, receipt->root, sizeof receipt->root);
	at = put_text(at, "\",\"holder\":\"");
	at = put_text(at, envelope->holder);
	at = put_text(at, "\"}");
	gsize len = (gsize)(at - text);
	/* The unused end never held anything. */
	return seal_secret(text, len);
}
