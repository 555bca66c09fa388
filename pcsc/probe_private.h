/* SPDX-License-Identifier: MIT
 *
 * probe_private.h - what the files of probe.h share.
 */
#ifndef PCSC_PROBE_PRIVATE_H
#define PCSC_PROBE_PRIVATE_H

#include "link.h"
#include "probe.h"

struct probing {
	struct link link;
	const struct probe_wish *wish;
	struct probe ret;
};

DEFINE_WIPE(probing)

extern const uint16_t probe_known_systems[];
extern const size_t probe_n_known_systems;

/* Find the services of `system` and what they hold. OK also where the card refuses. */
enum card_err probe_services(struct probing *p, struct probe_system *system);

/* Read the blocks of one open service. */
enum card_err probe_blocks(
	struct probing *p, const struct probe_system *system, struct probe_service *service);

/* How many blocks one read may ask for, and how long that takes. */
enum card_err probe_pace(struct probing *p);

/* Select the applications of the wish and read their files. Needs a closed link. */
enum card_err probe_applications(struct probing *p);

/* Monotonic, µs. */
int64_t probe_now_us(void);

#endif
