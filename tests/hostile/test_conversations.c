/* SPDX-License-Identifier: MIT
 *
 * Recorded conversations, replayed word for word: what is asked today is what was asked
 * when they were recorded, and comes to the same. Argument: the folder. After a change
 * of what is sent, write them anew with write_corpus and look at the difference.
 */
#include "tests/check.h"

#include <glib.h>

#include "tests/pcsc/conversation.h"
#include "tests/pcsc/jobs.h"

static const char *folder;

/* Named by a hash: it says nothing of what is right. */
static bool is_of_a_fuzzer(const char *name)
{
	return strlen(name) == 40 && strspn(name, "0123456789abcdef") == 40;
}

static void replay(const char *name)
{
	static struct conversation c;
	struct dialect_memory memory = {0};
	struct card_job job;
	struct card_reading reading;
	struct card_trace trace;
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *text = NULL;
	gsize len = 0;
	CHECK(g_file_get_contents(path, &text, &len, NULL));
	conversation_parse(&c, text, len);
	job = strcmp(c.card, CONVERSATION_RECORDED) == 0 ? job_of_fcf() : job_of_all();
	job.memory = &memory;
	c.strict = true;
	enum card_err err = card_read(&c.t, c.reader, &job, &reading, &trace);
	if (strcmp(card_err_name(err), c.result) != 0 || c.strange > 0 || c.next != c.n)
		fprintf(stderr, "%s: %s, %u of %zu APDUs strange, %zu said\n", name,
			card_err_name(err), c.strange, c.n, c.next);
	CHECK_STR(card_err_name(err), c.result);
	CHECK_INT(c.strange, 0);
	CHECK_INT(c.next, c.n);
}

static void every_recorded_conversation_comes_to_what_it_did(void)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	unsigned n = 0;
	CHECK(dir != NULL);
	for (; dir && (name = g_dir_read_name(dir)); n++)
		if (!is_of_a_fuzzer(name))
			replay(name);
	CHECK(n > 0);
	if (dir)
		g_dir_close(dir);
}

int main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		{"every_recorded_conversation_comes_to_what_it_did",
			every_recorded_conversation_comes_to_what_it_did},
	};
	if (argc != 2)
		return 2;
	folder = argv[1];
	int code = CHECK_MAIN("conversations", cases);
	if (code)
		fprintf(stderr, "If what is asked was changed on purpose: "
				"BUILD/tests/hostile/write_corpus tests/pcsc/corpus\n");
	return code;
}
