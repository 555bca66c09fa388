/* SPDX-License-Identifier: MIT
 *
 * ledger_opening.c - see ledger_opening.h.
 */
#include "kiosk/record/ledger_opening.h"

#include <string.h>

#include <json-glib/json-glib.h>
#include <openssl/crypto.h>

#include "kiosk/record/seal.h"

#define FIELDS       5
#define ENVELOPE_MAX (1024 * 1024)

static void put_hex(const guint8 hash[LEDGER_HASH_SIZE], char ret[65])
{
	for (guint i = 0; i < LEDGER_HASH_SIZE; i++)
		g_snprintf(ret + 2 * i, 3, "%02x", hash[i]);
}

/* Lower case only: there is one way to write it. */
static gboolean get_hex(const char *text, guint8 ret[LEDGER_HASH_SIZE])
{
	gsize len = 2 * LEDGER_HASH_SIZE;
	if (!text || strlen(text) != len || strspn(text, "0123456789abcdef") != len)
		return FALSE;
	for (guint i = 0; i < LEDGER_HASH_SIZE; i++)
		ret[i] = (guint8)(g_ascii_xdigit_value(text[2 * i]) << 4 |
				  g_ascii_xdigit_value(text[2 * i + 1]));
	return TRUE;
}

static gboolean get_uuid(const char *text, char ret[REQUEST_UUID_SIZE])
{
	gsize len = REQUEST_UUID_SIZE - 1;
	if (!text || strlen(text) != len || strspn(text, "0123456789abcdef-") != len)
		return FALSE;
	memcpy(ret, text, REQUEST_UUID_SIZE);
	return TRUE;
}

static gboolean get_number(const char *text, char ret[REQUEST_NUMBER_SIZE])
{
	if (!text || strlen(text) >= REQUEST_NUMBER_SIZE || !request_number_valid(text))
		return FALSE;
	g_strlcpy(ret, text, REQUEST_NUMBER_SIZE);
	return TRUE;
}

void ledger_opening_text(const struct ledger_opening *opening, char ret[LEDGER_OPENING_TEXT_SIZE])
{
	char payload[65], evidence[65], salt[65];
	put_hex(opening->payload, payload);
	put_hex(opening->evidence, evidence);
	put_hex(opening->salt, salt);
	g_snprintf(ret, LEDGER_OPENING_TEXT_SIZE, "%s %s %s %s %s", opening->number, opening->uuid,
		payload, evidence, salt);
}

gboolean ledger_opening_parse(const char *text, struct ledger_opening *ret)
{
	struct ledger_opening opening = {0};
	if (strlen(text) >= LEDGER_OPENING_TEXT_SIZE)
		return FALSE;
	g_auto(GStrv) fields = g_strsplit(text, " ", FIELDS + 1);
	if (g_strv_length(fields) != FIELDS || !get_number(fields[0], opening.number) ||
		!get_uuid(fields[1], opening.uuid) || !get_hex(fields[2], opening.payload) ||
		!get_hex(fields[3], opening.evidence) || !get_hex(fields[4], opening.salt))
		return FALSE;
	*ret = opening;
	return TRUE;
}

static const char *text_of(JsonObject *object, const char *name)
{
	JsonNode *node = json_object_get_member(object, name);
	return node && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
								       : NULL;
}

static gboolean hash_of(const char *text, guint8 ret[LEDGER_HASH_SIZE])
{
	if (text)
		seal_sha256(text, strlen(text), ret);
	return text != NULL;
}

static gboolean read_filed(JsonObject *object, struct checkpoint *ret)
{
	JsonNode *node = json_object_get_member(object, "size");
	if (!node || json_node_get_value_type(node) != G_TYPE_INT64 || json_node_get_int(node) < 1)
		return FALSE;
	ret->size = (guint64)json_node_get_int(node);
	return get_hex(text_of(object, "root"), ret->root);
}

static gboolean read_object(
	JsonObject *object, struct ledger_opening *ret, struct checkpoint *ret_filed)
{
	return get_number(text_of(object, "number"), ret->number) &&
	       get_uuid(text_of(object, "uuid"), ret->uuid) &&
	       hash_of(text_of(object, "payload"), ret->payload) &&
	       hash_of(text_of(object, "evidence"), ret->evidence) &&
	       get_hex(text_of(object, "salt"), ret->salt) && read_filed(object, ret_filed);
}

gboolean ledger_opening_of_envelope(
	GBytes *envelope, struct ledger_opening *ret, struct checkpoint *ret_filed, GError **error)
{
	struct ledger_opening opening = {0};
	struct checkpoint filed = {0};
	gsize len = 0;
	const char *text = g_bytes_get_data(envelope, &len);
	g_autoptr(JsonParser) parser = json_parser_new_immutable();
	gboolean ok =
		len <= ENVELOPE_MAX && json_parser_load_from_data(parser, text, (gssize)len, NULL);
	JsonNode *root = ok ? json_parser_get_root(parser) : NULL;
	ok = root && JSON_NODE_HOLDS_OBJECT(root) &&
	     read_object(json_node_get_object(root), &opening, &filed);
	if (ok && ret)
		*ret = opening;
	if (ok && ret_filed)
		*ret_filed = filed;
	OPENSSL_cleanse(&opening, sizeof opening);
	return ok || note_fail(error, NOTE_ERROR_FORM, "not an envelope");
}

/* As envelope_leaf() makes it from the parts themselves. */
void ledger_opening_leaf(const struct ledger_opening *opening, guint8 ret[LEDGER_HASH_SIZE])
{
	guint8 text[REQUEST_NUMBER_SIZE + REQUEST_UUID_SIZE + 2 + 2 * LEDGER_HASH_SIZE];
	guint8 leaf[SEAL_HASH_SIZE];
	gsize n = (gsize)g_snprintf(
		(char *)text, sizeof text, "%s\n%s\n", opening->number, opening->uuid);
	memcpy(text + n, opening->payload, LEDGER_HASH_SIZE);
	memcpy(text + n + LEDGER_HASH_SIZE, opening->evidence, LEDGER_HASH_SIZE);
	seal_hmac(opening->salt, text, n + 2 * LEDGER_HASH_SIZE, leaf);
	ledger_leaf_hash(leaf, sizeof leaf, ret);
}
