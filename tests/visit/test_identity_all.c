/* SPDX-License-Identifier: MIT
 *
 * test_identity_all.c - every combination of the facts of a visit, against tables.
 */
#include <stdio.h>

#include "tests/check.h"
#include "tests/visit/desk_scene.h"

/* Facts that may hold in any company: each sets one thing, and says one verdict. */
enum toggle {
	T_PRIVILEGED,
	T_NO_CONTACT,
	T_LINKED,
	T_CLERK,
	T_OLD_DATA,
	T_FALLBACK,
	T_REASON,
	T_SECOND,
	T_LIVE,
	T_TODAY,
	T_MONTH,
	T_COUNT
};

static const enum verdict said[T_COUNT] = {
	[T_PRIVILEGED] = VERDICT_ID_PRIVILEGED,
	[T_NO_CONTACT] = VERDICT_ID_NO_CONTACT,
	[T_LINKED] = VERDICT_ID_TWO_ACCOUNTS,
	[T_CLERK] = VERDICT_ID_CLERK_IS_HOLDER,
	[T_OLD_DATA] = VERDICT_ID_OLD_DIRECTORY,
	[T_FALLBACK] = VERDICT_ID_DIRECTORY_FALLBACK,
	[T_REASON] = VERDICT_ID_DIRECTORY_REASON,
	[T_SECOND] = VERDICT_ID_DIRECTORY_SECOND,
	[T_LIVE] = VERDICT_ID_LIVE_REQUEST,
	[T_TODAY] = VERDICT_ID_REPEAT_TODAY,
	[T_MONTH] = VERDICT_ID_REPEAT_MONTH,
};

static void set_toggles(struct scene *s, unsigned on)
{
#define ON(t) ((on >> (t)) & 1u)
	s->person.privileged = ON(T_PRIVILEGED);
	s->person.contact = !ON(T_NO_CONTACT);
	s->person.n_linked = ON(T_LINKED);
	strcpy(s->person.linked[0], "3605551275");
	s->facts.clerk_id = ON(T_CLERK) ? ID_STUDENT : ID_CLERK;
	s->facts.directory_age_hours = ON(T_OLD_DATA) ? 49 : 48;
	s->facts.directory_fallback = ON(T_FALLBACK);
	s->facts.directory_reason = ON(T_REASON);
	s->facts.directory_second = ON(T_SECOND);
	s->facts.live_request = ON(T_LIVE);
	s->facts.filed_today = ON(T_TODAY);
	s->facts.filed_lately = ON(T_MONTH) ? 2 : 1;
#undef ON
}

/* What excludes each other: one row of each table holds at a time. `n` verdicts follow. */
struct choice {
	const char *what;
	size_t n;
	enum verdict then[2];
};

static const struct choice statuses[] = {
	{"active", 0, {0}},
	{"inactive", 1, {VERDICT_ID_ACCOUNT_INACTIVE}},
	{"closed", 1, {VERDICT_ID_ACCOUNT_CLOSED}},
};

enum term { TERM_CURRENT, TERM_GRACE, TERM_OVER, TERM_FUTURE, TERM_COUNT };
static const struct choice terms[TERM_COUNT] = {
	[TERM_CURRENT] = {"current", 0, {0}},
	[TERM_GRACE] = {"left this month", 1, {VERDICT_ID_GRACE}},
	[TERM_OVER] = {"over", 1, {VERDICT_ID_TERM_OVER}},
	[TERM_FUTURE] = {"to begin", 1, {VERDICT_ID_TERM_NOT_BEGUN}},
};

enum hand { HAND_GOOD, HAND_NONE, HAND_LOST, HAND_OLD, HAND_NEWER, HAND_EXPIRED, HAND_COUNT };
static const struct choice hands[HAND_COUNT] = {
	[HAND_GOOD] = {"the card on file", 0, {0}},
	[HAND_NONE] = {"no card", 1, {VERDICT_ID_NO_CARD}},
	[HAND_LOST] = {"lost", 1, {VERDICT_ID_CARD_LOST}},
	[HAND_OLD] = {"replaced", 1, {VERDICT_ID_CARD_OLD}},
	[HAND_NEWER] = {"newer", 1, {VERDICT_ID_CARD_NEWER}},
	[HAND_EXPIRED] = {"expired", 1, {VERDICT_ID_CARD_EXPIRED}},
};

static void set_term(struct scene *s, enum term term)
{
	static const int32_t spans[TERM_COUNT][2] = {
		[TERM_CURRENT] = {20240401, 20990331},
		[TERM_GRACE] = {20240401, TODAY - 1},
		[TERM_OVER] = {20240401, 20260331},
		[TERM_FUTURE] = {TODAY + 1, 20990331},
	};
	s->person.roles[0].from = spans[term][0];
	s->person.roles[0].until = spans[term][1];
}

static void set_hand(struct scene *s, enum hand hand)
{
	struct person_card *card = &s->person.cards[0];
	s->facts.card.present = hand != HAND_NONE;
	s->facts.card.reissue = hand == HAND_NEWER ? 1 : 0;
	s->facts.card.expires = hand == HAND_EXPIRED ? TODAY - 1 : 20990331;
	card->reissue = hand == HAND_OLD ? 1 : 0;
	card->status = hand == HAND_LOST ? PCARD_LOST : PCARD_VALID;
}

/* Further three that depend on the others: class, name, desk. */
enum { X_CLASS = 1, X_NAME = 2, X_DESK = 4, X_ALL = 8 };

static void set_extra(struct scene *s, unsigned extra)
{
	s->facts.card.class_ = extra & X_CLASS ? "staff" : "student";
	s->facts.card.name = extra & X_NAME ? "カワベ サブロウ" : "トウト ハナコ";
	s->office = office_of("x", ROLE_STUDENT | ROLE_STAFF, extra & X_DESK ? "35" : "37");
}

struct situation {
	unsigned toggles, status, term, hand, extra;
};

static void add_choice(struct verdicts *v, const struct choice *choice)
{
	for (size_t i = 0; i < choice->n; i++)
		v->set[choice->then[i]] = true;
}

static struct verdicts oracle(const struct situation *at)
{
	struct verdicts v = {.set = {false}};
	bool card = at->hand != HAND_NONE, over = at->term == TERM_OVER;
	for (unsigned t = 0; t < T_COUNT; t++)
		v.set[said[t]] = at->toggles >> t & 1u;
	add_choice(&v, &statuses[at->status]);
	add_choice(&v, &terms[at->term]);
	add_choice(&v, &hands[at->hand]);
	/* A role that is over bears out no class, and names no desk. */
	v.set[VERDICT_ID_CARD_CLASS] = card && (over || at->extra & X_CLASS);
	v.set[VERDICT_ID_NAME_DIFFERS] = card && at->extra & X_NAME;
	v.set[VERDICT_ID_WRONG_DESK] = !over && at->extra & X_DESK;
	return v;
}

static bool as_expected(struct scene *s, const struct situation *at)
{
	struct verdicts want = oracle(at), got;
	set_toggles(s, at->toggles);
	got = judge(s);
	if (memcmp(&want, &got, sizeof got) == 0)
		return true;
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		if (want.set[i] != got.set[i])
			fprintf(stderr, "%s: %d, not %d (%s, %s, %s, extra %u, toggles %x)\n",
				verdict_row(i)->word, got.set[i], want.set[i],
				statuses[at->status].what, terms[at->term].what,
				hands[at->hand].what, at->extra, at->toggles);
	return false;
}

static void every_combination_of_facts_says_what_its_table_says(void)
{
	struct scene s;
	struct situation at = {0};
	unsigned walked = 0, wrong = 0, last = sizeof statuses / sizeof statuses[0];
	scene_init(&s);
	strcpy(s.person.name_ja, "トウト ハナコ");
	for (at.status = 0; at.status < last; at.status++) {
		s.person.status = (enum person_status)at.status;
		for (at.term = 0; at.term < TERM_COUNT; at.term++) {
			set_term(&s, at.term);
			for (at.hand = 0; at.hand < HAND_COUNT; at.hand++) {
				set_hand(&s, at.hand);
				for (at.extra = 0; at.extra < X_ALL; at.extra++) {
					set_extra(&s, at.extra);
					for (at.toggles = 0; at.toggles < 1u << T_COUNT;
						at.toggles++, walked++)
						wrong += wrong < 20 && !as_expected(&s, &at);
				}
			}
		}
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(walked, 3 * TERM_COUNT * HAND_COUNT * X_ALL * (1 << T_COUNT));
}

static const struct check_case cases[] = {
	{"every combination of facts says what its table says",
		every_combination_of_facts_says_what_its_table_says},
};

int main(void)
{
	return CHECK_MAIN("identity-all", cases);
}
