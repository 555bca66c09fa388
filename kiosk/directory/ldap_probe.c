/* SPDX-License-Identifier: MIT
 *
 * ldap_probe.c - ask a server now, step by step; see ldap_source.h.
 */
#include "kiosk/directory/ldap_source.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <openssl/crypto.h>

#include "kiosk/directory/ldap_search.h"

#define TRIES 3 /* the quickest of them counts: others wait for somebody else */

/* A number hardly anybody has; whose it is does not matter. A search for it by an index
 * takes little longer than a look at the base; without one the server reads every account
 * it has. What the server has indexed it tells administrators only: this is a guess. */
#define SOME_NUMBER "0000000000"

#define SLOW_US    5000 /* below this it does not matter */
#define SLOW_TIMES 5    /* the base's time */

/* Shared by the asker and the thread; the last one frees it. */
struct probe {
	gint refs; /* atomic */
	struct ldap_plan *plan;
	struct map_kind kinds[MAP_KINDS_MAX];
	gsize n_kinds;
	gint64 deadline_us;
	GMutex lock;
	GCond changed;
	gboolean ended;
	struct ldap_source_probe result; /* the thread's until it ended */
};

static void unref(struct probe *p)
{
	if (!g_atomic_int_dec_and_test(&p->refs))
		return;
	ldap_plan_free(p->plan);
	g_clear_error(&p->result.error);
	g_mutex_clear(&p->lock);
	g_cond_clear(&p->changed);
	g_free(p);
}

/* Microseconds the quickest of several searches took; -1 with `error`. `filter` NULL: a look
 * at the base, which must be there. */
static gint64 time_search(struct probe *p, struct ldap_wire *wire, const char *filter,
	const struct ldap_limit *limit, GError **error)
{
	gint64 best = G_MAXINT64;
	for (guint i = 0; i < TRIES; i++) {
		struct entry *entry = NULL;
		gint64 start = g_get_monotonic_time();
		enum directory_answer answer =
			ldap_search_run(wire, p->plan, filter, limit, &entry, error);
		best = MIN(best, g_get_monotonic_time() - start);
		entry_free(entry);
		if (!filter && answer == DIRECTORY_NONE)
			ldap_wire_fail(wire, LDAP_NO_SUCH_OBJECT, error);
		if (answer == DIRECTORY_DOWN || (!filter && answer != DIRECTORY_ONE))
			return -1;
	}
	return best;
}

/* A server that had just been busy answers its first look late: a slow search is set beside
 * a look taken after it as well. */
static gboolean is_slow(struct probe *p, struct ldap_wire *wire, gint64 took_us, gint64 base_us,
	const struct ldap_limit *limit)
{
	if (took_us < SLOW_US)
		return FALSE;
	gint64 again_us = time_search(p, wire, NULL, limit, NULL);
	return took_us >= SLOW_TIMES * (again_us >= 0 ? MIN(base_us, again_us) : base_us);
}

/* Each attribute that people are looked up by must have one. */
static gboolean guess_index(struct probe *p, struct ldap_wire *wire, gint64 base_us,
	const struct ldap_limit *limit, GError **error)
{
	gboolean indexed = TRUE;
	for (gsize i = 0; indexed && i < p->n_kinds; i++) {
		char *filter = ldap_search_filter(&p->kinds[i], SOME_NUMBER, p->plan->filter);
		gint64 took_us = filter ? time_search(p, wire, filter, limit, error) : -1;
		ldap_search_filter_free(filter);
		indexed = took_us >= 0 && !is_slow(p, wire, took_us, base_us, limit);
	}
	return indexed;
}

static void ask(struct probe *p)
{
	struct ldap_source_probe *r = &p->result;
	struct ldap_limit limit = {p->deadline_us, NULL};
	enum ldap_stage stage;
	AUTO(ldap_wire) wire = ldap_wire_open(p->plan, &limit, &stage, &r->error);
	r->connected = stage >= LDAP_STAGE_CONNECTED;
	r->tls = stage >= LDAP_STAGE_TLS;
	r->bound = stage >= LDAP_STAGE_BOUND;
	if (!wire)
		return;
	gint64 base_us = time_search(p, wire, NULL, &limit, &r->error);
	r->found_base = base_us >= 0;
	r->indexed = r->found_base && guess_index(p, wire, base_us, &limit, &r->error);
}

static gpointer run(gpointer data)
{
	struct probe *p = data;
	gint64 start = g_get_monotonic_time();
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	ask(p);
	p->result.took_us = g_get_monotonic_time() - start;
	OPENSSL_thread_stop();
	g_mutex_lock(&p->lock);
	p->ended = TRUE;
	g_cond_broadcast(&p->changed);
	g_mutex_unlock(&p->lock);
	unref(p);
	return NULL;
}

static struct probe *probe_new(const struct ldap_source_settings *settings, struct ldap_plan *plan)
{
	struct probe *p = g_new0(struct probe, 1);
	p->refs = 2;
	p->plan = plan;
	p->n_kinds = settings->map.n_kinds;
	memcpy(p->kinds, settings->map.kinds, sizeof p->kinds);
	p->deadline_us = g_get_monotonic_time() + settings->timeout_ms * G_TIME_SPAN_MILLISECOND;
	g_mutex_init(&p->lock);
	g_cond_init(&p->changed);
	return p;
}

void ldap_source_probe(const struct ldap_source_settings *settings, struct ldap_source_probe *ret)
{
	struct ldap_source_probe result = {0};
	struct ldap_plan *plan = ldap_plan_new(settings, &result.error);
	if (!plan) {
		*ret = result;
		return;
	}
	struct probe *p = probe_new(settings, plan);
	gint64 until = p->deadline_us + 100 * G_TIME_SPAN_MILLISECOND;
	g_thread_unref(g_thread_new("ldap-probe", run, p));
	g_mutex_lock(&p->lock);
	while (!p->ended && g_cond_wait_until(&p->changed, &p->lock, until))
		;
	if (p->ended) {
		result = p->result;
		p->result.error = NULL;
	} else {
		result.took_us = settings->timeout_ms * G_TIME_SPAN_MILLISECOND;
		result.error = g_error_new_literal(NET_ERROR, NET_ERROR_LATE,
			"what finds the server's name does not answer in time");
	}
	g_mutex_unlock(&p->lock);
	unref(p);
	*ret = result;
}
