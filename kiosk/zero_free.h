/* SPDX-License-Identifier: MIT
 *
 * zero_free.h - memory is overwritten before it goes back to the allocator.
 *
 * A wipe of our own structs leaves dozens of copies in freed blocks of the
 * libraries (labels, D-Bus buffers). Linking zero_free.c into a program puts its
 * free() before the C library's for every library of the process. Left out under
 * AddressSanitizer, which brings an allocator of its own.
 */
#ifndef KIOSK_ZERO_FREE_H
#define KIOSK_ZERO_FREE_H

/* GLib's slices keep freed chunks away from free(). Start this program once more
 * with G_SLICE=always-malloc if it was started without. First thing in main(). */
void zero_free_begin(char **argv);

#endif
