/* SPDX-License-Identifier: MIT
 *
 * ledger_verify.c - madoguchictl ledger verify
 */
#include "kiosk/ctl/ledger.h"

#include "kiosk/record/ledger_audit.h"
#include "kiosk/record/ledger_store.h"

#define WITNESSES_MAX 16

struct witnesses {
	struct ledger_file *file[WITNESSES_MAX + 2]; /* NULL at the end */
	guint n;
};

static gboolean add(
	struct witnesses *w, const char *path, const struct note_key *key, GError **error)
{
	g_autofree char *text = NULL;
	gsize len = 0;
	if (w->n > WITNESSES_MAX)
		return note_fail(error, NOTE_ERROR_CONTENT, "too many files");
	if (!ledger_get(path, &text, &len, error))
		return FALSE;
	w->file[w->n] = ledger_file_read(text, len, key, NULL, error);
	if (!w->file[w->n]) {
		g_prefix_error(error, "%s: ", path);
		return FALSE;
	}
	ledger_say_faults(w->file[w->n]->faults);
	w->n++;
	return TRUE;
}

/* What this desk signed last, and what was brought from outside. */
static gboolean gather(struct ctl *ctl, char *const *paths, struct witnesses *w, GError **error)
{
	struct note_key key;
	g_autofree char *last = g_build_filename(ctl->config->data_dir, LEDGER_SIGNED, NULL);
	if (!ledger_own_key(ctl, &key, error) ||
		(g_file_test(last, G_FILE_TEST_EXISTS) && !add(w, last, &key, error)))
		return FALSE;
	for (guint i = 0; paths && paths[i]; i++)
		if (!add(w, paths[i], &key, error))
			return FALSE;
	return TRUE;
}

static void say(const struct ctl *ctl, const struct ledger_audit *audit)
{
	g_autofree char *root = g_base64_encode(audit->found.root, sizeof audit->found.root);
	if (ctl->json)
		ctl_print_json(g_variant_new("(tsu)", audit->found.size, root, audit->faults->len));
	else
		g_print("%" G_GUINT64_FORMAT " leaves, root %s; %" G_GUINT64_FORMAT
			" compared with their sealed requests\n",
			audit->found.size, root, audit->compared);
	ledger_say_faults(audit->faults);
}

static gboolean verify(struct ctl *ctl, char *const *paths, struct witnesses *w, GError **error)
{
	struct ledger_audit audit;
	if (!ledger_open(ctl, error) || !gather(ctl, paths, w, error) ||
		!ledger_audit_run(
			ctl->store, (const struct ledger_file *const *)w->file, &audit, error))
		return FALSE;
	say(ctl, &audit);
	guint n = audit.faults->len;
	ledger_audit_clear(&audit);
	return n == 0 || note_fail(error, NOTE_ERROR_CONTENT, "the ledger has %u faults", n);
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) paths = NULL;
	struct witnesses witnesses = {0};
	const GOptionEntry entries[] = {
		{"against", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths,
			"A checkpoint, a proof or an export kept elsewhere", "FILE"},
		{0},
	};
	if (!ctl_parse(ctl, &verb_ledger_verify, entries, 0, 0, &argc, &argv))
		return CTL_USAGE;
	gboolean ok = verify(ctl, paths, &witnesses, &error);
	for (guint i = 0; i < witnesses.n; i++)
		ledger_file_free(witnesses.file[i]);
	return ok ? CTL_OK : ctl_fail(error);
}

const struct verb verb_ledger_verify = {"ledger verify", "[--against FILE …]",
	"Recompute the ledger and name each leaf that is not what it was", run};
