/* SPDX-License-Identifier: MIT
 *
 * graph.c - see graph.h.
 */
#include "kiosk/directory/graph.h"

#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

#include "kiosk/directory/graph_judge.h"
#include "kiosk/directory/graph_query.h"

#define TIMEOUT_MS    2000                  /* where none is configured */
#define FAULT_US      (30 * G_USEC_PER_SEC) /* how long one failure is told of */
#define WARM_AFTER_US (60 * G_USEC_PER_SEC) /* between askings for a token nobody waits for */
#define WARM_MS       5000

G_DEFINE_QUARK(madoguchi - graph - error, graph_error)

struct graph {
	struct directory dir;
	const struct graph_settings *settings; /* the configuration's */
	struct http *http;
	struct token *token;
	GList *looks;
	GCancellable *life; /* fires when this ends */
	GError *fault;      /* what went wrong last; NULL: nothing */
	gint64 fault_at, warmed_at;
	gint64 busy_until; /* monotonic, us */
	gboolean fresh;    /* the next asking goes on a new connection */
};

/* One look-up under way. */
struct look {
	struct graph *graph;
	struct graph_query query;
	enum graph_query_kind kind;
	guint64 visit;
	GCancellable *cancellable; /* the asker's; may be NULL */
	guint cancelled;           /* source id: it fired */
	guint turn;                /* source id: there is nothing to ask */
	GCancellable *asking;
	gint64 deadline; /* monotonic, us */
	gboolean again;  /* this is the second time, with a new token */
	gboolean linked; /* the person is known; other accounts are asked for */
	struct directory_result result;
	directory_done done;
	gpointer data;
};

static void look_free(struct look *look)
{
	look->graph->looks = g_list_remove(look->graph->looks, look);
	g_cancellable_cancel(look->asking);
	g_clear_object(&look->asking);
	g_clear_handle_id(&look->turn, g_source_remove);
	g_clear_handle_id(&look->cancelled, g_source_remove);
	g_clear_object(&look->cancellable);
	graph_query_clear(&look->query);
	person_wipe(&look->result.person);
	g_free(look);
}

static void set_fault(struct graph *g, GError *fault)
{
	g_clear_error(&g->fault);
	g->fault = fault;
	g->fault_at = g_get_monotonic_time();
}

/* `done` may free the source; nothing of it is looked at after it. */
static void tell(struct look *look, struct directory_result *result)
{
	const directory_done done = look->done;
	const gpointer data = look->data;
	const guint64 visit = look->visit;
	const gboolean wanted = !g_cancellable_is_cancelled(look->cancellable);
	result->source = look->graph->dir.ops->name;
	look_free(look);
	if (wanted)
		done(result, visit, data);
	person_wipe(&result->person);
}

static void tell_answer(struct look *look, enum directory_answer answer)
{
	struct directory_result result = {.answer = answer};
	tell(look, &result);
}

static void tell_fault(struct look *look, GError *fault)
{
	set_fault(look->graph, fault);
	tell_answer(look, DIRECTORY_DOWN);
}

/* A role is a name of Microsoft's; what is none is not repeated. */
static GError *power_error(const char *role)
{
	for (const char *c = role; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr(".-_", *c))
			role = "(one with a strange name)";
	return g_error_new(GRAPH_ERROR, GRAPH_ERROR_POWER,
		"the application may do more than look up: take the permission %s from it", role);
}

/* NULL: the token in force may look up and no more. */
static GError *check_power(const struct graph *g)
{
	g_auto(GStrv) roles = token_roles(g->token);
	if (!roles)
		return g_error_new_literal(GRAPH_ERROR, GRAPH_ERROR_POWER,
			"what the application may do cannot be read from its token");
	const char *excess = graph_excess_role((const char *const *)roles);
	return excess ? power_error(excess) : NULL;
}

static gboolean is_power(const GError *error)
{
	return g_error_matches(error, GRAPH_ERROR, GRAPH_ERROR_POWER);
}

static void on_warm(const char *token, const GError *error, gpointer data)
{
	struct graph *g = data;
	GError *fault = error ? g_error_copy(error) : check_power(g);
	/* A server that has a token for us may still not look up: that fault stays. */
	if (fault || is_power(g->fault))
		set_fault(g, fault);
}

/* Learn what the token may do before the first holder comes. */
static void warm(struct graph *g)
{
	gint64 now = g_get_monotonic_time();
	if (g->warmed_at != 0 && now - g->warmed_at < WARM_AFTER_US)
		return;
	g->warmed_at = now;
	if (is_power(g->fault))
		token_refused(g->token);
	token_get(g->token, WARM_MS, g->life, on_warm, g);
}

static guint left_ms(const struct look *look)
{
	gint64 left = (look->deadline - g_get_monotonic_time()) / 1000;
	return left > 0 ? (guint)left : 0;
}

static gint32 today(void)
{
	const time_t now = (time_t)(g_get_real_time() / G_USEC_PER_SEC);
	struct tm local = {0};
	localtime_r(&now, &local);
	return (local.tm_year + 1900) * 10000 + (local.tm_mon + 1) * 100 + local.tm_mday;
}

static void get_token(struct look *look);

static void take_note(struct graph *g, const struct http_answer *answer)
{
	gint pause = graph_judge_pause(answer);
	g->fresh = !answer->error && answer->status == 503;
	if (pause > 0)
		g->busy_until = g_get_monotonic_time() + (gint64)pause * G_USEC_PER_SEC;
}

static void begin(struct look *look);

/* The other accounts of the same human (R17) are asked for next, before the same deadline.
 * FALSE: they cannot be. */
static gboolean ask_linked(struct look *look, const char *key)
{
	const struct graph_settings *s = look->graph->settings;
	struct graph_query query;
	if (!graph_query_linked(s->base, &s->map, key, &query))
		return FALSE;
	graph_query_clear(&look->query);
	look->query = query;
	look->linked = TRUE;
	look->again = FALSE;
	begin(look);
	return TRUE;
}

static void judge(struct look *look, const struct http_answer *answer)
{
	struct graph *g = look->graph;
	const struct graph_question question = {
		&g->settings->map, &look->query, look->kind, today()};
	char *key = NULL;
	GError *fault = NULL;
	look->result.answer =
		look->linked ? graph_judge_linked(&question, answer, &look->result.person, &fault)
			     : graph_judge(&question, answer, &look->result.person, &key, &fault);
	set_fault(g, fault);
	if (!key || !ask_linked(look, key)) {
		struct directory_result result = look->result;
		tell(look, &result);
	}
	if (key)
		OPENSSL_cleanse(key, strlen(key));
	g_free(key);
}

static void on_answer(const struct http_answer *answer, gpointer data)
{
	struct look *look = data;
	struct graph *g = look->graph;
	take_note(g, answer);
	if (!answer->error && answer->status == 401) {
		token_refused(g->token);
		if (!look->again) {
			look->again = TRUE;
			get_token(look);
			return;
		}
	}
	judge(look, answer);
}

static void send_query(struct look *look, const char *token)
{
	struct graph *g = look->graph;
	g_autofree char *guid = g_uuid_string_random();
	g_autofree char *id = g_strconcat("client-request-id: ", guid, NULL);
	char *authorization = g_strconcat("Authorization: Bearer ", token, NULL);
	const char *headers[] = {authorization, id, "Accept: application/json", NULL};
	const struct http_request request = {
		.method = "GET",
		.url = look->query.url,
		.headers = headers,
		.timeout_ms = MAX(left_ms(look), 1),
		.fresh = g->fresh,
	};
	http_send(g->http, &request, look->asking, on_answer, look);
	OPENSSL_cleanse(authorization, strlen(authorization));
	g_free(authorization);
}

static void on_token(const char *token, const GError *error, gpointer data)
{
	struct look *look = data;
	GError *fault = error ? g_error_copy(error) : check_power(look->graph);
	if (!fault && left_ms(look) == 0)
		fault = g_error_new_literal(
			NET_ERROR, NET_ERROR_LATE, "the token came too late to look up");
	if (fault)
		tell_fault(look, fault);
	else
		send_query(look, token);
}

static void get_token(struct look *look)
{
	token_get(look->graph->token, MAX(left_ms(look), 1), look->asking, on_token, look);
}

/* Most look-ups find a token and need no turn of the main loop for it. */
static void begin(struct look *look)
{
	const struct graph *g = look->graph;
	const char *token = token_at_hand(g->token);
	g_autoptr(GError) fault = token ? check_power(g) : NULL;
	if (token && !fault)
		send_query(look, token);
	else
		get_token(look);
}

static gboolean is_busy(const struct graph *g, GError **error)
{
	gint64 left = g->busy_until - g_get_monotonic_time();
	if (left <= 0)
		return FALSE;
	g_set_error(error, GRAPH_ERROR, GRAPH_ERROR_BUSY,
		"the directory asked not to be asked for another %d s",
		(int)(left / G_USEC_PER_SEC) + 1);
	return TRUE;
}

static gboolean on_turn(gpointer data)
{
	struct look *look = data;
	look->turn = 0;
	switch (look->kind) {
	case GRAPH_QUERY_ABSURD:
		tell_answer(look, DIRECTORY_NONE);
		break;
	case GRAPH_QUERY_UNMAPPED:
		tell_answer(look, DIRECTORY_UNMAPPED);
		break;
	case GRAPH_QUERY_LIST:
	case GRAPH_QUERY_USER:
		tell_answer(look, DIRECTORY_DOWN);
		break;
	}
	return G_SOURCE_REMOVE;
}

static gboolean on_cancelled(GCancellable *cancellable, gpointer data)
{
	struct look *look = data;
	look->cancelled = 0;
	look_free(look);
	return G_SOURCE_REMOVE;
}

/* A holder who left leaves nothing behind, whether or not the server ever answers. */
static void watch(struct look *look, GCancellable *cancellable)
{
	g_autoptr(GSource) source = g_cancellable_source_new(cancellable);
	g_source_set_callback(source, G_SOURCE_FUNC(on_cancelled), look, NULL);
	look->cancellable = g_object_ref(cancellable);
	look->cancelled = g_source_attach(source, NULL);
}

static void graph_lookup(struct directory *dir, const char *kind, const char *value, guint64 visit,
	GCancellable *cancellable, directory_done done, gpointer data)
{
	struct graph *g = (struct graph *)dir;
	const struct graph_settings *s = g->settings;
	if (g_cancellable_is_cancelled(cancellable))
		return;
	struct look *look = g_new0(struct look, 1);
	look->graph = g;
	look->visit = visit;
	look->done = done;
	look->data = data;
	look->asking = g_cancellable_new();
	look->deadline = g_get_monotonic_time() +
			 (gint64)(s->timeout_ms > 0 ? s->timeout_ms : TIMEOUT_MS) * 1000;
	look->kind = graph_query_make(s->base, &s->map, s->upn_suffix, kind, value, &look->query);
	if (cancellable)
		watch(look, cancellable);
	g->looks = g_list_prepend(g->looks, look);
	if (!look->query.url || is_busy(g, NULL))
		look->turn = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, look, NULL);
	else
		begin(look);
}

/* One failure is told of for a while; too much power until a token without it came. */
static gboolean graph_ready(struct directory *dir, GError **error)
{
	struct graph *g = (struct graph *)dir;
	if (is_busy(g, error))
		return FALSE;
	if (g->fault && !is_power(g->fault) && g_get_monotonic_time() - g->fault_at > FAULT_US)
		g_clear_error(&g->fault);
	if (!g->fault)
		return TRUE;
	if (is_power(g->fault))
		warm(g);
	g_propagate_error(error, g_error_copy(g->fault));
	return FALSE;
}

static struct directory *graph_free(struct directory *dir)
{
	struct graph *g = (struct graph *)dir;
	g_cancellable_cancel(g->life);
	while (g->looks)
		look_free(g->looks->data);
	token_free(g->token);
	http_free(g->http);
	g_clear_object(&g->life);
	g_clear_error(&g->fault);
	g_free(g);
	return NULL;
}

struct directory *graph_open(const struct graph_settings *settings, GError **error)
{
	static const struct directory_ops ops = {"graph", graph_lookup, graph_ready, graph_free};
	const struct tls_rules rules = {.ca_file = settings->ca_file};
	const struct token_settings login = {settings->token_url, settings->client_id,
		settings->scope, settings->cert_file, settings->key};
	struct graph *g = g_new0(struct graph, 1);
	g->dir.ops = &ops;
	g->settings = settings;
	g->life = g_cancellable_new();
	g->http = http_new(&rules, "madoguchi/" MADOGUCHI_VERSION, error);
	g->token = g->http ? token_new(g->http, &login, error) : NULL;
	if (!g->token)
		return directory_free(&g->dir);
	warm(g);
	return &g->dir;
}
