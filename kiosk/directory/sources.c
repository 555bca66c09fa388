/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/sources.h"

#include <openssl/crypto.h>
#include <string.h>

#define HOUR_S        3600
#define LATE_PRIORITY (G_PRIORITY_DEFAULT + 10) /* an answer that is there goes first */

struct source {
	struct directory *dir;
	struct source_policy policy;
};

struct sources {
	struct directory dir;
	struct source *all;
	gsize n;
	GList *questions; /* not answered yet */
	guint64 serial;   /* of the asking last begun */
};

/* One look-up on its way through the sources. */
struct question {
	struct sources *owner;
	char *kind, *value;
	guint64 visit;
	GCancellable *cancellable; /* the asker's; may be NULL */
	guint cancelled;           /* source id: it fired */
	directory_done done;
	gpointer data;

	gsize at;             /* which source is asked */
	guint64 serial;       /* stands for the visit there: a late answer has an old one */
	GCancellable *asking; /* ends it there */
	guint late;           /* source id */
	gboolean down;        /* a source was */
	gboolean has_verdict; /* of a source that was passed over */
	struct directory_result verdict;
};

static void stop_asking(struct question *q)
{
	g_clear_handle_id(&q->late, g_source_remove);
	q->serial = 0;
	if (q->asking)
		g_cancellable_cancel(q->asking);
	g_clear_object(&q->asking);
}

/* The source itself has answered: there is nothing left to end. */
static void end_asking(struct question *q)
{
	g_clear_object(&q->asking);
	stop_asking(q);
}

static void question_free(struct question *q)
{
	q->owner->questions = g_list_remove(q->owner->questions, q);
	stop_asking(q);
	g_clear_handle_id(&q->cancelled, g_source_remove);
	g_clear_object(&q->cancellable);
	OPENSSL_cleanse(q->value, strlen(q->value));
	g_free(q->value);
	g_free(q->kind);
	g_free(q);
}

/* `done` may free the sources; nothing of them is looked at after it. */
static void tell(struct question *q, const struct directory_result *result)
{
	const directory_done done = q->done;
	const gpointer data = q->data;
	const guint64 visit = q->visit;
	const gboolean wanted = !g_cancellable_is_cancelled(q->cancellable);

	question_free(q);
	if (wanted)
		done(result, visit, data);
}

/* The more an answer leaves open, the higher. */
static int openness(enum directory_answer answer)
{
	return answer == DIRECTORY_DOWN ? 2 : answer == DIRECTORY_NONE ? 1 : 0;
}

static void pass_over(struct question *q, const struct directory_result *result)
{
	const struct source *source = &q->owner->all[q->at];

	q->down = q->down || result->answer == DIRECTORY_DOWN;
	if (!q->has_verdict || openness(result->answer) > openness(q->verdict.answer))
		q->verdict = (struct directory_result){
			.answer = result->answer,
			.source = source->dir->ops->name,
			.as_of = result->as_of,
			.duty = source->policy.duty,
		};
	q->has_verdict = TRUE;
}

static void ask(struct question *q);

static void ask_next(struct question *q)
{
	if (++q->at < q->owner->n) {
		ask(q);
		return;
	}
	const struct directory_result verdict = q->verdict;
	tell(q, &verdict);
}

static gboolean too_old(const struct source_policy *policy, gint64 as_of)
{
	gint64 age = g_get_real_time() / G_USEC_PER_SEC - as_of;
	return as_of != 0 && policy->max_age_hours >= 0 &&
	       age > (gint64)policy->max_age_hours * HOUR_S;
}

static enum directory_answer weighed(
	const struct source_policy *policy, const struct directory_result *result)
{
	return too_old(policy, result->as_of) ? DIRECTORY_DOWN : result->answer;
}

static gboolean is_last_word(const struct source_policy *policy, enum directory_answer answer)
{
	switch (answer) {
	case DIRECTORY_ONE:
	case DIRECTORY_SEVERAL:
		return TRUE;
	case DIRECTORY_NONE:
		return !policy->none_asks_next;
	case DIRECTORY_UNMAPPED:
	case DIRECTORY_DOWN:
		break;
	}
	return FALSE;
}

static struct question *find(const struct sources *s, guint64 serial)
{
	for (GList *i = s->questions; i; i = i->next) {
		struct question *q = i->data;
		if (q->serial == serial)
			return q;
	}
	return NULL;
}

static void on_answer(const struct directory_result *result, guint64 serial, gpointer data)
{
	struct question *q = find(data, serial);
	if (!q)
		return;
	const struct source_policy *policy = &q->owner->all[q->at].policy;
	struct directory_result told = *result;
	end_asking(q);
	told.answer = weighed(policy, result);
	if (is_last_word(policy, told.answer)) {
		told.duty = policy->duty;
		told.fallback = q->down;
		tell(q, &told);
	} else {
		pass_over(q, &told);
		ask_next(q);
	}
	person_wipe(&told.person);
}

static gboolean on_late(gpointer data)
{
	static const struct directory_result down = {.answer = DIRECTORY_DOWN};
	struct question *q = data;
	q->late = 0;
	stop_asking(q);
	pass_over(q, &down);
	ask_next(q);
	return G_SOURCE_REMOVE;
}

static gboolean on_cancelled(GCancellable *cancellable, gpointer data)
{
	struct question *q = data;
	q->cancelled = 0;
	question_free(q);
	return G_SOURCE_REMOVE;
}

static void ask(struct question *q)
{
	struct sources *s = q->owner;
	const struct source *source = &s->all[q->at];
	q->serial = ++s->serial;
	q->asking = g_cancellable_new();
	q->late = g_timeout_add_full(
		LATE_PRIORITY, (guint)source->policy.deadline_ms, on_late, q, NULL);
	directory_lookup(source->dir, q->kind, q->value, q->serial, q->asking, on_answer, s);
}

static void watch(struct question *q, GCancellable *cancellable)
{
	GSource *source = g_cancellable_source_new(cancellable);
	g_source_set_callback(source, G_SOURCE_FUNC(on_cancelled), q, NULL);
	q->cancellable = g_object_ref(cancellable);
	q->cancelled = g_source_attach(source, NULL);
	g_source_unref(source);
}

static void sources_lookup(struct directory *dir, const char *kind, const char *value,
	guint64 visit, GCancellable *cancellable, directory_done done, gpointer data)
{
	struct sources *s = (struct sources *)dir;
	if (g_cancellable_is_cancelled(cancellable))
		return;
	struct question *q = g_new0(struct question, 1);
	q->owner = s;
	q->kind = g_strdup(kind);
	q->value = g_strdup(value);
	q->visit = visit;
	q->done = done;
	q->data = data;
	if (cancellable)
		watch(q, cancellable);
	s->questions = g_list_prepend(s->questions, q);
	ask(q);
}

/* One that can be asked is enough; what is wrong is told of the first. */
static gboolean sources_ready(struct directory *dir, GError **error)
{
	const struct sources *s = (const struct sources *)dir;
	g_autoptr(GError) first = NULL;
	for (gsize i = 0; i < s->n; i++)
		if (directory_ready(s->all[i].dir, i == 0 ? &first : NULL))
			return TRUE;
	g_propagate_prefixed_error(
		error, g_steal_pointer(&first), "%s: ", s->all[0].dir->ops->name);
	return FALSE;
}

static struct directory *sources_free(struct directory *dir)
{
	struct sources *s = (struct sources *)dir;
	while (s->questions)
		question_free(s->questions->data);
	for (gsize i = 0; i < s->n; i++)
		directory_free(s->all[i].dir);
	g_free(s->all);
	g_free(s);
	return NULL;
}

struct directory *sources_new(
	struct directory *const *sources, const struct source_policy *policies, gsize n)
{
	static const struct directory_ops ops = {
		"sources", sources_lookup, sources_ready, sources_free};
	struct sources *s = g_new0(struct sources, 1);
	g_assert(n > 0);
	s->dir.ops = &ops;
	s->all = g_new0(struct source, n);
	s->n = n;
	for (gsize i = 0; i < n; i++)
		s->all[i] = (struct source){sources[i], policies[i]};
	return &s->dir;
}
