/* SPDX-License-Identifier: MIT
 *
 * probe.h - find out what a card holds that can be read without a key.
 *
 * For the IT person who writes a layout, not for the counter: it takes seconds.
 * Blocking; one thread. Whatever the card says, it ends: every list has a limit,
 * and `cut` says that one was reached.
 */
#ifndef PCSC_PROBE_H
#define PCSC_PROBE_H

#include "felica.h"
#include "iso.h"
#include "wipe.h"

#define PROBE_SERVICES_MAX       128 /* of all systems together */
#define PROBE_BLOCKS_MAX         512 /* of all services together */
#define PROBE_SERVICE_BLOCKS_MAX 32  /* of one service: a longer history tells no more */
#define PROBE_NODES_MAX          256 /* answers to Search Service Code, of one system */
#define PROBE_AIDS_MAX           8
#define PROBE_FILES_MAX          32 /* of all applications together */
#define PROBE_FILE_IDS_MAX       8
#define PROBE_FILE_SIZE          ISO_READ_AT_ONCE
#define PROBE_RECORDS_MAX        4 /* of one file: those that follow have the same form */
#define PROBE_DIALECT_SIZE       24

/* How the services of a system were found. */
enum probe_way {
	PROBE_WALKED, /* Search Service Code: all there are */
	PROBE_ASKED,  /* Request Service about those that are known: there may be others */
	PROBE_TRIED,  /* the card knows neither: read and see */
	PROBE_WAY_COUNT
};

struct probe_block {
	uint8_t number;
	uint8_t data[FELICA_BLOCK_SIZE];
};

struct probe_service {
	uint16_t code;
	uint16_t flags;         /* SF1 << 8 | SF2 that ended the reading; 0: none did */
	bool silent;            /* asked for a block, the card said nothing */
	size_t block, n_blocks; /* its part of probe.blocks */
};

struct probe_system {
	uint16_t code;
	struct felica_target target;
	enum probe_way way;
	size_t service, n_services; /* its part of probe.services */
};

struct probe_aid {
	uint8_t aid[LAYOUT_AID_MAX];
	uint8_t len;
	bool answers;
	uint16_t sw;          /* of the SELECT */
	size_t file, n_files; /* its part of probe.files */
};

/* A transparent file by its identifier, or a record by its short one. */
struct probe_file {
	uint16_t id; /* 0: a record */
	uint8_t sfi, record;
	uint8_t data[PROBE_FILE_SIZE];
	size_t len;
};

struct probe {
	char reader[READER_NAME_SIZE];
	char dialect[PROBE_DIALECT_SIZE]; /* "none": none was understood */
	uint8_t atr[ATR_MAX];
	size_t atr_len;
	uint8_t uid[ISO_UID_MAX]; /* FF CA 00 00 00 */
	size_t uid_len;           /* 0: the reader does not say */
	bool felica;
	bool systems_listed;   /* the card named them; else the known ones were called */
	size_t most_blocks;    /* one read brought so many, and not one more; 0: not found out */
	uint32_t poll_us;      /* measured, with all the reader adds; 0: not measured */
	uint32_t read_us;      /* one block */
	uint32_t read_most_us; /* most_blocks blocks */
	bool cut;              /* a limit was reached: there is more */
	struct probe_system systems[FELICA_SYSTEMS_MAX];
	size_t n_systems;
	struct probe_service services[PROBE_SERVICES_MAX];
	size_t n_services;
	struct probe_block blocks[PROBE_BLOCKS_MAX];
	size_t n_blocks;
	struct probe_aid aids[PROBE_AIDS_MAX];
	size_t n_aids;
	struct probe_file files[PROBE_FILES_MAX];
	size_t n_files;
};

DEFINE_WIPE(probe)

/* What to ask of an ISO-DEP card besides. */
struct probe_wish {
	struct {
		uint8_t aid[LAYOUT_AID_MAX];
		uint8_t len;
	} aids[PROBE_AIDS_MAX];
	size_t n_aids;
	uint16_t files[PROBE_FILE_IDS_MAX]; /* identifiers to try in each application */
	size_t n_files;
};

/* Probe the card in `reader`. `ret` is written only on success, `trace` always. A card that
 * is no FeliCa card, and a reader that cannot ask one, are results, not errors. REMOVED:
 * the card left before the end; lay it down again. */
enum card_err probe_card(const struct card_transport *t, const char *reader,
	const struct probe_wish *wish, struct probe *ret, struct card_trace *trace);

/* Services that public programs are known to read from cards of universities, and those of
 * the chips themselves. Pure. */
extern const uint16_t probe_known_services[];
extern const size_t probe_n_known_services;

/* Can the service be read without a key? Pure: its code says it. */
bool probe_is_open(uint16_t service);

/* What the attribute of a service code means: "random, read-only, no key". Static text. */
const char *probe_attribute(uint16_t service);

#endif
