/* SPDX-License-Identifier: MIT
 *
 * Writes the seeds of the fuzz targets: the conversations of all sample cards
 * in both dialects, and their blocks.
 */
#include <stdio.h>
#include <stdlib.h>

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

static void write_card(const char *dir, enum speech speech, const struct sample *card)
{
	static struct script s;
	char name[64];
	snprintf(name, sizeof(name), "%s-%s", speech_names[speech], card->name);
	FILE *f = create(dir, "card", name);
	sample_script(&s, speech, card);
	fputc((int)speech, f);
	for (size_t i = 0; i < s.n; i++) {
		const struct bytes *answer = &s.lines[i].answer;
		fputc((int)(answer->len >> 8), f);
		fputc((int)(answer->len & 0xFF), f);
		fwrite(answer->at, 1, answer->len, f);
	}
	fclose(f);
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
	for (size_t i = 0; i < n_samples; i++) {
		write_card(argv[1], TRANSPARENT, &samples[i]);
		write_card(argv[1], ACS, &samples[i]);
		if (samples[i].kind == SAMPLE_FCF)
			write_fields(argv[1], &samples[i]);
	}
	return 0;
}
