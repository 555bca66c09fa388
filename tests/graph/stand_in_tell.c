/* SPDX-License-Identifier: MIT
 *
 * stand_in_tell.c - what a test tells the stand-in, and asks it.
 */
#include "tests/graph/stand_in_private.h"

#include <string.h>

const char *stand_in_base(const struct stand_in *s)
{
	return s->base;
}

const char *stand_in_token_url(const struct stand_in *s)
{
	return s->token_url;
}

const char *stand_in_ca(const struct stand_in *s)
{
	return s->ca_path;
}

const char *stand_in_cert(const struct stand_in *s)
{
	return s->cert_path;
}

const char *stand_in_key(const struct stand_in *s)
{
	return s->key_path;
}

const char *stand_in_other_cert(const struct stand_in *s)
{
	return s->other_cert_path;
}

const char *stand_in_other_key(const struct stand_in *s)
{
	return s->other_key_path;
}

void stand_in_add_user(struct stand_in *s, const struct stand_in_user *user)
{
	g_mutex_lock(&s->lock);
	g_ptr_array_add(s->users, (gpointer)user);
	g_mutex_unlock(&s->lock);
}

void stand_in_set_roles(struct stand_in *s, const char *roles)
{
	g_mutex_lock(&s->lock);
	s->roles = roles;
	g_mutex_unlock(&s->lock);
}

void stand_in_set_token_life(struct stand_in *s, int seconds)
{
	g_mutex_lock(&s->lock);
	s->token_life_s = seconds;
	g_mutex_unlock(&s->lock);
}

void stand_in_set_clock(struct stand_in *s, int seconds)
{
	g_mutex_lock(&s->lock);
	s->clock_s = seconds;
	g_mutex_unlock(&s->lock);
}

void stand_in_revoke(struct stand_in *s)
{
	g_mutex_lock(&s->lock);
	g_hash_table_remove_all(s->tokens);
	g_mutex_unlock(&s->lock);
}

void stand_in_know(struct stand_in *s, const struct pki_cert *client)
{
	g_mutex_lock(&s->lock);
	s->client = client;
	g_mutex_unlock(&s->lock);
}

void stand_in_then(struct stand_in *s, enum stand_in_door door, const struct stand_in_step *step)
{
	g_mutex_lock(&s->lock);
	g_queue_push_tail(&s->steps[door], g_memdup2(step, sizeof *step));
	g_mutex_unlock(&s->lock);
}

guint stand_in_count(struct stand_in *s, int door)
{
	guint n = 0;
	g_mutex_lock(&s->lock);
	for (guint i = 0; i < s->requests->len; i++) {
		const struct web_request *r = s->requests->pdata[i];
		gboolean users = g_str_has_prefix(r->target, "/v1.0/");
		n += door < 0 || users == (door == STAND_IN_USERS);
	}
	g_mutex_unlock(&s->lock);
	return n;
}

guint stand_in_unread(struct stand_in *s)
{
	g_mutex_lock(&s->lock);
	guint n = s->steps[0].length + s->steps[1].length;
	g_mutex_unlock(&s->lock);
	return n;
}

const struct web_request *stand_in_request(struct stand_in *s, guint i)
{
	g_mutex_lock(&s->lock);
	const struct web_request *r = i < s->requests->len ? s->requests->pdata[i] : NULL;
	g_mutex_unlock(&s->lock);
	return r;
}
