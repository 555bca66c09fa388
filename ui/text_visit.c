/* SPDX-License-Identifier: MIT */
#include "ui/text.h"

#include "ui/lang.h"

struct pair {
	const char *word, *text;
};

#define FIND(rows, word) find(rows, G_N_ELEMENTS(rows), word)
static const char *find(const struct pair *rows, gsize n, const char *word)
{
	for (gsize i = 0; i < n; i++)
		if (g_str_equal(rows[i].word, word))
			return _(rows[i].text);
	return word;
}

const char *text_severity(const char *word)
{
	static const struct pair rows[] = {
		/* TRANSLATORS: one word before a verdict, from mild to severe. */
		{"info", N_("Note")},
		{"decide", N_("Decide")},
		{"second", N_("Second clerk")},
		{"stop", N_("Stop")},
	};
	return FIND(rows, word);
}

/* TRANSLATORS: questions: as the clerk asks them, as the visitor reads them, and a help for
 * the visitor. Names of links and methods are the official ones. */
static const struct {
	const char *word, *for_[TEXT_READERS], *help;
} questions[] = {
	{"usable",
		{N_("Does any registered verification method still work?"),
			N_("Can you still use any of your verification methods?")},
		N_("For example: a second phone, a landline, the code of the Microsoft "
		   "Authenticator "
		   "app (it works without network), a FIDO security key, a hardware token. “Having "
		   "trouble? Sign in another way” on the sign-in page lists what you registered.")},
	{"affected",
		{N_("Is it because of the outage shown above?"),
			N_("Is it because of the outage shown above?")},
		N_("Your registered telephone number belongs to one of the carriers named there.")},
	{"authenticator",
		{N_("Is the authenticator app registered, and has the phone Wi-Fi or mobile data?"),
			N_("Have you registered an authenticator app, and can your phone use Wi-Fi "
			   "or "
			   "mobile data?")},
		N_("The app works over Wi-Fi. “Use a different verification option”, then “Use a "
		   "verification code” even works without network.")},
	{"other-number",
		{N_("Is a number of another carrier registered?"),
			N_("Have you registered a telephone number of another carrier as well?")},
		N_("“Having trouble? Sign in another way” on the sign-in page lists your "
		   "numbers.")},
	{"internet",
		{N_("Can the phone use Wi-Fi or mobile data now?"),
			N_("Can your phone use Wi-Fi or mobile data now?")},
		N_("This is only written into the request.")},
	{"spare-number",
		{N_("Has the visitor a number of another carrier?"),
			N_("Do you have a telephone number of another carrier?")},
		N_("This is only written into the request.")},
	{"self-service",
		{N_("Can and will the visitor do it with the My Number Card?"),
			N_("Would you like to do it yourself with your My Number Card?")},
		N_("Possible at any hour if all of this is true: the pre-link was done before you "
		   "were "
		   "locked out, you have your own My Number Card with a valid Electronic "
		   "Certificate "
		   "of User Proof, a phone that reads it, and both 4-digit PINs. Type no PIN "
		   "here.")},
};

const char *text_question(const char *word, enum text_reader reader)
{
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		if (g_str_equal(questions[i].word, word))
			return _(questions[i].for_[reader]);
	return word;
}

const char *text_question_help(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		if (g_str_equal(questions[i].word, word))
			return _(questions[i].help);
	return "";
}

/* TRANSLATORS: which way serves this person: headline and what to do, for the clerk and for
 * the visitor. Never say that anything was reset. */
static const struct {
	const char *word;
	struct {
		const char *title, *act;
	} for_[TEXT_READERS];
} routes[] = {
	{"open", {{N_("A few questions are still open"),
			  N_("Ask the visitor, or let them answer on their own screen.")},
			 {N_("A few questions"), N_("You can answer here or tell the staff.")}}},
	{"not-needed",
		{{N_("Reregistration is not needed"), N_("A method still works. The visitor signs "
							 "in with it, then adds or changes "
							 "methods.")},
			{N_("You can sign in without reregistration"),
				N_("Sign in with the method that works, then add other methods or "
				   "change them.")}}},
	{"self-service",
		{{N_("The visitor reregisters with the My Number Card"),
			 N_("The visitor's screen shows the way to the UTokyo Account Identity "
			    "Verification Service. If it does not work, begin again.")},
			{N_("Use your My Number Card"),
				N_("Open the UTokyo Account Identity Verification Service on your "
				   "phone. Afterwards follow Step 2 and register several "
				   "methods.")}}},
	{"here",
		{{N_("This counter files the request"),
			 N_("The visitor is asked for consent next.")},
			{N_("This counter files your request"), N_("You see what is sent next.")}}},
	{"other-desk",
		{{N_("Another office serves this person"),
			 N_("Tell the visitor the place and its hours.")},
			{N_("Please go to this office"),
				N_("Say “Reregistering Verification Method” there and bring your "
				   "student or staff card.")}}},
	{"support-desk",
		{{N_("The support desk serves this person"),
			 N_("Show the visitor how to reach it; the code is on their screen.")},
			{N_("Please contact the support desk"),
				N_("It can be reached without signing in.")}}},
};

const char *text_route(const char *word, enum text_reader reader)
{
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++)
		if (g_str_equal(routes[i].word, word))
			return _(routes[i].for_[reader].title);
	return word;
}

const char *text_route_act(const char *word, enum text_reader reader)
{
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++)
		if (g_str_equal(routes[i].word, word))
			return _(routes[i].for_[reader].act);
	return "";
}

const char *text_open(const char *word)
{
	static const struct pair rows[] = {
		/* TRANSLATORS: beside the hours of another office. */
		{"open", N_("Open now")},
		{"lunch", N_("Lunch break now")},
		{"before", N_("Not open yet today")},
		{"after", N_("Closed for today")},
		{"closed-day", N_("Closed today")},
	};
	return FIND(rows, word);
}

const char *text_reason(const char *word)
{
	static const struct pair rows[] = {
		/* TRANSLATORS: why no verification method works; button and field of the request.
		 */
		{"lost", N_("Phone or key lost or stolen")},
		{"broken", N_("Phone or key out of order")},
		{"changed", N_("New phone, the old one is gone")},
		{"number-changed", N_("Telephone number changed or cancelled")},
		{"incident", N_("The outage in force")},
		{"other", N_("Another reason")},
	};
	return FIND(rows, word);
}

const char *text_role(const char *word)
{
	static const struct pair rows[] = {
		{"student", N_("Student")},
		{"staff", N_("Faculty or staff")},
	};
	return FIND(rows, word);
}
