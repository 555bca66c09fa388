/* SPDX-License-Identifier: MIT
 *
 * vcard-tap - hold one card on a virtual reader, by hand or from a script.
 *
 * Exits 0 when the card lay there as long as asked, 1 when it could not be
 * laid there or left by itself, 2 for a wrong command line.
 */
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/virtual/field.h"
#include "tests/virtual/vcard.h"

#define ARRIVE_MS 10000 /* a reader may still be on its way */

struct options {
	char *socket, *kind, *cards;
	int for_ms, wait_ms;
	char **names;
};

static bool parse(int argc, char **argv, struct options *o)
{
	const GOptionEntry entries[] = {
		{"socket", 0, 0, G_OPTION_ARG_FILENAME, &o->socket, "Socket of the reader", "PATH"},
		{"kind", 0, 0, G_OPTION_ARG_STRING, &o->kind, "session, direct, acr122 …", "KIND"},
		{"cards", 0, 0, G_OPTION_ARG_FILENAME, &o->cards, "Folder of cards", "DIR"},
		{"for", 0, 0, G_OPTION_ARG_INT, &o->for_ms, "How long; 0: until Ctrl-C", "MS"},
		{"wait", 0, 0, G_OPTION_ARG_INT, &o->wait_ms, "For the reader to come", "MS"},
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->names, NULL, "CARD"},
		{NULL},
	};
	g_autoptr(GOptionContext) context = g_option_context_new("- hold a card on a reader");
	g_autoptr(GError) error = NULL;
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		fprintf(stderr, "vcard-tap: %s\n", error->message);
		return false;
	}
	if (o->socket && o->names && o->names[0] && !o->names[1])
		return true;
	fprintf(stderr, "usage: vcard-tap --socket PATH [--kind KIND] [--for MS] CARD\n");
	return false;
}

/* A name of the folder, or the path of a file. */
static struct vcard *load(const struct options *o, GError **error)
{
	const char *name = o->names[0];
	if (strchr(name, '/') || g_str_has_suffix(name, ".card"))
		return vcard_load(name, error);
	return vcard_find(o->cards ? o->cards : VCARD_DIR, name, error);
}

/* Until the time is up or a signal asks us to stop; the signals are blocked already. */
static void hold(int ms, const sigset_t *ends)
{
	const struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
	if (ms > 0)
		sigtimedwait(ends, NULL, &time);
	else
		sigwaitinfo(ends, NULL);
}

static int tap(const struct options *o, enum reader_kind kind, const sigset_t *ends)
{
	g_autoptr(GError) error = NULL;
	struct vcard *card = load(o, &error);
	if (!card) {
		fprintf(stderr, "vcard-tap: %s\n", error->message);
		return 1;
	}
	struct field *f = field_new(o->socket, kind);
	bool held = false;
	if (f) {
		field_insert(f, card);
		held = field_wait(f, FIELD_ON, (unsigned)MAX(o->wait_ms, 0));
	}
	if (held)
		hold(o->for_ms, ends);
	else
		fprintf(stderr, "vcard-tap: no reader at %s took the card\n", o->socket);
	bool left = held && field_state(f) == FIELD_LEFT;
	field_free(f);
	vcard_free(card);
	return held && !left ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct options o = {.for_ms = 1200, .wait_ms = ARRIVE_MS};
	enum reader_kind kind = READER_KIND_SESSION;
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	bool good = parse(argc, argv, &o);
	if (good && o.kind && !reader_kind_parse(o.kind, &kind)) {
		fprintf(stderr, "vcard-tap: no such kind of reader: %s\n", o.kind);
		good = false;
	}
	int code = good ? tap(&o, kind, &ends) : 2;
	g_free(o.socket);
	g_free(o.kind);
	g_free(o.cards);
	g_strfreev(o.names);
	return code;
}
