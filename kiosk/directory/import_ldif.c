/* SPDX-License-Identifier: MIT
 *
 * import_ldif.c - the attributes of an LDIF import; see import.h.
 *
 * Names come from inetOrgPerson, eduPerson and GakuNin's schema; what those
 * have no place for stands in attributes of our own (madoguchi*).
 */
#include "kiosk/directory/import.h"

#include <string.h>

#include <openssl/crypto.h>

#include "kiosk/directory/ldif.h"

#define PARTS_MAX 5

struct ldif_reader {
	struct import_reader reader;
	struct ldif ldif;
};

/* Where an entry is being read to. */
struct entry {
	struct import_record record;
	const struct ldif *ldif;
	const struct ldif_attribute *at; /* the value that is looked at, for messages */
};

/* A person's own fields. The first attribute of a target that an entry has wins. */
#define FIELD(member)                                                                              \
	offsetof(struct import_record, member), sizeof(((struct import_record *)0)->member)

static const struct {
	const char *name;
	enum import_type type;
	gsize offset, size;
} fields[] = {
	{"employeeNumber", IMPORT_COMMON_ID, FIELD(person.common_id)},
	{"uid", IMPORT_COMMON_ID, FIELD(person.common_id)},
	{"displayName;lang-ja", IMPORT_TEXT, FIELD(person.name_ja)},
	{"jaDisplayName", IMPORT_TEXT, FIELD(person.name_ja)},
	{"displayName;lang-en", IMPORT_TEXT, FIELD(person.name_en)},
	{"cn", IMPORT_TEXT, FIELD(person.name_en)},
	{"madoguchiStatus", IMPORT_STATUS, FIELD(person.status)},
	{"madoguchiContact", IMPORT_YES_NO, FIELD(person.contact)},
	{"madoguchiPrivileged", IMPORT_YES_NO, FIELD(person.privileged)},
	{"madoguchiPersonKey", IMPORT_TEXT, FIELD(link)},
};

/* What the scoped codes of GakuNin's schema call the number, and the role of an affiliation. */
static const struct {
	const char *affiliation, *key_kind;
	enum person_role_kind role;
} affiliations[] = {
	{"student", "student-number", ROLE_STUDENT},
	{"staff", "staff-number", ROLE_STAFF},
	{"faculty", "staff-number", ROLE_STAFF},
};

static const struct ldif_attribute *find(const struct ldif *ldif, const char *name)
{
	for (gsize i = 0; i < ldif->n_attributes; i++)
		if (g_ascii_strcasecmp(ldif->attributes[i].name, name) == 0)
			return &ldif->attributes[i];
	return NULL;
}

static gboolean is(const struct ldif_attribute *attribute, const char *name)
{
	return g_ascii_strcasecmp(attribute->name, name) == 0;
}

static int find_affiliation(const char *text, gsize len)
{
	for (int i = 0; i < (int)G_N_ELEMENTS(affiliations); i++)
		if (strlen(affiliations[i].affiliation) == len &&
			g_ascii_strncasecmp(affiliations[i].affiliation, text, len) == 0)
			return i;
	return -1;
}

/* Which of two the account has is not ours to guess. */
static const struct ldif_attribute *second_id(const struct ldif *ldif)
{
	const struct ldif_attribute *first = find(ldif, "employeeNumber");
	if (!first)
		first = find(ldif, "uid");
	for (gsize i = 0; first && i < ldif->n_attributes; i++)
		if (is(&ldif->attributes[i], first->name) && &ldif->attributes[i] != first)
			return &ldif->attributes[i];
	return NULL;
}

static const char *take_fields(struct entry *entry)
{
	gsize taken = G_MAXSIZE;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		const struct ldif_attribute *found = find(entry->ldif, fields[i].name);
		if (!found || fields[i].offset == taken)
			continue;
		entry->at = found;
		const char *why = import_take(fields[i].type, found->value,
			(char *)&entry->record + fields[i].offset, fields[i].size);
		if (why)
			return why;
		taken = fields[i].offset;
	}
	entry->at = second_id(entry->ldif);
	if (entry->at)
		return "a second common id in one entry";
	if (entry->record.person.common_id[0] == '\0')
		return "no employeeNumber and no uid";
	entry->record.has_status = find(entry->ldif, "madoguchiStatus") != NULL;
	entry->record.has_contact = find(entry->ldif, "madoguchiContact") != NULL;
	entry->record.has_privileged = find(entry->ldif, "madoguchiPrivileged") != NULL;
	return NULL;
}

/* Cut "a:b:c" in `copy`; parts that are not there are "". FALSE: too many. */
static gboolean split(char *copy, const char *ret_parts[PARTS_MAX])
{
	gsize n = 0;
	for (gsize i = 0; i < PARTS_MAX; i++)
		ret_parts[i] = "";
	for (char *p = copy; p; n++) {
		char *colon = strchr(p, ':');
		if (n == PARTS_MAX)
			return FALSE;
		ret_parts[n] = p;
		if (colon)
			*colon++ = '\0';
		p = colon;
	}
	return TRUE;
}

/* madoguchiCard: kind:number:reissue:expires:status */
static const char *own_card(struct person *person, const char *parts[PARTS_MAX])
{
	struct person_card card = {.reissue = -1};
	const char *why = import_take(IMPORT_WORD, parts[0], card.kind, sizeof card.kind);
	if (!why)
		why = import_take(IMPORT_WORD, parts[1], card.number, sizeof card.number);
	if (!why)
		why = import_take(IMPORT_REISSUE, parts[2], &card.reissue, sizeof card.reissue);
	if (!why)
		why = import_take(IMPORT_DATE, parts[3], &card.expires, sizeof card.expires);
	if (!why)
		why = import_take(IMPORT_CARD_STATUS, parts[4], &card.status, sizeof card.status);
	if (!why && (!card.kind[0] || !card.number[0]))
		why = "expected kind:number:reissue:expires:status";
	return why ? why : import_add_card(person, &card);
}

/* madoguchiRole: role:affiliation:from:until */
static const char *own_role(struct person *person, const char *parts[PARTS_MAX])
{
	struct person_role role = {0};
	const char *why = import_take(IMPORT_ROLE_KIND, parts[0], &role.kind, sizeof role.kind);
	if (!why)
		why = import_take(IMPORT_WORD, parts[1], role.affiliation, sizeof role.affiliation);
	if (!why)
		why = import_take(IMPORT_DATE, parts[2], &role.from, sizeof role.from);
	if (!why)
		why = import_take(IMPORT_DATE, parts[3], &role.until, sizeof role.until);
	if (!why && (!parts[0][0] || !parts[1][0] || parts[4][0]))
		why = "expected role:affiliation:from:until";
	return why ? why : import_add_role(person, &role);
}

static const char *take_own(struct entry *entry, const char *name,
	const char *(*take)(struct person *person, const char *parts[PARTS_MAX]))
{
	for (gsize i = 0; i < entry->ldif->n_attributes; i++) {
		const struct ldif_attribute *a = &entry->ldif->attributes[i];
		char copy[256];
		const char *parts[PARTS_MAX];
		if (!is(a, name))
			continue;
		entry->at = a;
		const char *why = "too long, or too many parts";
		if (g_strlcpy(copy, a->value, sizeof copy) < sizeof copy && split(copy, parts))
			why = take(&entry->record.person, parts);
		OPENSSL_cleanse(copy, sizeof copy);
		if (why)
			return why;
	}
	return NULL;
}

/* gakuninScopedPersonalUniqueCode: affiliation:identifier@scope. Affiliations that
 * own no card here (alum, member …) are passed over. */
static const char *scoped_card(struct entry *entry, const char *text)
{
	const char *colon = strchr(text, ':');
	const char *at = strrchr(text, '@');
	if (!colon || !at || at < colon)
		return "expected affiliation:identifier@scope";
	int i = find_affiliation(text, (gsize)(colon - text));
	if (i < 0)
		return NULL;
	struct person_card card = {.reissue = -1};
	char number[PERSON_NUMBER_SIZE];
	gsize len = (gsize)(at - colon - 1);
	if (len == 0 || len >= sizeof number)
		return "expected an identifier of at most 31 characters";
	memcpy(number, colon + 1, len);
	number[len] = '\0';
	g_strlcpy(card.kind, affiliations[i].key_kind, sizeof card.kind);
	const char *why = import_take(IMPORT_WORD, number, card.number, sizeof card.number);
	OPENSSL_cleanse(number, sizeof number);
	return why ? why : import_add_card(&entry->record.person, &card);
}

static const char *take_scoped(struct entry *entry)
{
	const char *why = NULL;
	for (gsize i = 0; !why && i < entry->ldif->n_attributes; i++) {
		const struct ldif_attribute *a = &entry->ldif->attributes[i];
		if (!is(a, "gakuninScopedPersonalUniqueCode"))
			continue;
		entry->at = a;
		why = scoped_card(entry, a->value);
	}
	return why;
}

/* One affiliation word, for each unit of the entry. */
static const char *role_of_units(struct entry *entry, enum person_role_kind kind, const char *unit)
{
	const char *why = NULL;
	for (gsize i = 0; !why && i < entry->ldif->n_attributes; i++) {
		const struct ldif_attribute *a = &entry->ldif->attributes[i];
		struct person_role role = {.kind = kind};
		if (!is(a, unit))
			continue;
		entry->at = a;
		why = import_take(IMPORT_WORD, a->value, role.affiliation, sizeof role.affiliation);
		if (!why && role.affiliation[0])
			why = import_add_role(&entry->record.person, &role);
	}
	return why;
}

/* eduPersonAffiliation with departmentNumber, or with ou where there is none: the
 * standard has no terms, so these roles are open. */
static const char *take_affiliations(struct entry *entry)
{
	const char *why = NULL;
	const char *unit = find(entry->ldif, "departmentNumber") ? "departmentNumber" : "ou";
	for (gsize i = 0; !why && i < entry->ldif->n_attributes; i++) {
		const struct ldif_attribute *a = &entry->ldif->attributes[i];
		int found = find_affiliation(a->value, strlen(a->value));
		if (is(a, "eduPersonAffiliation") && found >= 0)
			why = role_of_units(entry, affiliations[found].role, unit);
	}
	return why;
}

static const char *take_entry(struct entry *entry)
{
	const char *why = take_fields(entry);
	if (why)
		return why;
	gboolean own_cards = find(entry->ldif, "madoguchiCard") != NULL;
	gboolean own_roles = find(entry->ldif, "madoguchiRole") != NULL;
	why = own_cards ? take_own(entry, "madoguchiCard", own_card) : take_scoped(entry);
	if (why)
		return why;
	return own_roles ? take_own(entry, "madoguchiRole", own_role) : take_affiliations(entry);
}

/* Entries above the people (dc=, ou=) come with every export. */
static gboolean is_person(const struct ldif *ldif)
{
	static const char *const classes[] = {
		"person", "organizationalPerson", "inetOrgPerson", "eduPerson"};
	gboolean has_class = FALSE;
	for (gsize i = 0; i < ldif->n_attributes; i++) {
		const struct ldif_attribute *a = &ldif->attributes[i];
		if (!is(a, "objectClass"))
			continue;
		has_class = TRUE;
		for (gsize j = 0; j < G_N_ELEMENTS(classes); j++)
			if (g_ascii_strcasecmp(a->value, classes[j]) == 0)
				return TRUE;
	}
	return !has_class;
}

static enum ldif_got next_person(struct ldif *ldif, const char **ret_why)
{
	enum ldif_got got;
	do {
		got = ldif_next(ldif, ret_why);
	} while (got == LDIF_ENTRY && !is_person(ldif));
	return got;
}

static enum import_got ldif_reader_next(struct import_reader *reader, struct import_record *ret,
	guint *ret_line, struct import_fault *fault)
{
	struct ldif_reader *r = (struct ldif_reader *)reader;
	const char *why = NULL;
	enum ldif_got got = next_person(&r->ldif, &why);
	if (got == LDIF_END)
		return IMPORT_END;
	if (got == LDIF_BAD) {
		*fault = (struct import_fault){r->ldif.entry_line, "", why};
		return IMPORT_BAD;
	}
	struct entry entry = {.ldif = &r->ldif};
	why = take_entry(&entry);
	if (!why) {
		*ret = entry.record;
		*ret_line = r->ldif.entry_line;
	} else {
		*fault = (struct import_fault){r->ldif.entry_line, "", why};
		if (entry.at) {
			fault->line = entry.at->line;
			g_strlcpy(fault->column, entry.at->name, sizeof fault->column);
		}
	}
	OPENSSL_cleanse(&entry, sizeof entry);
	return why ? IMPORT_BAD : IMPORT_RECORD;
}

static struct import_reader *ldif_reader_free(struct import_reader *reader)
{
	struct ldif_reader *r = (struct ldif_reader *)reader;
	ldif_wipe(&r->ldif);
	g_free(r);
	return NULL;
}

struct import_reader *import_ldif_new(FILE *in)
{
	static const struct import_reader_ops ops = {ldif_reader_next, ldif_reader_free};
	struct ldif_reader *r = g_new0(struct ldif_reader, 1);
	r->reader.ops = &ops;
	ldif_init(&r->ldif, in);
	return &r->reader;
}
