/* SPDX-License-Identifier: MIT */
#include "kiosk/net/http.h"

#include <openssl/crypto.h>

#include "kiosk/net/http_answer.h"
#include "kiosk/net/http_loop.h"

#define TIMEOUT_MS 30000 /* where the caller names none */
#define CONNECT_MS 5000  /* name, TCP and TLS together */

struct http {
	struct http_loop *loop;
	GHashTable *transfers; /* struct transfer, as a set */
	char *user_agent;
	char *ca_file, *crl_file, *cert_file, *key;
};

/* One request under way. */
struct transfer {
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	GBytes *sent;
	struct http_body body;
	gsize header_bytes;
	gboolean head_ended; /* the empty line was seen */
	gboolean over;       /* a limit was passed */
	GError *error;       /* found by ourselves */
	long verify;         /* X509_V_… of the server's chain */
	char text[CURL_ERROR_SIZE];
	GCancellable *cancellable;
	gulong cancelled; /* signal handler */
	GSource *refused;
	http_done done;
	gpointer data;
};

static void source_free(GSource *source)
{
	g_source_destroy(source);
	g_source_unref(source);
}

/* "Authorization" is among them. */
static void headers_free(struct curl_slist *headers)
{
	for (struct curl_slist *h = headers; h; h = h->next)
		OPENSSL_cleanse(h->data, strlen(h->data));
	curl_slist_free_all(headers);
}

/* The handle is out of the loop. */
static void transfer_free(gpointer data)
{
	struct transfer *t = data;
	curl_easy_cleanup(t->easy);
	headers_free(t->headers);
	http_body_wipe(&t->body);
	g_clear_pointer(&t->sent, g_bytes_unref);
	g_clear_signal_handler(&t->cancelled, t->cancellable);
	g_clear_pointer(&t->refused, source_free);
	g_clear_object(&t->cancellable);
	g_clear_error(&t->error);
	OPENSSL_cleanse(t, sizeof(*t));
	g_free(t);
}

/* NULL: the answer is whole. libcurl passes an answer whose head was cut. */
static GError *find_error(struct transfer *t, CURLcode code)
{
	if (t->over)
		return g_error_new_literal(
			NET_ERROR, NET_ERROR_LIMIT, "the answer is longer than we take");
	if (t->error)
		return g_steal_pointer(&t->error);
	if (code == CURLE_OK && !t->head_ended)
		return http_fault(CURLE_PARTIAL_FILE, t->verify, t->text);
	if (code == CURLE_OK && !http_answer_ends(t->easy))
		return g_error_new_literal(
			NET_ERROR, NET_ERROR_PROTOCOL, "an answer that does not say where it ends");
	return code == CURLE_OK ? NULL : http_fault(code, t->verify, t->text);
}

/* Call back, or not: the caller took the transfer off the set. */
static void transfer_end(struct transfer *t, CURLcode code)
{
	struct http_answer answer = {.retry_after_s = -1, .units_left = -1};
	http_done done = t->done;
	gpointer data = t->data;
	gboolean wanted = !g_cancellable_is_cancelled(t->cancellable);
	answer.error = find_error(t, code);
	if (!answer.error) {
		http_answer_fill(&answer, t->easy, g_get_real_time() / G_USEC_PER_SEC);
		answer.body = http_body_steal(&t->body);
	} else if (t->easy) {
		answer.sent = http_answer_sent(t->easy);
	}
	transfer_free(t);
	if (wanted)
		done(&answer, data);
	http_answer_clear(&answer);
}

static void on_ended(CURL *easy, CURLcode code, gpointer data)
{
	struct http *http = data;
	char *transfer = NULL;
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
	g_hash_table_steal(http->transfers, transfer);
	transfer_end((struct transfer *)(void *)transfer, code);
}

static gboolean on_refused(gpointer data)
{
	struct transfer *t = data;
	g_hash_table_steal(t->http->transfers, t);
	transfer_end(t, CURLE_FAILED_INIT);
	return G_SOURCE_REMOVE;
}

static void transfer_drop(gpointer data)
{
	struct transfer *t = data;
	if (t->easy)
		http_loop_remove(t->http->loop, t->easy);
	transfer_free(t);
}

static void on_cancelled(GCancellable *cancellable, gpointer data)
{
	struct transfer *t = data;
	g_hash_table_remove(t->http->transfers, t);
}

static size_t on_body(char *bytes, size_t one, size_t n, void *data)
{
	struct transfer *t = data;
	t->over = t->over || !http_body_add(&t->body, bytes, one * n);
	return t->over ? 0 : one * n;
}

/* All headers of all interim answers and trailers together. */
static size_t on_header(char *bytes, size_t one, size_t n, void *data)
{
	struct transfer *t = data;
	t->header_bytes += one * n;
	if (n > 0 && (*bytes == '\r' || *bytes == '\n'))
		t->head_ended = TRUE;
	else if (n >= 5 && memcmp(bytes, "HTTP/", 5) == 0) /* after an interim answer */
		t->head_ended = FALSE;
	t->over = t->over || t->header_bytes > HTTP_HEADERS_MAX;
	return t->over ? 0 : one * n;
}

/* Within the handshake, which the transfer that began it outlives. */
static int on_chain(X509_STORE_CTX *chain, void *data)
{
	struct transfer *t = data;
	int ok = X509_verify_cert(chain);
	t->verify = X509_STORE_CTX_get_error(chain);
	return ok;
}

/* The URL's host as a certificate has it: without brackets. */
static char *find_host(CURL *easy)
{
	g_autofree char *host = NULL;
	char *part = NULL;
	const char *url = NULL;
	CURLU *parsed = curl_url();
	curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
	if (curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
		curl_url_get(parsed, CURLUPART_HOST, &part, 0) == CURLUE_OK)
		host = g_strdup(*part == '[' ? part + 1 : part);
	if (host && *part == '[')
		g_strdelimit(host, "]", '\0');
	curl_free(part);
	curl_url_cleanup(parsed);
	return g_steal_pointer(&host);
}

static CURLcode on_context(CURL *easy, void *context, void *data)
{
	struct transfer *t = data;
	const struct http *http = t->http;
	struct tls_rules rules = {.ca_file = http->ca_file,
		.crl_file = http->crl_file,
		.cert_file = http->cert_file,
		.key = http->key};
	g_autofree char *host = find_host(easy);
	g_clear_error(&t->error);
	if (!host || !tls_context_rule(context, &rules, &t->error) ||
		!tls_context_expect(context, host))
		return CURLE_SSL_CERTPROBLEM;
	SSL_CTX_set_cert_verify_callback(context, on_chain, t);
	return CURLE_OK;
}

static gboolean is_header(const char *line)
{
	return strchr(line, ':') && !strpbrk(line, "\r\n");
}

/* libcurl looks at the rest. */
static gboolean is_https(const char *url)
{
	return g_ascii_strncasecmp(url, "https://", strlen("https://")) == 0;
}

static gboolean set_headers(struct transfer *t, const char *const *headers)
{
	/* No pause before a large body: Graph does not answer 100. */
	t->headers = curl_slist_append(NULL, "Expect:");
	for (; headers && *headers; headers++) {
		if (!is_header(*headers))
			return FALSE;
		t->headers = curl_slist_append(t->headers, *headers);
	}
	return curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK;
}

/* The body is borrowed by libcurl: `sent` keeps it. */
static void set_method(struct transfer *t, const struct http_request *request)
{
	gsize len = 0;
	gboolean post = g_str_equal(request->method, "POST");
	if (request->body)
		t->sent = g_bytes_ref(request->body);
	if (t->sent || post) {
		const void *bytes = t->sent ? g_bytes_get_data(t->sent, &len) : NULL;
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, len > 0 ? bytes : "");
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	}
	if (g_str_equal(request->method, "HEAD"))
		curl_easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
	else if (!post && !g_str_equal(request->method, "GET"))
		curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_callbacks(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->text);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
	curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_DATA, t);
}

static void set_manners(CURL *easy, const struct http *http)
{
	curl_easy_setopt(easy, CURLOPT_USERAGENT, http->user_agent);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)HTTP_BODY_MAX);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* A thread that waits for a name server is left behind, not waited for. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	/* on_context() brings the anchors; a resumed session would skip the check. */
	curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
}

/* FALSE: not a request that can be sent. */
static gboolean transfer_set(struct transfer *t, const struct http_request *request)
{
	guint timeout_ms = request->timeout_ms ? request->timeout_ms : TIMEOUT_MS;
	if (!t->easy || !is_https(request->url) || !set_headers(t, request->headers))
		return FALSE;
	set_callbacks(t);
	set_manners(t->easy, t->http);
	set_method(t, request);
	curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, (long)(request->fresh != FALSE));
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN(timeout_ms, CONNECT_MS));
	return curl_easy_setopt(t->easy, CURLOPT_URL, request->url) == CURLE_OK;
}

/* Say so later: never before http_send() returned. */
static void refuse(struct transfer *t)
{
	g_clear_pointer(&t->easy, curl_easy_cleanup);
	t->error = g_error_new_literal(NET_ERROR, NET_ERROR_PROTOCOL, "not an HTTPS request");
	t->refused = g_idle_source_new();
	g_source_set_callback(t->refused, on_refused, t, NULL);
	g_source_attach(t->refused, http_loop_context(t->http->loop));
}

static void heed(struct transfer *t, GCancellable *cancellable)
{
	if (!cancellable)
		return;
	t->cancellable = g_object_ref(cancellable);
	t->cancelled = g_signal_connect(cancellable, "cancelled", G_CALLBACK(on_cancelled), t);
}

void http_send(struct http *http, const struct http_request *request, GCancellable *cancellable,
	http_done done, gpointer data)
{
	if (g_cancellable_is_cancelled(cancellable))
		return;
	struct transfer *t = g_new0(struct transfer, 1);
	*t = (struct transfer){.http = http, .easy = curl_easy_init(), .done = done, .data = data};
	g_hash_table_add(http->transfers, t);
	heed(t, cancellable);
	if (!transfer_set(t, request) || http_loop_add(http->loop, t->easy) != CURLE_OK)
		refuse(t);
}

/* What cannot be used is said now, not at the first request. */
static gboolean check_rules(const struct tls_rules *rules, GError **error)
{
	SSL_CTX *context = tls_context_new(rules, error);
	SSL_CTX_free(context);
	return context != NULL;
}

struct http *http_new(const struct tls_rules *rules, const char *user_agent, GError **error)
{
	if (!check_rules(rules, error))
		return NULL;
	struct http *http = g_new0(struct http, 1);
	http->loop = http_loop_new(on_ended, http);
	http->transfers = g_hash_table_new_full(NULL, NULL, transfer_drop, NULL);
	http->user_agent = g_strdup(user_agent);
	http->ca_file = g_strdup(rules->ca_file);
	http->crl_file = g_strdup(rules->crl_file);
	http->cert_file = g_strdup(rules->cert_file);
	http->key = g_strdup(rules->key);
	if (http->loop)
		return http;
	g_set_error_literal(error, NET_ERROR, NET_ERROR_CREDENTIAL, "libcurl cannot be used");
	return http_free(http);
}

struct http *http_free(struct http *http)
{
	if (!http)
		return NULL;
	g_hash_table_unref(http->transfers);
	http_loop_free(http->loop);
	g_free(http->user_agent);
	g_free(http->ca_file);
	g_free(http->crl_file);
	g_free(http->cert_file);
	g_free(http->key);
	g_free(http);
	return NULL;
}
