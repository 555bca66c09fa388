/* SPDX-License-Identifier: MIT
 *
 * day_keys.c - see day_keys.h.
 *
 * File: 8 bytes of magic with version, then slots of date (4, big endian) ‖ box.
 * Date 0 is a free slot. A slot torn by power loss was never used: the request
 * that wanted it commits only after the slot was synced.
 */
#include "kiosk/record/day_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "kiosk/record/seal.h"
#include "kiosk/record/store.h"

#define MAGIC      "MDGKEYS1"
#define MAGIC_SIZE 8
#define BOX_SIZE   (KEY_SIZE + SEAL_OVERHEAD)
#define SLOT_SIZE  (4 + BOX_SIZE)
#define AAD_SIZE   24

struct slot {
	guint8 bytes[SLOT_SIZE];
};
G_STATIC_ASSERT(sizeof(struct slot) == SLOT_SIZE);

struct day_keys {
	int fd;
	guint8 seal[KEY_SIZE];
	GArray *slots; /* struct slot, as on disk */
};

static gboolean fail(GError **error, const char *what, int cause)
{
	enum store_error code =
		cause == ENOSPC || cause == EDQUOT ? STORE_ERROR_FULL : STORE_ERROR_IO;
	g_set_error(error, STORE_ERROR, code, DAY_KEYS_FILE ": %s: %s", what, g_strerror(cause));
	return FALSE;
}

static gboolean damaged(GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, DAY_KEYS_FILE ": not a key file");
	return FALSE;
}

static void put_date(struct slot *slot, gint32 date)
{
	guint32 be = GUINT32_TO_BE((guint32)date);
	memcpy(slot->bytes, &be, sizeof be);
}

static gint32 slot_date(const struct slot *slot)
{
	guint32 be;
	memcpy(&be, slot->bytes, sizeof be);
	return (gint32)GUINT32_FROM_BE(be);
}

static struct slot *slot_at(const struct day_keys *days, guint i)
{
	return &g_array_index(days->slots, struct slot, i);
}

/* Index of the slot of `date`, 0 asks for a free one; past the end if there is none. */
static guint find(const struct day_keys *days, gint32 date)
{
	guint i = 0;
	while (i < days->slots->len && slot_date(slot_at(days, i)) != date)
		i++;
	return i;
}

static gboolean pwrite_all(int fd, gconstpointer data, gsize len, off_t at)
{
	const guint8 *from = data;
	while (len > 0) {
		ssize_t n = pwrite(fd, from, len, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		from += n;
		at += n;
		len -= (gsize)n;
	}
	return TRUE;
}

static gboolean write_slot(const struct day_keys *days, guint i, const struct slot *slot)
{
	off_t at = MAGIC_SIZE + (off_t)i * SLOT_SIZE;
	return pwrite_all(days->fd, slot->bytes, SLOT_SIZE, at) && fsync(days->fd) == 0;
}

static gboolean write_magic(int fd, int dir_fd, GError **error)
{
	if (!pwrite_all(fd, MAGIC, MAGIC_SIZE, 0) || fsync(fd) != 0 || fsync(dir_fd) != 0)
		return fail(error, "cannot be made", errno);
	return TRUE;
}

static gboolean read_all(int fd, gpointer ret, gsize len, off_t at)
{
	guint8 *to = ret;
	while (len > 0) {
		ssize_t n = pread(fd, to, len, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		to += n;
		at += n;
		len -= (gsize)n;
	}
	return TRUE;
}

static gboolean load(struct day_keys *days, int dir_fd, GError **error)
{
	struct stat st;
	char magic[MAGIC_SIZE];
	if (fstat(days->fd, &st) != 0)
		return fail(error, "cannot be read", errno);
	if (st.st_size < MAGIC_SIZE)
		return write_magic(days->fd, dir_fd, error);
	gsize n = ((gsize)st.st_size - MAGIC_SIZE) / SLOT_SIZE;
	if (n > DAY_KEYS_MAX || !read_all(days->fd, magic, MAGIC_SIZE, 0) ||
		memcmp(magic, MAGIC, MAGIC_SIZE) != 0)
		return damaged(error);
	g_array_set_size(days->slots, (guint)n);
	if (n > 0 && !read_all(days->fd, days->slots->data, n * SLOT_SIZE, MAGIC_SIZE))
		return fail(error, "cannot be read", errno);
	return TRUE;
}

struct day_keys *day_keys_open(int dir_fd, const struct keyring *keys, GError **error)
{
	int fd = openat(dir_fd, DAY_KEYS_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		fail(error, "cannot be opened", errno);
		return NULL;
	}
	struct day_keys *days = g_new0(struct day_keys, 1);
	days->fd = fd;
	days->slots = g_array_new(FALSE, TRUE, sizeof(struct slot));
	keyring_derive(keys, "day-keys", days->seal);
	return load(days, dir_fd, error) ? days : day_keys_free(days);
}

static void slot_aad(gint32 date, char ret[AAD_SIZE])
{
	g_snprintf(ret, AAD_SIZE, "day/%d", date);
}

gboolean day_keys_get(const struct day_keys *days, gint32 date, guint8 ret[KEY_SIZE])
{
	guint i = find(days, date);
	if (date <= 0 || i == days->slots->len)
		return FALSE;
	char aad[AAD_SIZE];
	slot_aad(date, aad);
	g_autoptr(GBytes) key = seal_open(days->seal, aad, slot_at(days, i)->bytes + 4, BOX_SIZE);
	if (!key)
		return FALSE;
	memcpy(ret, g_bytes_get_data(key, NULL), KEY_SIZE);
	return TRUE;
}

static void new_slot(const struct day_keys *days, gint32 date, struct slot *ret)
{
	guint8 key[KEY_SIZE];
	char aad[AAD_SIZE];
	seal_random(key, sizeof key);
	slot_aad(date, aad);
	g_autoptr(GBytes) box = seal_close(days->seal, aad, key, sizeof key);
	OPENSSL_cleanse(key, sizeof key);
	put_date(ret, date);
	memcpy(ret->bytes + 4, g_bytes_get_data(box, NULL), BOX_SIZE);
}

gboolean day_keys_make(struct day_keys *days, gint32 date, GError **error)
{
	guint8 key[KEY_SIZE];
	gboolean there = day_keys_get(days, date, key);
	OPENSSL_cleanse(key, sizeof key);
	if (there)
		return TRUE;
	/* A slot of this date that cannot be opened is a torn one: take it again. */
	guint i = find(days, date);
	if (i == days->slots->len)
		i = find(days, 0);
	if (date <= 0 || i >= DAY_KEYS_MAX) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, "no day key for %d", date);
		return FALSE;
	}
	struct slot slot;
	new_slot(days, date, &slot);
	if (!write_slot(days, i, &slot))
		return fail(error, "cannot be written", errno);
	if (i == days->slots->len)
		g_array_append_val(days->slots, slot);
	else
		*slot_at(days, i) = slot;
	return TRUE;
}

gboolean day_keys_destroy(struct day_keys *days, gint32 date, GError **error)
{
	static const struct slot blank = {{0}};
	guint i = find(days, date);
	if (date <= 0 || i == days->slots->len)
		return TRUE;
	if (!write_slot(days, i, &blank))
		return fail(error, "cannot be overwritten", errno);
	OPENSSL_cleanse(slot_at(days, i), sizeof(struct slot));
	return TRUE;
}

GArray *day_keys_dates(const struct day_keys *days)
{
	GArray *ret = g_array_new(FALSE, FALSE, sizeof(gint32));
	for (guint i = 0; i < days->slots->len; i++) {
		gint32 date = slot_date(slot_at(days, i));
		if (date > 0)
			g_array_append_val(ret, date);
	}
	return ret;
}

struct day_keys *day_keys_free(struct day_keys *days)
{
	if (!days)
		return NULL;
	close(days->fd);
	g_array_free(days->slots, TRUE);
	OPENSSL_cleanse(days->seal, sizeof days->seal);
	g_free(days);
	return NULL;
}
