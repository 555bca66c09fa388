/* SPDX-License-Identifier: MIT
 *
 * directory_check.c - madoguchictl directory check
 *
 * Each source of the configuration by itself: what an administrator would have to find out
 * by hand when the counter says that the directory cannot be asked.
 */
#include "kiosk/ctl/directory_check.h"

#include <stdlib.h>

#include "kiosk/ctl/directory_ask.h"
#include "kiosk/directory/build.h"

#define LOOKUPS 20

static const char *const state_words[] = {
#define X(name, word) [CHECK_##name] = word,
	CHECK_STATE_LIST(X)
#undef X
};

struct asked {
	const char *number, *kind; /* NULL: none, any */
};

void check_add(struct check *check, const char *name, enum check_state state, char *text)
{
	g_assert(check->n < CHECK_STEPS_MAX);
	check->steps[check->n++] = (struct check_step){name, state, text ? text : g_strdup("")};
}

void check_add_error(struct check *check, const char *name, const GError *error)
{
	check_add(check, name, CHECK_FAILED, g_strdup(error ? error->message : NULL));
}

static int by_size(const void *a, const void *b)
{
	const gint64 *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* One look-up; its time, and what came. */
static gint64 time_one(struct directory *dir, const char *kind, const char *number,
	enum directory_answer *ret_answer)
{
	struct directory_result result = {0};
	gint64 start = g_get_monotonic_time();
	directory_ask(dir, kind, number, &result);
	*ret_answer = result.answer;
	person_wipe(&result.person);
	return g_get_monotonic_time() - start;
}

/* The kind by which the number leads to somebody; else any that the source knows. */
static const char *choose_kind(const struct config *config, struct directory *dir,
	const struct asked *asked, enum directory_answer *ret_answer)
{
	const char *kinds[DIRECTORY_KINDS_MAX] = {asked->kind};
	const char *known = NULL;
	gsize n = asked->kind ? 1 : directory_kinds(config, kinds);
	*ret_answer = DIRECTORY_UNMAPPED;
	for (gsize i = 0; i < n; i++) {
		enum directory_answer answer;
		time_one(dir, kinds[i], asked->number, &answer);
		if (answer == DIRECTORY_UNMAPPED || (known && answer == DIRECTORY_NONE))
			continue;
		*ret_answer = answer;
		known = kinds[i];
		if (answer != DIRECTORY_NONE)
			break;
	}
	return known;
}

/* The first look-up made the connection and is not counted. */
static void time_lookups(
	struct check *check, struct directory *dir, const char *kind, const char *number)
{
	gint64 took[LOOKUPS];
	enum directory_answer answer = DIRECTORY_DOWN;
	for (gsize i = 0; i < LOOKUPS; i++) {
		took[i] = time_one(dir, kind, number, &answer);
		if (answer != DIRECTORY_DOWN)
			continue;
		check_add(check, "look-ups", CHECK_FAILED,
			g_strdup_printf("%" G_GSIZE_FORMAT " of %d were not answered in time",
				i + 1, LOOKUPS));
		return;
	}
	qsort(took, LOOKUPS, sizeof *took, by_size);
	check->p50_us = (took[LOOKUPS / 2 - 1] + took[LOOKUPS / 2]) / 2;
	check_add(check, "look-ups", answer == DIRECTORY_ONE ? CHECK_OK : CHECK_WARNING,
		g_strdup_printf("%s by %s, p50 of %d is %.3f ms, the slowest %.3f ms",
			directory_answer_word(answer), kind, LOOKUPS, (double)check->p50_us / 1000,
			(double)took[LOOKUPS - 1] / 1000));
}

static void look_up(struct check *check, const struct ctl *ctl, enum directories_source source,
	const struct asked *asked)
{
	g_autoptr(GError) error = NULL;
	struct source_policy policy = ctl->config->directories->policies[source];
	enum directory_answer answer;
	struct directory *one = directory_build_one(ctl->config, ctl->keys, source, &error);
	if (!one) {
		check_add_error(check, "look-ups", error);
		return;
	}
	/* Its deadline counts; how old it is has a step of its own. */
	policy.max_age_hours = -1;
	struct directory *dir = sources_new(&one, &policy, 1);
	const char *kind = choose_kind(ctl->config, dir, asked, &answer);
	if (!kind)
		check_add(check, "look-ups", CHECK_FAILED,
			g_strdup("no attribute or column for a number of this kind"));
	else if (answer != DIRECTORY_DOWN)
		time_lookups(check, dir, kind, asked->number);
	else if (!directory_ready(dir, &error))
		check_add_error(check, "look-ups", error);
	else
		check_add(check, "look-ups", CHECK_FAILED, g_strdup("not answered in time"));
	directory_free(dir);
}

static gboolean print(const struct ctl *ctl, const char *source, const struct check *check)
{
	GVariantBuilder steps;
	GVariantDict dict;
	gboolean ok = TRUE;
	g_variant_builder_init(&steps, G_VARIANT_TYPE("a(sss)"));
	g_variant_dict_init(&dict, NULL);
	if (!ctl->json)
		g_print("%s\n", source);
	for (gsize i = 0; i < check->n; i++) {
		const struct check_step *step = &check->steps[i];
		const char *word = state_words[step->state];
		ok = ok && step->state != CHECK_FAILED;
		g_variant_builder_add(&steps, "(sss)", step->name, word, step->text);
		if (!ctl->json)
			g_print("  %-12s %s%s%s\n", step->name, word, *step->text ? ": " : "",
				step->text);
	}
	g_variant_dict_insert(&dict, "source", "s", source);
	g_variant_dict_insert(&dict, "ok", "b", ok);
	g_variant_dict_insert_value(&dict, "steps", g_variant_builder_end(&steps));
	g_variant_dict_insert(&dict, "p50-us", "x", check->p50_us);
	g_autoptr(GVariant) value = g_variant_ref_sink(g_variant_dict_end(&dict));
	if (ctl->json)
		ctl_print_json(value);
	return ok;
}

static gboolean check_source(
	const struct ctl *ctl, enum directories_source source, const struct asked *asked)
{
	static void (*const checks[])(struct check * check, const struct ctl *ctl) = {
		[DIRECTORIES_SNAPSHOT] = check_snapshot,
		[DIRECTORIES_LDAP] = check_ldap,
		[DIRECTORIES_GRAPH] = check_graph,
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(checks) == DIRECTORIES_COUNT);
	struct check check = {.p50_us = -1};
	checks[source](&check, ctl);
	if (asked->number)
		look_up(&check, ctl, source, asked);
	else
		check_add(&check, "look-ups", CHECK_UNKNOWN, g_strdup("not without --number"));
	gboolean ok = print(ctl, directories_word(source), &check);
	for (gsize i = 0; i < check.n; i++)
		g_free(check.steps[i].text);
	return ok;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autofree char *number = NULL, *kind = NULL;
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {
		{"number", 0, 0, G_OPTION_ARG_STRING, &number,
			"Number of an account, to be looked up 20 times; it is not printed",
			"NUMBER"},
		{"kind", 0, 0, G_OPTION_ARG_STRING, &kind,
			"Kind of the number; otherwise every kind a card may state", "KIND"},
		{0},
	};
	gboolean ok = TRUE;
	if (!ctl_parse(ctl, &verb_directory_check, entries, 0, 0, &argc, &argv))
		return CTL_USAGE;
	directory_keep_log_quiet();
	if (!ctl_load(ctl, &error) || !ctl_open_keys(ctl, &error))
		return ctl_fail(error);
	const struct directories *d = ctl->config->directories;
	const struct asked asked = {number, kind};
	for (gsize i = 0; i < d->n; i++)
		ok = check_source(ctl, d->order[i], &asked) && ok;
	return ok ? CTL_OK : CTL_FAILED;
}

const struct verb verb_directory_check = {"directory check", "[--number NUMBER [--kind KIND]]",
	"Say how each source of the directory is, step by step", run};
