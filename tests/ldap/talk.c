/* SPDX-License-Identifier: MIT */
#include "tests/ldap/talk.h"

#include <string.h>
#include <unistd.h>

#define REQUEST_MAX 65536

static gboolean read_exactly(const struct talk *talk, guint8 *buf, gsize len)
{
	for (gsize have = 0; have < len;) {
		gssize n = talk->ssl ? SSL_read(talk->ssl, buf + have, (int)(len - have))
				     : read(talk->fd, buf + have, len - have);
		if (n <= 0)
			return FALSE;
		have += (gsize)n;
	}
	return TRUE;
}

/* X.690 8.1.3, definite lengths only. */
static guint8 *read_message(const struct talk *talk, gsize *ret_len)
{
	guint8 head[2], size[4] = {0};
	if (!read_exactly(talk, head, 2) || head[0] != LDAP_TAG_MESSAGE)
		return NULL;
	gsize n_size = head[1] & 0x80 ? head[1] & 0x7f : 0, len = n_size ? 0 : head[1];
	if (n_size > sizeof size || !read_exactly(talk, size, n_size))
		return NULL;
	for (gsize i = 0; i < n_size; i++)
		len = len << 8 | size[i];
	if (len > REQUEST_MAX)
		return NULL;
	guint8 *buf = g_malloc(2 + n_size + len);
	memcpy(buf, head, 2);
	memcpy(buf + 2, size, n_size);
	*ret_len = 2 + n_size + len;
	if (read_exactly(talk, buf + 2 + n_size, len))
		return buf;
	g_free(buf);
	return NULL;
}

gboolean talk_read(const struct talk *talk, struct talk_request *ret)
{
	gsize len = 0;
	guint8 *buf = read_message(talk, &len);
	ber_len_t unused;
	if (!buf)
		return FALSE;
	struct berval whole = {len, (char *)buf};
	BerElement *ber = ber_init(&whole);
	struct talk_request request = {.scope = -1};
	gboolean ok = ber_scanf(ber, "{it", &request.id, &request.op) != LBER_ERROR;
	if (ok && request.op == LDAP_REQ_SEARCH)
		ok = ber_scanf(ber, "{xe", &request.scope) != LBER_ERROR;
	else if (ok)
		ok = ber_skip_tag(ber, &unused) != LBER_ERROR || request.op == LDAP_REQ_UNBIND;
	ber_free(ber, 1);
	g_free(buf);
	if (ok)
		*ret = request;
	return ok;
}

gboolean talk_write(const struct talk *talk, const void *bytes, gsize len)
{
	const guint8 *from = bytes;
	while (len > 0) {
		gsize part = MIN(len, 16384);
		gssize n = talk->ssl ? SSL_write(talk->ssl, from, (int)part)
				     : write(talk->fd, from, part);
		if (n <= 0)
			return FALSE;
		from += n;
		len -= (gsize)n;
	}
	return TRUE;
}

gboolean talk_write_bytes(const struct talk *talk, GBytes *bytes)
{
	gsize len = 0;
	const void *data = g_bytes_get_data(bytes, &len);
	return talk_write(talk, data, len);
}

/* Takes `ber`. */
static GBytes *flatten(BerElement *ber)
{
	struct berval flat = {0};
	if (ber_flatten2(ber, &flat, 0) != 0)
		g_error("talk: not to be encoded");
	GBytes *bytes = g_bytes_new(flat.bv_val, flat.bv_len);
	ber_free(ber, 1);
	return bytes;
}

gboolean talk_result(const struct talk *talk, int id, ber_tag_t op, int code)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	ber_printf(ber, "{it{ess}}", id, op, code, "", "");
	g_autoptr(GBytes) bytes = flatten(ber);
	return talk_write_bytes(talk, bytes);
}

GBytes *talk_entry(int id, const struct talk_value *values, gsize n)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	ber_printf(ber, "{it{s{", id, (ber_tag_t)LDAP_RES_SEARCH_ENTRY, "uid=x");
	for (gsize i = 0; i < n; i++) {
		gsize len = values[i].len < 0 ? strlen(values[i].value) : (gsize)values[i].len;
		ber_printf(ber, "{s[o]}", values[i].name, values[i].value, (ber_len_t)len);
	}
	ber_printf(ber, "}}}");
	return flatten(ber);
}

GBytes *talk_hanako(int id)
{
	static const struct talk_value values[] = {
		{"testCommonId", "3141592653", -1},
		{"gakuninScopedPersonalUniqueCode", "student:37-246801@example.ac.jp", -1},
		{"displayName;lang-ja", "東都 花子", -1},
		{"eduPersonAffiliation", "student", -1},
	};
	return talk_entry(id, values, G_N_ELEMENTS(values));
}
