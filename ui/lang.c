/* SPDX-License-Identifier: MIT */
#include "ui/lang.h"

#include <libintl.h>
#include <locale.h>

static const char *const languages[] = {"ja", "en"};

/* Beside an installed program, or in the folder where it was built. */
static char *catalogue_folder(void)
{
	g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *bin = exe ? g_path_get_dirname(exe) : g_strdup("/usr/bin");
	g_autofree char *built = g_build_filename(bin, "..", "assets", "po", NULL);
	if (g_file_test(built, G_FILE_TEST_IS_DIR))
		return g_steal_pointer(&built);
	return g_build_filename(bin, "..", "share", "locale", NULL);
}

void lang_init(void)
{
	g_autofree char *folder = catalogue_folder();
	lang_init_from(folder);
}

void lang_init_from(const char *folder)
{
	/* A locale that is not plain "C" makes gettext look at LANGUAGE; this one needs no
	 * generated locale. The variable is set before threads start, so that later changes
	 * only swap its value. */
	g_setenv("LANGUAGE", languages[0], TRUE);
	if (!setlocale(LC_ALL, "C.UTF-8"))
		g_warning("no C.UTF-8 locale: texts stay English");
	bindtextdomain(LANG_DOMAIN, folder);
	bind_textdomain_codeset(LANG_DOMAIN, "UTF-8");
	textdomain(LANG_DOMAIN);
}

void lang_use(const char *lang)
{
	if (g_strcmp0(g_getenv("LANGUAGE"), lang) == 0)
		return;
	g_setenv("LANGUAGE", lang, TRUE);
	/* Makes gettext forget which catalogue it chose last. */
	textdomain(LANG_DOMAIN);
}

const char *lang_text(const char *text)
{
	return *text ? gettext(text) : text;
}

const char *lang_context_text(const char *both, gsize text_at)
{
	const char *text = gettext(both);
	return text == both ? both + text_at : text;
}

static gsize lang_index(const char *lang)
{
	for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
		if (g_str_equal(languages[i], lang))
			return i;
	return 0;
}

const char *lang_next(const char *lang)
{
	return languages[(lang_index(lang) + 1) % G_N_ELEMENTS(languages)];
}

const char *lang_own_name(const char *lang)
{
	g_autofree char *now = g_strdup(g_getenv("LANGUAGE"));
	lang_use(lang);
	/* TRANSLATORS: the name of your language in itself; on the button that changes to it */
	const char *name = gettext("English");
	lang_use(now);
	return name;
}
