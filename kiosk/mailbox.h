/* SPDX-License-Identifier: MIT
 *
 * mailbox.h - the only way from another thread into the main loop.
 *
 * mailbox_post() may be called from any thread; the receiver runs on the
 * thread that owns the main context the mailbox was made in.
 */
#ifndef KIOSK_MAILBOX_H
#define KIOSK_MAILBOX_H

#include <glib.h>

#include "kiosk/cleanup.h"

struct mailbox;

/* `letter` stays the mailbox's: it is freed with the mailbox's free function
 * after the receiver returned. */
typedef void (*mailbox_receiver)(gpointer letter, gpointer data);

/* Main thread. Letters that were not delivered are freed with `free_letter`. */
struct mailbox *mailbox_new(mailbox_receiver receive, GDestroyNotify free_letter, gpointer data);

/* Any thread. Takes `letter`. */
void mailbox_post(struct mailbox *box, gpointer letter);

/* Main thread, after the posting threads have ended. */
struct mailbox *mailbox_free(struct mailbox *box);
DEFINE_CLEANUP(mailbox, mailbox_free)

#endif
