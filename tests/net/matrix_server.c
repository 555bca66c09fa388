/* SPDX-License-Identifier: MIT */
#include "tests/net/matrix.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "tests/net/stand.h"

struct matrix {
	char *folder;
	struct pki_cert *issuers[MATRIX_ISSUER_COUNT]; /* NULL: SELF */
	struct pki_cert *above;                        /* of SHORT, under the root */
	struct pki_cert *foreign;                      /* a CA of another name */
};

struct matrix_server {
	struct matrix *matrix;
	const struct matrix_row *row;
	struct matrix_talk talk;
	struct pki_cert *leaf;
	SSL_CTX *context;
	char *ca_file, *crl_file, *cert_file, *key;
	struct tls_rules rules;
	struct stand *stand;
	gsize told; /* the stand's thread; read when it has ended */
};

struct matrix *matrix_new(void)
{
	struct matrix *m = g_new0(struct matrix, 1);
	struct pki_spec ca = {.cn = "Root", .ca = TRUE};
	struct pki_spec middle = {.cn = "Middle", .ca = TRUE};
	m->folder = pki_folder();
	struct pki_cert *root = m->issuers[MATRIX_ROOT] = pki_issue(NULL, &ca);
	m->issuers[MATRIX_OTHER] = pki_issue(NULL, &ca);
	m->foreign = pki_issue(NULL, &(struct pki_spec){.cn = "Foreign", .ca = TRUE});
	m->issuers[MATRIX_MIDDLE] = pki_issue(root, &middle);
	m->issuers[MATRIX_NO_CA] = pki_issue(root, &(struct pki_spec){.cn = "Nobody"});
	m->issuers[MATRIX_OLD] = pki_issue(
		root, &(struct pki_spec){.cn = "Old", .ca = TRUE, .from_days = -30, .to_days = -1});
	m->issuers[MATRIX_CONSTRAINED] = pki_issue(root,
		&(struct pki_spec){
			.cn = "Narrow", .ca = TRUE, .constraints = "permitted;DNS:example.test"});
	m->above = pki_issue(root, &(struct pki_spec){.cn = "Above", .ca = TRUE, .path_length = 1});
	m->issuers[MATRIX_SHORT] = pki_issue(m->above, &middle);
	return m;
}

struct matrix *matrix_free(struct matrix *matrix)
{
	if (!matrix)
		return NULL;
	for (gsize i = 0; i < MATRIX_ISSUER_COUNT; i++)
		pki_free(matrix->issuers[i]);
	pki_free(matrix->above);
	pki_free(matrix->foreign);
	pki_folder_remove(matrix->folder);
	g_free(matrix->folder);
	g_free(matrix);
	return NULL;
}

/* Another server's signature over this certificate. */
static void damage(X509 *x509)
{
	const ASN1_BIT_STRING *signature = NULL;
	X509_get0_signature(&signature, NULL, x509);
	unsigned char *bytes = (unsigned char *)ASN1_STRING_get0_data(signature);
	bytes[ASN1_STRING_length(signature) - 1] ^= 1;
}

static void make_leaf(struct matrix_server *s)
{
	struct pki_spec spec = s->row->leaf;
	s->leaf = pki_issue(s->matrix->issuers[s->row->issuer], &spec);
	if (s->row->damaged)
		damage(s->leaf->x509);
}

static void set_version(struct matrix_server *s)
{
	const struct matrix_row *row = s->row;
	g_autofree char *ciphers =
		g_strconcat(row->ciphers ? row->ciphers : "ALL", ":@SECLEVEL=0", NULL);
	SSL_CTX_set_security_level(s->context, 0);
	if (SSL_CTX_set_min_proto_version(s->context, row->version) != 1 ||
		SSL_CTX_set_max_proto_version(s->context, row->version) != 1 ||
		SSL_CTX_set_cipher_list(s->context, ciphers) != 1)
		g_error("%s: OpenSSL does not offer it", row->what);
}

static void make_context(struct matrix_server *s)
{
	struct pki_cert *issuer = s->matrix->issuers[s->row->issuer];
	s->context = SSL_CTX_new(TLS_server_method());
	set_version(s);
	if (SSL_CTX_use_certificate(s->context, s->leaf->x509) != 1 ||
		SSL_CTX_use_PrivateKey(s->context, s->leaf->key) != 1)
		g_error("%s: OpenSSL does not take the certificate", s->row->what);
	if (issuer && !s->row->alone)
		SSL_CTX_add1_chain_cert(s->context, issuer->x509);
	if (s->row->issuer == MATRIX_SHORT)
		SSL_CTX_add1_chain_cert(s->context, s->matrix->above->x509);
	SSL_CTX_set_dh_auto(s->context, 1);
	if (!s->row->want_ours)
		return;
	SSL_CTX_set_verify(s->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	X509_STORE_add_cert(
		SSL_CTX_get_cert_store(s->context), s->matrix->issuers[MATRIX_ROOT]->x509);
}

static void write_lists(struct matrix_server *s)
{
	const struct pki_cert *root = s->matrix->issuers[MATRIX_ROOT];
	const struct pki_cert *middle = s->matrix->issuers[MATRIX_MIDDLE];
	X509_CRL *first = NULL, *second = NULL;
	switch (s->row->list) {
	case MATRIX_NO_LIST:
		return;
	case MATRIX_EMPTY_LIST:
		first = pki_crl(root, NULL, -1, 7);
		break;
	case MATRIX_LIST:
		first = pki_crl(root, s->leaf, -1, 7);
		break;
	case MATRIX_MIDDLE_LIST:
		first = pki_crl(root, middle, -1, 7);
		second = pki_crl(middle, NULL, -1, 7);
		break;
	case MATRIX_OLD_LIST:
		first = pki_crl(root, NULL, -7, -1);
		break;
	case MATRIX_FOREIGN_LIST:
		first = pki_crl(s->matrix->foreign, NULL, -1, 7);
		break;
	case MATRIX_ISSUER_LIST:
		first = pki_crl(middle, NULL, -1, 7);
		break;
	}
	s->crl_file = pki_write_crls(s->matrix->folder, "lists.pem", first, second);
	X509_CRL_free(first);
	X509_CRL_free(second);
}

static void write_ours(struct matrix_server *s)
{
	enum matrix_issuer by = s->row->ours == MATRIX_OURS ? MATRIX_ROOT : MATRIX_OTHER;
	if (s->row->ours == MATRIX_NONE)
		return;
	struct pki_cert *ours = pki_issue(s->matrix->issuers[by],
		&(struct pki_spec){.cn = "desk", .eku = "clientAuth", .key = PKI_RSA_2048});
	s->cert_file = pki_write_chain(s->matrix->folder, "ours.pem", ours, NULL);
	s->key = pki_write_key(s->matrix->folder, "ours.key", ours);
	pki_free(ours);
}

static void write_rules(struct matrix_server *s)
{
	enum matrix_issuer anchor = s->row->anchor_middle ? MATRIX_MIDDLE : MATRIX_ROOT;
	s->ca_file = pki_write_chain(s->matrix->folder, "ca.pem", s->matrix->issuers[anchor], NULL);
	write_lists(s);
	write_ours(s);
	s->rules = (struct tls_rules){.ca_file = s->ca_file,
		.crl_file = s->crl_file,
		.cert_file = s->cert_file,
		.key = s->key};
}

/* As servers do: close() with the request unread would reset the connection, and the
 * alert that says why would be lost with it. */
static void linger(int fd)
{
	shutdown(fd, SHUT_WR);
	stand_wait_closed(fd);
}

static void serve_tls(struct matrix_server *s, int fd)
{
	char told[256];
	SSL *ssl = SSL_new(s->context);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1) {
		if (s->row->good)
			s->talk.serve(ssl, s->talk.data);
		for (int n; !s->row->good && (n = SSL_read(ssl, told, sizeof(told))) > 0;)
			s->told += (gsize)n;
		SSL_shutdown(ssl);
	} else {
		linger(fd);
	}
	SSL_free(ssl);
	ERR_clear_error();
}

static void say(int fd, const void *bytes, gsize len)
{
	if (write(fd, bytes, len) < 0)
		g_debug("the client has gone");
	stand_wait_closed(fd);
}

static void serve(int fd, gpointer data)
{
	/* TLS record of a ServerHello of 122 bytes, cut after version and 8 of 32 random. */
	static const guint8 half[] = {0x16, 0x03, 0x03, 0x00, 0x7a, 0x02, 0x00, 0x00, 0x76, 0x03,
		0x03, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
	static const char plain[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
	static const guint8 garbage[64] = {0xff, 0x00, 0xde, 0xad, 0xbe, 0xef};
	struct matrix_server *s = data;
	if (s->talk.before && !s->talk.before(fd, s->talk.data))
		return;
	switch (s->row->act) {
	case MATRIX_TLS:
		serve_tls(s, fd);
		return;
	case MATRIX_PLAIN:
		say(fd, plain, strlen(plain));
		return;
	case MATRIX_HALF:
		say(fd, half, sizeof(half));
		return;
	case MATRIX_GARBAGE:
		say(fd, garbage, sizeof(garbage));
		return;
	case MATRIX_SILENCE:
		stand_wait_closed(fd);
		return;
	case MATRIX_CLOSE:
		return;
	}
}

struct matrix_server *matrix_play(
	struct matrix *matrix, const struct matrix_row *row, const struct matrix_talk *talk)
{
	struct matrix_server *s = g_new0(struct matrix_server, 1);
	*s = (struct matrix_server){.matrix = matrix, .row = row, .talk = *talk};
	make_leaf(s);
	make_context(s);
	write_rules(s);
	s->stand = stand_start(serve, s);
	return s;
}

guint16 matrix_port(const struct matrix_server *server)
{
	return stand_port(server->stand);
}

const struct tls_rules *matrix_rules(const struct matrix_server *server)
{
	return &server->rules;
}

gsize matrix_stop(struct matrix_server *server)
{
	if (!server)
		return 0;
	stand_stop(server->stand);
	gsize told = server->told;
	SSL_CTX_free(server->context);
	pki_free(server->leaf);
	g_free(server->ca_file);
	g_free(server->crl_file);
	g_free(server->cert_file);
	g_free(server->key);
	g_free(server);
	return told;
}
