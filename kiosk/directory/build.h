/* SPDX-License-Identifier: MIT
 *
 * build.h - the directory a configuration describes.
 */
#ifndef KIOSK_DIRECTORY_BUILD_H
#define KIOSK_DIRECTORY_BUILD_H

#include "kiosk/config/config.h"
#include "kiosk/config/directories.h"
#include "kiosk/directory/directory.h"

struct keyring;

/* All sources of `config` in their order. `config` and `keys` are borrowed and must outlive
 * the directory. NULL with `error`, which names the source, where one cannot be set up. */
struct directory *directory_build(
	const struct config *config, const struct keyring *keys, GError **error);

/* One of them alone; NULL also where the desk does not ask it at all. */
struct directory *directory_build_one(const struct config *config, const struct keyring *keys,
	enum directories_source source, GError **error);

#endif
