/* SPDX-License-Identifier: MIT
 *
 * test_tpm.c - the desk's certificate where its key is in a TPM and OpenSSL's configuration
 * says that the TPM's provider goes first.
 */
#include "kiosk/net/tls.h"
#include "tests/check.h"
#include "tests/net/tpm.h"

/* Without them a TPM of 16 kB would hold the handshake's hashes too. */
#define PROPERTIES "?provider=tpm2,tpm2.digest!=yes,tpm2.cipher!=yes"

static struct tpm *tpm; /* of the whole program: OpenSSL keeps it open */

struct server {
	GSubprocess *process;
	GDataInputStream *said; /* which must be read, or it stands still */
	char *address, *ca;
};

/* A program of its own with OpenSSL as it usually is, and the port that it chose. */
static void server_start(struct server *s)
{
	*s = (struct server){.ca = g_build_filename(tpm->folder, "server.pem", NULL)};
	g_autofree char *key = g_build_filename(tpm->folder, "server.key", NULL);
	CHECK(tpm_run(tpm, "env -u OPENSSL_CONF openssl req -x509 -newkey ec -pkeyopt "
			   "ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.pem "
			   "-subj /CN=server -addext subjectAltName=IP:127.0.0.1 -days 2"));
	s->process =
		g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
			NULL, "env", "-u", "OPENSSL_CONF", "openssl", "s_server", "-accept",
			"127.0.0.1:0", "-www", "-cert", s->ca, "-key", key, "-CAfile",
			tpm->cert_file, "-Verify", "1", "-verify_return_error", NULL);
	s->said = g_data_input_stream_new(g_subprocess_get_stdout_pipe(s->process));
	while (!s->address) {
		g_autofree char *line = g_data_input_stream_read_line(s->said, NULL, NULL, NULL);
		if (!line)
			g_error("the server does not start");
		if (g_str_has_prefix(line, "ACCEPT "))
			s->address = g_strdup(line + strlen("ACCEPT "));
	}
}

static void server_stop(struct server *s)
{
	g_subprocess_force_exit(s->process);
	g_subprocess_wait(s->process, NULL, NULL);
	g_object_unref(s->said);
	g_object_unref(s->process);
	g_free(s->address);
	g_free(s->ca);
}

/* What the server says of the connection; NULL: there was none. */
static char *ask(const struct server *s, SSL_CTX *context)
{
	char page[16384];
	size_t len = 0, n = 0;
	BIO *bio = BIO_new_ssl_connect(context);
	SSL *ssl = NULL;
	BIO_get_ssl(bio, &ssl);
	BIO_set_conn_hostname(bio, s->address);
	gboolean ok = tls_expect(ssl, "127.0.0.1") && BIO_do_handshake(bio) == 1 &&
		      BIO_puts(bio, "GET / HTTP/1.0\r\n\r\n") > 0;
	while (ok && len < sizeof(page) && BIO_read_ex(bio, page + len, sizeof(page) - len, &n))
		len += n;
	BIO_free_all(bio);
	return len > 0 ? g_strndup(page, len) : NULL;
}

static void a_server_takes_the_certificate_whose_key_is_in_the_TPM(void)
{
	struct server s;
	g_autoptr(GError) error = NULL;
	server_start(&s);
	const struct tls_rules rules = {
		.ca_file = s.ca, .cert_file = tpm->cert_file, .key = TPM_HANDLE};
	SSL_CTX *context = tls_context_new(&rules, &error);
	if (!context)
		g_error("%s", error->message);
	g_autofree char *page = ask(&s, context);
	CHECK(page && strstr(page, "TLSv1.3"));
	CHECK(page && strstr(page, "Subject: CN=desk"));
	SSL_CTX_free(context);
	server_stop(&s);
}

static void a_server_refuses_who_has_none(void)
{
	struct server s;
	server_start(&s);
	SSL_CTX *context = tls_context_new(&(struct tls_rules){.ca_file = s.ca}, NULL);
	g_autofree char *page = ask(&s, context);
	CHECK(page == NULL);
	SSL_CTX_free(context);
	server_stop(&s);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a server takes the certificate whose key is in the TPM",
			a_server_takes_the_certificate_whose_key_is_in_the_TPM},
		{"a server refuses who has none", a_server_refuses_who_has_none},
	};
	tpm = tpm_start(PROPERTIES);
	if (!tpm) {
		puts("no TPM in software (Debian: swtpm tpm2-tools tpm2-openssl)");
		return 77;
	}
	int failed = CHECK_MAIN("TLS with a TPM", cases);
	tpm_stop(tpm);
	return failed;
}
