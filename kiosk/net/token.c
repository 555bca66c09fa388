/* SPDX-License-Identifier: MIT
 *
 * token.c - see token.h.
 */
#include "kiosk/net/token.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/pem.h>

#include "kiosk/net/assertion.h"
#include "kiosk/net/token_answer.h"

#define PAUSE_MAX_S    600 /* however long a server asks us to wait */
#define SKEW_MIN_S     2   /* a clock nearer than this is not worth a second asking */
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

struct token {
	struct http *http; /* borrowed */
	char *url, *client_id, *scope;
	X509 *certificate;
	EVP_PKEY *key;

	GBytes *text; /* the token in force; NULL: none. Wiped with its last reference */
	gint64 renew_at, over_at; /* monotonic, us */
	char **roles;

	GList *waiters;
	GCancellable *asking; /* NULL: nothing is asked */
	guint timeout_ms;     /* of this asking */
	gboolean corrected;   /* this asking is the second, by the server's clock */
	gboolean fresh;       /* ask on a new connection */
	gint64 pause_until;   /* monotonic, us: the server asked us to wait */
	gint skew_s, skew_used_s;
};

/* One that asked and was not told yet. */
struct waiter {
	struct token *token;
	GBytes *text; /* its answer: one of these two, once there is one */
	GError *error;
	GCancellable *cancellable;
	token_done done;
	gpointer data;
	guint source; /* its deadline; then its turn */
};

static void wipe_text(gpointer data)
{
	OPENSSL_cleanse(data, strlen(data));
	g_free(data);
}

static void waiter_free(struct waiter *w)
{
	w->token->waiters = g_list_remove(w->token->waiters, w);
	g_clear_handle_id(&w->source, g_source_remove);
	g_clear_pointer(&w->text, g_bytes_unref);
	g_clear_error(&w->error);
	g_clear_object(&w->cancellable);
	g_free(w);
}

/* `done` may free the token; nothing of it is looked at after it. */
static gboolean on_turn(gpointer user_data)
{
	struct waiter *w = user_data;
	g_autoptr(GBytes) text = g_steal_pointer(&w->text);
	g_autoptr(GError) error = g_steal_pointer(&w->error);
	const token_done done = w->done;
	const gpointer data = w->data;
	const gboolean wanted = !g_cancellable_is_cancelled(w->cancellable);
	w->source = 0;
	waiter_free(w);
	if (wanted)
		done(text ? g_bytes_get_data(text, NULL) : NULL, error, data);
	return G_SOURCE_REMOVE;
}

static gboolean on_late(gpointer data)
{
	struct waiter *w = data;
	w->error = g_error_new_literal(
		NET_ERROR, NET_ERROR_LATE, "the token server did not answer in time");
	return on_turn(w);
}

/* It is told from the main loop. */
static void answer_waiter(struct waiter *w, GBytes *text, const GError *error)
{
	if (w->text || w->error)
		return;
	w->text = text ? g_bytes_ref(text) : NULL;
	w->error = text ? NULL : g_error_copy(error);
	g_clear_handle_id(&w->source, g_source_remove);
	w->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, w, NULL);
}

static void answer_all(struct token *t, const GError *error)
{
	for (GList *i = t->waiters; i; i = i->next)
		answer_waiter(i->data, error ? NULL : t->text, error);
}

static void drop_text(struct token *t)
{
	g_clear_pointer(&t->text, g_bytes_unref);
	g_clear_pointer(&t->roles, g_strfreev);
}

static void take_text(struct token *t, struct token_answer *answer)
{
	gint64 now = g_get_monotonic_time();
	drop_text(t);
	t->renew_at = now + answer->life_s * G_USEC_PER_SEC / 10 * 8;
	t->over_at = now + answer->life_s * G_USEC_PER_SEC;
	t->roles = token_answer_roles(answer->text);
	char *text = g_steal_pointer(&answer->text);
	t->text = g_bytes_new_with_free_func(text, strlen(text) + 1, wipe_text, text);
}

static gboolean ask(struct token *t, GError **error);

static GError *clock_error(const struct token *t, const char *why)
{
	if (t->skew_s == 0)
		return g_error_new(NET_ERROR, NET_ERROR_CLOCK,
			"this desk's clock and the token server's differ (%s)", why);
	return g_error_new(NET_ERROR, NET_ERROR_CLOCK,
		"this desk's clock is %d s %s the token server's (%s)", ABS(t->skew_s),
		t->skew_s > 0 ? "ahead of" : "behind", why);
}

static void hold_off(struct token *t, gint retry_after_s)
{
	if (retry_after_s > 0)
		t->pause_until = g_get_monotonic_time() +
				 (gint64)MIN(retry_after_s, PAUSE_MAX_S) * G_USEC_PER_SEC;
}

/* Any status but 200. NULL: it is asked again, by the server's clock. */
static GError *denial(struct token *t, const struct http_answer *answer)
{
	char why[TOKEN_WHY_SIZE];
	gsize len = 0;
	const void *body = g_bytes_get_data(answer->body, &len);
	enum token_denial denial = token_answer_denial(body, len, why);
	if (answer->status == 429 || answer->status >= 500) {
		hold_off(t, answer->retry_after_s);
		t->fresh = answer->status == 503;
		return g_error_new(NET_ERROR, NET_ERROR_UNREACHABLE,
			"the token server is busy: status %ld", answer->status);
	}
	switch (denial) {
	case TOKEN_CLOCK:
		if (!t->corrected && ABS(t->skew_s - t->skew_used_s) >= SKEW_MIN_S) {
			GError *error = NULL;
			t->corrected = TRUE;
			ask(t, &error);
			return error;
		}
		return clock_error(t, why);
	case TOKEN_TRANSIENT:
		return g_error_new(NET_ERROR, NET_ERROR_UNREACHABLE,
			"the token server cannot answer now: %s", why);
	case TOKEN_DENIED:
		break;
	}
	return g_error_new(NET_ERROR, NET_ERROR_REFUSED, "the token server refused: status %ld, %s",
		answer->status, why);
}

static GError *take_answer(struct token *t, const struct http_answer *answer)
{
	struct token_answer read = {0};
	const char *why = NULL;
	gsize len = 0;
	if (answer->error)
		return g_error_copy(answer->error);
	if (answer->date != 0)
		t->skew_s = answer->skew_s;
	if (answer->status != 200)
		return denial(t, answer);
	const void *body = g_bytes_get_data(answer->body, &len);
	if (!token_answer_read(body, len, &read, &why))
		return g_error_new(NET_ERROR, NET_ERROR_PROTOCOL,
			"the token server's answer cannot be read: %s", why);
	take_text(t, &read);
	return NULL;
}

static void on_answer(const struct http_answer *answer, gpointer data)
{
	struct token *t = data;
	g_clear_object(&t->asking);
	g_autoptr(GError) error = take_answer(t, answer);
	if (error || !t->asking)
		answer_all(t, error);
}

static char *make_body(const struct token *t, const char *assertion)
{
	g_autofree char *client = g_uri_escape_string(t->client_id, NULL, FALSE);
	g_autofree char *scope = g_uri_escape_string(t->scope, NULL, FALSE);
	g_autofree char *type = g_uri_escape_string(ASSERTION_TYPE, NULL, FALSE);
	return g_strdup_printf("grant_type=client_credentials&client_id=%s&scope=%s"
			       "&client_assertion_type=%s&client_assertion=%s",
		client, scope, type, assertion);
}

static void post(struct token *t, const char *body)
{
	static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
		"Accept: application/json", NULL};
	g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
	const struct http_request request = {
		.method = "POST",
		.url = t->url,
		.headers = headers,
		.body = bytes,
		.timeout_ms = t->timeout_ms,
		.fresh = t->fresh,
	};
	t->asking = g_cancellable_new();
	t->fresh = FALSE;
	http_send(t->http, &request, t->asking, on_answer, t);
}

static gboolean ask(struct token *t, GError **error)
{
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	g_autofree char *jti = g_uuid_string_random();
	const struct assertion what = {
		.client_id = t->client_id,
		.audience = t->url,
		.now = now - t->skew_s,
		.jti = jti,
	};
	g_autofree char *assertion = assertion_sign(&what, t->certificate, t->key, error);
	if (!assertion)
		return FALSE;
	g_autofree char *body = make_body(t, assertion);
	t->skew_used_s = t->skew_s;
	post(t, body);
	return TRUE;
}

static gboolean begin(struct token *t, guint timeout_ms, GError **error)
{
	if (t->asking)
		return TRUE;
	gint64 left = t->pause_until - g_get_monotonic_time();
	if (left > 0) {
		g_set_error(error, NET_ERROR, NET_ERROR_UNREACHABLE,
			"the token server asked to wait another %d s",
			(int)(left / G_USEC_PER_SEC) + 1);
		return FALSE;
	}
	t->corrected = FALSE;
	t->timeout_ms = timeout_ms;
	return ask(t, error);
}

static struct waiter *add_waiter(struct token *t, guint timeout_ms, GCancellable *cancellable,
	token_done done, gpointer data)
{
	struct waiter *w = g_new0(struct waiter, 1);
	w->token = t;
	w->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
	w->done = done;
	w->data = data;
	w->source = g_timeout_add(timeout_ms, on_late, w);
	t->waiters = g_list_append(t->waiters, w);
	return w;
}

void token_get(struct token *t, guint timeout_ms, GCancellable *cancellable, token_done done,
	gpointer data)
{
	struct waiter *w = add_waiter(t, timeout_ms, cancellable, done, data);
	g_autoptr(GError) error = NULL;
	gint64 now = g_get_monotonic_time();
	if (t->text && now >= t->over_at)
		drop_text(t);
	/* Old but good: it is used while the next one is on its way. */
	gboolean asked = (t->text && now < t->renew_at) || begin(t, timeout_ms, &error);
	if (t->text || !asked)
		answer_waiter(w, t->text, error);
}

const char *token_at_hand(const struct token *t)
{
	gboolean young = t->text && g_get_monotonic_time() < t->renew_at;
	return young ? g_bytes_get_data(t->text, NULL) : NULL;
}

void token_refused(struct token *t)
{
	drop_text(t);
}

char **token_roles(const struct token *t)
{
	return g_strdupv(t->roles);
}

gint token_skew_s(const struct token *t)
{
	return t->skew_s;
}

static X509 *load_certificate(const char *path, GError **error)
{
	g_autofree char *pem = NULL;
	gsize len = 0;
	g_autoptr(GError) cause = NULL;
	X509 *certificate = NULL;
	if (!g_file_get_contents(path, &pem, &len, &cause)) {
		g_set_error(error, NET_ERROR, NET_ERROR_CREDENTIAL, "%s", cause->message);
		return NULL;
	}
	BIO *bio = BIO_new_mem_buf(pem, (int)MIN(len, G_MAXINT));
	if (bio)
		certificate = PEM_read_bio_X509(bio, NULL, tls_no_passphrase, NULL);
	BIO_free(bio);
	if (!certificate)
		g_set_error(error, NET_ERROR, NET_ERROR_CREDENTIAL,
			"%s: no certificate in PEM form", path);
	return certificate;
}

/* A key that does not fit is found at the start, not at the first holder. */
static gboolean try_key(const struct token *t, GError **error)
{
	const struct assertion what = {t->client_id, t->url, 0, "00000000"};
	g_autofree char *assertion = assertion_sign(&what, t->certificate, t->key, error);
	return assertion != NULL;
}

struct token *token_new(struct http *http, const struct token_settings *settings, GError **error)
{
	AUTO(token) t = g_new0(struct token, 1);
	t->http = http;
	t->url = g_strdup(settings->url);
	t->client_id = g_strdup(settings->client_id);
	t->scope = g_strdup(settings->scope);
	t->certificate = load_certificate(settings->cert_file, error);
	t->key = t->certificate ? tls_key_load(settings->key, error) : NULL;
	if (!t->key || !try_key(t, error))
		return NULL;
	return g_steal_pointer(&t);
}

struct token *token_free(struct token *t)
{
	if (!t)
		return NULL;
	if (t->asking)
		g_cancellable_cancel(t->asking);
	g_clear_object(&t->asking);
	while (t->waiters)
		waiter_free(t->waiters->data);
	drop_text(t);
	EVP_PKEY_free(t->key);
	X509_free(t->certificate);
	g_free(t->scope);
	g_free(t->client_id);
	g_free(t->url);
	g_free(t);
	return NULL;
}
