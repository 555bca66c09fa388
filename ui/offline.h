/* SPDX-License-Identifier: MIT
 *
 * offline.h - the page both windows show while nobody is behind the door.
 */
#ifndef UI_OFFLINE_H
#define UI_OFFLINE_H

#include "ui/page.h"

extern const struct page_ops offline_page; /* state "offline" */

#endif
