/* SPDX-License-Identifier: MIT
 *
 * lang.h - one catalogue, several languages in one process.
 *
 * gettext's language belongs to the process. A window therefore says which one holds
 * before it builds or fills anything, and nothing is translated in between. Main thread.
 */
#ifndef UI_LANG_H
#define UI_LANG_H

#include <glib.h>

#define LANG_DOMAIN "madoguchi"

#define _(text)  lang_text(text)
#define N_(text) text /* for tables: translated when it is shown */
/* A word that needs its context to be translated. */
#define C_(context, text) lang_context_text(context "\004" text, sizeof context)

/* Call first in main(), before any thread exists: sets locale and catalogue folder. */
void lang_init(void);
/* The same with catalogues from elsewhere: <folder>/<language>/LC_MESSAGES/. */
void lang_init_from(const char *folder);

/* From here on _() speaks `lang`, "ja" or "en". Cheap if it already did. */
void lang_use(const char *lang);

/* "" stays "" (gettext would answer with the catalogue's header). */
const char *lang_text(const char *text) G_GNUC_FORMAT(1);

const char *lang_context_text(const char *both, gsize text_at);

/* The next of the languages, and how it calls itself. */
const char *lang_next(const char *lang);
const char *lang_own_name(const char *lang);

#endif
