/* SPDX-License-Identifier: MIT
 *
 * card_read.c - madoguchictl card read
 *
 * One card, read by the code that reads it at the counter and with the layouts in force.
 */
#include <sys/random.h>

#include "kiosk/ctl/card_recorder.h"
#include "kiosk/ctl/card_tap.h"
#include "kiosk/ctl/ctl.h"
#include "kiosk/record/card_keys.h"
#include "kiosk/visit/problem.h"
#include "pcsc/card.h"

static const char *const assurances[] = {
	[CARD_UNAUTHENTICATED] = "unauthenticated",
	[CARD_MAC_VERIFIED] = "mac-verified",
};

struct errand {
	struct ctl *ctl;
	struct card_tap_options tap;
	char *record; /* path, or NULL */
	struct card_key *keys;
	gsize n_keys;
	/* What came of it. */
	char reader[READER_NAME_SIZE];
	struct card_reading reading;
	struct card_trace trace;
	enum card_err err;
};

static bool challenge(uint8_t ret[MAC_BLOCK_SIZE])
{
	return getrandom(ret, MAC_BLOCK_SIZE, 0) == MAC_BLOCK_SIZE;
}

static void read_card(struct errand *e, const struct card_transport *t)
{
	struct dialect_memory memory = {0};
	const struct config *config = e->ctl->config;
	const struct card_job job = {.layouts = config->layouts,
		.n_layouts = config->n_layouts,
		.keys = e->keys,
		.n_keys = e->n_keys,
		.challenge = challenge,
		.memory = &memory};
	e->err = card_read(t, e->reader, &job, &e->reading, &e->trace);
}

static gboolean tap(struct errand *e, struct card_recorder *recorder, GError **error)
{
	AUTO(card_tap) card_tap = card_tap_new(e->ctl, &e->tap, error);
	if (!card_tap)
		return FALSE;
	const struct card_transport *t = card_tap_transport(card_tap);
	e->err = card_tap_wait(card_tap, e->reader);
	if (e->err)
		return TRUE;
	read_card(e, recorder ? card_recorder_wrap(recorder, t) : t);
	if (!recorder)
		return TRUE;
	card_recorder_result(recorder, e->err);
	return card_recorder_close(recorder, error);
}

static guint32 total_us(const struct card_trace *trace)
{
	guint32 us = 0;
	for (gsize i = 0; i < trace->n_spans; i++)
		us += trace->spans[i].us;
	return us;
}

static void print_text(const struct errand *e)
{
	const struct card_reading *r = &e->reading;
	g_print("reader: %s\ndialect: %s\n", r->reader, r->dialect);
	g_print("layout: %s\nclass: %s\nkind: %s\nnumber: %s\nname: %s\n", r->layout,
		r->class_[0] ? r->class_ : "not in the layout", r->key_kind, r->number, r->name);
	g_print("reissue: %d\nissued: %d\nexpires: %d\n", r->reissue, r->issued, r->expires);
	g_print("assurance: %s\n", assurances[r->assurance]);
}

static void print_steps(const struct card_trace *trace)
{
	for (gsize i = 0; i < trace->n_spans; i++)
		g_print("step: %-14s %6.1f ms, %u APDUs\n", trace->spans[i].step,
			trace->spans[i].us / 1000.0, trace->spans[i].apdus);
	g_print("total: %.1f ms, %u APDUs\n", total_us(trace) / 1000.0, trace_apdus(trace));
}

static void add_text(GVariantBuilder *to, const char *key, const char *value)
{
	g_variant_builder_add(to, "{sv}", key, g_variant_new_string(value ? value : ""));
}

static void add_int(GVariantBuilder *to, const char *key, gint64 value)
{
	g_variant_builder_add(to, "{sv}", key, g_variant_new_int64(value));
}

static void add_code(GVariantBuilder *to, const char *key, guint digits, gulong value)
{
	g_autofree char *text = g_strdup_printf("%0*lX", (int)digits, value);
	add_text(to, key, text);
}

static void add_reading(GVariantBuilder *to, const struct card_reading *r)
{
	add_text(to, "layout", r->layout);
	add_text(to, "class", r->class_);
	add_text(to, "kind", r->key_kind);
	add_text(to, "number", r->number);
	add_text(to, "name", r->name);
	add_int(to, "reissue", r->reissue);
	add_int(to, "issued", r->issued);
	add_int(to, "expires", r->expires);
	add_text(to, "assurance", assurances[r->assurance]);
}

static void add_trace(GVariantBuilder *to, const struct card_trace *trace)
{
	GVariantBuilder steps;
	g_variant_builder_init(&steps, G_VARIANT_TYPE("aa{sv}"));
	for (gsize i = 0; i < trace->n_spans; i++) {
		g_variant_builder_open(&steps, G_VARIANT_TYPE("a{sv}"));
		add_text(&steps, "step", trace->spans[i].step);
		add_int(&steps, "us", trace->spans[i].us);
		add_int(&steps, "apdus", trace->spans[i].apdus);
		g_variant_builder_close(&steps);
	}
	g_variant_builder_add(to, "{sv}", "steps", g_variant_builder_end(&steps));
	add_int(to, "us", total_us(trace));
	add_int(to, "apdus", trace_apdus(trace));
	add_text(to, "step", trace->step);
	add_code(to, "sw", 4, trace->sw);
	add_code(to, "flags", 4, trace->flags);
	add_code(to, "pcsc", 8, (gulong)trace->pcsc & 0xffffffffUL);
}

/* Read well, and the counter would turn it away all the same. */
static gboolean proves_too_little(const struct errand *e)
{
	return !e->err && e->reading.assurance < e->ctl->config->assurance;
}

static const char *problem_id(const struct errand *e)
{
	/* That nobody laid a card down, or gave up, is no problem of the counter's. */
	if (e->err == CARD_ERR_TIMEOUT || e->err == CARD_ERR_CANCELLED)
		return "";
	if (proves_too_little(e))
		return problem_row(PROBLEM_UNPROVEN)->id;
	return problem_row(problem_of_card(e->err))->id;
}

static void print_json(const struct errand *e)
{
	GVariantBuilder to;
	g_variant_builder_init(&to, G_VARIANT_TYPE_VARDICT);
	add_text(&to, "result", card_err_name(e->err));
	add_text(&to, "problem", problem_id(e));
	add_text(&to, "reader", e->reader);
	add_text(&to, "dialect", e->err ? e->trace.dialect : e->reading.dialect);
	if (!e->err)
		add_reading(&to, &e->reading);
	add_trace(&to, &e->trace);
	ctl_print_json(g_variant_builder_end(&to));
}

static void say_failure(const struct errand *e)
{
	const struct card_trace *trace = &e->trace;
	g_printerr("madoguchictl: %s%s%s: %s", problem_id(e), *problem_id(e) ? " " : "",
		card_err_name(e->err), card_tap_explain(e->err));
	if (trace->step)
		g_printerr(" (step %s, dialect %s, SW %04X, FeliCa %04X, PC/SC %08lX)", trace->step,
			trace->dialect ? trace->dialect : "none", trace->sw, trace->flags,
			(gulong)trace->pcsc & 0xffffffffUL);
	g_printerr("\n");
}

static int report(const struct errand *e)
{
	if (e->ctl->json)
		print_json(e);
	else if (!e->err)
		print_text(e);
	if (!e->ctl->json && e->trace.n_spans > 0)
		print_steps(&e->trace);
	if (e->err)
		say_failure(e);
	if (proves_too_little(e))
		g_printerr("madoguchictl: %s: this desk demands a MAC\n", problem_id(e));
	return *problem_id(e) || e->err ? CTL_FAILED : CTL_OK;
}

/* Keys belong to the owner of the data folder; without them anybody may read a card. */
static gboolean load(struct ctl *ctl, GError **error)
{
	if (!ctl_load_config(ctl, error))
		return FALSE;
	char **names = ctl->config->mac_keys;
	return !names || !names[0] || ctl_become_owner(ctl, error);
}

static gboolean carry_out(struct errand *e, GError **error)
{
	AUTO(card_recorder) recorder = NULL;
	/* Before the owner of the data folder takes over: the file is the caller's. */
	if (e->record && !(recorder = card_recorder_new(e->record, error)))
		return FALSE;
	if (!load(e->ctl, error) || !card_keys_load(e->ctl->config, &e->keys, &e->n_keys, error) ||
		!tap(e, recorder, error))
		return FALSE;
	if (recorder && e->trace.n_spans > 0)
		g_printerr("madoguchictl: %s holds the bytes of this card, name and number of its "
			   "holder among them\n",
			e->record);
	return TRUE;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct errand e = {.ctl = ctl, .tap = {.wait_s = CARD_TAP_WAIT_S}};
	const GOptionEntry entries[] = {
		CARD_TAP_ENTRIES(e.tap),
		{"record", 0, 0, G_OPTION_ARG_FILENAME, &e.record,
			"Write the conversation, with all the card's bytes, to a new file", "FILE"},
		{0},
	};
	int status = CTL_USAGE;
	if (ctl_parse(ctl, &verb_card_read, entries, 0, 0, &argc, &argv))
		status = carry_out(&e, &error) ? report(&e) : ctl_fail(error);
	card_keys_free(e.keys, e.n_keys);
	reading_wipe(&e.reading);
	g_free(e.tap.reader);
	g_free(e.record);
	return status;
}

const struct verb verb_card_read = {"card read",
	"[--reader NAME] [--wait SECONDS] [--record FILE] [--json]",
	"Read one card as the counter does: name, number, and what each step cost", run};
