/* SPDX-License-Identifier: MIT
 *
 * vcard_identiv.h - Identiv and SCM readers: FeliCa commands without their frames.
 *
 * The reader keeps the IDm: that of the system which answered last, system 0 in
 * the beginning.
 */
#ifndef TESTS_VIRTUAL_VCARD_IDENTIV_H
#define TESTS_VIRTUAL_VCARD_IDENTIV_H

#include "vcard_kind.h"

kind_command identiv;

#endif
