/* SPDX-License-Identifier: MIT
 *
 * card_keys.h - the master keys with which layouts check the MAC of a card.
 *
 * The key NAME is 24 bytes: a systemd credential NAME.key, else the file NAME.key in the
 * folder of keys (mode 0600, owner = this process).
 */
#ifndef KIOSK_RECORD_CARD_KEYS_H
#define KIOSK_RECORD_CARD_KEYS_H

#include <glib.h>

#include "kiosk/config/config.h"
#include "pcsc/card.h"

/* All keys that `config` names, in its order; the caller ends them with card_keys_free().
 * *ret is NULL if it names none. Errors are of KEYRING_ERROR and name the file. */
gboolean card_keys_load(
	const struct config *config, struct card_key **ret, gsize *ret_n, GError **error);

/* Wipes. Accepts NULL, returns NULL. */
struct card_key *card_keys_free(struct card_key *keys, gsize n);

#endif
