/* SPDX-License-Identifier: MIT
 *
 * stand_in.c - see stand_in.h.
 */
#include "tests/graph/stand_in.h"

#include <string.h>

#include "tests/check.h"
#include "tests/graph/stand_in_private.h"

#define TOKEN_PATH "/tenant/oauth2/v2.0/token"

gint64 stand_in_now(const struct stand_in *s)
{
	return g_get_real_time() / G_USEC_PER_SEC + s->clock_s;
}

static enum stand_in_door door_of(const struct web_request *r)
{
	return g_str_has_prefix(r->target, "/v1.0/") ? STAND_IN_USERS : STAND_IN_TOKEN;
}

static struct web_reply play(const struct stand_in_step *step)
{
	gsize len = !step->body ? 0 : step->len > 0 ? (gsize)step->len : strlen(step->body);
	return (struct web_reply){
		.trick = step->trick,
		.status = step->status,
		.headers = g_strdup(step->headers),
		.type = g_strdup(step->type),
		.body = len > 0 ? g_memdup2(step->body, len) : NULL,
		.len = (gssize)len,
	};
}

static struct web_reply say(struct stand_in *s, enum stand_in_door door, struct web_request *r)
{
	struct stand_in_reply reply = door == STAND_IN_USERS ? stand_in_users(s, r)
				      : strcmp(r->target, TOKEN_PATH) == 0
					      ? stand_in_login(s, r)
					      : (struct stand_in_reply){404, g_strdup("{}")};
	return (struct web_reply){.status = reply.status, .body = reply.body};
}

static struct web_reply on_request(struct web_request *r, gpointer data)
{
	struct stand_in *s = data;
	enum stand_in_door door = door_of(r);
	g_mutex_lock(&s->lock);
	g_autofree struct stand_in_step *scripted = g_queue_pop_head(&s->steps[door]);
	struct web_reply reply = scripted ? play(scripted) : say(s, door, r);
	reply.date = stand_in_now(s);
	r->status = reply.status;
	g_ptr_array_add(s->requests, r);
	g_mutex_unlock(&s->lock);
	return reply;
}

/* RSA keys are slow to make: two serve all stand-ins of a program. */
static const struct pki_cert *rsa_identity(gboolean known)
{
	static gsize made[2];
	gsize *to = &made[known ? 1 : 0];
	if (g_once_init_enter(to)) {
		const struct pki_spec spec = {.cn = "desk", .key = PKI_RSA_2048};
		g_once_init_leave(to, (gsize)pki_issue(NULL, &spec));
	}
	return (const struct pki_cert *)*to;
}

/* What the server greets with. */
static SSL_CTX *make_certificates(struct stand_in *s)
{
	struct pki_cert *ca = pki_issue(NULL, &(struct pki_spec){.cn = "CA", .ca = TRUE});
	struct pki_cert *server = pki_issue(
		ca, &(struct pki_spec){.cn = "graph", .san = "IP:127.0.0.1", .eku = "serverAuth"});
	const struct pki_cert *other = rsa_identity(FALSE);
	s->client = rsa_identity(TRUE);
	s->folder = pki_folder();
	s->ca_path = pki_write_chain(s->folder, "ca.pem", ca, NULL);
	g_free(pki_write_chain(s->folder, "server.pem", server, NULL));
	g_free(pki_write_key(s->folder, "server.key", server));
	s->cert_path = pki_write_chain(s->folder, "desk.pem", s->client, NULL);
	s->key_path = pki_write_key(s->folder, "desk.key", s->client);
	s->other_cert_path = pki_write_chain(s->folder, "other.pem", other, NULL);
	s->other_key_path = pki_write_key(s->folder, "other.key", other);
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate(tls, server->x509) != 1 ||
		SSL_CTX_use_PrivateKey(tls, server->key) != 1)
		g_error("stand-in: no certificate");
	pki_free(server);
	pki_free(ca);
	return tls;
}

void stand_in_listens_at(struct stand_in *s, guint16 port)
{
	g_free(s->base);
	g_free(s->token_url);
	s->base = g_strdup_printf("https://127.0.0.1:%u/v1.0", port);
	s->token_url = g_strdup_printf("https://127.0.0.1:%u" TOKEN_PATH, port);
}

struct stand_in *stand_in_start(void)
{
	struct stand_in *s = g_new0(struct stand_in, 1);
	g_mutex_init(&s->lock);
	s->roles = "[\"User.Read.All\"]";
	s->token_life_s = 3599;
	s->requests = g_ptr_array_new_with_free_func((GDestroyNotify)web_request_free);
	s->users = g_ptr_array_new();
	s->seen_jti = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->web = web_start(make_certificates(s), 0, on_request, s);
	s->port = web_port(s->web);
	stand_in_listens_at(s, s->port);
	return s;
}

static void free_paths(struct stand_in *s)
{
	char *paths[] = {s->folder, s->base, s->token_url, s->ca_path, s->cert_path, s->key_path,
		s->other_cert_path, s->other_key_path};
	pki_folder_remove(s->folder);
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
		g_free(paths[i]);
}

struct stand_in *stand_in_stop(struct stand_in *s)
{
	if (!s)
		return NULL;
	stand_in_front_end(s);
	web_stop(s->web);
	g_autofree char *refused = stand_in_refusals(s);
	if (refused) {
		fprintf(stderr, "stand-in: not described by Microsoft:\n%s", refused);
		CHECK(refused == NULL);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(s->steps); i++)
		g_queue_clear_full(&s->steps[i], g_free);
	g_ptr_array_unref(s->requests);
	g_ptr_array_unref(s->users);
	g_hash_table_unref(s->seen_jti);
	g_hash_table_unref(s->tokens);
	free_paths(s);
	g_mutex_clear(&s->lock);
	g_free(s);
	return NULL;
}
