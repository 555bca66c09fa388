/* SPDX-License-Identifier: MIT
 *
 * fuzz_config.c - any bytes as a layout, office or incident file, or as the directories of a
 * configuration.
 *
 * The first byte chooses the parser. Built with -fsanitize=fuzzer this is a libFuzzer
 * target; replay.c makes an ordinary test of it.
 */
#include <stdint.h>

#include "kiosk/config/config.h"
#include "kiosk/config/directories.h"
#include "kiosk/config/incident_file.h"
#include "kiosk/config/layouts.h"
#include "kiosk/config/offices.h"
#include "pcsc/reading.h"
#include "tests/visit/fuzz.h"

#define NAME "fuzz"

static void need(gboolean condition, const char *what)
{
	if (!condition)
		g_error("broken promise: %s", what);
}

static gboolean ended(const char *text, gsize size)
{
	return memchr(text, '\0', size) != NULL;
}

static gboolean within(struct layout_slice slice, gsize size)
{
	return (gsize)slice.off + slice.len <= size;
}

static void need_steps(const struct card_layout *l)
{
	gboolean mac = FALSE;

	need(l->n_steps >= 1 && l->n_steps <= LAYOUT_STEPS_MAX, "steps");
	need(layout_step_at(l, l->n_steps) <= LAYOUT_DATA_MAX, "room for what they bring");
	need(layout_step_len(&l->steps[l->n_steps - 1]) > 0, "the last one brings something");
	for (gsize i = 0; i < l->n_steps; i++) {
		const struct layout_step *step = &l->steps[i];
		gboolean felica = step->kind <= LAYOUT_MAC;
		need(felica == layout_is_felica(l), "one kind of card");
		need(step->n_blocks <= LAYOUT_BLOCKS_MAX, "blocks");
		need(step->aid_len <= LAYOUT_AID_MAX, "application id");
		need(step->kind != LAYOUT_READ || step->code % 2 == 1, "no key needed");
		mac = mac || step->kind == LAYOUT_MAC;
	}
	need(mac == (*l->mac_key != '\0'), "a key where one is needed");
}

static void need_fields(const struct card_layout *l)
{
	gsize size = layout_step_at(l, l->n_steps);

	need(l->number.len > 0 && within(l->number, size), "number");
	need(within(l->name_, size) && within(l->expires, size), "name and expires");
	need(l->n_patterns >= 1 && l->n_patterns <= LAYOUT_PATTERNS_MAX, "patterns");
	need(l->n_classes <= LAYOUT_CLASSES_MAX, "classes");
	for (gsize i = 0; i < l->n_classes; i++)
		need(within(l->classes[i].number, size), "number of a class");
	need(ended(l->name, sizeof l->name) && ended(l->key_kind, sizeof l->key_kind) &&
			ended(l->mac_key, sizeof l->mac_key),
		"words end");
}

/* Any layout that was taken can be used on any data. */
static void decode(const struct card_layout *l)
{
	guint8 data[LAYOUT_DATA_MAX];
	struct card_reading r;

	for (gsize i = 0; i < sizeof data; i++)
		data[i] = (guint8)('0' + i % 10);
	for (gsize len = 0; len <= layout_step_at(l, l->n_steps); len += 7)
		if (layout_decode(l, data, len, &r) == CARD_ERR_OK)
			need(*r.number && ended(r.number, sizeof r.number), "a number");
}

static gboolean layouts(const struct keyfile *kf, GError **error)
{
	g_autofree struct card_layout *all = NULL;
	gsize n = 0;

	if (!layouts_parse(kf, &all, &n, error))
		return FALSE;
	need(n >= 1 && n <= LAYOUTS_MAX, "number of layouts");
	for (gsize i = 0; i < n; i++) {
		need_steps(&all[i]);
		need_fields(&all[i]);
		decode(&all[i]);
	}
	return TRUE;
}

static gboolean offices(const struct keyfile *kf, GError **error)
{
	struct office_table table = {NULL, 0};

	if (!offices_parse(kf, &table, error))
		return FALSE;
	need(table.n >= 1 && table.n <= OFFICE_MAX, "number of offices");
	for (gsize i = 0; i < table.n; i++) {
		const struct office *o = &table.offices[i];
		need(o->n_hours >= 1 && o->n_hours <= OFFICE_HOURS_MAX, "hours");
		need(o->n_closed <= OFFICE_CLOSED_MAX, "closed days");
		need(o->roles != 0 && o->n_faculties >= 1, "roles and faculties");
		office_open_at(o, (struct civil){20260915, 600});
	}
	offices_clear(&table);
	return TRUE;
}

static gboolean incident(const struct keyfile *kf, GError **error)
{
	g_autofree struct incident *i = g_new0(struct incident, 1);

	if (!incident_parse(kf, i, error))
		return FALSE;
	need(i->n_texts >= 1 && i->n_texts <= INCIDENT_LANGS_MAX, "texts");
	need(i->n_brands >= 1 && i->n_brands <= INCIDENT_BRANDS_MAX, "brands");
	need(ended(i->id, sizeof i->id) && *i->id, "id");
	need(civil_valid_date(i->from.date), "from");
	for (gsize t = 0; t < i->n_texts; t++)
		need(ended(i->texts[t].body, INCIDENT_TEXT_SIZE) &&
				g_utf8_validate(i->texts[t].body, -1, NULL),
			"body");
	return TRUE;
}

static void need_map(const struct map *map)
{
	need(map->n_kinds <= MAP_KINDS_MAX, "kinds");
	for (gsize i = 0; i < MAP_FIELD_COUNT; i++)
		need(ended(map->attributes[i], MAP_ATTRIBUTE_SIZE), "attributes end");
	for (gsize i = 0; i < map->n_kinds; i++) {
		const struct map_kind *k = &map->kinds[i];
		need(*k->kind && *k->attribute && ended(k->kind, sizeof k->kind), "kind");
		need(ended(k->attribute, MAP_ATTRIBUTE_SIZE), "attribute of a kind");
		need(ended(k->prefix, MAP_ATTRIBUTE_SIZE) && ended(k->suffix, MAP_ATTRIBUTE_SIZE),
			"prefix and suffix end");
	}
}

static gboolean directories(const struct keyfile *kf, GError **error)
{
	g_autofree struct directories *d = g_new0(struct directories, 1);
	d->order[d->n++] = DIRECTORIES_LDAP;
	d->order[d->n++] = DIRECTORIES_GRAPH;
	gboolean ok = directories_parse(kf, d, error) && directories_check(kf, d, 3000, error);
	if (ok) {
		need_map(&d->ldap.map);
		need_map(&d->graph.map);
		need(*d->ldap.host && *d->ldap.base && d->graph.token_url, "what is needed");
		need(d->ldap.timeout_ms + d->graph.timeout_ms <= 3000, "time");
	}
	directories_clear(d);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static gboolean (*const parsers[])(const struct keyfile *, GError **) = {
		layouts, offices, incident, directories};
	g_autoptr(GError) error = NULL;

	if (size < 1)
		return 0;
	AUTO(keyfile) kf = keyfile_parse(NAME, (const char *)data + 1, size - 1, &error);
	need((kf == NULL) == (error != NULL), "a refusal has a cause");
	if (kf) {
		gboolean ok = parsers[data[0] % G_N_ELEMENTS(parsers)](kf, &error);
		need(ok == (error == NULL), "a refusal has a cause");
	}
	if (error) {
		need(g_str_has_prefix(error->message, NAME ":"), "the file is named");
		need(strstr(error->message, "expected ") != NULL, "what is expected is named");
		need(g_utf8_validate(error->message, -1, NULL), "the message is text");
	}
	return 0;
}
