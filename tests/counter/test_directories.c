/* SPDX-License-Identifier: MIT
 *
 * test_directories.c - the whole service asking a real LDAP server, or Graph's stand-in,
 * and what the desk sees while it is well and when it is not.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/counter/rig_check.h"
#include "tests/counter/town.h"
#include "tests/graph/stand_in.h"
#include "tests/ldap/slapd.h"
#include "tests/visits/wait.h"

#define ID       "3141592653"
#define TAP_MS   2000 /* from the tap to the answer, whoever gives it */
#define VIEW_MS  100  /* a view is told at once, whatever the service waits for */
#define CARD     "student-number,37-246801,0,20990331,valid"
#define ROLE     "student,37,20240401,20990331"
#define SNAPSHOT "snapshot"

/* The snapshot's name for the holder: nobody else knows it. */
static const char *const of_snapshot[] = {
	ID ",東都 花子,Hanako Snapshot,active,yes,no,," CARD "," ROLE, NULL};

static char *config_of(const struct slapd *server, guint16 port)
{
	return g_strdup_printf("[directory]\nsources=ldap;snapshot\nlookup-ms=2000\n"
			       "[snapshot]\ndeadline-ms=500\n"
			       "[ldap]\ndeadline-ms=1400\nhost=127.0.0.1\nport=%u\nca-file=%s\n"
			       "bind-dn=" SLAPD_BIND_DN "\npassword-file=%s\nbase=" SLAPD_BASE "\n"
			       "preset=gakunin\ncommon-id=testCommonId\n"
			       "affiliation=jaou;lang-ja\naffiliation.工学部=37\n"
			       "account-control=userAccountControl\n"
			       "kind.student-number=gakuninScopedPersonalUniqueCode student: "
			       "@example.ac.jp\n",
		port, server->ca, server->password_file);
}

/* A counter that asks what listens at `port` (0: the server itself), then the snapshot. */
static struct rig *counter_with(const struct slapd *server, guint16 port)
{
	g_autofree char *config = config_of(server, port ? port : server->port_tls);
	const struct rig_options options = {.config = config};
	struct rig *rig = rig_need("directories", &options);
	CHECK(town_import(rig, of_snapshot, 0));
	return rig;
}

static struct slapd *need_server(void)
{
	static const struct slapd_options options;
	struct slapd *server = slapd_start(&options);
	g_assert_nonnull(server); /* main() has seen that it is installed */
	return server;
}

static gint64 now_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

static gboolean has_fallback(GVariant *desk)
{
	g_autoptr(GVariantIter) rows = NULL;
	const char *word, *severity;
	gboolean settled, found = FALSE;
	if (!g_variant_lookup(desk, "verdicts", "a(ssb)", &rows))
		return FALSE;
	while (g_variant_iter_next(rows, "(&s&sb)", &word, &severity, &settled))
		found |= g_str_equal(word, "directory-fallback");
	return found;
}

static void check_key(GVariant *desk, const char *key, const char *want)
{
	const char *got = "";
	g_variant_lookup(desk, key, "&s", &got);
	CHECK_STR(got, want);
}

struct tap {
	struct rig *rig;
	gint64 slowest_ms; /* of the views */
	guint views;
};

static gboolean is_checking(gpointer data)
{
	struct tap *tap = data;
	gint64 asked = now_ms();
	g_autofree char *state = rig_desk_str(tap->rig, "state");
	tap->slowest_ms = MAX(tap->slowest_ms, now_ms() - asked);
	tap->views++;
	return g_str_equal(state, "check");
}

/* One tap of the student's card; the desk shows the person as `source` knows them. */
static void check_tap(struct rig *rig, const char *source, const char *name_en)
{
	struct tap tap = {.rig = rig};
	gint64 began = now_ms();
	rig_lay(rig, "student");
	CHECK(wait_until(is_checking, &tap, RIG_WAIT_MS));
	gint64 took = now_ms() - began;
	printf("%s after %d ms, %u views, slowest %d ms\n", source, (int)took, tap.views,
		(int)tap.slowest_ms);
	CHECK(took <= TAP_MS);
	CHECK(tap.slowest_ms <= VIEW_MS);
	g_autoptr(GVariant) desk = rig_desk(rig);
	CHECK(desk != NULL);
	if (!desk)
		return;
	check_key(desk, "source", source);
	check_key(desk, "name-en", name_en);
	check_key(desk, "name-ja", "東都 花子");
	check_key(desk, "problem", "");
	CHECK_INT(has_fallback(desk), g_str_equal(source, SNAPSHOT));
	CHECK(town_leave(rig));
}

static void check_ldap(struct rig *rig)
{
	check_tap(rig, "ldap", "Hanako Toto");
}

static void check_snapshot(struct rig *rig)
{
	check_tap(rig, SNAPSHOT, "Hanako Snapshot");
}

static void a_tap_is_answered_by_the_ldap_server(void)
{
	struct slapd *server = need_server();
	struct rig *rig = counter_with(server, 0);
	check_ldap(rig);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	rig_take(rig);
	CHECK(rig_check(rig, ID));
	CHECK(rig_wait(rig, "common-id", ID));
	rig_free(rig);
	slapd_stop(server);
}

static void a_frozen_server_costs_a_tap_no_more_than_its_deadline(void)
{
	struct slapd *server = need_server();
	struct rig *rig = counter_with(server, 0);
	check_ldap(rig);
	g_subprocess_send_signal(server->process, SIGSTOP);
	check_snapshot(rig);
	check_snapshot(rig);
	g_subprocess_send_signal(server->process, SIGCONT);
	check_ldap(rig);
	rig_free(rig);
	slapd_stop(server);
}

/* A port that takes connections and says nothing. */
static int black_hole(guint16 *ret_port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(bind(fd, (struct sockaddr *)&at, len), 0);
	CHECK_INT(listen(fd, 16), 0);
	CHECK_INT(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static void a_server_that_never_speaks_leaves_it_to_the_snapshot(void)
{
	guint16 port = 0;
	int fd = black_hole(&port);
	struct slapd *server = need_server(); /* for its certificates */
	struct rig *rig = counter_with(server, port);
	check_snapshot(rig);
	check_snapshot(rig);
	rig_free(rig);
	slapd_stop(server);
	close(fd);
}

static void a_server_that_came_back_is_asked_at_the_next_visit(void)
{
	struct slapd *server = need_server();
	struct rig *rig = counter_with(server, 0);
	check_ldap(rig);
	slapd_kill(server);
	check_snapshot(rig);
	slapd_again(server);
	check_ldap(rig);
	rig_free(rig);
	slapd_stop(server);
}

static char *graph_config(const struct stand_in *s)
{
	return g_strdup_printf(
		"[directory]\nsources=graph\n[graph]\ntoken-url=%s\nbase=%s\nclient-id=%s\n"
		"cert-file=%s\nkey=%s\nca-file=%s\nkind.student-number="
		"onPremisesExtensionAttributes/extensionAttribute3\n",
		stand_in_token_url(s), stand_in_base(s), STAND_IN_CLIENT, stand_in_cert(s),
		stand_in_key(s), stand_in_ca(s));
}

static const struct stand_in_user hanako = {"3f2504e0-4f89-11d3-9a0c-0305e82c3301", ID,
	ID "@utac.example.test", "東都 花子", "37", "student", "hanako@example.test", "37-246801",
	TRUE};

static void check_graph(struct stand_in *s)
{
	g_autofree char *config = graph_config(s);
	const struct rig_options options = {.config = config};
	stand_in_add_user(s, &hanako);
	struct rig *rig = rig_need("directories", &options);
	check_tap(rig, "graph", "");
	rig_free(rig);
}

static void a_tap_is_answered_by_graph(void)
{
	AUTO(stand_in) s = stand_in_start();
	check_graph(s);
}

static void a_tap_is_answered_by_graph_over_HTTP_2(void)
{
	const struct web_request *r;
	if (!stand_in_has_http2()) {
		printf("nghttpx is not installed: left out\n");
		return;
	}
	AUTO(stand_in) s = stand_in_start_http2();
	check_graph(s);
	for (guint i = 0; (r = stand_in_request(s, i)) != NULL; i++)
		CHECK(stand_in_front_of(r) != NULL);
}

static gboolean names_the_role(gpointer data)
{
	g_autofree char *detail = rig_desk_str(data, "health-detail");
	return strstr(detail, "take the permission User.ReadWrite.All from it") != NULL;
}

static void an_application_that_may_do_more_never_opens_and_is_named(void)
{
	AUTO(stand_in) s = stand_in_start();
	g_autofree char *config = graph_config(s);
	const struct rig_options options = {.config = config};
	stand_in_set_roles(s, "[\"User.Read.All\",\"User.ReadWrite.All\"]");
	struct rig *rig = rig_new_any("directories", &options);
	CHECK(rig != NULL);
	if (!rig)
		return;
	/* Nobody need sign in for it: what is to be put right is IT's. */
	CHECK(rig_wait(rig, "problem", "P-22"));
	CHECK(rig_wait(rig, "state", "closed"));
	CHECK(wait_until(names_the_role, rig, RIG_WAIT_MS));
	rig_free(rig);
}

/* Is there a server to ask at all? */
static gboolean has_server(void)
{
	static const struct slapd_options options;
	struct slapd *server = slapd_start(&options);
	gboolean found = server != NULL;
	slapd_stop(server);
	return found;
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a tap is answered by the LDAP server", a_tap_is_answered_by_the_ldap_server},
		{"a frozen server costs a tap no more than its deadline",
			a_frozen_server_costs_a_tap_no_more_than_its_deadline},
		{"a server that never speaks leaves it to the snapshot",
			a_server_that_never_speaks_leaves_it_to_the_snapshot},
		{"a server that came back is asked at the next visit",
			a_server_that_came_back_is_asked_at_the_next_visit},
		{"a tap is answered by Graph", a_tap_is_answered_by_graph},
		{"a tap is answered by Graph over HTTP/2", a_tap_is_answered_by_graph_over_HTTP_2},
		{"an application that may do more never opens for holders, and is named",
			an_application_that_may_do_more_never_opens_and_is_named},
	};
	if (!has_server()) {
		printf("skipped: slapd is not installed\n");
		return 77;
	}
	return rig_main("directories", cases, G_N_ELEMENTS(cases), NULL);
}
