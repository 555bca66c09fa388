/* SPDX-License-Identifier: MIT */
#include "kiosk/case.h"

#include <json-glib/json-glib.h>
#include <openssl/crypto.h>

#include "kiosk/record/seal.h"

#define PAYLOAD_VERSION  "1"
#define PAYLOAD_REQUEST  "reregister-verification-method" /* R01: the one thing asked for */
#define EVIDENCE_VERSION "1"

void case_init(struct visit_case *k)
{
	memset(k, 0, sizeof *k);
	k->reading.reissue = -1;
}

void case_wipe(struct visit_case *k)
{
	g_clear_pointer(&k->payload, g_bytes_unref);
	OPENSSL_cleanse(k, sizeof *k);
	case_init(k);
}

void case_move(struct visit_case *k, gsize i)
{
	struct case_account *to = &k->others[i];
	k->owner = k->person;
	k->moved = TRUE;
	k->person = to->person;
	g_strlcpy(k->source, to->source, sizeof k->source);
	k->as_of = to->as_of;
	k->fallback = to->fallback;
	k->duty = to->duty;
	OPENSSL_cleanse(k->others, sizeof k->others);
	clerk_wipe(&k->second);
	k->has_second = FALSE;
	k->progress = (struct identity_progress){.account_chosen = true};
	k->n_places = 0;
	k->checked_at = 0;
}

gboolean case_is_holder(const struct visit_case *k, const char *common_id)
{
	if (g_str_equal(common_id, k->person.common_id) ||
		(k->moved && g_str_equal(common_id, k->owner.common_id)))
		return TRUE;
	for (gsize i = 0; i < k->person.n_linked; i++)
		if (g_str_equal(common_id, k->person.linked[i]))
			return TRUE;
	return FALSE;
}

static void add(JsonObject *object, const char *name, const char *value)
{
	if (value && *value)
		json_object_set_string_member(object, name, value);
}

static void add_answer(
	JsonObject *object, const char *name, const struct visit_case *k, enum question q)
{
	static const char *const words[] = {
		[ANSWER_OPEN] = "", [ANSWER_YES] = "yes", [ANSWER_NO] = "no"};
	add(object, name, words[k->answers[q]]);
}

static void add_time(JsonObject *object, const char *name, gint64 seconds)
{
	if (seconds == 0)
		return;
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(seconds);
	g_autofree char *text = g_date_time_format(at, "%Y-%m-%dT%H:%M:%S%:z");
	add(object, name, text);
}

/* The five facts of an outage notice (facts/domain.md §11). */
static void add_incident(JsonObject *o, const struct visit_case *k, const struct incident *incident)
{
	if (!incident || k->answers[QUESTION_AFFECTED] != ANSWER_YES)
		return;
	add(o, "incident", incident->id);
	add(o, "incident_carrier", incident->carrier);
	add(o, "incident_other_method", "no");
	add(o, "incident_phone", k->phone);
	add_answer(o, "incident_internet", k, QUESTION_INTERNET);
	add_answer(o, "incident_spare_number", k, QUESTION_SPARE_NUMBER);
}

static void add_person(JsonObject *o, const struct visit_case *k, const struct person_role *role)
{
	add(o, "common_id", k->person.common_id);
	add(o, "name_ja", k->person.name_ja);
	add(o, "name_en", k->person.name_en);
	if (role) {
		add(o, "role", role->kind == ROLE_STUDENT ? "student" : "staff");
		add(o, "affiliation", role->affiliation);
	}
}

static GBytes *to_bytes(JsonObject *take_object)
{
	g_autoptr(JsonNode) root = json_node_new(JSON_NODE_OBJECT);
	json_node_take_object(root, take_object);
	char *text = json_to_string(root, FALSE);
	return seal_secret(text, strlen(text));
}

static const struct person_role *first_role(const struct visit_case *k)
{
	return k->person.n_roles > 0 ? &k->person.roles[0] : NULL;
}

void case_build_payload(struct visit_case *k, const struct case_desk *at)
{
	JsonObject *o = json_object_new();
	guint8 hash[SEAL_HASH_SIZE];
	gsize len;

	add(o, "v", PAYLOAD_VERSION);
	add(o, "request", PAYLOAD_REQUEST);
	add_person(o, k, at->role ? at->role : first_role(k));
	add(o, "reason", reason_word(k->reason));
	add_incident(o, k, at->incident);
	add(o, "document", k->document);
	add(o, "desk", at->desk);
	add(o, "office", at->office);
	add_time(o, "asked_at", at->now);

	g_clear_pointer(&k->payload, g_bytes_unref);
	k->payload = to_bytes(o);
	gconstpointer data = g_bytes_get_data(k->payload, &len);
	seal_sha256(data, len, hash);
	for (guint i = 0; i < sizeof hash; i++)
		g_snprintf(k->digest + 2 * i, 3, "%02x", hash[i]);
	k->shown = FALSE;
}

static void add_card_evidence(JsonObject *o, const struct visit_case *k)
{
	add(o, "identity", k->has_card ? "card" : "document");
	if (!k->has_card) {
		add(o, "document", k->document);
		add(o, "no_card_reason", k->no_card_reason);
		return;
	}
	add(o, "layout", k->reading.layout);
	add(o, "assurance",
		k->reading.assurance == CARD_MAC_VERIFIED ? "mac-verified" : "unauthenticated");
	add(o, "face_check", k->progress.digits_passed ? "photo-and-digits" : "");
}

static void add_verdicts(JsonObject *o, const struct visit_case *k)
{
	g_autoptr(GString) words = g_string_new(NULL);
	for (guint v = 0; v < VERDICT_COUNT; v++) {
		if (!k->verdicts.set[v])
			continue;
		g_string_append_printf(words, "%s%s", words->len ? "," : "", verdict_row(v)->word);
		if (k->progress.decided[v] != GROUND_NONE)
			g_string_append_printf(words, "=%s", ground_word(k->progress.decided[v]));
	}
	add(o, "verdicts", words->str);
}

/* R17: which of several accounts it is, and by which one the visit began. */
static void add_accounts(JsonObject *o, const struct visit_case *k)
{
	if (!k->progress.account_chosen)
		return;
	add(o, "account", k->person.common_id);
	add(o, k->has_card ? "account_of_card" : "account_asked",
		k->moved ? k->owner.common_id : k->person.common_id);
}

static void add_directory(JsonObject *o, const struct visit_case *k)
{
	add(o, "directory", k->source);
	add(o, "directory_fallback", k->fallback ? "yes" : "");
	add_time(o, "directory_as_of", k->as_of);
}

static void add_consent(JsonObject *o, const struct visit_case *k)
{
	add(o, "consent", k->consent_by_card ? "same-card-tapped" : "on-screen");
	add_time(o, "consent_at", k->consented_at);
	add(o, "consent_language", k->shown_language);
	add(o, "consent_digest", k->digest);
	add(o, "consent_text_version", PAYLOAD_VERSION);
}

GBytes *case_build_evidence(
	const struct visit_case *k, const struct case_desk *at, const struct clerk *clerk)
{
	JsonObject *o = json_object_new();
	add(o, "v", EVIDENCE_VERSION);
	add_card_evidence(o, k);
	add_accounts(o, k);
	add_directory(o, k);
	add_verdicts(o, k);
	add_time(o, "checked_at", k->checked_at);
	add(o, "clerk", clerk->common_id);
	if (k->has_second)
		add(o, "second_clerk", k->second.common_id);
	add_consent(o, k);
	add(o, "reason", reason_word(k->reason));
	add(o, "unusable_methods", "all");
	add(o, "desk", at->desk);
	add_time(o, "filed_at", at->now);
	return to_bytes(o);
}

static void add_row(JsonObject *object, const char *name, JsonNode *node, gpointer data)
{
	g_variant_builder_add(data, "(ss)", name, json_node_get_string(node));
}

GVariant *case_payload_rows(const struct visit_case *k)
{
	GVariantBuilder rows;
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ss)"));
	if (k->payload) {
		gsize len;
		const char *text = g_bytes_get_data(k->payload, &len);
		g_autoptr(JsonParser) parser = json_parser_new();
		if (json_parser_load_from_data(parser, text, (gssize)len, NULL))
			json_object_foreach_member(
				json_node_get_object(json_parser_get_root(parser)), add_row, &rows);
	}
	return g_variant_builder_end(&rows);
}
