/* SPDX-License-Identifier: MIT
 *
 * assertion.h - the signed statement with which a client asks for a token (RFC 7523, as
 * Microsoft Entra ID wants it: PS256, x5t#S256).
 */
#ifndef KIOSK_NET_ASSERTION_H
#define KIOSK_NET_ASSERTION_H

#include <gio/gio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#define ASSERTION_LIFE_S 300

struct assertion {
	const char *client_id;
	const char *audience; /* the token endpoint's URL */
	gint64 now;           /* seconds since 1970, by the server's clock where known */
	const char *jti;      /* a new UUID each time */
};

/* header.payload.signature. NULL with NET_ERROR_CREDENTIAL (no RSA key of 2048 bits or
 * more …). The caller frees. */
char *assertion_sign(
	const struct assertion *what, X509 *certificate, EVP_PKEY *key, GError **error);

#endif
