/* SPDX-License-Identifier: MIT
 *
 * test_export.c - a university's directory goes from a real slapd, page by page, into a bundle
 * and from there to a desk.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/check.h"
#include "tests/directory/desk.h"
#include "tests/ldap/relay.h"
#include "tests/ldap/slapd.h"

#define PEOPLE 40000
#define KNOWN  13 /* of the others that have a common id; one more cannot be read */
#define SAMPLE 25
#define CUT_AT (4 * 1024 * 1024) /* bytes: some thousand people */

struct world {
	struct slapd *slapd;
	struct desk desk;
	char *keys, *bundle, *config;
};

static char *config_of(const struct slapd *s, guint16 port)
{
	return g_strdup_printf("[directory]\nsources=ldap;snapshot\n[snapshot]\n"
			       "trusted-key=issuer.pub\n[ldap]\nhost=127.0.0.1\nport=%u\n"
			       "bind-dn=" SLAPD_BIND_DN "\npassword-file=%s\nca-file=%s\n"
			       "base=" SLAPD_BASE "\npreset=gakunin\ncommon-id=testCommonId\n"
			       "card-status=testCardStatus\naccount-control=userAccountControl\n"
			       "affiliation.工学部=37\naffiliation=jaou;lang-ja\n"
			       "kind.student-number=gakuninScopedPersonalUniqueCode student: "
			       "@example.ac.jp\n"
			       "kind.staff-number=gakuninScopedPersonalUniqueCode faculty: "
			       "@example.ac.jp\n",
		port, s->password_file, s->ca);
}

static void write_config(struct world *w, const char *name, guint16 port)
{
	g_autofree char *path = desk_file(&w->desk, name);
	g_autofree char *text = config_of(w->slapd, port);
	CHECK(g_file_set_contents(path, text, -1, NULL));
}

static void world_make(struct world *w, const struct slapd_options *options)
{
	g_autofree char *key = NULL;
	gsize len = 0;
	w->slapd = slapd_start(options);
	desk_make(&w->desk);
	w->keys = desk_file(&w->desk, "issuer");
	w->bundle = desk_file(&w->desk, "d.bundle");
	w->config = desk_file(&w->desk, "desk.conf");
	CHECK_INT(desk_ctl(&w->desk, NULL, "key", "create", NULL), 0);
	CHECK_INT(desk_run(&w->desk, NULL, "directory", "keygen", w->keys, NULL), 0);
	write_config(w, "desk.conf", w->slapd->port_tls);
	g_autofree char *from = g_strconcat(w->keys, ".fleet", NULL);
	g_autofree char *to = desk_file(&w->desk, "fleet.key");
	CHECK(g_file_get_contents(from, &key, &len, NULL));
	CHECK(g_file_set_contents_full(
		to, key, (gssize)len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void world_remove(struct world *w)
{
	slapd_stop(w->slapd);
	desk_remove(&w->desk);
	g_free(w->keys);
	g_free(w->bundle);
	g_free(w->config);
}

static int export(struct world *w, const char *config)
{
	return desk_run(&w->desk, NULL, "-c", config, "directory", "export", "ldap", w->bundle,
		"--keys", w->keys, "--issuer", "test", "--serial", "7", NULL);
}

static void check_said(const char *text, const char *part)
{
	if (!strstr(text, part))
		fprintf(stderr, "\"%s\" is without \"%s\"\n", text, part);
	CHECK(strstr(text, part) != NULL);
}

/* What the snapshot says of a number, and what the server it came from says. */
static void compare_one(struct world *w, guint i)
{
	g_autofree char *snapshot_only = desk_file(&w->desk, "snapshot.conf");
	g_autofree char *number = i % 2 == 0 ? g_strdup_printf("37-%06u", SLAPD_MANY + i)
					     : g_strdup_printf("0%06u", SLAPD_MANY + i);
	CHECK(g_file_set_contents(snapshot_only, "[directory]\nsources=snapshot\n", -1, NULL));
	CHECK_INT(desk_ctl(&w->desk, NULL, "-c", snapshot_only, "directory", "lookup", "--kind",
			  i % 2 == 0 ? "student-number" : "staff-number", number, NULL),
		0);
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)SLAPD_MANY_ID + i);
	g_autofree char *name = g_strdup_printf("試験 %u", i);
	check_said(w->desk.out, id);
	check_said(w->desk.out, name);
	check_said(w->desk.out, number);
}

static void everybody_goes_to_the_desk(void)
{
	struct world w;
	struct rusage use;
	world_make(&w, &(struct slapd_options){.many = PEOPLE, .lists = TRUE});
	gint64 began = g_get_monotonic_time();
	CHECK_INT(export(&w, w.config), 0);
	gint64 took = g_get_monotonic_time() - began;
	g_autofree char *want = g_strdup_printf("%u accounts, as of ", PEOPLE + KNOWN);
	check_said(w.desk.out, want);
	check_said(w.desk.err, "1 entries were left out, the last because of testCardStatus");
	CHECK_INT(
		desk_ctl(&w.desk, NULL, "-c", w.config, "directory", "import", w.bundle, NULL), 0);
	if (w.desk.status != 0)
		fprintf(stderr, "import: %s\n", w.desk.err);
	guint32 seed = g_random_int();
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	for (guint i = 0; i < SAMPLE; i++)
		compare_one(&w, (guint)g_rand_int_range(random, 0, PEOPLE));
	CHECK(getrusage(RUSAGE_CHILDREN, &use) == 0);
	printf("(export %.1f s, peak of any child %ld MiB, seed %u) ",
		(double)took / G_USEC_PER_SEC, use.ru_maxrss / 1024, seed);
	world_remove(&w);
}

static void half_a_list_makes_no_bundle(void)
{
	struct world w;
	world_make(&w, &(struct slapd_options){.many = PEOPLE, .lists = TRUE});
	struct relay *relay = relay_start(w.slapd->port_tls, CUT_AT);
	g_autofree char *config = desk_file(&w.desk, "cut.conf");
	write_config(&w, "cut.conf", relay_port(relay));
	CHECK_INT(export(&w, config), 1);
	CHECK_INT(relay_cuts(relay), 1);
	check_said(w.desk.err, "ldap:");
	check_said(w.desk.err, "hung up");
	CHECK(!g_file_test(w.bundle, G_FILE_TEST_EXISTS));
	relay_stop(relay);
	world_remove(&w);
}

static void an_account_that_may_not_list_everybody_is_told(void)
{
	struct world w;
	world_make(&w, &(struct slapd_options){.many = 1000});
	CHECK_INT(export(&w, w.config), 1);
	check_said(w.desk.err, "its size limit is too low");
	CHECK(!g_file_test(w.bundle, G_FILE_TEST_EXISTS));
	world_remove(&w);
}

static void without_a_server_in_the_configuration_there_is_nothing_to_export(void)
{
	struct world w;
	world_make(&w, &(struct slapd_options){0});
	g_autofree char *config = desk_file(&w.desk, "none.conf");
	CHECK(g_file_set_contents(config, "[directory]\nsources=snapshot\n", -1, NULL));
	CHECK_INT(export(&w, config), 1);
	check_said(w.desk.err, "sources do not name ldap");
	CHECK_INT(desk_run(&w.desk, NULL, "-c", w.config, "directory", "export", "ldap", w.bundle,
			  "--keys", w.keys, "--as-of", "2026-01-01", NULL),
		2);
	world_remove(&w);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"everybody goes to the desk", everybody_goes_to_the_desk},
		{"half a list makes no bundle", half_a_list_makes_no_bundle},
		{"an account that may not list everybody is told",
			an_account_that_may_not_list_everybody_is_told},
		{"without a server in the configuration there is nothing to export",
			without_a_server_in_the_configuration_there_is_nothing_to_export},
	};
	struct slapd *server = slapd_start(&(struct slapd_options){0});
	if (!server) {
		fprintf(stderr, "skipped: slapd is not installed\n");
		return 77;
	}
	slapd_stop(server);
	return CHECK_MAIN("export from a server", cases);
}
