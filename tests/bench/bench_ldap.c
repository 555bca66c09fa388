/* SPDX-License-Identifier: MIT
 *
 * bench_ldap.c - a look-up of the LDAP source beside bare libldap on the same work: one
 * kept ldaps connection, slapd with 40,000 people, everyone asked for once.
 */
#include <ldap.h>
#include <stdio.h>
#include <string.h>

#include "tests/ldap/ask.h"
#include "tests/ldap/slapd.h"

#define PEOPLE 40000
#define ROUNDS 20
#define EACH   200 /* look-ups of one side in a round */

struct side {
	const char *name;
	GArray *took_us; /* of gint64 */
};

struct bench {
	struct slapd *server;
	struct ldap_source_settings settings;
	struct directory *dir;
	LDAP *bare;
	char **attributes;
	guint next;
};

static void must(gboolean ok, const char *what)
{
	if (!ok)
		g_error("%s failed", what);
}

/* As a program does that trusts libldap's own TLS. */
static LDAP *connect_bare(const struct slapd *server)
{
	static const int version = LDAP_VERSION3, hard = LDAP_OPT_X_TLS_HARD, client = 0;
	g_autofree char *uri = g_strdup_printf("ldaps://127.0.0.1:%u", server->port_tls);
	g_autofree char *password = NULL;
	LDAP *ld = NULL;
	must(ldap_initialize(&ld, uri) == LDAP_SUCCESS, "ldap_initialize");
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, server->ca);
	ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &hard);
	ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &client);
	must(g_file_get_contents(server->password_file, &password, NULL, NULL), "password");
	g_strchomp(password);
	struct berval secret = {strlen(password), password};
	must(ldap_sasl_bind_s(ld, SLAPD_BIND_DN, LDAP_SASL_SIMPLE, &secret, NULL, NULL, NULL) ==
			LDAP_SUCCESS,
		"bind");
	return ld;
}

/* The number of one of the students; every second of the many is one. */
static void next_number(struct bench *b, char ret[16])
{
	b->next = (b->next + 7919) % (PEOPLE / 2);
	g_snprintf(ret, 16, "37-%06u", SLAPD_MANY + 2 * b->next);
}

/* Whoever asks wants the values. */
static void read_values(LDAP *ld, LDAPMessage *entry)
{
	BerElement *at = NULL;
	for (char *name = ldap_first_attribute(ld, entry, &at); name;
		name = ldap_next_attribute(ld, entry, at)) {
		struct berval **values = ldap_get_values_len(ld, entry, name);
		must(values != NULL, "values");
		ldap_value_free_len(values);
		ldap_memfree(name);
	}
	ber_free(at, 0);
}

static void ask_bare(struct bench *b, const char *number)
{
	g_autofree char *filter = g_strdup_printf(
		"(gakuninScopedPersonalUniqueCode=student:%s@example.ac.jp)", number);
	struct timeval limit = {.tv_sec = 2};
	LDAPMessage *message = NULL;
	must(ldap_search_ext_s(b->bare, SLAPD_BASE, LDAP_SCOPE_SUBTREE, filter, b->attributes, 0,
		     NULL, NULL, &limit, 2, &message) == LDAP_SUCCESS,
		"search");
	must(ldap_count_entries(b->bare, message) == 1, "the one person");
	read_values(b->bare, ldap_first_entry(b->bare, message));
	ldap_msgfree(message);
}

static void add(struct side *side, gint64 start)
{
	gint64 took = g_get_monotonic_time() - start;
	g_array_append_val(side->took_us, took);
}

/* A round of ours, within the main loop as in the service. */
struct round {
	struct bench *bench;
	struct side *side;
	GMainLoop *loop;
	guint left;
	gint64 start;
};

static void on_done(const struct directory_result *result, guint64 visit, gpointer data);

static gboolean on_next(gpointer data)
{
	struct round *r = data;
	char number[16];
	next_number(r->bench, number);
	r->start = g_get_monotonic_time();
	directory_lookup(r->bench->dir, "student-number", number, 1, NULL, on_done, r);
	return G_SOURCE_REMOVE;
}

static void on_done(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct round *r = data;
	add(r->side, r->start);
	must(result->answer == DIRECTORY_ONE, "the one person");
	if (--r->left == 0)
		g_main_loop_quit(r->loop);
	else
		on_next(r);
}

static void time_ours(struct bench *b, struct side *side, guint n)
{
	struct round round = {b, side, g_main_loop_new(NULL, FALSE), n, 0};
	g_idle_add(on_next, &round);
	g_main_loop_run(round.loop);
	g_main_loop_unref(round.loop);
}

static void time_bare(struct bench *b, struct side *side, guint n)
{
	for (guint i = 0; i < n; i++) {
		char number[16];
		next_number(b, number);
		gint64 start = g_get_monotonic_time();
		ask_bare(b, number);
		add(side, start);
	}
}

static gint compare(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return (x > y) - (x < y);
}

static gint64 at(const struct side *side, double part)
{
	return g_array_index(side->took_us, gint64, (guint)(part * (side->took_us->len - 1)));
}

static void print(const struct side *side)
{
	printf("%-14s p50 %5" G_GINT64_FORMAT " us   p99 %5" G_GINT64_FORMAT " us\n", side->name,
		at(side, 0.5), at(side, 0.99));
}

static void run(struct bench *b)
{
	struct side bare = {"bare libldap", g_array_new(FALSE, FALSE, sizeof(gint64))};
	struct side ours = {"look-up", g_array_new(FALSE, FALSE, sizeof(gint64))};
	time_ours(b, &ours, EACH);
	time_bare(b, &bare, EACH);
	g_array_set_size(ours.took_us, 0);
	g_array_set_size(bare.took_us, 0);
	for (guint i = 0; i < ROUNDS; i++) {
		time_bare(b, &bare, EACH);
		time_ours(b, &ours, EACH);
	}
	g_array_sort(bare.took_us, compare);
	g_array_sort(ours.took_us, compare);
	print(&bare);
	print(&ours);
	printf("ratio of p50   %.2f (%d people, %d look-ups each)\n",
		(double)at(&ours, 0.5) / (double)at(&bare, 0.5), PEOPLE, ROUNDS * EACH);
	g_array_unref(bare.took_us);
	g_array_unref(ours.took_us);
}

int main(void)
{
	struct bench b = {0};
	g_setenv("LDAPNOINIT", "1", TRUE);
	gint64 start = g_get_monotonic_time();
	b.server = slapd_start(&(struct slapd_options){.many = PEOPLE});
	if (!b.server) {
		fprintf(stderr, "slapd is not installed\n");
		return 77;
	}
	printf("loaded and up in %.1f s\n",
		(double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC);
	slapd_settings(b.server, LDAP_SOURCE_LDAPS, LDAP_SOURCE_SIMPLE, &b.settings);
	b.attributes = map_attributes(&b.settings.map);
	b.dir = ldap_source_open(&b.settings, NULL);
	b.bare = connect_bare(b.server);
	run(&b);
	ldap_unbind_ext(b.bare, NULL, NULL);
	directory_free(b.dir);
	g_strfreev(b.attributes);
	slapd_stop(b.server);
	return 0;
}
