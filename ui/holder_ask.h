/* SPDX-License-Identifier: MIT
 *
 * holder_ask.h - the pages that ask: one question at a time, and the number pad.
 */
#ifndef UI_HOLDER_ASK_H
#define UI_HOLDER_ASK_H

#include "ui/page.h"

extern const struct page_ops holder_question_page, holder_self_page, holder_phone_page;

#endif
