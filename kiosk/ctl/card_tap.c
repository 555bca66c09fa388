/* SPDX-License-Identifier: MIT */
#include "kiosk/ctl/card_tap.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "pcsc/watch.h"

#define LOAN_MORE_S 60  /* for the conversation, after the wait */
#define LOOK_MS     300 /* a card that lies there is seen by then */
#define EXIT_SIGNAL 130 /* as a shell has it for Ctrl-C */

struct card_tap {
	struct ctl *ctl;
	gboolean borrowed, lies; /* … and a card was laid down meanwhile */
	const char *reader;      /* borrowed from the options; NULL: any allowed */
	gint64 end_us;
	struct card_transport *transport;
	struct watch *watch;
	/* Signals. */
	sigset_t before;
	int signals, end; /* signalfd, eventfd */
	GThread *listener;
	gint given_up; /* atomic */
};

static void on_signal(struct card_tap *tap)
{
	static const char said[] = "\nmadoguchictl: ending; press Ctrl-C again to leave at once\n";
	if (g_atomic_int_get(&tap->given_up))
		_exit(EXIT_SIGNAL);
	g_atomic_int_set(&tap->given_up, 1);
	watch_wake(tap->watch);
	if (write(STDERR_FILENO, said, sizeof said - 1) < 0)
		return;
}

static gpointer listen_for_signals(gpointer data)
{
	struct card_tap *tap = data;
	struct pollfd fds[] = {{tap->end, POLLIN, 0}, {tap->signals, POLLIN, 0}};
	struct signalfd_siginfo info;
	while (poll(fds, G_N_ELEMENTS(fds), -1) < 0 || !fds[0].revents)
		if ((fds[1].revents & POLLIN) &&
			read(tap->signals, &info, sizeof info) == sizeof info)
			on_signal(tap);
	return NULL;
}

/* Before the first thread of the process: all of them inherit the mask. */
static void hold_signals(struct card_tap *tap)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &tap->before);
	tap->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	tap->end = eventfd(0, EFD_CLOEXEC);
	if (tap->signals < 0 || tap->end < 0)
		g_error("no descriptors left");
}

static gboolean borrow(struct card_tap *tap, int wait_s, GError **error)
{
	if (!ctl_connect(tap->ctl, error))
		return FALSE;
	if (!tap->ctl->service)
		return TRUE;
	tap->borrowed = door_admin1_call_borrow_reader_sync(
		tap->ctl->service, (guint)(wait_s + LOAN_MORE_S), NULL, error);
	if (!ctl_called(tap->borrowed, error)) {
		g_prefix_error(error, "the service keeps its readers: ");
		return FALSE;
	}
	return TRUE;
}

static void give_back(struct card_tap *tap)
{
	if (!tap->borrowed)
		return;
	/* Where this fails the service takes it back by itself, as our connection ends. */
	door_admin1_call_return_reader_sync(tap->ctl->service, NULL, NULL);
	if (tap->lies)
		g_printerr("madoguchictl: take the card away; the counter opens then\n");
}

static struct watch *watch_readers_of(struct card_tap *tap)
{
	const char *const *allow = (const char *const *)tap->ctl->config->allow;
	if (tap->reader)
		return watch_new(tap->transport, &tap->reader, 1);
	return watch_new(tap->transport, allow, allow ? g_strv_length((char **)allow) : 0);
}

struct card_tap *card_tap_new(
	struct ctl *ctl, const struct card_tap_options *options, GError **error)
{
	if (options->wait_s < 0 || options->wait_s > CARD_TAP_WAIT_MAX_S) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			"--wait takes 0 to %d seconds", CARD_TAP_WAIT_MAX_S);
		return NULL;
	}
	AUTO(card_tap) tap = g_new0(struct card_tap, 1);
	tap->ctl = ctl;
	tap->reader = options->reader;
	hold_signals(tap);
	tap->transport = transport_pcsc_new();
	tap->watch = tap->transport ? watch_readers_of(tap) : NULL;
	if (!tap->watch)
		g_error("out of memory");
	tap->listener = g_thread_new("signals", listen_for_signals, tap);
	if (!borrow(tap, options->wait_s, error))
		return NULL;
	tap->end_us = g_get_monotonic_time() + options->wait_s * G_TIME_SPAN_SECOND;
	return g_steal_pointer(&tap);
}

static void say_what_to_do(const struct card_tap *tap)
{
	if (watch_readers(tap->watch) > 0)
		g_printerr("madoguchictl: lay the card on the reader and leave it there\n");
	else if (tap->reader)
		g_printerr("madoguchictl: no reader's name begins with \"%s\"; plug it in\n",
			tap->reader);
	else
		g_printerr("madoguchictl: no reader is attached; plug one in\n");
}

/* OK: the wait goes on; *ret_card: it has ended well. */
static enum card_err take(const struct watch_event *event, gboolean *ret_card)
{
	*ret_card = event->kind == WATCH_CARD_IN;
	if (event->kind == WATCH_CARD_MUTE)
		return CARD_ERR_MUTE;
	return event->kind == WATCH_SERVICE_DOWN ? event->err : CARD_ERR_OK;
}

enum card_err card_tap_wait(struct card_tap *tap, char ret_reader[READER_NAME_SIZE])
{
	gint64 look_end = g_get_monotonic_time() + LOOK_MS * G_TIME_SPAN_MILLISECOND;
	gboolean card = FALSE, said = FALSE;
	gint64 left;
	while ((left = MAX(look_end, tap->end_us) - g_get_monotonic_time()) > 0) {
		struct watch_event event = {0};
		gint64 now = said ? left : MAX(look_end - g_get_monotonic_time(), 0);
		watch_next(
			tap->watch, (unsigned)(MIN(now, left) / G_TIME_SPAN_MILLISECOND), &event);
		if (g_atomic_int_get(&tap->given_up))
			return CARD_ERR_CANCELLED;
		enum card_err err = take(&event, &card);
		if (err)
			return err;
		if (card) {
			tap->lies = TRUE;
			g_strlcpy(ret_reader, event.reader, READER_NAME_SIZE);
			return CARD_ERR_OK;
		}
		if (!said && g_get_monotonic_time() >= look_end) {
			say_what_to_do(tap);
			said = TRUE;
		}
	}
	return watch_readers(tap->watch) > 0 ? CARD_ERR_TIMEOUT : CARD_ERR_NO_READER;
}

const struct card_transport *card_tap_transport(const struct card_tap *tap)
{
	return tap->transport;
}

static void release_signals(struct card_tap *tap)
{
	if (tap->listener) {
		eventfd_write(tap->end, 1);
		g_thread_join(tap->listener);
	}
	close(tap->signals);
	close(tap->end);
	sigprocmask(SIG_SETMASK, &tap->before, NULL);
}

struct card_tap *card_tap_free(struct card_tap *tap)
{
	if (!tap)
		return NULL;
	give_back(tap);
	release_signals(tap);
	watch_free(tap->watch);
	transport_pcsc_free(tap->transport);
	g_free(tap);
	return NULL;
}

const char *card_tap_explain(enum card_err err)
{
	switch (err) {
	case CARD_ERR_OK:
		return "done";
	case CARD_ERR_REMOVED:
		return "the card left before the end; lay it down and leave it there";
	case CARD_ERR_BUSY:
		return "another program holds the card or the reader";
	case CARD_ERR_UNREADABLE:
		return "the card answers, but not with what the layout promises";
	case CARD_ERR_UNKNOWN_CARD:
		return "no layout fits this card";
	case CARD_ERR_NO_DATA:
		return "the layout's service is there and empty";
	case CARD_ERR_NO_READER:
		return "no reader is attached";
	case CARD_ERR_NO_SERVICE:
		return "pcscd is not running";
	case CARD_ERR_NOT_ALLOWED:
		return "pcscd does not let this user in";
	case CARD_ERR_NO_DIALECT:
		return "the reader speaks no dialect that is known";
	case CARD_ERR_PROTOCOL:
		return "the reader or the card broke its protocol";
	case CARD_ERR_LIMIT:
		return "a limit was passed";
	case CARD_ERR_TIMEOUT:
		return "no card was laid on a reader";
	case CARD_ERR_CANCELLED:
		return "given up";
	case CARD_ERR_FOREIGN:
		return "number or school are not this site's";
	case CARD_ERR_MUTE:
		return "something is on the reader and does not answer";
	case CARD_ERR_UNPROVEN:
		return "the card's MAC is wrong, or its key is not at hand";
	case CARD_ERR_TRANSIT:
		return "this is a transit card";
	}
	return "unheard of";
}
