/* SPDX-License-Identifier: MIT */
#include "kiosk/card_thread.h"

#include "kiosk/mailbox.h"
#include "kiosk/record/seal.h"

/* Longest wait of the watch: also how often an idle thread shows that it lives. */
#define WATCH_MS 5000
/* After a card came in, the order to read it is expected at once: waiting for it here
 * saves a round through the watch. */
#define ORDER_US (50 * 1000)

struct card_order {
	guint64 visit;
	guint errand;
	char reader[READER_NAME_SIZE];
};

struct card_thread {
	GThread *thread;
	struct mailbox *box;
	struct card_transport *transport;
	struct watch *watch;
	GAsyncQueue *orders; /* of struct card_order */
	struct card_job job;
	struct dialect_memory memory; /* the thread's own */
	card_thread_report report;
	gpointer data;
	gint stopping;   /* atomic */
	GMutex lock;     /* over alive_us */
	gint64 alive_us; /* monotonic */
};

static void show_alive(struct card_thread *self)
{
	g_mutex_lock(&self->lock);
	self->alive_us = g_get_monotonic_time();
	g_mutex_unlock(&self->lock);
}

static void free_report(gpointer letter)
{
	struct card_report *report = letter;
	reading_wipe(&report->reading);
	g_free(report);
}

static void on_report(gpointer letter, gpointer data)
{
	struct card_thread *self = data;
	if (!g_atomic_int_get(&self->stopping))
		self->report(letter, self->data);
}

static void post_event(struct card_thread *self, const struct watch_event *event)
{
	struct card_report *report = g_new0(struct card_report, 1);
	report->kind = CARD_REPORT_EVENT;
	report->event = *event;
	mailbox_post(self->box, report);
	if (event->kind == WATCH_READER_OUT)
		dialect_forget(&self->memory, event->reader);
}

static void carry_out(struct card_thread *self, const struct card_order *order)
{
	struct card_report *report = g_new0(struct card_report, 1);
	gint64 start = g_get_monotonic_time();
	report->kind = CARD_REPORT_READ;
	report->visit = order->visit;
	report->errand = order->errand;
	g_strlcpy(report->reader, order->reader, sizeof report->reader);
	report->err = card_read(
		self->transport, order->reader, &self->job, &report->reading, &report->trace);
	report->took_us = g_get_monotonic_time() - start;
	mailbox_post(self->box, report);
}

static void take_orders(struct card_thread *self, gboolean card_came)
{
	struct card_order *order = card_came ? g_async_queue_timeout_pop(self->orders, ORDER_US)
					     : g_async_queue_try_pop(self->orders);
	for (; order; order = g_async_queue_try_pop(self->orders)) {
		carry_out(self, order);
		g_free(order);
		show_alive(self);
	}
}

/* Report everything that is known by now, so that a second card is known of before the
 * first is read. TRUE: a card came in. */
static gboolean post_events(struct card_thread *self)
{
	struct watch_event event = {0};
	gboolean card_came = FALSE;
	watch_next(self->watch, WATCH_MS, &event);
	while (event.kind != WATCH_NOTHING) {
		post_event(self, &event);
		card_came = card_came || event.kind == WATCH_CARD_IN;
		watch_next(self->watch, 0, &event);
	}
	return card_came;
}

static gpointer run(gpointer data)
{
	struct card_thread *self = data;
	while (!g_atomic_int_get(&self->stopping)) {
		show_alive(self);
		gboolean card_came = post_events(self);
		show_alive(self);
		take_orders(self, card_came);
	}
	return NULL;
}

static bool draw_challenge(uint8_t ret[MAC_BLOCK_SIZE])
{
	seal_random(ret, MAC_BLOCK_SIZE);
	return true;
}

struct card_thread *card_thread_start(const struct card_job *job, const char *const *allow,
	card_thread_report report, gpointer data)
{
	struct card_thread *self = g_new0(struct card_thread, 1);
	self->job = *job;
	self->job.challenge = draw_challenge;
	self->job.memory = &self->memory;
	self->report = report;
	self->data = data;
	self->transport = transport_pcsc_new();
	if (!self->transport)
		g_error("out of memory");
	self->watch = watch_new(self->transport, allow, allow ? g_strv_length((char **)allow) : 0);
	if (!self->watch)
		g_error("out of memory");
	self->orders = g_async_queue_new_full(g_free);
	self->box = mailbox_new(on_report, free_report, self);
	g_mutex_init(&self->lock);
	show_alive(self);
	self->thread = g_thread_new("cards", run, self);
	return self;
}

void card_thread_read(struct card_thread *self, const char *reader, guint64 visit, guint errand)
{
	struct card_order *order = g_new0(struct card_order, 1);
	order->visit = visit;
	order->errand = errand;
	g_strlcpy(order->reader, reader, sizeof order->reader);
	g_async_queue_push(self->orders, order);
	watch_wake(self->watch);
}

gint64 card_thread_silent_us(struct card_thread *self)
{
	g_mutex_lock(&self->lock);
	gint64 alive_us = self->alive_us;
	g_mutex_unlock(&self->lock);
	return g_get_monotonic_time() - alive_us;
}

struct card_thread *card_thread_stop(struct card_thread *self)
{
	if (!self)
		return NULL;
	g_atomic_int_set(&self->stopping, 1);
	watch_wake(self->watch);
	g_thread_join(self->thread);
	mailbox_free(self->box);
	watch_free(self->watch);
	transport_pcsc_free(self->transport);
	g_async_queue_unref(self->orders);
	g_mutex_clear(&self->lock);
	g_free(self);
	return NULL;
}
