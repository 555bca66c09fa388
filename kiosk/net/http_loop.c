/* SPDX-License-Identifier: MIT */
#include "kiosk/net/http_loop.h"

#include <glib-unix.h>

#define CONNECTIONS_KEPT     4
#define CONNECTIONS_PER_HOST 4

struct http_loop {
	grefcount refs; /* a callback of ours may free the loop that called it */
	gboolean closed;
	CURLM *multi;
	GMainContext *context;
	GThread *thread;
	GHashTable *sockets; /* fd: GSource */
	GSource *timer;
	http_loop_ended ended;
	gpointer data;
};

static void source_free(gpointer data)
{
	GSource *source = data;
	g_source_destroy(source);
	g_source_unref(source);
}

static void unref(struct http_loop *loop)
{
	if (!g_ref_count_dec(&loop->refs))
		return;
	g_hash_table_unref(loop->sockets);
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
		loop->ended(easy, code, loop->data);
	}
	unref(loop);
}

static void act(struct http_loop *loop, curl_socket_t fd, int events)
{
	int running = 0;
	curl_multi_socket_action(loop->multi, fd, events, &running);
	drain(loop);
}

static gboolean on_socket_ready(gint fd, GIOCondition condition, gpointer data)
{
	int events = 0;
	if (condition & (G_IO_IN | G_IO_HUP))
		events |= CURL_CSELECT_IN;
	if (condition & G_IO_OUT)
		events |= CURL_CSELECT_OUT;
	if (condition & (G_IO_ERR | G_IO_NVAL))
		events |= CURL_CSELECT_ERR;
	act(data, fd, events);
	return G_SOURCE_CONTINUE; /* libcurl says when to stop, see on_socket() */
}

static GIOCondition condition_of(int what)
{
	GIOCondition condition = G_IO_HUP | G_IO_ERR;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		condition |= G_IO_IN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		condition |= G_IO_OUT;
	return condition;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
	struct http_loop *loop = data;
	g_hash_table_remove(loop->sockets, GINT_TO_POINTER(fd));
	if (what == CURL_POLL_REMOVE)
		return 0;
	GSource *source = g_unix_fd_source_new(fd, condition_of(what));
	g_source_set_callback(source, G_SOURCE_FUNC(on_socket_ready), loop, NULL);
	g_source_attach(source, loop->context);
	g_hash_table_insert(loop->sockets, GINT_TO_POINTER(fd), source);
	return 0;
}

static gboolean on_timer_due(gpointer data)
{
	struct http_loop *loop = data;
	g_clear_pointer(&loop->timer, source_free);
	act(loop, CURL_SOCKET_TIMEOUT, 0);
	return G_SOURCE_REMOVE;
}

static int on_timer(CURLM *multi, long timeout_ms, void *data)
{
	struct http_loop *loop = data;
	g_clear_pointer(&loop->timer, source_free);
	if (timeout_ms < 0)
		return 0;
	loop->timer = g_timeout_source_new((guint)MIN(timeout_ms, G_MAXINT));
	g_source_set_callback(loop->timer, on_timer_due, loop, NULL);
	g_source_attach(loop->timer, loop->context);
	return 0;
}

struct http_loop *http_loop_new(http_loop_ended ended, gpointer data)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NULL;
	CURLM *multi = curl_multi_init();
	if (!multi) {
		curl_global_cleanup();
		return NULL;
	}
	struct http_loop *loop = g_new0(struct http_loop, 1);
	g_ref_count_init(&loop->refs);
	*loop = (struct http_loop){.refs = loop->refs,
		.multi = multi,
		.context = g_main_context_ref_thread_default(),
		.thread = g_thread_self(),
		.sockets = g_hash_table_new_full(NULL, NULL, NULL, source_free),
		.ended = ended,
		.data = data};
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, loop);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, loop);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
	curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_PER_HOST);
	return loop;
}

CURLcode http_loop_add(struct http_loop *loop, CURL *easy)
{
	g_assert(loop->thread == g_thread_self());
	return curl_multi_add_handle(loop->multi, easy) == CURLM_OK ? CURLE_OK : CURLE_FAILED_INIT;
}

void http_loop_remove(struct http_loop *loop, CURL *easy)
{
	g_assert(loop->thread == g_thread_self());
	curl_multi_remove_handle(loop->multi, easy);
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
	g_clear_pointer(&loop->timer, source_free);
	g_hash_table_remove_all(loop->sockets);
	curl_global_cleanup();
	unref(loop);
	return NULL;
}
