/* SPDX-License-Identifier: MIT
 *
 * test_note.c - notes and checkpoints against other programs' examples, and changed ones.
 */
#include "kiosk/record/checkpoint.h"

#include "tests/check.h"

/* From the tests of golang.org/x/mod/sumdb/note. */
#define PETER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_TEXT                                                                                 \
	"If you think cryptography is the answer to your problem,\n"                               \
	"then you don't know what your problem is.\n"
#define PETER_NOTE                                                                                 \
	PETER_TEXT "\n— PeterNeumann "                                                           \
		   "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"     \
		   "tpRZb6KE6RyyBwJnAM=\n"

#define NAME "madoguchi/ENG1"

static const guint8 seed[NOTE_KEY_SIZE] = {1, 2, 3, 4, 5};

static struct note_key own_key(void)
{
	struct note_key key;
	CHECK(note_key_of_seed(NAME, seed, &key));
	return key;
}

static int opened(const char *note, gsize len, const struct note_key *key)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	return note_open(note, len, key, &text, &error) ? -1 : error->code;
}

static void a_note_of_another_program_opens(void)
{
	struct note_key key;
	g_autofree char *text = NULL;
	char again[NOTE_KEY_TEXT_SIZE];
	CHECK(note_key_parse(PETER_KEY, &key, NULL));
	note_key_text(&key, again);
	CHECK_STR(again, PETER_KEY);
	CHECK(note_open(PETER_NOTE, strlen(PETER_NOTE), &key, &text, NULL));
	CHECK_STR(text, PETER_TEXT);
}

static void what_was_signed_opens_and_is_the_same(void)
{
	struct note_key key = own_key(), parsed;
	char vkey[NOTE_KEY_TEXT_SIZE];
	const struct checkpoint checkpoint = {.size = 1234567890123, .root = {7, 8, 9}};
	struct checkpoint got;
	g_autofree char *note = checkpoint_sign(&checkpoint, &key, seed);
	note_key_text(&key, vkey);
	CHECK(note_key_parse(vkey, &parsed, NULL));
	CHECK(g_str_has_prefix(note, NAME "\n1234567890123\nBwgJAAAAA"));
	CHECK(checkpoint_open(note, strlen(note), &parsed, &got, NULL));
	CHECK_INT(got.size, checkpoint.size);
	CHECK(memcmp(got.root, checkpoint.root, sizeof got.root) == 0);
}

static void a_flipped_bit_anywhere_is_noticed(void)
{
	struct note_key key = own_key();
	const struct checkpoint checkpoint = {.size = 77, .root = {7, 8, 9}};
	g_autofree char *note = checkpoint_sign(&checkpoint, &key, seed);
	gsize len = strlen(note);
	for (gsize bit = 0; bit < 8 * len; bit++) {
		struct checkpoint got;
		note[bit / 8] ^= (char)(1 << bit % 8);
		CHECK(!checkpoint_open(note, len, &key, &got, NULL));
		note[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (gsize n = 0; n < len; n++)
		CHECK(opened(note, n, &key) != -1);
}

static void signatures_of_others_are_passed_over(void)
{
	struct note_key key = own_key(), other;
	static const guint8 other_seed[NOTE_KEY_SIZE] = {9};
	g_autofree char *note = note_sign("hello\n", &key, seed);
	g_autofree char *more = g_strconcat(note, "— witness.example/1 AAAAAAE=\n", NULL);
	g_autofree char *before = g_strdup("hello\n\n— " NAME " AAAAAAE=\n");
	CHECK_INT(opened(more, strlen(more), &key), -1);
	CHECK_INT(opened(before, strlen(before), &key), NOTE_ERROR_UNSIGNED);
	CHECK(note_key_of_seed(NAME, other_seed, &other));
	CHECK_INT(opened(note, strlen(note), &other), NOTE_ERROR_UNSIGNED);
	/* The known key's own line, and another text. */
	g_autofree char *changed = g_strdup(note);
	changed[0] = 'j';
	CHECK_INT(opened(changed, strlen(changed), &key), NOTE_ERROR_SIGNATURE);
}

static void what_is_no_note_is_refused(void)
{
	struct note_key key = own_key();
	g_autofree char *good = note_sign("hello\n", &key, seed);
	const char *sig = strstr(good, "—");
	static const char *const frames[] = {"hello\n%s", "hello\n\n\n%s", "he\tllo\n\n%s",
		"hello\n\n%s\n", "hello\n\n- %s", "hello\n\n%sx\n", "hello\n\n", "\n\n%s", "%s"};
	for (gsize i = 0; i < G_N_ELEMENTS(frames); i++) {
		GString *bad = g_string_new(frames[i]);
		g_string_replace(bad, "%s", sig, 1);
		CHECK(opened(bad->str, bad->len, &key) != -1);
		g_string_free(bad, TRUE);
	}
	CHECK(opened("hello\n\n\xff\n", 10, &key) == NOTE_ERROR_FORM);
}

static void a_signed_text_that_is_no_checkpoint_is_refused(void)
{
	struct note_key key = own_key();
#define ROOT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	static const char *const texts[] = {NAME "\n5\n", "madoguchi/ENG2\n5\n" ROOT "\n",
		NAME "\n05\n" ROOT "\n", NAME "\n-5\n" ROOT "\n", NAME "\n+5\n" ROOT "\n",
		NAME "\n9223372036854775808\n" ROOT "\n", NAME "\n5\nAAAA\n",
		NAME "\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", NAME "\n5\n" ROOT " \n",
		NAME "\n5\n\n" ROOT "\n", NAME "\n\n" ROOT "\n"};
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct checkpoint got;
		g_autofree char *note = note_sign(texts[i], &key, seed);
		CHECK(!checkpoint_open(note, strlen(note), &key, &got, NULL));
	}
	struct checkpoint got;
	g_autofree char *note = note_sign(NAME "\n0\n" ROOT "\nmore\n", &key, seed);
	CHECK(checkpoint_open(note, strlen(note), &key, &got, NULL));
}

static void a_verifier_key_has_one_form(void)
{
	static const char *const bad[] = {"", "a", "a+b", "PeterNeumann+c74f20a4+x",
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		PETER_KEY "\n", PETER_KEY "=", " " PETER_KEY};
	struct note_key key;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		CHECK(!note_key_parse(bad[i], &key, NULL));
	CHECK(!note_key_of_seed("", seed, &key));
	CHECK(!note_key_of_seed("a b", seed, &key));
	CHECK(!note_key_of_seed("a+b", seed, &key));
	CHECK(!note_key_of_seed("a\u3000b", seed, &key));
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a note of another program opens", a_note_of_another_program_opens},
		{"what was signed opens and is the same", what_was_signed_opens_and_is_the_same},
		{"a flipped bit anywhere is noticed", a_flipped_bit_anywhere_is_noticed},
		{"signatures of others are passed over", signatures_of_others_are_passed_over},
		{"what is no note is refused", what_is_no_note_is_refused},
		{"a signed text that is no checkpoint is refused",
			a_signed_text_that_is_no_checkpoint_is_refused},
		{"a verifier key has one form", a_verifier_key_has_one_form},
	};
	return CHECK_MAIN("notes", cases);
}
