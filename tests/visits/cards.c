/* SPDX-License-Identifier: MIT */
#include "tests/visits/cards.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include "tests/virtual/field.h"
#include "tests/visits/proc.h"
#include "tests/visits/wait.h"

#define START_MS 15000
#define END_MS   3000
#define LAY_MS   5000

struct cards {
	struct proc pcscd;
	char *source;
	char *comm; /* socket of pcscd for its clients */
	char *log;
	GPtrArray *fields;  /* struct field, one a reader */
	struct vcard *card; /* laid last */
};

static gboolean is_up(gpointer data)
{
	struct cards *c = data;
	g_autofree char *out = NULL;
	gboolean said = g_file_get_contents(c->log, &out, NULL, NULL) && strstr(out, c->comm);
	return said || !proc_running(&c->pcscd);
}

static gboolean start_pcscd(
	struct cards *c, const struct cards_at *at, char *const *specs, GError **error)
{
	g_autofree char *script =
		g_build_filename(at->source, "tests", "virtual", "pcscd-private", NULL);
	g_autofree char *dir = g_path_get_dirname(c->comm);
	g_autofree char *driver =
		g_build_filename(at->build, "tests", "virtual", "libifdmadoguchi.so", NULL);
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	const char *const head[] = {"sh", script, dir, driver};
	for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
		g_ptr_array_add(argv, (char *)head[i]);
	for (; *specs; specs++)
		g_ptr_array_add(argv, *specs);
	g_ptr_array_add(argv, NULL);
	if (!proc_start(&c->pcscd, (const char *const *)argv->pdata, NULL, c->log, error))
		return FALSE;
	if (wait_until(is_up, c, START_MS) && proc_running(&c->pcscd))
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no private pcscd, see %s", c->log);
	return FALSE;
}

/* One reader: its field here, its line for pcscd into `specs`. */
static gboolean add_reader(struct cards *c, const struct cards_at *at, const char *word,
	GPtrArray *specs, GError **error)
{
	enum reader_kind kind;
	g_autofree char *file = g_strdup_printf("reader%u.sock", c->fields->len + 1);
	g_autofree char *socket = g_build_filename(at->dir, file, NULL);
	if (!reader_kind_parse(word, &kind)) {
		g_set_error(
			error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no kind of reader: %s", word);
		return FALSE;
	}
	g_ptr_array_add(specs, g_strdup_printf("%s:%s:%s", word, reader_kind_reader(kind), socket));
	g_ptr_array_add(c->fields, field_new(socket, kind));
	return TRUE;
}

static void free_field(gpointer field)
{
	field_free(field);
}

struct cards *cards_open(const struct cards_at *at, GError **error)
{
	struct cards *c = g_new0(struct cards, 1);
	g_autoptr(GPtrArray) specs = g_ptr_array_new_with_free_func(g_free);
	c->source = g_strdup(at->source);
	c->comm = g_build_filename(at->dir, "pcscd", "pcscd.comm", NULL);
	c->log = g_strdup(at->log);
	c->fields = g_ptr_array_new_with_free_func(free_field);
	for (gsize i = 0; at->kinds[i]; i++)
		if (!add_reader(c, at, at->kinds[i], specs, error))
			return cards_close(c);
	g_ptr_array_add(specs, NULL);
	if (!start_pcscd(c, at, (char *const *)specs->pdata, error))
		return cards_close(c);
	g_setenv("PCSCLITE_CSOCK_NAME", c->comm, TRUE);
	return c;
}

struct cards *cards_close(struct cards *c)
{
	if (!c)
		return NULL;
	g_ptr_array_unref(c->fields);
	proc_end(&c->pcscd, SIGTERM, END_MS);
	vcard_free(c->card);
	g_free(c->source);
	g_free(c->comm);
	g_free(c->log);
	g_free(c);
	return NULL;
}

guint cards_readers(struct cards *c)
{
	return c->fields->len;
}

static gboolean is_laid(gpointer data)
{
	enum field_state state = field_state(data);
	return state == FIELD_ON || state == FIELD_LEFT;
}

/* The folder that has the sample; the last one, for its complaint, if none has. */
static char *folder_of(const struct cards *c, const char *sample)
{
	static const char *const folders[] = {
		"tests/virtual/cards", "tests/virtual/cards-field", "tests/visits/cards"};
	g_autofree char *file = g_strconcat(sample, ".card", NULL);
	char *folder = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_free(folder);
		folder = g_build_filename(c->source, folders[i], NULL);
		g_autofree char *path = g_build_filename(folder, file, NULL);
		if (g_file_test(path, G_FILE_TEST_EXISTS))
			break;
	}
	return folder;
}

gboolean cards_lay(struct cards *c, guint reader, const char *sample, GError **error)
{
	g_autofree char *folder = folder_of(c, sample);
	struct field *field = c->fields->pdata[reader];
	struct vcard *card = vcard_find(folder, sample, error);
	if (!card)
		return FALSE;
	vcard_free(c->card);
	c->card = card;
	field_insert(field, card);
	if (wait_until(is_laid, field, LAY_MS))
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the reader does not take the card");
	return FALSE;
}

void cards_take(struct cards *c, guint reader)
{
	field_remove(c->fields->pdata[reader]);
}

const char *cards_face(struct cards *c)
{
	return c->card && *c->card->face.number ? c->card->face.number : NULL;
}
