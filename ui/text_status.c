/* SPDX-License-Identifier: MIT */
#include "ui/text.h"

#include "ui/lang.h"

/* TRANSLATORS: how far an earlier request is: headline and what now, first for the clerk,
 * then for the visitor. Only what the far end reported; the process has an official name. */
static const struct {
	const char *word;
	struct {
		const char *title, *act;
	} for_[TEXT_READERS];
} rows[] = {
	{"queued", {{N_("A request of this person waits to be sent"),
			    N_("It is saved and goes out by itself. Do not file it again.")},
			   {N_("Your request is saved at this counter"),
				   N_("It is sent as soon as possible. You need not file it "
				      "again.")}}},
	{"refused",
		{{N_("The request of this person could not be handed over"),
			 N_("Give IT staff the number: they see the cause and can send it again.")},
			{N_("Your request could not be handed over"),
				N_("Nothing was set up. Please talk to the staff.")}}},
	{"waiting", {{N_("A request of this person was accepted"),
			     N_("Nobody has begun with it. The visitor can take it back.")},
			    {N_("Your request was accepted"),
				    N_("Nobody has begun with it yet. You need not file it "
				       "again.")}}},
	{"started", {{N_("The request of this person is being worked on"),
			     N_("It can no longer be taken back.")},
			    {N_("Your request is being worked on"),
				    N_("Please wait. You need not file it again.")}}},
	{"done", {{N_("The process to enable the reregistration has been carried out"),
			  N_("The visitor goes on with Step 1 and Step 2.")},
			 {N_("The process to enable the reregistration has been carried out"),
				 N_("Please go on with Step 1 and Step 2.")}}},
	{"declined",
		{{N_("The request of this person was declined"), N_("Another one can be filed.")},
			{N_("Your request was declined"), N_("Please talk to the staff.")}}},
	{"cancelled",
		{{N_("The request was taken back"), N_("Another one can be filed.")},
			{N_("Your request was taken back"), N_("Nothing more happens with it.")}}},
	{"entered", {{N_("The request was entered into the menu"),
			     N_("What follows is not reported to this counter. Another one can be "
				"filed.")},
			    {N_("Your request was handed over to the university"),
				    N_("What follows is not reported to this counter.")}}},
};

static gsize find(const char *word)
{
	gsize i = 0;
	while (i < G_N_ELEMENTS(rows) && !g_str_equal(rows[i].word, word))
		i++;
	return i;
}

const char *text_progress(const char *word, enum text_reader reader)
{
	gsize i = find(word);
	return i < G_N_ELEMENTS(rows) ? _(rows[i].for_[reader].title) : word;
}

const char *text_progress_act(const char *word, enum text_reader reader)
{
	gsize i = find(word);
	return i < G_N_ELEMENTS(rows) ? _(rows[i].for_[reader].act) : "";
}
