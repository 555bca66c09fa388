/* SPDX-License-Identifier: MIT
 *
 * vcard.h - an invented card: what it holds, how it looks, how it misbehaves.
 *
 * Read from a *.card file, a key file; cards/student.card is a plain one. Keys of
 * [card]: chip (see vcard.c), with (another card of the same folder lies in the
 * wallet too), first (self, with: the one the reader has activated); of a FeliCa
 * chip those of vcard_tag.h; of the others uid (or "random"), and for iso-dep
 * historical (bytes for the ATR) and those of vcard_file.h. Keys of [behaviour]:
 * mute, and the fields below with - for _. Plain data, never changed after loading.
 */
#ifndef TESTS_VIRTUAL_VCARD_H
#define TESTS_VIRTUAL_VCARD_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

#define VCARD_ID_SIZE      32
#define VCARD_TEXT_SIZE    96
#define VCARD_SYSTEMS_MAX  4
#define VCARD_AREAS_MAX    4
#define VCARD_SERVICES_MAX 8
#define VCARD_BLOCKS_MAX   16
#define VCARD_BLOCK_SIZE   16
#define VCARD_IDM_SIZE     8
#define VCARD_UID_MAX      10
#define VCARD_TAGS_MAX     2
#define VCARD_KEY_SIZE     16 /* Lite-S: two DES keys */
#define VCARD_MASTER_SIZE  24
#define VCARD_AID_MAX      16 /* ISO 7816-5 */
#define VCARD_APPS_MAX     4
#define VCARD_FILES_MAX    8
#define VCARD_FILE_MAX     512
#define VCARD_RECORDS_MAX  16
#define VCARD_SELECTS_MAX  4
#define VCARDS_MAX         64 /* files of one folder */

struct vcard_service {
	uint16_t code;
	uint16_t status; /* SF1 << 8 | SF2 said instead of data; 0: the data */
	size_t n_blocks;
	uint8_t data[VCARD_BLOCKS_MAX * VCARD_BLOCK_SIZE];
};

struct vcard_area {
	uint16_t code, end;
};

struct vcard_system {
	uint16_t code;
	size_t n_areas;
	struct vcard_area areas[VCARD_AREAS_MAX]; /* beside the root */
	size_t n_services;
	struct vcard_service services[VCARD_SERVICES_MAX];
};

/* A Lite-S has one system, with services 000B and 0009; further codes are only polled. */
struct vcard_lite_s {
	bool is;
	uint8_t key[VCARD_KEY_SIZE]; /* as in block CK */
	uint8_t id[VCARD_BLOCK_SIZE];
	uint8_t key_version[2];
};

/* A FeliCa chip in the field. */
struct vcard_tag {
	uint8_t idm[VCARD_IDM_SIZE], pmm[VCARD_IDM_SIZE];
	size_t n_systems; /* system i answers with IDm nibble i */
	struct vcard_system systems[VCARD_SYSTEMS_MAX];
	size_t blocks_per_read;
	bool first_only; /* only system 0 answers a poll */
	bool ordinal;    /* SF1 counts the place in a list; else it sets a bit */
	struct vcard_lite_s lite_s;
};

struct vcard_application {
	uint8_t aid[VCARD_AID_MAX];
	size_t aid_len;
};

/* Elementary file: transparent, or of records. */
struct vcard_file {
	size_t application; /* index + 1; 0: of the card itself */
	uint16_t id;
	uint8_t sfi;     /* 0: none */
	uint16_t status; /* status word said instead of data; 0: the data */
	size_t len;
	uint8_t data[VCARD_FILE_MAX];
	size_t n_records;
	size_t ends[VCARD_RECORDS_MAX]; /* of each record in the data */
};

/* What a card says when more is asked for than there is. */
enum vcard_past_end {
	VCARD_END_WARNS,    /* 62 82 behind the data */
	VCARD_END_CORRECTS, /* 6C xx, no data */
	VCARD_END_REFUSES,  /* 67 00 */
};

/* An ISO-DEP card; without applications and files it is none. */
struct vcard_iso {
	size_t n_applications, n_files;
	struct vcard_application applications[VCARD_APPS_MAX];
	struct vcard_file files[VCARD_FILES_MAX];
	enum vcard_past_end past_end;
	bool get_response;                  /* data are held back: 61 xx */
	uint8_t selects[VCARD_SELECTS_MAX]; /* values of P2 that SELECT takes; none: all */
	size_t n_selects;
};

/* What is printed on it. */
struct vcard_face {
	char title[VCARD_TEXT_SIZE]; /* kind of card */
	char name_ja[VCARD_TEXT_SIZE], name_en[VCARD_TEXT_SIZE];
	char number[VCARD_TEXT_SIZE]; /* 18 digits, or empty */
	char note[VCARD_TEXT_SIZE];   /* what this sample is good for */
	char colour[16];              /* "#rrggbb" */
	int order;                    /* place in the tray */
};

struct vcard {
	char id[VCARD_ID_SIZE]; /* file name without .card */
	bool felica;            /* the chip that the reader has activated is */
	uint8_t atr[WIRE_ATR_MAX];
	size_t atr_len; /* 0: mute */
	uint8_t uid[VCARD_UID_MAX];
	size_t uid_len;
	size_t n_tags;
	struct vcard_tag tags[VCARD_TAGS_MAX]; /* polled in this order */
	struct vcard_iso iso;
	struct vcard_face face;
	unsigned leave_after; /* gone after so many answers; 0: never */
	bool leave_on_read;   /* gone instead of answering Read Without Encryption */
	unsigned mute_after;  /* silent after so many answers; 0: never */
	/* Answers are counted from 1 since the card came; 0: none. */
	unsigned corrupt_reply, corrupt_byte, corrupt_bit; /* that bit of that byte is turned */
	unsigned truncate_reply, truncate_to;              /* cut to so many bytes */
	unsigned lengthen_reply, lengthen_by;              /* so many bytes too many */
	bool keep_sw;               /* cut or lengthened is what stands before the status word */
	unsigned flaps, flap_after; /* goes and comes so often, each time after so many answers */
};

/* Read one card. NULL with `error` set: the file's name, the key and what is expected. */
struct vcard *vcard_load(const char *path, GError **error);

/* The card `id` of folder `dir`. */
struct vcard *vcard_find(const char *dir, const char *id, GError **error);

/* All cards of `dir` in the tray's order; NULL with `error` set if one is broken. */
GPtrArray *vcard_load_all(const char *dir, GError **error);

struct vcard *vcard_free(struct vcard *card);

/* NULL: the system has no such service. */
const struct vcard_service *vcard_service(const struct vcard_system *system, uint16_t code);

/* IDm with which system `system` of a FeliCa chip answers. */
void vcard_idm(const struct vcard_tag *tag, size_t system, uint8_t ret[VCARD_IDM_SIZE]);

#endif
