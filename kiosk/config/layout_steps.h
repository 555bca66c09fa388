/* SPDX-License-Identifier: MIT
 *
 * layout_steps.h - the key "steps" of a layout: what is done with a card.
 *
 * Form of each step: assets/defaults/layouts.conf.
 */
#ifndef KIOSK_CONFIG_LAYOUT_STEPS_H
#define KIOSK_CONFIG_LAYOUT_STEPS_H

#include "kiosk/config/keyfile.h"
#include "pcsc/layout.h"

#define LAYOUT_STEPS_EXPECTED "1 to 8 steps, such as 'system FE00;read 1A8B 0-3'"

/* Fill the steps of `layout` from its group, and see that one card can be asked all of
 * them, that what they bring fits, and that a key is named where one is needed. Looks at
 * layout->mac_key. */
gboolean layout_steps_parse(
	const struct keyfile *kf, const char *group, struct card_layout *layout, GError **error);

#endif
