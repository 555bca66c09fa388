/* SPDX-License-Identifier: MIT
 *
 * holder_outcome.h - the pages of a visit that ends elsewhere: what to do, and where.
 */
#ifndef UI_HOLDER_OUTCOME_H
#define UI_HOLDER_OUTCOME_H

#include "ui/page.h"

extern const struct page_ops holder_not_needed_page, holder_self_go_page, holder_other_desk_page,
	holder_support_page;

#endif
