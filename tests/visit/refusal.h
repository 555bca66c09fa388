/* SPDX-License-Identifier: MIT
 *
 * refusal.h - how a configuration with one strange file is refused.
 */
#ifndef TESTS_VISIT_REFUSAL_H
#define TESTS_VISIT_REFUSAL_H

#include "kiosk/config/config.h"
#include "tests/visit/folder.h"

#define CONF    "assets/defaults/madoguchi.conf"
#define LAYOUTS "assets/defaults/layouts.conf"
#define OFFICES "assets/defaults/offices.conf"

/* Load `text` as file `name`: "desk.conf", or one that a desk.conf names under the key
 * before the dot. Returns the message of the refusal without the folder, or "". */
static inline char *refusal(const char *name, const char *text)
{
	char *dir = folder_new();
	g_autofree char *path = folder_write(dir, name, text);
	g_autofree char *conf = g_strdup(path);
	g_autoptr(GError) error = NULL;

	if (strcmp(name, "desk.conf") != 0) {
		int len = (int)strcspn(name, ".");
		g_autofree char *files = g_strdup_printf("[files]\n%.*s=%s\n", len, name, name);
		g_free(conf);
		conf = folder_write(dir, "desk.conf", files);
	}
	AUTO(config) config = config_load(conf, NULL, &error);
	CHECK((config == NULL) == (error != NULL));
	const char *message = error ? error->message : "";
	char *ret = g_strdup(g_str_has_prefix(message, dir) ? message + strlen(dir) + 1 : message);
	folder_free(dir);
	return ret;
}

#endif
