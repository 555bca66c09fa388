/* SPDX-License-Identifier: MIT
 *
 * test_directories.c - [directory], [snapshot], [ldap] and [graph], and what is wrong in them.
 */
#include "kiosk/config/directories.h"

#include "tests/visit/refusal.h"

#define SAMPLES SOURCE_ROOT "/assets/samples/"

#define LDAP                                                                                       \
	"[directory]\nsources=ldap;snapshot\n[ldap]\nhost=ldap.example.ac.jp\nbase=dc=example\n"   \
	"bind-dn=cn=kiosk\npassword-file=secret\ncommon-id=uid\n"
#define GRAPH                                                                                      \
	"[directory]\nsources=graph\n[graph]\ntenant=example\nclient-id=c\ncert-file=c.pem\n"      \
	"key=k.pem\n"
#define SOURCES  "'snapshot', 'ldap' or 'graph', in their order, each once"
#define ATTR     "an attribute name of at most 63 characters, or nothing"
#define KIND     "'ATTRIBUTE', 'ATTRIBUTE PREFIX' or 'ATTRIBUTE PREFIX SUFFIX'"
#define CODE     "an affiliation code of [A-Za-z0-9._-], at most 23"
#define KIND_KEY "'kind.' and a key kind of [a-z0-9-], at most 23"

static struct config *load(const char *text)
{
	char *dir = folder_new();
	g_autofree char *path = folder_write(dir, "desk.conf", text);
	g_autoptr(GError) error = NULL;
	struct config *config = config_load(path, NULL, &error);
	if (!config)
		fprintf(stderr, "%s\n", error->message);
	CHECK(config != NULL);
	folder_free(dir);
	return config;
}

static struct config *load_sample(const char *name)
{
	g_autofree char *path = g_strconcat(SAMPLES, name, NULL);
	g_autoptr(GError) error = NULL;
	struct config *config = config_load(path, NULL, &error);
	if (!config)
		fprintf(stderr, "%s\n", error->message);
	CHECK(config != NULL);
	return config;
}

static void check_policy(const struct source_policy *p, enum source_duty duty, gint deadline_ms,
	gint max_age_hours, gboolean none_asks_next)
{
	CHECK_INT(p->duty, duty);
	CHECK_INT(p->deadline_ms, deadline_ms);
	CHECK_INT(p->max_age_hours, max_age_hours);
	CHECK_INT(p->none_asks_next, none_asks_next);
}

static void without_a_word_the_snapshot_decides_alone(void)
{
	AUTO(config) c = load("");
	const struct directories *d = c->directories;
	CHECK_INT(d->n, 1);
	CHECK_INT(d->order[0], DIRECTORIES_SNAPSHOT);
	check_policy(&d->policies[DIRECTORIES_SNAPSHOT], DUTY_NONE, 500, -1, FALSE);
	check_policy(&d->policies[DIRECTORIES_LDAP], DUTY_NONE, 1500, -1, FALSE);
	check_policy(&d->policies[DIRECTORIES_GRAPH], DUTY_NONE, 1500, -1, FALSE);
	CHECK_STR(d->graph.base, "https://graph.microsoft.com/v1.0");
	CHECK_STR(d->graph.scope, "https://graph.microsoft.com/.default");
	CHECK(d->graph.token_url == NULL && d->graph.upn_suffix == NULL && d->graph.key == NULL);
	CHECK(d->ldap.filter == NULL && d->ldap.bind_dn == NULL && d->ldap.rules.key == NULL);
	CHECK_STR(d->graph.map.attributes[MAP_COMMON_ID], "employeeId");
	CHECK_STR(d->ldap.map.attributes[MAP_COMMON_ID], "");
	CHECK_INT(d->ldap.map.n_kinds, 0);
}

static void policies_are_each_sources_own(void)
{
	AUTO(config)
	c = load(LDAP "deadline-ms=900\ndecides=reason\nnone-asks-next=true\n[snapshot]\n"
		      "decides=second\nmax-age-hours=36\ndeadline-ms=300\n");
	const struct directories *d = c->directories;
	CHECK_INT(d->n, 2);
	CHECK_INT(d->order[0], DIRECTORIES_LDAP);
	CHECK_INT(d->order[1], DIRECTORIES_SNAPSHOT);
	check_policy(&d->policies[DIRECTORIES_LDAP], DUTY_REASON, 900, -1, TRUE);
	check_policy(&d->policies[DIRECTORIES_SNAPSHOT], DUTY_SECOND, 300, 36, FALSE);
	CHECK_INT(d->ldap.timeout_ms, 900);
}

static void check_kind(const struct map *map, const char *name, const char *attribute,
	const char *prefix, const char *suffix)
{
	const struct map_kind *kind = map_find_kind(map, name);
	CHECK(kind != NULL);
	if (!kind)
		return;
	CHECK_STR(kind->attribute, attribute);
	CHECK_STR(kind->prefix, prefix);
	CHECK_STR(kind->suffix, suffix);
}

static void the_gakunin_sample_says_what_it_shows(void)
{
	AUTO(config) c = load_sample("desk-gakunin.conf");
	const struct ldap_source_settings *s = &c->directories->ldap;
	CHECK_STR(s->host, "ldap.example.ac.jp");
	CHECK_INT(s->port, 0);
	CHECK_INT(s->tls, LDAP_SOURCE_LDAPS);
	CHECK_INT(s->bind, LDAP_SOURCE_EXTERNAL);
	CHECK_STR(s->base, "ou=people,dc=example,dc=ac,dc=jp");
	CHECK_STR(s->filter, "(objectClass=eduPerson)");
	CHECK_STR(s->rules.ca_file, SAMPLES "tls/ca.pem");
	CHECK_STR(s->rules.crl_file, SAMPLES "tls/crl.pem");
	CHECK_STR(s->rules.cert_file, SAMPLES "tls/desk.pem");
	CHECK_STR(s->rules.key, "pkcs11:token=desk;object=desk;type=private");
	CHECK_STR(s->map.attributes[MAP_COMMON_ID], "uid");
	CHECK_STR(s->map.attributes[MAP_NAME_JA], "displayName;lang-ja");
	CHECK_STR(s->map.privileged_value, "https://groups.example.ac.jp/it-staff");
	CHECK_STR(s->map.own_addresses[0], "@example.ac.jp");
	CHECK_STR(s->map.roles[0], "associate=staff");
	CHECK(g_strv_contains((const char *const *)s->map.affiliations, "工学系研究科=37"));
	CHECK_INT(g_strv_length(s->map.affiliations), 3);
	check_kind(&s->map, "common-id", "uid", "", "");
	check_kind(&s->map, "student-number", "gakuninScopedPersonalUniqueCode",
		"student:", "@example.ac.jp");
	CHECK_INT(c->directories->policies[DIRECTORIES_SNAPSHOT].duty, DUTY_SECOND);
}

static void the_active_directory_sample_says_what_it_shows(void)
{
	AUTO(config) c = load_sample("desk-active-directory.conf");
	const struct ldap_source_settings *s = &c->directories->ldap;
	CHECK_INT(s->bind, LDAP_SOURCE_SIMPLE);
	CHECK_STR(s->bind_dn, "kiosk@ad.example.ac.jp");
	CHECK_STR(s->password_file, SAMPLES "secrets/ldap-password");
	CHECK_STR(s->map.attributes[MAP_COMMON_ID], "employeeID");
	CHECK_STR(s->map.attributes[MAP_ACCOUNT_CONTROL], "userAccountControl");
	CHECK_STR(s->map.card_statuses[0], "紛失=lost");
	check_kind(&s->map, "staff-number", "employeeNumber", "", "");
}

static void the_graph_sample_says_what_it_shows(void)
{
	AUTO(config) c = load_sample("desk-graph.conf");
	const struct graph_settings *s = &c->directories->graph;
	CHECK_STR(s->token_url,
		"https://login.microsoftonline.com/example.onmicrosoft.com/oauth2/v2.0/token");
	CHECK_STR(s->key, SAMPLES "tls/graph.key");
	CHECK_STR(s->cert_file, SAMPLES "tls/graph.pem");
	CHECK(s->ca_file == NULL);
	CHECK_STR(s->upn_suffix, "@utac.example.ac.jp");
	CHECK_INT(s->timeout_ms, 1800);
	CHECK_STR(s->map.attributes[MAP_COMMON_ID], "userPrincipalName");
	CHECK_STR(s->map.attributes[MAP_UNTIL], "employeeLeaveDateTime");
	CHECK_STR(s->map.own_addresses[1], "@example.onmicrosoft.com");
	check_kind(&s->map, "common-id", "userPrincipalName", "", "@utac.example.ac.jp");
	check_kind(&s->map, "student-number", "onPremisesExtensionAttributes/extensionAttribute1",
		"", "");
}

static void a_field_may_be_taken_out_of_a_preset(void)
{
	AUTO(config) c = load(LDAP "preset=active-directory\ncontact=\nname-en=cn\n");
	const struct map *map = &c->directories->ldap.map;
	CHECK_STR(map->attributes[MAP_CONTACT], "");
	CHECK_STR(map->attributes[MAP_NAME_EN], "cn");
	CHECK_STR(map->attributes[MAP_COMMON_ID], "uid");
	CHECK_STR(map->attributes[MAP_NAME_JA], "displayName");
	CHECK_INT(map->n_kinds, 1);
}

static void a_whole_token_url_wins_over_the_tenant(void)
{
	AUTO(config) c = load(GRAPH "token-url=https://127.0.0.1:9/token\n");
	CHECK_STR(c->directories->graph.token_url, "https://127.0.0.1:9/token");
}

static void expect(const char *text, const char *want)
{
	g_autofree char *got = refusal("desk.conf", text);
	CHECK_STR(got, want);
}

/* One more line in a file that is otherwise good. */
static void expect_line(const char *good, const char *line, const char *place, const char *expected,
	const char *got)
{
	guint lines = 1;
	for (const char *p = good; *p; p++)
		lines += *p == '\n';
	g_autofree char *text = g_strconcat(good, line, "\n", NULL);
	g_autofree char *want = g_strdup_printf(
		"desk.conf:%u: %s: expected %s, got %s", lines, place, expected, got);
	expect(text, want);
}

static void every_bad_value_of_a_source_is_named(void)
{
	static const struct {
		const char *line, *place, *expected, *got;
	} bad[] = {
		{"port=0", "[ldap] port", "a port from 1 to 65535", "'0'"},
		{"port=65536", "[ldap] port", "a port from 1 to 65535", "'65536'"},
		{"tls=none", "[ldap] tls", "'ldaps' or 'starttls'", "'none'"},
		{"tls=", "[ldap] tls", "'ldaps' or 'starttls'", "nothing"},
		{"bind=anonymous", "[ldap] bind", "'simple' or 'external'", "'anonymous'"},
		{"decides=perhaps", "[ldap] decides", "'alone', 'reason' or 'second'", "'perhaps'"},
		{"deadline-ms=49", "[ldap] deadline-ms", "a whole number from 50 to 60000", "'49'"},
		{"none-asks-next=yes", "[ldap] none-asks-next", "'true' or 'false'", "'yes'"},
		{"filter=objectClass=person", "[ldap] filter", "a filter in parentheses",
			"'objectClass=person'"},
		{"preset=gakunn", "[ldap] preset", "'gakunin'", "'gakunn'"},
		{"name-ja=display name", "[ldap] name-ja", ATTR, "'display name'"},
		{"name-ja=cn)(uid=*", "[ldap] name-ja", ATTR, "'cn)(uid=*'"},
		{"hots=x", "[ldap] hots", "'host'", "'hots'"},
		{"kind.=x", "[ldap] kind.", KIND_KEY, "'kind.'"},
		{"kind.Student=x", "[ldap] kind.Student", KIND_KEY, "'kind.Student'"},
		{"kind.student-number=", "[ldap] kind.student-number", KIND, "nothing"},
		{"kind.a=x y z w", "[ldap] kind.a", KIND, "'x y z w'"},
		{"kind.a=x  y", "[ldap] kind.a", KIND, "'x  y'"},
		{"kind.a=x(y", "[ldap] kind.a", KIND, "'x(y'"},
		{"role.alum=guest", "[ldap] role.alum", "'student', 'staff' or 'none'", "'guest'"},
		{"affiliation.工学部=", "[ldap] affiliation.工学部", CODE, "nothing"},
		{"affiliation.工学部=三", "[ldap] affiliation.工学部", CODE, "'三'"},
		{"card-status.L=gone", "[ldap] card-status.L", "'valid', 'lost' or 'replaced'",
			"'gone'"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		expect_line(LDAP, bad[i].line, bad[i].place, bad[i].expected, bad[i].got);
}

static void what_a_source_cannot_do_without_is_named(void)
{
	static const struct {
		const char *without, *place, *expected;
	} ldap[] =
		{
			{"host=ldap.example.ac.jp\n", "[ldap] host", "a host name or address"},
			{"base=dc=example\n", "[ldap] base", "the entry below which people stand"},
			{"bind-dn=cn=kiosk\n", "[ldap] bind-dn", "the name to sign in with"},
			{"password-file=secret\n", "[ldap] password-file",
				"the file of its password"},
			{"common-id=uid\n", "[ldap] common-id",
				"the attribute that holds the common id"},
		},
	  graph[] = {
		  {"tenant=example\n", "[graph] tenant", "the tenant's name or id"},
		  {"client-id=c\n", "[graph] client-id", "the application's id"},
		  {"cert-file=c.pem\n", "[graph] cert-file", "the application's certificate"},
		  {"key=k.pem\n", "[graph] key", "the certificate's key"},
	  };
	unsigned line;
	for (gsize i = 0; i < G_N_ELEMENTS(ldap); i++) {
		g_autofree char *text = replaced(LDAP, ldap[i].without, "", &line);
		g_autofree char *want = g_strdup_printf("desk.conf:3: %s: expected %s, got nothing",
			ldap[i].place, ldap[i].expected);
		expect(text, want);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(graph); i++) {
		g_autofree char *text = replaced(GRAPH, graph[i].without, "", &line);
		g_autofree char *want = g_strdup_printf("desk.conf:3: %s: expected %s, got nothing",
			graph[i].place, graph[i].expected);
		expect(text, want);
	}
	expect(LDAP "bind=external\n",
		"desk.conf:3: [ldap] cert-file: expected the desk's own certificate, got nothing");
	expect(LDAP "cert-file=c.pem\n",
		"desk.conf:3: [ldap] key: expected the certificate's key, got nothing");
	expect_line(GRAPH, "base=http://graph.example", "[graph] base", "a URL of https",
		"'http://graph.example'");
	expect_line(GRAPH, "token-url=ftp://x", "[graph] token-url", "a URL of https", "'ftp://x'");
}

static void a_source_that_is_not_asked_needs_nothing(void)
{
	AUTO(config) c = load("[ldap]\nhost=ldap.example.ac.jp\n[graph]\ntenant=example\n");
	CHECK_INT(c->directories->n, 1);
	expect("[ldap]\nport=x\n",
		"desk.conf:2: [ldap] port: expected a port from 1 to 65535, got 'x'");
}

static void the_list_of_sources_is_checked(void)
{
	expect("[directory]\nsources=\n",
		"desk.conf:2: [directory] sources: expected " SOURCES ", got nothing");
	expect("[directory]\nsources=snapshot;snapshot\n",
		"desk.conf:2: [directory] sources: expected " SOURCES ", got 'snapshot'");
	expect("[directory]\nsources=sharepoint\n",
		"desk.conf:2: [directory] sources: expected " SOURCES ", got 'sharepoint'");
}

static void there_is_time_for_every_source(void)
{
	expect_line("[directory]\n",
		"lookup-ms=1999\nsources=ldap;snapshot\n[ldap]\nhost=h\n"
		"base=b\nbind-dn=d\npassword-file=p\ncommon-id=uid",
		"[directory] lookup-ms", "at least 2000, the deadlines of all sources together",
		"'1999'");
	AUTO(config) one = load("[directory]\nlookup-ms=100\n");
	CHECK_INT(one->lookup_ms, 100);
}

static void kinds_are_eight_at_most(void)
{
	g_autofree char *seven = many(LDAP, "kind.k", "=x\n", 7);
	g_autofree char *eight = many(LDAP, "kind.k", "=x\n", 8);
	AUTO(config) c = load(seven);
	CHECK_INT(c->directories->ldap.map.n_kinds, 8);
	refused_for("desk.conf", eight, "[ldap] kind.k7: expected at most 8 kinds");
}

static void a_key_may_go_on_in_any_script_but_only_after_a_dot(void)
{
	expect("[ldap]\n役=x\n", "desk.conf:2: expected a key name of [a-z0-9.-], got '役=x'");
	expect("[ldap]\nrole.\xe2\x80\xae=staff\n",
		"desk.conf:2: expected a key name of [a-z0-9.-], got 'role.\xe2\x80\xae=staff'");
	expect("[ldap]\nrole.a[b]=staff\n",
		"desk.conf:2: expected a key name of [a-z0-9.-], got 'role.a[b]=staff'");
}

int main(void)
{
	static const struct check_case cases[] = {
		{"without a word the snapshot decides alone",
			without_a_word_the_snapshot_decides_alone},
		{"policies are each source's own", policies_are_each_sources_own},
		{"the GakuNin sample says what it shows", the_gakunin_sample_says_what_it_shows},
		{"the Active Directory sample says what it shows",
			the_active_directory_sample_says_what_it_shows},
		{"the Graph sample says what it shows", the_graph_sample_says_what_it_shows},
		{"a field may be taken out of a preset", a_field_may_be_taken_out_of_a_preset},
		{"a whole token URL wins over the tenant", a_whole_token_url_wins_over_the_tenant},
		{"every bad value of a source is named", every_bad_value_of_a_source_is_named},
		{"what a source cannot do without is named",
			what_a_source_cannot_do_without_is_named},
		{"a source that is not asked needs nothing",
			a_source_that_is_not_asked_needs_nothing},
		{"the list of sources is checked", the_list_of_sources_is_checked},
		{"there is time for every source", there_is_time_for_every_source},
		{"kinds are eight at most", kinds_are_eight_at_most},
		{"a key may go on in any script, but only after a dot",
			a_key_may_go_on_in_any_script_but_only_after_a_dot},
	};
	return CHECK_MAIN("directories", cases);
}
