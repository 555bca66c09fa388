/* SPDX-License-Identifier: MIT
 *
 * person.c - see person.h.
 */
#include "kiosk/directory/person.h"

#include <openssl/crypto.h>

void person_wipe(struct person *p)
{
	OPENSSL_cleanse(p, sizeof *p);
}
