/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_wire.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openldap.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* Where libldap would connect to on its own, in the clear, once our socket is gone: a
 * file that is no socket. */
#define NOWHERE "ldapi://%2Fdev%2Fnull"

struct ldap_wire {
	LDAP *ld;
	Sockbuf *sb;         /* of `ld` */
	BIO_METHOD *method;  /* of the socket under `ssl` */
	SSL *ssl;            /* NULL: not encrypted (yet) */
	gsize taken;         /* bytes since ldap_wire_begin() */
	unsigned long cause; /* OpenSSL's, of the read or write that failed; 0: none */
	gboolean dry;        /* nothing is left of what was received, until there is more */
	gboolean begun;      /* something was read */
	gboolean ended;      /* nothing more will be read */
	gboolean lost;       /* it broke */
	gboolean over;       /* too much was said */
	gboolean alien;      /* the other side speaks no LDAP */
};

/* What a result code is to a person, RFC 4511 appendix A and <ldap.h> for negative ones. */
static const struct {
	int code;
	enum net_error error;
	const char *what;
} results[] = {
	{LDAP_OPERATIONS_ERROR, NET_ERROR_REFUSED, "the server wants us signed in"},
	{LDAP_TIMELIMIT_EXCEEDED, NET_ERROR_LATE, "the server gave up in its time limit"},
	{LDAP_AUTH_METHOD_NOT_SUPPORTED, NET_ERROR_REFUSED, "this kind of bind is not offered"},
	{LDAP_STRONG_AUTH_REQUIRED, NET_ERROR_REFUSED, "the server wants a stronger bind"},
	{LDAP_REFERRAL, NET_ERROR_PROTOCOL, "the base is on another server"},
	{LDAP_ADMINLIMIT_EXCEEDED, NET_ERROR_LIMIT, "too much work: is the attribute indexed?"},
	{LDAP_CONFIDENTIALITY_REQUIRED, NET_ERROR_REFUSED, "the server wants other encryption"},
	{LDAP_NO_SUCH_OBJECT, NET_ERROR_REFUSED, "the base is not there, or not for us to read"},
	{LDAP_INVALID_DN_SYNTAX, NET_ERROR_REFUSED, "a name in the configuration is no DN"},
	{LDAP_INAPPROPRIATE_AUTH, NET_ERROR_REFUSED, "the server does not take our credentials"},
	{LDAP_INVALID_CREDENTIALS, NET_ERROR_REFUSED, "the server does not take our credentials"},
	{LDAP_INSUFFICIENT_ACCESS, NET_ERROR_REFUSED, "we may not search there"},
	{LDAP_BUSY, NET_ERROR_UNREACHABLE, "the server is busy"},
	{LDAP_UNAVAILABLE, NET_ERROR_UNREACHABLE, "the server shuts down"},
	{LDAP_UNWILLING_TO_PERFORM, NET_ERROR_REFUSED, "the server is not willing"},
	{LDAP_FILTER_ERROR, NET_ERROR_PROTOCOL, "the filter in the configuration is none"},
	{LDAP_SERVER_DOWN, NET_ERROR_UNREACHABLE, "the server hung up"},
};

static ber_slen_t io_failed(struct ldap_wire *wire, int rc)
{
	int why = SSL_get_error(wire->ssl, rc);
	wire->dry = wire->dry || why == SSL_ERROR_WANT_READ;
	if (why == SSL_ERROR_ZERO_RETURN) {
		errno = 0;
		return 0;
	}
	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE && wire->cause == 0)
		wire->cause = ERR_peek_error();
	ERR_clear_error();
	errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EWOULDBLOCK
									  : ECONNRESET;
	return -1;
}

/* A proxy's sign-in page, say: libldap would take its letters for a length and wait. */
static gboolean is_alien(struct ldap_wire *wire, const void *buf)
{
	if (!wire->begun)
		wire->alien = *(const guint8 *)buf != LDAP_TAG_MESSAGE;
	wire->begun = TRUE;
	return wire->alien;
}

static int clamp(ber_len_t len)
{
	return (int)MIN(len, LDAP_MESSAGE_MAX);
}

static ber_slen_t read_some(Sockbuf_IO_Desc *io, void *buf, ber_len_t len)
{
	struct ldap_wire *wire = io->sbiod_pvt;
	if (!wire->ssl)
		return LBER_SBIOD_READ_NEXT(io, buf, len);
	ERR_clear_error();
	wire->dry = FALSE;
	int rc = SSL_read(wire->ssl, buf, clamp(len));
	return rc > 0 ? rc : io_failed(wire, rc);
}

static ber_slen_t on_read(Sockbuf_IO_Desc *io, void *buf, ber_len_t len)
{
	struct ldap_wire *wire = io->sbiod_pvt;
	wire->over = wire->over || wire->taken > LDAP_ANSWER_MAX;
	ber_slen_t n = wire->over ? -1 : read_some(io, buf, len);
	wire->ended = n == 0 || (n < 0 && errno != EWOULDBLOCK);
	if (wire->over || (n > 0 && is_alien(wire, buf))) {
		errno = ECONNRESET;
		return -1;
	}
	wire->taken += n > 0 ? (gsize)n : 0;
	return n;
}

static ber_slen_t on_write(Sockbuf_IO_Desc *io, void *buf, ber_len_t len)
{
	struct ldap_wire *wire = io->sbiod_pvt;
	if (!wire->ssl)
		return LBER_SBIOD_WRITE_NEXT(io, buf, len);
	ERR_clear_error();
	int rc = SSL_write(wire->ssl, buf, clamp(len));
	return rc > 0 ? rc : io_failed(wire, rc);
}

static int on_control(Sockbuf_IO_Desc *io, int option, void *arg)
{
	const struct ldap_wire *wire = io->sbiod_pvt;
	/* TLS reads ahead: of what it holds, poll() knows nothing. */
	if (option == LBER_SB_OPT_DATA_READY && wire->ssl && !wire->dry &&
		SSL_has_pending(wire->ssl))
		return 1;
	return LBER_SBIOD_CTRL_NEXT(io, option, arg);
}

static int on_setup(Sockbuf_IO_Desc *io, void *arg)
{
	io->sbiod_pvt = arg;
	return 0;
}

static int on_remove(Sockbuf_IO_Desc *io)
{
	io->sbiod_pvt = NULL;
	return 0;
}

/* Says good-bye without waiting for an answer (RFC 8446 6.1). */
static int on_close(Sockbuf_IO_Desc *io)
{
	const struct ldap_wire *wire = io->sbiod_pvt;
	if (wire->ssl && SSL_is_init_finished(wire->ssl))
		SSL_shutdown(wire->ssl);
	ERR_clear_error();
	return 0;
}

static gboolean set_options(LDAP *ld)
{
	static const int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER;
	return ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS &&
	       ldap_set_option(ld, LDAP_OPT_DEREF, &never) == LDAP_OPT_SUCCESS &&
	       ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS &&
	       ldap_set_option(ld, LDAP_OPT_RESTART, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS;
}

struct ldap_wire *ldap_wire_plain(int fd, GError **error)
{
	static Sockbuf_IO layer = {on_setup, on_remove, on_control, on_read, on_write, on_close};
	struct ldap_wire *wire = g_new0(struct ldap_wire, 1);
	ber_len_t most = LDAP_MESSAGE_MAX;
	int rc = ldap_init_fd(fd, LDAP_PROTO_TCP, NOWHERE, &wire->ld);
	if (rc != LDAP_SUCCESS) {
		close(fd);
		ldap_wire_fail(wire, rc, error);
		return ldap_wire_close(wire);
	}
	if (!set_options(wire->ld) ||
		ldap_get_option(wire->ld, LDAP_OPT_SOCKBUF, &wire->sb) != LDAP_OPT_SUCCESS ||
		ber_sockbuf_ctrl(wire->sb, LBER_SB_OPT_SET_MAX_INCOMING, &most) != 1 ||
		ber_sockbuf_add_io(wire->sb, &layer, LBER_SBIOD_LEVEL_TRANSPORT, wire) != 0) {
		ldap_wire_fail(wire, LDAP_LOCAL_ERROR, error);
		return ldap_wire_close(wire);
	}
	return wire;
}

LDAP *ldap_wire_handle(struct ldap_wire *wire)
{
	return wire->ld;
}

void ldap_wire_begin(struct ldap_wire *wire)
{
	wire->taken = 0;
}

/* What was wrong with a connection that broke, where more is known than that. After the
 * handshake of TLS 1.3 a server that does not take our certificate says so with an alert,
 * on the first read. */
static gboolean fail_lost(const struct ldap_wire *wire, GError **error)
{
	const char *why = ERR_reason_error_string(wire->cause);
	if (wire->over)
		g_set_error_literal(error, NET_ERROR, NET_ERROR_LIMIT,
			"the server says more than an answer can be");
	else if (wire->alien)
		g_set_error_literal(error, NET_ERROR, NET_ERROR_PROTOCOL,
			"what answers there is no LDAP server");
	if (wire->over || wire->alien)
		return TRUE;
	if (wire->cause == 0 || tls_fault(X509_V_OK, wire->cause) != NET_ERROR_REFUSED)
		return FALSE;
	g_set_error(error, NET_ERROR, NET_ERROR_REFUSED, "TLS: %s", why ? why : "refused");
	return TRUE;
}

gboolean ldap_wire_fail(struct ldap_wire *wire, int code, GError **error)
{
	wire->lost = wire->lost || code == LDAP_SERVER_DOWN || code == LDAP_UNAVAILABLE;
	if (code == LDAP_SERVER_DOWN && fail_lost(wire, error))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(results); i++)
		if (results[i].code == code) {
			g_set_error(error, NET_ERROR, results[i].error, "%s (LDAP %d)",
				results[i].what, code);
			return FALSE;
		}
	g_set_error(
		error, NET_ERROR, NET_ERROR_PROTOCOL, "%s (LDAP %d)", ldap_err2string(code), code);
	return FALSE;
}

static int last_code(LDAP *ld)
{
	int code = LDAP_LOCAL_ERROR;
	ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code);
	return code;
}

/* libldap may have closed the socket, and another thread may have its number by now. */
int ldap_wire_descriptor(const struct ldap_wire *wire)
{
	int fd = -1;
	ldap_get_option(wire->ld, LDAP_OPT_DESC, &fd);
	return fd;
}

/* As ldap_wire_poll(), of operation `id`. */
static LDAPMessage *poll_for(struct ldap_wire *wire, int id, GError **error)
{
	struct timeval at_once = {0};
	LDAPMessage *message = NULL;
	int rc;
	/* libldap looks at one message a turn; what TLS has decrypted no poll() tells of. */
	do {
		errno = 0;
		rc = ldap_result(wire->ld, id, LDAP_MSG_ONE, &at_once, &message);
	} while (rc == 0 && ber_sockbuf_ctrl(wire->sb, LBER_SB_OPT_DATA_READY, NULL) > 0);
	if (rc > 0 || (rc == 0 && !wire->ended))
		return message;
	/* How liblber says that a message is longer than LDAP_MESSAGE_MAX. */
	wire->over = wire->over || errno == ERANGE;
	ldap_wire_fail(wire, rc < 0 ? last_code(wire->ld) : LDAP_SERVER_DOWN, error);
	wire->lost = TRUE;
	return NULL;
}

LDAPMessage *ldap_wire_poll(struct ldap_wire *wire, GError **error)
{
	return poll_for(wire, LDAP_RES_ANY, error);
}

LDAPMessage *ldap_wire_next(
	struct ldap_wire *wire, int id, const struct ldap_limit *limit, GError **error)
{
	for (;;) {
		LDAPMessage *message = poll_for(wire, id, error);
		if (message || wire->lost)
			return message;
		int fd = ldap_wire_descriptor(wire);
		if (fd < 0) {
			ldap_wire_fail(wire, LDAP_SERVER_DOWN, error);
			return NULL;
		}
		if (!ldap_dial_wait(fd, POLLIN, limit, error))
			return NULL;
	}
}

/* The code of the one message that ends operation `id`. */
static gboolean await_success(
	struct ldap_wire *wire, int id, const struct ldap_limit *limit, GError **error)
{
	LDAPMessage *message = ldap_wire_next(wire, id, limit, error);
	int code = LDAP_DECODING_ERROR;
	if (!message)
		return FALSE;
	int rc = ldap_parse_result(wire->ld, message, &code, NULL, NULL, NULL, NULL, 1);
	if (rc != LDAP_SUCCESS)
		code = rc;
	return code == LDAP_SUCCESS || ldap_wire_fail(wire, code, error);
}

static gboolean ask_tls(struct ldap_wire *wire, const struct ldap_limit *limit, GError **error)
{
	int id = -1;
	int rc = ldap_extended_operation(wire->ld, LDAP_EXOP_START_TLS, NULL, NULL, NULL, &id);
	if (rc != LDAP_SUCCESS)
		return ldap_wire_fail(wire, rc, error);
	return await_success(wire, id, limit, error);
}

/* A context for each connection: lists of revoked certificates and our own certificate are
 * renewed while the service runs. */
static gboolean encrypt(struct ldap_wire *wire, const struct ldap_plan *plan,
	const struct ldap_limit *limit, GError **error)
{
	SSL_CTX *context = tls_context_new(&plan->rules, error);
	if (!context)
		return FALSE;
	SSL *ssl = SSL_new(context);
	SSL_CTX_free(context);
	if (!wire->method)
		wire->method = ldap_dial_method();
	if (!ssl || !ldap_dial_attach(ssl, wire->method, ldap_wire_descriptor(wire)) ||
		!tls_expect(ssl, plan->host)) {
		SSL_free(ssl);
		g_set_error_literal(error, NET_ERROR, NET_ERROR_CREDENTIAL,
			"no certificate can be of such a host");
		return FALSE;
	}
	SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_set_read_ahead(ssl, 1);
	if (!ldap_dial_tls(ssl, limit, error)) {
		SSL_free(ssl);
		return FALSE;
	}
	wire->ssl = ssl;
	return TRUE;
}

static gboolean bind_simple(
	struct ldap_wire *wire, const struct ldap_plan *plan, int *ret_id, GError **error)
{
	char password[LDAP_PASSWORD_SIZE];
	if (!ldap_plan_password(plan, password, error))
		return FALSE;
	struct berval secret = {strlen(password), password};
	int rc = ldap_sasl_bind(
		wire->ld, plan->bind_dn, LDAP_SASL_SIMPLE, &secret, NULL, NULL, ret_id);
	OPENSSL_cleanse(password, sizeof password);
	return rc == LDAP_SUCCESS || ldap_wire_fail(wire, rc, error);
}

/* As whom the certificate says: an empty answer given at once, or the server asks for one. */
static gboolean bind_external(struct ldap_wire *wire, int *ret_id, GError **error)
{
	char nobody[] = "";
	struct berval as = {0, nobody};
	int rc = ldap_sasl_bind(wire->ld, NULL, "EXTERNAL", &as, NULL, NULL, ret_id);
	return rc == LDAP_SUCCESS || ldap_wire_fail(wire, rc, error);
}

static gboolean sign_in(struct ldap_wire *wire, const struct ldap_plan *plan,
	const struct ldap_limit *limit, GError **error)
{
	int id = -1;
	gboolean sent = plan->bind == LDAP_SOURCE_SIMPLE ? bind_simple(wire, plan, &id, error)
							 : bind_external(wire, &id, error);
	return sent && await_success(wire, id, limit, error);
}

struct ldap_wire *ldap_wire_open(const struct ldap_plan *plan, const struct ldap_limit *limit,
	enum ldap_stage *ret_stage, GError **error)
{
	enum ldap_stage unused, *stage = ret_stage ? ret_stage : &unused;
	*stage = LDAP_STAGE_NONE;
	int fd = ldap_dial(plan->host, plan->port, limit, error);
	AUTO(ldap_wire) wire = fd < 0 ? NULL : ldap_wire_plain(fd, error);
	if (!wire)
		return NULL;
	*stage = LDAP_STAGE_CONNECTED;
	if (plan->tls == LDAP_SOURCE_STARTTLS && !ask_tls(wire, limit, error))
		return NULL;
	if (!encrypt(wire, plan, limit, error))
		return NULL;
	*stage = LDAP_STAGE_TLS;
	if (!sign_in(wire, plan, limit, error))
		return NULL;
	*stage = LDAP_STAGE_BOUND;
	return g_steal_pointer(&wire);
}

gboolean ldap_wire_is_lost(const struct ldap_wire *wire)
{
	return wire->lost && !wire->over && !wire->alien;
}

struct ldap_wire *ldap_wire_close(struct ldap_wire *wire)
{
	if (!wire)
		return NULL;
	if (wire->ld)
		ldap_unbind_ext(wire->ld, NULL, NULL);
	SSL_free(wire->ssl);
	BIO_meth_free(wire->method);
	g_free(wire);
	return NULL;
}
