/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/net/tls.h"

/* Firewalls forget connections that say nothing, often after some minutes and without a
 * word; a peer that does not answer these is gone. */
#define KEEP_IDLE_S     30
#define KEEP_INTERVAL_S 10
#define KEEP_PROBES     3

static int poll_ms(const struct ldap_limit *limit)
{
	gint64 left = limit->deadline_us - g_get_monotonic_time();
	/* Rounded up: a wait that ends too early would turn in circles. */
	return left <= 0 ? 0 : (int)MIN((left + 999) / 1000, G_MAXINT);
}

gboolean ldap_dial_wait(int fd, short events, const struct ldap_limit *limit, GError **error)
{
	struct pollfd fds[2] = {{.fd = fd, .events = events}, {.fd = -1, .events = POLLIN}};
	GPollFD stop;
	int n = -1;
	if (g_cancellable_set_error_if_cancelled(limit->stop, error))
		return FALSE;
	gboolean watched = limit->stop && g_cancellable_make_pollfd(limit->stop, &stop);
	if (watched)
		fds[1].fd = stop.fd;
	do
		n = poll(fds, 2, poll_ms(limit));
	while (n < 0 && errno == EINTR);
	if (watched)
		g_cancellable_release_fd(limit->stop);
	if (g_cancellable_set_error_if_cancelled(limit->stop, error))
		return FALSE;
	if (fds[0].revents == 0)
		g_set_error_literal(
			error, NET_ERROR, NET_ERROR_LATE, "the server does not answer in time");
	return fds[0].revents != 0;
}

static void keep_alive(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S},
		{IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S},
		{IPPROTO_TCP, TCP_KEEPCNT, KEEP_PROBES},
		{IPPROTO_TCP, TCP_NODELAY, 1},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value,
			sizeof options[i].value);
}

static gboolean fail_errno(int cause, GError **error)
{
	g_set_error(error, NET_ERROR, cause == ETIMEDOUT ? NET_ERROR_LATE : NET_ERROR_UNREACHABLE,
		"the server cannot be reached: %s", g_strerror(cause));
	return FALSE;
}

static gboolean finish_connect(int fd, const struct ldap_limit *limit, GError **error)
{
	int cause = 0;
	socklen_t len = sizeof cause;
	if (!ldap_dial_wait(fd, POLLOUT, limit, error))
		return FALSE;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &len) != 0)
		cause = errno;
	return cause == 0 || fail_errno(cause, error);
}

static int dial_one(const struct addrinfo *to, const struct ldap_limit *limit, GError **error)
{
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (fd < 0) {
		fail_errno(errno, error);
		return -1;
	}
	keep_alive(fd);
	gboolean ok = connect(fd, to->ai_addr, to->ai_addrlen) == 0;
	if (!ok && errno == EINPROGRESS)
		ok = finish_connect(fd, limit, error);
	else if (!ok)
		fail_errno(errno, error);
	if (ok)
		return fd;
	close(fd);
	return -1;
}

/* Each address gets a fair part of what is left, so that one that leads nowhere (an IPv6
 * route that is none) does not use up the others' time. */
static int dial_any(const struct addrinfo *list, const struct ldap_limit *limit, GError **error)
{
	gint64 left = 0;
	int fd = -1;
	for (const struct addrinfo *to = list; to; to = to->ai_next)
		left++;
	for (const struct addrinfo *to = list; to && fd < 0; to = to->ai_next) {
		gint64 now = g_get_monotonic_time();
		struct ldap_limit part = {now + (limit->deadline_us - now) / left--, limit->stop};
		g_clear_error(error);
		fd = dial_one(to, &part, error);
		if (g_cancellable_is_cancelled(limit->stop))
			break;
	}
	return fd;
}

int ldap_dial(const char *host, guint16 port, const struct ldap_limit *limit, GError **error)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
	g_autoptr(GError) fault = NULL;
	char service[8];
	if (g_hostname_is_ip_address(host))
		hints.ai_flags = AI_NUMERICHOST;
	g_snprintf(service, sizeof service, "%u", port);
	int rc = getaddrinfo(host, service, &hints, &list);
	if (rc != 0) {
		g_set_error(error, NET_ERROR, NET_ERROR_UNREACHABLE,
			"the server's name leads nowhere: %s", gai_strerror(rc));
		return -1;
	}
	int fd = dial_any(list, limit, &fault);
	freeaddrinfo(list);
	if (fd < 0)
		g_propagate_error(error, g_steal_pointer(&fault));
	return fd;
}

static int on_send(BIO *bio, const char *buf, int len)
{
	int fd = -1;
	BIO_get_fd(bio, &fd);
	ssize_t n = send(fd, buf, (size_t)len, MSG_NOSIGNAL);
	BIO_clear_retry_flags(bio);
	if (n < 0 && BIO_sock_should_retry((int)n))
		BIO_set_retry_write(bio);
	return (int)n;
}

BIO_METHOD *ldap_dial_method(void)
{
	const BIO_METHOD *plain = BIO_s_socket();
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE");
	if (!method || BIO_meth_set_write(method, on_send) != 1 ||
		BIO_meth_set_read(method, BIO_meth_get_read(plain)) != 1 ||
		BIO_meth_set_puts(method, BIO_meth_get_puts(plain)) != 1 ||
		BIO_meth_set_ctrl(method, BIO_meth_get_ctrl(plain)) != 1 ||
		BIO_meth_set_create(method, BIO_meth_get_create(plain)) != 1 ||
		BIO_meth_set_destroy(method, BIO_meth_get_destroy(plain)) != 1)
		g_error("out of memory");
	return method;
}

gboolean ldap_dial_attach(SSL *ssl, const BIO_METHOD *method, int fd)
{
	BIO *bio = BIO_new(method);
	if (!bio)
		return FALSE;
	BIO_set_fd(bio, fd, BIO_NOCLOSE);
	SSL_set_bio(ssl, bio, bio);
	return TRUE;
}

static gboolean fail_handshake(const SSL *ssl, GError **error)
{
	long result = SSL_get_verify_result(ssl);
	unsigned long code = ERR_peek_error();
	const char *why = result != X509_V_OK ? X509_verify_cert_error_string(result)
					      : ERR_reason_error_string(code);
	g_set_error(error, NET_ERROR, tls_fault(result, code), "TLS: %s",
		why ? why : "the server hung up");
	ERR_clear_error();
	return FALSE;
}

gboolean ldap_dial_tls(SSL *ssl, const struct ldap_limit *limit, GError **error)
{
	for (;;) {
		ERR_clear_error();
		int rc = SSL_connect(ssl);
		int why = SSL_get_error(ssl, rc);
		if (rc == 1)
			return TRUE;
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			return fail_handshake(ssl, error);
		short events = why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
		if (!ldap_dial_wait(SSL_get_fd(ssl), events, limit, error))
			return FALSE;
	}
}
