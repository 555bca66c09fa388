/* SPDX-License-Identifier: MIT
 *
 * test_card_recorder.c - what was recorded in the field is what happens again.
 */
#include "tests/check.h"

#include <glib/gstdio.h>
#include <fcntl.h>
#include <unistd.h>

#include "kiosk/ctl/card_recorder.h"
#include "pcsc/card.h"
#include "tests/hostile/model.h"
#include "tests/pcsc/conversation.h"
#include "tests/pcsc/sample.h"

static const struct card_job job = {.layouts = &fcf_layout, .n_layouts = 1};

struct outcome {
	struct card_reading reading;
	struct card_trace trace;
	enum card_err err;
};

static struct outcome read_card(const struct card_transport *t, const char *reader)
{
	struct outcome o = {0};
	o.err = card_read(t, reader, &job, &o.reading, &o.trace);
	return o;
}

/* Recorded to a file, which is read back and removed. */
static char *record(struct model *m, struct outcome *ret)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = g_dir_make_tmp("madoguchi-record-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "record", NULL);
	char *text = NULL;
	AUTO(card_recorder) recorder = card_recorder_new(path, &error);
	CHECK(recorder != NULL);
	*ret = read_card(card_recorder_wrap(recorder, &m->t), m->name);
	card_recorder_result(recorder, ret->err);
	CHECK(card_recorder_close(recorder, &error));
	CHECK(g_file_get_contents(path, &text, NULL, NULL));
	g_unlink(path);
	g_rmdir(dir);
	return text;
}

static void check_replay(const char *id, enum reader_kind kind, size_t remove_from)
{
	struct vcard *card = vcard_find(VCARD_DIR, id, NULL);
	struct model m;
	struct outcome live;
	static struct conversation c;
	model_init(&m, kind, card);
	m.remove_from = remove_from;
	g_autofree char *text = record(&m, &live);
	conversation_parse(&c, text, strlen(text));
	c.strict = true;
	CHECK_STR(c.reader, m.name);
	CHECK_STR(c.result, card_err_name(live.err));
	struct outcome again = read_card(&c.t, c.reader);
	CHECK_INT(again.err, live.err);
	CHECK_STR(again.reading.number, live.reading.number);
	CHECK_STR(again.reading.name, live.reading.name);
	CHECK_INT(trace_apdus(&again.trace), trace_apdus(&live.trace));
	CHECK_INT(c.strange, 0);
	CHECK_INT(c.next, c.n);
	vcard_free(card);
}

static void a_recording_is_read_like_the_card(void)
{
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
		check_replay("student", kind, MODEL_NEVER);
	check_replay("mifare", READER_KIND_SESSION, MODEL_NEVER);
}

static void a_card_that_left_leaves_again(void)
{
	for (size_t i = 0; i < 4; i++)
		check_replay("student", READER_KIND_SESSION, i);
}

static void a_file_that_is_there_is_not_touched(void)
{
	g_autoptr(GError) error = NULL;
	char path[] = "/tmp/madoguchi-there-XXXXXX";
	int fd = g_mkstemp(path);
	CHECK(fd >= 0 && write(fd, "mine", 4) == 4);
	close(fd);
	CHECK(card_recorder_new(path, &error) == NULL);
	CHECK(error != NULL);
	g_autofree char *text = NULL;
	CHECK(g_file_get_contents(path, &text, NULL, NULL));
	CHECK_STR(text, "mine");
	g_unlink(path);
}

/* /dev/full takes all and keeps nothing. */
static void a_full_disk_is_no_recording(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = g_dir_make_tmp("madoguchi-record-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "record", NULL);
	AUTO(card_recorder) recorder = card_recorder_new(path, &error);
	int full = g_open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct model m;
	struct vcard *card = vcard_find(VCARD_DIR, "student", NULL);
	CHECK(recorder != NULL && full >= 0);
	model_init(&m, READER_KIND_DIRECT, card);
	/* The recorder's descriptor is the last that was opened before ours. */
	CHECK(dup2(full, full - 1) == full - 1);
	read_card(card_recorder_wrap(recorder, &m.t), m.name);
	CHECK(!card_recorder_close(recorder, &error));
	CHECK(error != NULL);
	close(full);
	vcard_free(card);
	g_unlink(path);
	g_rmdir(dir);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a recording is read like the card", a_recording_is_read_like_the_card},
		{"a card that left leaves again", a_card_that_left_leaves_again},
		{"a file that is there is not touched", a_file_that_is_there_is_not_touched},
		{"a full disk is no recording", a_full_disk_is_no_recording},
	};
	return CHECK_MAIN("card-recorder", cases);
}
