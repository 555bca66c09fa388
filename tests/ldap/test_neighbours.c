/* SPDX-License-Identifier: MIT
 *
 * test_neighbours.c - servers that are not there, or not what they should be: whatever
 * they do, the answer comes in time, and nobody is taken for somebody else.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <malloc.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/ldap/ask.h"
#include "tests/ldap/slapd.h"
#include "tests/ldap/talk.h"
#include "tests/net/pki.h"
#include "tests/net/stand.h"

#define TIMEOUT_MS 200  /* for answers that never come */
#define PATIENT_MS 5000 /* for those that do */
#define SLACK_MS   500  /* a busy machine */
#define SLOW_NAME  "slow.example.test"

static struct {
	char *folder, *ca, *password;
	SSL_CTX *context;
} world;

/* Resolving SLOW_NAME takes until it is let go. */
static struct {
	GMutex lock;
	GCond changed;
	gboolean let_go;
} names;

/* Stands before libc's: a resolver whose server is silent. */
int getaddrinfo(
	const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = NULL;
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (strcmp(node, SLOW_NAME) != 0)
		return real(node, service, hints, ret);
	g_mutex_lock(&names.lock);
	while (!names.let_go)
		g_cond_wait(&names.changed, &names.lock);
	g_mutex_unlock(&names.lock);
	return real("127.0.0.1", service, hints, ret);
}

static void world_make(void)
{
	struct pki_cert *ca = pki_issue(NULL, &(struct pki_spec){.cn = "CA", .ca = TRUE});
	struct pki_cert *server = pki_issue(
		ca, &(struct pki_spec){.san = "IP:127.0.0.1,DNS:" SLOW_NAME, .eku = "serverAuth"});
	world.folder = pki_folder();
	world.ca = pki_write_chain(world.folder, "ca.pem", ca, NULL);
	g_autofree char *chain = pki_write_chain(world.folder, "server.pem", server, NULL);
	g_autofree char *key = pki_write_key(world.folder, "server.key", server);
	world.password = g_build_filename(world.folder, "password", NULL);
	g_file_set_contents_full(
		world.password, "secret\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
	world.context = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate_chain_file(world.context, chain) != 1 ||
		SSL_CTX_use_PrivateKey_file(world.context, key, SSL_FILETYPE_PEM) != 1)
		g_error("no server to be");
	pki_free(ca);
	pki_free(server);
}

static void world_remove(void)
{
	SSL_CTX_free(world.context);
	pki_folder_remove(world.folder);
	g_free(world.folder);
	g_free(world.ca);
	g_free(world.password);
}

static struct ldap_source_settings settings_at(const char *host, guint16 port)
{
	struct ldap_source_settings settings = {
		.host = (char *)host,
		.port = port,
		.bind_dn = (char *)"cn=kiosk",
		.password_file = world.password,
		.base = (char *)"ou=people",
		.rules = {.ca_file = world.ca},
		.timeout_ms = PATIENT_MS,
	};
	slapd_map(&settings.map);
	return settings;
}

static void check_down(const struct ldap_source_settings *settings, const char *want)
{
	const char *word = NULL;
	struct ldap_source_settings patient = *settings;
	patient.timeout_ms = strcmp(want, "late") == 0 ? TIMEOUT_MS : PATIENT_MS;
	struct asked asked = ask_fresh(&patient, "student-number", SLAPD_HANAKO, &word);
	CHECK_INT(asked.answer, DIRECTORY_DOWN);
	CHECK_STR(word, want);
	if (asked.took_ms > patient.timeout_ms + SLACK_MS)
		CHECK_INT(asked.took_ms, patient.timeout_ms);
	if (asked.still_ms > ASK_STILL_MS)
		CHECK_INT(asked.still_ms, 0);
}

/* Before TLS. */

static void say_nothing(int fd, gpointer data)
{
	stand_wait_closed(fd);
}

static void say_half_a_greeting(int fd, gpointer data)
{
	static const guint8 half[] = {0x16, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3, 1, 2, 3};
	CHECK(write(fd, half, sizeof half) == sizeof half);
	stand_wait_closed(fd);
}

static void say_good_bye(int fd, gpointer data)
{
	char some[16];
	CHECK(read(fd, some, sizeof some) >= 0);
}

static void say_anything(int fd, gpointer data)
{
	static const char page[] = "HTTP/1.1 302 Found\r\nLocation: http://login.example\r\n\r\n";
	CHECK(write(fd, page, sizeof page) == sizeof page);
	stand_wait_closed(fd);
}

static void whoever_does_not_speak_tls_is_left_in_time(void)
{
	static const struct {
		stand_serve serve;
		const char *ldaps, *starttls;
	} rows[] = {
		{say_nothing, "late", "late"},
		{say_half_a_greeting, "late", "protocol"},
		{say_good_bye, "handshake", "unreachable"},
		{say_anything, "handshake", "protocol"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stand *stand = stand_start(rows[i].serve, NULL);
		struct ldap_source_settings settings = settings_at("127.0.0.1", stand_port(stand));
		check_down(&settings, rows[i].ldaps);
		settings.tls = LDAP_SOURCE_STARTTLS;
		check_down(&settings, rows[i].starttls);
		stand_stop(stand);
	}
}

static void a_port_nobody_listens_at_is_told_at_once(void)
{
	struct stand *stand = stand_start(say_nothing, NULL);
	struct ldap_source_settings settings = settings_at("127.0.0.1", stand_port(stand));
	stand_stop(stand);
	check_down(&settings, "unreachable");
	settings.host = (char *)"no-such-host.invalid";
	check_down(&settings, "unreachable");
}

/* A listener whose queue is full: nothing that comes is answered, as behind a firewall. */
static int black_hole(guint16 *ret_port, int fillers[4])
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, 0) != 0 ||
		getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		g_error("no black hole");
	for (gsize i = 0; i < 4; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)!connect(fillers[i], (struct sockaddr *)&at, sizeof at);
	}
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static void a_black_hole_is_left_in_time(void)
{
	guint16 port;
	int fillers[4], fd = black_hole(&port, fillers);
	struct ldap_source_settings settings = settings_at("127.0.0.1", port);
	check_down(&settings, "late");
	for (gsize i = 0; i < 4; i++)
		close(fillers[i]);
	close(fd);
}

/* After a good handshake and bind: what is said to a search, and what is made of it. */

struct row {
	const char *what;
	void (*say)(const struct talk *talk, int id);
	enum directory_answer want;
	const char *word;
};

struct play {
	const struct row *row;
	gint no_tls; /* atomic: connections that were not encrypted */
};

static void serve_tls(int fd, gpointer data)
{
	struct play *play = data;
	SSL *ssl = SSL_new(world.context);
	struct talk talk = {.fd = fd, .ssl = ssl};
	struct talk_request request;
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) != 1) {
		g_atomic_int_inc(&play->no_tls);
		SSL_free(ssl);
		return;
	}
	while (talk_read(&talk, &request)) {
		if (request.op == LDAP_REQ_BIND)
			talk_result(&talk, request.id, LDAP_RES_BIND, LDAP_SUCCESS);
		else if (request.op == LDAP_REQ_SEARCH && request.scope == LDAP_SCOPE_BASE) {
			g_autoptr(GBytes) entry = talk_entry(request.id, NULL, 0);
			talk_write_bytes(&talk, entry);
			talk_result(&talk, request.id, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
		} else if (request.op == LDAP_REQ_SEARCH) {
			play->row->say(&talk, request.id);
			break;
		}
	}
	SSL_free(ssl);
}

static void wait_gone(const struct talk *talk)
{
	struct talk_request request;
	while (talk_read(talk, &request))
		;
}

static void say_hanako(const struct talk *talk, int id)
{
	g_autoptr(GBytes) entry = talk_hanako(id);
	talk_write_bytes(talk, entry);
	talk_result(talk, id, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
	wait_gone(talk);
}

static void say_no_end(const struct talk *talk, int id)
{
	g_autoptr(GBytes) entry = talk_hanako(id);
	talk_write_bytes(talk, entry);
	wait_gone(talk);
}

static void say_entries_for_ever(const struct talk *talk, int id)
{
	g_autoptr(GBytes) entry = talk_hanako(id);
	while (talk_write_bytes(talk, entry))
		;
}

static void say_references_for_ever(const struct talk *talk, int id)
{
	static const guint8 head[] = {0x30, 0x0f, 2, 1, 0, 0x73, 0x0a, 4, 8};
	guint8 message[17];
	memcpy(message, head, sizeof head);
	memcpy(message + sizeof head, "ldap://x", 8);
	message[4] = (guint8)id;
	while (talk_write(talk, message, sizeof message))
		;
}

static void say_others_for_ever(const struct talk *talk, int id)
{
	g_autoptr(GBytes) entry = talk_hanako(id + 100);
	while (talk_write_bytes(talk, entry))
		;
}

static void say_a_huge_length(const struct talk *talk, int id)
{
	static const guint8 head[] = {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 2, 1, 3, 0x64};
	static const guint8 filling[16384];
	if (talk_write(talk, head, sizeof head))
		while (talk_write(talk, filling, sizeof filling))
			;
}

static void say_half(const struct talk *talk, int id)
{
	g_autoptr(GBytes) entry = talk_hanako(id);
	gsize len;
	const void *data = g_bytes_get_data(entry, &len);
	talk_write(talk, data, len / 2);
}

static void say_slowly(const struct talk *talk, int id)
{
	g_autoptr(GBytes) entry = talk_hanako(id);
	gsize len;
	const guint8 *data = g_bytes_get_data(entry, &len);
	for (gsize i = 0; i < len && talk_write(talk, data + i, 1); i++)
		g_usleep(20000);
}

static void say_nonsense(const struct talk *talk, int id)
{
	char page[512];
	memset(page, '<', sizeof page);
	talk_write(talk, page, sizeof page);
	wait_gone(talk);
}

/* An entry whose parts contradict their lengths. */
static void say_broken_parts(const struct talk *talk, int id)
{
	guint8 message[] = {0x30, 16, 2, 1, (guint8)id, 0x64, 11, 4, 1, 'x', 0x30, 6, 0x30, 0x84,
		0x7f, 0xff, 0xff, 0xff};
	talk_write(talk, message, sizeof message);
	talk_result(talk, id, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
	wait_gone(talk);
}

static void say_busy(const struct talk *talk, int id)
{
	talk_result(talk, id, LDAP_RES_SEARCH_RESULT, LDAP_BUSY);
	wait_gone(talk);
}

static void say_too_many(const struct talk *talk, int id)
{
	g_autoptr(GBytes) entry = talk_hanako(id);
	talk_write_bytes(talk, entry);
	talk_result(talk, id, LDAP_RES_SEARCH_RESULT, LDAP_SIZELIMIT_EXCEEDED);
	wait_gone(talk);
}

static void say_elsewhere(const struct talk *talk, int id)
{
	talk_result(talk, id, LDAP_RES_SEARCH_RESULT, LDAP_REFERRAL);
	wait_gone(talk);
}

static void say_of_another_kind(const struct talk *talk, int id)
{
	talk_result(talk, id, LDAP_RES_BIND, LDAP_SUCCESS);
	wait_gone(talk);
}

static void say_nothing_there(const struct talk *talk, int id)
{
	wait_gone(talk);
}

static void say_hang_up(const struct talk *talk, int id)
{
}

/* Names that would be something else on a screen or in a log. */
static void say_odd_values(const struct talk *talk, int id)
{
	static const struct talk_value values[] = {
		{"testCommonId", "3141592653", -1},
		{"testCommonId", "3141592653", -1},
		{"displayName;lang-ja",
			"\xe2\x80\xae"
			"evil",
			-1},
		{"displayName", "a\0b", 3},
		{"displayName", "<b>&amp;</b>", -1},
		{"mail", "\n\x1b[2J", -1},
		{"", "no name", -1},
		{"userAccountControl", "512", -1},
	};
	g_autoptr(GBytes) entry = talk_entry(id, values, G_N_ELEMENTS(values));
	talk_write_bytes(talk, entry);
	talk_result(talk, id, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
	wait_gone(talk);
}

static void play(const struct row *row)
{
	struct play act = {.row = row};
	struct stand *stand = stand_start(serve_tls, &act);
	struct ldap_source_settings settings = settings_at("127.0.0.1", stand_port(stand));
	const char *word = NULL;
	gboolean late = strcmp(row->word, "late") == 0;
	settings.timeout_ms = late ? TIMEOUT_MS : PATIENT_MS;
	struct asked asked = ask_fresh(&settings, "student-number", SLAPD_HANAKO, &word);
	gint came = stand_connections(stand);
	stand_stop(stand);
	if (asked.answer != row->want || strcmp(word, row->word) != 0 || act.no_tls != 0)
		fprintf(stderr, "%s:\n", row->what);
	CHECK_INT(asked.answer, row->want);
	CHECK_STR(word, row->word);
	/* Nothing is ever asked in the clear, and a question at most twice. */
	CHECK_INT(act.no_tls, 0);
	CHECK(came == 1 || came == 2);
	if (asked.took_ms > settings.timeout_ms + SLACK_MS)
		CHECK_INT(asked.took_ms, settings.timeout_ms);
	CHECK(asked.still_ms <= ASK_STILL_MS);
}

static void whatever_is_said_the_answer_comes_in_time(void)
{
	static const struct row rows[] = {
		{"a person", say_hanako, DIRECTORY_ONE, ""},
		{"odd values", say_odd_values, DIRECTORY_ONE, ""},
		{"silence", say_nothing_there, DIRECTORY_DOWN, "late"},
		{"an entry and no end", say_no_end, DIRECTORY_DOWN, "late"},
		{"entries for ever", say_entries_for_ever, DIRECTORY_SEVERAL, ""},
		{"one entry of too many", say_too_many, DIRECTORY_SEVERAL, ""},
		{"references for ever", say_references_for_ever, DIRECTORY_DOWN, "protocol"},
		{"answers to others", say_others_for_ever, DIRECTORY_DOWN, "limit"},
		{"a huge length", say_a_huge_length, DIRECTORY_DOWN, "limit"},
		{"half an entry", say_half, DIRECTORY_DOWN, "unreachable"},
		{"a byte at a time", say_slowly, DIRECTORY_DOWN, "late"},
		{"nonsense", say_nonsense, DIRECTORY_DOWN, "unreachable"},
		{"broken parts", say_broken_parts, DIRECTORY_DOWN, "protocol"},
		{"busy", say_busy, DIRECTORY_DOWN, "unreachable"},
		{"elsewhere", say_elsewhere, DIRECTORY_DOWN, "protocol"},
		{"another kind of answer", say_of_another_kind, DIRECTORY_DOWN, "protocol"},
		{"hanging up", say_hang_up, DIRECTORY_DOWN, "unreachable"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		play(&rows[i]);
}

static void let_names_go(gboolean let_go)
{
	g_mutex_lock(&names.lock);
	names.let_go = let_go;
	g_cond_broadcast(&names.changed);
	g_mutex_unlock(&names.lock);
}

static void a_name_that_is_not_found_in_time_costs_a_thread_and_no_more(void)
{
	static const struct row good = {"a person", say_hanako, DIRECTORY_ONE, ""};
	struct play act = {.row = &good};
	struct stand *stand = stand_start(serve_tls, &act);
	struct ldap_source_settings settings = settings_at(SLOW_NAME, stand_port(stand));
	settings.timeout_ms = 200;
	let_names_go(FALSE);
	struct directory *dir = ldap_source_open(&settings, NULL);
	for (guint i = 0; i < 6; i++) {
		struct asked asked = ask(dir, "student-number", SLAPD_HANAKO);
		CHECK_INT(asked.answer, DIRECTORY_DOWN);
		CHECK(asked.took_ms <= 200 + SLACK_MS);
		CHECK(asked.still_ms <= ASK_STILL_MS);
		CHECK_STR(ask_fault(dir), "late");
	}
	/* Three threads are lost: nobody else is sent after them. */
	CHECK(ask(dir, "student-number", SLAPD_HANAKO).took_ms < 150);
	let_names_go(TRUE);
	struct asked asked = {.answer = DIRECTORY_DOWN};
	gint64 until = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	while (asked.answer != DIRECTORY_ONE && g_get_monotonic_time() < until)
		asked = ask(dir, "student-number", SLAPD_HANAKO);
	CHECK_INT(asked.answer, DIRECTORY_ONE);
	directory_free(dir);
	stand_stop(stand);
}

static void a_source_is_freed_while_its_worker_hears_nothing(void)
{
	struct ldap_source_settings settings = settings_at(SLOW_NAME, 1);
	let_names_go(FALSE);
	struct directory *dir = ldap_source_open(&settings, NULL);
	gint64 start = g_get_monotonic_time();
	directory_free(dir);
	CHECK((g_get_monotonic_time() - start) / G_TIME_SPAN_MILLISECOND < 1000);
	let_names_go(TRUE);
	struct stand *stand = stand_start(say_nothing, NULL);
	settings = settings_at("127.0.0.1", stand_port(stand));
	settings.timeout_ms = 60000;
	dir = ldap_source_open(&settings, NULL);
	start = g_get_monotonic_time();
	directory_free(dir);
	CHECK((g_get_monotonic_time() - start) / G_TIME_SPAN_MILLISECOND < 300);
	stand_stop(stand);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"whoever does not speak TLS is left in time",
			whoever_does_not_speak_tls_is_left_in_time},
		{"a port nobody listens at is told at once",
			a_port_nobody_listens_at_is_told_at_once},
		{"a black hole is left in time", a_black_hole_is_left_in_time},
		{"whatever is said, the answer comes in time",
			whatever_is_said_the_answer_comes_in_time},
		{"a name that is not found in time costs a thread and no more",
			a_name_that_is_not_found_in_time_costs_a_thread_and_no_more},
		{"a source is freed while its worker hears nothing",
			a_source_is_freed_while_its_worker_hears_nothing},
	};
	g_setenv("LDAPNOINIT", "1", TRUE);
	world_make();
	int failed = CHECK_MAIN("neighbours", cases);
	world_remove();
	return failed;
}
