/* SPDX-License-Identifier: MIT */
#include "vcard.h"

#include <string.h>

#include "keyed.h"
#include "vcard_file.h"
#include "vcard_tag.h"

#define GROUP_CARD      "card"
#define GROUP_FACE      "face"
#define GROUP_BEHAVIOUR "behaviour"
#define SUFFIX          ".card"

#define SYSTEM_SHIFT   4    /* the system's number stands in the high nibble of IDm byte 0 */
#define UID_RANDOM     0x08 /* ISO 14443-3: first byte of one that is drawn anew each time */
#define UID_RANDOM_LEN 4
#define HISTORICAL_MAX 15

enum family { FELICA, LITE_S, STORAGE, ISO_DEP };

/* PC/SC part 3: standard byte and card name, by chip. */
static const struct chip {
	const char *word;
	enum family family;
	uint8_t standard;
	uint16_t name;
} chips[] = {
	{"felica", FELICA, 0x11, 0x003B},
	{"felica-212", FELICA, 0x03, 0xF011},
	{"lite-s", LITE_S, 0x11, 0x003B},
	{"mifare-1k", STORAGE, 0x03, 0x0001},
	{"mifare-4k", STORAGE, 0x03, 0x0002},
	{"mifare-ultralight", STORAGE, 0x03, 0x0003},
	{"iso-dep", ISO_DEP, 0, 0},
};

static const struct chip *take_chip(struct keyed *k)
{
	g_autofree char *word = keyed_text(k, GROUP_CARD, "chip", "felica");
	for (size_t i = 0; i < G_N_ELEMENTS(chips); i++)
		if (strcmp(word, chips[i].word) == 0)
			return &chips[i];
	keyed_fail(k, GROUP_CARD, "chip", "felica, lite-s, mifare-1k, iso-dep …");
	return NULL;
}

/* PC/SC part 3: 3B 8n 80 01, historical bytes, check. */
static void build_atr(struct vcard *card, const uint8_t *historical, size_t len)
{
	uint8_t *atr = card->atr, check = 0;
	const uint8_t head[] = {0x3B, (uint8_t)(0x80 | len), 0x80, 0x01};
	memcpy(atr, head, sizeof(head));
	memcpy(atr + sizeof(head), historical, len);
	card->atr_len = sizeof(head) + len + 1;
	for (size_t i = 1; i < card->atr_len - 1; i++)
		check ^= atr[i];
	atr[card->atr_len - 1] = check;
}

static void build_storage_atr(struct vcard *card, const struct chip *chip)
{
	/* registered application provider, standard, name, four bytes for later use */
	uint8_t bytes[HISTORICAL_MAX] = {0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06};
	bytes[8] = chip->standard;
	bytes[9] = (uint8_t)(chip->name >> 8);
	bytes[10] = (uint8_t)(chip->name & 0xFF);
	build_atr(card, bytes, sizeof(bytes));
}

static bool take_historical(struct keyed *k, struct vcard *card)
{
	uint8_t bytes[HISTORICAL_MAX];
	size_t len = 0;
	if (keyed_has(k, GROUP_CARD, "historical") &&
		!keyed_hex(k, GROUP_CARD, "historical", bytes, 0, sizeof(bytes), &len))
		return false;
	build_atr(card, bytes, len);
	return true;
}

static bool take_uid(struct keyed *k, struct vcard *card)
{
	g_autofree char *text = keyed_text(k, GROUP_CARD, "uid", "");
	if (strcmp(text, "random") != 0)
		return keyed_hex(
			k, GROUP_CARD, "uid", card->uid, 4, sizeof(card->uid), &card->uid_len);
	card->uid[0] = UID_RANDOM;
	card->uid_len = UID_RANDOM_LEN;
	for (size_t i = 1; i < UID_RANDOM_LEN; i++)
		card->uid[i] = (uint8_t)g_random_int();
	return true;
}

static bool take_felica(struct keyed *k, bool lite_s, struct vcard *card)
{
	struct vcard_tag *tag = &card->tags[0];
	if (!vcard_tag_load(k, lite_s, tag))
		return false;
	card->n_tags = 1;
	card->felica = true;
	memcpy(card->uid, tag->idm, VCARD_IDM_SIZE);
	card->uid_len = VCARD_IDM_SIZE;
	return true;
}

static bool take_inside(struct keyed *k, struct vcard *card)
{
	const struct chip *chip = take_chip(k);
	if (!chip)
		return false;
	build_storage_atr(card, chip);
	switch (chip->family) {
	case FELICA:
	case LITE_S:
		return take_felica(k, chip->family == LITE_S, card);
	case STORAGE:
		return take_uid(k, card);
	case ISO_DEP:
		return take_uid(k, card) && take_historical(k, card) &&
		       vcard_file_load(k, &card->iso);
	}
	return false;
}

static void take_face(struct keyed *k, struct vcard_face *face)
{
	const struct {
		const char *key, *otherwise;
		char *at;
		size_t size;
	} texts[] = {
		{"title", "", face->title, sizeof(face->title)},
		{"name_ja", "", face->name_ja, sizeof(face->name_ja)},
		{"name_en", "", face->name_en, sizeof(face->name_en)},
		{"number", "", face->number, sizeof(face->number)},
		{"note", "", face->note, sizeof(face->note)},
		{"colour", "#d8d8d0", face->colour, sizeof(face->colour)},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *text = keyed_text(k, GROUP_FACE, texts[i].key, texts[i].otherwise);
		g_strlcpy(texts[i].at, text, texts[i].size);
	}
	face->order = (int)keyed_number(k, GROUP_FACE, "order", 0);
}

static void take_behaviour(struct keyed *k, struct vcard *card)
{
	const struct {
		const char *key;
		unsigned *at;
	} numbers[] = {
		{"leave-after", &card->leave_after},
		{"mute-after", &card->mute_after},
		{"corrupt-reply", &card->corrupt_reply},
		{"corrupt-byte", &card->corrupt_byte},
		{"corrupt-bit", &card->corrupt_bit},
		{"truncate-reply", &card->truncate_reply},
		{"truncate-to", &card->truncate_to},
		{"lengthen-reply", &card->lengthen_reply},
		{"lengthen-by", &card->lengthen_by},
		{"flaps", &card->flaps},
		{"flap-after", &card->flap_after},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		*numbers[i].at = keyed_number(k, GROUP_BEHAVIOUR, numbers[i].key, 0);
	card->keep_sw = keyed_number(k, GROUP_BEHAVIOUR, "keep-sw", 0) != 0;
	card->leave_on_read = keyed_number(k, GROUP_BEHAVIOUR, "leave-on-read", 0) != 0;
	if (keyed_number(k, GROUP_BEHAVIOUR, "mute", 0) != 0)
		card->atr_len = 0;
}

static void take_id(const char *path, struct vcard *card)
{
	g_autofree char *name = g_path_get_basename(path);
	if (g_str_has_suffix(name, SUFFIX))
		name[strlen(name) - strlen(SUFFIX)] = '\0';
	g_strlcpy(card->id, name, sizeof(card->id));
}

/* What the reader has activated is `first`; both are polled. */
static bool lay_together(const struct vcard *first, const struct vcard *second, struct vcard *ret)
{
	struct vcard both = *ret;
	if (first->n_tags + second->n_tags > VCARD_TAGS_MAX)
		return false;
	both.felica = first->felica;
	memcpy(both.atr, first->atr, sizeof(both.atr));
	both.atr_len = first->atr_len;
	memcpy(both.uid, first->uid, sizeof(both.uid));
	both.uid_len = first->uid_len;
	both.iso = first->iso;
	both.n_tags = 0;
	for (size_t i = 0; i < first->n_tags; i++)
		both.tags[both.n_tags++] = first->tags[i];
	for (size_t i = 0; i < second->n_tags; i++)
		both.tags[both.n_tags++] = second->tags[i];
	*ret = both;
	return true;
}

static struct vcard *load(const char *path, GError **error, bool alone);

/* with = ID of a card in the same folder: lies in the wallet too. first = with: the
 * reader has activated that one. */
static bool take_with(struct keyed *k, struct vcard *card)
{
	g_autofree char *id = keyed_text(k, GROUP_CARD, "with", NULL);
	g_autofree char *first = keyed_text(k, GROUP_CARD, "first", "self");
	if (!id)
		return true;
	g_autofree char *dir = g_path_get_dirname(k->path);
	g_autofree char *name = g_strconcat(id, SUFFIX, NULL);
	g_autofree char *path = g_build_filename(dir, name, NULL);
	struct vcard *other = load(path, k->error, true);
	if (!other) {
		g_prefix_error(k->error, "%s: [card] with: ", k->path);
		return false;
	}
	bool other_first = strcmp(first, "with") == 0;
	bool known = other_first || strcmp(first, "self") == 0;
	bool good = lay_together(other_first ? other : card, other_first ? card : other, card);
	vcard_free(other);
	if (!known)
		return keyed_fail(k, GROUP_CARD, "first", "self or with");
	return good || keyed_fail(k, GROUP_CARD, "with", "a card that fits in the wallet");
}

static struct vcard *load(const char *path, GError **error, bool alone)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	struct keyed k = {file, path, error};
	struct vcard *card = g_new0(struct vcard, 1);
	take_id(path, card);
	if (!take_inside(&k, card) || (!alone && !take_with(&k, card)))
		return vcard_free(card);
	take_face(&k, &card->face);
	take_behaviour(&k, card);
	return card;
}

struct vcard *vcard_load(const char *path, GError **error)
{
	return load(path, error, false);
}

struct vcard *vcard_find(const char *dir, const char *id, GError **error)
{
	g_autofree char *name = g_strconcat(id, SUFFIX, NULL);
	g_autofree char *path = g_build_filename(dir, name, NULL);
	return vcard_load(path, error);
}

static int by_order(const void *a, const void *b)
{
	const struct vcard *x = *(struct vcard *const *)a, *y = *(struct vcard *const *)b;
	if (x->face.order != y->face.order)
		return x->face.order < y->face.order ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void free_one(void *card)
{
	vcard_free(card);
}

GPtrArray *vcard_load_all(const char *dir, GError **error)
{
	g_autoptr(GPtrArray) cards = g_ptr_array_new_with_free_func(free_one);
	g_autoptr(GDir) d = g_dir_open(dir, 0, error);
	const char *name;
	while (d && (name = g_dir_read_name(d)) && cards->len < VCARDS_MAX) {
		if (!g_str_has_suffix(name, SUFFIX))
			continue;
		g_autofree char *path = g_build_filename(dir, name, NULL);
		struct vcard *card = vcard_load(path, error);
		if (!card)
			return NULL;
		g_ptr_array_add(cards, card);
	}
	if (!d)
		return NULL;
	g_ptr_array_sort(cards, by_order);
	return g_steal_pointer(&cards);
}

struct vcard *vcard_free(struct vcard *card)
{
	g_free(card);
	return NULL;
}

const struct vcard_service *vcard_service(const struct vcard_system *system, uint16_t code)
{
	for (size_t i = 0; i < system->n_services; i++)
		if (system->services[i].code == code)
			return &system->services[i];
	return NULL;
}

void vcard_idm(const struct vcard_tag *tag, size_t system, uint8_t ret[VCARD_IDM_SIZE])
{
	memcpy(ret, tag->idm, VCARD_IDM_SIZE);
	if (!tag->lite_s.is)
		ret[0] = (uint8_t)((tag->idm[0] & 0x0F) | system << SYSTEM_SHIFT);
}
