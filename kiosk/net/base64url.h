/* SPDX-License-Identifier: MIT
 *
 * base64url.h - RFC 4648 section 5 without padding, as JSON web tokens use it. Pure.
 */
#ifndef KIOSK_NET_BASE64URL_H
#define KIOSK_NET_BASE64URL_H

#include <glib.h>

/* The caller frees. */
char *base64url_encode(const void *bytes, gsize len);

/* NULL unless `text` (of `len` characters) is what base64url_encode() makes. The result is
 * NUL-terminated; the caller wipes and frees it. */
guint8 *base64url_decode(const char *text, gsize len, gsize *ret_len);

#endif
