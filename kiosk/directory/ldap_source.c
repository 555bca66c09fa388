/* SPDX-License-Identifier: MIT
 *
 * ldap_source.c - see ldap_source.h.
 *
 * Questions are sent and answered on the main loop: nothing there waits. Only connecting
 * is a worker's.
 */
#include "kiosk/directory/ldap_source.h"

#include <time.h>

#include <glib-unix.h>

#include "kiosk/directory/ldap_search.h"
#include "kiosk/directory/ldap_worker.h"

/* A server that failed is tried again when somebody asks whether it is ready, but not more
 * often than this. */
#define RETRY_US (2 * G_USEC_PER_SEC)

/* A connection must stand this much before its question's deadline; so what a worker has
 * to say about a silent server is heard, and it is not abandoned. */
#define MARGIN_MS(timeout) MIN((timeout) / 16, 50)

struct ldap_source {
	struct directory dir;
	const struct ldap_source_settings *settings;
	struct ldap_plan *plan;
	struct ldap_workers *workers;
	gint64 connect_by_us;   /* the busy worker's deadline */
	struct ldap_wire *wire; /* NULL: none */
	guint listening;        /* the main loop's source of `wire` */
	GList *questions;       /* not answered yet, the newest first */
	GError *fault;          /* of what was tried last; NULL: it went well */
	gint64 tried_us;
	gboolean telling; /* on_said() needs it still */
	gboolean closed;  /* and frees it then */
};

/* One without `done` only asks whether anybody is there. */
struct question {
	struct ldap_source *source;
	guint64 visit;
	GCancellable *cancellable;
	gulong on_cancel;
	directory_done done;
	gpointer data;
	char *filter; /* NULL: whether the base may be read */
	gint64 deadline_us;
	guint timer;               /* until the deadline, or until `result` is told; 0: none */
	struct ldap_search search; /* begun: sent */
	gboolean asked_before;     /* on a connection that broke */
	gboolean answered;
	struct directory_result result;
};

static struct ldap_source *source_of(struct directory *dir)
{
	return (struct ldap_source *)dir;
}

static void question_free(struct question *q)
{
	struct ldap_source *s = q->source;
	s->questions = g_list_remove(s->questions, q);
	ldap_search_clear(&q->search, s->wire);
	if (q->timer)
		g_source_remove(q->timer);
	if (q->on_cancel)
		g_signal_handler_disconnect(q->cancellable, q->on_cancel);
	g_clear_object(&q->cancellable);
	ldap_search_filter_free(q->filter);
	person_wipe(&q->result.person);
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
static void tell(struct question *q)
{
	struct directory_result result = q->result;
	directory_done done = q->done;
	gpointer data = q->data;
	guint64 visit = q->visit;
	result.source = "ldap";
	question_free(q);
	if (done)
		done(&result, visit, data);
	person_wipe(&result.person);
}

static gboolean on_answered(gpointer data)
{
	struct question *q = data;
	q->timer = 0;
	tell(q);
	return G_SOURCE_REMOVE;
}

/* Told from the main loop, so that whoever calls this still has its source. */
static void answer(struct question *q, enum directory_answer known)
{
	ldap_search_clear(&q->search, q->source->wire);
	if (q->timer)
		g_source_remove(q->timer);
	q->result.answer = known;
	q->answered = TRUE;
	q->timer = g_idle_add_full(G_PRIORITY_DEFAULT, on_answered, q, NULL);
}

static void send_all(struct ldap_source *s);

/* The connection is of no more use. Those who were asked on it are asked once more on a new
 * one: servers close connections that were idle, or when they start anew. TRUE: somebody
 * was asked twice now, and is answered that it is down. */
static gboolean drop_wire(struct ldap_source *s)
{
	gboolean hurt = FALSE;
	if (s->listening)
		g_source_remove(s->listening);
	s->listening = 0;
	s->wire = ldap_wire_close(s->wire);
	for (GList *at = s->questions; at; at = at->next) {
		struct question *q = at->data;
		if (q->answered || !q->search.begun)
			continue;
		ldap_search_clear(&q->search, NULL);
		if (q->asked_before)
			answer(q, DIRECTORY_DOWN);
		hurt = hurt || q->asked_before;
		q->asked_before = TRUE;
	}
	return hurt;
}

/* Takes `error`, which came of asking `q`, or of nobody in particular. That a connection
 * broke is nothing to speak of while another may do. */
static void fail(struct ldap_source *s, struct question *q, GError *error)
{
	gboolean hurt = !ldap_wire_is_lost(s->wire) || (q && q->asked_before);
	if (q && hurt)
		answer(q, DIRECTORY_DOWN);
	else if (q && !q->search.begun)
		q->asked_before = TRUE;
	hurt = drop_wire(s) || hurt;
	if (hurt)
		note(s, error);
	else
		g_error_free(error);
	send_all(s);
}

static gint32 today(void)
{
	time_t now = time(NULL);
	struct tm local;
	localtime_r(&now, &local);
	return (local.tm_year + 1900) * 10000 + (local.tm_mon + 1) * 100 + local.tm_mday;
}

/* An entry that is no person is a fault of the directory, but of this entry alone. */
static gboolean read_person(
	const struct ldap_source *s, const struct entry *entry, struct person *ret)
{
	g_autoptr(GError) error = NULL;
	if (map_person(&s->settings->map, entry, today(), ret, &error))
		return TRUE;
	g_warning("directory ldap: an account cannot be read: %s", error->message);
	return FALSE;
}

static void send_question(struct ldap_source *s, struct question *q);

/* The other accounts of the same human (R17) are asked for next, before the deadline of the
 * same question. FALSE: there is nothing to ask for. */
static gboolean ask_linked(struct ldap_source *s, struct question *q, const struct entry *entry)
{
	const struct map *map = &s->settings->map;
	const char *key = map_person_key(map, entry);
	char *filter = key ? ldap_search_link_filter(map, key, s->settings->filter) : NULL;
	if (!filter)
		return FALSE;
	ldap_search_filter_free(q->filter);
	q->filter = filter;
	q->asked_before = FALSE;
	ldap_search_clear(&q->search, s->wire);
	q->search.linked = map->attributes[MAP_COMMON_ID];
	send_question(s, q);
	return TRUE;
}

/* TRUE: `q` may be told. */
static gboolean judge_linked(struct ldap_source *s, struct question *q)
{
	GError *error = NULL;
	gboolean many = FALSE;
	gboolean known = ldap_search_judge_linked(
		&q->search, s->wire, &s->settings->map, &q->result.person, &many, &error);
	if (error) {
		fail(s, q, error);
		return FALSE;
	}
	if (many)
		g_warning("directory ldap: a person key joins more accounts than one human has");
	q->result.answer = known ? DIRECTORY_ONE : DIRECTORY_DOWN;
	return TRUE;
}

/* TRUE: `q` may be told. */
static gboolean judge(struct ldap_source *s, struct question *q)
{
	GError *error = NULL;
	AUTO(entry) entry = NULL;
	enum directory_answer known = ldap_search_judge(&q->search, s->wire, &entry, &error);
	if (!q->filter && known == DIRECTORY_NONE)
		ldap_wire_fail(s->wire, LDAP_NO_SUCH_OBJECT, &error);
	if (error) {
		fail(s, q, error);
		return FALSE;
	}
	note(s, NULL);
	if (known == DIRECTORY_ONE && q->filter) {
		if (!read_person(s, entry, &q->result.person))
			known = DIRECTORY_DOWN;
		else if (ask_linked(s, q, entry))
			return FALSE;
	}
	q->result.answer = known;
	return TRUE;
}

/* The question that may be told now; NULL: none. Of an operation nobody waits for any more,
 * there is nothing to do. */
static struct question *take(struct ldap_source *s, LDAPMessage *message)
{
	GError *error = NULL;
	int id = ldap_msgid(message);
	for (GList *at = s->questions; at; at = at->next) {
		struct question *q = at->data;
		if (!q->search.begun || q->search.id != id)
			continue;
		if (!ldap_search_take(&q->search, s->wire, message, &error))
			fail(s, q, error);
		else if (ldap_search_is_over(&q->search) &&
			 (q->search.linked ? judge_linked(s, q) : judge(s, q)))
			return q;
		return NULL;
	}
	return NULL;
}

/* Take what has come until a question may be told; NULL: nothing more has come. */
static struct question *take_more(struct ldap_source *s)
{
	struct question *q = NULL;
	while (s->wire && !q) {
		GError *error = NULL;
		LDAPMessage *message = ldap_wire_poll(s->wire, &error);
		if (error)
			fail(s, NULL, error);
		if (!message)
			return NULL;
		q = take(s, message);
		ldap_msgfree(message);
	}
	return q;
}

/* Whoever is told may close the source. */
static gboolean on_said(gint fd, GIOCondition condition, gpointer data)
{
	struct ldap_source *s = data;
	struct question *q;
	s->telling = TRUE;
	while (!s->closed && (q = take_more(s)) != NULL)
		tell(q);
	s->telling = FALSE;
	if (s->closed)
		g_free(s);
	return G_SOURCE_CONTINUE;
}

static void send_question(struct ldap_source *s, struct question *q)
{
	GError *error = NULL;
	gint64 left_us = q->deadline_us - g_get_monotonic_time();
	if (!ldap_search_begin(&q->search, s->wire, s->plan, q->filter, left_us, &error))
		fail(s, q, error);
}

/* The oldest that waits to be sent. */
static struct question *next_waiting(const struct ldap_source *s)
{
	for (GList *at = g_list_last(s->questions); at; at = at->prev) {
		struct question *q = at->data;
		if (!q->answered && !q->search.begun)
			return q;
	}
	return NULL;
}

/* FALSE: nobody can be sent to connect. */
static gboolean begin_connecting(struct ldap_source *s, const struct question *q)
{
	gint64 margin_us = MARGIN_MS(s->settings->timeout_ms) * G_TIME_SPAN_MILLISECOND;
	if (ldap_workers_are_busy(s->workers) && g_get_monotonic_time() > s->connect_by_us)
		ldap_workers_give_up(s->workers);
	if (ldap_workers_are_busy(s->workers))
		return TRUE;
	s->connect_by_us = q->deadline_us - margin_us;
	return ldap_workers_connect(s->workers, s->connect_by_us);
}

static void send_all(struct ldap_source *s)
{
	struct question *q;
	while ((q = next_waiting(s)) != NULL) {
		if (s->wire)
			send_question(s, q);
		else if (begin_connecting(s, q))
			return;
		else
			answer(q, DIRECTORY_DOWN);
	}
}

/* Those who have time left beyond the deadline of a connection that came too late may try
 * another; a server that does not want us is the same for all. */
static void answer_waiting(struct ldap_source *s, const GError *error)
{
	gboolean late = g_error_matches(error, NET_ERROR, NET_ERROR_LATE);
	gint64 now = g_get_monotonic_time();
	gint64 margin_us = MARGIN_MS(s->settings->timeout_ms) * G_TIME_SPAN_MILLISECOND;
	for (GList *at = s->questions; at; at = at->next) {
		struct question *q = at->data;
		if (!q->answered && (!late || q->deadline_us - margin_us <= now))
			answer(q, DIRECTORY_DOWN);
	}
}

static void on_connected(struct ldap_wire *wire, GError *error, gpointer data)
{
	struct ldap_source *s = data;
	if (wire) {
		s->wire = wire;
		s->listening = g_unix_fd_add(ldap_wire_descriptor(wire), G_IO_IN, on_said, s);
	} else {
		answer_waiting(s, error);
		note(s, error);
	}
	send_all(s);
}

static gboolean on_late(gpointer data)
{
	struct question *q = data;
	struct ldap_source *s = q->source;
	q->timer = 0;
	note(s, g_error_new_literal(NET_ERROR, NET_ERROR_LATE,
			"the server, or what finds its name, does not answer in time"));
	answer(q, DIRECTORY_DOWN);
	/* What is silent now is asked again on another connection. */
	if (s->wire)
		drop_wire(s);
	send_all(s);
	return G_SOURCE_REMOVE;
}

static void on_cancelled(GCancellable *cancellable, gpointer data)
{
	question_free(data);
}

static struct question *question_new(struct ldap_source *s)
{
	gint timeout = s->settings->timeout_ms;
	struct question *q = g_new0(struct question, 1);
	q->source = s;
	q->deadline_us = g_get_monotonic_time() + timeout * G_TIME_SPAN_MILLISECOND;
	q->timer = g_timeout_add((guint)timeout, on_late, q);
	s->questions = g_list_prepend(s->questions, q);
	return q;
}

static void source_lookup(struct directory *dir, const char *kind, const char *value, guint64 visit,
	GCancellable *cancellable, directory_done done, gpointer data)
{
	struct ldap_source *s = source_of(dir);
	const struct map_kind *known = map_find_kind(&s->settings->map, kind);
	if (g_cancellable_is_cancelled(cancellable))
		return;
	struct question *q = question_new(s);
	q->visit = visit;
	q->done = done;
	q->data = data;
	if (cancellable) {
		q->cancellable = g_object_ref(cancellable);
		q->on_cancel =
			g_signal_connect(cancellable, "cancelled", G_CALLBACK(on_cancelled), q);
	}
	if (known)
		q->filter = ldap_search_filter(known, value, s->settings->filter);
	if (!q->filter)
		answer(q, known ? DIRECTORY_NONE : DIRECTORY_UNMAPPED);
	send_all(s);
}

/* Ask only whether anybody is there; what comes is kept by note(). */
static void ping(struct ldap_source *s)
{
	s->tried_us = g_get_monotonic_time();
	question_new(s);
	send_all(s);
}

static gboolean source_ready(struct directory *dir, GError **error)
{
	struct ldap_source *s = source_of(dir);
	gboolean again =
		s->fault && !s->questions && g_get_monotonic_time() - s->tried_us >= RETRY_US;
	gboolean ready = s->fault == NULL;
	if (s->fault)
		g_propagate_error(error, g_error_copy(s->fault));
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
	drop_wire(s);
	ldap_plan_free(s->plan);
	g_clear_error(&s->fault);
	s->closed = TRUE;
	if (!s->telling)
		g_free(s);
	return NULL;
}

struct directory *ldap_source_open(const struct ldap_source_settings *settings, GError **error)
{
	static const struct directory_ops ops = {"ldap", source_lookup, source_ready, source_free};
	struct ldap_plan *plan = ldap_plan_new(settings, error);
	if (!plan)
		return NULL;
	struct ldap_source *s = g_new0(struct ldap_source, 1);
	s->dir.ops = &ops;
	s->settings = settings;
	s->plan = plan;
	s->workers = ldap_workers_new(plan, on_connected, s);
	/* The first holder need not wait for the connection. */
	ping(s);
	return &s->dir;
}
