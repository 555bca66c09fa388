/* SPDX-License-Identifier: MIT */
#include "kiosk/mailbox.h"

struct mailbox_source {
	GSource base;
	GAsyncQueue *letters;
	mailbox_receiver receive;
	GDestroyNotify free_letter;
	gpointer data;
};

struct mailbox {
	struct mailbox_source *source;
	GMainContext *context;
};

static struct mailbox_source *source_of(GSource *source)
{
	return (struct mailbox_source *)source;
}

static gboolean on_check(GSource *source)
{
	return g_async_queue_length(source_of(source)->letters) > 0;
}

static gboolean on_prepare(GSource *source, gint *ret_timeout)
{
	*ret_timeout = -1;
	return on_check(source);
}

static gboolean on_dispatch(GSource *base, GSourceFunc callback, gpointer data)
{
	struct mailbox_source *source = source_of(base);
	gpointer letter = g_async_queue_try_pop(source->letters);
	if (letter) {
		source->receive(letter, source->data);
		source->free_letter(letter);
	}
	return G_SOURCE_CONTINUE;
}

static void on_finalize(GSource *base)
{
	struct mailbox_source *source = source_of(base);
	gpointer letter;
	while ((letter = g_async_queue_try_pop(source->letters)))
		source->free_letter(letter);
	g_async_queue_unref(source->letters);
}

struct mailbox *mailbox_new(mailbox_receiver receive, GDestroyNotify free_letter, gpointer data)
{
	static GSourceFuncs funcs = {
		.prepare = on_prepare,
		.check = on_check,
		.dispatch = on_dispatch,
		.finalize = on_finalize,
	};
	struct mailbox *box = g_new0(struct mailbox, 1);
	box->source = source_of(g_source_new(&funcs, sizeof(struct mailbox_source)));
	box->source->letters = g_async_queue_new();
	box->source->receive = receive;
	box->source->free_letter = free_letter;
	box->source->data = data;
	box->context = g_main_context_ref_thread_default();
	g_source_attach(&box->source->base, box->context);
	return box;
}

void mailbox_post(struct mailbox *box, gpointer letter)
{
	g_async_queue_push(box->source->letters, letter);
	g_main_context_wakeup(box->context);
}

struct mailbox *mailbox_free(struct mailbox *box)
{
	if (!box)
		return NULL;
	g_source_destroy(&box->source->base);
	g_source_unref(&box->source->base);
	g_main_context_unref(box->context);
	g_free(box);
	return NULL;
}
