/* SPDX-License-Identifier: MIT */
#include "kiosk/config/config.h"

#include <gio/gio.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/un.h>

#include "config-defaults.h"
#include "kiosk/config/directories.h"
#include "kiosk/config/intakes.h"
#include "kiosk/config/layouts.h"
#include "kiosk/config/needs.h"
#include "kiosk/config/offices.h"
#include "kiosk/directory/person.h"
#include "pcsc/transport.h"

#define DEFAULTS         "/madoguchi/defaults/"
#define DATA_DIR         "/var/lib/madoguchi"
#define SOCKET           "/run/madoguchi/counter.sock"
#define SOCKET_NAME      "counter.sock" /* in a data folder named on the command line */
#define KEY_NAME         "master.key"
#define KEY_DIR_NAME     "keys"
#define SNAPSHOT_NAME    "directory.db"
#define FLEET_KEY_NAME   "fleet.key"
#define INCIDENTS_NAME   "incidents"
#define USERS_MAX        16
#define READERS_MAX      16
#define DOCUMENTS_MAX    16
#define MAC_KEYS_MAX     8
#define READERS_EXPECTED "at most 16 reader names or beginnings of names"
#define WORD_SIZE        24
#define WORD_CHARS       G_CSET_a_2_z G_CSET_DIGITS "-"
#define SOCKET_MAX       (sizeof(((struct sockaddr_un *)0)->sun_path) - 1)

G_DEFINE_QUARK(madoguchi - config - error, config_error)

/* Paths that are looked at once and not kept. */
struct settings {
	struct config c;
	struct directories d; /* goes to c.directories */
	struct intakes in;    /* goes to c.intakes */
	char *layouts, *offices;
};

static gboolean parse_id(const char *text, guint32 *ret)
{
	guint64 id;
	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32 - 1, &id, NULL))
		return FALSE;
	*ret = (guint32)id;
	return TRUE;
}

static gboolean parse_user(const char *text, guint32 *ret)
{
	const struct passwd *user = parse_id(text, ret) ? NULL : getpwnam(text);
	if (user)
		*ret = user->pw_uid;
	return user || parse_id(text, ret);
}

static const char *parse_users(char *const *items, gpointer base)
{
	struct config *c = base;
	guint n = g_strv_length((char **)items);

	g_clear_pointer(&c->uids, g_free);
	c->n_uids = 0;
	if (n > USERS_MAX)
		return items[USERS_MAX];
	c->uids = n > 0 ? g_new(guint32, n) : NULL;
	for (; *items; items++) {
		if (!parse_user(*items, &c->uids[c->n_uids]))
			return *items;
		c->n_uids++;
	}
	return NULL;
}

static const char *parse_group(char *const *items, gpointer field)
{
	guint32 id = G_MAXUINT32;

	if (items[0] && !parse_id(items[0], &id)) {
		const struct group *group = getgrnam(items[0]);
		if (!group)
			return items[0];
		id = group->gr_gid;
	}
	*(guint32 *)field = id;
	return NULL;
}

static void copy_list(char *const *items, gpointer field)
{
	char ***to = field;
	g_strfreev(*to);
	*to = g_strdupv((char **)items);
}

static const char *parse_readers(char *const *items, gpointer field)
{
	if (g_strv_length((char **)items) > READERS_MAX)
		return items[READERS_MAX];
	for (char *const *item = items; *item; item++)
		if (strlen(*item) >= READER_NAME_SIZE)
			return *item;
	copy_list(items, field);
	return NULL;
}

static const char *parse_documents(char *const *items, gpointer field)
{
	if (g_strv_length((char **)items) > DOCUMENTS_MAX)
		return items[DOCUMENTS_MAX];
	for (char *const *item = items; *item; item++)
		if (strlen(*item) >= WORD_SIZE || strspn(*item, WORD_CHARS) != strlen(*item))
			return *item;
	copy_list(items, field);
	return NULL;
}

static const char *parse_mac_keys(char *const *items, gpointer field)
{
	if (g_strv_length((char **)items) > MAC_KEYS_MAX)
		return items[MAC_KEYS_MAX];
	for (char *const *item = items; *item; item++) {
		if (strlen(*item) >= WORD_SIZE || strspn(*item, WORD_CHARS) != strlen(*item))
			return *item;
		for (char *const *other = items; other < item; other++)
			if (strcmp(*other, *item) == 0)
				return *item;
	}
	copy_list(items, field);
	return NULL;
}

static const char *parse_assurance(char *const *items, gpointer field)
{
	gboolean mac = g_strcmp0(items[0], "mac") == 0;
	if (!mac && g_strcmp0(items[0], "any") != 0)
		return items[0] ? items[0] : "";
	*(enum card_assurance *)field = mac ? CARD_MAC_VERIFIED : CARD_UNAUTHENTICATED;
	return NULL;
}

static const char *parse_small(char *const *items, gpointer field)
{
	guint64 value;
	if (!items[0] || !g_ascii_string_to_unsigned(items[0], 10, 0, 64, &value, NULL))
		return items[0] ? items[0] : "";
	*(uint8_t *)field = (uint8_t)value;
	return NULL;
}

#define AT(member) G_STRUCT_OFFSET(struct settings, member)
#define NUMBER(group, word, member, min, max, otherwise)                                           \
	{                                                                                          \
		group, word, ROW_INT, AT(c.member), min, max, otherwise                            \
	}
#define PATH(group, word, member)                                                                  \
	{                                                                                          \
		group, word, ROW_PATH, AT(member), 0, 0, ""                                        \
	}
#define SMALL(word, member, otherwise)                                                             \
	{                                                                                          \
		"visit", word, ROW_ITEM, AT(c.digits.member), 0, 0, otherwise,                     \
			"a whole number from 0 to 64", NULL, parse_small                           \
	}

/* Rows of a group stand together; the shipped madoguchi.conf explains each key. */
static const struct key_row rows[] = {
	{"counter", "desk", ROW_STRING, AT(c.desk), 1, 12, "ENG1", "1 to 12 characters of [A-Z0-9]",
		G_CSET_A_2_Z G_CSET_DIGITS},
	{"counter", "office", ROW_STRING, AT(c.office), 1, OFFICE_CODE_SIZE - 1, "eng",
		"a code of the office file", WORD_CHARS},
	PATH("counter", "data-dir", c.data_dir),
	PATH("counter", "key-file", c.key_file),
	PATH("counter", "fleet-key-file", c.fleet_key_file),
	PATH("counter", "socket", c.socket),
	{"counter", "users", ROW_ITEMS, 0, 0, 0, "", "at most 16 users of this machine", NULL,
		parse_users},
	{"counter", "admin-group", ROW_ITEM, AT(c.admin_gid), 0, 0, "", "a group of this machine",
		NULL, parse_group},
	{"readers", "allow", ROW_ITEMS, AT(c.allow), 0, 0, "", READERS_EXPECTED, NULL,
		parse_readers},
	{"readers", "preferred", ROW_ITEMS, AT(c.preferred), 0, 0, "", READERS_EXPECTED, NULL,
		parse_readers},
	{"readers", "holder", ROW_STRING, AT(c.holder), 0, READER_NAME_SIZE - 1, "",
		"a reader name or its beginning"},
	{"cards", "mac-keys", ROW_ITEMS, AT(c.mac_keys), 0, 0, "",
		"at most 8 different names of [a-z0-9-], at most 23 characters each", NULL,
		parse_mac_keys},
	PATH("cards", "key-dir", c.key_dir),
	{"cards", "assurance", ROW_ITEM, AT(c.assurance), 0, 0, "any", "'any' or 'mac'", NULL,
		parse_assurance},
	{"directory", "sources", ROW_ITEMS, AT(d), 0, 0, "snapshot", DIRECTORIES_SOURCES_EXPECTED,
		NULL, directories_take_sources},
	PATH("directory", "snapshot", c.snapshot),
	NUMBER("directory", "say-hours", directory_say_hours, -1, 87600, "48"),
	NUMBER("directory", "refuse-hours", directory_refuse_hours, -1, 87600, "-1"),
	NUMBER("directory", "lookup-ms", lookup_ms, 100, 60000, "2000"),
	DIRECTORIES_POLICY_ROWS("snapshot", AT(d.policies[DIRECTORIES_SNAPSHOT]), "500"),
	{"snapshot", "max-age-hours", ROW_INT, AT(d.policies[DIRECTORIES_SNAPSHOT].max_age_hours),
		-1, 87600, "-1"},
	PATH("snapshot", "trusted-key", c.snapshot_trusted_key),
	{"snapshot", "allow-plain", ROW_BOOL, AT(c.snapshot_allow_plain), 0, 0, "false"},
	NUMBER("visit", "holder-idle", holder_idle_s, 30, 600, "60"),
	NUMBER("visit", "holder-warn", holder_warn_s, 5, 60, "20"),
	NUMBER("visit", "clerk-idle", clerk_idle_s, 30, 3600, "180"),
	NUMBER("visit", "clerk-gone", clerk_gone_s, 60, 7200, "600"),
	NUMBER("visit", "consent-away-ms", consent_away_ms, 200, 5000, "700"),
	SMALL("face-length", length, "18"),
	SMALL("face-offset", offset, "8"),
	SMALL("digits", asked, "3"),
	{"visit", "documents", ROW_ITEMS, AT(c.documents), 0, 0,
		"drivers-license;passport;residence-card;my-number-card",
		"at most 16 document codes of [a-z0-9-]", NULL, parse_documents},
	PATH("files", "layouts", layouts),
	PATH("files", "offices", offices),
	PATH("files", "incidents", c.incident_dir),
};

/* Of these the table above knows every key. */
static const char *const groups[] = {
	"counter", "readers", "cards", "directory", "snapshot", "visit", "files"};
static const char *const all_groups[] = {"counter", "readers", "cards", "directory", "snapshot",
	"ldap", "graph", "intake", "https", "sharepoint", "postgresql", "visit", "files", NULL};

static struct keyfile *read_default(const char *name, GError **error)
{
	g_autofree char *path = g_strconcat(DEFAULTS, name, NULL);
	g_autoptr(GBytes) bytes = g_resource_lookup_data(
		config_defaults_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	if (!bytes)
		return NULL;
	gsize len;
	const char *text = g_bytes_get_data(bytes, &len);
	return keyfile_parse(path, text, len, error);
}

/* One of the files named in [files]; a name that leads nowhere is the fault of its key. */
static struct keyfile *read_other(const struct keyfile *kf, const char *key, const char *path,
	const char *otherwise, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (!path)
		return read_default(otherwise, error);
	struct keyfile *other = keyfile_read(path, &cause);
	if (g_error_matches(cause, CONFIG_ERROR, CONFIG_ERROR_FILE))
		keyfile_complain(kf, "files", key, "a readable file", path, error);
	else if (cause)
		g_propagate_error(error, g_steal_pointer(&cause));
	return other;
}

static void fill_path(char **field, const char *folder, const char *name)
{
	if (!*field)
		*field = g_build_filename(folder, name, NULL);
}

/* Paths the file does not name. */
static void fill_paths(struct config *c, const char *data_dir)
{
	if (data_dir) {
		g_free(c->data_dir);
		c->data_dir = g_canonicalize_filename(data_dir, NULL);
	}
	if (!c->data_dir)
		c->data_dir = g_strdup(DATA_DIR);
	fill_path(&c->key_file, c->data_dir, KEY_NAME);
	fill_path(&c->key_dir, c->data_dir, KEY_DIR_NAME);
	fill_path(&c->snapshot, c->data_dir, SNAPSHOT_NAME);
	fill_path(&c->fleet_key_file, c->data_dir, FLEET_KEY_NAME);
	fill_path(&c->incident_dir, c->data_dir, INCIDENTS_NAME);
	if (!c->socket)
		c->socket = data_dir ? g_build_filename(c->data_dir, SOCKET_NAME, NULL)
				     : g_strdup(SOCKET);
}

static gboolean check_rules(const struct keyfile *kf, const struct config *c, GError **error)
{
	const struct digits_format d = c->digits;
	const gint say = c->directory_say_hours, refuse = c->directory_refuse_hours;
	const struct need rules[] = {
		{c->holder_warn_s < c->holder_idle_s, "visit", "holder-warn",
			"less than holder-idle"},
		{c->clerk_idle_s <= c->clerk_gone_s, "visit", "clerk-gone",
			"at least as much as clerk-idle"},
		{d.offset + PERSON_ID_SIZE - 1 <= d.length, "visit", "face-offset",
			"at least 10 digits less than face-length"},
		{d.asked >= 1 && d.asked <= DIGITS_MAX, "visit", "digits",
			"a whole number from 1 to 8"},
		{say < 0 || refuse < 0 || say <= refuse, "directory", "refuse-hours",
			"at least as much as say-hours, or -1"},
	};

	if (!needs_check(kf, rules, G_N_ELEMENTS(rules), error))
		return FALSE;
	if (strlen(c->socket) > SOCKET_MAX)
		return keyfile_complain(
			kf, "counter", "socket", "a path of at most 107 bytes", c->socket, error);
	return TRUE;
}

static gboolean load_settings(const struct keyfile *kf, struct settings *s, GError **error)
{
	if (!rows_check_groups(kf, all_groups, error))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (keyfile_has_group(kf, groups[i]) &&
			!rows_check_keys(kf, groups[i], rows, G_N_ELEMENTS(rows), NULL, error))
			return FALSE;
		if (!rows_fill(kf, groups[i], rows, G_N_ELEMENTS(rows), s, error))
			return FALSE;
	}
	return directories_parse(kf, &s->d, error) && intakes_parse(kf, s->c.desk, &s->in, error);
}

static gboolean find_office(const struct keyfile *kf, struct config *c, GError **error)
{
	c->own_office = office_find(&c->offices, c->office);
	if (c->own_office)
		return TRUE;
	g_autoptr(GPtrArray) codes = g_ptr_array_new();
	for (gsize i = 0; i < c->offices.n; i++)
		g_ptr_array_add(codes, c->offices.offices[i].code);
	g_ptr_array_add(codes, NULL);
	return keyfile_complain_word(
		kf, "counter", "office", (const char *const *)codes->pdata, c->office, error);
}

static gboolean check_assurance(const struct keyfile *kf, const struct config *c, GError **error)
{
	for (gsize i = 0; i < c->n_layouts; i++)
		if (*c->layouts[i].mac_key)
			return TRUE;
	return c->assurance == CARD_UNAUTHENTICATED ||
	       keyfile_complain(kf, "cards", "assurance",
		       "'any', since no layout of the file has a 'mac' step", "mac", error);
}

static gboolean load_others(const struct keyfile *kf, struct settings *s, GError **error)
{
	struct config *c = &s->c;
	AUTO(keyfile) layouts = read_other(kf, "layouts", s->layouts, "layouts.conf", error);
	if (!layouts || !layouts_parse(layouts, &c->layouts, &c->n_layouts, error) ||
		!layouts_check_keys(layouts, c->layouts, c->n_layouts, c->mac_keys, error) ||
		!check_assurance(kf, c, error))
		return FALSE;
	AUTO(keyfile) offices = read_other(kf, "offices", s->offices, "offices.conf", error);
	return offices && offices_parse(offices, &c->offices, error) && find_office(kf, c, error);
}

struct config *config_load(const char *path, const char *data_dir, GError **error)
{
	AUTO(keyfile)
	kf = path ? keyfile_read(path, error) : read_default("madoguchi.conf", error);
	if (!kf)
		return NULL;
	struct settings *s = g_new0(struct settings, 1);
	gboolean ok = load_settings(kf, s, error);
	if (ok) {
		fill_paths(&s->c, data_dir);
		ok = check_rules(kf, &s->c, error) &&
		     directories_check(kf, &s->d, s->c.lookup_ms, error) &&
		     intakes_check(kf, &s->in, error) && load_others(kf, s, error);
	}
	g_free(s->layouts);
	g_free(s->offices);
	struct config *c = g_memdup2(&s->c, sizeof s->c);
	c->directories = g_memdup2(&s->d, sizeof s->d);
	c->intakes = g_memdup2(&s->in, sizeof s->in);
	g_free(s);
	return ok ? c : config_free(c);
}

struct config *config_free(struct config *config)
{
	if (!config)
		return NULL;
	g_free(config->desk);
	g_free(config->office);
	g_free(config->data_dir);
	g_free(config->key_file);
	g_free(config->socket);
	g_free(config->uids);
	g_strfreev(config->allow);
	g_strfreev(config->preferred);
	g_free(config->holder);
	g_strfreev(config->mac_keys);
	g_free(config->key_dir);
	g_free(config->snapshot);
	g_free(config->snapshot_trusted_key);
	g_free(config->fleet_key_file);
	directories_clear(config->directories);
	g_free(config->directories);
	intakes_clear(config->intakes);
	g_free(config->intakes);
	g_strfreev(config->documents);
	g_free(config->incident_dir);
	g_free(config->layouts);
	offices_clear(&config->offices);
	g_free(config);
	return NULL;
}
