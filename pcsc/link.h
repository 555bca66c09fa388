/* SPDX-License-Identifier: MIT
 *
 * link.h - the FeliCa card in the field, whichever dialect carries what is asked.
 *
 * The dialect is found with the first question, so that a card that needs none
 * costs none. Blocking; one thread.
 */
#ifndef PCSC_LINK_H
#define PCSC_LINK_H

#include "dialect.h"

/* Zeroed, then line, reader and memory set by the caller; the rest is link.c's. */
struct link {
	struct line line;
	const char *reader;
	struct dialect_memory *memory; /* may be NULL */

	const struct dialect *dialect; /* NULL: not open */
	bool mute;                     /* no dialect was understood: not tried again */
	bool settled;                  /* the field has stood long enough for a card to wake */
	bool found;                    /* `system` answered as `target` */
	uint16_t system;
	struct felica_target target;
	bool surveyed; /* the next four say what there is */
	bool answered; /* some FeliCa card did */
	struct felica_target first;
	uint16_t systems[FELICA_SYSTEMS_MAX];
	size_t n_systems; /* 0: a chip that does not tell them */
};

DEFINE_WIPE(link)

/* Find the card by a system it has. TIMEOUT: no FeliCa card answers; UNKNOWN_CARD: one
 * does, but has no such system; TRANSIT: likewise, and it is a transit card;
 * NO_DIALECT: this reader cannot be asked. */
enum card_err link_system(struct link *link, uint16_t system, struct felica_target *ret);

/* All systems of the card, in the order of their nibble; `ret_first` is system 0's.
 * As link_system(). */
enum card_err link_survey(struct link *link, struct felica_target *ret_first,
	uint16_t ret_systems[FELICA_SYSTEMS_MAX], size_t *ret_n);

/* As many of the n blocks as there are: *ret_n, at least one. Asks for as many at once
 * as chip and dialect allow, and for fewer when told so (SF2 A2, A8). UNKNOWN_CARD: no
 * such service (A6). REMOVED: silent after it answered. */
enum card_err link_blocks(struct link *link, const struct felica_target *target, uint16_t service,
	const uint8_t *blocks, size_t n, uint8_t *ret, size_t *ret_n);

/* One Read Without Encryption of exactly these blocks, as felica_blocks(). */
enum card_err link_read(struct link *link, const struct felica_target *target, uint16_t service,
	const uint8_t *blocks, size_t n, uint8_t *ret);

/* One Write Without Encryption. NO_DIALECT where the reader frames for itself. */
enum card_err link_write(struct link *link, const struct felica_target *target, uint16_t service,
	uint8_t block, const uint8_t data[FELICA_BLOCK_SIZE]);

/* Key version of each of at most FELICA_SERVICES_MAX services; FELICA_NO_SERVICE: not there. */
enum card_err link_services(struct link *link, const struct felica_target *target,
	const uint16_t *services, uint16_t *ret_versions, size_t n);

/* One frame of the caller's own (Search Service Code …). */
enum card_err link_exchange(struct link *link, const char *step, const struct bytes *frame,
	uint32_t timer_us, struct bytes *ret);

/* Leave the reader as other APDUs expect it. The link may be used again. */
void link_close(struct link *link);

#endif
