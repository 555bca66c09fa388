/* SPDX-License-Identifier: MIT */
#include "kiosk/net/http_loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#define CONNECTIONS_KEPT     4
#define CONNECTIONS_PER_HOST 4
#define EVENTS_AT_ONCE       8

#define NEVER G_MAXINT64

struct http_loop {
	grefcount refs; /* a callback of ours may free the loop that called it */
	gboolean closed;
	CURLM *multi;
	GMainContext *context;
	GThread *thread;
	GSource *source;
	int epoll;            /* libcurl's sockets */
	gint64 due;           /* monotonic, us: libcurl wants its turn; NEVER */
	int handles;          /* in `multi` */
	gboolean ended_early; /* one of them is over and nobody was told */
	http_loop_ended ended;
	gpointer data;
};

/* One for all sockets and the timer. A source for each, or one that is changed, wakes the
 * context with every change: a turn of it in vain. */
struct loop_source {
	GSource source;
	struct http_loop *loop;
	gpointer tag;
};

static void unref(struct http_loop *loop)
{
	if (!g_ref_count_dec(&loop->refs))
		return;
	g_main_context_unref(loop->context);
	g_free(loop);
}

/* Hand out what is over. */
static void drain(struct http_loop *loop)
{
	int left = 0;
	CURLMsg *message = NULL;
	g_ref_count_inc(&loop->refs);
	while (!loop->closed && (message = curl_multi_info_read(loop->multi, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_multi_remove_handle(loop->multi, easy);
		loop->handles--;
		loop->ended(easy, code, loop->data);
	}
	unref(loop);
}

static int events_of(guint32 ready)
{
	int events = 0;
	if (ready & (EPOLLIN | EPOLLHUP))
		events |= CURL_CSELECT_IN;
	if (ready & EPOLLOUT)
		events |= CURL_CSELECT_OUT;
	if (ready & EPOLLERR)
		events |= CURL_CSELECT_ERR;
	return events;
}

/* A socket that an earlier one's turn closed is unknown to libcurl, which ignores it. */
static void act_on_sockets(struct http_loop *loop)
{
	struct epoll_event ready[EVENTS_AT_ONCE];
	int running = 0, n = epoll_wait(loop->epoll, ready, EVENTS_AT_ONCE, 0);
	for (int i = 0; i < n; i++)
		curl_multi_socket_action(
			loop->multi, ready[i].data.fd, events_of(ready[i].events), &running);
}

static void act_on_time(struct http_loop *loop)
{
	int running = 0;
	loop->due = NEVER;
	curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	loop->ended_early = running < loop->handles;
}

static gboolean prepare(GSource *source, gint *timeout_ms)
{
	const struct http_loop *loop = ((struct loop_source *)source)->loop;
	gint64 left = loop->due - g_get_monotonic_time();
	*timeout_ms = loop->due == NEVER ? -1 : (gint)CLAMP((left + 999) / 1000, 0, G_MAXINT);
	return loop->ended_early || left <= 0;
}

static gboolean check(GSource *source)
{
	const struct loop_source *s = (struct loop_source *)source;
	return g_source_query_unix_fd(source, s->tag) != 0 || s->loop->ended_early ||
	       s->loop->due <= g_get_monotonic_time();
}

static gboolean dispatch(GSource *source, GSourceFunc unused, gpointer unused_too)
{
	const struct loop_source *s = (struct loop_source *)source;
	struct http_loop *loop = s->loop;
	if (g_source_query_unix_fd(source, s->tag))
		act_on_sockets(loop);
	if (loop->due <= g_get_monotonic_time())
		act_on_time(loop);
	loop->ended_early = FALSE;
	drain(loop);
	return G_SOURCE_CONTINUE;
}

static GSource *source_new(struct http_loop *loop)
{
	static GSourceFuncs functions = {prepare, check, dispatch, NULL, NULL, NULL};
	GSource *source = g_source_new(&functions, sizeof(struct loop_source));
	struct loop_source *s = (struct loop_source *)source;
	s->loop = loop;
	s->tag = g_source_add_unix_fd(source, loop->epoll, G_IO_IN);
	g_source_attach(source, loop->context);
	return source;
}

static guint32 condition_of(int what)
{
	guint32 condition = 0;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		condition |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		condition |= EPOLLOUT;
	return condition;
}

/* Where the kernel takes no more, the transfer ends by its own deadline. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *known)
{
	struct http_loop *loop = data;
	struct epoll_event event = {.events = condition_of(what), .data.fd = fd};
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	epoll_ctl(loop->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
	curl_multi_assign(loop->multi, fd, loop); /* any pointer: known from now on */
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *data)
{
	struct http_loop *loop = data;
	loop->due = timeout_ms < 0 ? NEVER : g_get_monotonic_time() + (gint64)timeout_ms * 1000;
	return 0;
}

struct http_loop *http_loop_new(http_loop_ended ended, gpointer data)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NULL;
	CURLM *multi = curl_multi_init();
	int epoll = multi ? epoll_create1(EPOLL_CLOEXEC) : -1;
	if (epoll < 0) {
		curl_multi_cleanup(multi);
		curl_global_cleanup();
		return NULL;
	}
	struct http_loop *loop = g_new0(struct http_loop, 1);
	g_ref_count_init(&loop->refs);
	*loop = (struct http_loop){.refs = loop->refs,
		.multi = multi,
		.context = g_main_context_ref_thread_default(),
		.thread = g_thread_self(),
		.epoll = epoll,
		.due = NEVER,
		.ended = ended,
		.data = data};
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, loop);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, loop);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
	curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_PER_HOST);
	loop->source = source_new(loop);
	return loop;
}

CURLcode http_loop_add(struct http_loop *loop, CURL *easy)
{
	g_assert(loop->thread == g_thread_self());
	if (curl_multi_add_handle(loop->multi, easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	loop->handles++;
	/* On a kept connection the request leaves now, not in the context's next turn. */
	act_on_time(loop);
	return CURLE_OK;
}

void http_loop_remove(struct http_loop *loop, CURL *easy)
{
	g_assert(loop->thread == g_thread_self());
	curl_multi_remove_handle(loop->multi, easy);
	loop->handles--;
}

GMainContext *http_loop_context(const struct http_loop *loop)
{
	return loop->context;
}

struct http_loop *http_loop_free(struct http_loop *loop)
{
	if (!loop)
		return NULL;
	g_assert(loop->thread == g_thread_self());
	loop->closed = TRUE;
	curl_multi_cleanup(loop->multi);
	g_source_destroy(loop->source);
	g_source_unref(loop->source);
	close(loop->epoll);
	curl_global_cleanup();
	unref(loop);
	return NULL;
}
