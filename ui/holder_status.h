/* SPDX-License-Identifier: MIT
 *
 * holder_status.h - how far an earlier request of the visitor is. Its taking back is asked on
 * the page of consent (holder_consent.h).
 */
#ifndef UI_HOLDER_STATUS_H
#define UI_HOLDER_STATUS_H

#include "ui/page.h"

extern const struct page_ops holder_status_page, holder_withdrawing_page;

#endif
