/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_put.h"

/* Links of the university's pages that screens turn into text and QR (facts/domain.md §2). */
#define BASE "https://utelecon.adm.u-tokyo.ac.jp"
static const struct {
	const char *what, *url;
} links[] = {
	{"verify", "https://identification.adm.u-tokyo.ac.jp/verify/"},
	{"step1", BASE "/utokyo_account/mfa/initial/#first"},
	{"step2", BASE "/utokyo_account/mfa/initial/#alternative"},
	{"step1-en", BASE "/en/utokyo_account/mfa/initial/#first"},
	{"step2-en", BASE "/en/utokyo_account/mfa/initial/#alternative"},
	{"change", BASE "/utokyo_account/mfa/change/"},
	{"change-en", BASE "/en/utokyo_account/mfa/change/"},
	{"support", BASE "/support/"},
	{"support-en", BASE "/en/support/"},
	{"procedure", BASE "/utokyo_account/mfa/reregister/"},
	{"procedure-en", BASE "/en/utokyo_account/mfa/reregister/"},
};

/* What both windows are told of the flow. */
static void put_flow(GVariantDict *view, struct counter *c)
{
	static const char *const turns[] = {
		[TURN_HOLDER] = "holder", [TURN_CLERK] = "clerk", [TURN_IT] = "it"};
	static const char *const retries[] = {
		[RETRY_NEVER] = "never", [RETRY_TAP] = "tap", [RETRY_WAIT] = "wait"};
	enum problem problem = c->state == VISIT_PROBLEM  ? c->problem
			       : c->state == VISIT_CLOSED ? counter_worst(c)
							  : PROBLEM_NONE;
	const struct problem_row *row = problem_row(problem);
	GVariantBuilder intents;
	g_variant_builder_init(&intents, G_VARIANT_TYPE("as"));
	for (guint i = 0; i < VISIT_INTENT_COUNT; i++)
		if (visit_may(c->state, i))
			g_variant_builder_add(&intents, "s", visit_intent_word(i));
	g_variant_dict_insert(view, "visit", "t", c->visit);
	put_uint(view, "step", c->step);
	put_str(view, "state", visit_state_word(c->state));
	g_variant_dict_insert_value(view, "intents", g_variant_builder_end(&intents));
	put_str(view, "problem", row->id);
	put_str(view, "problem-turn", turns[row->turn]);
	put_str(view, "problem-retry", retries[row->retry]);
	put_str(view, "notice", problem_row(c->notice)->id);
	put_uint(view, "today", (guint)counter_civil().date);
}

static void put_office(GVariantDict *view, const struct counter *c)
{
	const struct config *config = c->parts.config;
	put_str(view, "desk", config->desk);
	put_str(view, "office-ja", config->own_office->name_ja);
	put_str(view, "office-en", config->own_office->name_en);
}

static GVariant *incident_texts(const struct incident *incident)
{
	GVariantBuilder texts;
	g_variant_builder_init(&texts, G_VARIANT_TYPE("a{s(sss)}"));
	for (gsize i = 0; i < incident->n_texts; i++) {
		const struct incident_text *t = &incident->texts[i];
		g_variant_builder_add(&texts, "{s(sss)}", t->lang, t->title, t->body, t->advice);
	}
	return g_variant_builder_end(&texts);
}

static void put_incident(GVariantDict *view, const struct counter *c)
{
	const struct incident *incident = counter_incident(c);
	if (!incident)
		return;
	GVariantBuilder brands;
	GVariantDict dict;
	g_variant_builder_init(&brands, G_VARIANT_TYPE("as"));
	for (gsize i = 0; i < incident->n_brands; i++)
		g_variant_builder_add(&brands, "s", incident->brands[i]);
	g_variant_dict_init(&dict, NULL);
	put_str(&dict, "id", incident->id);
	put_str(&dict, "carrier", incident->carrier);
	g_variant_dict_insert_value(&dict, "brands", g_variant_builder_end(&brands));
	put_str(&dict, "link", incident->link);
	put_bool(&dict, "ask-phone", incident->ask_phone);
	put_str(&dict, "to", incident->to_whom == INCIDENT_TO_SUPPORT ? "support" : "counter");
	put_str(&dict, "support-link", incident->support_link);
	g_variant_dict_insert_value(&dict, "texts", incident_texts(incident));
	g_variant_dict_insert_value(view, "incident", g_variant_dict_end(&dict));
}

static void put_links(GVariantDict *view)
{
	GVariantBuilder rows;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ss)"));
	for (gsize i = 0; i < G_N_ELEMENTS(links); i++)
		g_variant_builder_add(&rows, "(ss)", links[i].what, links[i].url);
	g_variant_dict_insert_value(view, "links", g_variant_builder_end(&rows));
}

/* Questions that were answered, and the one that is next: what both windows ask. */
static void put_questions(GVariantDict *view, const struct counter *c)
{
	static const char *const words[] = {
		[ANSWER_OPEN] = "", [ANSWER_YES] = "yes", [ANSWER_NO] = "no"};
	const struct visit_case *k = &c->k;
	const struct route_facts facts = counter_route_facts(c);
	gboolean open = visit_holds_person(c->state) && k->route.route == ROUTE_OPEN;
	GVariantBuilder rows;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ss)"));
	for (guint q = 0; q < QUESTION_COUNT; q++) {
		gboolean next = open && (q == k->route.next || (!k->found && q == 0));
		if ((k->answers[q] != ANSWER_OPEN && route_asks(&facts, q)) || next)
			g_variant_builder_add(
				&rows, "(ss)", question_word(q), words[k->answers[q]]);
	}
	g_variant_dict_insert_value(view, "questions", g_variant_builder_end(&rows));
	put_bool(view, "need-phone", open && k->found && k->route.need_phone);
	put_bool(view, "need-reason", open && k->found && k->route.need_reason);
}

static char *hours_text(const struct office *office, int weekday)
{
	GString *text = g_string_new(NULL);
	for (gsize i = 0; i < office->n_hours; i++) {
		const struct office_hours *h = &office->hours[i];
		if (h->weekdays & (1u << weekday))
			g_string_append_printf(text, "%s%d:%02d-%d:%02d", text->len ? "," : "",
				h->from / 60, h->from % 60, h->to / 60, h->to % 60);
	}
	return g_string_free(text, FALSE);
}

static void put_route_office(GVariantDict *view, const struct office *office)
{
	static const char *const open_words[] = {
		[OFFICE_OPEN] = "open",
		[OFFICE_LUNCH] = "lunch",
		[OFFICE_BEFORE] = "before",
		[OFFICE_AFTER] = "after",
		[OFFICE_CLOSED_DAY] = "closed-day",
	};
	struct civil now = counter_civil();
	g_autofree char *hours = hours_text(office, civil_weekday(now.date));
	put_str(view, "route-office-ja", office->name_ja);
	put_str(view, "route-office-en", office->name_en);
	put_str(view, "route-place-ja", office->place_ja);
	put_str(view, "route-place-en", office->place_en);
	put_str(view, "route-hours", hours);
	put_str(view, "route-open", open_words[office_open_at(office, now)]);
}

static void put_route(GVariantDict *view, const struct counter *c)
{
	const struct route_result *route = &c->k.route;
	if (!c->k.found)
		return;
	put_str(view, "route", route_word(route->route));
	if (route->route == ROUTE_OTHER_DESK && route->other)
		put_route_office(view, route->other);
}

static void put_names(GVariantDict *view, const struct counter *c)
{
	put_bool(view, "card", c->k.has_card);
	put_str(view, "name-ja", c->k.person.name_ja);
	put_str(view, "name-en", c->k.person.name_en);
}

static void put_person(GVariantDict *view, const struct counter *c)
{
	const struct config *config = c->parts.config;
	const struct person_role *role =
		identity_role(&c->k.person, config->own_office, counter_civil());
	const struct office *office;
	put_str(view, "document", c->k.document);
	if (!role)
		return;
	put_str(view, "role", role->kind == ROLE_STUDENT ? "student" : "staff");
	put_str(view, "affiliation", role->affiliation);
	put_uint(view, "term", (guint)role->until);
	office = office_serving(&config->offices, role->kind, role->affiliation);
	if (office) {
		put_str(view, "affiliation-ja", office->name_ja);
		put_str(view, "affiliation-en", office->name_en);
	}
}

static void put_equipment(GVariantDict *view, const struct counter *c)
{
	g_autofree char *readers = seats_names(&c->field.seats);
	GVariantBuilder health;
	g_variant_builder_init(&health, G_VARIANT_TYPE("as"));
	for (guint p = 1; p < PROBLEM_COUNT; p++)
		if (c->health.wrong[p])
			g_variant_builder_add(&health, "s", problem_row(p)->id);
	g_variant_dict_insert_value(view, "health", g_variant_builder_end(&health));
	put_str(view, "reader", readers);
	put_uint(view, "pending", c->pending_sheets);
	g_variant_dict_insert(view, "pending-since", "x", c->pending_since);
	put_str(view, "intake", c->parts.intake ? c->parts.intake->ops->name : "");
	put_uint(view, "unsent", c->unsent);
}

/* First bytes of the root as people can compare them: 16 characters. */
#define ROOT_SHOWN 10

/* RFC 4648 base32 of ROOT_SHOWN bytes: five bits a character, no padding left over. */
static void root_text(const guint8 *root, char ret[ROOT_SHOWN * 8 / 5 + 1])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	guint i;
	for (i = 0; i < ROOT_SHOWN * 8 / 5; i++) {
		guint bit = i * 5, byte = bit / 8;
		guint two = (guint)root[byte] << 8 | root[byte + 1];
		ret[i] = letters[two >> (11 - bit % 8) & 31];
	}
	ret[i] = '\0';
}

/* The holder and the slip carry the log's head away: who has it can show later that this
 * request stood in it (README). */
static void put_log(GVariantDict *view, const struct counter *c)
{
	char root[ROOT_SHOWN * 8 / 5 + 1];
	if (!*c->k.receipt.number)
		return;
	root_text(c->k.receipt.root, root);
	g_variant_dict_insert(view, "ledger-size", "t", c->k.receipt.size);
	put_str(view, "ledger-root", root);
	put_bool(view, "sent", c->k.sent);
}

static void put_filed(GVariantDict *view, const struct counter *c)
{
	const struct case_filed *filed = &c->k.filed;
	GVariantDict dict;
	if (!filed->known)
		return;
	g_variant_dict_init(&dict, NULL);
	put_str(&dict, "number", filed->number);
	g_variant_dict_insert(&dict, "filed", "x", filed->filed_at);
	put_bool(&dict, "here", filed->here);
	put_str(&dict, "progress", filed->progress);
	g_variant_dict_insert(&dict, "at", "x", filed->at);
	put_str(&dict, "reason", filed->reason);
	put_bool(&dict, "withdraw", filed->withdraw);
	put_bool(&dict, "anew", filed->ended);
	g_variant_dict_insert_value(view, "status", g_variant_dict_end(&dict));
}

static void put_request(GVariantDict *view, const struct counter *c)
{
	put_str(view, "request", c->k.receipt.number);
	put_log(view, c);
	put_filed(view, c);
	if (c->state == VISIT_CONSENT)
		g_variant_dict_insert_value(view, "payload", case_payload_rows(&c->k));
	if (c->state == VISIT_WITHDRAW)
		g_variant_dict_insert_value(view, "payload",
			g_variant_new_parsed("[('number', %s)]", c->k.filed.number));
	put_bool(view, "shown", c->k.shown);
}

/* A view after a wipe is at least as long as the longest before it, so that it lands on
 * what the last one left in buffers of both processes. */
static GVariant *finish(GVariantDict *dict, struct counter_view *view, enum visit_state state)
{
	GVariant *plain = g_variant_dict_end(dict);
	gsize size = g_variant_get_size(plain);
	if (visit_holds_person(state) || size >= view->longest) {
		view->longest = MAX(view->longest, size);
		return plain;
	}
	g_autoptr(GVariant) old = g_variant_ref_sink(plain);
	g_autofree char *pad = g_strnfill(view->longest - size, ' ');
	g_variant_dict_init(dict, old);
	put_str(dict, "pad", pad);
	return g_variant_dict_end(dict);
}

GVariant *counter_desk_view(struct counter *c)
{
	GVariantDict view;
	gint64 wait = (c->wait_until_us - g_get_monotonic_time()) / G_TIME_SPAN_SECOND;
	g_variant_dict_init(&view, NULL);
	put_flow(&view, c);
	put_office(&view, c);
	put_str(&view, "clerk", c->clerk.label);
	put_str(&view, "second", c->k.second.label);
	put_uint(&view, "wait", wait > 0 ? (guint)wait + 1 : 0);
	put_names(&view, c);
	put_person(&view, c);
	counter_put_check(&view, c);
	put_questions(&view, c);
	put_str(&view, "reason", reason_word(c->k.reason));
	put_bool(&view, "has-phone", c->k.phone[0] != '\0');
	put_route(&view, c);
	put_links(&view);
	counter_put_choices(&view, c);
	put_request(&view, c);
	put_equipment(&view, c);
	put_str(&view, "health-detail", c->health.detail);
	if (c->problem == PROBLEM_NO_DIALECT || c->notice == PROBLEM_NO_DIALECT)
		put_str(&view, "problem-reader", c->field.odd_reader);
	put_incident(&view, c);
	return finish(&view, &c->desk, c->state);
}

GVariant *counter_holder_view(struct counter *c)
{
	GVariantDict view;
	g_variant_dict_init(&view, NULL);
	put_flow(&view, c);
	put_office(&view, c);
	put_names(&view, c);
	put_questions(&view, c);
	put_route(&view, c);
	put_links(&view);
	put_request(&view, c);
	if (visit_wants_tap(c->state))
		put_str(&view, "digest", c->k.digest);
	put_bool(&view, "armed", counter_armed(c));
	put_bool(&view, "away", seats_cards(&c->field.seats, SEAT_ALL) == 0);
	put_uint(&view, "left", c->left);
	put_bool(&view, "contact", c->k.person.contact);
	counter_put_accounts(&view, c, PUT_LAST_FOUR);
	counter_put_chosen(&view, c);
	put_incident(&view, c);
	return finish(&view, &c->holder, c->state);
}

GVariant *counter_health_view(struct counter *c)
{
	GVariantDict view;
	g_variant_dict_init(&view, NULL);
	put_uint(&view, "left", c->left);
	put_uint(&view, "clerk-left", visit_holds_person(c->state) ? counter_clerk_left(c) : 0);
	put_equipment(&view, c);
	return g_variant_dict_end(&view);
}

GVariant *counter_status(struct counter *c)
{
	GVariantDict view;
	g_variant_dict_init(&view, NULL);
	put_str(&view, "state", visit_state_word(c->state));
	g_variant_dict_insert(&view, "visit", "t", c->visit);
	g_variant_dict_insert(&view, "visits", "t", c->visits);
	put_uint(&view, "uptime",
		(guint)((g_get_monotonic_time() - c->started_us) / G_TIME_SPAN_SECOND));
	put_equipment(&view, c);
	put_str(&view, "health-detail", c->health.detail);
	return g_variant_dict_end(&view);
}
