/* SPDX-License-Identifier: MIT
 *
 * vcard_sony.h - two dialects of Sony's readers beside the transparent session.
 *
 * Which of them a reader's own firmware takes is unknown, so each is a kind.
 */
#ifndef TESTS_VIRTUAL_VCARD_SONY_H
#define TESTS_VIRTUAL_VCARD_SONY_H

#include "vcard_kind.h"

/* FF FE 01 00: one frame there, one back. */
kind_command sony_frame;

/* FF A4 selects a service, FF B0 reads one block of it. */
kind_command sony_select;

#endif
