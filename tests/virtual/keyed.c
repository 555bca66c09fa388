/* SPDX-License-Identifier: MIT */
#include "keyed.h"

#include <string.h>

bool keyed_has(const struct keyed *k, const char *group, const char *key)
{
	return g_key_file_has_key(k->file, group, key, NULL);
}

char *keyed_text(const struct keyed *k, const char *group, const char *key, const char *otherwise)
{
	char *text = g_key_file_get_string(k->file, group, key, NULL);
	return text ? text : g_strdup(otherwise);
}

unsigned keyed_number(const struct keyed *k, const char *group, const char *key, unsigned otherwise)
{
	g_autofree char *text = keyed_text(k, group, key, NULL);
	uint64_t value;
	if (!text || !g_ascii_string_to_unsigned(text, 10, 0, INT32_MAX, &value, NULL))
		return otherwise;
	return (unsigned)value;
}

bool keyed_unhex(const char *hex, uint8_t *ret, size_t max, size_t *ret_len)
{
	size_t digits = strlen(hex);
	if (digits % 2 != 0 || digits / 2 > max)
		return false;
	for (size_t i = 0; i < digits / 2; i++) {
		int high = g_ascii_xdigit_value(hex[2 * i]);
		int low = g_ascii_xdigit_value(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	*ret_len = digits / 2;
	return true;
}

bool keyed_hex(const struct keyed *k, const char *group, const char *key, uint8_t *ret, size_t min,
	size_t max, size_t *ret_len)
{
	g_autofree char *hex = keyed_text(k, group, key, "");
	size_t len;
	if (!keyed_unhex(hex, ret, max, &len) || len < min)
		return keyed_fail(k, group, key, "hex digits");
	*ret_len = len;
	return true;
}

bool keyed_fail(const struct keyed *k, const char *group, const char *key, const char *expected)
{
	g_set_error(k->error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
		"%s: [%s] %s: expected %s", k->path, group, key, expected);
	return false;
}
