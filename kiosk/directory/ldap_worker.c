/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_worker.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <signal.h>

#include "kiosk/directory/ldap_search.h"
#include "kiosk/mailbox.h"

/* Longest wait for a worker to sign off when all ends. */
#define SIGN_OFF_US (500 * 1000)

struct order {
	guint64 id;
	char *filter;
	gint64 deadline_us;
	GCancellable *stop;
};

struct worker {
	struct ldap_workers *workers; /* a reference */
	struct ldap_wire *wire;       /* the thread's own; NULL: not connected */
	struct order *order;          /* at work on it; under the lock */
	gboolean abandoned;           /* under the lock */
};

/* Shared by the main thread and every worker; the last one frees it. */
struct ldap_workers {
	gint refs; /* atomic */
	struct ldap_plan *plan;
	ldap_worker_report report;
	gpointer data;
	GMutex lock; /* over all below */
	GCond changed;
	GQueue orders;         /* of struct order, not begun */
	struct worker *worker; /* NULL: none but abandoned ones */
	guint n_lost;
	struct mailbox *box; /* NULL: nobody listens any more */
};

static void order_free(struct order *order)
{
	ldap_search_filter_free(order->filter);
	g_object_unref(order->stop);
	g_free(order);
}

static void reply_free(gpointer letter)
{
	struct ldap_reply *reply = letter;
	entry_free(reply->entry);
	g_clear_error(&reply->error);
	g_free(reply);
}

static void unref(struct ldap_workers *w)
{
	if (!g_atomic_int_dec_and_test(&w->refs))
		return;
	ldap_plan_free(w->plan);
	g_mutex_clear(&w->lock);
	g_cond_clear(&w->changed);
	g_free(w);
}

static gboolean connected(
	struct worker *self, const struct ldap_limit *limit, gboolean *ret_kept, GError **error)
{
	if (self->wire && !ldap_wire_stands(self->wire))
		self->wire = ldap_wire_close(self->wire);
	*ret_kept = self->wire != NULL;
	if (!self->wire)
		self->wire = ldap_wire_open(self->workers->plan, limit, NULL, error);
	return self->wire != NULL;
}

static enum directory_answer ask(struct worker *self, const struct order *order,
	const struct ldap_limit *limit, struct entry **ret, GError **error)
{
	const struct ldap_plan *plan = self->workers->plan;
	if (order->filter)
		return ldap_search_account(self->wire, plan, order->filter, limit, ret, error);
	return ldap_search_base(self->wire, plan, limit, error) ? DIRECTORY_ONE : DIRECTORY_DOWN;
}

/* A connection on which a question went wrong is not asked again: what it still says would
 * be late, and another server may stand behind the same name. */
static void drop_bad(struct worker *self, const GError *error)
{
	if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		self->wire = ldap_wire_close(self->wire);
}

/* Servers close connections that were idle, or when they start anew: then the question is
 * asked once more on a new one. */
static struct ldap_reply *carry_out(struct worker *self, const struct order *order)
{
	struct ldap_limit limit = {order->deadline_us, order->stop};
	struct ldap_reply *reply = g_new0(struct ldap_reply, 1);
	gboolean kept = TRUE;
	reply->id = order->id;
	for (gboolean again = TRUE; again;) {
		g_clear_error(&reply->error);
		reply->answer = DIRECTORY_DOWN;
		if (connected(self, &limit, &kept, &reply->error))
			reply->answer = ask(self, order, &limit, &reply->entry, &reply->error);
		again = kept && reply->error && ldap_wire_is_lost(self->wire);
		if (self->wire)
			drop_bad(self, reply->error);
	}
	return reply;
}

/* The next order; NULL: there is nothing more to do. */
static struct order *take_order(struct worker *self)
{
	struct ldap_workers *w = self->workers;
	g_mutex_lock(&w->lock);
	while (!self->abandoned && w->box && g_queue_is_empty(&w->orders))
		g_cond_wait(&w->changed, &w->lock);
	struct order *order = self->abandoned || !w->box ? NULL : g_queue_pop_head(&w->orders);
	self->order = order;
	g_mutex_unlock(&w->lock);
	return order;
}

static void hand_back(struct worker *self, struct ldap_reply *reply)
{
	struct ldap_workers *w = self->workers;
	g_mutex_lock(&w->lock);
	g_clear_pointer(&self->order, order_free);
	gboolean heard = !self->abandoned && w->box;
	if (heard)
		mailbox_post(w->box, reply);
	g_mutex_unlock(&w->lock);
	if (!heard)
		reply_free(reply);
}

static void leave(struct worker *self)
{
	struct ldap_workers *w = self->workers;
	ldap_wire_close(self->wire);
	/* Not later: the program may end as soon as it hears that we are gone. */
	OPENSSL_thread_stop();
	g_mutex_lock(&w->lock);
	if (self->abandoned)
		w->n_lost--;
	else
		w->worker = NULL;
	g_cond_broadcast(&w->changed);
	g_mutex_unlock(&w->lock);
	g_free(self);
	unref(w);
}

/* Signals are the main thread's; SIGPIPE, of a socket whose peer is gone, is nobody's. */
static gpointer run(gpointer data)
{
	struct worker *self = data;
	struct order *order;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while ((order = take_order(self)) != NULL)
		hand_back(self, carry_out(self, order));
	leave(self);
	return NULL;
}

/* Under the lock. */
static void start(struct ldap_workers *w)
{
	struct worker *worker = g_new0(struct worker, 1);
	g_atomic_int_inc(&w->refs);
	worker->workers = w;
	w->worker = worker;
	g_thread_unref(g_thread_new("ldap", run, worker));
}

/* Under the lock. */
static void abandon(struct ldap_workers *w)
{
	w->worker->abandoned = TRUE;
	w->worker = NULL;
	w->n_lost++;
}

/* Under the lock. A worker that was told to stop long ago and is still at it hears nothing. */
static gboolean make_ready(struct ldap_workers *w)
{
	const struct order *order = w->worker ? w->worker->order : NULL;
	if (order && g_cancellable_is_cancelled(order->stop) && w->n_lost < LDAP_WORKERS_LOST_MAX)
		abandon(w);
	if (!w->worker && w->n_lost < LDAP_WORKERS_LOST_MAX)
		start(w);
	return w->worker != NULL;
}

static void on_letter(gpointer letter, gpointer data)
{
	const struct ldap_workers *w = data;
	w->report(letter, w->data);
}

struct ldap_workers *ldap_workers_new(
	struct ldap_plan *plan, ldap_worker_report report, gpointer data)
{
	struct ldap_workers *w = g_new0(struct ldap_workers, 1);
	w->refs = 1;
	w->plan = ldap_plan_ref(plan);
	w->report = report;
	w->data = data;
	g_mutex_init(&w->lock);
	g_cond_init(&w->changed);
	g_queue_init(&w->orders);
	w->box = mailbox_new(on_letter, reply_free, w);
	return w;
}

gboolean ldap_workers_ask(
	struct ldap_workers *w, guint64 id, const char *filter, gint64 deadline_us)
{
	g_mutex_lock(&w->lock);
	gboolean ready = make_ready(w);
	if (ready) {
		struct order *order = g_new0(struct order, 1);
		*order = (struct order){id, g_strdup(filter), deadline_us, g_cancellable_new()};
		g_queue_push_tail(&w->orders, order);
		g_cond_broadcast(&w->changed);
	}
	g_mutex_unlock(&w->lock);
	return ready;
}

/* Under the lock. */
static void forget(struct ldap_workers *w, guint64 id)
{
	for (GList *at = w->orders.head; at; at = at->next) {
		struct order *order = at->data;
		if (order->id == id) {
			g_queue_delete_link(&w->orders, at);
			order_free(order);
			return;
		}
	}
}

static gboolean is_at(const struct ldap_workers *w, guint64 id)
{
	return w->worker && w->worker->order && w->worker->order->id == id;
}

void ldap_workers_cancel(struct ldap_workers *w, guint64 id)
{
	g_mutex_lock(&w->lock);
	if (is_at(w, id))
		g_cancellable_cancel(w->worker->order->stop);
	else
		forget(w, id);
	g_mutex_unlock(&w->lock);
}

void ldap_workers_give_up(struct ldap_workers *w, guint64 id)
{
	g_mutex_lock(&w->lock);
	if (is_at(w, id)) {
		g_cancellable_cancel(w->worker->order->stop);
		abandon(w);
	} else {
		forget(w, id);
	}
	/* Others that wait must not wait for the one that is lost. */
	if (!g_queue_is_empty(&w->orders))
		make_ready(w);
	g_mutex_unlock(&w->lock);
}

guint ldap_workers_lost(struct ldap_workers *w)
{
	g_mutex_lock(&w->lock);
	guint n = w->n_lost;
	g_mutex_unlock(&w->lock);
	return n;
}

static void let_sign_off(struct ldap_workers *w)
{
	gint64 until = g_get_monotonic_time() + SIGN_OFF_US;
	if (w->worker && w->worker->order)
		g_cancellable_cancel(w->worker->order->stop);
	g_cond_broadcast(&w->changed);
	while (w->worker && g_cond_wait_until(&w->changed, &w->lock, until))
		;
	/* Whoever is still there finds nobody when it comes back. */
	if (w->worker)
		abandon(w);
}

struct ldap_workers *ldap_workers_free(struct ldap_workers *w)
{
	if (!w)
		return NULL;
	g_mutex_lock(&w->lock);
	struct mailbox *box = g_steal_pointer(&w->box);
	while (!g_queue_is_empty(&w->orders))
		order_free(g_queue_pop_head(&w->orders));
	let_sign_off(w);
	g_mutex_unlock(&w->lock);
	mailbox_free(box);
	unref(w);
	return NULL;
}
