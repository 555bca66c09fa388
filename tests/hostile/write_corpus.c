/* SPDX-License-Identifier: MIT
 *
 * Writes the seeds of the fuzz targets: a conversation of every sample card with every
 * kind of reader, and the blocks of the cards.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/hostile/model.h"
#include "tests/pcsc/jobs.h"
#include "tests/pcsc/sample.h"

static FILE *create(const char *dir, const char *kind, const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s/%s", dir, kind, name);
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

static void write_card(const char *dir, enum reader_kind kind, const struct vcard *card)
{
	static struct model m;
	struct dialect_memory memory = {0};
	struct card_job job = job_of_all();
	struct card_reading reading = {0};
	struct card_trace trace;
	char name[128];
	job.memory = &memory;
	model_init(&m, kind, card);
	m.keep = true;
	enum card_err err = card_read(&m.t, m.name, &job, &reading, &trace);
	snprintf(name, sizeof(name), "%s-%s", reader_kind_name(kind), card->id);
	FILE *f = create(dir, "card", name);
	fprintf(f, "card %s\nreader %s\nresult %s\n", card->id, m.name, card_err_name(err));
	for (size_t i = 0; i < m.sent && i < MODEL_APDUS_MAX; i++) {
		write_hex(f, m.escaped[i] ? ">>" : ">", &m.asked[i]);
		if (m.said[i].len > 0)
			write_hex(f, "<", &m.said[i]);
		else
			fprintf(f, "! removed\n");
	}
	fclose(f);
}

static void write_cards(const char *dir, const char *from)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = vcard_load_all(from, &error);
	if (!cards) {
		fprintf(stderr, "%s\n", error->message);
		exit(1);
	}
	for (enum reader_kind kind = 0; kind < READER_KIND_COUNT; kind++)
		for (guint i = 0; i < cards->len; i++)
			write_card(dir, kind, g_ptr_array_index(cards, i));
}

static void write_fields(const char *dir, const struct sample *card)
{
	static const uint8_t choice[] = {2, 12, 16, 16};
	uint8_t data[64];
	FILE *f = create(dir, "fields", card->name);
	sample_data(card, data);
	fwrite(choice, 1, sizeof(choice), f);
	fwrite(data, 1, sizeof(data), f);
	fclose(f);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER (with card/ and fields/)\n", argv[0]);
		return 2;
	}
	write_cards(argv[1], VCARD_DIR);
	write_cards(argv[1], VCARD_FIELD_DIR);
	for (size_t i = 0; i < n_samples; i++)
		if (samples[i].kind == SAMPLE_FCF)
			write_fields(argv[1], &samples[i]);
	return 0;
}
