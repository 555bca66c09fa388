/* SPDX-License-Identifier: MIT */
#include "tests/ldap/slapd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/net/pki.h"

#define PASSWORD  "correct horse battery staple"
#define START_US  (20 * G_USEC_PER_SEC)
#define ROOT_DN   "dc=example,dc=ac,dc=jp"
#define SCHEMA_AT "/etc/ldap/schema/"

static const char *find_program(const char *name)
{
	g_autofree char *sbin = g_strconcat("/usr/sbin/", name, NULL);
	g_autofree char *path = g_find_program_in_path(name);
	if (path)
		return g_intern_string(path);
	return g_access(sbin, X_OK) == 0 ? g_intern_string(sbin) : NULL;
}

static char *in_folder(const struct slapd *s, const char *name)
{
	return g_build_filename(s->folder, name, NULL);
}

static char *write_file(const struct slapd *s, const char *name, const char *text)
{
	g_autoptr(GError) error = NULL;
	char *path = in_folder(s, name);
	if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error))
		g_error("%s", error->message);
	return path;
}

static guint16 free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&at, len) != 0 ||
		getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		g_error("no free port");
	close(fd);
	return ntohs(at.sin_port);
}

static gboolean answers(guint16 port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	gboolean ok = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
	close(fd);
	return ok;
}

static void make_certificates(struct slapd *s)
{
	struct pki_cert *ca = pki_issue(NULL, &(struct pki_spec){.cn = "Campus CA", .ca = TRUE});
	struct pki_cert *server = pki_issue(
		ca, &(struct pki_spec){.cn = "ldap", .san = "IP:127.0.0.1", .eku = "serverAuth"});
	struct pki_cert *kiosk =
		pki_issue(ca, &(struct pki_spec){.cn = "kiosk", .eku = "clientAuth"});
	struct pki_cert *other =
		pki_issue(ca, &(struct pki_spec){.cn = "printer", .eku = "clientAuth"});
	s->ca = pki_write_chain(s->folder, "ca.pem", ca, NULL);
	g_free(pki_write_chain(s->folder, "server.pem", server, NULL));
	g_free(pki_write_key(s->folder, "server.key", server));
	s->cert = pki_write_chain(s->folder, "kiosk.pem", kiosk, NULL);
	s->key = pki_write_key(s->folder, "kiosk.key", kiosk);
	s->other_cert = pki_write_chain(s->folder, "other.pem", other, NULL);
	s->other_key = pki_write_key(s->folder, "other.key", other);
	pki_free(ca);
	pki_free(server);
	pki_free(kiosk);
	pki_free(other);
}

/* eduPerson and GakuNin have OIDs of their own; the 2.25 ones are of this test. */
static const char schema[] =
	"attributetype ( 1.3.6.1.4.1.5923.1.1.1.1 NAME 'eduPersonAffiliation'\n"
	"  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n"
	"attributetype ( 1.3.6.1.4.1.32264.1.1.5 NAME ( 'jaOrganizationalUnitName' 'jaou' )\n"
	"  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n"
	"attributetype ( 1.3.6.1.4.1.32264.1.1.6 NAME 'gakuninScopedPersonalUniqueCode'\n"
	"  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n"
	"attributetype ( 2.25.1.1 NAME 'testCommonId' EQUALITY numericStringMatch\n"
	"  SYNTAX 1.3.6.1.4.1.1466.115.121.1.36 SINGLE-VALUE )\n"
	"attributetype ( 2.25.1.2 NAME 'testCardStatus' EQUALITY octetStringMatch\n"
	"  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )\n"
	"attributetype ( 2.25.1.3 NAME 'userAccountControl' EQUALITY integerMatch\n"
	"  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n"
	"objectclass ( 2.25.2.1 NAME 'testPerson' SUP top AUXILIARY MAY (\n"
	"  eduPersonAffiliation $ jaou $ gakuninScopedPersonalUniqueCode $ testCommonId $\n"
	"  testCardStatus $ userAccountControl ) )\n";

static void write_config(const struct slapd *s, const struct slapd_options *o)
{
	static const char *const schemas[] = {"core", "cosine", "inetorgperson"};
	GString *text = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(schemas); i++)
		g_string_append_printf(text, "include " SCHEMA_AT "%s.schema\n", schemas[i]);
	g_string_append(text, schema);
	g_string_append_printf(text,
		"modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
		"pidfile %1$s/pid\nargsfile %1$s/args\n"
		"disallow bind_anon\nsecurity simple_bind=128\nsizelimit 50\n"
		"TLSCACertificateFile %1$s/ca.pem\nTLSCertificateFile %1$s/server.pem\n"
		"TLSCertificateKeyFile %1$s/server.key\nTLSVerifyClient try\n"
		"authz-regexp \"^cn=kiosk$\" \"" SLAPD_BIND_DN "\"\n",
		s->folder);
	g_string_append_printf(text,
		"database mdb\nsuffix " ROOT_DN "\ndirectory %s/db\nmaxsize 1073741824\n"
		"dbnosync\n"
		"access to attrs=userPassword by anonymous auth by * none\n"
		"access to * by dn.exact=\"" SLAPD_BIND_DN "\" read by * none\n"
		"%sindex objectClass eq\n%s",
		s->folder,
		o->lists ? "limits dn.exact=\"" SLAPD_BIND_DN "\" size.prtotal=unlimited\n" : "",
		o->unindexed ? "" : "index testCommonId,gakuninScopedPersonalUniqueCode eq\n");
	g_free(write_file(s, "slapd.conf", text->str));
	g_string_free(text, TRUE);
}

/* One of them; `numbers` are values of gakuninScopedPersonalUniqueCode. */
static void add_person(
	GString *text, const char *uid, const char *common_id, const char *code, const char *more)
{
	g_string_append_printf(text,
		"dn: uid=%1$s," SLAPD_BASE "\n"
		"objectClass: inetOrgPerson\nobjectClass: testPerson\n"
		"uid: %1$s\ncn: %1$s\nsn: %1$s\nmail: %1$s@mail.example.net\n"
		"gakuninScopedPersonalUniqueCode: %2$s@example.ac.jp\n"
		"userAccountControl: 512\n%3$s%4$s%5$s\n%6$s\n",
		uid, code, common_id ? "testCommonId: " : "", common_id ? common_id : "",
		common_id ? "" : "description: no id", more);
}

static void add_known(GString *text)
{
	add_person(text, "hanako", "3141592653", "student:" SLAPD_HANAKO,
		"displayName: Hanako Toto\ndisplayName;lang-ja: 東都 花子\n"
		"eduPersonAffiliation: student\neduPersonAffiliation: member\n"
		"jaou;lang-ja: 工学部\n");
	add_person(text, "jiro", "2718281828", "faculty:" SLAPD_JIRO,
		"displayName: Jiro Kuramae\neduPersonAffiliation: faculty\n");
	add_person(text, "twice-a", "6000000001", "student:" SLAPD_TWICE, "");
	add_person(text, "twice-b", "6000000002", "student:" SLAPD_TWICE, "");
	/* 0xff 0xfe: never UTF-8 */
	add_person(
		text, "bytes", "6000000003", "student:" SLAPD_NOT_TEXT, "testCardStatus:: //4=\n");
	add_person(text, "no-id", NULL, "student:" SLAPD_NO_ID, "");
	/* Keys that a filter must not take for its own signs, and one they would match. */
	add_person(
		text, "saburo", "4000000001", "student:" SLAPD_SABURO, "employeeNumber: K(1)*\n");
	add_person(text, "saburo-f", "4000000002", "faculty:0055555", "employeeNumber: K(1)*\n");
	add_person(text, "saburo-x", NULL, "faculty:0055556", "employeeNumber: K(1)*\n");
	add_person(text, "shiro", "4000000003", "faculty:0055557", "employeeNumber: K(1)*2\n");
	for (guint i = 0; i < 6; i++) {
		g_autofree char *uid = g_strdup_printf("crowd-%u", i);
		g_autofree char *id = g_strdup_printf("410000000%u", i);
		g_autofree char *code = g_strdup_printf("student:37-66666%u", 6 + i);
		add_person(text, uid, id, code, "employeeNumber: crowd\n");
	}
}

static void add_many(GString *text, guint many)
{
	for (guint i = 0; i < many; i++) {
		g_autofree char *uid = g_strdup_printf("u%06u", i);
		g_autofree char *id =
			g_strdup_printf("%" G_GINT64_FORMAT, (gint64)SLAPD_MANY_ID + i);
		g_autofree char *code = i % 2 == 0
						? g_strdup_printf("student:37-%06u", SLAPD_MANY + i)
						: g_strdup_printf("faculty:0%06u", SLAPD_MANY + i);
		g_autofree char *more =
			g_strdup_printf("displayName: Person %u\ndisplayName;lang-ja: 試験 %u\n"
					"eduPersonAffiliation: %s\njaou;lang-ja: 工学部\n",
				i, i, i % 2 == 0 ? "student" : "faculty");
		add_person(text, uid, id, code, more);
	}
}

static void run(const char *const *argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *said = NULL;
	int status = 0;
	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
		    &said, &status, &error) ||
		!g_spawn_check_wait_status(status, &error))
		g_error("%s: %s\n%s", argv[0], error->message, said ? said : "");
}

static void load_people(const struct slapd *s, guint many)
{
	GString *text = g_string_new(
		"dn: " ROOT_DN "\nobjectClass: domain\ndc: example\n\n"
		"dn: ou=services," ROOT_DN "\nobjectClass: organizationalUnit\nou: services\n\n"
		"dn: " SLAPD_BASE "\nobjectClass: organizationalUnit\nou: people\n\n"
		"dn: " SLAPD_BIND_DN "\nobjectClass: person\ncn: kiosk\nsn: kiosk\n"
		"userPassword: " PASSWORD "\n\n");
	add_known(text);
	add_many(text, many);
	g_autofree char *ldif = write_file(s, "people.ldif", text->str);
	g_autofree char *conf = in_folder(s, "slapd.conf");
	g_autofree char *db = in_folder(s, "db");
	g_string_free(text, TRUE);
	if (g_mkdir(db, 0700) != 0)
		g_error("%s", db);
	/* slapadd is slapd by another name. */
	const char *argv[] = {find_program("slapd"), "-Ta", "-q", "-f", conf, "-l", ldif, NULL};
	run(argv);
	g_unlink(ldif);
}

/* A test that is killed leaves no server behind. */
static void on_child(gpointer data)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void slapd_again(struct slapd *s)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = in_folder(s, "slapd.conf");
	gint64 until = g_get_monotonic_time() + START_US;
	g_subprocess_launcher_set_child_setup(launcher, on_child, NULL, NULL);
	s->process = g_subprocess_launcher_spawn(launcher, &error, find_program("slapd"), "-d", "0",
		"-f", conf, "-h", s->uris, NULL);
	if (!s->process)
		g_error("slapd: %s", error->message);
	while (!answers(s->port_tls)) {
		if (g_get_monotonic_time() > until)
			g_error("slapd does not come up");
		g_usleep(5000);
	}
}

struct slapd *slapd_start(const struct slapd_options *options)
{
	if (!find_program("slapd") || g_access(SCHEMA_AT "core.schema", R_OK) != 0)
		return NULL;
	struct slapd *s = g_new0(struct slapd, 1);
	s->folder = pki_folder();
	s->port = free_port();
	s->port_tls = free_port();
	s->uris = g_strdup_printf("ldap://127.0.0.1:%u ldaps://127.0.0.1:%u", s->port, s->port_tls);
	make_certificates(s);
	s->password_file = write_file(s, "password", PASSWORD "\n");
	s->wrong_file = write_file(s, "wrong", "wrong\n");
	s->empty_file = write_file(s, "empty", "\n");
	write_config(s, options);
	load_people(s, options->many);
	slapd_again(s);
	return s;
}

void slapd_kill(struct slapd *s)
{
	if (!s->process)
		return;
	g_subprocess_force_exit(s->process);
	g_subprocess_wait(s->process, NULL, NULL);
	g_clear_object(&s->process);
}

struct slapd *slapd_stop(struct slapd *s)
{
	if (!s)
		return NULL;
	slapd_kill(s);
	g_autofree char *db = in_folder(s, "db");
	pki_folder_remove(db);
	pki_folder_remove(s->folder);
	char *const owned[] = {s->folder, s->ca, s->cert, s->key, s->other_cert, s->other_key,
		s->password_file, s->wrong_file, s->empty_file, s->uris};
	for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
		g_free(owned[i]);
	g_free(s);
	return NULL;
}

static void set_kind(struct map *map, const char *kind, const char *attribute, const char *prefix,
	const char *suffix)
{
	struct map_kind row = {{0}};
	g_strlcpy(row.kind, kind, sizeof row.kind);
	g_strlcpy(row.attribute, attribute, sizeof row.attribute);
	g_strlcpy(row.prefix, prefix, sizeof row.prefix);
	g_strlcpy(row.suffix, suffix, sizeof row.suffix);
	if (!map_set_kind(map, &row))
		g_error("too many kinds");
}

void slapd_map(struct map *ret)
{
	static const char code[] = "gakuninScopedPersonalUniqueCode";
	static char *affiliations[] = {(char *)"工学部=37", NULL};
	map_preset(ret, "gakunin");
	set_kind(ret, "common-id", "testCommonId", "", "");
	set_kind(ret, "student-number", code, "student:", "@example.ac.jp");
	set_kind(ret, "staff-number", code, "faculty:", "@example.ac.jp");
	g_strlcpy(ret->attributes[MAP_AFFILIATION], "jaou;lang-ja", MAP_ATTRIBUTE_SIZE);
	g_strlcpy(ret->attributes[MAP_ACCOUNT_CONTROL], "userAccountControl", MAP_ATTRIBUTE_SIZE);
	g_strlcpy(ret->attributes[MAP_CARD_STATUS], "testCardStatus", MAP_ATTRIBUTE_SIZE);
	g_strlcpy(ret->attributes[MAP_PERSON_KEY], "employeeNumber", MAP_ATTRIBUTE_SIZE);
	ret->affiliations = affiliations;
}

void slapd_settings(const struct slapd *s, enum ldap_source_tls tls, enum ldap_source_bind bind,
	struct ldap_source_settings *ret)
{
	static char host[] = "127.0.0.1", base[] = SLAPD_BASE, dn[] = SLAPD_BIND_DN;
	*ret = (struct ldap_source_settings){
		.host = host,
		.port = tls == LDAP_SOURCE_LDAPS ? s->port_tls : s->port,
		.tls = tls,
		.bind = bind,
		.base = base,
		.rules = {.ca_file = s->ca},
		.timeout_ms = 2000,
	};
	slapd_map(&ret->map);
	if (bind == LDAP_SOURCE_SIMPLE) {
		ret->bind_dn = dn;
		ret->password_file = s->password_file;
	} else {
		ret->rules.cert_file = s->cert;
		ret->rules.key = s->key;
	}
}
