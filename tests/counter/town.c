/* SPDX-License-Identifier: MIT */
#include "tests/counter/town.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/directory/snapshot.h"
#include "kiosk/record/keyring.h"
#include "kiosk/record/requests.h"
#include "tests/visits/wait.h"

#define HEAD                                                                                       \
	"common_id,name_ja,name_en,status,contact,privileged,person_key,key_kind,number,reissue,"  \
	"card_expires,card_status,role,affiliation,from,until\n"

static char *path_in(struct rig *rig, const char *name)
{
	return g_build_filename(rig_folder(rig), name, NULL);
}

/* "@-1" and the like; each row has few of them. */
static char *with_dates(const char *row)
{
	GString *text = g_string_new(NULL);
	for (const char *at = row; *at;) {
		char *end;
		if (*at != '@') {
			g_string_append_c(text, *at++);
			continue;
		}
		g_autoptr(GDateTime) now = g_date_time_new_now_local();
		g_autoptr(GDateTime) day =
			g_date_time_add_days(now, (gint)g_ascii_strtoll(at + 1, &end, 10));
		g_autofree char *date = g_date_time_format(day, "%Y%m%d");
		g_string_append(text, date);
		at = end;
	}
	return g_string_free(text, FALSE);
}

gboolean town_import(struct rig *rig, const char *const *rows, gint64 hours)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) csv = g_string_new(HEAD);
	g_autofree char *people = path_in(rig, "town.csv"), *key = path_in(rig, "master.key"),
			*snapshot = path_in(rig, "directory.db");
	for (; *rows; rows++) {
		g_autofree char *row = with_dates(*rows);
		g_string_append_printf(csv, "%s\n", row);
	}
	AUTO(keyring) keys = keyring_open(key, &error);
	gint64 as_of = g_get_real_time() / G_USEC_PER_SEC - hours * 3600;
	if (keys && g_file_set_contents(people, csv->str, -1, &error) &&
		snapshot_import(people, snapshot, keys, as_of, NULL, &error))
		return TRUE;
	fprintf(stderr, "town: %s\n", error->message);
	return FALSE;
}

gboolean town_lay(struct rig *rig, const char *name, const char *from, const char *to)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *file = g_strconcat(name, ".card", NULL), *text = NULL;
	g_autofree char *source =
		g_build_filename(g_getenv("SOURCE_ROOT"), "tests/virtual/cards", file, NULL);
	g_autofree char *dir = path_in(rig, "cards");
	g_autofree char *target = g_build_filename(dir, file, NULL);
	g_mkdir_with_parents(dir, 0700);
	if (!g_file_get_contents(source, &text, NULL, &error))
		return FALSE;
	g_auto(GStrv) parts = g_strsplit(text, from, 2);
	g_autofree char *changed = g_strjoinv(to, parts);
	if (!g_file_set_contents(target, changed, -1, NULL))
		return FALSE;
	struct vcard *card = vcard_find(dir, name, &error);
	if (!card) {
		fprintf(stderr, "town: %s\n", error->message);
		return FALSE;
	}
	field_insert(rig_field(rig, 0), card);
	vcard_free(card);
	return field_wait(rig_field(rig, 0), FIELD_ON, RIG_WAIT_MS);
}

struct sought {
	struct rig *rig;
	const char *word, *severity;
};

static gboolean is_said(gpointer data)
{
	const struct sought *sought = data;
	g_autoptr(GVariant) desk = rig_desk(sought->rig);
	g_autoptr(GVariantIter) rows = NULL;
	const char *word, *severity;
	gboolean settled, found = FALSE;
	if (!desk || !g_variant_lookup(desk, "verdicts", "a(ssb)", &rows))
		return FALSE;
	while (g_variant_iter_next(rows, "(&s&sb)", &word, &severity, &settled))
		found |= g_str_equal(word, sought->word) &&
			 g_str_equal(severity, sought->severity) &&
			 settled == g_str_equal(severity, "info");
	return found;
}

gboolean town_verdict(struct rig *rig, const char *verdict, const char *severity)
{
	struct sought sought = {rig, verdict, severity};
	if (wait_until(is_said, &sought, RIG_WAIT_MS))
		return TRUE;
	g_autoptr(GVariant) desk = rig_desk(rig);
	g_autofree char *text = desk ? g_variant_print(desk, FALSE) : NULL;
	fprintf(stderr, "town: no %s %s: %.600s\n", severity, verdict, text ? text : "no view");
	return FALSE;
}

gboolean town_leave(struct rig *rig)
{
	g_autofree char *state = rig_desk_str(rig, "state");
	rig_take(rig);
	if (g_str_equal(state, "welcome"))
		return TRUE;
	return rig_intent(rig, g_str_equal(state, "receipt") ? "End" : "Cancel", NULL, NULL) &&
	       rig_wait(rig, "state", "welcome");
}

char *town_evidence(struct rig *rig, const char *number)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *key = path_in(rig, "master.key");
	AUTO(keyring) keys = keyring_open(key, &error);
	AUTO(store) store = keys ? store_open(rig_folder(rig), keys, &error) : NULL;
	g_autoptr(GBytes) envelope = store ? requests_envelope(store, number, &error) : NULL;
	if (!envelope) {
		fprintf(stderr, "town: %s\n", error->message);
		return NULL;
	}
	return g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
}
