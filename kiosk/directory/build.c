/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/build.h"

#include "kiosk/directory/snapshot.h"

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
	struct directory *dir = open_source(config, keys, source, error);
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
