/* SPDX-License-Identifier: MIT */
#include "tests/intake/office.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "kiosk/intake/https_answer.h"
#include "tests/check.h"
#include "tests/intake/schema.h"
#include "tests/net/pki.h"

#define PROBLEM "application/problem+json"

/* One request as staff have it. */
struct row {
	char *key, *number, *holder, *hash, *state, *reason;
	gint64 at;
	guint id;
};

struct office {
	GMutex lock;
	struct schema *schema;
	struct web *web; /* NULL: away */
	guint16 port;
	GPtrArray *rows;
	GString *undescribed;
	guint requests;
	enum office_fault fault;
	struct web_reply said; /* of OFFICE_SAY */

	char *folder, *base, *ca, *cert, *key, *other_cert, *other_key;
	struct pki_cert *authority, *server;
	struct https_settings settings, stranger;
};

static void row_free(gpointer data)
{
	struct row *row = data;
	char *const texts[] = {
		row->key, row->number, row->holder, row->hash, row->state, row->reason};
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_free(row);
}

static struct row *find(const struct office *o, const char *key)
{
	for (guint i = 0; i < o->rows->len; i++) {
		struct row *row = g_ptr_array_index(o->rows, i);
		if (g_ascii_strcasecmp(row->key, key) == 0)
			return row;
	}
	return NULL;
}

static gboolean is_live(const struct row *row)
{
	return strcmp(row->state, "waiting") == 0 || strcmp(row->state, "started") == 0;
}

static struct row *find_live(const struct office *o, const char *holder)
{
	for (guint i = 0; *holder && i < o->rows->len; i++) {
		struct row *row = g_ptr_array_index(o->rows, i);
		if (strcmp(row->holder, holder) == 0 && is_live(row))
			return row;
	}
	return NULL;
}

static char *describe(const struct row *row)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(row->at);
	g_autofree char *at = g_date_time_format_iso8601(when);
	return g_strdup_printf("{\"key\":\"%s\",\"number\":\"%s\",\"state\":\"%s\",\"at\":\"%s\","
			       "\"reason\":\"%s\",\"id\":\"%u\",\"desk\":\"unknown to desks\"}",
		row->key, row->number, row->state, at, row->reason, row->id);
}

static struct web_reply say(int status, char *body)
{
	return (struct web_reply){.status = status, .body = body};
}

static struct web_reply problem(int status, const char *type, const char *number)
{
	return (struct web_reply){
		.status = status,
		.type = g_strdup(PROBLEM),
		.body = g_strdup_printf(
			"{\"type\":\"%s\",\"status\":%d,\"number\":\"%s\"}", type, status, number),
	};
}

static const char *text(JsonObject *object, const char *name)
{
	return json_object_get_string_member_with_default(object, name, "");
}

static struct web_reply add(struct office *o, JsonObject *envelope, const char *hash)
{
	struct row *row = g_new0(struct row, 1);
	*row = (struct row){
		.key = g_strdup(text(envelope, "uuid")),
		.number = g_strdup(text(envelope, "number")),
		.holder = g_strdup(text(envelope, "holder")),
		.hash = g_strdup(hash),
		.state = g_strdup("waiting"),
		.reason = g_strdup(""),
		.at = g_get_real_time() / G_USEC_PER_SEC,
		.id = o->rows->len + 1,
	};
	g_ptr_array_add(o->rows, row);
	return say(201, describe(row));
}

static struct web_reply put(struct office *o, const char *key, const struct web_request *r)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	if (!json_parser_load_from_data(parser, r->body, (gssize)r->len, NULL) ||
		!JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
		return problem(400, "about:blank", "");
	JsonObject *envelope = json_node_get_object(json_parser_get_root(parser));
	g_autofree char *hash =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guint8 *)r->body, r->len);
	const struct row *row = find(o, key);
	if (row)
		return strcmp(row->hash, hash) == 0 ? say(200, describe(row))
						    : problem(422, "about:blank", "");
	if (g_ascii_strcasecmp(text(envelope, "uuid"), key) != 0)
		return problem(422, "about:blank", "");
	const struct row *live = find_live(o, text(envelope, "holder"));
	return live ? problem(409, HTTPS_PROBLEM("holder-has-request"), live->number)
		    : add(o, envelope, hash);
}

static struct web_reply cancel(struct row *row)
{
	if (strcmp(row->state, "waiting") == 0) {
		g_free(row->state);
		row->state = g_strdup("cancelled");
	}
	return strcmp(row->state, "cancelled") == 0 ? say(200, describe(row))
						    : problem(409, HTTPS_PROBLEM("taken-up"), "");
}

static struct web_reply list(const struct office *o, const char *target)
{
	const char *holder = strstr(target, "?holder=");
	const struct row *live = holder ? find_live(o, holder + strlen("?holder=")) : NULL;
	g_autofree char *one = live ? describe(live) : g_strdup("");
	return say(200, g_strdup_printf("{\"requests\":[%s]}", one));
}

static struct web_reply do_it(struct office *o, const struct web_request *r)
{
	g_auto(GStrv) path = g_strsplit_set(r->target, "/?", -1);
	guint n = g_strv_length(path);
	if (n >= 3 && strcmp(path[2], "service") == 0)
		return say(200, g_strdup("{\"api\":1,\"name\":\"test\"}"));
	if (strchr(r->target, '?'))
		return list(o, r->target);
	if (strcmp(r->method, "PUT") == 0)
		return put(o, path[n - 1], r);
	gboolean cancels = strcmp(path[n - 1], "cancel") == 0;
	struct row *row = find(o, path[cancels ? n - 2 : n - 1]);
	if (!row)
		return problem(404, HTTPS_PROBLEM("no-such-request"), "");
	return cancels ? cancel(row) : say(200, describe(row));
}

static void note(struct office *o, const struct web_request *r, const char *what, char *why)
{
	if (why)
		g_string_append_printf(o->undescribed, "%s %s: %s: %s\n", r->method,
			g_str_has_prefix(r->target, "/v1/") ? "/v1/…" : "elsewhere", what, why);
	g_free(why);
}

static void check_described(
	struct office *o, const struct web_request *r, const struct web_reply *reply)
{
	note(o, r, "request",
		schema_check_request(o->schema, r->method, r->target,
			web_header(r, "idempotency-key"), r->body));
	note(o, r, "answer",
		schema_check_answer(o->schema, r->method, r->target, reply->status,
			reply->type ? reply->type : "application/json", reply->body));
}

/* A fault instead of what is right; FALSE: none. */
static gboolean misbehave(struct office *o, struct web_reply *ret)
{
	enum office_fault fault = o->fault;
	if (fault == OFFICE_NO_FAULT || fault == OFFICE_LOSE_ANSWER)
		return FALSE;
	o->fault = OFFICE_NO_FAULT;
	if (fault == OFFICE_DROP)
		*ret = (struct web_reply){.trick = WEB_DROP};
	else if (fault == OFFICE_SILENT)
		*ret = (struct web_reply){.trick = WEB_SILENT};
	else if (fault == OFFICE_GARBLE)
		*ret = say(200, g_strdup("{\"key\":7,\"requests\":{}}"));
	else
		*ret = o->said;
	o->said = (struct web_reply){0};
	return TRUE;
}

static struct web_reply on_request(struct web_request *r, gpointer data)
{
	struct office *o = data;
	struct web_reply reply;
	g_mutex_lock(&o->lock);
	o->requests++;
	if (!misbehave(o, &reply)) {
		reply = do_it(o, r);
		check_described(o, r, &reply);
		if (o->fault == OFFICE_LOSE_ANSWER && strcmp(r->method, "GET") != 0)
			reply.trick = WEB_DROP;
	}
	g_mutex_unlock(&o->lock);
	web_request_free(r);
	return reply;
}

static SSL_CTX *make_tls(const struct office *o)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate(tls, o->server->x509) != 1 ||
		SSL_CTX_use_PrivateKey(tls, o->server->key) != 1 ||
		SSL_CTX_load_verify_file(tls, o->ca) != 1)
		g_error("office: no certificate");
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	return tls;
}

static void make_certificates(struct office *o)
{
	const struct pki_spec desk = {.cn = "desk", .eku = "clientAuth"};
	o->folder = pki_folder();
	o->authority = pki_issue(NULL, &(struct pki_spec){.cn = "CA", .ca = TRUE});
	o->server = pki_issue(o->authority,
		&(struct pki_spec){.cn = "office", .san = "IP:127.0.0.1", .eku = "serverAuth"});
	struct pki_cert *known = pki_issue(o->authority, &desk), *other = pki_issue(NULL, &desk);
	o->ca = pki_write_chain(o->folder, "ca.pem", o->authority, NULL);
	o->cert = pki_write_chain(o->folder, "desk.pem", known, NULL);
	o->key = pki_write_key(o->folder, "desk.key", known);
	o->other_cert = pki_write_chain(o->folder, "other.pem", other, NULL);
	o->other_key = pki_write_key(o->folder, "other.key", other);
	pki_free(known);
	pki_free(other);
}

struct office *office_start(void)
{
	struct office *o = g_new0(struct office, 1);
	g_mutex_init(&o->lock);
	o->schema = schema_open();
	o->rows = g_ptr_array_new_with_free_func(row_free);
	o->undescribed = g_string_new(NULL);
	make_certificates(o);
	o->web = web_start(make_tls(o), 0, on_request, o);
	o->port = web_port(o->web);
	o->base = g_strdup_printf("https://127.0.0.1:%u/v1", o->port);
	o->settings = (struct https_settings){o->base, o->ca, o->cert, o->key, 2000};
	o->stranger = (struct https_settings){o->base, o->ca, o->other_cert, o->other_key, 2000};
	return o;
}

gboolean office_stop(struct office *o)
{
	web_stop(o->web);
	gboolean bad = o->undescribed->len > 0;
	if (bad)
		fprintf(stderr, "not as described:\n%s", o->undescribed->str);
	g_string_free(o->undescribed, TRUE);
	g_ptr_array_unref(o->rows);
	schema_close(o->schema);
	pki_free(o->authority);
	pki_free(o->server);
	pki_folder_remove(o->folder);
	char *const texts[] = {
		o->folder, o->base, o->ca, o->cert, o->key, o->other_cert, o->other_key};
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_mutex_clear(&o->lock);
	g_free(o);
	return bad;
}

/* --- what a test tells it, and asks it --- */

const struct https_settings *office_settings(const struct office *o)
{
	return &o->settings;
}

const struct https_settings *office_stranger(const struct office *o)
{
	return &o->stranger;
}

guint office_count(struct office *o, const char *key)
{
	guint n = 0;
	g_mutex_lock(&o->lock);
	for (guint i = 0; i < o->rows->len; i++)
		n += g_ascii_strcasecmp(((struct row *)g_ptr_array_index(o->rows, i))->key, key) ==
		     0;
	g_mutex_unlock(&o->lock);
	return n;
}

guint office_live(struct office *o, const char *holder)
{
	guint n = 0;
	g_mutex_lock(&o->lock);
	for (guint i = 0; i < o->rows->len; i++) {
		const struct row *row = g_ptr_array_index(o->rows, i);
		n += strcmp(row->holder, holder) == 0 && is_live(row);
	}
	g_mutex_unlock(&o->lock);
	return n;
}

guint office_size(struct office *o)
{
	g_mutex_lock(&o->lock);
	guint n = o->rows->len;
	g_mutex_unlock(&o->lock);
	return n;
}

void office_report(
	struct office *o, const char *key, const char *state, gint64 at, const char *reason)
{
	g_mutex_lock(&o->lock);
	struct row *row = find(o, key);
	if (row) {
		g_free(row->state);
		g_free(row->reason);
		row->state = g_strdup(state);
		row->reason = g_strdup(reason);
		row->at = at;
	}
	g_mutex_unlock(&o->lock);
	CHECK(row != NULL);
}

void office_away(struct office *o, gboolean away)
{
	if (away)
		o->web = web_stop(o->web);
	else
		o->web = web_start(make_tls(o), o->port, on_request, o);
}

void office_fault(struct office *o, enum office_fault fault)
{
	if (fault == OFFICE_CUT_BODY) {
		web_cut_next_body(o->web);
		return;
	}
	g_mutex_lock(&o->lock);
	o->fault = fault;
	g_mutex_unlock(&o->lock);
}

void office_say(
	struct office *o, int status, const char *headers, const char *type, const char *body)
{
	g_mutex_lock(&o->lock);
	o->fault = OFFICE_SAY;
	o->said = (struct web_reply){
		.status = status,
		.headers = g_strdup(headers),
		.type = g_strdup(type),
		.body = g_strdup(body),
	};
	g_mutex_unlock(&o->lock);
}

guint office_requests(struct office *o)
{
	g_mutex_lock(&o->lock);
	guint n = o->requests;
	g_mutex_unlock(&o->lock);
	return n;
}
