/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/build.h"

#include "kiosk/directory/snapshot.h"

/* Of the others the configuration was not checked to be whole. */
static gboolean is_asked(const struct directories *d, enum directories_source source)
{
	for (gsize i = 0; i < d->n; i++)
		if (d->order[i] == source)
			return TRUE;
	return FALSE;
}

static struct directory *open_source(const struct config *config, const struct keyring *keys,
	enum directories_source source, GError **error)
{
	const struct directories *d = config->directories;

	switch (source) {
	case DIRECTORIES_SNAPSHOT:
		return snapshot_open(config->snapshot, keys);
	case DIRECTORIES_LDAP:
		return ldap_source_open(&d->ldap, error);
	case DIRECTORIES_GRAPH:
		return graph_open(&d->graph, error);
	case DIRECTORIES_COUNT:
		break;
	}
	g_assert_not_reached();
}

struct directory *directory_build_one(const struct config *config, const struct keyring *keys,
	enum directories_source source, GError **error)
{
	struct directory *dir = NULL;
	if (is_asked(config->directories, source))
		dir = open_source(config, keys, source, error);
	else
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
			"not one of the sources this desk asks");
	if (!dir)
		g_prefix_error(error, "%s: ", directories_word(source));
	return dir;
}

struct directory *directory_build(
	const struct config *config, const struct keyring *keys, GError **error)
{
	const struct directories *d = config->directories;
	struct directory *sources[DIRECTORIES_COUNT] = {NULL};
	struct source_policy policies[DIRECTORIES_COUNT];

	for (gsize i = 0; i < d->n; i++) {
		policies[i] = d->policies[d->order[i]];
		sources[i] = directory_build_one(config, keys, d->order[i], error);
		if (sources[i])
			continue;
		while (i-- > 0)
			directory_free(sources[i]);
		return NULL;
	}
	return sources_new(sources, policies, d->n);
}
