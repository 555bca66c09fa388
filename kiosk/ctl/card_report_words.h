/* SPDX-License-Identifier: MIT
 *
 * card_report_words.h - words of a report that its writer and its reader share.
 */
#ifndef KIOSK_CTL_CARD_REPORT_WORDS_H
#define KIOSK_CTL_CARD_REPORT_WORDS_H

#include "pcsc/probe.h"

extern const char *const card_report_ways[PROBE_WAY_COUNT];

#define CARD_REPORT_MASKED                                                                         \
	"# What a card holds that can be read without a key. The bytes are masked, one letter\n"   \
	"# each: 9 digit, A and a letters, - hyphen, . byte 00, _ byte 20, k half-width kana,\n"   \
	"# x any other. Nothing here tells whose card it was.\n"
#define CARD_REPORT_REVEALED                                                                       \
	"# What a card holds that can be read without a key, NOT MASKED: name and number of\n"     \
	"# its holder are in here. Keep it as you would keep the card.\n"

#endif
