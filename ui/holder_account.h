/* SPDX-License-Identifier: MIT
 *
 * holder_account.h - which of several accounts: the holder says it, the clerk chooses it.
 */
#ifndef UI_HOLDER_ACCOUNT_H
#define UI_HOLDER_ACCOUNT_H

#include "ui/page.h"

extern const struct page_ops holder_account_page;

#endif
