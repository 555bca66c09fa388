/* SPDX-License-Identifier: MIT
 *
 * Writes the seeds of the fuzz targets: what sample cards and every kind of reader say to
 * a reading, a probe, each dialect and ISO commands; and the blocks of cards.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/hostile/model.h"
#include "tests/pcsc/conversation.h"
#include "tests/pcsc/drive.h"
#include "tests/pcsc/jobs.h"
#include "tests/pcsc/sample.h"

#define NOTHING_SKIPPED "@"   /* of drive.h: bits 0 to 5 are clear */
#define PROBE_APDUS_MAX 256   /* longer ones cost a fuzzer more than they teach it */
#define ISO_CHOICES     "@K@" /* 300 bytes from the first */

static FILE *create(const char *dir, const char *target, const char *format, ...)
{
	char name[128], path[4096];
	va_list list;
	va_start(list, format);
	vsnprintf(name, sizeof(name), format, list);
	va_end(list);
	snprintf(path, sizeof(path), "%s/%s/%s", dir, target, name);
	FILE *f = fopen(path, "wb");
	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void write_hex(FILE *f, const char *mark, const struct bytes *b)
{
	fprintf(f, "%s ", mark);
	for (size_t i = 0; i < b->len; i++)
		fprintf(f, "%02X", b->at[i]);
	fputc('\n', f);
}

static void write_said(FILE *f, const struct model *m)
{
	if (m->sent > MODEL_APDUS_MAX) {
		fprintf(stderr, "%s, %s: %zu, more than is kept\n", m->name, m->card->id, m->sent);
		exit(1);
	}
	for (size_t i = 0; i < m->sent; i++) {
		write_hex(f, m->escaped[i] ? ">>" : ">", &m->asked[i]);
		if (m->said[i].len > 0)
			write_hex(f, "<", &m->said[i]);
		else
			fprintf(f, "! removed\n");
	}
	fclose(f);
}

static void listen(struct model *m, enum reader_kind kind, const struct vcard *card)
{
	model_init(m, kind, card);
	m->keep = true;
}

static void write_reading(
	const char *dir, enum reader_kind kind, const struct vcard *card, bool recorded)
{
	static struct model m;
	struct dialect_memory memory = {0};
	struct card_job job = recorded ? job_of_fcf() : job_of_all();
	struct card_reading reading = {0};
	struct card_trace trace;
	job.memory = &memory;
	listen(&m, kind, card);
	enum card_err err = card_read(&m.t, m.name, &job, &reading, &trace);
	FILE *f = create(dir, "card", "%s%s-%s", recorded ? CONVERSATION_RECORDED "-" : "",
		reader_kind_name(kind), card->id);
	fprintf(f, "card %s\nreader %s\nresult %s\n", recorded ? CONVERSATION_RECORDED : card->id,
		m.name, card_err_name(err));
	write_said(f, &m);
}

static void write_card(const char *dir, enum reader_kind kind, const struct vcard *card)
{
	write_reading(dir, kind, card, false);
}

static void write_probe(const char *dir, enum reader_kind kind, const struct vcard *card)
{
	static struct model m;
	listen(&m, kind, card);
	enum card_err err = drive_probe(&m.t, m.name);
	if (m.sent > PROBE_APDUS_MAX)
		return;
	FILE *f = create(dir, "probe", "%s-%s", reader_kind_name(kind), card->id);
	fprintf(f, "card %s\nreader %s\n# %s\n", card->id, m.name, card_err_name(err));
	write_said(f, &m);
}

/* Those that this kind of reader understands; the one that understands nothing, once. */
static void write_dialects(const char *dir, enum reader_kind kind, const struct vcard *card)
{
	static struct model m;
	const struct dialect *d;
	for (size_t row = 0; (d = dialect_row(row)); row++) {
		struct card_trace trace = {0};
		struct line line = {.t = &m.t, .trace = &trace};
		uint8_t choice = (uint8_t)(DRIVE_DIALECT_BASE | row);
		if (d == &dialect_uid_only && kind != READER_KIND_PLAIN)
			continue;
		listen(&m, kind, card);
		if (!drive_dialect(&line, choice, NOTHING_SKIPPED[0]))
			continue;
		FILE *f = create(
			dir, "dialect", "%s-%s-%s", d->name, reader_kind_name(kind), card->id);
		fprintf(f, "%c" NOTHING_SKIPPED "\n", choice);
		write_said(f, &m);
	}
}

static void write_iso(const char *dir, enum reader_kind kind, const struct vcard *card)
{
	static struct model m;
	struct card_trace trace = {0};
	struct line line = {.t = &m.t, .trace = &trace};
	listen(&m, kind, card);
	drive_iso(&line, ISO_CHOICES[0], 0, 300);
	FILE *f = create(dir, "iso", "%s-%s", reader_kind_name(kind), card->id);
	fputs(ISO_CHOICES "\n", f);
	write_said(f, &m);
}

static bool is_one_of(const char *id, const char *const *ids)
{
	for (; *ids; ids++)
		if (strcmp(*ids, id) == 0)
			return true;
	return false;
}

/* Cards that differ in more than what is printed on them. */
static bool is_told_by_every_kind(const struct vcard *card)
{
	static const char *const ids[] = {"student", "staff", "transit", "mifare", "no-data",
		"unreadable", "other-university", NULL};
	return is_one_of(card->id, ids);
}

/* Readers that carry frames, with a session and without, and with commands of their own. */
static bool is_of_the_field(enum reader_kind kind)
{
	return kind == READER_KIND_SESSION || kind == READER_KIND_DIRECT ||
	       kind == READER_KIND_IDENTIV || kind == READER_KIND_SONY_SELECT;
}

/* Its number is another one each time; so would be the file. */
static bool is_random(const struct vcard *card)
{
	return strcmp(card->id, "mifare-random") == 0;
}

static void write_sample(const char *dir, enum reader_kind kind, const struct vcard *card)
{
	static const char *const probed[] = {"student", "transit", NULL};
	if (!is_told_by_every_kind(card))
		return;
	write_card(dir, kind, card);
	if (strcmp(card->id, "student") == 0)
		write_reading(dir, kind, card, true);
	if (is_one_of(card->id, probed)) {
		write_probe(dir, kind, card);
		write_dialects(dir, kind, card);
	}
}

static void write_field(const char *dir, enum reader_kind kind, const struct vcard *card)
{
	static const char *const probed[] = {
		"eight-blocks", "iso-binary", "iso-record", "lite-s", "mifare-uid", NULL};
	if (!is_of_the_field(kind) || is_random(card))
		return;
	write_card(dir, kind, card);
	if (is_one_of(card->id, probed))
		write_probe(dir, kind, card);
	if (!card->felica && kind == READER_KIND_SESSION)
		write_iso(dir, kind, card);
}

static void write_all(const char *dir, const char *from,
	void (*write)(const char *dir, enum reader_kind kind, const struct vcard *card))
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(from, &error);
	if (!cards) {
		fprintf(stderr, "%s\n", error->message);
		exit(1);
	}
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
		for (guint i = 0; i < cards->len; i++)
			write(dir, kind, g_ptr_array_index(cards, i));
}

static void write_fields(const char *dir, const struct sample *card)
{
	static const uint8_t choice[] = {2, 12, 16, 16};
	uint8_t data[64];
	FILE *f = create(dir, "fields", "%s", card->name);
	sample_data(card, data);
	fwrite(choice, 1, sizeof(choice), f);
	fwrite(data, 1, sizeof(data), f);
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER (with card, dialect, fields, iso, probe)\n",
			argv[0]);
		return 2;
	}
	write_all(argv[1], VCARD_DIR, write_sample);
	write_all(argv[1], VCARD_FIELD_DIR, write_field);
	for (size_t i = 0; i < n_samples; i++)
		if (samples[i].kind == SAMPLE_FCF)
			write_fields(argv[1], &samples[i]);
	return 0;
}
