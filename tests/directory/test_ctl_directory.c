/* SPDX-License-Identifier: MIT
 *
 * test_ctl_directory.c - the directory of a desk by madoguchictl: keys, bundles, sources.
 */
#include <glib/gstdio.h>
#include <pty.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/directory/desk.h"

/* A failure is one line on standard error, named by the program. */
static void check_cause(const struct desk *d, const char *part)
{
	const char *end = strchr(d->err, '\n');
	gboolean ok = g_str_has_prefix(d->err, "madoguchictl") && end && end[1] == '\0' &&
		      strstr(d->err, part);
	if (!ok)
		fprintf(stderr, "said \"%s\", without \"%s\"\n", d->err, part);
	CHECK(ok);
}

static gboolean says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fprintf(stderr, "\"%s\" is without \"%s\"\n", text, part);
	return strstr(text, part) != NULL;
}

/* A desk that trusts the issuer of `keys`; its configuration is "desk.conf". */
struct trusting {
	struct desk d;
	char *keys, *bundle, *config;
};

static void write_file(const char *path, const char *text)
{
	CHECK(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void trusting_make(struct trusting *t, const char *more)
{
	g_autofree char *key = NULL;
	gsize len = 0;
	desk_make(&t->d);
	t->keys = desk_file(&t->d, "issuer");
	t->bundle = desk_file(&t->d, "d.bundle");
	t->config = desk_file(&t->d, "desk.conf");
	CHECK_INT(desk_ctl(&t->d, NULL, "key", "create", NULL), 0);
	CHECK_INT(desk_run(&t->d, NULL, "directory", "keygen", t->keys, NULL), 0);
	g_autofree char *text = g_strconcat("[snapshot]\ntrusted-key=issuer.pub\n", more, NULL);
	write_file(t->config, text);
	g_autofree char *from = g_strconcat(t->keys, ".fleet", NULL);
	g_autofree char *to = desk_file(&t->d, "fleet.key");
	CHECK(g_file_get_contents(from, &key, &len, NULL));
	CHECK(g_file_set_contents_full(
		to, key, (gssize)len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void trusting_remove(struct trusting *t)
{
	desk_remove(&t->d);
	g_free(t->keys);
	g_free(t->bundle);
	g_free(t->config);
}

static int export(struct trusting *t, const char *serial, const char *as_of)
{
	return desk_run(&t->d, NULL, "directory", "export", SAMPLE_CSV, t->bundle, "--keys",
		t->keys, "--issuer", "管理 admin", "--serial", serial, "--as-of", as_of, NULL);
}

static int import(struct trusting *t, const char *file, const char *option)
{
	return desk_ctl(&t->d, NULL, "-c", t->config, "directory", "import", file, option, NULL);
}

static void a_bundle_goes_from_an_administrator_to_a_desk(void)
{
	struct trusting t;
	trusting_make(&t, "");
	CHECK_INT(export(&t, "41", "2026-01-02T06:07"), 0);
	CHECK_STR(t.d.out, "33 accounts, as of 2026-01-02 06:07, serial 41, issuer 管理 admin\n");
	CHECK_INT(import(&t, t.bundle, NULL), 0);
	CHECK_STR(t.d.out, "33 accounts, as of 2026-01-02 06:07, serial 41, issuer 管理 admin\n");
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "age", NULL), 0);
	CHECK(g_str_has_prefix(t.d.out, "as of 2026-01-02 06:07, "));
	CHECK(says(t.d.out, " hours ago, 33 accounts, serial 41, issuer 管理 admin\n"));
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "age", "--json", NULL), 0);
	CHECK(says(t.d.out, "\"serial\":41"));
	CHECK(says(t.d.out, "\"issuer\":\"管理 admin\""));
	CHECK_INT(desk_ctl(&t.d, NULL, "-c", t.config, "directory", "age", t.bundle, NULL), 0);
	CHECK(says(t.d.out, "serial 41"));
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "lookup", "37-246801", NULL), 0);
	CHECK(says(t.d.out, "  from snapshot, as of 2026-01-02 06:07, "));
	trusting_remove(&t);
}

static void an_older_bundle_is_refused_and_named(void)
{
	struct trusting t;
	trusting_make(&t, "");
	CHECK_INT(export(&t, "41", "2026-01-02T06:07"), 0);
	CHECK_INT(import(&t, t.bundle, NULL), 0);
	CHECK_INT(import(&t, t.bundle, NULL), 1);
	check_cause(&t.d, "d.bundle: its serial is not newer");
	CHECK_INT(export(&t, "42", "2026-01-02T06:07"), 0);
	CHECK_INT(import(&t, t.bundle, NULL), 1);
	check_cause(&t.d, "d.bundle: its data is not newer");
	CHECK_INT(truncate(t.bundle, 1000), 0);
	CHECK_INT(import(&t, t.bundle, NULL), 1);
	check_cause(&t.d, "d.bundle: cut off or too long");
	trusting_remove(&t);
}

static void a_serial_not_given_grows_by_itself(void)
{
	struct trusting t;
	gint64 before = g_get_real_time() / G_USEC_PER_SEC;
	trusting_make(&t, "");
	CHECK_INT(desk_run(&t.d, NULL, "directory", "export", SAMPLE_CSV, t.bundle, "--keys",
			  t.keys, NULL),
		0);
	const char *serial = strstr(t.d.out, "serial ");
	CHECK(serial && g_ascii_strtoll(serial + strlen("serial "), NULL, 10) >= before);
	CHECK(says(t.d.out, g_get_host_name()));
	trusting_remove(&t);
}

static void a_desk_that_trusts_an_issuer_takes_nothing_unsigned(void)
{
	struct trusting t;
	trusting_make(&t, "");
	CHECK_INT(import(&t, SAMPLE_CSV, NULL), 1);
	check_cause(&t.d, "directory.csv: this desk takes signed bundles only");
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "age", NULL), 1);
	write_file(t.config, "[snapshot]\ntrusted-key=issuer.pub\nallow-plain=true\n");
	CHECK_INT(import(&t, SAMPLE_CSV, NULL), 0);
	/* One that trusts nobody takes no bundle. */
	CHECK_INT(export(&t, "41", "2026-01-02"), 0);
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "import", t.bundle, NULL), 1);
	check_cause(&t.d, "no [snapshot] trusted-key");
	trusting_remove(&t);
}

static void force_is_for_root_at_the_console(void)
{
	struct trusting t;
	int terminal = -1, status = 0;
	trusting_make(&t, "");
	CHECK_INT(export(&t, "41", "2026-01-02"), 0);
	CHECK_INT(import(&t, t.bundle, NULL), 0);
	CHECK_INT(import(&t, t.bundle, "--force"), 2);
	check_cause(&t.d, "--force is for root at the machine's console");
	/* A terminal from elsewhere is no console. */
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
	if (pid == 0) {
		execl(g_getenv("MADOGUCHICTL"), "madoguchictl", "--data", t.d.path, "-c", t.config,
			"directory", "import", t.bundle, "--force", NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	close(terminal);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	trusting_remove(&t);
}

static void wrong_calls_are_told_before_anything_is_opened(void)
{
	struct trusting t;
	trusting_make(&t, "");
	CHECK_INT(desk_run(&t.d, NULL, "directory", "export", SAMPLE_CSV, t.bundle, NULL), 2);
	check_cause(&t.d, "--keys is needed");
	CHECK_INT(desk_run(&t.d, NULL, "directory", "export", SAMPLE_CSV, "d.csv", "--keys", t.keys,
			  NULL),
		2);
	check_cause(&t.d, "ends in .bundle");
	CHECK_INT(export(&t, "-1", "2026-01-02"), 2);
	check_cause(&t.d, "--serial");
	CHECK_INT(export(&t, "1", "2199-01-02"), 2);
	check_cause(&t.d, "yet to come");
	CHECK_INT(export(&t, "1", "soon"), 2);
	check_cause(&t.d, "YYYY-MM-DD");
	CHECK_INT(import(&t, SAMPLE_CSV, "--force"), 2);
	check_cause(&t.d, "--force is for bundles");
	CHECK_INT(import(&t, t.bundle, "--as-of=2026-01-02"), 2);
	check_cause(&t.d, "a bundle says itself");
	CHECK_INT(desk_run(&t.d, NULL, "directory", "export", "/nonexistent.csv", t.bundle,
			  "--keys", t.keys, NULL),
		1);
	check_cause(&t.d, "/nonexistent.csv: No such file");
	CHECK_INT(desk_run(&t.d, NULL, "directory", "keygen", t.keys, NULL), 1);
	check_cause(&t.d, "issuer.key: File exists");
	trusting_remove(&t);
}

static void a_check_goes_through_the_snapshot(void)
{
	struct trusting t;
	trusting_make(&t, "");
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "check", NULL), 1);
	CHECK(says(t.d.out, "  readable     failed: "));
	CHECK_INT(export(&t, "41", "2026-01-02"), 0);
	CHECK_INT(import(&t, t.bundle, NULL), 0);
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "check", NULL), 0);
	CHECK(says(t.d.out, "  readable     ok: 33 accounts\n"));
	CHECK(says(t.d.out, "  permissions  ok\n"));
	CHECK(says(t.d.out, "  age          warning: "));
	CHECK(says(t.d.out, "  signed       ok: serial 41 of 管理 admin\n"));
	CHECK(says(t.d.out, "  look-ups     unknown: not without --number\n"));
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "check", "--number", "37-246801", NULL), 0);
	CHECK(says(t.d.out, "  look-ups     ok: one by student-number, p50 of 20 is "));
	CHECK(!strstr(t.d.out, "37-246801") && !strstr(t.d.out, "Toto"));
	CHECK_INT(
		desk_ctl(&t.d, NULL, "directory", "check", "--number", "37-200000", "--json", NULL),
		0);
	CHECK(says(t.d.out, "[\"look-ups\",\"warning\",\"none by "));
	CHECK(says(t.d.out, "\"ok\":true"));
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "check", "--number", "1", "--kind", "shoe-size",
			  NULL),
		1);
	CHECK(says(t.d.out, "  look-ups     failed: no attribute or column"));
	g_autofree char *snapshot = desk_file(&t.d, "directory.db");
	CHECK_INT(chmod(snapshot, 0666), 0);
	CHECK_INT(desk_ctl(&t.d, NULL, "directory", "check", NULL), 1);
	CHECK(says(t.d.out, "  permissions  failed: others may write it\n"));
	trusting_remove(&t);
}

/* Port 9 of this machine: nobody is there. */
#define SERVERS                                                                                    \
	"[directory]\nsources=graph;ldap;snapshot\nlookup-ms=6000\n"                               \
	"[ldap]\nhost=127.0.0.1\nport=9\nbase=dc=example\nbind-dn=cn=kiosk\n"                      \
	"password-file=bind.password\npreset=gakunin\ncommon-id=employeeNumber\n"                  \
	"kind.student-number=employeeNumber\n"                                                     \
	"[graph]\ntenant=11111111-1111-1111-1111-111111111111\n"                                   \
	"client-id=22222222-2222-2222-2222-222222222222\nbase=https://127.0.0.1:9/v1.0\n"          \
	"token-url=https://127.0.0.1:9/token\ncert-file=c.pem\nkey=k.pem\ncommon-id=employeeId\n"

static gboolean make_certificate(const struct desk *d)
{
	struct desk here = {.path = d->path};
	g_autofree char *key = desk_file(d, "k.pem");
	g_autofree char *cert = desk_file(d, "c.pem");
	const char *argv[] = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
		key, "-out", cert, "-subj", "/CN=kiosk", "-days", "2", NULL};
	gboolean ok = desk_spawn(&here, NULL, argv) == 0 && chmod(key, 0600) == 0;
	g_free(here.out);
	g_free(here.err);
	return ok;
}

static void servers_that_are_down_are_told_and_passed_over(void)
{
	struct trusting t;
	trusting_make(&t, SERVERS);
	g_autofree char *password = desk_file(&t.d, "bind.password");
	write_file(password, "correct horse\n");
	CHECK(make_certificate(&t.d));
	CHECK_INT(export(&t, "41", "2026-01-02"), 0);
	CHECK_INT(import(&t, t.bundle, NULL), 0);
	CHECK_INT(desk_ctl(&t.d, NULL, "-c", t.config, "directory", "check", "--number",
			  "37-246801", NULL),
		1);
	CHECK(says(t.d.out, "graph\n  reachable    failed: "));
	CHECK(says(t.d.out, "ldap\n  reachable    failed: "));
	CHECK(says(t.d.out, "  tls          unknown\n  credentials  unknown\n"));
	CHECK(says(t.d.out, "snapshot\n  readable     ok: 33 accounts\n"));
	CHECK_STR(t.d.err, "");
	CHECK_INT(
		desk_ctl(&t.d, NULL, "-c", t.config, "directory", "lookup", "37-246801", NULL), 0);
	CHECK(says(t.d.out, "; a source before it did not answer\n"));
	CHECK_STR(t.d.err, "");
	g_autofree char *snapshot = desk_file(&t.d, "directory.db");
	CHECK_INT(g_unlink(snapshot), 0);
	CHECK_INT(
		desk_ctl(&t.d, NULL, "-c", t.config, "directory", "lookup", "37-246801", NULL), 1);
	check_cause(&t.d, "");
	CHECK(!strstr(t.d.err, "37-246801"));
	trusting_remove(&t);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a bundle goes from an administrator to a desk",
			a_bundle_goes_from_an_administrator_to_a_desk},
		{"an older bundle is refused and named", an_older_bundle_is_refused_and_named},
		{"a serial not given grows by itself", a_serial_not_given_grows_by_itself},
		{"a desk that trusts an issuer takes nothing unsigned",
			a_desk_that_trusts_an_issuer_takes_nothing_unsigned},
		{"--force is for root at the console", force_is_for_root_at_the_console},
		{"wrong calls are told before anything is opened",
			wrong_calls_are_told_before_anything_is_opened},
		{"a check goes through the snapshot", a_check_goes_through_the_snapshot},
		{"servers that are down are told and passed over",
			servers_that_are_down_are_told_and_passed_over},
	};
	return CHECK_MAIN("ctl directory", cases);
}
