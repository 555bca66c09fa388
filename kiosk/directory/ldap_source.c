/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_source.h"

#include "kiosk/directory/ldap_search.h"
#include "kiosk/directory/ldap_worker.h"

/* A server that failed is tried again when somebody asks whether it is ready, but not more
 * often than this. */
#define RETRY_US (2 * G_USEC_PER_SEC)

/* The worker's deadline is this much earlier than ours, so that what it has to say about a
 * silent server is heard, and its connection lives on. */
#define MARGIN_MS(timeout) MIN((timeout) / 16, 50)

struct ldap_source {
	struct directory dir;
	const struct ldap_source_settings *settings;
	struct ldap_workers *workers;
	GList *questions; /* not answered yet */
	guint64 last_id;
	GError *fault; /* of the last answer; NULL: it was one */
	gint64 tried_us;
};

/* Answered from the main loop. One without `done` only asks whether anybody is there. */
struct question {
	struct ldap_source *source;
	guint64 id, visit;
	GCancellable *cancellable;
	gulong on_cancel;
	directory_done done;
	gpointer data;
	guint timer;
	enum directory_answer answer; /* of `timer` */
};

static struct ldap_source *source_of(struct directory *dir)
{
	return (struct ldap_source *)dir;
}

static void question_free(struct question *q)
{
	if (q->source)
		q->source->questions = g_list_remove(q->source->questions, q);
	if (q->timer)
		g_source_remove(q->timer);
	if (q->on_cancel)
		g_signal_handler_disconnect(q->cancellable, q->on_cancel);
	g_clear_object(&q->cancellable);
	g_free(q);
}

/* Takes `error`. */
static void note(struct ldap_source *s, GError *error)
{
	if (error && !s->fault)
		g_message("directory ldap is down: %s", error->message);
	if (!error && s->fault)
		g_message("directory ldap answers again");
	g_clear_error(&s->fault);
	s->fault = error;
	s->tried_us = g_get_monotonic_time();
}

/* `done` may free the source: nothing of it is touched afterwards. */
static void answer(struct question *q, struct directory_result *result)
{
	directory_done done = q->done;
	gpointer data = q->data;
	guint64 visit = q->visit;
	gboolean wanted = done && !g_cancellable_is_cancelled(q->cancellable);
	result->source = "ldap";
	question_free(q);
	if (wanted)
		done(result, visit, data);
	person_wipe(&result->person);
}

static gint32 today(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	return g_date_time_get_year(now) * 10000 + g_date_time_get_month(now) * 100 +
	       g_date_time_get_day_of_month(now);
}

/* An entry that is no person is a fault of the directory, but of this entry alone. */
static void read_person(
	const struct ldap_source *s, const struct entry *entry, struct directory_result *ret)
{
	g_autoptr(GError) error = NULL;
	if (map_person(&s->settings->map, entry, today(), &ret->person, &error))
		return;
	g_warning("directory ldap: an account cannot be read: %s", error->message);
	ret->answer = DIRECTORY_DOWN;
}

static void on_reply(struct ldap_reply *reply, gpointer data)
{
	struct ldap_source *s = data;
	struct directory_result result = {.answer = reply->answer};
	GList *at = s->questions;
	while (at && ((struct question *)at->data)->id != reply->id)
		at = at->next;
	if (!at)
		return;
	note(s, g_steal_pointer(&reply->error));
	if (reply->entry)
		read_person(s, reply->entry, &result);
	answer(at->data, &result);
}

static gboolean on_late(gpointer data)
{
	struct question *q = data;
	struct directory_result result = {.answer = DIRECTORY_DOWN};
	q->timer = 0;
	ldap_workers_give_up(q->source->workers, q->id);
	note(q->source, g_error_new_literal(NET_ERROR, NET_ERROR_LATE,
				"the server, or what finds its name, does not answer in time"));
	answer(q, &result);
	return G_SOURCE_REMOVE;
}

/* What needs no server. */
static gboolean on_known(gpointer data)
{
	struct question *q = data;
	struct directory_result result = {.answer = q->answer};
	q->timer = 0;
	answer(q, &result);
	return G_SOURCE_REMOVE;
}

static void answer_soon(struct question *q, enum directory_answer known)
{
	q->answer = known;
	q->timer = g_idle_add_full(G_PRIORITY_DEFAULT, on_known, q, NULL);
}

static void on_cancelled(GCancellable *cancellable, gpointer data)
{
	struct question *q = data;
	ldap_workers_cancel(q->source->workers, q->id);
	question_free(q);
}

/* FALSE: too many workers are lost. */
static gboolean send_question(struct question *q, const char *filter)
{
	struct ldap_source *s = q->source;
	gint timeout = s->settings->timeout_ms;
	gint64 deadline_us =
		g_get_monotonic_time() + (timeout - MARGIN_MS(timeout)) * G_TIME_SPAN_MILLISECOND;
	if (!ldap_workers_ask(s->workers, q->id, filter, deadline_us))
		return FALSE;
	q->timer = g_timeout_add((guint)timeout, on_late, q);
	return TRUE;
}

static struct question *question_new(struct ldap_source *s)
{
	struct question *q = g_new0(struct question, 1);
	q->source = s;
	q->id = ++s->last_id;
	s->questions = g_list_prepend(s->questions, q);
	return q;
}

static void look_up(struct question *q, const char *kind, const char *value)
{
	const struct ldap_source_settings *settings = q->source->settings;
	const struct map_kind *known = map_find_kind(&settings->map, kind);
	if (!known) {
		answer_soon(q, DIRECTORY_UNMAPPED);
		return;
	}
	char *filter = ldap_search_filter(known, value, settings->filter);
	if (!filter)
		answer_soon(q, DIRECTORY_NONE);
	else if (!send_question(q, filter))
		answer_soon(q, DIRECTORY_DOWN);
	ldap_search_filter_free(filter);
}

static void source_lookup(struct directory *dir, const char *kind, const char *value, guint64 visit,
	GCancellable *cancellable, directory_done done, gpointer data)
{
	if (g_cancellable_is_cancelled(cancellable))
		return;
	struct question *q = question_new(source_of(dir));
	q->visit = visit;
	q->done = done;
	q->data = data;
	if (cancellable) {
		q->cancellable = g_object_ref(cancellable);
		q->on_cancel =
			g_signal_connect(cancellable, "cancelled", G_CALLBACK(on_cancelled), q);
	}
	look_up(q, kind, value);
}

/* Ask only whether anybody is there; what comes is kept by note(). */
static void ping(struct ldap_source *s)
{
	struct question *q = question_new(s);
	s->tried_us = g_get_monotonic_time();
	if (!send_question(q, NULL))
		question_free(q);
}

static gboolean source_ready(struct directory *dir, GError **error)
{
	struct ldap_source *s = source_of(dir);
	gboolean again =
		s->fault && !s->questions && g_get_monotonic_time() - s->tried_us >= RETRY_US;
	if (s->fault)
		g_propagate_error(error, g_error_copy(s->fault));
	gboolean ready = s->fault == NULL;
	if (again)
		ping(s);
	return ready;
}

static struct directory *source_free(struct directory *dir)
{
	struct ldap_source *s = source_of(dir);
	while (s->questions)
		question_free(s->questions->data);
	ldap_workers_free(s->workers);
	g_clear_error(&s->fault);
	g_free(s);
	return NULL;
}

struct directory *ldap_source_open(const struct ldap_source_settings *settings, GError **error)
{
	static const struct directory_ops ops = {"ldap", source_lookup, source_ready, source_free};
	AUTO(ldap_plan) plan = ldap_plan_new(settings, error);
	if (!plan)
		return NULL;
	struct ldap_source *s = g_new0(struct ldap_source, 1);
	s->dir.ops = &ops;
	s->settings = settings;
	s->workers = ldap_workers_new(plan, on_reply, s);
	/* The first holder need not wait for the connection. */
	ping(s);
	return &s->dir;
}
