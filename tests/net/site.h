/* SPDX-License-Identifier: MIT
 *
 * site.h - a web server that behaves as badly as its path says, over a good certificate.
 */
#ifndef TESTS_NET_SITE_H
#define TESTS_NET_SITE_H

#include "kiosk/net/http.h"

struct site; /* opaque */

struct site *site_start(void);
struct http *site_client(struct site *site); /* configured for it; the caller frees */
char *site_url(struct site *site, const char *path);
guint16 site_port(struct site *site);

/* Connections taken, requests read whole, bytes of answers written. */
gint site_connections(struct site *site);
gint site_requests(struct site *site);
gint site_written(struct site *site);

/* Wait, at most 10 s, until `requests` were read. */
gboolean site_wait(struct site *site, gint requests);

/* Accepts NULL, returns NULL. */
struct site *site_stop(struct site *site);

#endif
