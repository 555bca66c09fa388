/* SPDX-License-Identifier: MIT */
#include "ui/text.h"

#include "ui/lang.h"

struct verdict_text {
	const char *word, *title, *act;
};

/* TRANSLATORS: what card, directory and desk say about a visit: in short, and what the
 * clerk does about it. */
static const struct verdict_text verdicts[] = {
	{"account-inactive", N_("The account is not active"),
		N_("Reregistration is not possible. The support desk can look into it.")},
	{"account-closed", N_("The account has been revoked"),
		N_("Reregistration is not possible after leaving. The support desk knows about "
		   "cloud data salvage.")},
	{"term-over", N_("The enrollment period is over"),
		N_("Reregistration is not possible. If the person has a new position, ask for the "
		   "new card.")},
	{"term-not-begun", N_("The enrollment period has not begun"),
		N_("Check the date of entrance or appointment before you go on.")},
	{"grace", N_("The person has left; the account works until next month"),
		N_("Tell the visitor that the account ends soon.")},
	{"card-lost", N_("This card was reported lost"),
		N_("Keep the card and follow the office's rules for found cards.")},
	{"card-old", N_("A newer card was issued; this one is void"),
		N_("Ask for the newer card.")},
	{"card-newer", N_("The card is newer than the directory's"),
		N_("A card just reissued may be ahead of the directory. Look at the issue date "
		   "before you go on.")},
	{"card-expired", N_("The card has expired"),
		N_("Ask for a valid card, or begin a visit without card.")},
	{"card-class", N_("The kind of card does not fit the role"),
		N_("For example a staff card of somebody who is a student now. Ask before you go "
		   "on.")},
	{"name-differs", N_("The name on the card is another one"),
		N_("A change of name or another spelling? Ask before you go on.")},
	{"wrong-desk", N_("Another office serves this person"),
		N_("The place and its hours come next.")},
	{"two-accounts", N_("This person has two accounts"),
		N_("Ask which one is locked. Exactly one is acted on; they are shown once face and "
		   "digits were compared.")},
	{"clerk-is-holder", N_("This is the clerk's own account"),
		N_("Nobody files for themselves. A colleague signs in and takes over.")},
	{"privileged", N_("The account has special rights"),
		N_("A colleague of another office must agree. Call a second clerk.")},
	{"no-card", N_("The visitor has no card"),
		N_("A colleague must agree. Both look at the document and the face.")},
	{"no-contact", N_("No address for the notice is on file"),
		N_("The visitor may not be able to read the notice mail: tell them to try signing "
		   "in "
		   "after a while.")},
	{"old-directory", N_("The directory's data is not of today"),
		N_("Changes of the last days may be missing.")},
	{"directory-fallback", N_("Another directory than the usual one answered"),
		N_("The usual one could not be asked. What changed lately may be missing.")},
	{"directory-reason", N_("This directory's answer alone is not enough"),
		N_("Check by another way that the person still belongs to the university.")},
	{"directory-second", N_("This directory's answer wants a second clerk"),
		N_("A colleague must agree. Call a second clerk.")},
	{"repeat-today", N_("This person already filed a request today"),
		N_("Ask what went wrong with the first one before you go on.")},
	{"repeat-month", N_("The third request of this person within 31 days"),
		N_("Ask why the methods keep being lost. If in doubt, ask a colleague.")},
	{"live-request", N_("A request of this person is already waiting"),
		N_("Do not file another. Show the waiting one in the list of requests.")},
};

static const struct verdict_text *find_verdict(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verdicts); i++)
		if (g_str_equal(verdicts[i].word, word))
			return &verdicts[i];
	return NULL;
}

const char *text_verdict(const char *word)
{
	const struct verdict_text *v = find_verdict(word);
	return v ? _(v->title) : word;
}

const char *text_verdict_act(const char *word)
{
	const struct verdict_text *v = find_verdict(word);
	return v ? _(v->act) : "";
}

const char *text_ground(const char *word)
{
	static const struct {
		const char *word, *text;
	} rows[] = {
		/* TRANSLATORS: buttons: on what ground the clerk goes on in spite of a verdict. */
		{"photo-compared", N_("Photo compared once more")},
		{"document-seen", N_("Another document seen")},
		{"colleague-confirmed", N_("A colleague confirmed it")},
		{"office-record", N_("The office's own record says so")},
		{"other", N_("Another ground")},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].word, word))
			return _(rows[i].text);
	return word;
}

const char *text_source(const char *name)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		/* TRANSLATORS: which directory answered; LDAP and Graph are protocols. */
		{"snapshot", N_("the copy on this computer")},
		{"ldap", N_("the LDAP server")},
		{"graph", N_("Microsoft Graph")},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].name, name))
			return _(rows[i].text);
	return name;
}

char *text_age(guint hours)
{
	/* TRANSLATORS: how old the directory's data is. */
	if (hours < 1)
		return g_strdup(_("less than an hour old"));
	return hours < 48 ? g_strdup_printf(_("%u h old"), hours)
			  : g_strdup_printf(_("%u days old"), hours / 24);
}
