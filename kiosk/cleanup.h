/* SPDX-License-Identifier: MIT
 *
 * cleanup.h - scope-bound ownership for plain structs, beside GLib's g_autoptr.
 *
 *	DEFINE_CLEANUP(store, store_free)     in the header of struct store
 *	AUTO(store) s = NULL;                 in a function
 */
#ifndef KIOSK_CLEANUP_H
#define KIOSK_CLEANUP_H

#define DEFINE_CLEANUP(type, free_func)                                                            \
	static inline void type##_cleanup(struct type **p)                                         \
	{                                                                                          \
		if (*p)                                                                            \
			free_func(*p);                                                             \
	}

#define AUTO(type) __attribute__((cleanup(type##_cleanup))) struct type *

#endif
