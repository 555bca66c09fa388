/* SPDX-License-Identifier: MIT
 *
 * card.c - madoguchictl card
 *
 * Shows what the layouts in force make of the next card. Only with the service
 * stopped: at a desk that works, a card on the reader begins a visit.
 */
#include <unistd.h>

#include "kiosk/ctl/ctl.h"
#include "pcsc/card.h"
#include "pcsc/watch.h"

#define WAIT_US (30 * G_TIME_SPAN_SECOND)

static int refuse(const char *why)
{
	g_printerr("madoguchictl: %s\n", why);
	return CTL_FAILED;
}

static int print(const struct card_reading *r)
{
	static const char *const assurances[] = {
		[CARD_UNAUTHENTICATED] = "unauthenticated",
		[CARD_MAC_VERIFIED] = "mac-verified",
	};
	g_print("reader: %s (%s)\nlayout: %s\n", r->reader, r->dialect, r->layout);
	g_print("class: %s\n%s: %s\nname: %s\n", r->class_[0] ? r->class_ : "not in the layout",
		r->key_kind, r->number, r->name);
	g_print("reissue: %d\nissued: %d\nexpires: %d\n", r->reissue, r->issued, r->expires);
	g_print("assurance: %s\n", assurances[r->assurance]);
	return CTL_OK;
}

static int read_card(const struct ctl *ctl, const struct card_transport *t, const char *reader)
{
	struct card_reading reading = {0};
	struct card_trace trace = {0};
	const struct card_job job = {
		.layouts = ctl->config->layouts, .n_layouts = ctl->config->n_layouts};
	enum card_err err = card_read(t, reader, &job, &reading, &trace);
	if (err == CARD_ERR_OK) {
		int status = print(&reading);
		reading_wipe(&reading);
		return status;
	}
	g_printerr("madoguchictl: %s at step %s (SW %04X, FeliCa %04X, PC/SC %08lX)\n",
		card_err_name(err), trace.step ? trace.step : "-", trace.sw, trace.flags,
		(unsigned long)trace.pcsc & 0xffffffffUL);
	return CTL_FAILED;
}

/* Until a card comes to an allowed reader. NULL: it is in *event; else why none did. */
static const char *wait_card(struct watch *watch, struct watch_event *event)
{
	gint64 end = g_get_monotonic_time() + WAIT_US;
	gint64 left;
	while ((left = end - g_get_monotonic_time()) > 0) {
		watch_next(watch, (unsigned)(left / 1000), event);
		if (event->kind == WATCH_CARD_IN)
			return NULL;
		if (event->kind == WATCH_CARD_MUTE)
			return "something is on the reader and does not answer";
		if (event->kind == WATCH_SERVICE_DOWN)
			return event->err == CARD_ERR_NOT_ALLOWED
				       ? "pcscd does not let this user in"
				       : "pcscd is not running";
	}
	return "no card was laid on a reader";
}

static int wait_and_read(const struct ctl *ctl)
{
	const char *const *allow = (const char *const *)ctl->config->allow;
	struct watch_event event = {0};
	struct card_transport *t = transport_pcsc_new();
	struct watch *watch =
		t ? watch_new(t, allow, allow ? g_strv_length((char **)allow) : 0) : NULL;
	if (!watch)
		g_error("out of memory");
	if (isatty(STDERR_FILENO))
		g_printerr("Lay a card on the reader ...\n");
	const char *why = wait_card(watch, &event);
	int status = why ? refuse(why) : read_card(ctl, t, event.reader);
	watch_free(watch);
	transport_pcsc_free(t);
	return status;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_card, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load(ctl, &error) || !ctl_connect(ctl, &error))
		return ctl_fail(error);
	if (ctl->service)
		return refuse("stop the service first: it would take the card for a visitor's");
	return wait_and_read(ctl);
}

const struct verb verb_card = {
	"card", "", "Print what the layouts make of one card: its name and number", run};
