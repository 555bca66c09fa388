/* SPDX-License-Identifier: MIT */
#include "tests/net/matrix.h"

#define NAME    .san = "DNS:localhost"
#define ADDRESS .san = "IP:127.0.0.1"
#define SERVER  .eku = "serverAuth"
#define USUAL   .leaf = {NAME, SERVER}
#define BAD(e)  .want = NET_ERROR_##e
#define GOOD    .good = TRUE
#define BY(i)   .issuer = MATRIX_##i
#define ACT(a)  .act = MATRIX_##a
#define LIST(l) .list = MATRIX_##l

/* dNSName "localhost\0.evil.test": a name to a careless reader. */
#define NUL_IN_NAME "DER:301682146c6f63616c686f7374002e6576696c2e74657374"
/* dNSName "127.0.0.1": an address is no name (RFC 6125 section 1.7.2). */
#define ADDRESS_AS_NAME "DNS:127.0.0.1"

static const struct matrix_row rows[] = {
	{"signed by itself", BAD(ISSUER), BY(SELF), USUAL},
	{"of another CA with the same name", BAD(ISSUER), BY(OTHER), USUAL},
	{"without its intermediate", BAD(ISSUER), BY(MIDDLE), .alone = TRUE, USUAL},
	{"over", BAD(EXPIRED), .leaf = {NAME, SERVER, .from_days = -30, .to_days = -1}},
	{"under an intermediate that is over", BAD(EXPIRED), BY(OLD), USUAL},
	{"not yet valid", BAD(CLOCK), .leaf = {NAME, SERVER, .from_days = 2, .to_days = 30}},
	{"of another server", BAD(NAME), .leaf = {.san = "DNS:ldap.example.test", SERVER}},
	{"the name in the CN only", BAD(NAME), .leaf = {.cn = "localhost", SERVER}},
	{"the name in the CN beside another", BAD(NAME),
		.leaf = {.cn = "localhost", .san = "DNS:ldap.example.test", SERVER}},
	{"a wildcard for everything", BAD(NAME), .leaf = {.san = "DNS:*", SERVER}},
	{"a wildcard within a label", BAD(NAME), .leaf = {.san = "DNS:local*", SERVER}},
	{"a wildcard one label too low", BAD(NAME), .leaf = {.san = "DNS:*.localhost", SERVER}},
	{"a NUL in the name", BAD(NAME), .leaf = {.san = NUL_IN_NAME, SERVER}},
	{"an address it does not have", BAD(NAME), .host = "127.0.0.1", USUAL},
	{"another address", BAD(NAME), .host = "127.0.0.1",
		.leaf = {.san = "IP:127.0.0.2", SERVER}},
	{"the address as a name", BAD(NAME), .host = "127.0.0.1",
		.leaf = {.san = ADDRESS_AS_NAME, SERVER}},
	{"the address in the CN only", BAD(NAME), .host = "127.0.0.1",
		.leaf = {.cn = "127.0.0.1", SERVER}},
	{"for clients only", BAD(CERTIFICATE), .leaf = {NAME, .eku = "clientAuth"}},
	{"for signing code only", BAD(CERTIFICATE), .leaf = {NAME, .eku = "codeSigning"}},
	{"RSA 1024", BAD(CERTIFICATE), .leaf = {NAME, SERVER, .key = PKI_RSA_1024}},
	{"signed with SHA-1", BAD(CERTIFICATE), .leaf = {NAME, SERVER, .digest = "SHA1"}},
	{"a damaged signature", BAD(CERTIFICATE), .damaged = TRUE, USUAL},
	{"under one that is no CA", BAD(CERTIFICATE), BY(NO_CA), USUAL},
	{"under a CA too far down", BAD(CERTIFICATE), BY(SHORT), USUAL},
	{"a name its CA may not give", BAD(CERTIFICATE), BY(CONSTRAINED), USUAL},
	{"revoked", BAD(REVOKED), LIST(LIST), USUAL},
	{"under a revoked intermediate", BAD(REVOKED), BY(MIDDLE), LIST(MIDDLE_LIST), USUAL},
	{"a list that is over", BAD(CRL), LIST(OLD_LIST), USUAL},
	{"a list of another CA", BAD(CRL), LIST(FOREIGN_LIST), USUAL},
	{"TLS 1.0", BAD(HANDSHAKE), .version = TLS1_VERSION, USUAL},
	{"TLS 1.1", BAD(HANDSHAKE), .version = TLS1_1_VERSION, USUAL},
	{"no forward secrecy", BAD(HANDSHAKE), .version = TLS1_2_VERSION,
		.ciphers = "AES128-GCM-SHA256", .leaf = {NAME, SERVER, .key = PKI_RSA_2048}},
	{"no authenticated encryption", BAD(HANDSHAKE), .version = TLS1_2_VERSION,
		.ciphers = "ECDHE-ECDSA-AES128-SHA", USUAL},
	{"nobody proves who they are", BAD(HANDSHAKE), .version = TLS1_2_VERSION,
		.ciphers = "ADH-AES128-GCM-SHA256", USUAL},
	{"no encryption", BAD(HANDSHAKE), .version = TLS1_2_VERSION,
		.ciphers = "ECDHE-ECDSA-NULL-SHA", USUAL},
	{"it does not take none from us", BAD(REFUSED), .want_ours = TRUE, USUAL},
	{"it does not take ours", BAD(REFUSED), .want_ours = TRUE, .ours = MATRIX_OURS_FOREIGN,
		USUAL},
	{"it does not take ours, TLS 1.2", BAD(REFUSED), .want_ours = TRUE,
		.ours = MATRIX_OURS_FOREIGN, .version = TLS1_2_VERSION, USUAL},
	{"plain HTTP", BAD(HANDSHAKE), ACT(PLAIN)},
	{"garbage", BAD(HANDSHAKE), ACT(GARBAGE)},
	{"hangs up", BAD(HANDSHAKE), ACT(CLOSE)},
	{"half a ServerHello, then silence", BAD(LATE), ACT(HALF)},
	{"silence", BAD(LATE), ACT(SILENCE)},

	{"ECDSA P-256", GOOD, USUAL},
	{"RSA 2048", GOOD, .leaf = {NAME, SERVER, .key = PKI_RSA_2048}},
	{"with its intermediate", GOOD, BY(MIDDLE), USUAL},
	{"under the intermediate we were given", GOOD, BY(MIDDLE), .alone = TRUE,
		.anchor_middle = TRUE, USUAL},
	{"by its address", GOOD, .host = "127.0.0.1", .leaf = {ADDRESS, SERVER}},
	{"one name of several", GOOD,
		.leaf = {.san = "DNS:ldap.example.test,DNS:LOCALHOST", SERVER}},
	{"for servers and clients", GOOD, .leaf = {NAME, .eku = "serverAuth,clientAuth"}},
	{"for whatever its CA allows", GOOD, .leaf = {NAME}},
	{"not on the list", GOOD, LIST(EMPTY_LIST), USUAL},
	{"not on the list of its issuer, the root has none", GOOD, BY(MIDDLE), LIST(ISSUER_LIST),
		USUAL},
	{"TLS 1.2", GOOD, .version = TLS1_2_VERSION, USUAL},
	{"TLS 1.2, RSA", GOOD, .version = TLS1_2_VERSION,
		.leaf = {NAME, SERVER, .key = PKI_RSA_2048}},
	{"TLS 1.3", GOOD, .version = TLS1_3_VERSION, USUAL},
	{"it takes ours", GOOD, .want_ours = TRUE, .ours = MATRIX_OURS, USUAL},
	{"it takes ours, TLS 1.2", GOOD, .want_ours = TRUE, .ours = MATRIX_OURS,
		.version = TLS1_2_VERSION, USUAL},
};

gsize matrix_rows(const struct matrix_row **ret)
{
	*ret = rows;
	return G_N_ELEMENTS(rows);
}

const char *matrix_host(const struct matrix_row *row)
{
	return row->host ? row->host : "localhost";
}
