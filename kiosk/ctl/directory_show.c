/* SPDX-License-Identifier: MIT
 *
 * directory_show.c - what a look-up found, as text and as JSON; see directory_ask.h.
 */
#include "kiosk/ctl/ctl.h"
#include "kiosk/ctl/directory_ask.h"

#define HOUR_S 3600

static const char *const answer_words[] = {
	[DIRECTORY_ONE] = "one",
	[DIRECTORY_NONE] = "none",
	[DIRECTORY_SEVERAL] = "several",
	[DIRECTORY_UNMAPPED] = "unmapped",
	[DIRECTORY_DOWN] = "down",
};

const char *directory_answer_word(enum directory_answer answer)
{
	return answer_words[answer];
}

static const char *const status_words[] = {
	[PERSON_ACTIVE] = "active",
	[PERSON_INACTIVE] = "inactive",
	[PERSON_CLOSED] = "closed",
};

static const char *const card_words[] = {
	[PCARD_VALID] = "valid",
	[PCARD_LOST] = "lost",
	[PCARD_REPLACED] = "replaced",
};

static GVariant *cards_of(const struct person *p)
{
	GVariantBuilder cards;
	g_variant_builder_init(&cards, G_VARIANT_TYPE("aa{sv}"));
	for (gsize i = 0; i < p->n_cards; i++) {
		const struct person_card *card = &p->cards[i];
		GVariantDict dict;
		g_variant_dict_init(&dict, NULL);
		g_variant_dict_insert(&dict, "kind", "s", card->kind);
		g_variant_dict_insert(&dict, "number", "s", card->number);
		g_variant_dict_insert(&dict, "reissue", "i", card->reissue);
		g_variant_dict_insert(&dict, "expires", "i", card->expires);
		g_variant_dict_insert(&dict, "status", "s", card_words[card->status]);
		g_variant_builder_add_value(&cards, g_variant_dict_end(&dict));
	}
	return g_variant_builder_end(&cards);
}

static const char *role_word(const struct person_role *role)
{
	return role->kind == ROLE_STUDENT ? "student" : "staff";
}

static GVariant *roles_of(const struct person *p)
{
	GVariantBuilder roles;
	g_variant_builder_init(&roles, G_VARIANT_TYPE("aa{sv}"));
	for (gsize i = 0; i < p->n_roles; i++) {
		GVariantDict dict;
		g_variant_dict_init(&dict, NULL);
		g_variant_dict_insert(&dict, "role", "s", role_word(&p->roles[i]));
		g_variant_dict_insert(&dict, "affiliation", "s", p->roles[i].affiliation);
		g_variant_dict_insert(&dict, "from", "i", p->roles[i].from);
		g_variant_dict_insert(&dict, "until", "i", p->roles[i].until);
		g_variant_builder_add_value(&roles, g_variant_dict_end(&dict));
	}
	return g_variant_builder_end(&roles);
}

static GVariant *linked_of(const struct person *p)
{
	GVariantBuilder linked;
	g_variant_builder_init(&linked, G_VARIANT_TYPE("as"));
	for (gsize i = 0; i < p->n_linked; i++)
		g_variant_builder_add(&linked, "s", p->linked[i]);
	return g_variant_builder_end(&linked);
}

/* Seconds; 0: asked just now. */
static gint64 age_of(const struct directory_result *result)
{
	return result->as_of == 0 ? 0 : g_get_real_time() / G_USEC_PER_SEC - result->as_of;
}

void directory_show_json(const char *kind, const struct directory_result *result)
{
	const struct person *p = &result->person;
	GVariantDict dict;
	g_variant_dict_init(&dict, NULL);
	g_variant_dict_insert(&dict, "kind", "s", kind);
	g_variant_dict_insert(&dict, "answer", "s", answer_words[result->answer]);
	g_variant_dict_insert(&dict, "source", "s", result->source ? result->source : "");
	g_variant_dict_insert(&dict, "fallback", "b", result->fallback);
	g_variant_dict_insert(&dict, "as-of", "x", result->as_of);
	g_variant_dict_insert(&dict, "age-seconds", "x", age_of(result));
	if (result->answer == DIRECTORY_ONE) {
		g_variant_dict_insert(&dict, "common-id", "s", p->common_id);
		g_variant_dict_insert(&dict, "name-ja", "s", p->name_ja);
		g_variant_dict_insert(&dict, "name-en", "s", p->name_en);
		g_variant_dict_insert(&dict, "status", "s", status_words[p->status]);
		g_variant_dict_insert(&dict, "contact", "b", p->contact);
		g_variant_dict_insert(&dict, "privileged", "b", p->privileged);
		g_variant_dict_insert_value(&dict, "cards", cards_of(p));
		g_variant_dict_insert_value(&dict, "roles", roles_of(p));
		g_variant_dict_insert_value(&dict, "linked", linked_of(p));
	}
	ctl_print_json(g_variant_dict_end(&dict));
}

static void print_source(const struct directory_result *result)
{
	const char *rest = result->fallback ? "; a source before it did not answer" : "";
	g_autofree char *when = ctl_time(result->as_of);
	if (result->as_of == 0)
		g_print("  from %s, asked just now%s\n", result->source, rest);
	else
		g_print("  from %s, as of %s, %" G_GINT64_FORMAT " hours ago%s\n", result->source,
			when, age_of(result) / HOUR_S, rest);
}

static void print_lists(const struct person *p)
{
	for (gsize i = 0; i < p->n_cards; i++) {
		const struct person_card *card = &p->cards[i];
		g_print("  card %s %s, reissue %d, expires %d, %s\n", card->kind, card->number,
			card->reissue, card->expires, card_words[card->status]);
	}
	for (gsize i = 0; i < p->n_roles; i++) {
		const struct person_role *role = &p->roles[i];
		g_print("  role %s of %s, from %d until %d\n", role_word(role), role->affiliation,
			role->from, role->until);
	}
	for (gsize i = 0; i < p->n_linked; i++)
		g_print("  linked %s\n", p->linked[i]);
}

void directory_show_text(const char *kind, const struct directory_result *result)
{
	const struct person *p = &result->person;
	g_print("%s: %s\n", kind, answer_words[result->answer]);
	if (result->answer != DIRECTORY_ONE)
		return;
	g_print("  %s, %s, %s\n", p->common_id, p->name_ja[0] ? p->name_ja : "-",
		p->name_en[0] ? p->name_en : "-");
	g_print("  %s, notice address %s, privileged %s\n", status_words[p->status],
		p->contact ? "yes" : "no", p->privileged ? "yes" : "no");
	print_lists(p);
	print_source(result);
}
