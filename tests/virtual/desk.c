/* SPDX-License-Identifier: MIT */
#include "tests/virtual/desk.h"

#include <stdlib.h>

#include "tests/check.h"

void desk_lay(struct desk *d, enum reader_kind kind, const char *id)
{
	g_autoptr(GError) error = NULL;
	*d = (struct desk){vcard_find(VCARD_DIR, id, &error), {.kind = kind}};
	if (d->card)
		return;
	fprintf(stderr, "%s\n", error->message);
	exit(2);
}

void desk_clear(struct desk *d)
{
	d->card = vcard_free(d->card);
}

/* What is said is kept in memory of just its size, so that a sanitizer sees a step beyond. */
enum vcard_act desk_say(struct desk *d, const uint8_t *bytes, size_t len, GString *ret)
{
	uint8_t answer[WIRE_APDU_MAX];
	size_t got = 0;
	uint8_t *exact = g_memdup2(bytes, len);
	enum vcard_act act = vcard_reader_apdu(&d->reader, d->card, exact, len, answer, &got);
	for (size_t i = 0; act == VCARD_ANSWERS && i < got; i++)
		g_string_append_printf(ret, "%02X", answer[i]);
	g_free(exact);
	return act;
}

void desk_says(struct desk *d, const char *row, const char *want)
{
	uint8_t bytes[WIRE_APDU_MAX];
	g_autoptr(GString) got = g_string_new(NULL);
	g_autofree char *hex = talk_hex(row, d->card), *answer = talk_hex(want, d->card);
	CHECK_INT(desk_say(d, bytes, talk_bytes(hex, bytes, sizeof(bytes)), got), VCARD_ANSWERS);
	if (strcmp(got->str, answer) != 0)
		fprintf(stderr, "%s, %s:\n", reader_kind_name(d->reader.kind), row);
	CHECK_STR(got->str, answer);
}
