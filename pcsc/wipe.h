/* SPDX-License-Identifier: MIT
 *
 * wipe.h - scope-bound structs that leave nothing behind.
 *
 *	DEFINE_WIPE(bytes)          beside struct bytes
 *	WIPED(bytes) answer = {0};  in a function: zeroed on every way out
 */
#ifndef PCSC_WIPE_H
#define PCSC_WIPE_H

#include <string.h>

#define DEFINE_WIPE(type)                                                                          \
	static inline void type##_wipe(struct type *p)                                             \
	{                                                                                          \
		explicit_bzero(p, sizeof(*p));                                                     \
	}

#define WIPED(type) __attribute__((cleanup(type##_wipe))) struct type

#endif
