/* SPDX-License-Identifier: MIT
 *
 * The FCF card read whole in every dialect that can: what it costs, and what
 * becomes of it when any one of its APDUs goes wrong.
 */
#include "pcsc/card.h"

#include "tests/check.h"
#include "tests/pcsc/sample.h"

#define HEX_SIZE 1024

#define OK     "C0 03 00 90 00 90 00"
#define START  "FF C2 00 00 02 81 00 00"
#define END    "FF C2 00 00 02 82 00 00"
#define FELICA "FF C2 00 02 04 8F 02 03 00 00"
#define TIMER  "5F 46 04 50 C3 00 00 "
#define POLL   "06 00 FE 00 00 00"
#define READ   "16 06 I 01 8B 1A 04 80 00 80 01 80 02 80 03"
#define SESSION                                                                                    \
	{START, OK}, {FELICA, OK},                                                                 \
		{"FF C2 00 01 0F " TIMER "95 06 " POLL " 00",                                      \
			"C0 03 00 90 00 92 01 00 96 02 00 00 97 12 12 01 I P 90 00"},              \
		{"FF C2 00 01 1F " TIMER "95 16 " READ " 00",                                      \
			"C0 03 00 90 00 97 4D 4D 07 I 00 00 04 D 90 00"},                          \
	{                                                                                          \
		END, OK                                                                            \
	}

/* In the bytes, I is the card's IDm, P its PMm, D its four blocks, W to Z one of them. */
struct row {
	const struct dialect *dialect;
	const char *reader;
	size_t apdus;
	const char *lines[8][2];
};

static const struct row rows[] = {
	{&dialect_transparent, "SONY FeliCa RC-S300/P (0236798) 00 00", 5, {SESSION}},
	{&dialect_sony_frame, "SONY FeliCa RC-S300/S 00 00", 2,
		{{"FF FE 01 00 06 " POLL, "12 01 I P 90 00"},
			{"FF FE 01 00 16 " READ, "4D 07 I 00 00 04 D 90 00"}}},
	{&dialect_acs, "ACS ACR1252 Dual Reader 00 00", 2,
		{{"FF 00 00 00 06 " POLL, "12 01 I P 90 00"},
			{"FF 00 00 00 16 " READ, "4D 07 I 00 00 04 D 90 00"}}},
	{&dialect_acr122, "ACS ACR122U PICC Interface 00 00", 2,
		{{"FF 00 00 00 09 D4 4A 01 01 00 FE 00 00 00", "D5 4B 01 01 12 01 I P 90 00"},
			{"FF 00 00 00 19 D4 40 01 " READ, "D5 41 00 4D 07 I 00 00 04 D 90 00"}}},
	{&dialect_identiv, "Identiv uTrust 3700 F CL Reader 00 00", 2,
		{{"FF 40 00 00 04 FE 00 01 00", "I P FE 00 90 00"},
			{"FF 46 01 04 0A 8B 1A 80 00 80 01 80 02 80 03", "I 00 00 04 D 90 00"}}},
	{&dialect_sony_select, "SONY FeliCa RC-S660/U 00 00", 7,
		{{"FF CA 00 00 00", "I 90 00"}, {"FF A4 00 01 02 8B 1A", "90 00"},
			{"FF B0 00 00 00", "W 90 00"}, {"FF B0 00 01 00", "X 90 00"},
			{"FF B0 00 02 00", "Y 90 00"}, {"FF B0 00 03 00", "Z 90 00"},
			{"FF CA 00 00 00", "I 90 00"}}},
	{&dialect_transparent_escape, "SONY FeliCa RC-S300/P (0236798) 01 00", 5, {SESSION}},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static size_t put_hex(char *to, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		snprintf(to + 2 * i, 3, "%02X", bytes[i]);
	return 2 * len;
}

static size_t put_text(char *to, const char *text)
{
	memcpy(to, text, strlen(text));
	return strlen(text);
}

/* Letters that are no hex digits stand for the card's bytes; its own 'D' is the data where
 * it stands alone. */
static void expand(const struct sample *card, const char *text, char ret[HEX_SIZE])
{
	uint8_t data[64];
	size_t len = 0;
	sample_data(card, data);
	for (const char *c = text; *c; c++) {
		bool alone = (c == text || c[-1] == ' ') && (c[1] == ' ' || c[1] == '\0');
		if (*c == 'I')
			len += put_text(ret + len, card->idm);
		else if (*c == 'P')
			len += put_text(ret + len, "100B4B428485D0FF");
		else if (*c == 'D' && alone)
			len += put_hex(ret + len, data, sizeof(data));
		else if (*c >= 'W')
			len += put_hex(ret + len, data + 16 * (*c - 'W'), 16);
		else
			ret[len++] = *c;
	}
	ret[len] = '\0';
}

static void play(struct script *s, const struct row *row, const struct sample *card)
{
	script_init(s, row->reader);
	for (size_t i = 0; i < row->apdus; i++) {
		char want[HEX_SIZE], answer[HEX_SIZE];
		expand(card, row->lines[i][0], want);
		expand(card, row->lines[i][1], answer);
		if (row->dialect->escape)
			script_add_escape(s, want, answer);
		else
			script_add(s, want, answer);
	}
}

/* As a reader that was used before. */
static enum card_err read_card(
	struct script *s, const struct row *row, struct card_reading *ret, struct card_trace *trace)
{
	struct dialect_memory memory = {0};
	const struct card_job job = {.layouts = &fcf_layout, .n_layouts = 1, .memory = &memory};
	memcpy(memory.rows[0].reader, row->reader, strlen(row->reader));
	memory.rows[0].dialect = row->dialect;
	enum card_err err = card_read(&s->t, s->reader, &job, ret, trace);
	CHECK_INT(s->open, 0);
	return err;
}

static void check_reads_again(struct script *s, const struct row *row, const struct sample *card)
{
	struct card_reading r = {0};
	struct card_trace trace;
	script_rewind(s);
	s->any_order = false;
	CHECK_INT(read_card(s, row, &r, &trace), CARD_ERR_OK);
	CHECK(sample_matches(card, &r));
	CHECK(script_spent(s));
}

static void a_reading_costs_so_many_apdus_and_none_more(void)
{
	static struct script s;
	const struct sample *card = sample_find("student");
	fputc('\n', stderr);
	for (size_t i = 0; i < N_ROWS; i++) {
		struct card_reading r = {0};
		struct card_trace trace;
		play(&s, &rows[i], card);
		CHECK_INT(read_card(&s, &rows[i], &r, &trace), CARD_ERR_OK);
		CHECK(sample_matches(card, &r));
		CHECK(script_spent(&s));
		CHECK_STR(r.dialect, rows[i].dialect->name);
		CHECK_INT(s.sent, rows[i].apdus);
		CHECK_INT(trace_apdus(&trace), rows[i].apdus);
		fprintf(stderr, "%-20s %zu APDUs\n", rows[i].dialect->name, s.sent);
	}
}

/* The name alone is as good as the memory, where it promises one dialect. */
static void a_first_reading_costs_no_more_where_the_name_promises(void)
{
	static struct script s;
	const struct sample *card = sample_find("student");
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct dialect *d = rows[i].dialect;
		struct card_reading r = {0};
		struct card_trace trace;
		if (d == &dialect_sony_frame || d == &dialect_sony_select || d->escape)
			continue;
		play(&s, &rows[i], card);
		CHECK_INT(sample_read(&s, &fcf_layout, 1, &r, &trace), CARD_ERR_OK);
		CHECK(sample_matches(card, &r));
		CHECK_INT(s.sent, rows[i].apdus);
		CHECK(script_spent(&s));
	}
}

static bool only_tidies(const struct script *s, size_t i)
{
	struct bytes end;
	unhex(END, &end);
	return i + 1 == s->n && memcmp(s->lines[i].want.at, end.at, end.len) == 0;
}

static void a_card_taken_away_at_any_moment_is_removed_and_reads_fine_again(void)
{
	static struct script s;
	const struct sample *card = sample_find("staff");
	for (size_t i = 0; i < N_ROWS; i++) {
		play(&s, &rows[i], card);
		for (size_t k = 0; k < s.n; k++) {
			struct card_reading r = {.reissue = 4711};
			struct card_trace trace;
			bool last = only_tidies(&s, k);
			script_rewind(&s);
			s.remove_from = k;
			CHECK_INT(read_card(&s, &rows[i], &r, &trace),
				last ? CARD_ERR_OK : CARD_ERR_REMOVED);
			CHECK(last || r.reissue == 4711);
			check_reads_again(&s, &rows[i], card);
		}
	}
}

/* With answer k replaced; in any order, for what is asked next depends on it. A card read in
 * spite of that must be the one that was there; only of a block refused it may lack a part. */
static enum card_err read_broken(struct script *s, const struct row *row, const struct sample *card,
	size_t k, const struct bytes *instead)
{
	struct card_reading r = {0};
	struct card_trace trace;
	bool whole = row->dialect != &dialect_sony_select || k < 2;
	script_rewind(s);
	s->any_order = true;
	s->replaced = k;
	s->instead = *instead;
	enum card_err err = read_card(s, row, &r, &trace);
	CHECK(err || reading_is_sound(&r));
	CHECK(err || strcmp(r.number, card->number) == 0);
	CHECK(err || !whole || sample_matches(card, &r));
	return err;
}

static bool has_session(const struct row *row)
{
	return row->dialect->close == dialect_transparent.close;
}

/* Where a broken answer may yet end well: nobody waits for it, it is asked again, or it
 * carries nothing (the answer to FF A4). */
static bool may_be_made_good(const struct script *s, const struct row *row, size_t k)
{
	bool select = row->dialect == &dialect_sony_select && k == 1;
	return only_tidies(s, k) || (has_session(row) && k == 0) || select;
}

static void check_broken(struct script *s, const struct row *row, const struct sample *card,
	size_t k, const struct bytes *instead)
{
	enum card_err err = read_broken(s, row, card, k, instead);
	if (!err && !may_be_made_good(s, row, k))
		fprintf(stderr, "%s: answer %zu of %zu bytes is taken\n", row->dialect->name, k,
			instead->len);
	CHECK(err || may_be_made_good(s, row, k));
}

static void an_answer_cut_short_anywhere_yields_no_reading(void)
{
	static struct script s;
	const struct sample *card = sample_find("staff");
	for (size_t i = 0; i < N_ROWS; i++) {
		play(&s, &rows[i], card);
		for (size_t k = 0; k < s.n; k++)
			for (size_t len = 0; len < s.lines[k].answer.len; len++) {
				struct bytes cut = s.lines[k].answer;
				cut.len = len;
				check_broken(&s, &rows[i], card, k, &cut);
			}
		check_reads_again(&s, &rows[i], card);
	}
}

/* Cut within, with its status word whole: lengths inside do not hold what they promise. */
static void an_answer_with_bytes_missing_or_too_many_yields_no_reading(void)
{
	static struct script s;
	const struct sample *card = sample_find("staff");
	for (size_t i = 0; i < N_ROWS; i++) {
		play(&s, &rows[i], card);
		for (size_t k = 0; k < s.n; k++) {
			const struct bytes whole = s.lines[k].answer;
			for (size_t len = 0; len + 2 <= whole.len + 6; len++) {
				struct bytes other = whole;
				if (len + 2 == whole.len)
					continue;
				other.len = len < whole.len - 2 ? len : whole.len - 2;
				while (other.len < len)
					bytes_put_u8(&other, 0xEE);
				bytes_put(&other, "\x90\x00", 2);
				check_broken(&s, &rows[i], card, k, &other);
			}
		}
		check_reads_again(&s, &rows[i], card);
	}
}

/* Each in the middle of a reading, as the whole answer. */
static void a_reader_that_says_no_at_any_moment_yields_no_reading(void)
{
	static const char *const words[] = {"63 00", "64 00", "64 01", "67 00", "69 82", "69 86",
		"6A 80", "6A 81", "6A 82", "6A 83", "6B 00", "6D 00", "6E 00", "6F 00", "61 10",
		"6C 10", "62 82", "00 00", "FF FF", "C0 03 00 64 01 90 00", "C0 03 00 6F 00 90 00"};
	static struct script s;
	const struct sample *card = sample_find("staff");
	for (size_t i = 0; i < N_ROWS; i++) {
		play(&s, &rows[i], card);
		for (size_t k = 0; k < s.n; k++)
			for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
				struct bytes no;
				unhex(words[w], &no);
				enum card_err err = read_broken(&s, &rows[i], card, k, &no);
				/* One that then answers may have been asleep; a block refused
				 * is one the card has not. */
				bool asleep = no.at[0] == 0x63 || no.at[0] == 0x64 || no.len > 2;
				bool fewer = rows[i].dialect == &dialect_sony_select && k > 1;
				CHECK(err || asleep || fewer || may_be_made_good(&s, &rows[i], k));
			}
		check_reads_again(&s, &rows[i], card);
	}
}

static void a_reader_silent_after_the_poll_says_the_card_left(void)
{
	static struct script s;
	const struct sample *card = sample_find("staff");
	for (size_t i = 0; i < N_ROWS; i++) {
		struct bytes silence;
		bool session = has_session(&rows[i]);
		if (rows[i].dialect == &dialect_sony_select) /* its card is asked for again */
			continue;
		play(&s, &rows[i], card);
		unhex(session ? "C0 03 00 64 01 90 00" : "63 00", &silence);
		CHECK_INT(read_broken(&s, &rows[i], card, session ? 3 : 1, &silence),
			CARD_ERR_REMOVED);
	}
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_reading_costs_so_many_apdus_and_none_more),
		CASE(a_first_reading_costs_no_more_where_the_name_promises),
		CASE(a_card_taken_away_at_any_moment_is_removed_and_reads_fine_again),
		CASE(an_answer_cut_short_anywhere_yields_no_reading),
		CASE(an_answer_with_bytes_missing_or_too_many_yields_no_reading),
		CASE(a_reader_that_says_no_at_any_moment_yields_no_reading),
		CASE(a_reader_silent_after_the_poll_says_the_card_left),
	};
	return CHECK_MAIN("dialect-reads", cases);
}
