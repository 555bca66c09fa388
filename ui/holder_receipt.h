/* SPDX-License-Identifier: MIT
 *
 * holder_receipt.h - the request number, and what happens next. Never "reset".
 */
#ifndef UI_HOLDER_RECEIPT_H
#define UI_HOLDER_RECEIPT_H

#include "ui/page.h"

extern const struct page_ops holder_receipt_page;

#endif
