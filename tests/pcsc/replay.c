/* SPDX-License-Identifier: MIT
 *
 * Feeds each file of a folder, and each beginning of it, to a fuzz target, so
 * that its corpus is an ordinary test.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/pcsc/fuzz.h"

#define INPUT_MAX  65536
#define SMALL      512 /* bytes; of a larger file not every beginning is fed */
#define LARGE_STEP 7

static bool replay(const char *dir, const char *name)
{
	static uint8_t input[INPUT_MAX];
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "rb");
	if (!f) {
		perror(path);
		return false;
	}
	size_t len = fread(input, 1, sizeof(input), f);
	fclose(f);
	size_t step = len > SMALL ? LARGE_STEP : 1;
	for (size_t n = 0; n <= len; n = n < len && n + step > len ? len : n + step) {
		/* exactly as large as it claims, for the sanitizers */
		uint8_t *exact = malloc(n ? n : 1);
		if (!exact)
			return false;
		for (size_t i = 0; i < n; i++)
			exact[i] = input[i];
		LLVMFuzzerTestOneInput(exact, n);
		free(exact);
	}
	return true;
}

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	const struct dirent *entry;
	size_t n = 0;
	bool ok = true;
	if (!dir) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.') {
			ok &= replay(argv[1], entry->d_name);
			n++;
		}
	closedir(dir);
	printf("%zu files replayed\n", n);
	return ok && n > 0 ? 0 : 1;
}
