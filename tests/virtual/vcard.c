/* SPDX-License-Identifier: MIT */
#include "vcard.h"

#include <string.h>

#include "keyed.h"
#include "vcard_fcf.h"

#define GROUP_CARD      "card"
#define GROUP_FACE      "face"
#define GROUP_BEHAVIOUR "behaviour"
#define GROUP_SERVICE   "service " /* then system/service */
#define SUFFIX          ".card"

#define SYSTEM_SHIFT 4  /* the system's number stands in the high nibble of IDm byte 0 */
#define BLOCKS_READ  12 /* RC-S915 and its kin */

/* PC/SC part 3: standard byte and card name, by chip. */
static const struct {
	const char *chip;
	uint8_t standard;
	uint16_t name;
} chips[] = {
	{"felica", 0x11, 0x003B},
	{"felica-212", 0x03, 0xF011},
	{"mifare-1k", 0x03, 0x0001},
	{"mifare-4k", 0x03, 0x0002},
	{"mifare-ultralight", 0x03, 0x0003},
};

static void build_atr(struct vcard *card, uint8_t standard, uint16_t name)
{
	static const uint8_t head[] = {
		0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06};
	uint8_t *atr = card->atr;
	memcpy(atr, head, sizeof(head));
	size_t len = sizeof(head);
	atr[len++] = standard;
	atr[len++] = (uint8_t)(name >> 8);
	atr[len++] = (uint8_t)(name & 0xFF);
	for (int i = 0; i < 4; i++)
		atr[len++] = 0;
	uint8_t tck = 0;
	for (size_t i = 1; i < len; i++)
		tck ^= atr[i];
	atr[len++] = tck;
	card->atr_len = len;
}

static bool take_chip(struct keyed *k, struct vcard *card)
{
	g_autofree char *chip = keyed_text(k, GROUP_CARD, "chip", "felica");
	card->felica = chip && g_str_has_prefix(chip, "felica");
	for (size_t i = 0; chip && i < G_N_ELEMENTS(chips); i++) {
		if (strcmp(chip, chips[i].chip) != 0)
			continue;
		build_atr(card, chips[i].standard, chips[i].name);
		return true;
	}
	return keyed_fail(k, GROUP_CARD, "chip", "felica, felica-212, mifare-1k …");
}

static bool take_ids(struct keyed *k, struct vcard *card)
{
	if (!card->felica)
		return keyed_hex(
			k, GROUP_CARD, "uid", card->uid, 4, sizeof(card->uid), &card->uid_len);
	struct vcard_tag *tag = &card->tags[card->n_tags++];
	size_t len;
	if (!keyed_hex(k, GROUP_CARD, "idm", tag->idm, VCARD_IDM_SIZE, VCARD_IDM_SIZE, &len) ||
		!keyed_hex(k, GROUP_CARD, "pmm", tag->pmm, VCARD_IDM_SIZE, VCARD_IDM_SIZE, &len))
		return false;
	memcpy(card->uid, tag->idm, VCARD_IDM_SIZE);
	card->uid_len = VCARD_IDM_SIZE;
	tag->blocks_per_read = keyed_number(k, GROUP_CARD, "blocks-per-read", BLOCKS_READ);
	return true;
}

static bool take_systems(struct keyed *k, struct vcard_tag *tag)
{
	g_auto(GStrv) codes =
		g_key_file_get_string_list(k->file, GROUP_CARD, "systems", NULL, NULL);
	for (size_t i = 0; codes && codes[i]; i++) {
		uint64_t code;
		if (i == VCARD_SYSTEMS_MAX ||
			!g_ascii_string_to_unsigned(codes[i], 16, 0, UINT16_MAX, &code, NULL))
			return keyed_fail(k, GROUP_CARD, "systems", "up to 4 codes such as FE00");
		tag->systems[i].code = (uint16_t)code;
		tag->n_systems = i + 1;
	}
	return tag->n_systems > 0 ||
	       keyed_fail(k, GROUP_CARD, "systems", "at least one code such as FE00");
}

static struct vcard_service *add_service(struct vcard_tag *tag, const char *where)
{
	uint64_t system, service;
	g_auto(GStrv) part = g_strsplit(where, "/", 2);
	if (!part[0] || !part[1] ||
		!g_ascii_string_to_unsigned(part[0], 16, 0, UINT16_MAX, &system, NULL) ||
		!g_ascii_string_to_unsigned(part[1], 16, 0, UINT16_MAX, &service, NULL))
		return NULL;
	for (size_t i = 0; i < tag->n_systems; i++) {
		struct vcard_system *s = &tag->systems[i];
		if (s->code != system || s->n_services == VCARD_SERVICES_MAX)
			continue;
		s->services[s->n_services].code = (uint16_t)service;
		return &s->services[s->n_services++];
	}
	return NULL;
}

static bool take_blocks(struct keyed *k, const char *group, struct vcard_service *service)
{
	g_auto(GStrv) hex = g_key_file_get_string_list(k->file, group, "blocks", NULL, NULL);
	for (size_t i = 0; hex && hex[i]; i++) {
		size_t len;
		if (i == VCARD_BLOCKS_MAX ||
			!keyed_unhex(hex[i], service->data + i * VCARD_BLOCK_SIZE, VCARD_BLOCK_SIZE,
				&len) ||
			len != VCARD_BLOCK_SIZE)
			return keyed_fail(k, group, "blocks", "up to 16 blocks of 32 hex digits");
		service->n_blocks = i + 1;
	}
	return true;
}

static bool take_service(struct keyed *k, const char *group, struct vcard_tag *tag)
{
	struct vcard_service *service = add_service(tag, group + strlen(GROUP_SERVICE));
	uint8_t status[2] = {0, 0};
	size_t len;
	if (!service)
		return keyed_fail(k, group, "", "a group such as [service FE00/1A8B]");
	if (keyed_has(k, group, "status") &&
		!keyed_hex(k, group, "status", status, sizeof(status), sizeof(status), &len))
		return false;
	service->status = (uint16_t)(status[0] << 8 | status[1]);
	if (keyed_has(k, group, "blocks"))
		return take_blocks(k, group, service);
	service->n_blocks = VCARD_FCF_BLOCKS;
	return vcard_fcf(k, group, service->data);
}

static bool take_services(struct keyed *k, struct vcard_tag *tag)
{
	g_auto(GStrv) groups = g_key_file_get_groups(k->file, NULL);
	for (size_t i = 0; groups[i]; i++)
		if (g_str_has_prefix(groups[i], GROUP_SERVICE) && !take_service(k, groups[i], tag))
			return false;
	return true;
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

struct vcard *vcard_load(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	struct keyed k = {file, path, error};
	struct vcard *card = g_new0(struct vcard, 1);
	take_id(path, card);
	bool whole = take_chip(&k, card) && take_ids(&k, card);
	if (whole && card->felica)
		whole = take_systems(&k, card->tags) && take_services(&k, card->tags);
	if (!whole)
		return vcard_free(card);
	take_face(&k, &card->face);
	take_behaviour(&k, card);
	return card;
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

void vcard_idm(const struct vcard_tag *tag, size_t system, uint8_t ret[VCARD_IDM_SIZE])
{
	memcpy(ret, tag->idm, VCARD_IDM_SIZE);
	ret[0] = (uint8_t)((tag->idm[0] & 0x0F) | system << SYSTEM_SHIFT);
}
