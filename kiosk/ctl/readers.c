/* SPDX-License-Identifier: MIT
 *
 * readers.c - madoguchictl card readers
 */
#include <string.h>

#include "kiosk/ctl/card_tap.h"
#include "kiosk/ctl/ctl.h"
#include "kiosk/visit/seat.h"
#include "pcsc/dialect.h"

struct row {
	const struct reader_state *state;
	gboolean allowed;
	enum seat seat;
};

static const char *card_word(const struct reader_state *state)
{
	if (!state->present)
		return "none";
	if (state->mute)
		return "mute";
	return state->in_use ? "in-use" : "present";
}

static const char *seat_word(const struct row *row)
{
	static const char *const words[] = {
		[SEAT_NONE] = "nobody",
		[SEAT_CLERK] = "clerks",
		[SEAT_ALL] = "all",
	};
	return row->allowed ? words[row->seat] : "not-allowed";
}

static char *atr_of(const struct reader_state *state)
{
	GString *text = g_string_new(NULL);
	for (gsize i = 0; i < state->atr_len; i++)
		g_string_append_printf(text, "%02X", state->atr[i]);
	return g_string_free(text, FALSE);
}

/* Dialects whose makers' names stand in the reader's; the card itself was not asked. */
static char *dialects_of(const char *reader)
{
	GString *text = g_string_new(NULL);
	const struct dialect *d;
	for (gsize i = 0; (d = dialect_row(i)); i++) {
		gboolean hinted = FALSE;
		for (const char *const *hint = d->hints; *hint; hint++)
			hinted = hinted || strstr(reader, *hint);
		if (hinted)
			g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", d->name);
	}
	return g_string_free(text, FALSE);
}

static gboolean is_allowed(const struct config *config, const char *reader)
{
	char **allow = config->allow;
	for (gsize i = 0; allow && allow[i]; i++)
		if (g_str_has_prefix(reader, allow[i]))
			return TRUE;
	return !allow || !allow[0];
}

static void assign(const struct config *config, struct row *rows, gsize n)
{
	const struct seat_rules rules = {(const char *const *)config->preferred, config->holder};
	const char *names[READER_MAX];
	enum seat seats[READER_MAX];
	gsize allowed = 0;
	for (gsize i = 0; i < n; i++)
		if (rows[i].allowed)
			names[allowed++] = rows[i].state->name;
	seat_assign(&rules, names, allowed, seats);
	allowed = 0;
	for (gsize i = 0; i < n; i++)
		if (rows[i].allowed)
			rows[i].seat = seats[allowed++];
}

static void print_text(const struct row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *atr = atr_of(rows[i].state);
		g_autofree char *dialects = dialects_of(rows[i].state->name);
		g_print("%s\n  card: %s\n", rows[i].state->name, card_word(rows[i].state));
		if (*atr)
			g_print("  atr: %s\n", atr);
		g_print("  dialect by name: %s\n  serves: %s\n",
			*dialects ? dialects : "none, all are tried", seat_word(&rows[i]));
	}
}

static void print_json(const struct row *rows, gsize n)
{
	GVariantBuilder to;
	g_variant_builder_init(&to, G_VARIANT_TYPE("aa{ss}"));
	for (gsize i = 0; i < n; i++) {
		g_autofree char *atr = atr_of(rows[i].state);
		g_autofree char *dialects = dialects_of(rows[i].state->name);
		g_variant_builder_open(&to, G_VARIANT_TYPE("a{ss}"));
		g_variant_builder_add(&to, "{ss}", "name", rows[i].state->name);
		g_variant_builder_add(&to, "{ss}", "card", card_word(rows[i].state));
		g_variant_builder_add(&to, "{ss}", "atr", atr);
		g_variant_builder_add(&to, "{ss}", "dialect", dialects);
		g_variant_builder_add(&to, "{ss}", "serves", seat_word(&rows[i]));
		g_variant_builder_close(&to);
	}
	ctl_print_json(g_variant_builder_end(&to));
}

static void print(const struct ctl *ctl, const struct reader_state *readers, gsize n)
{
	struct row rows[READER_MAX] = {0};
	for (gsize i = 0; i < n; i++) {
		rows[i].state = &readers[i];
		rows[i].allowed = is_allowed(ctl->config, readers[i].name);
	}
	assign(ctl->config, rows, n);
	(ctl->json ? print_json : print_text)(rows, n);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	struct reader_state readers[READER_MAX];
	size_t n = 0;
	g_autoptr(GError) error = NULL;
	if (!ctl_parse(ctl, &verb_card_readers, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load_config(ctl, &error))
		return ctl_fail(error);
	struct card_transport *transport = transport_pcsc_new();
	if (!transport)
		g_error("out of memory");
	enum card_err err = transport->list(transport->self, readers, READER_MAX, &n);
	transport_pcsc_free(transport);
	if (!err) {
		print(ctl, readers, n);
		return CTL_OK;
	}
	g_printerr("madoguchictl: %s\n", card_tap_explain(err));
	return CTL_FAILED;
}

const struct verb verb_card_readers = {"card readers", "[--json]",
	"List the card readers: name, card, dialect, and whom each serves", run};
