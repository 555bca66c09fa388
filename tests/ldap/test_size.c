/* SPDX-License-Identifier: MIT
 *
 * test_size.c - a university's number of people, with the index and without.
 */
#include "tests/check.h"
#include "tests/ldap/ask.h"
#include "tests/ldap/slapd.h"

#define PEOPLE 40000

static void probe_server(gboolean indexed)
{
	struct slapd *server =
		slapd_start(&(struct slapd_options){.many = PEOPLE, .unindexed = !indexed});
	struct ldap_source_settings settings;
	struct ldap_source_probe probe;
	slapd_settings(server, LDAP_SOURCE_LDAPS, LDAP_SOURCE_EXTERNAL, &settings);
	settings.timeout_ms = 10000;
	ldap_source_probe(&settings, &probe);
	CHECK(probe.found_base);
	CHECK_INT(probe.indexed, indexed);
	CHECK(probe.error == NULL);
	struct asked asked = ask_fresh(&settings, "staff-number", "0539999", NULL);
	CHECK_INT(asked.answer, DIRECTORY_ONE);
	CHECK_STR(asked.person.common_id, "7000039999");
	CHECK(asked.still_ms < ASK_STILL_MS);
	printf("(%lld ms) ", (long long)asked.took_ms);
	slapd_stop(server);
}

static void an_index_is_seen(void)
{
	probe_server(TRUE);
}

static void a_missing_index_is_seen(void)
{
	probe_server(FALSE);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"an index is seen", an_index_is_seen},
		{"a missing index is seen", a_missing_index_is_seen},
	};
	g_setenv("LDAPNOINIT", "1", TRUE);
	struct slapd *server = slapd_start(&(struct slapd_options){0});
	if (!server) {
		fprintf(stderr, "skipped: slapd is not installed\n");
		return 77;
	}
	slapd_stop(server);
	return CHECK_MAIN("40,000 people", cases);
}
