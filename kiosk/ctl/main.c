/* SPDX-License-Identifier: MIT
 *
 * main.c - madoguchictl: find the verb and run it.
 */
#include <locale.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/ctl/ctl.h"
#include "kiosk/zero_free.h"

#define VERB_WORDS_MAX 3

static const struct verb *const verbs[] = {&verb_key_create, &verb_directory_import,
	&verb_directory_export, &verb_directory_keygen, &verb_directory_age, &verb_directory_check,
	&verb_directory_lookup, &verb_clerk_add, &verb_clerk_list, &verb_clerk_remove, &verb_status,
	&verb_card_readers, &verb_card_read, &verb_card_probe, &verb_card_layout_test,
	&verb_queue_list, &verb_queue_cancel, &verb_ledger_verify,
	&verb_ledger_checkpoint, &verb_ledger_prove, &verb_ledger_consistency,
	&verb_ledger_export, &verb_ledger_check, &verb_ledger_key, &verb_privacy_report, &verb_config_check};

static char *describe_verbs(void)
{
	GString *text = g_string_new("Verbs (each explains itself with --help):\n");
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		g_autofree char *call = g_strconcat(verbs[i]->words, " ", verbs[i]->synopsis, NULL);
		g_string_append_printf(text, "  %s\n        %s\n", call, verbs[i]->summary);
	}
	return g_string_free(text, FALSE);
}

/* How many words of `argv` name `verb`; 0: they do not. */
static int matches(const struct verb *verb, int argc, char **argv)
{
	g_auto(GStrv) words = g_strsplit(verb->words, " ", VERB_WORDS_MAX);
	int n = (int)g_strv_length(words);
	for (int i = 0; i < n; i++)
		if (i >= argc || strcmp(words[i], argv[i]) != 0)
			return 0;
	return n;
}

static int unknown_verb(int argc, char **argv)
{
	if (argc == 0)
		g_printerr("madoguchictl: a verb is expected; see madoguchictl --help\n");
	else
		g_printerr("madoguchictl: no verb \"%s%s%s\"; see madoguchictl --help\n", argv[0],
			argc > 1 ? " " : "", argc > 1 ? argv[1] : "");
	return CTL_USAGE;
}

static int run_verb(struct ctl *ctl, int argc, char **argv)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		int words = matches(verbs[i], argc, argv);
		/* The last word of the verb stands where a program's name would. */
		if (words > 0)
			return verbs[i]->run(ctl, argc - words + 1, argv + words - 1);
	}
	return unknown_verb(argc, argv);
}

/* Options before the verb; those after it are the verb's. */
static int run(struct ctl *ctl, int argc, char **argv)
{
	gboolean version = FALSE;
	const GOptionEntry entries[] = {
		{"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
		{0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new("VERB …");
	g_autoptr(GError) error = NULL;
	g_autofree char *about = describe_verbs();
	g_option_context_set_strict_posix(context, TRUE);
	g_option_context_set_description(context, about);
	g_option_context_add_main_entries(context, entries, NULL);
	ctl_add_options(ctl, context);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		g_printerr("madoguchictl: %s\n", error->message);
		return CTL_USAGE;
	}
	if (version) {
		g_print("madoguchictl %s\n", MADOGUCHI_VERSION);
		return CTL_OK;
	}
	return run_verb(ctl, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	zero_free_begin(argv);
	/* No setting of the machine for other LDAP programs is ours; before any thread. */
	g_setenv("LDAPNOINIT", "1", TRUE);
	setlocale(LC_ALL, "");
	g_set_prgname("madoguchictl");
	umask(027);
	int status = run(&ctl, argc, argv);
	ctl_clear(&ctl);
	return status;
}
