/* SPDX-License-Identifier: MIT
 *
 * text.h - codes of the door turned into sentences, in the language of lang_use().
 *
 * A code nobody knows (a newer service) gives the code itself, or "" where a sentence is
 * optional: no screen is ever dead for it. Main thread.
 */
#ifndef UI_TEXT_H
#define UI_TEXT_H

#include <glib.h>

enum text_reader { TEXT_CLERK, TEXT_HOLDER, TEXT_READERS };

/* "P-nn": what happened, and what this reader does now. */
const char *text_problem(const char *id, enum text_reader reader);
const char *text_problem_act(const char *id, enum text_reader reader);
/* holder | clerk | it: who can mend it, for the clerk. */
const char *text_turn(const char *turn);

/* For the clerk: in short, what to do about it, and the button of a decision. */
const char *text_verdict(const char *word);
const char *text_verdict_act(const char *word);
const char *text_severity(const char *word);
const char *text_ground(const char *word); /* why the clerk goes on all the same */
const char *text_source(const char *name); /* which directory answered */
char *text_age(guint hours);               /* of its data; free it */

/* The question as this reader is asked it; `help` is for the holder. */
const char *text_question(const char *word, enum text_reader reader);
const char *text_question_help(const char *word);

/* How far an earlier request is, as the far end reported it: headline, and what now. */
const char *text_progress(const char *word, enum text_reader reader);
const char *text_progress_act(const char *word, enum text_reader reader);

const char *text_route(const char *word, enum text_reader reader);     /* headline */
const char *text_route_act(const char *word, enum text_reader reader); /* what now */
const char *text_open(const char *word); /* hours of the other office: open, lunch … */

const char *text_reason(const char *word);        /* why no method works */
const char *text_role(const char *word);          /* student | staff */
const char *text_document(const char *code);      /* shown instead of a card */
const char *text_no_card_reason(const char *code); /* why there is no card */

/* Fields of payload and sheet: name of the field ("" = not for people), and its value as
 * people read it; free the latter. */
const char *text_field(const char *code);
char *text_value(const char *code, const char *value);

/* "0123456789" as "012 345 6789": read aloud and typed in such groups. Free it. */
char *text_common_id(const char *id);
/* Local time of day, with the date if it is not of today; "" for 0. Free it. */
char *text_time(gint64 seconds);
/* YYYYMMDD as a date, "" for 0. Free it. */
char *text_date(guint yyyymmdd);

#endif
