/* SPDX-License-Identifier: MIT
 *
 * talk.h - the server's half of LDAP, as much as a test says of it: messages made and
 * read with liblber, over TLS or in the clear.
 */
#ifndef TESTS_LDAP_TALK_H
#define TESTS_LDAP_TALK_H

#include <glib.h>
#include <ldap.h>
#include <openssl/ssl.h>

struct talk {
	int fd;   /* where `ssl` is NULL */
	SSL *ssl; /* borrowed */
};

struct talk_request {
	int id;
	ber_tag_t op; /* LDAP_REQ_BIND … */
	int scope;    /* of LDAP_REQ_SEARCH */
};

/* FALSE: the other side is gone, or said what is no request. */
gboolean talk_read(const struct talk *talk, struct talk_request *ret);

/* FALSE: the other side is gone. */
gboolean talk_write(const struct talk *talk, const void *bytes, gsize len);

/* A message that ends operation `id`. */
gboolean talk_result(const struct talk *talk, int id, ber_tag_t op, int code);

/* One attribute; `len` < 0: a string. */
struct talk_value {
	const char *name, *value;
	gssize len;
};

/* An entry with them. The caller frees with g_bytes_unref(). */
GBytes *talk_entry(int id, const struct talk_value *values, gsize n);
gboolean talk_write_bytes(const struct talk *talk, GBytes *bytes);

/* Hanako, as slapd's settings map her. */
GBytes *talk_hanako(int id);

#endif
