/* SPDX-License-Identifier: MIT */
#include "vcard_tag.h"

#include <string.h>

#include "vcard_fcf.h"
#include "vcard_lite_s.h"

#define GROUP_CARD    "card"
#define GROUP_SERVICE "service " /* then system/service */
#define GROUP_AREA    "area "    /* then system/area */

#define BLOCKS_READ     12 /* RC-S915 and its kin */
#define BLOCKS_READ_MAX 15 /* the longest answer that LEN can tell */
#define KEYLESS         0x01
#define FELICA_LITE_S   0x88B4

static bool code_of(const char *text, uint16_t *ret)
{
	uint64_t code;
	if (!text || !g_ascii_string_to_unsigned(text, 16, 0, UINT16_MAX, &code, NULL))
		return false;
	*ret = (uint16_t)code;
	return true;
}

static bool take_numbers(struct keyed *k, struct vcard_tag *tag)
{
	size_t len;
	if (!keyed_hex(k, GROUP_CARD, "idm", tag->idm, VCARD_IDM_SIZE, VCARD_IDM_SIZE, &len) ||
		!keyed_hex(k, GROUP_CARD, "pmm", tag->pmm, VCARD_IDM_SIZE, VCARD_IDM_SIZE, &len))
		return false;
	unsigned n = tag->lite_s.is ? VCARD_LITE_S_READS : BLOCKS_READ;
	tag->blocks_per_read = keyed_number(k, GROUP_CARD, "blocks-per-read", n);
	return tag->blocks_per_read <= BLOCKS_READ_MAX ||
	       keyed_fail(k, GROUP_CARD, "blocks-per-read", "at most 15");
}

/* One of two words; the first unless the file says the second. */
static bool take_word(
	struct keyed *k, const char *key, const char *first, const char *second, bool *ret)
{
	g_autofree char *text = keyed_text(k, GROUP_CARD, key, first);
	g_autofree char *expected = g_strdup_printf("%s or %s", first, second);
	*ret = strcmp(text, second) == 0;
	return *ret || strcmp(text, first) == 0 || keyed_fail(k, GROUP_CARD, key, expected);
}

static bool take_systems(struct keyed *k, struct vcard_tag *tag)
{
	g_auto(GStrv) codes =
		g_key_file_get_string_list(k->file, GROUP_CARD, "systems", NULL, NULL);
	for (size_t i = 0; codes && codes[i]; i++) {
		if (i == VCARD_SYSTEMS_MAX || !code_of(codes[i], &tag->systems[i].code))
			return keyed_fail(k, GROUP_CARD, "systems", "up to 4 codes such as FE00");
		tag->n_systems = i + 1;
	}
	return tag->n_systems > 0 ||
	       keyed_fail(k, GROUP_CARD, "systems", "at least one code such as FE00");
}

/* The system that `where` ("FE00/1A8B") begins with, and the code behind it. */
static struct vcard_system *find(struct vcard_tag *tag, const char *where, uint16_t *ret_code)
{
	uint16_t system;
	g_auto(GStrv) part = g_strsplit(where, "/", 2);
	if (!code_of(part[0], &system) || !code_of(part[1], ret_code))
		return NULL;
	for (size_t i = 0; i < tag->n_systems; i++)
		if (tag->systems[i].code == system)
			return &tag->systems[i];
	return NULL;
}

/* A group of a Lite-S fills the service it has anyway. */
static struct vcard_service *add_service(struct vcard_system *system, uint16_t code)
{
	for (size_t i = 0; i < system->n_services; i++)
		if (system->services[i].code == code)
			return &system->services[i];
	if (system->n_services == VCARD_SERVICES_MAX)
		return NULL;
	system->services[system->n_services].code = code;
	return &system->services[system->n_services++];
}

static bool take_blocks(struct keyed *k, const char *group, struct vcard_service *service)
{
	g_auto(GStrv) hex = g_key_file_get_string_list(k->file, group, "blocks", NULL, NULL);
	size_t n = 0;
	for (; hex && hex[n]; n++) {
		size_t len;
		if (n == VCARD_BLOCKS_MAX ||
			!keyed_unhex(hex[n], service->data + n * VCARD_BLOCK_SIZE, VCARD_BLOCK_SIZE,
				&len) ||
			len != VCARD_BLOCK_SIZE)
			return keyed_fail(k, group, "blocks", "up to 16 blocks of 32 hex digits");
	}
	if (service->n_blocks < n)
		service->n_blocks = n;
	return true;
}

static bool take_service(struct keyed *k, const char *group, struct vcard_tag *tag)
{
	uint8_t status[2] = {0, 0};
	uint16_t code;
	size_t len;
	struct vcard_system *system = find(tag, group + strlen(GROUP_SERVICE), &code);
	struct vcard_service *service = system ? add_service(system, code) : NULL;
	if (!service)
		return keyed_fail(k, group, "", "a group such as [service FE00/1A8B]");
	if (keyed_has(k, group, "status") &&
		!keyed_hex(k, group, "status", status, sizeof(status), sizeof(status), &len))
		return false;
	service->status = (uint16_t)(status[0] << 8 | status[1]);
	if (keyed_has(k, group, "blocks"))
		return take_blocks(k, group, service);
	if (!(code & KEYLESS))
		return true;
	if (service->n_blocks < VCARD_FCF_BLOCKS)
		service->n_blocks = VCARD_FCF_BLOCKS;
	return vcard_fcf(k, group, service->data);
}

static bool take_area(struct keyed *k, const char *group, struct vcard_tag *tag)
{
	uint16_t code, end;
	g_autofree char *text = keyed_text(k, group, "end", "");
	struct vcard_system *system = find(tag, group + strlen(GROUP_AREA), &code);
	if (!system || system->n_areas == VCARD_AREAS_MAX || !code_of(text, &end) || end == 0)
		return keyed_fail(k, group, "end", "[area FE00/1A80] with end = 1ABF");
	system->areas[system->n_areas++] = (struct vcard_area){code, end};
	return true;
}

static bool take_groups(struct keyed *k, struct vcard_tag *tag)
{
	g_auto(GStrv) groups = g_key_file_get_groups(k->file, NULL);
	for (size_t i = 0; groups[i]; i++) {
		if (g_str_has_prefix(groups[i], GROUP_SERVICE) && !take_service(k, groups[i], tag))
			return false;
		if (g_str_has_prefix(groups[i], GROUP_AREA) && !take_area(k, groups[i], tag))
			return false;
	}
	return true;
}

/* What every Lite-S has. */
static void add_lite_s(struct vcard_tag *tag)
{
	static const uint16_t codes[] = {VCARD_LITE_S_READ, VCARD_LITE_S_WRITE};
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		add_service(&tag->systems[0], codes[i])->n_blocks = VCARD_LITE_S_USER;
}

/* Its own number leads the ID block, unless the file has another one. */
static bool take_id(struct keyed *k, struct vcard_tag *tag)
{
	size_t len;
	memcpy(tag->lite_s.id, tag->idm, VCARD_IDM_SIZE);
	if (keyed_has(k, GROUP_CARD, "ckv") &&
		!keyed_hex(k, GROUP_CARD, "ckv", tag->lite_s.key_version, 2, 2, &len))
		return false;
	return !keyed_has(k, GROUP_CARD, "id") || keyed_hex(k, GROUP_CARD, "id", tag->lite_s.id,
							  VCARD_BLOCK_SIZE, VCARD_BLOCK_SIZE, &len);
}

static bool take_key(struct keyed *k, struct vcard_tag *tag)
{
	uint8_t master[VCARD_MASTER_SIZE];
	size_t len;
	if (!take_id(k, tag))
		return false;
	if (keyed_has(k, GROUP_CARD, "ck"))
		return keyed_hex(
			k, GROUP_CARD, "ck", tag->lite_s.key, VCARD_KEY_SIZE, VCARD_KEY_SIZE, &len);
	if (!keyed_has(k, GROUP_CARD, "master"))
		return true;
	if (!keyed_hex(k, GROUP_CARD, "master", master, sizeof(master), sizeof(master), &len))
		return false;
	return vcard_lite_s_key(master, tag->lite_s.id, tag->lite_s.key) ||
	       keyed_fail(k, GROUP_CARD, "master", "an OpenSSL that knows CMAC and DES-EDE3");
}

bool vcard_tag_load(struct keyed *k, bool lite_s, struct vcard_tag *ret)
{
	ret->lite_s.is = lite_s;
	if (!take_numbers(k, ret) || !take_systems(k, ret) ||
		!take_word(k, "answers-poll", "all", "first", &ret->first_only) ||
		!take_word(k, "sf1", "bitmap", "ordinal", &ret->ordinal))
		return false;
	if (lite_s && ret->systems[0].code != FELICA_LITE_S)
		return keyed_fail(k, GROUP_CARD, "systems", "88B4 first, for a Lite-S");
	if (lite_s)
		add_lite_s(ret);
	return take_groups(k, ret) && (!lite_s || take_key(k, ret));
}
