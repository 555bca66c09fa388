/* SPDX-License-Identifier: MIT */
#include "vcard_fcf.h"

#include <string.h>

/* Where a field stands; offsets and lengths of the layout as published. */
static const struct field_place {
	const char *key, *otherwise;
	uint8_t off, len;
} places[] = {
	{"class", "01", 0, 2},
	{"number", "", 2, 12},
	{"reissue", "0", 14, 1},
	{"sex", " ", 15, 1},
	{"name", "", 16, 16},
	{"school", "", 32, 8},
	{"issued", "20240401", 40, 8},
	{"expires", "", 48, 8},
	{"issuer", "A", 56, 1},
	{"rest", "H280339", 57, 7},
};

static bool pad_of(const struct keyed *k, const char *group, const char *key, uint8_t *ret)
{
	g_autofree char *name = g_strconcat(key, "-pad", NULL);
	size_t len;
	*ret = ' ';
	return !keyed_has(k, group, name) || keyed_hex(k, group, name, ret, 1, 1, &len);
}

static bool is_right(const struct keyed *k, const char *group, const char *key)
{
	g_autofree char *name = g_strconcat(key, "-align", NULL);
	g_autofree char *align = keyed_text(k, group, name, "left");
	return strcmp(align, "right") == 0;
}

static bool put(const struct keyed *k, const char *group, const struct field_place *p, uint8_t *ret)
{
	g_autofree char *text = keyed_text(k, group, p->key, p->otherwise);
	gsize len;
	g_autofree char *bytes = g_convert(text, -1, "CP932", "UTF-8", NULL, &len, NULL);
	uint8_t pad;
	if (!bytes)
		return keyed_fail(k, group, p->key, "text that CP932 can hold");
	if (!pad_of(k, group, p->key, &pad))
		return false;
	if (len > p->len)
		len = p->len;
	memset(ret + p->off, pad, p->len);
	size_t lead = is_right(k, group, p->key) ? p->len - len : 0;
	memcpy(ret + p->off + lead, bytes, len);
	return true;
}

bool vcard_fcf(const struct keyed *k, const char *group, uint8_t ret[VCARD_FCF_SIZE])
{
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		if (!put(k, group, &places[i], ret))
			return false;
	return true;
}
