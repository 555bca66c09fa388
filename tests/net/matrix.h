/* SPDX-License-Identifier: MIT
 *
 * matrix.h - servers good and bad, one a row, and what a client must make of each.
 *
 * The same rows for every protocol over TLS: a server thread plays row i and, where a
 * handshake succeeds, hands the plain stream to a callback.
 */
#ifndef TESTS_NET_MATRIX_H
#define TESTS_NET_MATRIX_H

#include "kiosk/net/tls.h"
#include "tests/net/pki.h"

enum matrix_act {
	MATRIX_TLS,
	MATRIX_PLAIN,   /* answers in plain HTTP */
	MATRIX_HALF,    /* half a ServerHello, then silence */
	MATRIX_SILENCE, /* takes the connection and says nothing */
	MATRIX_CLOSE,
	MATRIX_GARBAGE,
};

/* Who signed the server's certificate. */
enum matrix_issuer {
	MATRIX_ROOT,
	MATRIX_SELF,
	MATRIX_OTHER,       /* a CA of the same name, not the configured one */
	MATRIX_MIDDLE,      /* under the root */
	MATRIX_NO_CA,       /* an end entity's certificate under the root */
	MATRIX_OLD,         /* an intermediate that is over */
	MATRIX_CONSTRAINED, /* for *.example.test only */
	MATRIX_SHORT,       /* under one that may have no CA below itself */
	MATRIX_ISSUER_COUNT,
};

enum matrix_list {
	MATRIX_NO_LIST,
	MATRIX_EMPTY_LIST,   /* of the root: nobody is revoked */
	MATRIX_LIST,         /* of the root: this server is revoked */
	MATRIX_MIDDLE_LIST,  /* of the root and of MIDDLE: MIDDLE is revoked */
	MATRIX_OLD_LIST,     /* of the root, over since yesterday */
	MATRIX_FOREIGN_LIST, /* of MATRIX_OTHER's CA, under another name */
	MATRIX_ISSUER_LIST,  /* of MIDDLE alone: nobody is revoked */
};

enum matrix_ours { MATRIX_NONE, MATRIX_OURS, MATRIX_OURS_FOREIGN };

struct matrix_row {
	const char *what;
	const char *host; /* to go to; NULL: "localhost" */
	gboolean good;
	enum net_error want; /* of a bad row */
	enum matrix_act act;
	struct pki_spec leaf;
	enum matrix_issuer issuer;
	gboolean alone;         /* without its chain */
	gboolean damaged;       /* the signature is not one */
	gboolean anchor_middle; /* MIDDLE is the configured CA */
	gboolean want_ours;     /* the server wants a certificate of ours */
	enum matrix_ours ours;  /* and we have one, or one of another CA */
	enum matrix_list list;
	int version;         /* TLS1_2_VERSION …; 0: any the library offers */
	const char *ciphers; /* up to TLS 1.2, at security level 0 */
};

gsize matrix_rows(const struct matrix_row **ret);
const char *matrix_host(const struct matrix_row *row);

struct matrix; /* the CAs, in a folder of its own */
struct matrix *matrix_new(void);
struct matrix *matrix_free(struct matrix *matrix);

/* On the server's thread. */
struct matrix_talk {
	gboolean (*before)(int fd, gpointer data); /* StartTLS: on the bare socket; or NULL */
	void (*serve)(SSL *ssl, gpointer data);    /* after a handshake */
	gpointer data;
};

struct matrix_server; /* opaque */

/* `talk` is copied. */
struct matrix_server *matrix_play(
	struct matrix *matrix, const struct matrix_row *row, const struct matrix_talk *talk);
guint16 matrix_port(const struct matrix_server *server);

/* What the client is configured with; owned by the server. */
const struct tls_rules *matrix_rules(const struct matrix_server *server);

/* Ends the server. Returns how many bytes it was told after a handshake of a row that is
 * not good: none, if the client is right. Accepts NULL. */
gsize matrix_stop(struct matrix_server *server);

#endif
