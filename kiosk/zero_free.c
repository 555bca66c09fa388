/* SPDX-License-Identifier: MIT */
#include "kiosk/zero_free.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLICE_SETTING "always-malloc"

void zero_free_begin(char **argv)
{
	const char *now = getenv("G_SLICE");
	if (now && strcmp(now, SLICE_SETTING) == 0)
		return;
	if (setenv("G_SLICE", SLICE_SETTING, 1) == 0)
		execv("/proc/self/exe", argv);
	/* Without /proc the program still runs; only GLib's slices stay as they are. */
}

#if !defined(__SANITIZE_ADDRESS__)

/* glibc's own entry points below the public names. */
extern void __libc_free(void *block);
extern void *__libc_malloc(size_t size);

void free(void *block)
{
	int saved = errno;
	if (block)
		explicit_bzero(block, malloc_usable_size(block));
	__libc_free(block);
	errno = saved;
}

/* The C library's realloc() would move a block and leave the old one as it was. */
void *realloc(void *block, size_t size)
{
	size_t old = block ? malloc_usable_size(block) : 0;
	void *moved;
	if (block && size > 0 && size <= old && size >= old / 2)
		return block;
	if (block && size == 0) {
		free(block);
		return NULL;
	}
	moved = __libc_malloc(size);
	if (moved && block) {
		memcpy(moved, block, old < size ? old : size);
		free(block);
	}
	return moved;
}

#endif
