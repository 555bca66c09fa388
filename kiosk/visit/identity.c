/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/identity.h"

#include <string.h>

static const struct verdict_row rows[] = {
#define X(name, word, severity) {word, severity},
	VERDICT_LIST(X)
#undef X
};
_Static_assert(sizeof rows / sizeof rows[0] == VERDICT_COUNT, "one row for each verdict");

const struct verdict_row *verdict_row(enum verdict verdict)
{
	return &rows[verdict];
}

bool verdict_find(const char *word, enum verdict *ret)
{
	for (unsigned v = 0; v < VERDICT_COUNT; v++) {
		if (strcmp(rows[v].word, word) == 0) {
			*ret = v;
			return true;
		}
	}
	return false;
}

static const char *const grounds[] = {
#define X(name, word) word,
	GROUND_LIST(X)
#undef X
};

const char *ground_word(enum ground ground)
{
	return grounds[ground];
}

bool ground_find(const char *word, enum ground *ret)
{
	for (unsigned g = GROUND_NONE + 1; g < GROUND_COUNT; g++) {
		if (strcmp(grounds[g], word) == 0) {
			*ret = g;
			return true;
		}
	}
	return false;
}

/* How far a role counts on a day, better ones higher. */
enum standing { STANDING_OVER, STANDING_FUTURE, STANDING_GRACE, STANDING_CURRENT };

/* R14: graduates keep the account until the next month begins; staff do not. */
static enum standing role_standing(const struct person_role *role, struct civil now)
{
	if (role->from != 0 && now.date < role->from)
		return STANDING_FUTURE;
	if (role->until == 0 || now.date <= role->until)
		return STANDING_CURRENT;
	if (role->kind == ROLE_STUDENT && now.date < civil_next_month(role->until))
		return STANDING_GRACE;
	return STANDING_OVER;
}

const struct person_role *identity_role(
	const struct person *person, const struct office *office, struct civil now)
{
	const struct person_role *best = NULL;
	unsigned best_rank = 0;

	for (size_t i = 0; i < person->n_roles; i++) {
		const struct person_role *role = &person->roles[i];
		enum standing standing = role_standing(role, now);
		bool own = office_serves(office, role->kind, role->affiliation);
		unsigned rank = 2u * standing + own;
		if (standing != STANDING_OVER && rank > best_rank) {
			best = role;
			best_rank = rank;
		}
	}
	return best;
}

static void judge_account(struct verdicts *v, const struct person *person)
{
	v->set[VERDICT_ID_ACCOUNT_INACTIVE] = person->status == PERSON_INACTIVE;
	v->set[VERDICT_ID_ACCOUNT_CLOSED] = person->status == PERSON_CLOSED;
	v->set[VERDICT_ID_PRIVILEGED] = person->privileged;
	v->set[VERDICT_ID_NO_CONTACT] = !person->contact;
	v->set[VERDICT_ID_TWO_ACCOUNTS] = person->n_linked > 0;
}

/* A term that ended counts before one that has not begun: the gap between them ends the
 * account. Without any role the directory states no term, and the route finds no desk. */
static void judge_term(struct verdicts *v, const struct person *person, struct civil now)
{
	bool seen[STANDING_CURRENT + 1] = {false};

	for (size_t i = 0; i < person->n_roles; i++)
		seen[role_standing(&person->roles[i], now)] = true;
	if (seen[STANDING_CURRENT])
		return;
	if (seen[STANDING_GRACE])
		v->set[VERDICT_ID_GRACE] = true;
	else if (seen[STANDING_OVER])
		v->set[VERDICT_ID_TERM_OVER] = true;
	else if (seen[STANDING_FUTURE])
		v->set[VERDICT_ID_TERM_NOT_BEGUN] = true;
}

/* Another account may be acted on, but a card is judged by its own. */
static const struct person *owner_of(const struct identity_facts *f)
{
	return f->owner ? f->owner : f->person;
}

/* What the directory knows of the card: the newest issue of its number, or the issue
 * that the card states. */
static const struct person_card *find_card(
	const struct person *person, const struct identity_card *card, bool newest)
{
	const struct person_card *best = NULL;

	for (size_t i = 0; i < person->n_cards; i++) {
		const struct person_card *c = &person->cards[i];
		if (strcmp(c->kind, card->key_kind) != 0 || strcmp(c->number, card->number) != 0)
			continue;
		if (!newest && c->reissue == card->reissue)
			return c;
		if (!best || c->reissue > best->reissue)
			best = c;
	}
	return best;
}

/* A loss on file is that of the issue it names: a newer card in the hand is not it. */
static void judge_issue(struct verdicts *v, const struct identity_facts *f)
{
	const struct identity_card *card = &f->card;
	const struct person_card *newest = find_card(owner_of(f), card, true);
	const struct person_card *same = find_card(owner_of(f), card, false);

	if (!newest)
		return;
	bool both = card->reissue >= 0 && newest->reissue >= 0;
	bool newer = both && card->reissue > newest->reissue;
	v->set[VERDICT_ID_CARD_NEWER] = newer;
	v->set[VERDICT_ID_CARD_OLD] = (both && card->reissue < newest->reissue) ||
				      (!newer && same->status == PCARD_REPLACED);
	v->set[VERDICT_ID_CARD_LOST] = !newer && same->status == PCARD_LOST;
	v->set[VERDICT_ID_CARD_EXPIRED] =
		!newer && same->expires != 0 && f->now.date > same->expires;
}

/* The class is a word of the layout; one that no role bears out is for the clerk. */
static bool class_differs(const struct identity_facts *f)
{
	const char *class_ = f->card.class_;
	bool is_student = strcmp(class_, "student") == 0, is_staff = strcmp(class_, "staff") == 0;
	unsigned kind = is_student ? ROLE_STUDENT : is_staff ? ROLE_STAFF : 0;

	const struct person *owner = owner_of(f);

	if (!*class_ || owner->n_roles == 0)
		return false;
	for (size_t i = 0; i < owner->n_roles; i++) {
		const struct person_role *role = &owner->roles[i];
		if (role->kind == kind && role_standing(role, f->now) != STANDING_OVER)
			return false;
	}
	return true;
}

static void judge_card(struct verdicts *v, const struct identity_facts *f)
{
	const struct identity_card *card = &f->card;

	v->set[VERDICT_ID_NO_CARD] = !card->present;
	if (!card->present)
		return;
	judge_issue(v, f);
	if (card->expires != 0 && f->now.date > card->expires)
		v->set[VERDICT_ID_CARD_EXPIRED] = true;
	v->set[VERDICT_ID_CARD_CLASS] = class_differs(f);
	v->set[VERDICT_ID_NAME_DIFFERS] =
		identity_name_differs(card->name, owner_of(f)->name_ja, owner_of(f)->name_en);
}

static bool clerk_is_holder(const struct identity_facts *f)
{
	const char *clerk = f->clerk_id;

	if (!clerk || !*clerk)
		return false;
	if (strcmp(clerk, f->person->common_id) == 0)
		return true;
	for (size_t i = 0; i < f->person->n_linked; i++)
		if (strcmp(clerk, f->person->linked[i]) == 0)
			return true;
	return false;
}

/* What is said of the answer itself, and of the holder's earlier requests. */
static void judge_record(struct verdicts *v, const struct identity_facts *f)
{
	v->set[VERDICT_ID_OLD_DIRECTORY] = f->directory_age_limit_hours >= 0 &&
					   f->directory_age_hours > f->directory_age_limit_hours;
	v->set[VERDICT_ID_DIRECTORY_FALLBACK] = f->directory_fallback;
	v->set[VERDICT_ID_DIRECTORY_REASON] = f->directory_reason;
	v->set[VERDICT_ID_DIRECTORY_SECOND] = f->directory_second;
	v->set[VERDICT_ID_REPEAT_TODAY] = f->filed_today > 0;
	v->set[VERDICT_ID_REPEAT_MONTH] = f->filed_lately >= REPEAT_MONTH_FILED;
	v->set[VERDICT_ID_LIVE_REQUEST] = f->live_request;
}

struct verdicts identity_judge(const struct identity_facts *facts)
{
	struct verdicts v = {.set = {false}};
	const struct identity_facts *f = facts;
	const struct person_role *role = identity_role(f->person, f->office, f->now);

	judge_account(&v, f->person);
	judge_term(&v, f->person, f->now);
	judge_card(&v, f);
	v.set[VERDICT_ID_WRONG_DESK] =
		role && !office_serves(f->office, role->kind, role->affiliation);
	v.set[VERDICT_ID_CLERK_IS_HOLDER] = clerk_is_holder(f);
	judge_record(&v, f);
	return v;
}

bool identity_settled(enum verdict verdict, const struct identity_progress *p)
{
	switch (rows[verdict].severity) {
	case VERDICT_INFO:
		return true;
	case VERDICT_DECIDE:
		return verdict == VERDICT_ID_TWO_ACCOUNTS ? p->account_chosen
							  : p->decided[verdict] != GROUND_NONE;
	case VERDICT_SECOND:
		return p->second;
	case VERDICT_STOP:
		return false;
	}
	return false; /* a value outside the enum */
}

static bool missing(
	const struct verdicts *v, const struct identity_progress *p, enum verdict_severity severity)
{
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		if (v->set[i] && rows[i].severity == severity && !identity_settled(i, p))
			return true;
	return false;
}

enum identity_gate identity_gate(const struct verdicts *v, const struct identity_progress *p)
{
	if (missing(v, p, VERDICT_STOP))
		return GATE_STOP;
	if (!p->digits_passed)
		return GATE_DIGITS;
	if (v->set[VERDICT_ID_TWO_ACCOUNTS] && !p->account_chosen)
		return GATE_ACCOUNT;
	if (missing(v, p, VERDICT_DECIDE))
		return GATE_DECIDE;
	if (missing(v, p, VERDICT_SECOND))
		return GATE_SECOND;
	return GATE_PASS;
}
