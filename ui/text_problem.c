/* SPDX-License-Identifier: MIT */
#include "ui/text.h"

#include "ui/lang.h"

/* TRANSLATORS: the visitor reads these four whenever the cause is not for the visitor. */
#define NOT_NOW     N_("This counter cannot go on at the moment")
#define ASK_CLERK   N_("Please talk to the staff.")
#define TAP_AGAIN   N_("Please hold the card on the reader again and keep it still.")
#define NOTHING_YET N_("Nothing has been filed. The staff tell you what happens next.")

struct row {
	const char *id;
	struct {
		const char *title, *act;
	} for_[TEXT_READERS];
};

/* TRANSLATORS: from here on pairs for each problem: what happened and what to do now, first
 * as the clerk reads it, then as the visitor does. Calm, short, never blaming. */
static const struct row rows[] = {
	{"P-01", {{N_("The card service of this computer is not running"),
			  N_("Ask IT staff to start pcscd. The counter goes on by itself.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-02", {{N_("No card reader is attached"),
			  N_("Plug the card reader in. The counter goes on by itself.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-03", {{N_("This counter may not use the card reader"),
			  N_("Ask IT staff: pcscd refuses this service's user.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-04", {{N_("Another program is holding the card"),
			  N_("Take the card away and tap again. If it stays so, close other "
			     "programs "
			     "that use cards, or ask IT staff.")},
			 {N_("The card could not be read"), TAP_AGAIN}}},
	{"P-05",
		{{N_("There are two cards on the reader"),
			 N_("Ask the visitor to hold only one card, without its case if "
			    "necessary.")},
			{N_("There are two cards on the reader"),
				N_("Please hold only your student or staff card on the reader.")}}},
	{"P-06", {{N_("This is not a student or staff card"),
			  N_("Ask for the student or staff card and tap again. Without card: end "
			     "this "
			     "visit and begin one without card.")},
			 {N_("This is not a student or staff card"),
				 N_("Please hold your student or staff card on the reader.")}}},
	{"P-07", {{N_("The number on this card is not one of this university"),
			  N_("Check that the card is of this university. If it is, begin a visit "
			     "without card and tell IT staff.")},
			 {N_("This card cannot be used here"), ASK_CLERK}}},
	{"P-08", {{N_("The card answers, but it cannot be read"),
			  N_("Tap again. If it fails twice, begin a visit without card; the card "
			     "may be "
			     "damaged.")},
			 {N_("The card could not be read"), TAP_AGAIN}}},
	{"P-09", {{N_("The card was taken away too soon"),
			  N_("Ask the visitor to lay the card on the reader until the screen "
			     "changes.")},
			 {N_("The card was taken away too soon"),
				 N_("Please lay the card on the reader until the screen "
				    "changes.")}}},
	{"P-10",
		{{N_("There is a card, but it does not answer"),
			 N_("Turn the card over or take it out of its case, then tap again.")},
			{N_("The card does not answer"),
				N_("Please take the card out of its case and hold it on the reader "
				   "again.")}}},
	{"P-11", {{N_("This card reader is of a kind the counter does not know"),
			  N_("Ask IT staff for a reader of the list in the manual.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-12", {{N_("The card holds no number"),
			  N_("Begin a visit without card. The office that issued the card can tell "
			     "whether it was prepared.")},
			 {N_("This card holds no number"), ASK_CLERK}}},
	{"P-13",
		{{N_("It is not proven that this card is genuine"),
			 N_("Take another card of the visitor's, or begin a visit without card and "
			    "tell IT staff: this counter demands cards that can be checked.")},
			{N_("This card could not be checked"), ASK_CLERK}}},
	{"P-14", {{N_("A transit card answered"),
			  N_("Ask the visitor to take the student or staff card out of the wallet "
			     "and to hold that card alone.")},
			 {N_("That was a transit card"),
				 N_("Please take your student or staff card out of the wallet and "
				    "hold it alone on the reader.")}}},
	{"P-15", {{N_("The card keeps losing contact"),
			  N_("Ask the visitor to lay the card down flat on the reader and to let "
			     "go.")},
			 {N_("The card keeps losing contact"),
				 N_("Please lay the card down on the reader and let go of it.")}}},
	{"P-16", {{N_("The card was changed for another one"),
			  N_("The visit was ended and its data forgotten. Take the card away; the "
			     "next tap begins a new visit.")},
			 {N_("The card was changed for another one"),
				 N_("Please take the card away, then hold only your own card on "
				    "the "
				    "reader.")}}},
	{"P-17", {{N_("This reader is for clerks only"),
			  N_("Ask the visitor to hold the card on the reader at the visitor's "
			     "side.")},
			 {N_("That was the staff's card reader"),
				 N_("Please hold your card on the reader in front of you.")}}},
	{"P-20", {{N_("The directory knows nobody with this number"),
			  N_("Check card and number. People who have just joined may be missing "
			     "until "
			     "the next update; otherwise send the visitor to the support desk.")},
			 {N_("Your record was not found"), ASK_CLERK}}},
	{"P-21", {{N_("The directory knows several people with this number"),
			  N_("Nothing can be filed here. Tell IT staff; send the visitor to the "
			     "support "
			     "desk.")},
			 {N_("Your record needs to be checked"), ASK_CLERK}}},
	{"P-22", {{N_("The directory does not answer"),
			  N_("Tap again in a moment. If it stays so, tell IT staff.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-23", {{N_("The directory cannot be asked with this kind of card"),
			  N_("Begin a visit without card and tell IT staff: the kind of number is "
			     "not "
			     "mapped.")},
			 {N_("This card cannot be used here"), ASK_CLERK}}},
	{"P-24", {{N_("The copy of the directory is too old"),
			  N_("Nothing can be filed until IT staff have imported a newer one.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-30", {{N_("The request cannot be filed here"),
			  N_("The reasons stand below. Explain them and name the place that can "
			     "help.")},
			 {N_("The request cannot be filed here"), NOTHING_YET}}},
	{"P-31", {{N_("The digits did not match three times"),
			  N_("Compare card and person once more. If you are in doubt, ask a second "
			     "clerk; then begin again.")},
			 {N_("This visit was stopped"), NOTHING_YET}}},
	{"P-32", {{N_("The visitor did not consent"),
			  N_("Nothing was filed. Ask what is wrong with the data shown, or end the "
			     "visit.")},
			 {N_("You did not consent"), N_("Nothing has been filed.")}}},
	{"P-33", {{N_("That was another card"),
			  N_("Consent needs the same card that began this visit.")},
			 {N_("That was another card"),
				 N_("Please hold the same card as before on the reader.")}}},
	{"P-35", {{N_("This card belongs to no clerk of this counter"),
			  N_("Tap your own staff card. IT staff register clerks with "
			     "madoguchictl.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-36", {{N_("The PIN is not right"), N_("Type it again. After each mistake the counter "
						  "waits a little longer.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-37", {{N_("This PIN is locked after too many mistakes"),
			  N_("IT staff set a new one with madoguchictl.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-38", {{N_("A second clerk must be another person"),
			  N_("Neither the clerk on duty nor the visitor can agree. Ask a colleague "
			     "to "
			     "tap.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-39", {{N_("A clerk of another office must agree"),
			  N_("This account has special rights: the second clerk belongs to another "
			     "office than the first. Ask such a colleague to tap.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-40",
		{{N_("The configuration has a mistake"), N_("IT staff: the line stands below. "
							    "Start the service again after mending "
							    "it.")},
			{NOT_NOW, ASK_CLERK}}},
	{"P-41", {{N_("The counter cannot write to its data folder"),
			  N_("IT staff: check owner and mode of the data folder.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-42", {{N_("The record was made by a newer version"),
			  N_("IT staff: install the newer version again. Nothing was changed.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-43", {{N_("The disk is full"), N_("IT staff: make room. Requests that were accepted "
					      "are safe; the counter "
					      "goes on by itself.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-44", {{N_("The clock of this computer cannot be right"),
			  N_("IT staff: set the clock (timedatectl). The counter goes on by "
			     "itself.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-45", {{N_("Another counter service uses the data folder"),
			  N_("IT staff: stop the other one.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-46", {{N_("The record is damaged"),
			  N_("IT staff: keep the data folder as it is and follow the manual.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-47", {{N_("The request could not be saved"), N_("Nothing was filed. Tell IT staff, and "
							    "offer the visitor another way.")},
			 {N_("The request could not be saved"), NOTHING_YET}}},
	{"P-48", {{N_("The key of the record is missing"),
			  N_("IT staff: put the key file back, mode 0600.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-49", {{N_("The card reader does not answer any more"),
			  N_("The counter starts again by itself. If this comes back, unplug the "
			     "reader "
			     "and plug it in again.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-50", {{N_("No clerk is registered yet"),
			  N_("IT staff register the first clerk: madoguchictl clerk add.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-51", {{N_("An outage notice cannot be read and is not used"),
			  N_("IT staff: the file and line stand below. Visits go on without the "
			     "notice.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-52", {{N_("IT staff are using the card reader"),
			  N_("The counter goes on by itself when they are done and no card lies on "
			     "the reader.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-60", {{N_("The university's system is not reached"),
			  N_("Requests are saved here and go out by themselves. Go on as usual.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-61", {{N_("The university's system refuses this counter"),
			  N_("Requests are saved here. Ask IT staff: credentials or permissions.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-62", {{N_("The university's list is not set up as it must be"),
			  N_("Requests are saved here. Ask IT staff: madoguchictl status names "
			     "it.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-63", {{N_("A request was not taken by the university's system"),
			  N_("Ask IT staff: madoguchictl queue list shows which.")},
			 {NOT_NOW, ASK_CLERK}}},
	{"P-64", {{N_("It is too late to take the request back"),
			  N_("The university has begun with it, or it has ended.")},
			 {N_("It is too late to take the request back"),
				 N_("The university has begun with it, or it has ended.")}}},
	{"P-65", {{N_("The request could not be taken back"),
			  N_("The university's system did not answer. Look again in a moment.")},
			 {N_("The request could not be taken back"), ASK_CLERK}}},
};

static const struct row *find(const char *id)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].id, id))
			return &rows[i];
	return NULL;
}

const char *text_problem(const char *id, enum text_reader reader)
{
	const struct row *row = find(id);
	return row ? _(row->for_[reader].title) : id;
}

const char *text_problem_act(const char *id, enum text_reader reader)
{
	const struct row *row = find(id);
	return row ? _(row->for_[reader].act) : "";
}

const char *text_turn(const char *turn)
{
	static const struct {
		const char *turn, *text;
	} turns[] = {
		/* TRANSLATORS: small mark beside a problem: who can mend it. */
		{"holder", N_("The visitor's turn")},
		{"clerk", N_("Your turn")},
		{"it", N_("For IT staff")},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(turns); i++)
		if (g_str_equal(turns[i].turn, turn))
			return _(turns[i].text);
	return "";
}
