/* SPDX-License-Identifier: MIT
 *
 * Replies nobody would send: 200,000 mutated ones from a seed, and every status
 * word at every step. Whatever comes, a reading is sound or has one of the
 * causes a person can act upon, and the next tap reads fine.
 *
 * The seed is printed; give it as the only argument to see the same run again.
 */
#include <stdlib.h>
#include <time.h>

#include "pcsc/card.h"
#include "tests/check.h"
#include "tests/pcsc/sample.h"

#define MUTATIONS 200000

/* One word of state; set once in main(). */
static uint64_t seed;

static uint32_t draw(uint64_t *state, uint32_t below)
{
	/* splitmix64 */
	uint64_t z = *state += 0x9E3779B97F4A7C15;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return (uint32_t)((z ^ z >> 31) % below);
}

static void flip_bits(struct bytes *b, uint64_t *rnd)
{
	for (uint32_t n = 1 + draw(rnd, 4); n > 0 && b->len > 0; n--)
		b->at[draw(rnd, (uint32_t)b->len)] ^= (uint8_t)(1u << draw(rnd, 8));
}

static void set_byte(struct bytes *b, uint64_t *rnd)
{
	static const uint8_t edges[] = {0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x97, 0xC0, 0xFE, 0xFF};
	if (b->len > 0)
		b->at[draw(rnd, (uint32_t)b->len)] = edges[draw(rnd, sizeof(edges))];
}

static void cut_end(struct bytes *b, uint64_t *rnd)
{
	b->len = draw(rnd, (uint32_t)b->len + 1);
}

static void grow(struct bytes *b, uint64_t *rnd)
{
	for (uint32_t n = draw(rnd, APDU_MAX); n > 0; n--)
		bytes_put_u8(b, (uint8_t)draw(rnd, 256));
}

static void drop_middle(struct bytes *b, uint64_t *rnd)
{
	size_t from = draw(rnd, (uint32_t)b->len + 1), n = draw(rnd, 8);
	if (n > b->len - from)
		n = b->len - from;
	memmove(b->at + from, b->at + from + n, b->len - from - n);
	b->len -= n;
}

static void mutate(struct bytes *b, uint64_t *rnd)
{
	static void (*const ways[])(struct bytes *, uint64_t *) = {
		flip_bits, set_byte, cut_end, grow, drop_middle};
	for (uint32_t n = 1 + draw(rnd, 3); n > 0; n--)
		ways[draw(rnd, sizeof(ways) / sizeof(ways[0]))](b, rnd);
}

static bool is_cause_of_a_card(enum card_err err)
{
	switch (err) {
	case CARD_ERR_OK:
	case CARD_ERR_REMOVED:
	case CARD_ERR_BUSY:
	case CARD_ERR_UNREADABLE:
	case CARD_ERR_UNKNOWN_CARD:
	case CARD_ERR_NO_DATA:
	case CARD_ERR_NO_DIALECT:
	case CARD_ERR_PROTOCOL:
	case CARD_ERR_FOREIGN:
	case CARD_ERR_TRANSIT:
		return true;
	case CARD_ERR_NO_READER:
	case CARD_ERR_NO_SERVICE:
	case CARD_ERR_NOT_ALLOWED:
	case CARD_ERR_LIMIT:
	case CARD_ERR_TIMEOUT:
	case CARD_ERR_CANCELLED:
	case CARD_ERR_MUTE:
	case CARD_ERR_UNPROVEN:
		break;
	}
	return false;
}

/* Read with answer k replaced; false if something came out that should not. */
static bool survives(struct script *s, size_t k, const struct bytes *instead)
{
	struct card_reading r = {.reissue = 4711};
	struct card_trace trace = {0};
	script_rewind(s);
	s->any_order = true;
	s->replaced = k;
	s->instead = *instead;
	enum card_err err = sample_read(s, &fcf_layout, 1, &r, &trace);
	bool sound = err ? r.reissue == 4711 : reading_is_sound(&r);
	return sound && is_cause_of_a_card(err) && trace.step && s->open == 0;
}

static bool reads_again(struct script *s, const struct sample *card)
{
	struct card_reading r = {0};
	struct card_trace trace;
	script_rewind(s);
	s->any_order = false;
	return sample_read(s, &fcf_layout, 1, &r, &trace) == CARD_ERR_OK &&
	       sample_matches(card, &r) && script_spent(s);
}

static void no_mutated_reply_does_harm(void)
{
	static struct script s[SPEECH_COUNT];
	const struct sample *card = sample_find("staff");
	uint64_t rnd = seed;
	size_t harmed = 0;
	for (enum speech speech = 0; speech < SPEECH_COUNT; speech++)
		sample_script(&s[speech], speech, card);
	for (size_t i = 0; i < MUTATIONS; i++) {
		struct script *one = &s[draw(&rnd, SPEECH_COUNT)];
		size_t k = draw(&rnd, (uint32_t)one->n);
		struct bytes broken = one->lines[k].answer;
		mutate(&broken, &rnd);
		harmed += !survives(one, k, &broken);
	}
	CHECK_INT(harmed, 0);
	CHECK(reads_again(&s[TRANSPARENT], card));
	CHECK(reads_again(&s[ACS], card));
}

/* Where a status stands in an answer, counted from its end; 0: nowhere. */
static size_t c0_place(const struct bytes *answer)
{
	return answer->len > 5 && answer->at[0] == 0xC0 ? answer->len - 3 : 0;
}

static void put_status(struct bytes *answer, size_t from_end, unsigned sw)
{
	answer->at[answer->len - from_end] = (uint8_t)(sw >> 8);
	answer->at[answer->len - from_end + 1] = (uint8_t)(sw & 0xFF);
}

static size_t harm_of_status(struct script *s, size_t k, size_t from_end)
{
	size_t harmed = 0;
	struct bytes answer = s->lines[k].answer;
	for (unsigned sw = 0; from_end > 0 && sw <= 0xFFFF; sw++) {
		put_status(&answer, from_end, sw);
		harmed += !survives(s, k, &answer);
	}
	return harmed;
}

static void no_status_word_does_harm_at_any_step(void)
{
	static struct script s;
	const struct sample *card = sample_find("student");
	for (enum speech speech = 0; speech < SPEECH_COUNT; speech++) {
		sample_script(&s, speech, card);
		for (size_t k = 0; k < s.n; k++) {
			CHECK_INT(harm_of_status(&s, k, 2), 0);
			CHECK_INT(harm_of_status(&s, k, c0_place(&s.lines[k].answer)), 0);
		}
		CHECK(reads_again(&s, card));
	}
}

/* SF1 and SF2 of the card itself. */
static void no_status_flags_of_a_card_do_harm(void)
{
	static struct script s;
	sample_script(&s, ACS, sample_find("unreadable"));
	CHECK_INT(s.lines[1].answer.len, 14);
	CHECK_INT(harm_of_status(&s, 1, 4), 0);
}

int main(int argc, char **argv)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(no_mutated_reply_does_harm),
		CASE(no_status_word_does_harm_at_any_step),
		CASE(no_status_flags_of_a_card_do_harm),
	};
	seed = argc > 1 ? strtoull(argv[1], NULL, 0) : (uint64_t)time(NULL);
	fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
	return CHECK_MAIN("mutation", cases);
}
