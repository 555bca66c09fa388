/* SPDX-License-Identifier: MIT */
#include "vcard_file.h"

#include <string.h>

#define GROUP_CARD        "card"
#define GROUP_APPLICATION "application "
#define GROUP_FILE        "file "
#define SFI_MAX           30

static bool take_application(struct keyed *k, const char *group, struct vcard_iso *iso)
{
	if (iso->n_applications == VCARD_APPS_MAX)
		return keyed_fail(k, group, "", "at most 4 applications");
	struct vcard_application *a = &iso->applications[iso->n_applications];
	const char *hex = group + strlen(GROUP_APPLICATION);
	if (!keyed_unhex(hex, a->aid, VCARD_AID_MAX, &a->aid_len) || a->aid_len == 0)
		return keyed_fail(k, group, "", "a group such as [application F0544F444149]");
	iso->n_applications++;
	return true;
}

static bool take_text(struct keyed *k, const char *group, struct vcard_file *file)
{
	g_autofree char *text = keyed_text(k, group, "text", "");
	g_autofree char *bytes = g_convert(text, -1, "CP932", "UTF-8", NULL, &file->len, NULL);
	if (!bytes || file->len > VCARD_FILE_MAX)
		return keyed_fail(k, group, "text", "text that CP932 can hold, up to 512 bytes");
	memcpy(file->data, bytes, file->len);
	return true;
}

static bool take_records(struct keyed *k, const char *group, struct vcard_file *file)
{
	g_auto(GStrv) hex = g_key_file_get_string_list(k->file, group, "records", NULL, NULL);
	for (size_t i = 0; hex && hex[i]; i++) {
		size_t len;
		if (i == VCARD_RECORDS_MAX || !keyed_unhex(hex[i], file->data + file->len,
						      VCARD_FILE_MAX - file->len, &len))
			return keyed_fail(k, group, "records", "up to 16 records in hex digits");
		file->len += len;
		file->ends[i] = file->len;
		file->n_records = i + 1;
	}
	return true;
}

static bool take_data(struct keyed *k, const char *group, struct vcard_file *file)
{
	if (keyed_has(k, group, "records"))
		return take_records(k, group, file);
	if (keyed_has(k, group, "text"))
		return take_text(k, group, file);
	return keyed_hex(k, group, "data", file->data, 0, VCARD_FILE_MAX, &file->len);
}

static bool take_file(struct keyed *k, const char *group, struct vcard_iso *iso)
{
	const char *slash = strrchr(group, '/');
	uint64_t id;
	uint8_t status[2] = {0, 0};
	size_t len;
	if (iso->n_files == VCARD_FILES_MAX ||
		!g_ascii_string_to_unsigned(slash ? slash + 1 : group + strlen(GROUP_FILE), 16, 0,
			UINT16_MAX, &id, NULL))
		return keyed_fail(k, group, "", "up to 8 groups such as [file 011E]");
	struct vcard_file *file = &iso->files[iso->n_files++];
	file->application = iso->n_applications;
	file->id = (uint16_t)id;
	unsigned sfi = keyed_number(k, group, "sfi", 0);
	if (sfi > SFI_MAX)
		return keyed_fail(k, group, "sfi", "1 to 30");
	file->sfi = (uint8_t)sfi;
	if (keyed_has(k, group, "status") &&
		!keyed_hex(k, group, "status", status, sizeof(status), sizeof(status), &len))
		return false;
	file->status = (uint16_t)(status[0] << 8 | status[1]);
	return take_data(k, group, file);
}

static bool take_past_end(struct keyed *k, struct vcard_iso *iso)
{
	static const char *const words[] = {
		[VCARD_END_WARNS] = "warn",
		[VCARD_END_CORRECTS] = "correct",
		[VCARD_END_REFUSES] = "refuse",
	};
	g_autofree char *text = keyed_text(k, GROUP_CARD, "past-end", words[VCARD_END_WARNS]);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(text, words[i]) == 0) {
			iso->past_end = (enum vcard_past_end)i;
			return true;
		}
	return keyed_fail(k, GROUP_CARD, "past-end", "warn, correct or refuse");
}

bool vcard_file_load(struct keyed *k, struct vcard_iso *ret)
{
	g_auto(GStrv) groups = g_key_file_get_groups(k->file, NULL);
	ret->get_response = keyed_number(k, GROUP_CARD, "get-response", 0) != 0;
	if (!take_past_end(k, ret))
		return false;
	if (keyed_has(k, GROUP_CARD, "select-p2") &&
		!keyed_hex(k, GROUP_CARD, "select-p2", ret->selects, 1, VCARD_SELECTS_MAX,
			&ret->n_selects))
		return false;
	for (size_t i = 0; groups[i]; i++) {
		if (g_str_has_prefix(groups[i], GROUP_APPLICATION) &&
			!take_application(k, groups[i], ret))
			return false;
		if (g_str_has_prefix(groups[i], GROUP_FILE) && !take_file(k, groups[i], ret))
			return false;
	}
	return ret->n_files > 0 || keyed_fail(k, GROUP_CARD, "chip", "files, for iso-dep");
}
