/* SPDX-License-Identifier: MIT */
#include "tests/visits/cards.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include "tests/virtual/field.h"
#include "tests/visits/proc.h"
#include "tests/visits/wait.h"

#define READER   "SONY FeliCa RC-S300/P"
#define START_MS 15000
#define END_MS   3000
#define LAY_MS   5000

struct cards {
	struct proc pcscd;
	char *folder; /* of sample cards */
	char *comm;   /* socket of pcscd for its clients */
	char *log;
	struct field *field;
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
	struct cards *c, const struct cards_at *at, const char *reader, GError **error)
{
	g_autofree char *script =
		g_build_filename(at->source, "tests", "virtual", "pcscd-private", NULL);
	g_autofree char *dir = g_path_get_dirname(c->comm);
	g_autofree char *driver =
		g_build_filename(at->build, "tests", "virtual", "libifdmadoguchi.so", NULL);
	g_autofree char *spec = g_strdup_printf("session:%s:%s", READER, reader);
	const char *argv[] = {"sh", script, dir, driver, spec, NULL};
	if (!proc_start(&c->pcscd, argv, NULL, c->log, error))
		return FALSE;
	if (wait_until(is_up, c, START_MS) && proc_running(&c->pcscd))
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no private pcscd, see %s", c->log);
	return FALSE;
}

struct cards *cards_open(const struct cards_at *at, GError **error)
{
	struct cards *c = g_new0(struct cards, 1);
	g_autofree char *reader = g_build_filename(at->dir, "reader.sock", NULL);
	c->folder = g_build_filename(at->source, "tests", "virtual", "cards", NULL);
	c->comm = g_build_filename(at->dir, "pcscd", "pcscd.comm", NULL);
	c->log = g_strdup(at->log);
	if (!start_pcscd(c, at, reader, error))
		return cards_close(c);
	g_setenv("PCSCLITE_CSOCK_NAME", c->comm, TRUE);
	c->field = field_new(reader, READER_KIND_SESSION);
	return c;
}

struct cards *cards_close(struct cards *c)
{
	if (!c)
		return NULL;
	field_free(c->field);
	proc_end(&c->pcscd, SIGTERM, END_MS);
	vcard_free(c->card);
	g_free(c->folder);
	g_free(c->comm);
	g_free(c->log);
	g_free(c);
	return NULL;
}

static gboolean is_laid(gpointer data)
{
	enum field_state state = field_state(data);
	return state == FIELD_ON || state == FIELD_LEFT;
}

gboolean cards_lay(struct cards *c, const char *sample, GError **error)
{
	struct vcard *card = vcard_find(c->folder, sample, error);
	if (!card)
		return FALSE;
	vcard_free(c->card);
	c->card = card;
	field_insert(c->field, card);
	if (wait_until(is_laid, c->field, LAY_MS))
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the reader does not take the card");
	return FALSE;
}

void cards_take(struct cards *c)
{
	field_remove(c->field);
}

const char *cards_face(struct cards *c)
{
	return c->card && *c->card->face.number ? c->card->face.number : NULL;
}
