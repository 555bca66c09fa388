/* SPDX-License-Identifier: MIT
 *
 * directory_lookup.c - madoguchictl directory lookup NUMBER
 *
 * Prints what the counter would find: names and numbers, for IT staff.
 */
#include <string.h>

#include "kiosk/ctl/ctl.h"
#include "kiosk/directory/snapshot.h"

#define KINDS_MAX 16

static const char *const answer_words[] = {
	[DIRECTORY_ONE] = "one",
	[DIRECTORY_NONE] = "none",
	[DIRECTORY_SEVERAL] = "several",
	[DIRECTORY_UNMAPPED] = "unmapped",
	[DIRECTORY_DOWN] = "down",
};

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

struct asking {
	GMainLoop *loop;
	struct directory_result result;
};

static void on_answer(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct asking *asking = data;
	asking->result = *result;
	g_main_loop_quit(asking->loop);
}

static void ask(struct directory *dir, const char *kind, const char *value, struct asking *asking)
{
	directory_lookup(dir, kind, value, 0, NULL, on_answer, asking);
	g_main_loop_run(asking->loop);
}

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

static void print_json(const char *kind, const struct directory_result *result)
{
	const struct person *p = &result->person;
	GVariantDict dict;
	g_variant_dict_init(&dict, NULL);
	g_variant_dict_insert(&dict, "kind", "s", kind);
	g_variant_dict_insert(&dict, "answer", "s", answer_words[result->answer]);
	g_variant_dict_insert(&dict, "as-of", "x", result->as_of);
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

static void print_text(const char *kind, const struct directory_result *result)
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
}

/* Kinds the layouts in force can yield. Returns how many; borrowed from `config`. */
static gsize kinds_of(const struct config *config, const char *ret[KINDS_MAX])
{
	gsize n = 0;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	ret[n++] = DIRECTORY_KEY_COMMON_ID;
	g_hash_table_add(seen, (gpointer)DIRECTORY_KEY_COMMON_ID);
	for (gsize i = 0; i < config->n_layouts; i++) {
		const struct card_layout *layout = &config->layouts[i];
		for (gsize j = 0; j <= layout->n_classes && n < KINDS_MAX; j++) {
			const char *kind = j < layout->n_classes ? layout->classes[j].key_kind
								 : layout->key_kind;
			if (kind[0] && g_hash_table_add(seen, (gpointer)kind))
				ret[n++] = kind;
		}
	}
	return n;
}

/* TRUE if it is exactly one account. */
static gboolean lookup(struct ctl *ctl, const char *const *kinds, gsize n, const char *value)
{
	struct asking asking = {.loop = g_main_loop_new(NULL, FALSE)};
	struct directory *dir = snapshot_open(ctl->config->snapshot, ctl->keys);
	gsize found = 0;
	for (gsize i = 0; i < n; i++) {
		ask(dir, kinds[i], value, &asking);
		found += asking.result.answer == DIRECTORY_ONE;
		/* One kind asked for is always answered; of all kinds, those that fit. */
		if (n == 1 || asking.result.answer == DIRECTORY_ONE ||
			asking.result.answer == DIRECTORY_SEVERAL)
			ctl->json ? print_json(kinds[i], &asking.result)
				  : print_text(kinds[i], &asking.result);
		person_wipe(&asking.result.person);
	}
	directory_free(dir);
	g_main_loop_unref(asking.loop);
	return found == 1;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autofree char *kind = NULL;
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {
		{"kind", 0, 0, G_OPTION_ARG_STRING, &kind,
			"Kind of the number; otherwise every kind a card may state", "KIND"},
		{0},
	};
	const char *kinds[KINDS_MAX];
	struct snapshot_info info;
	if (!ctl_parse(ctl, &verb_directory_lookup, entries, 1, 1, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load(ctl, &error) || !ctl_open_keys(ctl, &error) ||
		!snapshot_info(ctl->config->snapshot, ctl->keys, &info, &error))
		return ctl_fail(error);
	gsize n = kinds_of(ctl->config, kinds);
	if (kind) {
		kinds[0] = kind;
		n = 1;
	}
	if (lookup(ctl, kinds, n, argv[1]))
		return CTL_OK;
	g_printerr("madoguchictl: not exactly one account has this number\n");
	return CTL_FAILED;
}

const struct verb verb_directory_lookup = {"directory lookup", "NUMBER [--kind KIND] [--json]",
	"Print the account a number leads to: names and numbers, for IT staff", run};
