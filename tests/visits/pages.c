/* SPDX-License-Identifier: MIT */
#include "tests/visits/pages.h"

#include "tests/visits/screens.h"

/* Accessible ids, separated by spaces. */
static const struct page_row {
	const char *state, *desk, *holder;
} rows[] = {
	{"closed", "desk-closed", "holder-closed"},
	{"off-duty", "desk-off-duty", "holder-off-duty"},
	{"sign-in", "desk-pin-page", "holder-off-duty"},
	{"welcome", "desk-welcome desk-no-card-page desk-sheets-page desk-sheet-page",
		"holder-welcome"},
	{"reading", "desk-reading", "holder-reading"},
	{"lookup", "desk-reading", "holder-question holder-wait"},
	{"check", "desk-check-page",
		"holder-question holder-self-service holder-phone holder-wait"},
	{"second", "desk-second-clerk", "holder-second"},
	{"second-pin", "desk-pin-page", "holder-second"},
	{"route", "desk-route",
		"holder-question holder-self-service holder-phone holder-wait "
		"holder-not-needed holder-self-go holder-other-desk holder-support"},
	{"consent", "desk-consent", "holder-consent"},
	{"filing", "desk-filing", "holder-filing"},
	{"receipt", "desk-receipt", "holder-receipt"},
	{"take-card", "desk-take-card", "holder-take-card"},
	{"status", "desk-status", "holder-status"},
	{"withdraw", "desk-status", "holder-consent"},
	{"withdrawing", "desk-status", "holder-withdrawing"},
	{"problem", "desk-problem", "holder-problem"},
};

gboolean pages_shown(const char *state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].state, state))
			return screens_shows(rows[i].desk) && screens_shows(rows[i].holder);
	return FALSE;
}
