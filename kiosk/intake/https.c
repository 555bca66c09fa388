/* SPDX-License-Identifier: MIT
 *
 * https.c - see https.h. What answers mean: https_answer.c.
 */
#include "kiosk/intake/https.h"

#include <string.h>

#include "kiosk/intake/https_answer.h"

struct https {
	struct intake intake;
	const struct https_settings *settings;
	struct http *http;
	GHashTable *calls; /* struct https_call that were not answered yet */
};

struct https_call {
	struct https *https;
	enum https_question question;
	char *key; /* NULL: of none */
	GCancellable *cancellable;
	gulong cancelled; /* handler */
	intake_done done;
	gpointer data;
};

static struct https *of(struct intake *intake)
{
	return (struct https *)intake;
}

static void call_free(gpointer data)
{
	struct https_call *call = data;
	g_clear_signal_handler(&call->cancelled, call->cancellable);
	g_clear_object(&call->cancellable);
	g_free(call->key);
	g_free(call);
}

static void on_cancelled(GCancellable *cancellable, gpointer data)
{
	struct https_call *call = data;
	g_hash_table_remove(call->https->calls, call);
}

static void on_answer(const struct http_answer *answer, gpointer data)
{
	struct https_call *call = data;
	struct https *https = call->https;
	struct intake_result result;
	g_autoptr(GError) error = NULL;
	intake_done done = call->done;
	gpointer asker = call->data;
	https_answer_judge(call->question, call->key, answer, &result, &error);
	result.error = error;
	g_hash_table_remove(https->calls, call);
	done(&https->intake, &result, asker);
}

/* Everything about a question but its address. */
struct https_asked {
	enum https_question question;
	const char *method, *key;
	GBytes *body;
	gboolean fresh;
};

static struct https_call *call_new(struct https *https, const struct https_asked *asked,
	GCancellable *cancellable, intake_done done, gpointer data)
{
	struct https_call *call = g_new0(struct https_call, 1);
	call->https = https;
	call->question = asked->question;
	call->key = g_strdup(asked->key);
	call->done = done;
	call->data = data;
	if (cancellable) {
		call->cancellable = g_object_ref(cancellable);
		call->cancelled =
			g_signal_connect(cancellable, "cancelled", G_CALLBACK(on_cancelled), call);
	}
	g_hash_table_add(https->calls, call);
	return call;
}

static void ask(struct https *https, const struct https_asked *asked, const char *path,
	GCancellable *cancellable, intake_done done, gpointer data)
{
	g_autofree char *url = g_strconcat(https->settings->base, path, NULL);
	g_autofree char *idempotency =
		asked->body ? g_strdup_printf("Idempotency-Key: \"%s\"", asked->key) : NULL;
	const char *headers[] = {"Accept: application/json, application/problem+json",
		asked->body ? "Content-Type: application/json" : "Content-Type:", idempotency,
		NULL};
	const struct http_request request = {
		.method = asked->method,
		.url = url,
		.headers = headers,
		.body = asked->body,
		.timeout_ms = (guint)https->settings->timeout_ms,
		.fresh = asked->fresh,
	};
	if (!g_cancellable_is_cancelled(cancellable))
		http_send(https->http, &request, cancellable, on_answer,
			call_new(https, asked, cancellable, done, data));
}

static void https_check(
	struct intake *intake, GCancellable *cancellable, intake_done done, gpointer data)
{
	const struct https_asked asked = {.question = HTTPS_CHECK, .method = "GET"};
	ask(of(intake), &asked, "/service", cancellable, done, data);
}

static void https_submit(struct intake *intake, const struct intake_item *item,
	GCancellable *cancellable, intake_done done, gpointer data)
{
	g_autofree char *path = g_strconcat("/requests/", item->key, NULL);
	const struct https_asked asked = {
		HTTPS_SUBMIT, "PUT", item->key, item->envelope, item->fresh};
	ask(of(intake), &asked, path, cancellable, done, data);
}

static void https_look_up(struct intake *intake, const char *key, const char *id,
	GCancellable *cancellable, intake_done done, gpointer data)
{
	g_autofree char *path = g_strconcat("/requests/", key, NULL);
	const struct https_asked asked = {.question = HTTPS_LOOK_UP, .method = "GET", .key = key};
	ask(of(intake), &asked, path, cancellable, done, data);
}

static void https_live_of(struct intake *intake, const char *holder, GCancellable *cancellable,
	intake_done done, gpointer data)
{
	g_autofree char *path = g_strconcat("/requests?holder=", holder, NULL);
	const struct https_asked asked = {.question = HTTPS_LIVE_OF, .method = "GET"};
	ask(of(intake), &asked, path, cancellable, done, data);
}

static void https_cancel(struct intake *intake, const char *key, const char *id,
	GCancellable *cancellable, intake_done done, gpointer data)
{
	g_autofree char *path = g_strconcat("/requests/", key, "/cancel", NULL);
	const struct https_asked asked = {.question = HTTPS_CANCEL, .method = "POST", .key = key};
	ask(of(intake), &asked, path, cancellable, done, data);
}

static struct intake *https_free(struct intake *intake)
{
	struct https *https = of(intake);
	http_free(https->http);
	g_hash_table_unref(https->calls);
	g_free(https);
	return NULL;
}

static const struct intake_ops https_ops = {
	.name = "https",
	.submit_units = 1,
	.look_up_units = 1,
	.check = https_check,
	.submit = https_submit,
	.look_up = https_look_up,
	.live_of = https_live_of,
	.cancel = https_cancel,
	.free = https_free,
};

struct intake *https_open(const struct https_settings *settings, GError **error)
{
	const struct tls_rules rules = {
		.ca_file = settings->ca_file,
		.cert_file = settings->cert_file,
		.key = settings->key,
	};
	struct http *http = http_new(&rules, "madoguchi/" MADOGUCHI_VERSION, error);
	if (!http)
		return NULL;
	struct https *https = g_new0(struct https, 1);
	https->intake.ops = &https_ops;
	https->settings = settings;
	https->http = http;
	https->calls = g_hash_table_new_full(NULL, NULL, call_free, NULL);
	return &https->intake;
}
