/* SPDX-License-Identifier: MIT
 *
 * felica.h - the FeliCa commands we send and what may come back.
 *
 * A frame is LEN (counting itself), command code, data. Builders append a
 * whole frame to an empty `ret`; readers check, in this order: LEN, code, IDm,
 * SF1, count, bytes present, nothing left over. Pure.
 */
#ifndef PCSC_FELICA_H
#define PCSC_FELICA_H

#include "bytes.h"
#include "cursor.h"
#include "err.h"
#include "reading.h" /* IDM_SIZE */

#define FELICA_ANY_SYSTEM   0xFFFF
#define FELICA_SERVICES_MAX 32 /* most nodes one Request Service may name */
/* Which system of the card answered stands in byte 0 of the IDm. */
#define FELICA_SYSTEM_NIBBLE 0xF0
#define FELICA_SYSTEM_SHIFT  4
#define FELICA_SYSTEMS_MAX   16 /* the system number is a nibble of the IDm */
#define FELICA_NO_SERVICE    0xFFFF
#define FELICA_BLOCKS_MAX    LAYOUT_BLOCKS_MAX

#define SYSTEM_TRANSIT 0x0003 /* Japan's transit cards (Suica and its kin) */

/* Second status byte, where the first is not 00. */
#define FELICA_SF2_MANY_BLOCKS 0xA2
#define FELICA_SF2_NO_SERVICE  0xA6
#define FELICA_SF2_NO_BLOCK    0xA8

#define FELICA_BLOCKS_SAFE 4 /* every FeliCa chip can at once */

/* Longest we let a card think, whatever its PMm claims. */
#define FELICA_TIMER_MIN_US 50000
#define FELICA_TIMER_MAX_US 500000

/* A card that answered Polling. */
struct felica_target {
	uint8_t idm[IDM_SIZE];
	uint8_t pmm[8];
};

DEFINE_WIPE(felica_target)

void felica_poll(struct bytes *ret, uint16_t system);
void felica_ask_services(
	struct bytes *ret, const uint8_t idm[IDM_SIZE], const uint16_t *services, size_t n);
void felica_ask_systems(struct bytes *ret, const uint8_t idm[IDM_SIZE]);
void felica_read(struct bytes *ret, const uint8_t idm[IDM_SIZE], uint16_t service,
	const uint8_t *blocks, size_t n);

void felica_write(struct bytes *ret, const uint8_t idm[IDM_SIZE], uint16_t service, uint8_t block,
	const uint8_t data[FELICA_BLOCK_SIZE]);

/* Search Service Code: what stands at place `index` (from 0) of the system's list. */
void felica_search(struct bytes *ret, const uint8_t idm[IDM_SIZE], uint16_t index);

/* Blocks one read may ask for, by the IC code of the PMm; FELICA_BLOCKS_SAFE for a chip
 * we do not know. */
size_t felica_blocks_at_once(const uint8_t pmm[8]);

/* All below return PROTOCOL for a frame that breaks a rule; nothing is written then. */
enum card_err felica_polled(struct cursor in, struct felica_target *ret);

/* Key version of each of the n services asked for; FELICA_NO_SERVICE: not there. */
enum card_err felica_services(
	struct cursor in, const uint8_t idm[IDM_SIZE], uint16_t *ret_versions, size_t n);

enum card_err felica_systems(struct cursor in, const uint8_t idm[IDM_SIZE],
	uint16_t ret_systems[FELICA_SYSTEMS_MAX], size_t *ret_n);

/* The n blocks asked for. UNREADABLE if the card states an error; its flags
 * (SF1 << 8 | SF2) are in *ret_flags whenever the frame got that far. */
enum card_err felica_blocks(struct cursor in, const uint8_t idm[IDM_SIZE], size_t n,
	uint8_t *ret_data, uint16_t *ret_flags);

/* As felica_blocks(), for a write. That the memory was rewritten too often (SF2 71) is a
 * warning: the block stands. */
enum card_err felica_written(struct cursor in, const uint8_t idm[IDM_SIZE], uint16_t *ret_flags);

/* What a search found. */
enum felica_node_kind { FELICA_NODE_END, FELICA_NODE_AREA, FELICA_NODE_SERVICE };

struct felica_node {
	enum felica_node_kind kind;
	uint16_t code; /* of the service, or the first of the area; 0 at the end */
	uint16_t last; /* last service code of the area; 0 otherwise */
};

enum card_err felica_searched(
	struct cursor in, const uint8_t idm[IDM_SIZE], struct felica_node *ret);

/* How long this card may take to answer a read of n blocks, in µs, as its PMm
 * says, within FELICA_TIMER_MIN_US and _MAX_US. */
uint32_t felica_read_timer(const struct felica_target *target, size_t n);

/* The bare formula, T * ((B + 1) * n + (A + 1)) * 4^E, in µs. */
uint32_t felica_response_us(uint8_t pmm_byte, size_t n);

#endif
