/* SPDX-License-Identifier: MIT
 *
 * card_fit.h - what a layout would make of a card that was probed.
 *
 * From a report with values this is what the counter would read, MAC and access rights
 * aside. From a masked one it is what may be: shapes that can be a number of the site.
 * Pure.
 */
#ifndef KIOSK_CTL_CARD_FIT_H
#define KIOSK_CTL_CARD_FIT_H

#include "kiosk/ctl/card_report.h"
#include "pcsc/layout.h"

/* One line of text a step and a field, to be freed by the caller. *ret: OK if the layout
 * fits (may fit), UNKNOWN_CARD if something it asks for is not in the report, else as
 * layout_decode(). */
char *card_fit(
	const struct card_layout *layout, const struct card_report *report, enum card_err *ret);

/* What a layout's steps bring from the report: as the card would, each step's at its place.
 * Appends a line about each step. OK or UNKNOWN_CARD. */
enum card_err card_fit_steps(const struct card_layout *layout, const struct card_report *report,
	guint8 data[LAYOUT_DATA_MAX], gsize *ret_len, GString *say);

/* Of shapes: may a card with this number field be ours? As number_decode() and
 * number_is_ours(). */
enum card_err card_fit_masked_number(
	const struct card_layout *layout, const guint8 *field, gsize len);

#endif
