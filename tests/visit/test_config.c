/* SPDX-License-Identifier: MIT
 *
 * test_config.c - what the configuration says is what the desk does.
 */
#include "tests/visit/refusal.h"

/* Everything the configuration says, as text. */
static char *dump(const struct config *c)
{
	g_autofree char *allow = g_strjoinv(",", c->allow);
	g_autofree char *preferred = g_strjoinv(",", c->preferred);
	g_autofree char *keys = g_strjoinv(",", c->mac_keys);
	g_autofree char *documents = g_strjoinv(",", c->documents);
	return g_strdup_printf("%s %s %s %s %s %zu %u [%s] [%s] \"%s\" [%s] %s %d %s %d %d %d %d "
			       "%d %d %d %d %u/%u/%u "
			       "[%s] %s %zu %zu %s",
		c->desk, c->office, c->data_dir, c->key_file, c->socket, c->n_uids, c->admin_gid,
		allow, preferred, c->holder, keys, c->key_dir, c->assurance, c->snapshot,
		c->directory_say_hours, c->directory_refuse_hours, c->lookup_ms, c->holder_idle_s,
		c->holder_warn_s, c->clerk_idle_s, c->clerk_gone_s, c->consent_away_ms,
		c->digits.length, c->digits.offset, c->digits.asked, documents, c->incident_dir,
		c->n_layouts, c->offices.n, c->own_office->code);
}

static char *dump_of(const char *path, const char *data_dir)
{
	g_autoptr(GError) error = NULL;
	AUTO(config) config = config_load(path, data_dir, &error);
	if (!config)
		fprintf(stderr, "%s\n", error->message);
	CHECK(config != NULL);
	return config ? dump(config) : g_strdup("");
}

#define DEFAULT                                                                                    \
	"ENG1 eng /var/lib/madoguchi /var/lib/madoguchi/master.key /run/madoguchi/counter.sock "   \
	"0 4294967295 [] [] \"\" [] /var/lib/madoguchi/keys 0 /var/lib/madoguchi/directory.db 48 " \
	"-1 2000 60 20 180 600 700 "                                                               \
	"18/8/3 "                                                                                  \
	"[drivers-license,passport,residence-card,my-number-card] /var/lib/madoguchi/incidents 1 " \
	"5 eng"

static void the_shipped_file_says_what_an_empty_one_means(void)
{
	char *dir = folder_new();
	g_autofree char *empty = folder_write(dir, "empty.conf", "");
	g_autofree char *shipped = dump_of(SOURCE_ROOT "/" CONF, NULL);
	g_autofree char *of_empty = dump_of(empty, NULL), *embedded = dump_of(NULL, NULL);

	CHECK_STR(embedded, DEFAULT);
	CHECK_STR(of_empty, DEFAULT);
	CHECK_STR(shipped, DEFAULT);
	folder_free(dir);
}

/* The keys a group knows, as a refusal lists them. */
static char **keys_of(const char *group)
{
	g_autofree char *text = g_strdup_printf("[%s]\nzzzzzzzzzzzzzzzz=1\n", group);
	g_autofree char *got = refusal("desk.conf", text);
	const char *list = strstr(got, "expected ");
	char *end = list ? strstr(list, ", got") : NULL;
	if (!end)
		return g_new0(char *, 1);
	*end = '\0';
	list += strlen("expected ");
	if (g_str_has_prefix(list, "one of "))
		list += strlen("one of ");
	return g_strsplit(list, ", ", -1);
}

static void the_shipped_file_explains_every_key(void)
{
	static const char *const groups[] = {"counter", "readers", "cards", "directory", "snapshot",
		"ldap", "graph", "intake", "https", "sharepoint", "postgresql", "visit", "files"};
	g_autofree char *text = source_text(CONF);
	unsigned n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
		g_auto(GStrv) keys = keys_of(groups[i]);
		for (char **key = keys; *key; key++, n++) {
			g_autofree char *set = g_strdup_printf("\n%s=", *key);
			g_autofree char *unset = g_strdup_printf("\n#%s=", *key);
			if (!strstr(text, set) && !strstr(text, unset))
				fprintf(stderr, "not explained: %s\n", *key);
			CHECK(strstr(text, set) || strstr(text, unset));
		}
	}
	CHECK_INT(n, 134);
}

static void a_data_folder_named_on_the_command_line_wins(void)
{
	char *dir = folder_new();
	g_autofree char *conf =
		folder_write(dir, "desk.conf", "[counter]\ndata-dir=/srv/a\nsocket=/run/b\n");
	g_autoptr(GError) error = NULL;
	AUTO(config) plain = config_load(NULL, "/srv/c", &error);
	AUTO(config) both = config_load(conf, "/srv/c", &error);
	AUTO(config) file = config_load(conf, NULL, &error);

	CHECK(plain && both && file);
	CHECK_STR(plain->data_dir, "/srv/c");
	CHECK_STR(plain->socket, "/srv/c/counter.sock");
	CHECK_STR(plain->snapshot, "/srv/c/directory.db");
	CHECK_STR(plain->key_dir, "/srv/c/keys");
	CHECK_STR(both->data_dir, "/srv/c");
	CHECK_STR(both->socket, "/run/b");
	CHECK_STR(both->key_file, "/srv/c/master.key");
	CHECK_STR(file->data_dir, "/srv/a");
	folder_free(dir);
}

static void relative_paths_are_taken_from_the_files_folder(void)
{
	g_autoptr(GError) error = NULL;
	AUTO(config) c = config_load(SOURCE_ROOT "/assets/samples/desk.conf", "/srv/c", &error);

	CHECK(c != NULL);
	if (!c)
		return;
	CHECK_STR(c->incident_dir, SOURCE_ROOT "/assets/samples/incidents");
	CHECK_STR(c->own_office->code, "sci-gaku");
	CHECK_INT(c->n_layouts, 5);
	CHECK_STR(c->allow[1], "ACS ACR1252");
	CHECK_STR(c->preferred[0], "SONY FeliCa RC-S300/P (0123456)");
	CHECK_STR(c->holder, "SONY FeliCa RC-S300/P");
	CHECK_INT(c->digits.asked, 4);
	CHECK_STR(c->layouts[1].classes[1].key_kind, "staff-number");
	CHECK_STR(c->layouts[1].patterns[1].text, "9999999");
}

static void a_socket_path_the_kernel_cannot_take_is_refused(void)
{
	g_autofree char *deep = g_strnfill(120, 'd');
	g_autofree char *dir = g_strconcat("/srv/", deep, NULL);
	g_autoptr(GError) error = NULL;
	AUTO(config) c = config_load(NULL, dir, &error);
	CHECK(c == NULL && error != NULL);
	CHECK(error && strstr(error->message, "socket: expected a path of at most 107 bytes"));
}

static void users_are_names_or_numbers(void)
{
	char *dir = folder_new();
	g_autofree char *conf =
		folder_write(dir, "desk.conf", "[counter]\nusers=root;1000\nadmin-group=root\n");
	g_autoptr(GError) error = NULL;
	AUTO(config) c = config_load(conf, NULL, &error);

	CHECK(c != NULL);
	CHECK_INT(c->n_uids, 2);
	CHECK_INT(c->uids[0], 0);
	CHECK_INT(c->uids[1], 1000);
	CHECK_INT(c->admin_gid, 0);
	folder_free(dir);
}

static void the_built_in_layout_is_the_fcf_campus_card(void)
{
	g_autoptr(GError) error = NULL;
	AUTO(config) c = config_load(NULL, NULL, &error);
	CHECK(c != NULL);
	const struct card_layout *l = &c->layouts[0];

	CHECK_STR(l->name, "fcf");
	CHECK_INT(l->n_steps, 2);
	CHECK_INT(l->steps[0].kind, LAYOUT_SYSTEM);
	CHECK_INT(l->steps[0].code, 0xfe00);
	CHECK_INT(l->steps[1].kind, LAYOUT_READ);
	CHECK_INT(l->steps[1].code, 0x1a8b);
	CHECK_INT(l->steps[1].n_blocks, 4);
	CHECK_INT(l->steps[1].blocks[3], 3);
	CHECK_INT(l->number.off, 2);
	CHECK_INT(l->number.len, 12);
	CHECK_INT(l->expires.off, 48);
	CHECK_INT(l->name_encoding, LAYOUT_CP932);
	CHECK_INT(l->n_padding, 2);
	CHECK_INT(l->padding[1], 0x20);
	CHECK_INT(l->n_classes, 3);
	CHECK_STR(l->classes[2].code, "11");
	CHECK_STR(l->classes[2].key_kind, "staff-number");
	CHECK_STR(l->school_id, "13990001");
	CHECK(l->stable_idm);
}

static void the_built_in_office_is_open_at_night_and_lunch_breaks_are_gaps(void)
{
	g_autoptr(GError) error = NULL;
	AUTO(config) c = config_load(NULL, NULL, &error);
	CHECK(c != NULL);
	const struct office *science = office_find(&c->offices, "sci-gaku");

	CHECK_INT(office_open_at(c->own_office, (struct civil){20260920, 180}), OFFICE_OPEN);
	CHECK(office_serves(c->own_office, 1, "37") && office_serves(c->own_office, 2, "03"));
	CHECK_INT(office_open_at(science, (struct civil){20260915, 780}), OFFICE_LUNCH);
	CHECK_INT(office_open_at(science, (struct civil){20261229, 600}), OFFICE_CLOSED_DAY);
}

static const struct check_case cases[] = {
	{"the shipped file says what an empty one means",
		the_shipped_file_says_what_an_empty_one_means},
	{"the shipped file explains every key", the_shipped_file_explains_every_key},
	{"a data folder named on the command line wins",
		a_data_folder_named_on_the_command_line_wins},
	{"relative paths are taken from the file's folder",
		relative_paths_are_taken_from_the_files_folder},
	{"a socket path the kernel cannot take is refused",
		a_socket_path_the_kernel_cannot_take_is_refused},
	{"users are names or numbers", users_are_names_or_numbers},
	{"the built-in layout is the FCF campus card", the_built_in_layout_is_the_fcf_campus_card},
	{"the built-in office is open at night, lunch breaks are gaps",
		the_built_in_office_is_open_at_night_and_lunch_breaks_are_gaps},
};

int main(void)
{
	return CHECK_MAIN("config", cases);
}
