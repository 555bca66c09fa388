/* SPDX-License-Identifier: MIT */
#include "kiosk/seats.h"

static gint64 now_ms(void)
{
	return g_get_monotonic_time() / G_TIME_SPAN_MILLISECOND;
}

struct seat_row *seats_find(struct seats *seats, const char *reader)
{
	for (guint i = 0; i < READER_MAX; i++)
		if (*reader && g_str_equal(seats->rows[i].reader, reader))
			return &seats->rows[i];
	return NULL;
}

static void forget_reader(struct seats *seats, const char *reader)
{
	struct seat_row *row = seats_find(seats, reader);
	if (row)
		*row = (struct seat_row){0};
}

static void note_reader(struct seats *seats, const char *reader)
{
	forget_reader(seats, reader);
	for (guint i = 0; i < READER_MAX; i++) {
		if (seats->rows[i].reader[0])
			continue;
		g_strlcpy(seats->rows[i].reader, reader, sizeof seats->rows[i].reader);
		return;
	}
}

static void note_card(struct seats *seats, const char *reader, gboolean card)
{
	struct seat_row *row = seats_find(seats, reader);
	if (!row)
		return;
	row->card = card;
	contact_take(&row->contact, card ? CONTACT_IN : CONTACT_OUT, now_ms());
}

static void assign(struct seats *seats, const struct seat_rules *rules)
{
	const char *names[READER_MAX];
	struct seat_row *rows[READER_MAX];
	enum seat given[READER_MAX];
	gsize n = 0;
	for (guint i = 0; i < READER_MAX; i++) {
		if (!seats->rows[i].reader[0])
			continue;
		rows[n] = &seats->rows[i];
		names[n++] = seats->rows[i].reader;
	}
	seat_assign(rules, names, n, given);
	for (gsize i = 0; i < n; i++)
		rows[i]->seat = given[i];
}

void seats_take(
	struct seats *seats, const struct watch_event *event, const struct seat_rules *rules)
{
	switch (event->kind) {
	case WATCH_READER_IN:
		note_reader(seats, event->reader);
		assign(seats, rules);
		break;
	case WATCH_READER_OUT:
		forget_reader(seats, event->reader);
		assign(seats, rules);
		break;
	case WATCH_CARD_IN:
	case WATCH_CARD_MUTE:
		note_card(seats, event->reader, TRUE);
		break;
	case WATCH_CARD_OUT:
		note_card(seats, event->reader, FALSE);
		break;
	case WATCH_SERVICE_DOWN:
	case WATCH_SERVICE_UP:
		*seats = (struct seats){0};
		break;
	case WATCH_NOTHING:
	case WATCH_KIND_COUNT:
		break;
	}
}

guint seats_readers(const struct seats *seats, enum seat seat)
{
	guint n = 0;
	for (guint i = 0; i < READER_MAX; i++)
		n += seats->rows[i].reader[0] && seats->rows[i].seat == seat;
	return n;
}

guint seats_cards(const struct seats *seats, enum seat seat)
{
	guint n = 0;
	for (guint i = 0; i < READER_MAX; i++)
		n += seats->rows[i].card && seats->rows[i].seat == seat;
	return n;
}

const struct seat_row *seats_alone(const struct seats *seats, enum seat seat)
{
	if (seats_cards(seats, seat) != 1)
		return NULL;
	for (guint i = 0; i < READER_MAX; i++)
		if (seats->rows[i].card && seats->rows[i].seat == seat)
			return &seats->rows[i];
	return NULL;
}

char *seats_names(const struct seats *seats)
{
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < READER_MAX; i++)
		if (seats->rows[i].reader[0])
			g_string_append_printf(
				names, "%s%s", names->len ? ", " : "", seats->rows[i].reader);
	return g_string_free(names, FALSE);
}
