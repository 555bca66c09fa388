/* SPDX-License-Identifier: MIT
 *
 * holder_consent.h - the holder sees exactly what will be sent, and agrees or not; likewise
 * what is taken back.
 *
 * The page tells the service `Shown` only after the window has painted every row where it
 * can be seen: a row that has to be scrolled to counts when it was scrolled to.
 */
#ifndef UI_HOLDER_CONSENT_H
#define UI_HOLDER_CONSENT_H

#include "ui/page.h"

extern const struct page_ops holder_consent_page;

#endif
