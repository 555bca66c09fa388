/* SPDX-License-Identifier: MIT */
#include "tests/seen/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "kiosk/config/layouts.h"

/* The invented master of cards-field/lite-s.card. */
static const struct card_key token_key = {
	"tokens", {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D,
			  0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18}};

static bool draw(uint8_t ret[MAC_BLOCK_SIZE])
{
	return getrandom(ret, MAC_BLOCK_SIZE, 0) == MAC_BLOCK_SIZE;
}

static G_GNUC_NORETURN void give_up(const char *what, const GError *error)
{
	fprintf(stderr, "%s: %s\n", what, error ? error->message : "not there");
	exit(1);
}

static struct shelf parse(struct keyfile *owned, const char *what, GError *error)
{
	g_autoptr(GError) fault = error;
	AUTO(keyfile) kf = owned;
	struct shelf shelf = {NULL, 0};
	if (!kf || !layouts_parse(kf, &shelf.layouts, &shelf.n, &fault))
		give_up(what, fault);
	return shelf;
}

struct shelf shelf_read(const char *file)
{
	g_autofree char *path = g_build_filename(SOURCE_ROOT, "assets", file, NULL);
	GError *error = NULL;
	struct keyfile *kf = keyfile_read(path, &error);
	return parse(kf, path, error);
}

struct shelf shelf_parse(const char *text)
{
	GError *error = NULL;
	struct keyfile *kf = keyfile_parse("test.conf", text, strlen(text), &error);
	return parse(kf, "test.conf", error);
}

void shelf_clear(struct shelf *shelf)
{
	g_clear_pointer(&shelf->layouts, g_free);
	shelf->n = 0;
}

const struct card_layout *shelf_find(const struct shelf *shelf, const char *name)
{
	for (gsize i = 0; i < shelf->n; i++)
		if (g_str_equal(shelf->layouts[i].name, name))
			return &shelf->layouts[i];
	give_up(name, NULL);
}

struct card_job shelf_job(
	const struct card_layout *layouts, size_t n, struct dialect_memory *memory)
{
	return (struct card_job){.layouts = layouts,
		.n_layouts = n,
		.keys = &token_key,
		.n_keys = 1,
		.challenge = draw,
		.memory = memory};
}
