/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_worker.h"

#include <pthread.h>
#include <signal.h>

#include <openssl/crypto.h>

#include "kiosk/mailbox.h"

/* Longest wait for a worker to stop when all ends. */
#define STOP_US (500 * 1000)

struct worker {
	struct ldap_workers *workers; /* a reference */
	GCancellable *stop;
	gint64 deadline_us;
	gboolean abandoned; /* under the lock */
};

/* Shared by the main thread and every worker; the last one frees it. */
struct ldap_workers {
	gint refs; /* atomic */
	struct ldap_plan *plan;
	ldap_worker_report report;
	gpointer data;
	gboolean busy; /* the main thread's: a report is to come */
	GMutex lock;   /* over all below */
	GCond changed;
	struct worker *worker; /* not abandoned; NULL: none */
	guint n_lost;
	struct mailbox *box; /* NULL: nobody listens any more */
};

struct letter {
	struct ldap_wire *wire;
	GError *error;
};

static void letter_free(gpointer data)
{
	struct letter *letter = data;
	ldap_wire_close(letter->wire);
	g_clear_error(&letter->error);
	g_free(letter);
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

static struct letter *connect_now(const struct worker *self)
{
	const struct ldap_limit limit = {self->deadline_us, self->stop};
	struct letter *letter = g_new0(struct letter, 1);
	letter->wire = ldap_wire_open(self->workers->plan, &limit, NULL, &letter->error);
	return letter;
}

/* The letter, where somebody waits for it; else it is the caller's again. */
static struct letter *hand_in(struct worker *self, struct letter *letter)
{
	struct ldap_workers *w = self->workers;
	g_mutex_lock(&w->lock);
	if (self->abandoned)
		w->n_lost--;
	else
		w->worker = NULL;
	if (!self->abandoned && w->box) {
		mailbox_post(w->box, letter);
		letter = NULL;
	}
	g_cond_broadcast(&w->changed);
	g_mutex_unlock(&w->lock);
	return letter;
}

/* Signals are the main thread's; SIGPIPE, of a socket whose peer is gone, is nobody's. */
static gpointer run(gpointer data)
{
	struct worker *self = data;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	struct letter *letter = connect_now(self);
	/* Not later: the program may end as soon as it hears of us. */
	OPENSSL_thread_stop();
	letter = hand_in(self, letter);
	if (letter)
		letter_free(letter);
	unref(self->workers);
	g_object_unref(self->stop);
	g_free(self);
	return NULL;
}

static void on_letter(gpointer data, gpointer user)
{
	struct letter *letter = data;
	struct ldap_workers *w = user;
	w->busy = FALSE;
	w->report(g_steal_pointer(&letter->wire), g_steal_pointer(&letter->error), w->data);
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
	w->box = mailbox_new(on_letter, letter_free, w);
	return w;
}

gboolean ldap_workers_are_busy(const struct ldap_workers *w)
{
	return w->busy;
}

gboolean ldap_workers_connect(struct ldap_workers *w, gint64 deadline_us)
{
	g_mutex_lock(&w->lock);
	gboolean may = !w->worker && w->n_lost < LDAP_WORKERS_LOST_MAX;
	if (may) {
		struct worker *worker = g_new0(struct worker, 1);
		g_atomic_int_inc(&w->refs);
		*worker = (struct worker){w, g_cancellable_new(), deadline_us, FALSE};
		w->worker = worker;
		g_thread_unref(g_thread_new("ldap", run, worker));
	}
	g_mutex_unlock(&w->lock);
	w->busy = w->busy || may;
	return may;
}

/* Under the lock. */
static void abandon(struct ldap_workers *w)
{
	g_cancellable_cancel(w->worker->stop);
	w->worker->abandoned = TRUE;
	w->worker = NULL;
	w->n_lost++;
}

void ldap_workers_give_up(struct ldap_workers *w)
{
	g_mutex_lock(&w->lock);
	/* Where there is none, its report is on the way, and as good as any. */
	if (w->worker) {
		abandon(w);
		w->busy = FALSE;
	}
	g_mutex_unlock(&w->lock);
}

struct ldap_workers *ldap_workers_free(struct ldap_workers *w)
{
	if (!w)
		return NULL;
	gint64 until = g_get_monotonic_time() + STOP_US;
	g_mutex_lock(&w->lock);
	struct mailbox *box = g_steal_pointer(&w->box);
	if (w->worker)
		g_cancellable_cancel(w->worker->stop);
	while (w->worker && g_cond_wait_until(&w->changed, &w->lock, until))
		;
	if (w->worker)
		abandon(w);
	g_mutex_unlock(&w->lock);
	mailbox_free(box);
	unref(w);
	return NULL;
}
