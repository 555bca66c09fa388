/* SPDX-License-Identifier: MIT */
#include "kiosk/config/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/config/config.h"
#include "kiosk/config/nearest.h"

#define GOT_CHARS_MAX 60 /* of a bad value in a message */

struct keyfile {
	char *name;
	GKeyFile *file;
	char **groups;
	gsize n_groups;
	GHashTable *lines; /* "group" and "group\nkey" -> line */
};

static guint line_of(const struct keyfile *kf, const char *group, const char *key)
{
	g_autofree char *place = g_strdup_printf("%s\n%s", group ? group : "", key ? key : "");
	guint line = GPOINTER_TO_UINT(g_hash_table_lookup(kf->lines, place));
	if (line == 0 && key) {
		g_autofree char *above = g_strdup_printf("%s\n", group ? group : "");
		line = GPOINTER_TO_UINT(g_hash_table_lookup(kf->lines, above));
	}
	return line;
}

/* A bad value as it may stand in a message: cut short, without control characters. */
static char *quote(const char *got)
{
	if (!got)
		return g_strdup("nothing");
	g_autofree char *valid = g_utf8_make_valid(got, -1);
	for (char *p = valid; *p; p++)
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	if (g_utf8_strlen(valid, -1) <= GOT_CHARS_MAX)
		return g_strdup_printf("'%s'", valid);
	g_autofree char *cut = g_utf8_substring(valid, 0, GOT_CHARS_MAX);
	return g_strdup_printf("'%s…'", cut);
}

/* file:line, or the file alone where no line is to blame. */
static char *place_of(const struct keyfile *kf, guint line)
{
	return line ? g_strdup_printf("%s:%u", kf->name, line) : g_strdup(kf->name);
}

gboolean keyfile_complain(const struct keyfile *kf, const char *group, const char *key,
	const char *expected, const char *got, GError **error)
{
	g_autofree char *place = place_of(kf, line_of(kf, group, key));
	g_autofree char *quoted = quote(got);
	g_autofree char *in = group ? g_strdup_printf(" [%s]", group) : g_strdup("");

	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE, "%s:%s%s%s%s expected %s, got %s",
		place, in, key ? " " : "", key ? key : "", group ? ":" : "", expected, quoted);
	return FALSE;
}

gboolean keyfile_complain_word(const struct keyfile *kf, const char *group, const char *key,
	const char *const *known, const char *got, GError **error)
{
	const char *nearest = nearest_word(known, got);
	g_autofree char *all = g_strjoinv(", ", (char **)known);
	g_autofree char *expected =
		nearest ? g_strdup_printf("'%s'", nearest) : g_strdup_printf("one of %s", all);
	return keyfile_complain(kf, group, key, expected, got, error);
}

static gboolean complain_line(
	const struct keyfile *kf, guint line, const char *expected, const char *got, GError **error)
{
	g_autofree char *quoted = quote(got);
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE, "%s:%u: expected %s, got %s", kf->name,
		line, expected, quoted);
	return FALSE;
}

static gboolean is_name(const char *name)
{
	static const char chars[] = G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-._ ";
	return *name && strspn(name, chars) == strlen(name);
}

/* A key may go on after its first dot with a word of another's, in any script. */
static gboolean is_key(const char *key)
{
	const char *dot = strchr(key, '.');
	g_autofree char *first = g_strndup(key, dot ? (gsize)(dot - key) : strlen(key));

	if (!is_name(first))
		return FALSE;
	for (const char *p = dot; p && *p; p = g_utf8_next_char(p))
		if (!g_unichar_isprint(g_utf8_get_char(p)) || strchr("[]", *p))
			return FALSE;
	return TRUE;
}

/* Remember where `key` of `group` stands; each may stand there once. */
static gboolean note(
	struct keyfile *kf, const char *group, const char *key, guint line, GError **error)
{
	char *place = g_strdup_printf("%s\n%s", group, key);
	guint first = GPOINTER_TO_UINT(g_hash_table_lookup(kf->lines, place));

	if (first == 0) {
		g_hash_table_insert(kf->lines, place, GUINT_TO_POINTER(line));
		return TRUE;
	}
	g_free(place);
	g_autofree char *expected = g_strdup_printf("it once only (first in line %u)", first);
	return complain_line(kf, line, expected, *key ? key : group, error);
}

/* One line; *group is the group it stands in. */
static gboolean scan_line(struct keyfile *kf, char *text, guint line, char **group, GError **error)
{
	g_strstrip(text);
	if (*text == '\0' || *text == '#')
		return TRUE;
	if (*text == '[' && g_str_has_suffix(text, "]")) {
		g_autofree char *name = g_strndup(text + 1, strlen(text) - 2);
		if (!is_name(name))
			return complain_line(kf, line, "a group name of [a-z0-9-]", text, error);
		g_free(*group);
		*group = g_steal_pointer(&name);
		return note(kf, *group, "", line, error);
	}
	char *sign = strchr(text, '=');
	if (!sign)
		return complain_line(
			kf, line, "'[group]', 'key=value' or '# comment'", text, error);
	if (!*group)
		return complain_line(kf, line, "a [group] before the first key", text, error);
	g_autofree char *key = g_strndup(text, (gsize)(sign - text));
	if (!is_key(g_strchomp(key)))
		return complain_line(kf, line, "a key name of [a-z0-9.-]", text, error);
	return note(kf, *group, key, line, error);
}

static gboolean scan(struct keyfile *kf, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *group = NULL;

	for (guint i = 0; lines[i]; i++) {
		if (!g_utf8_validate(lines[i], -1, NULL))
			return complain_line(kf, i + 1, "UTF-8 text", lines[i], error);
		if (!scan_line(kf, lines[i], i + 1, &group, error))
			return FALSE;
		if (g_hash_table_size(kf->lines) > KEYFILE_KEYS_MAX)
			return complain_line(kf, i + 1, "fewer keys", NULL, error);
	}
	return TRUE;
}

static struct keyfile *keyfile_new(const char *name)
{
	struct keyfile *kf = g_new0(struct keyfile, 1);
	kf->name = g_strdup(name);
	kf->file = g_key_file_new();
	kf->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return kf;
}

struct keyfile *keyfile_parse(const char *name, const char *text, gsize len, GError **error)
{
	AUTO(keyfile) kf = keyfile_new(name);
	g_autoptr(GError) cause = NULL;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* an editor's byte order mark */
		text += 3;
		len -= 3;
	}
	g_autofree char *copy = g_strndup(text, len);
	if (len > KEYFILE_SIZE_MAX || strlen(copy) != len) {
		keyfile_complain(kf, NULL, NULL, "text of at most 1 MiB without NUL", NULL, error);
		return NULL;
	}
	if (!scan(kf, copy, error))
		return NULL;
	if (len > 0 && !g_key_file_load_from_data(kf->file, copy, len, G_KEY_FILE_NONE, &cause)) {
		keyfile_complain(kf, NULL, NULL, "groups and keys", cause->message, error);
		return NULL;
	}
	kf->groups = g_key_file_get_groups(kf->file, &kf->n_groups);
	if (kf->n_groups > KEYFILE_GROUPS_MAX) {
		keyfile_complain(kf, NULL, NULL, "fewer groups", NULL, error);
		return NULL;
	}
	return g_steal_pointer(&kf);
}

/* At most `max` bytes of a regular file; neither a pipe nor a device makes us wait. */
static char *read_bounded(const char *path, gsize max, gsize *ret_len, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	g_autofree char *text = NULL;
	struct stat st;
	gsize len = 0;
	gssize n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	else if (fd >= 0) {
		text = g_malloc(max);
		while (len < max && (n = read(fd, text + len, max - len)) > 0)
			len += (gsize)n;
	}
	int cause = errno;
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
			"%s: expected a readable file, got '%s'", path, g_strerror(cause));
		return NULL;
	}
	*ret_len = len;
	return g_steal_pointer(&text);
}

struct keyfile *keyfile_read(const char *path, GError **error)
{
	gsize len;
	g_autofree char *text = read_bounded(path, KEYFILE_SIZE_MAX + 1, &len, error);
	return text ? keyfile_parse(path, text, len, error) : NULL;
}

const char *const *keyfile_groups(const struct keyfile *kf)
{
	return (const char *const *)kf->groups;
}

gsize keyfile_n_groups(const struct keyfile *kf)
{
	return kf->n_groups;
}

char **keyfile_keys(const struct keyfile *kf, const char *group)
{
	char **keys = g_key_file_get_keys(kf->file, group, NULL, NULL);
	return keys ? keys : g_new0(char *, 1);
}

gboolean keyfile_has_group(const struct keyfile *kf, const char *group)
{
	return g_key_file_has_group(kf->file, group);
}

gboolean keyfile_has(const struct keyfile *kf, const char *group, const char *key)
{
	return g_key_file_has_key(kf->file, group, key, NULL);
}

static gboolean complain_escape(
	const struct keyfile *kf, const char *group, const char *key, GError **error)
{
	g_autofree char *raw = g_key_file_get_value(kf->file, group, key, NULL);
	return keyfile_complain(
		kf, group, key, "\\ only in \\s, \\n, \\t, \\r, \\; or \\\\", raw, error);
}

/* A fallback goes through the file, so that both are read in one notation. */
static void fall_back(
	const struct keyfile *kf, const char *group, const char *key, const char *fallback)
{
	if (!keyfile_has(kf, group, key))
		g_key_file_set_value(kf->file, group, key, fallback);
}

char *keyfile_text(const struct keyfile *kf, const char *group, const char *key,
	const char *fallback, GError **error)
{
	fall_back(kf, group, key, fallback);
	g_autoptr(GError) cause = NULL;
	g_autofree char *text = g_key_file_get_string(kf->file, group, key, &cause);
	if (!text || cause) { /* a bad escape gives both */
		complain_escape(kf, group, key, error);
		return NULL;
	}
	return g_strstrip(g_steal_pointer(&text));
}

static void drop_empty(char **items)
{
	char **to = items;
	for (char **from = items; *from; from++) {
		if (*g_strstrip(*from))
			*to++ = *from;
		else
			g_free(*from);
	}
	*to = NULL;
}

char **keyfile_items(const struct keyfile *kf, const char *group, const char *key,
	const char *fallback, GError **error)
{
	gsize n = 0;
	g_autoptr(GError) cause = NULL;
	fall_back(kf, group, key, fallback);
	g_auto(GStrv) items = g_key_file_get_string_list(kf->file, group, key, &n, &cause);
	if (!items || cause) {
		complain_escape(kf, group, key, error);
		return NULL;
	}
	drop_empty(items);
	if (n > KEYFILE_ITEMS_MAX) {
		keyfile_complain(kf, group, key, "a shorter list", NULL, error);
		return NULL;
	}
	return g_steal_pointer(&items);
}

char *keyfile_resolve(const struct keyfile *kf, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(kf->name);
	g_autofree char *absolute = g_canonicalize_filename(folder, NULL);
	return g_canonicalize_filename(path, absolute);
}

struct keyfile *keyfile_free(struct keyfile *kf)
{
	if (!kf)
		return NULL;
	g_free(kf->name);
	g_key_file_free(kf->file);
	g_strfreev(kf->groups);
	g_hash_table_unref(kf->lines);
	g_free(kf);
	return NULL;
}
