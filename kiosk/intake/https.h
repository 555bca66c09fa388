/* SPDX-License-Identifier: MIT
 *
 * https.h - the far end is a plain JSON interface: assets/api/intake-v1.openapi.json.
 *
 * PUT /v1/requests/{key} with Idempotency-Key (draft-ietf-httpapi-idempotency-key-header),
 * problems as RFC 9457 has them, mutual TLS. facts/backends.md §8.
 */
#ifndef KIOSK_INTAKE_HTTPS_H
#define KIOSK_INTAKE_HTTPS_H

#include "kiosk/intake/intake.h"

/* Owned by the configuration, which outlives the intake. */
struct https_settings {
	char *base;            /* "https://intake.example.ac.jp/v1", no slash at its end */
	char *ca_file;         /* NULL: the system's */
	char *cert_file, *key; /* our own: PEM chain; PEM file or provider URI */
	gint timeout_ms;       /* of one question */
};

/* NULL with NET_ERROR_CREDENTIAL. */
struct intake *https_open(const struct https_settings *settings, GError **error);

#endif
