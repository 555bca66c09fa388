/* SPDX-License-Identifier: MIT
 *
 * test_visit.c - the promises of the visit table, kept for every pair of it.
 */
#include "kiosk/visit/visit.h"

#include "tests/check.h"

#define FIRST VISIT_CLOSED

/* Told once more by hand, in words: a change of the flow has to be meant twice. */
static const char *const flow[][4] = {
	{"closed", "ready", "off-duty", "resume"},
	{"closed", "unready", "closed", ""},
	{"closed", "signed-out", "closed", "sign-out"},
	{"closed", "clerk-gone", "closed", "sign-out"},
	{"off-duty", "unready", "closed", ""},
	{"off-duty", "card-in", "off-duty", "read"},
	{"off-duty", "clerk-card", "sign-in", ""},
	{"off-duty", "signed-in", "welcome", "ask-ready"},
	{"sign-in", "signed-in", "take-card", "wipe ask-field"},
	{"sign-in", "sign-in-locked", "off-duty", "wipe ask-ready"},
	{"sign-in", "cancel", "off-duty", "wipe ask-ready"},
	{"sign-in", "clerk-idle", "off-duty", "wipe ask-ready"},
	{"sign-in", "clerk-gone", "off-duty", "wipe ask-ready"},
	{"welcome", "unready", "closed", ""},
	{"welcome", "card-in", "reading", "begin read"},
	{"welcome", "no-card", "lookup", "begin look-up"},
	{"welcome", "signed-out", "off-duty", "wipe sign-out ask-ready"},
	{"welcome", "clerk-gone", "off-duty", "wipe sign-out ask-ready"},
	{"reading", "card-read", "lookup", "look-up"},
	{"reading", "card-failed", "problem", ""},
	{"reading", "cancel", "take-card", "wipe ask-field"},
	{"reading", "clerk-idle", "take-card", "wipe ask-field"},
	{"lookup", "found", "check", "check decide"},
	{"lookup", "filed-before", "status", ""},
	{"lookup", "stopped", "problem", ""},
	{"lookup", "swapped", "problem", "wipe begin"},
	{"lookup", "cancel", "take-card", "wipe ask-field"},
	{"lookup", "holder-idle", "take-card", "wipe ask-field"},
	{"lookup", "clerk-idle", "take-card", "wipe ask-field"},
	{"status", "withdraw", "withdraw", "ask-tap"},
	{"status", "anew", "check", "check decide"},
	{"status", "stopped", "problem", ""},
	{"status", "swapped", "problem", "wipe begin"},
	{"status", "end", "take-card", "wipe ask-field"},
	{"status", "cancel", "take-card", "wipe ask-field"},
	{"status", "holder-idle", "take-card", "wipe ask-field"},
	{"status", "clerk-idle", "take-card", "wipe ask-field"},
	{"withdraw", "card-in", "withdraw", "read"},
	{"withdraw", "consented", "withdrawing", "take-back"},
	{"withdraw", "cancel", "status", ""},
	{"withdraw", "holder-idle", "take-card", "wipe ask-field"},
	{"withdraw", "clerk-idle", "take-card", "wipe ask-field"},
	{"withdrawing", "withdrawn", "status", ""},
	{"check", "check-passed", "route", "decide"},
	{"check", "routed-away", "route", ""},
	{"check", "digits-spent", "problem", ""},
	{"check", "stopped", "problem", ""},
	{"check", "swapped", "problem", "wipe begin"},
	{"check", "call-second", "second", ""},
	{"check", "cancel", "take-card", "wipe ask-field"},
	{"check", "holder-idle", "take-card", "wipe ask-field"},
	{"check", "clerk-idle", "take-card", "wipe ask-field"},
	{"second", "card-in", "second", "read"},
	{"second", "clerk-card", "second-pin", ""},
	{"second", "cancel", "check", "check"},
	{"second", "holder-idle", "take-card", "wipe ask-field"},
	{"second", "clerk-idle", "take-card", "wipe ask-field"},
	{"second-pin", "signed-in", "check", "check decide"},
	{"second-pin", "sign-in-locked", "check", "check"},
	{"second-pin", "cancel", "check", "check"},
	{"second-pin", "holder-idle", "take-card", "wipe ask-field"},
	{"second-pin", "clerk-idle", "take-card", "wipe ask-field"},
	{"route", "routed-here", "consent", "build"},
	{"route", "routed-away", "route", ""},
	{"route", "reopened", "check", "check decide"},
	{"route", "end", "take-card", "wipe ask-field"},
	{"route", "cancel", "take-card", "wipe ask-field"},
	{"route", "holder-idle", "take-card", "wipe ask-field"},
	{"route", "clerk-idle", "take-card", "wipe ask-field"},
	{"consent", "card-in", "consent", "read"},
	{"consent", "consented", "filing", "commit"},
	{"consent", "consent-refused", "problem", ""},
	{"consent", "cancel", "take-card", "wipe ask-field"},
	{"consent", "holder-idle", "take-card", "wipe ask-field"},
	{"consent", "clerk-idle", "take-card", "wipe ask-field"},
	{"filing", "committed", "receipt", ""},
	{"filing", "not-committed", "problem", ""},
	{"receipt", "end", "take-card", "wipe ask-field"},
	{"receipt", "holder-idle", "take-card", "wipe ask-field"},
	{"receipt", "clerk-idle", "take-card", "wipe ask-field"},
	{"take-card", "card-out", "off-duty", "resume"},
	{"take-card", "unready", "closed", ""},
	{"take-card", "signed-out", "off-duty", "sign-out ask-ready"},
	{"take-card", "clerk-gone", "off-duty", "sign-out ask-ready"},
	{"problem", "tap-again", "reading", "wipe begin read"},
	{"problem", "end", "take-card", "wipe ask-field"},
	{"problem", "cancel", "take-card", "wipe ask-field"},
	{"problem", "holder-idle", "take-card", "wipe ask-field"},
	{"problem", "clerk-idle", "take-card", "wipe ask-field"},
};
#define N_FLOW (sizeof flow / sizeof flow[0])

#define EACH_STATE(s) for (unsigned s = FIRST; s < VISIT_STATE_COUNT; s++)
#define EACH_EVENT(e) for (unsigned e = 0; e < VISIT_EVENT_COUNT; e++)

static bool declared(unsigned state, unsigned event)
{
	return visit_cell(state, event)->next != VISIT_STAY;
}

/* Where the pair leads; the state itself if nowhere. */
static unsigned next_of(unsigned state, unsigned event)
{
	return declared(state, event) ? visit_cell(state, event)->next : state;
}

static void describe(unsigned actions, char *ret, size_t size)
{
	*ret = '\0';
	for (unsigned bit = 0; bit < VISIT_ACTION_COUNT; bit++) {
		size_t len = strlen(ret);
		if (actions & (1u << bit))
			snprintf(ret + len, size - len, "%s%s", len ? " " : "",
				visit_action_word(bit));
	}
}

static const char *const *find_row(unsigned state, unsigned event)
{
	for (size_t i = 0; i < N_FLOW; i++)
		if (strcmp(flow[i][0], visit_state_word(state)) == 0 &&
			strcmp(flow[i][1], visit_event_word(event)) == 0)
			return flow[i];
	return NULL;
}

static void check_pair(unsigned state, unsigned event)
{
	const struct visit_cell *cell = visit_cell(state, event);
	const char *const *row = find_row(state, event);
	char pair[64], got[128], want[128], actions[96];

	describe(cell->actions, actions, sizeof actions);
	snprintf(pair, sizeof pair, "%s %s", visit_state_word(state), visit_event_word(event));
	snprintf(got, sizeof got, "%s: %s: %s", pair, visit_state_word(cell->next), actions);
	snprintf(want, sizeof want, "%s: %s: %s", pair, row ? row[2] : "stay", row ? row[3] : "");
	CHECK_STR(got, want);
}

static void every_pair_does_what_is_declared_and_all_others_stay(void)
{
	size_t n = 0;
	EACH_STATE(s)
	EACH_EVENT(e)
	{
		check_pair(s, e);
		n += declared(s, e);
	}
	CHECK_INT(n, N_FLOW);
	EACH_EVENT(e) CHECK(!declared(VISIT_STAY, e));
}

static void every_word_is_there_and_stands_once(void)
{
	EACH_STATE(a)
	EACH_STATE(b)
	CHECK((strcmp(visit_state_word(a), visit_state_word(b)) == 0) == (a == b));
	EACH_EVENT(a)
	EACH_EVENT(b)
	CHECK((strcmp(visit_event_word(a), visit_event_word(b)) == 0) == (a == b));
	for (unsigned a = 0; a < VISIT_INTENT_COUNT; a++)
		for (unsigned b = 0; b < VISIT_INTENT_COUNT; b++)
			CHECK((strcmp(visit_intent_word(a), visit_intent_word(b)) == 0) ==
				(a == b));
	for (unsigned a = 0; a < VISIT_ACTION_COUNT; a++)
		CHECK(visit_action_word(a) != NULL && *visit_action_word(a));
}

/* Marks all states that can be reached from `from` without going through `wall`. */
static void spread(unsigned from, unsigned wall, bool reached[VISIT_STATE_COUNT])
{
	reached[from] = true;
	if (from == wall)
		return;
	EACH_EVENT(e)
	if (!reached[next_of(from, e)])
		spread(next_of(from, e), wall, reached);
}

static void every_state_can_be_reached(void)
{
	bool reached[VISIT_STATE_COUNT] = {false};
	spread(VISIT_CLOSED, VISIT_STAY, reached);
	EACH_STATE(s) CHECK(reached[s]);
	CHECK(!reached[VISIT_STAY]);
}

static void every_state_can_get_back_to_welcome(void)
{
	EACH_STATE(s)
	{
		bool reached[VISIT_STATE_COUNT] = {false};
		spread(s, VISIT_STAY, reached);
		CHECK(reached[VISIT_WELCOME]);
	}
}

/* States that may be arrived at with a person still in memory. */
static void spread_dirty(unsigned state, bool dirty[VISIT_STATE_COUNT])
{
	if (dirty[state])
		return;
	dirty[state] = true;
	EACH_EVENT(e)
	{
		const struct visit_cell *cell = visit_cell(state, e);
		bool forgets = cell->actions & VISIT_DO_WIPE;
		if (cell->next != VISIT_STAY && !forgets)
			spread_dirty(cell->next, dirty);
	}
}

static void no_way_leads_out_of_a_visit_without_a_wipe(void)
{
	bool dirty[VISIT_STATE_COUNT] = {false};
	EACH_STATE(s)
	if (visit_holds_person(s))
		spread_dirty(s, dirty);
	EACH_STATE(s) CHECK(dirty[s] == visit_holds_person(s));
	CHECK(!dirty[VISIT_WELCOME] && !dirty[VISIT_OFF_DUTY] && !dirty[VISIT_CLOSED]);
	CHECK(!dirty[VISIT_TAKE_CARD]);
}

static void the_wipe_comes_before_every_other_action(void)
{
	CHECK_INT(VISIT_DO_WIPE, 1);
}

/* A visit begins with nobody in memory, under a number of its own. */
static void every_way_into_a_visit_begins_a_new_one(void)
{
	EACH_STATE(s)
	EACH_EVENT(e)
	{
		const struct visit_cell *cell = visit_cell(s, e);
		bool enters = declared(s, e) && visit_holds_person(cell->next) &&
			      (!visit_holds_person(s) || cell->actions & VISIT_DO_WIPE);
		CHECK(enters == ((cell->actions & VISIT_DO_BEGIN) != 0));
	}
}

static void filing_is_left_by_the_disk_alone(void)
{
	EACH_EVENT(e)
	CHECK(declared(VISIT_FILING, e) ==
		(e == VISIT_ON_COMMITTED || e == VISIT_ON_NOT_COMMITTED));
	for (unsigned i = 0; i < VISIT_INTENT_COUNT; i++)
		CHECK(!visit_may(VISIT_FILING, i));
}

/* The only states that lead into `state`, and by which event. */
static void entered_only(unsigned state, unsigned from, unsigned event)
{
	EACH_STATE(s)
	EACH_EVENT(e)
	if (s != state && next_of(s, e) == state)
		CHECK(s == from && e == event);
}

static void a_receipt_is_shown_only_after_the_commit(void)
{
	entered_only(VISIT_RECEIPT, VISIT_FILING, VISIT_ON_COMMITTED);
}

static void R22_nothing_is_filed_without_consent(void)
{
	entered_only(VISIT_FILING, VISIT_CONSENT, VISIT_ON_CONSENTED);
	entered_only(VISIT_CONSENT, VISIT_ROUTE, VISIT_ON_ROUTED_HERE);
	EACH_STATE(s)
	EACH_EVENT(e)
	{
		unsigned actions = visit_cell(s, e)->actions;
		CHECK(((actions & VISIT_DO_COMMIT) != 0) ==
			(next_of(s, e) == VISIT_FILING && s != VISIT_FILING));
		CHECK(((actions & VISIT_DO_BUILD) != 0) ==
			(s == VISIT_ROUTE && e == VISIT_ON_ROUTED_HERE));
	}
}

static void a_request_is_taken_back_by_the_holders_own_act_alone(void)
{
	entered_only(VISIT_WITHDRAWING, VISIT_WITHDRAW, VISIT_ON_CONSENTED);
	entered_only(VISIT_WITHDRAW, VISIT_STATUS, VISIT_ON_WITHDRAW);
	for (unsigned i = 0; i < VISIT_INTENT_COUNT; i++)
		CHECK(!visit_may(VISIT_WITHDRAWING, i));
}

/* The disk or the far end has it; both answer within their own limits. */
static bool out_of_hand(unsigned state)
{
	return state == VISIT_FILING || state == VISIT_WITHDRAWING;
}

static void a_desk_left_alone_forgets_the_visit(void)
{
	EACH_STATE(s)
	{
		if (!visit_holds_person(s) || out_of_hand(s))
			continue;
		const struct visit_cell *cell = visit_cell(s, VISIT_ON_CLERK_IDLE);
		CHECK_INT(cell->next, VISIT_TAKE_CARD);
		CHECK(cell->actions & VISIT_DO_WIPE);
	}
}

static void a_holder_who_walks_away_is_forgotten(void)
{
	EACH_STATE(s)
	{
		bool waits = visit_holds_person(s) && !out_of_hand(s) && s != VISIT_READING;
		CHECK(declared(s, VISIT_ON_HOLDER_IDLE) == waits);
		CHECK(visit_may(s, VISIT_MAY_EXTEND) == waits);
	}
}

static void a_card_left_lying_starts_no_second_visit(void)
{
	EACH_EVENT(e)
	{
		unsigned next = next_of(VISIT_TAKE_CARD, e);
		CHECK(!visit_holds_person(next));
		CHECK(next != VISIT_WELCOME);
		CHECK(!(visit_cell(VISIT_TAKE_CARD, e)->actions & VISIT_DO_READ));
	}
}

static void signing_out_forgets_the_clerk_wherever_it_is_possible(void)
{
	EACH_STATE(s)
	{
		const struct visit_cell *cell = visit_cell(s, VISIT_ON_SIGNED_OUT);
		CHECK(!declared(s, VISIT_ON_SIGNED_OUT) || cell->actions & VISIT_DO_SIGN_OUT);
		if (visit_holds_person(s))
			CHECK(!declared(s, VISIT_ON_SIGNED_OUT));
	}
}

/* What an intent does in the table; an intent that is allowed must do something. */
static const struct {
	enum visit_intent intent;
	enum visit_event event;
} effects[] = {
	{VISIT_MAY_SIGN_IN, VISIT_ON_SIGN_IN_LOCKED},
	{VISIT_MAY_SIGN_OUT, VISIT_ON_SIGNED_OUT},
	{VISIT_MAY_NO_CARD, VISIT_ON_NO_CARD},
	{VISIT_MAY_CALL_SECOND, VISIT_ON_CALL_SECOND},
	{VISIT_MAY_CONSENT, VISIT_ON_CONSENTED},
	{VISIT_MAY_SHOWN, VISIT_ON_CONSENTED},
	{VISIT_MAY_CHECK, VISIT_ON_CHECK_PASSED},
	{VISIT_MAY_DECIDE, VISIT_ON_CHECK_PASSED},
	{VISIT_MAY_CANCEL, VISIT_ON_CANCEL},
	{VISIT_MAY_END, VISIT_ON_END},
	{VISIT_MAY_WITHDRAW, VISIT_ON_WITHDRAW},
	{VISIT_MAY_ANEW, VISIT_ON_ANEW},
};

static void an_intent_is_allowed_exactly_where_it_does_something(void)
{
	for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++)
		EACH_STATE(s)
		{
			bool may = visit_may(s, effects[i].intent);
			bool does = declared(s, effects[i].event);
			if (may != does)
				fprintf(stderr, "%s in %s\n", visit_intent_word(effects[i].intent),
					visit_state_word(s));
			CHECK(may == does);
		}
}

static void sheets_open_only_between_visits(void)
{
	EACH_STATE(s) CHECK(visit_may(s, VISIT_MAY_SHEETS) == (s == VISIT_WELCOME));
}

static void nobody_is_asked_anything_before_a_visit(void)
{
	EACH_STATE(s)
	if (!visit_holds_person(s)) {
		CHECK(!visit_may(s, VISIT_MAY_ANSWER));
		CHECK(!visit_may(s, VISIT_MAY_PHONE));
		CHECK(!visit_may(s, VISIT_MAY_REASON));
	}
}

static const struct check_case cases[] = {
	{"every pair does what is declared, all others stay",
		every_pair_does_what_is_declared_and_all_others_stay},
	{"every word is there and stands once", every_word_is_there_and_stands_once},
	{"every state can be reached", every_state_can_be_reached},
	{"every state can get back to welcome", every_state_can_get_back_to_welcome},
	{"no way leads out of a visit without a wipe", no_way_leads_out_of_a_visit_without_a_wipe},
	{"the wipe comes before every other action", the_wipe_comes_before_every_other_action},
	{"every way into a visit begins a new one", every_way_into_a_visit_begins_a_new_one},
	{"filing is left by the disk alone", filing_is_left_by_the_disk_alone},
	{"a receipt is shown only after the commit", a_receipt_is_shown_only_after_the_commit},
	{"R22 nothing is filed without consent", R22_nothing_is_filed_without_consent},
	{"a request is taken back by the holder's own act alone",
		a_request_is_taken_back_by_the_holders_own_act_alone},
	{"a desk left alone forgets the visit", a_desk_left_alone_forgets_the_visit},
	{"a holder who walks away is forgotten", a_holder_who_walks_away_is_forgotten},
	{"a card left lying starts no second visit", a_card_left_lying_starts_no_second_visit},
	{"signing out forgets the clerk", signing_out_forgets_the_clerk_wherever_it_is_possible},
	{"an intent is allowed exactly where it does something",
		an_intent_is_allowed_exactly_where_it_does_something},
	{"sheets open only between visits", sheets_open_only_between_visits},
	{"nobody is asked anything before a visit", nobody_is_asked_anything_before_a_visit},
};

int main(void)
{
	return CHECK_MAIN("visit", cases);
}
