/* SPDX-License-Identifier: MIT */
#include "kiosk/net/http_answer.h"

#include <openssl/crypto.h>
#include <openssl/x509_vfy.h>

#define BODY_FIRST 4096

struct block {
	guint8 *bytes;
	gsize size;
};

static void block_free(gpointer data)
{
	struct block *block = data;
	OPENSSL_cleanse(block->bytes, block->size);
	g_free(block->bytes);
	g_free(block);
}

static void body_grow(struct http_body *body, gsize size)
{
	guint8 *bytes = g_malloc(size);
	if (body->len > 0)
		memcpy(bytes, body->bytes, body->len);
	OPENSSL_cleanse(body->bytes, body->size);
	g_free(body->bytes);
	body->bytes = bytes;
	body->size = size;
}

gboolean http_body_add(struct http_body *body, const void *bytes, gsize len)
{
	if (len > HTTP_BODY_MAX - body->len)
		return FALSE;
	if (len == 0)
		return TRUE;
	gsize size = MAX(body->size, BODY_FIRST);
	while (size < body->len + len)
		size *= 2;
	if (size != body->size)
		body_grow(body, size);
	memcpy(body->bytes + body->len, bytes, len);
	body->len += len;
	return TRUE;
}

GBytes *http_body_steal(struct http_body *body)
{
	struct block *block = g_new(struct block, 1);
	*block = (struct block){body->bytes, body->size};
	gsize len = body->len;
	*body = (struct http_body){0};
	return g_bytes_new_with_free_func(block->bytes, len, block_free, block);
}

void http_body_wipe(struct http_body *body)
{
	OPENSSL_cleanse(body->bytes, body->size);
	g_free(body->bytes);
	*body = (struct http_body){0};
}

/* OpenSSL's number as libcurl prints it: "error:0A000410:SSL routines…". */
static unsigned long find_openssl_error(const char *text)
{
	const char *found = strstr(text, "error:");
	return found ? (unsigned long)g_ascii_strtoull(found + strlen("error:"), NULL, 16) : 0;
}

/* A connection that ended too early: with TLS 1.3 a server says only then that it does
 * not take our certificate. */
static enum net_error cut_fault(unsigned long openssl_error)
{
	return tls_fault(X509_V_OK, openssl_error) == NET_ERROR_REFUSED ? NET_ERROR_REFUSED
									: NET_ERROR_UNREACHABLE;
}

static enum net_error fault_of(CURLcode code, long verify, unsigned long openssl_error)
{
	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_INTERFACE_FAILED:
		return NET_ERROR_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return NET_ERROR_LATE;
	case CURLE_PEER_FAILED_VERIFICATION:
		return verify == X509_V_OK ? NET_ERROR_NAME : tls_fault(verify, openssl_error);
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_ISSUER_ERROR:
		return tls_fault(verify, openssl_error);
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_SSL_ENGINE_SETFAILED:
		return NET_ERROR_CREDENTIAL;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
		return cut_fault(openssl_error);
	case CURLE_WRITE_ERROR: /* our own callbacks, where a limit was passed */
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_OUT_OF_MEMORY: /* a header line above libcurl's own limit, too */
		return NET_ERROR_LIMIT;
	}
	return NET_ERROR_PROTOCOL;
}

/* The text names no host and nothing of the answer. */
GError *http_fault(CURLcode code, long verify, const char *text)
{
	enum net_error error = fault_of(code, verify, find_openssl_error(text));
	return g_error_new_literal(NET_ERROR, (gint)error,
		verify != X509_V_OK ? X509_verify_cert_error_string(verify)
				    : curl_easy_strerror(code));
}

/* NULL: not sent. Valid until the next call. */
static const char *find_header(CURL *easy, const char *name)
{
	struct curl_header *header = NULL;
	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}

/* RFC 9112 section 6.3; HTTP/2 frames its answers. */
gboolean http_answer_ends(CURL *easy)
{
	long version = 0, status = 0;
	const char *method = NULL;
	curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_METHOD, &method);
	return version == CURL_HTTP_VERSION_2_0 || status == 204 || status == 304 ||
	       g_strcmp0(method, "HEAD") == 0 || find_header(easy, "Content-Length") ||
	       find_header(easy, "Transfer-Encoding");
}

gint http_retry_after(const char *value, gint64 unix_now)
{
	char *end = NULL;
	if (!value || !*value)
		return -1;
	if (g_ascii_isdigit(*value)) {
		guint64 seconds = g_ascii_strtoull(value, &end, 10);
		return *end ? -1 : (gint)MIN(seconds, HTTP_RETRY_AFTER_MAX_S);
	}
	gint64 date = curl_getdate(value, NULL);
	return date < 0 ? -1 : (gint)CLAMP(date - unix_now, 0, HTTP_RETRY_AFTER_MAX_S);
}

/* The server's clock where it said the time. */
static void fill_times(struct http_answer *answer, CURL *easy, gint64 unix_now)
{
	const char *text = find_header(easy, "Date");
	gint64 date = text ? curl_getdate(text, NULL) : -1;
	if (date > 0) {
		answer->date = date;
		answer->skew_s = (gint)CLAMP(unix_now - date, G_MININT, G_MAXINT);
	}
	answer->retry_after_s =
		http_retry_after(find_header(easy, "Retry-After"), date > 0 ? date : unix_now);
}

/* A count that a server says; -1: none. */
static gint small_number(const char *value)
{
	guint64 number;
	if (!value || !g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT, &number, NULL))
		return -1;
	return (gint)number;
}

/* The time is set once the request may be written, also by a try that libcurl repeated. */
gboolean http_answer_sent(CURL *easy)
{
	curl_off_t began_us = 0;
	long bytes = 0;
	curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &began_us);
	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
	return began_us > 0 || bytes > 0;
}

void http_answer_fill(struct http_answer *answer, CURL *easy, gint64 unix_now)
{
	char *type = NULL;
	long connects = 0;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
	const char *id = find_header(easy, "request-id");
	if (id)
		g_strlcpy(answer->request_id, id, sizeof(answer->request_id));
	if (type)
		g_strlcpy(answer->content_type, type, sizeof(answer->content_type));
	answer->reused = connects == 0;
	answer->sent = TRUE;
	answer->units_left = small_number(find_header(easy, "RateLimit-Remaining"));
	fill_times(answer, easy, unix_now);
}

void http_answer_clear(struct http_answer *answer)
{
	g_clear_error(&answer->error);
	g_clear_pointer(&answer->body, g_bytes_unref);
	OPENSSL_cleanse(answer, sizeof(*answer));
}
