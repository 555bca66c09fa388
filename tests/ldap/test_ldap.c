/* SPDX-License-Identifier: MIT
 *
 * test_ldap.c - look-ups in a real slapd, over every way there is to reach one.
 */
#include "tests/check.h"
#include "tests/ldap/ask.h"
#include "tests/ldap/slapd.h"

static struct slapd *server;

static struct ldap_source_settings settings_of(enum ldap_source_tls tls, enum ldap_source_bind bind)
{
	struct ldap_source_settings settings;
	slapd_settings(server, tls, bind, &settings);
	return settings;
}

static struct ldap_source_settings usual(void)
{
	return settings_of(LDAP_SOURCE_LDAPS, LDAP_SOURCE_SIMPLE);
}

static struct directory *open_usual(const struct ldap_source_settings *settings)
{
	g_autoptr(GError) error = NULL;
	struct directory *dir = ldap_source_open(settings, &error);
	if (!dir)
		g_error("%s", error->message);
	return dir;
}

static void every_way_in_finds_the_same_person(void)
{
	static const enum ldap_source_tls ways[] = {LDAP_SOURCE_LDAPS, LDAP_SOURCE_STARTTLS};
	static const enum ldap_source_bind binds[] = {LDAP_SOURCE_SIMPLE, LDAP_SOURCE_EXTERNAL};
	for (gsize i = 0; i < 4; i++) {
		const char *word = NULL;
		struct ldap_source_settings settings = settings_of(ways[i / 2], binds[i % 2]);
		struct asked asked = ask_fresh(&settings, "student-number", SLAPD_HANAKO, &word);
		CHECK_STR(word, "");
		CHECK_INT(asked.answer, DIRECTORY_ONE);
		CHECK_STR(asked.person.common_id, "3141592653");
		CHECK_INT(asked.person.status, PERSON_ACTIVE);
		CHECK(asked.still_ms < ASK_STILL_MS);
	}
}

static void an_attribute_option_is_its_own_attribute(void)
{
	struct ldap_source_settings settings = usual();
	struct asked asked = ask_fresh(&settings, "student-number", SLAPD_HANAKO, NULL);
	CHECK_STR(asked.person.name_ja, "東都 花子");
	CHECK_STR(asked.person.name_en, "Hanako Toto");
	CHECK_INT(asked.person.n_roles, 1);
	CHECK_STR(asked.person.roles[0].affiliation, "37");
	CHECK_INT(asked.person.roles[0].kind, ROLE_STUDENT);
}

static void found_none_and_several_are_told_apart(void)
{
	struct ldap_source_settings settings = usual();
	struct directory *dir = open_usual(&settings);
	CHECK_INT(ask(dir, "student-number", SLAPD_HANAKO).answer, DIRECTORY_ONE);
	CHECK_INT(ask(dir, "staff-number", SLAPD_JIRO).answer, DIRECTORY_ONE);
	CHECK_INT(ask(dir, "common-id", "2718281828").answer, DIRECTORY_ONE);
	CHECK_INT(ask(dir, "student-number", SLAPD_JIRO).answer, DIRECTORY_NONE);
	CHECK_INT(ask(dir, "student-number", "99-999999").answer, DIRECTORY_NONE);
	CHECK_INT(ask(dir, "student-number", SLAPD_TWICE).answer, DIRECTORY_SEVERAL);
	CHECK_INT(ask(dir, "library-number", "1").answer, DIRECTORY_UNMAPPED);
	CHECK_STR(ask_fault(dir), "");
	directory_free(dir);
}

static void an_entry_that_is_no_person_is_no_answer(void)
{
	struct ldap_source_settings settings = usual();
	struct directory *dir = open_usual(&settings);
	CHECK_INT(ask(dir, "student-number", SLAPD_NOT_TEXT).answer, DIRECTORY_DOWN);
	CHECK_INT(ask(dir, "student-number", SLAPD_NO_ID).answer, DIRECTORY_DOWN);
	/* The others are none the worse for it. */
	CHECK_STR(ask_fault(dir), "");
	CHECK_INT(ask(dir, "student-number", SLAPD_HANAKO).answer, DIRECTORY_ONE);
	directory_free(dir);
}

static void other_accounts_of_the_same_human_are_found_with_it(void)
{
	struct ldap_source_settings settings;
	const char *word = NULL;
	slapd_settings(server, LDAP_SOURCE_LDAPS, LDAP_SOURCE_SIMPLE, &settings);
	struct asked asked = ask_fresh(&settings, "student-number", SLAPD_SABURO, &word);
	CHECK_INT(asked.answer, DIRECTORY_ONE);
	CHECK_STR(asked.person.common_id, "4000000001");
	CHECK_INT(asked.person.n_linked, 1);
	CHECK_STR(asked.person.linked[0], "4000000002");
	asked = ask_fresh(&settings, "staff-number", "0055557", &word);
	CHECK_INT(asked.answer, DIRECTORY_ONE);
	CHECK_INT(asked.person.n_linked, 0);
	/* Without a key nobody is asked for. */
	asked = ask_fresh(&settings, "student-number", SLAPD_HANAKO, &word);
	CHECK_INT(asked.person.n_linked, 0);
	*settings.map.attributes[MAP_PERSON_KEY] = '\0';
	asked = ask_fresh(&settings, "student-number", SLAPD_SABURO, &word);
	CHECK_INT(asked.answer, DIRECTORY_ONE);
	CHECK_INT(asked.person.n_linked, 0);
}

/* A key that joins many is no key of one human: nothing true can be said. */
static void a_key_of_a_crowd_is_a_fault_of_the_directory(void)
{
	struct ldap_source_settings settings;
	const char *word = NULL;
	slapd_settings(server, LDAP_SOURCE_LDAPS, LDAP_SOURCE_SIMPLE, &settings);
	struct asked asked = ask_fresh(&settings, "student-number", SLAPD_CROWD, &word);
	CHECK_INT(asked.answer, DIRECTORY_DOWN);
	CHECK_STR(word, "");
}

static void nothing_but_a_number_is_ever_asked_for(void)
{
	static const char *const values[] = {"*", "37-2*", "x)(uid=hanako", "37-246801)(&", "",
		"\\2a", "hanako@example.ac.jp", "37 246801", "３７", "37-246801\n",
		"0000000000000000000000000000000000000000"};
	struct ldap_source_settings settings = usual();
	struct directory *dir = open_usual(&settings);
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		CHECK_INT(ask(dir, "student-number", values[i]).answer, DIRECTORY_NONE);
		CHECK_INT(ask(dir, "common-id", values[i]).answer, DIRECTORY_NONE);
	}
	CHECK_STR(ask_fault(dir), "");
	directory_free(dir);
}

static void the_filter_of_the_configuration_is_kept(void)
{
	struct ldap_source_settings settings = usual();
	const char *word = NULL;
	settings.filter = (char *)"(eduPersonAffiliation=faculty)";
	CHECK_INT(
		ask_fresh(&settings, "student-number", SLAPD_HANAKO, NULL).answer, DIRECTORY_NONE);
	CHECK_INT(ask_fresh(&settings, "staff-number", SLAPD_JIRO, NULL).answer, DIRECTORY_ONE);
	settings.filter = (char *)"(eduPersonAffiliation=faculty";
	CHECK_INT(ask_fresh(&settings, "staff-number", SLAPD_JIRO, &word).answer, DIRECTORY_DOWN);
	CHECK_STR(word, "protocol");
}

static void credentials_the_server_does_not_take_are_named_so(void)
{
	const char *word = NULL;
	struct ldap_source_settings settings = usual();
	settings.password_file = server->wrong_file;
	CHECK_INT(ask_fresh(&settings, "staff-number", SLAPD_JIRO, &word).answer, DIRECTORY_DOWN);
	CHECK_STR(word, "refused");
	settings = settings_of(LDAP_SOURCE_LDAPS, LDAP_SOURCE_EXTERNAL);
	settings.rules.cert_file = server->other_cert;
	settings.rules.key = server->other_key;
	CHECK_INT(ask_fresh(&settings, "staff-number", SLAPD_JIRO, &word).answer, DIRECTORY_DOWN);
	CHECK_STR(word, "refused");
}

static void a_base_that_is_not_there_is_not_nobody(void)
{
	static const char *const bases[] = {"ou=nobody,dc=example,dc=ac,dc=jp", "no dn at all"};
	for (gsize i = 0; i < G_N_ELEMENTS(bases); i++) {
		const char *word = NULL;
		struct ldap_source_settings settings = usual();
		settings.base = (char *)bases[i];
		CHECK_INT(ask_fresh(&settings, "staff-number", SLAPD_JIRO, &word).answer,
			DIRECTORY_DOWN);
		CHECK_STR(word, "refused");
	}
}

static void check_not_opened(const struct ldap_source_settings *settings)
{
	g_autoptr(GError) error = NULL;
	struct directory *dir = ldap_source_open(settings, &error);
	CHECK(dir == NULL);
	CHECK(g_error_matches(error, NET_ERROR, NET_ERROR_CREDENTIAL));
	directory_free(dir);
}

static void credentials_that_cannot_be_used_are_refused_at_once(void)
{
	struct ldap_source_settings settings = usual();
	settings.password_file = server->empty_file;
	check_not_opened(&settings);
	settings.password_file = server->ca; /* any file that others may read */
	check_not_opened(&settings);
	settings.password_file = (char *)"/nonexistent/password";
	check_not_opened(&settings);
	settings = usual();
	settings.bind_dn = (char *)"";
	check_not_opened(&settings);
	settings = settings_of(LDAP_SOURCE_LDAPS, LDAP_SOURCE_EXTERNAL);
	settings.rules.key = server->other_key;
	check_not_opened(&settings);
	settings.rules.cert_file = NULL;
	check_not_opened(&settings);
}

static void a_server_that_came_back_is_asked_again_quietly(void)
{
	struct ldap_source_settings settings = usual();
	struct directory *dir = open_usual(&settings);
	CHECK_INT(ask(dir, "staff-number", SLAPD_JIRO).answer, DIRECTORY_ONE);
	slapd_kill(server);
	slapd_again(server);
	CHECK_INT(ask(dir, "staff-number", SLAPD_JIRO).answer, DIRECTORY_ONE);
	CHECK_STR(ask_fault(dir), "");
	slapd_kill(server);
	CHECK_INT(ask(dir, "staff-number", SLAPD_JIRO).answer, DIRECTORY_DOWN);
	CHECK_STR(ask_fault(dir), "unreachable");
	slapd_again(server);
	CHECK_INT(ask(dir, "staff-number", SLAPD_JIRO).answer, DIRECTORY_ONE);
	CHECK_STR(ask_fault(dir), "");
	directory_free(dir);
}

static gboolean is_ready(gpointer data)
{
	return *ask_fault(data) == '\0';
}

static void whoever_asks_whether_it_is_ready_hears_when_it_is_again(void)
{
	struct ldap_source_settings settings = usual();
	struct directory *dir = open_usual(&settings);
	CHECK(is_ready(dir));
	slapd_kill(server);
	CHECK_INT(ask(dir, "staff-number", SLAPD_JIRO).answer, DIRECTORY_DOWN);
	CHECK(!is_ready(dir));
	slapd_again(server);
	CHECK(ask_until(is_ready, dir));
	directory_free(dir);
}

/* `data`: was it cancelled? */
static void on_answer(const struct directory_result *result, guint64 visit, gpointer data)
{
	CHECK(!*(const gboolean *)data);
}

static void what_was_cancelled_never_calls_back(void)
{
	struct ldap_source_settings settings = usual();
	struct directory *dir = open_usual(&settings);
	gboolean yes = TRUE;
	for (guint i = 0; i < 20; i++) {
		g_autoptr(GCancellable) cancellable = g_cancellable_new();
		const char *number = i % 2 ? SLAPD_JIRO : "not (a number";
		gboolean cancelled = FALSE;
		directory_lookup(
			dir, "staff-number", number, 7, cancellable, on_answer, &cancelled);
		for (guint turns = 0; turns < i / 4; turns++)
			g_main_context_iteration(NULL, FALSE);
		cancelled = TRUE;
		g_cancellable_cancel(cancellable);
		directory_lookup(
			dir, "staff-number", number, 7, cancellable, on_answer, &cancelled);
		while (g_main_context_iteration(NULL, FALSE))
			;
	}
	/* The connection is none the worse for it. */
	CHECK_INT(ask(dir, "staff-number", SLAPD_JIRO).answer, DIRECTORY_ONE);
	directory_lookup(dir, "staff-number", SLAPD_JIRO, 7, NULL, on_answer, &yes);
	directory_free(dir);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

/* Many at once, on one connection. */
struct crowd {
	guint answered, right;
};

static void on_one_of_many(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct crowd *crowd = data;
	g_autofree char *want =
		g_strdup_printf("%" G_GINT64_FORMAT, (gint64)SLAPD_MANY_ID + 2 * (gint64)visit);
	crowd->answered++;
	crowd->right +=
		result->answer == DIRECTORY_ONE && strcmp(result->person.common_id, want) == 0;
}

static gboolean all_answered(gpointer data)
{
	return ((struct crowd *)data)->answered == 100;
}

static void each_of_many_questions_gets_its_own_answer(void)
{
	struct ldap_source_settings settings = usual();
	struct directory *dir = open_usual(&settings);
	struct crowd crowd = {0};
	for (guint i = 0; i < 100; i++) {
		char number[16];
		g_snprintf(number, sizeof number, "37-%06u", SLAPD_MANY + 2 * i);
		directory_lookup(dir, "student-number", number, i, NULL, on_one_of_many, &crowd);
	}
	CHECK(ask_until(all_answered, &crowd));
	CHECK_INT(crowd.right, 100);
	directory_free(dir);
}

/* What `done` may do. */
struct ending {
	struct directory *dir;
	gboolean ended;
};

static void on_end(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct ending *ending = data;
	ending->ended = TRUE;
	ending->dir = directory_free(ending->dir);
	CHECK_STR(result->source, "ldap");
}

static gboolean has_ended(gpointer data)
{
	return ((struct ending *)data)->ended;
}

static void whoever_is_told_may_close_the_source(void)
{
	static const char *const numbers[] = {SLAPD_JIRO, "not a number", "7"};
	struct ldap_source_settings settings = usual();
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
		struct ending ending = {open_usual(&settings), FALSE};
		directory_lookup(ending.dir, "staff-number", numbers[i], 7, NULL, on_end, &ending);
		/* It may well be answered first, but not after the source is closed. */
		directory_lookup(
			ending.dir, "staff-number", "8", 7, NULL, on_answer, &ending.ended);
		CHECK(ask_until(has_ended, &ending));
		CHECK(ending.dir == NULL);
	}
}

static void the_probe_says_how_far_it_came(void)
{
	struct ldap_source_probe probe;
	struct ldap_source_settings settings = usual();
	ldap_source_probe(&settings, &probe);
	CHECK(probe.connected && probe.tls && probe.bound && probe.found_base && probe.indexed);
	CHECK(probe.error == NULL);
	CHECK(probe.took_us > 0);
	settings.base = (char *)"ou=nobody,dc=example,dc=ac,dc=jp";
	ldap_source_probe(&settings, &probe);
	CHECK(probe.bound && !probe.found_base);
	CHECK(g_error_matches(probe.error, NET_ERROR, NET_ERROR_REFUSED));
	g_clear_error(&probe.error);
	settings.password_file = server->wrong_file;
	ldap_source_probe(&settings, &probe);
	CHECK(probe.tls && !probe.bound && probe.error != NULL);
	g_clear_error(&probe.error);
	settings.rules.ca_file = server->other_cert;
	ldap_source_probe(&settings, &probe);
	CHECK(probe.connected && !probe.tls && probe.error != NULL);
	g_clear_error(&probe.error);
	settings.password_file = server->empty_file;
	ldap_source_probe(&settings, &probe);
	CHECK(!probe.connected && probe.error != NULL);
	g_clear_error(&probe.error);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"every way in finds the same person", every_way_in_finds_the_same_person},
		{"an attribute option is its own attribute",
			an_attribute_option_is_its_own_attribute},
		{"found, none and several are told apart", found_none_and_several_are_told_apart},
		{"an entry that is no person is no answer",
			an_entry_that_is_no_person_is_no_answer},
		{"other accounts of the same human are found with it",
			other_accounts_of_the_same_human_are_found_with_it},
		{"a key of a crowd is a fault of the directory",
			a_key_of_a_crowd_is_a_fault_of_the_directory},
		{"nothing but a number is ever asked for", nothing_but_a_number_is_ever_asked_for},
		{"the filter of the configuration is kept",
			the_filter_of_the_configuration_is_kept},
		{"credentials the server does not take are named so",
			credentials_the_server_does_not_take_are_named_so},
		{"a base that is not there is not nobody", a_base_that_is_not_there_is_not_nobody},
		{"credentials that cannot be used are refused at once",
			credentials_that_cannot_be_used_are_refused_at_once},
		{"a server that came back is asked again quietly",
			a_server_that_came_back_is_asked_again_quietly},
		{"whoever asks whether it is ready hears when it is again",
			whoever_asks_whether_it_is_ready_hears_when_it_is_again},
		{"what was cancelled never calls back", what_was_cancelled_never_calls_back},
		{"each of many questions gets its own answer",
			each_of_many_questions_gets_its_own_answer},
		{"whoever is told may close the source", whoever_is_told_may_close_the_source},
		{"the probe says how far it came", the_probe_says_how_far_it_came},
	};
	g_setenv("LDAPNOINIT", "1", TRUE);
	server = slapd_start(&(struct slapd_options){.many = 200});
	if (!server) {
		fprintf(stderr, "skipped: slapd is not installed\n");
		return 77;
	}
	int failed = CHECK_MAIN("ldap", cases);
	slapd_stop(server);
	return failed;
}
