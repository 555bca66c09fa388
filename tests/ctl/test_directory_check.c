/* SPDX-License-Identifier: MIT
 *
 * test_directory_check.c - `madoguchictl directory check` before servers that answer: a real
 * slapd and the stand-in for Graph. Each fault is told at its own step.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "tests/check.h"
#include "tests/directory/desk.h"
#include "tests/graph/stand_in.h"
#include "tests/ldap/slapd.h"

static const struct stand_in_user hanako = {"3f2504e0-4f89-11d3-9a0c-0305e82c3301", "3141592653",
	"3141592653@utac.example.test", "東都 花子", "37", "student", NULL, NULL, TRUE};

static gboolean says(const struct desk *d, const char *part)
{
	if (!strstr(d->out, part))
		fprintf(stderr, "\"%s\" (%s) is without \"%s\"\n", d->out, d->err, part);
	return strstr(d->out, part) != NULL;
}

/* The median of the 20 look-ups is what is told, in words and as a number. */
static void check_p50(const struct desk *d)
{
	const char *text = strstr(d->out, "p50 of 20 is "), *number = strstr(d->out, "\"p50-us\":");
	CHECK(text && number);
	if (!text || !number)
		return;
	double ms = g_ascii_strtod(text + strlen("p50 of 20 is "), NULL);
	double us = g_ascii_strtod(number + strlen("\"p50-us\":"), NULL);
	const char *slowest = strstr(text, "the slowest ");
	CHECK(us > 0 && ABS(ms * 1000 - us) < 0.5);
	CHECK(slowest && g_ascii_strtod(slowest + strlen("the slowest "), NULL) >= ms);
}

/* Check with this configuration; the exit status. */
static int check_with(struct desk *d, const char *number, char *config)
{
	g_autofree char *path = desk_file(d, "desk.conf");
	CHECK(g_file_set_contents(path, config, -1, NULL));
	g_free(config);
	return desk_ctl(
		d, NULL, "-c", path, "directory", "check", "--number", number, "--json", NULL);
}

static char *ldap_config(
	const struct slapd *s, const char *ca, const char *password, const char *base)
{
	return g_strdup_printf("[directory]\nsources=ldap\n[ldap]\nhost=127.0.0.1\nport=%u\n"
			       "bind-dn=" SLAPD_BIND_DN "\npassword-file=%s\nca-file=%s\nbase=%s\n"
			       "preset=gakunin\ncommon-id=testCommonId\n"
			       "affiliation.工学部=37\naffiliation=jaou;lang-ja\n"
			       "kind.student-number=gakuninScopedPersonalUniqueCode student: "
			       "@example.ac.jp\n",
		s->port_tls, password, ca, base);
}

static void each_fault_of_a_slapd_is_told_at_its_step(void)
{
	struct desk d;
	struct slapd *s = slapd_start(&(struct slapd_options){0});
	if (!s) {
		printf(" (slapd is not installed: left out) ");
		return;
	}
	desk_make(&d);
	CHECK_INT(desk_ctl(&d, NULL, "key", "create", NULL), 0);
	const char *number = SLAPD_HANAKO;
	CHECK_INT(check_with(&d, number, ldap_config(s, s->ca, s->password_file, SLAPD_BASE)), 0);
	CHECK(says(&d, "[\"reachable\",\"ok\",\"\"],[\"tls\",\"ok\",\"\"],"
		       "[\"credentials\",\"ok\",\"\"],[\"base\",\"ok\",\"\"],[\"index\",\"ok\""));
	CHECK(says(&d, "[\"look-ups\",\"ok\",\"one by student-number, p50 of 20 is "));
	CHECK(says(&d, "[\"clock\",\"unknown\",\"not known: "));
	check_p50(&d);
	CHECK(!strstr(d.out, SLAPD_HANAKO) && !strstr(d.out, "Toto"));
	CHECK_INT(check_with(&d, number, ldap_config(s, s->ca, s->wrong_file, SLAPD_BASE)), 1);
	CHECK(says(&d, "[\"tls\",\"ok\",\"\"],[\"credentials\",\"failed\","));
	CHECK(says(&d, "[\"base\",\"unknown\",\"\"]"));
	CHECK_INT(check_with(&d, number, ldap_config(s, s->cert, s->password_file, SLAPD_BASE)), 1);
	CHECK(says(&d, "[\"reachable\",\"ok\",\"\"],[\"tls\",\"failed\","));
	CHECK_INT(check_with(&d, number, ldap_config(s, s->ca, s->password_file, "ou=x,dc=x")), 1);
	CHECK(says(&d, "[\"credentials\",\"ok\",\"\"],[\"base\",\"failed\","));
	CHECK_INT(check_with(&d, "37-999999", ldap_config(s, s->ca, s->password_file, SLAPD_BASE)),
		0);
	CHECK(says(&d, "[\"look-ups\",\"warning\",\"none by "));
	slapd_kill(s);
	CHECK_INT(check_with(&d, number, ldap_config(s, s->ca, s->password_file, SLAPD_BASE)), 1);
	CHECK(says(&d, "[\"reachable\",\"failed\","));
	slapd_stop(s);
	desk_remove(&d);
}

static char *graph_config(
	const struct stand_in *s, const char *ca, const char *cert, const char *key)
{
	return g_strdup_printf("[directory]\nsources=graph\n[graph]\nclient-id=" STAND_IN_CLIENT
			       "\ntoken-url=%s\nbase=%s\nca-file=%s\ncert-file=%s\nkey=%s\n",
		stand_in_token_url(s), stand_in_base(s), ca, cert, key);
}

static char *usual(const struct stand_in *s)
{
	return graph_config(s, stand_in_ca(s), stand_in_cert(s), stand_in_key(s));
}

static void each_fault_of_graph_is_told_at_its_step(void)
{
	struct desk d;
	AUTO(stand_in) s = stand_in_start();
	const char *number = hanako.employee_id;
	stand_in_add_user(s, &hanako);
	desk_make(&d);
	CHECK_INT(desk_ctl(&d, NULL, "key", "create", NULL), 0);
	CHECK_INT(check_with(&d, number, usual(s)), 0);
	CHECK(says(&d, "[\"reachable\",\"ok\",\"\"],[\"tls\",\"ok\",\"\"],"
		       "[\"credentials\",\"ok\",\"\"],[\"permissions\",\"ok\",\"\"],"
		       "[\"clock\",\"ok\","));
	CHECK(says(&d, "[\"look-ups\",\"ok\",\"one by common-id, p50 of 20 is "));
	check_p50(&d);
	/* One that chose the kind, and 20 that were timed. */
	CHECK_INT(stand_in_count(s, STAND_IN_USERS), 21);
	CHECK(!strstr(d.out, number));
	stand_in_set_clock(s, 120);
	CHECK_INT(check_with(&d, number, usual(s)), 0);
	CHECK(says(&d, "[\"clock\",\"warning\",\"1"));
	CHECK(says(&d, " s behind the server's\"]"));
	stand_in_set_clock(s, 0);
	stand_in_set_roles(s, "[\"User.Read.All\",\"UserAuthenticationMethod.ReadWrite.All\"]");
	CHECK_INT(check_with(&d, number, usual(s)), 1);
	CHECK(says(&d, "[\"permissions\",\"failed\","
		       "\"UserAuthenticationMethod.ReadWrite.All is more than"));
	stand_in_set_roles(s, "[]");
	CHECK_INT(check_with(&d, number, usual(s)), 1);
	CHECK(says(&d, "[\"permissions\",\"failed\",\"User.Read.All is missing\"]"));
	stand_in_set_roles(s, "[\"User.Read.All\"]");
	CHECK_INT(check_with(&d, number,
			  graph_config(s, stand_in_ca(s), stand_in_other_cert(s),
				  stand_in_other_key(s))),
		1);
	CHECK(says(&d, "[\"tls\",\"ok\",\"\"],[\"credentials\",\"failed\","));
	CHECK_INT(
		check_with(&d, number,
			graph_config(s, stand_in_other_cert(s), stand_in_cert(s), stand_in_key(s))),
		1);
	CHECK(says(&d, "[\"reachable\",\"ok\",\"\"],[\"tls\",\"failed\","));
	desk_remove(&d);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"each fault of a slapd is told at its step",
			each_fault_of_a_slapd_is_told_at_its_step},
		{"each fault of Graph is told at its step",
			each_fault_of_graph_is_told_at_its_step},
	};
	return CHECK_MAIN("directory check", cases);
}
