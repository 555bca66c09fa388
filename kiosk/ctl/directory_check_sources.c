/* SPDX-License-Identifier: MIT
 *
 * directory_check_sources.c - the steps of each source; see directory_check.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/ctl/directory_check.h"
#include "kiosk/directory/graph.h"
#include "kiosk/directory/ldap_source.h"
#include "kiosk/directory/snapshot.h"

#define HOUR_S    3600
#define SKEW_S    60 /* tokens are taken for minutes around their time: tell it well before */
#define READ_ROLE "User.Read.All"

/* Nothing of it may be for everybody: it is sealed, but its size and age are not. */
static void check_mode(struct check *check, const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0)
		check_add(check, "permissions", CHECK_FAILED, g_strdup(g_strerror(errno)));
	else if (st.st_mode & 022)
		check_add(check, "permissions", CHECK_FAILED, g_strdup("others may write it"));
	else if (st.st_mode & 007)
		check_add(check, "permissions", CHECK_WARNING, g_strdup("everybody may read it"));
	else
		check_add(check, "permissions", CHECK_OK, NULL);
}

static void check_age(struct check *check, const struct config *config, gint64 age_s)
{
	gint64 hours = age_s / HOUR_S;
	gint refuse = config->directory_refuse_hours, say = config->directory_say_hours;
	const gint most = config->directories->policies[DIRECTORIES_SNAPSHOT].max_age_hours;
	enum check_state state = CHECK_OK;
	if (say >= 0 && hours > say)
		state = CHECK_WARNING;
	if ((refuse >= 0 && hours > refuse) || (most >= 0 && hours > most))
		state = CHECK_FAILED;
	check_add(check, "age", state, g_strdup_printf("%" G_GINT64_FORMAT " hours", hours));
	check_add(check, "clock", age_s < 0 ? CHECK_FAILED : CHECK_OK,
		age_s < 0 ? g_strdup("its data is of a time that is yet to come") : NULL);
}

void check_snapshot(struct check *check, const struct ctl *ctl)
{
	g_autoptr(GError) error = NULL;
	const struct config *config = ctl->config;
	struct snapshot_info info;
	if (!snapshot_info(config->snapshot, ctl->keys, &info, &error)) {
		check_add_error(check, "readable", error);
		return;
	}
	check_add(check, "readable", CHECK_OK,
		g_strdup_printf("%" G_GUINT64_FORMAT " accounts", info.persons));
	check_mode(check, config->snapshot);
	check_age(check, config, g_get_real_time() / G_USEC_PER_SEC - info.as_of);
	if (info.origin.serial > 0)
		check_add(check, "signed", CHECK_OK,
			g_strdup_printf("serial %" G_GUINT64_FORMAT " of %s", info.origin.serial,
				info.origin.issuer));
	else
		check_add(
			check, "signed", CHECK_WARNING, g_strdup("from a file without signature"));
}

/* Steps one after the other: the first that is not `done` has the error, the rest were not
 * come to. */
static void add_steps(struct check *check, const char *const *names, const gboolean *done, gsize n,
	const GError *error)
{
	gboolean failed = FALSE;
	for (gsize i = 0; i < n; i++) {
		if (!done[i] && !failed)
			check_add_error(check, names[i], error);
		else
			check_add(check, names[i], failed ? CHECK_UNKNOWN : CHECK_OK, NULL);
		failed = failed || !done[i];
	}
}

void check_ldap(struct check *check, const struct ctl *ctl)
{
	static const char *const names[] = {"reachable", "tls", "credentials", "base"};
	const struct ldap_source_settings *settings = &ctl->config->directories->ldap;
	struct ldap_source_probe probe = {0};
	ldap_source_probe(settings, &probe);
	const gboolean done[] = {probe.connected, probe.tls, probe.bound, probe.found_base};
	add_steps(check, names, done, G_N_ELEMENTS(names), probe.error);
	if (!probe.found_base)
		check_add(check, "index", CHECK_UNKNOWN, NULL);
	else if (probe.error)
		check_add_error(check, "index", probe.error);
	else if (probe.indexed)
		check_add(check, "index", CHECK_OK, NULL);
	else
		check_add(check, "index", CHECK_WARNING,
			g_strdup_printf("a look-up is slow: the server should have an index for %s",
				settings->map.kinds[0].attribute));
	check_add(check, "permissions", CHECK_UNKNOWN,
		g_strdup("LDAP does not tell; the account should be allowed to read only"));
	check_add(check, "clock",
		g_error_matches(probe.error, NET_ERROR, NET_ERROR_CLOCK) ? CHECK_FAILED
									 : CHECK_UNKNOWN,
		g_strdup("not known: LDAP tells no time, only certificates do"));
	check_add(check, "time", CHECK_OK,
		g_strdup_printf("%.1f ms for all of it", (double)probe.took_us / 1000));
	g_clear_error(&probe.error);
}

struct asking {
	GMainLoop *loop;
	GError *error;
};

static void on_token(const char *token, const GError *error, gpointer data)
{
	struct asking *asking = data;
	asking->error = error ? g_error_copy(error) : NULL;
	g_main_loop_quit(asking->loop);
}

/* How far did it come? Each cause of net/tls.h belongs to a step. */
static gsize steps_done(const GError *error)
{
	static const guint8 done[] = {
		[NET_ERROR_UNREACHABLE] = 0,
		[NET_ERROR_LATE] = 0,
		[NET_ERROR_CLOCK] = 1,
		[NET_ERROR_EXPIRED] = 1,
		[NET_ERROR_REVOKED] = 1,
		[NET_ERROR_ISSUER] = 1,
		[NET_ERROR_NAME] = 1,
		[NET_ERROR_CERTIFICATE] = 1,
		[NET_ERROR_HANDSHAKE] = 1,
		[NET_ERROR_REFUSED] = 2,
		[NET_ERROR_PROTOCOL] = 2,
		[NET_ERROR_LIMIT] = 2,
		[NET_ERROR_CREDENTIAL] = 2,
	};
	if (!error)
		return 3;
	return error->domain == NET_ERROR && error->code >= 0 &&
			       (gsize)error->code < G_N_ELEMENTS(done)
		       ? done[error->code]
		       : 2;
}

static void check_roles(struct check *check, const struct token *token)
{
	g_auto(GStrv) roles = token_roles(token);
	const char *excess = roles ? graph_excess_role((const char *const *)roles) : NULL;
	if (!roles)
		check_add(check, "permissions", CHECK_UNKNOWN, NULL);
	else if (excess)
		check_add(check, "permissions", CHECK_FAILED,
			g_strdup_printf("%s is more than looking up needs", excess));
	else if (!g_strv_contains((const char *const *)roles, READ_ROLE))
		check_add(check, "permissions", CHECK_FAILED, g_strdup(READ_ROLE " is missing"));
	else
		check_add(check, "permissions", CHECK_OK, NULL);
}

static void check_skew(struct check *check, const struct token *token, const GError *error)
{
	gint skew = token_skew_s(token);
	if (g_error_matches(error, NET_ERROR, NET_ERROR_CLOCK))
		check_add_error(check, "clock", error);
	else if (skew == 0 && error)
		check_add(check, "clock", CHECK_UNKNOWN, NULL);
	else
		check_add(check, "clock", ABS(skew) > SKEW_S ? CHECK_WARNING : CHECK_OK,
			g_strdup_printf("%d s %s the server's", ABS(skew),
				skew < 0 ? "behind" : "ahead of"));
}

static void ask_token(
	struct check *check, const struct graph_settings *settings, struct token *token)
{
	static const char *const names[] = {"reachable", "tls", "credentials"};
	struct asking asking = {.loop = g_main_loop_new(NULL, FALSE)};
	token_get(token, (guint)settings->timeout_ms, NULL, on_token, &asking);
	g_main_loop_run(asking.loop);
	g_main_loop_unref(asking.loop);
	gsize come = steps_done(asking.error);
	const gboolean done[] = {come > 0, come > 1, come > 2};
	add_steps(check, names, done, G_N_ELEMENTS(names), asking.error);
	check_roles(check, token);
	check_skew(check, token, asking.error);
	g_clear_error(&asking.error);
}

void check_graph(struct check *check, const struct ctl *ctl)
{
	const struct graph_settings *settings = &ctl->config->directories->graph;
	const struct tls_rules rules = {.ca_file = settings->ca_file};
	const struct token_settings login = {settings->token_url, settings->client_id,
		settings->scope, settings->cert_file, settings->key};
	g_autoptr(GError) error = NULL;
	AUTO(http) http = http_new(&rules, "madoguchi/" MADOGUCHI_VERSION, &error);
	AUTO(token) token = http ? token_new(http, &login, &error) : NULL;
	if (token)
		ask_token(check, settings, token);
	else
		check_add_error(check, "credentials", error);
}
