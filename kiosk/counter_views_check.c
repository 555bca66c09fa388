/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_put.h"

#define LAST_FOUR 4

static void put_verdicts(GVariantDict *view, const struct counter *c)
{
	static const char *const severities[] = {
		[VERDICT_INFO] = "info",
		[VERDICT_DECIDE] = "decide",
		[VERDICT_SECOND] = "second",
		[VERDICT_STOP] = "stop",
	};
	GVariantBuilder rows;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ssb)"));
	for (guint v = 0; v < VERDICT_COUNT; v++)
		if (c->k.verdicts.set[v])
			g_variant_builder_add(&rows, "(ssb)", verdict_row(v)->word,
				severities[verdict_row(v)->severity],
				(gboolean)identity_settled(v, &c->k.progress));
	g_variant_dict_insert_value(view, "verdicts", g_variant_builder_end(&rows));
}

static void put_digits(GVariantDict *view, const struct counter *c)
{
	const struct visit_case *k = &c->k;
	GVariantBuilder places;
	g_variant_builder_init(&places, G_VARIANT_TYPE("au"));
	for (guint i = 0; i < k->n_places && !k->progress.digits_passed; i++)
		g_variant_builder_add(&places, "u", (guint)k->places[i]);
	g_variant_dict_insert_value(view, "digits-places", g_variant_builder_end(&places));
	put_uint(view, "digits-length", c->parts.config->digits.length);
	put_uint(view, "digits-left", DIGITS_TRIES - k->tries);
	put_bool(view, "digits-passed", k->progress.digits_passed);
	/* The desk carries no number of the directory before the clerk has looked. */
	if (k->progress.digits_passed)
		put_str(view, "common-id", k->person.common_id);
}

static void put_source(GVariantDict *view, const struct visit_case *k)
{
	if (!k->found)
		return;
	put_str(view, "source", k->source);
	if (k->as_of != 0)
		put_uint(view, "source-hours", (guint)(MAX(counter_now() - k->as_of, 0) / 3600));
}

static const char *shown_id(const char *common_id, enum put_ids ids)
{
	gsize len = strlen(common_id);
	return ids == PUT_LAST_FOUR && len > LAST_FOUR ? common_id + len - LAST_FOUR : common_id;
}

/* `person` NULL: the directory has not said (yet) what `common_id` is. */
static void add_account(GVariantBuilder *rows, const struct counter *c, const char *common_id,
	const struct person *person)
{
	const struct config *config = c->parts.config;
	const struct person_role *role =
		person ? identity_role(person, config->own_office, counter_civil()) : NULL;
	const struct office *office =
		role ? office_serving(&config->offices, role->kind, role->affiliation) : NULL;
	g_variant_builder_add(rows, "(ssss)", common_id,
		!role                        ? ""
		: role->kind == ROLE_STUDENT ? "student"
					     : "staff",
		office ? office->name_ja : "", office ? office->name_en : "");
}

void counter_put_accounts(GVariantDict *view, const struct counter *c, enum put_ids ids)
{
	const struct visit_case *k = &c->k;
	GVariantBuilder rows;
	if (c->state != VISIT_CHECK || counter_gate(c) != GATE_ACCOUNT)
		return;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ssss)"));
	add_account(&rows, c, shown_id(k->person.common_id, ids), &k->person);
	for (gsize i = 0; i < k->person.n_linked; i++)
		add_account(&rows, c, shown_id(k->person.linked[i], ids),
			k->others[i].found ? &k->others[i].person : NULL);
	g_variant_dict_insert_value(view, "accounts", g_variant_builder_end(&rows));
}

void counter_put_check(GVariantDict *view, const struct counter *c)
{
	static const char *const gates[] = {
		[GATE_STOP] = "stop",
		[GATE_DIGITS] = "digits",
		[GATE_ACCOUNT] = "account",
		[GATE_DECIDE] = "decide",
		[GATE_SECOND] = "second",
		[GATE_PASS] = "pass",
	};
	_Static_assert(G_N_ELEMENTS(gates) == GATE_COUNT, "one word for each gate");
	put_verdicts(view, c);
	put_digits(view, c);
	put_str(view, "gate", gates[counter_gate(c)]);
	put_source(view, &c->k);
	counter_put_accounts(view, c, PUT_WHOLE);
	counter_put_chosen(view, c);
}

void counter_put_chosen(GVariantDict *view, const struct counter *c)
{
	if (c->k.progress.account_chosen)
		put_str(view, "account", c->k.moved ? "other" : "first");
}

static void put_documents(GVariantDict *view, const struct config *config)
{
	const struct office *office = config->own_office;
	GVariantBuilder codes;
	if (!office->own_documents) {
		if (config->documents)
			g_variant_dict_insert(view, "documents", "^as", config->documents);
		return;
	}
	g_variant_builder_init(&codes, G_VARIANT_TYPE("as"));
	for (gsize i = 0; i < office->n_documents; i++)
		g_variant_builder_add(&codes, "s", office->documents[i]);
	g_variant_dict_insert_value(view, "documents", g_variant_builder_end(&codes));
}

/* The reason "incident" is not chosen: it follows from an answer. */
void counter_put_choices(GVariantDict *view, const struct counter *c)
{
	GVariantBuilder reasons, grounds;
	g_variant_builder_init(&reasons, G_VARIANT_TYPE("as"));
	for (guint r = REASON_NONE + 1; r < REASON_COUNT; r++)
		if (r != REASON_INCIDENT)
			g_variant_builder_add(&reasons, "s", reason_word(r));
	g_variant_dict_insert_value(view, "reasons", g_variant_builder_end(&reasons));
	g_variant_builder_init(&grounds, G_VARIANT_TYPE("as"));
	for (guint g = GROUND_NONE + 1; g < GROUND_COUNT; g++)
		g_variant_builder_add(&grounds, "s", ground_word(g));
	g_variant_dict_insert_value(view, "grounds", g_variant_builder_end(&grounds));
	put_documents(view, c->parts.config);
}
