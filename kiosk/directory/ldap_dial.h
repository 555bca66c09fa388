/* SPDX-License-Identifier: MIT
 *
 * ldap_dial.h - a TCP connection and its TLS handshake, never longer than allowed.
 *
 * Private to kiosk/directory. Any thread. Blocking, but for the resolution of names
 * always within `limit`: libc gives that no deadline, which is why the caller's thread
 * may have to be abandoned.
 */
#ifndef KIOSK_DIRECTORY_LDAP_DIAL_H
#define KIOSK_DIRECTORY_LDAP_DIAL_H

#include <gio/gio.h>
#include <openssl/ssl.h>

/* How long a caller waits; borrowed. */
struct ldap_limit {
	gint64 deadline_us; /* monotonic */
	GCancellable *stop; /* or NULL; fired: G_IO_ERROR_CANCELLED */
};

/* A connected, non-blocking socket; -1 with `error`. Tries every address of the name. */
int ldap_dial(const char *host, guint16 port, const struct ldap_limit *limit, GError **error);

/* A socket for OpenSSL that raises no SIGPIPE when the peer is gone. It must outlive what is
 * attached; the caller frees it with BIO_meth_free(). */
BIO_METHOD *ldap_dial_method(void);
gboolean ldap_dial_attach(SSL *ssl, const BIO_METHOD *method, int fd);

/* The client's half of the handshake on the socket `ssl` was given. */
gboolean ldap_dial_tls(SSL *ssl, const struct ldap_limit *limit, GError **error);

/* Wait for POLLIN or POLLOUT. FALSE with NET_ERROR_LATE or G_IO_ERROR_CANCELLED. */
gboolean ldap_dial_wait(int fd, short events, const struct ldap_limit *limit, GError **error);

#endif
