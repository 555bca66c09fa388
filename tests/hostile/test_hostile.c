/* SPDX-License-Identifier: MIT
 *
 * Every kind of reader, and a card that is taken away or says what it likes at each
 * single APDU. Without pcscd, so that there can be very many conversations:
 * test_hostile [SEED] [SHARE of a million mutations, in percent].
 */
#include "tests/check.h"

#include <stdlib.h>
#include <time.h>

#include "pcsc/card.h"
#include "tests/pcsc/sample.h"
#include "tests/hostile/model.h"

#define MUTATIONS_MAX 1000000

static uint64_t seed;
static unsigned share = 100; /* percent */
static struct vcard *card;
static struct model model;
static struct dialect_memory memory;

static const struct card_job job = {.layouts = &fcf_layout, .n_layouts = 1, .memory = &memory};

/* Kinds that can bring the campus card's data. */
static bool can_read(enum reader_kind kind)
{
	return kind != READER_KIND_PLAIN;
}

static enum card_err tap(struct card_reading *ret)
{
	struct card_trace trace;
	model_rewind(&model);
	enum card_err err = card_read(&model.t, model.name, &job, ret, &trace);
	return err;
}

static bool is_same(const struct card_reading *a, const struct card_reading *b)
{
	return reading_same_card(a, b) && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->class_, b->class_) == 0 && a->expires == b->expires &&
	       a->issued == b->issued && a->reissue == b->reissue;
}

/* An honest tap; what was said is kept, and the reader's dialect remembered. */
static size_t honest(enum reader_kind kind, struct card_reading *ret)
{
	memory = (struct dialect_memory){0};
	model_init(&model, kind, card);
	CHECK_INT(tap(ret), CARD_ERR_OK);
	model.keep = true;
	CHECK_INT(tap(ret), CARD_ERR_OK);
	model.keep = false;
	CHECK_STR(ret->number, "37-246801");
	CHECK(model.sent <= MODEL_APDUS_MAX);
	return model.sent;
}

static bool reads_again(const struct card_reading *want)
{
	struct card_reading got = {0};
	model.remove_from = model.replaced = MODEL_NEVER;
	return tap(&got) == CARD_ERR_OK && is_same(&got, want) && model.open == 0;
}

/* A reader may say that a card ends early: then what stood there is not known. */
static bool is_part_of(const struct card_reading *got, const struct card_reading *want)
{
	return reading_same_card(got, want) && strcmp(got->class_, want->class_) == 0 &&
	       (got->name[0] == '\0' || strcmp(got->name, want->name) == 0) &&
	       (got->expires == 0 || got->expires == want->expires) &&
	       (got->issued == 0 || got->issued == want->issued);
}

/* What only tidies up after the data came may fail unnoticed. */
static bool is_right_without(
	enum card_err err, const struct card_reading *got, const struct card_reading *want)
{
	return err != CARD_ERR_OK || is_part_of(got, want);
}

static bool is_cause_of_a_card(enum card_err err)
{
	static const enum card_err none[] = {CARD_ERR_NO_READER, CARD_ERR_NO_SERVICE,
		CARD_ERR_NOT_ALLOWED, CARD_ERR_TIMEOUT, CARD_ERR_CANCELLED};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (none[i] == err)
			return false;
	return true;
}

static void for_each_kind(void (*run)(enum reader_kind kind))
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
		if (can_read(kind))
			run(kind);
}

static void remove_at_each_apdu(enum reader_kind kind)
{
	struct card_reading want = {0}, got = {0};
	size_t n = honest(kind, &want);
	for (size_t k = 0; k < n; k++) {
		model.remove_from = k;
		enum card_err err = tap(&got);
		CHECK(err == CARD_ERR_REMOVED || (err == CARD_ERR_OK && is_same(&got, &want)));
		CHECK_INT(model.open, 0);
		CHECK(reads_again(&want));
	}
}

static void a_card_taken_away_at_any_apdu_is_removed_and_a_new_tap_works(void)
{
	for_each_kind(remove_at_each_apdu);
}

/* The answer to APDU k is `said`: either a failure, or nothing but the truth. */
static size_t lies(size_t k, const struct bytes *said, const struct card_reading *want)
{
	struct card_reading got = {0};
	model.replaced = k;
	model.instead = *said;
	enum card_err err = tap(&got);
	return !is_right_without(err, &got, want) || !is_cause_of_a_card(err) || model.open != 0;
}

static void cut_each_answer(enum reader_kind kind)
{
	struct card_reading want = {0};
	size_t n = honest(kind, &want), wrong = 0;
	for (size_t k = 0; k < n; k++) {
		struct bytes said = model.said[k];
		for (size_t len = 0; len < model.said[k].len; len++) {
			said.len = len;
			wrong += lies(k, &said, &want);
		}
		CHECK(reads_again(&want));
	}
	CHECK_INT(wrong, 0);
}

static void a_truncated_answer_never_becomes_another_person(void)
{
	for_each_kind(cut_each_answer);
}

static void lengthen_each_answer(enum reader_kind kind)
{
	struct card_reading want = {0};
	size_t n = honest(kind, &want), wrong = 0;
	for (size_t k = 0; k < n; k++) {
		for (size_t more = 1; more <= 300 && model.said[k].len + more <= APDU_MAX; more++) {
			struct bytes said = model.said[k];
			/* before the status word, as a chatty card would, and after it */
			memmove(said.at + said.len - 2 + more, said.at + said.len - 2, 2);
			memset(said.at + said.len - 2, 0x30, more);
			said.len += more;
			wrong += lies(k, &said, &want);
			said = model.said[k];
			memset(said.at + said.len, 0, more);
			said.len += more;
			wrong += lies(k, &said, &want);
		}
		CHECK(reads_again(&want));
	}
	CHECK_INT(wrong, 0);
}

static void an_answer_with_bytes_too_many_never_becomes_another_person(void)
{
	for_each_kind(lengthen_each_answer);
}

static void say_each_status(enum reader_kind kind)
{
	struct card_reading want = {0};
	size_t n = honest(kind, &want), wrong = 0;
	for (size_t k = 0; k < n; k++) {
		struct bytes said = model.said[k];
		for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
			said.at[said.len - 2] = (uint8_t)(sw >> 8);
			said.at[said.len - 1] = (uint8_t)(sw & 0xFF);
			wrong += lies(k, &said, &want);
		}
		CHECK(reads_again(&want));
	}
	CHECK_INT(wrong, 0);
}

static void each_of_65536_status_words_is_taken_at_every_apdu(void)
{
	for_each_kind(say_each_status);
}

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16) % below;
}

static void mutate(struct bytes *b)
{
	size_t at = draw((uint32_t)b->len);
	switch (draw(5)) {
	case 0:
		b->at[at] ^= (uint8_t)(1u << draw(8));
		break;
	case 1:
		b->at[at] = (uint8_t)draw(256);
		break;
	case 2:
		b->len = at;
		break;
	case 3:
		for (uint32_t n = draw(64); n > 0 && b->len < APDU_MAX; n--)
			b->at[b->len++] = (uint8_t)draw(256);
		break;
	default:
		memmove(b->at + at, b->at + at + 1, b->len - at - 1);
		b->len--;
	}
}

static bool survives(size_t k, const struct bytes *said)
{
	struct card_reading got = {.reissue = 4711};
	model.replaced = k;
	model.instead = *said;
	enum card_err err = tap(&got);
	bool sound = err ? got.reissue == 4711 : reading_is_sound(&got);
	return sound && is_cause_of_a_card(err) && model.open == 0;
}

static void mutate_answers(enum reader_kind kind)
{
	struct card_reading want = {0};
	size_t n = honest(kind, &want), wrong = 0;
	size_t rounds = MUTATIONS_MAX / 100 * share / (READER_KIND_COUNT - 1) + 1;
	for (size_t i = 0; i < rounds; i++) {
		size_t k = draw((uint32_t)n);
		struct bytes said = model.said[k];
		for (uint32_t times = 1 + draw(3); times > 0 && said.len > 0; times--)
			mutate(&said);
		wrong += !survives(k, &said);
	}
	CHECK_INT(wrong, 0);
	CHECK(reads_again(&want));
}

static void a_million_mutated_answers_do_no_harm(void)
{
	for_each_kind(mutate_answers);
}

/* Two cards are laid on in turn: what was read of one never stands in a reading of the other. */
static void no_byte_of_one_card_is_read_under_another(enum reader_kind kind)
{
	struct card_reading first = {0}, second = {0}, other_alone = {0};
	g_autoptr(GError) error = NULL;
	struct vcard *other = vcard_find(VCARD_DIR, "staff", &error);
	CHECK(other != NULL);
	honest(kind, &first);
	model.card = other;
	CHECK_INT(tap(&other_alone), CARD_ERR_OK);
	model.card = card;
	for (size_t k = 0; other && k < MODEL_APDUS_MAX; k++) {
		model_rewind(&model);
		model.swap_at = k;
		model.swap = other;
		struct card_trace trace;
		enum card_err err = card_read(&model.t, model.name, &job, &second, &trace);
		CHECK(err || is_same(&second, &first) || is_same(&second, &other_alone));
		model.swap = NULL;
	}
	vcard_free(other);
}

static void a_swap_at_any_apdu_mixes_nothing(void)
{
	for_each_kind(no_byte_of_one_card_is_read_under_another);
}

static void a_reader_that_no_longer_understands_is_asked_again_before_it_is_blamed(void)
{
	struct card_reading got = {0};
	honest(READER_KIND_DIRECT, &got);
	model.reader.kind = READER_KIND_PLAIN;
	CHECK_INT(tap(&got), CARD_ERR_REMOVED);
	CHECK_INT(tap(&got), CARD_ERR_NO_DIALECT);
	model.reader.kind = READER_KIND_DIRECT;
	CHECK_INT(tap(&got), CARD_ERR_OK);
}

int main(int argc, char **argv)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_card_taken_away_at_any_apdu_is_removed_and_a_new_tap_works),
		CASE(a_truncated_answer_never_becomes_another_person),
		CASE(an_answer_with_bytes_too_many_never_becomes_another_person),
		CASE(each_of_65536_status_words_is_taken_at_every_apdu),
		CASE(a_million_mutated_answers_do_no_harm),
		CASE(a_swap_at_any_apdu_mixes_nothing),
		CASE(a_reader_that_no_longer_understands_is_asked_again_before_it_is_blamed),
	};
	g_autoptr(GError) error = NULL;
	seed = argc > 1 ? strtoull(argv[1], NULL, 0) : (uint64_t)time(NULL);
	if (argc > 2)
		share = (unsigned)strtoul(argv[2], NULL, 10);
	seed = seed ? seed : 1;
	fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
	card = vcard_find(VCARD_DIR, "student", &error);
	if (!card) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	int code = CHECK_MAIN("hostile", cases);
	vcard_free(card);
	return code;
}
