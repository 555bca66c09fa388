/* SPDX-License-Identifier: MIT
 *
 * store_reader.h - the database as it was at one moment, beside the running service.
 *
 * Takes no lock and changes nothing: a damaged file stays where it is.
 */
#ifndef KIOSK_RECORD_STORE_READER_H
#define KIOSK_RECORD_STORE_READER_H

#include "kiosk/record/store.h"

/* For reading functions only; those that write refuse. End it with store_free(). */
struct store *store_open_reader(const char *dir, const struct keyring *keys, GError **error);

#endif
