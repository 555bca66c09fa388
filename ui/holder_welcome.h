/* SPDX-License-Identifier: MIT
 *
 * holder_welcome.h - the invitation, and step 1 of the procedure in short.
 */
#ifndef UI_HOLDER_WELCOME_H
#define UI_HOLDER_WELCOME_H

#include "ui/page.h"

extern const struct page_ops holder_welcome_page;

#endif
