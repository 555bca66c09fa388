/* SPDX-License-Identifier: MIT
 *
 * directory_ask.h - look-ups for tools: asked, waited for, shown.
 */
#ifndef KIOSK_CTL_DIRECTORY_ASK_H
#define KIOSK_CTL_DIRECTORY_ASK_H

#include "kiosk/config/config.h"
#include "kiosk/directory/directory.h"

#define DIRECTORY_KINDS_MAX 16

/* What the sources tell a service's log is not for who looks at a terminal: a verb says the
 * cause itself. Once, before the first source. */
void directory_keep_log_quiet(void);

/* Runs the main loop until the answer is there. The caller wipes ret->person. */
void directory_ask(
	struct directory *dir, const char *kind, const char *value, struct directory_result *ret);

/* Kinds the layouts in force can yield, the common id first. Returns how many; borrowed from
 * `config`. */
gsize directory_kinds(const struct config *config, const char *ret[DIRECTORY_KINDS_MAX]);

const char *directory_answer_word(enum directory_answer answer);

/* On standard output: names and numbers, for IT staff. */
void directory_show_text(const char *kind, const struct directory_result *result);
void directory_show_json(const char *kind, const struct directory_result *result);

#endif
