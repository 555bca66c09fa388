/* SPDX-License-Identifier: MIT
 *
 * drive.h - parts of pcsc/ asked everything they offer, over a line that may say anything.
 *
 * Fuzz targets call these with hostile answers, the writer of their seeds with honest
 * ones. They abort where a promise of the header is broken, whatever was said.
 */
#ifndef TESTS_PCSC_DRIVE_H
#define TESTS_PCSC_DRIVE_H

#include "pcsc/line.h"
#include "pcsc/probe.h"

/* Of the choice of drive_dialect(): a letter, so that seeds can be read. */
#define DRIVE_DIALECT_BASE   0x60
#define DRIVE_DIALECT_ROWS   0x07 /* row of the table of dialects */
#define DRIVE_DIALECT_HINTED 0x08

/* Open a dialect, poll, ask for systems and services, read, close. Each bit of `skip` leaves
 * one question out. False: it was not understood. */
bool drive_dialect(const struct line *line, uint8_t choice, uint8_t skip);

/* Number of the chip, application, file, `len` bytes of it from `off`, record. Each bit of
 * `skip` leaves one out. */
void drive_iso(const struct line *line, uint8_t skip, uint16_t off, uint16_t len);

/* Probe for the applications of tests/virtual/cards-field. What is found lies within the
 * limits. */
enum card_err drive_probe(const struct card_transport *t, const char *reader);

#endif
