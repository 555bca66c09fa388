/* SPDX-License-Identifier: MIT */
#include "kiosk/ctl/card_recorder.h"

#include <glib/gstdio.h>

#include "kiosk/ctl/card_file.h"

struct card_recorder {
	struct card_transport t;
	const struct card_transport *inner;
	char *path;
	FILE *file;
};

static void put_hex(struct card_recorder *r, const char *mark, const uint8_t *bytes, size_t n)
{
	fputs(mark, r->file);
	for (size_t i = 0; i < n; i++)
		fprintf(r->file, "%02X", bytes[i]);
	fputc('\n', r->file);
}

static void put_outcome(
	struct card_recorder *r, enum card_err err, const uint8_t *answer, size_t len)
{
	if (err)
		fprintf(r->file, "! %s\n", card_err_name(err));
	else
		put_hex(r, "< ", answer, len);
}

static enum card_err list(void *self, struct reader_state *ret, size_t max, size_t *ret_n)
{
	struct card_recorder *r = self;
	return r->inner->list(r->inner->self, ret, max, ret_n);
}

static enum card_err wait(void *self, struct reader_state *states, size_t n, unsigned timeout_ms)
{
	struct card_recorder *r = self;
	return r->inner->wait(r->inner->self, states, n, timeout_ms);
}

static void cancel(void *self)
{
	struct card_recorder *r = self;
	r->inner->cancel(r->inner->self);
}

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct card_recorder *r = self;
	enum card_err err = r->inner->connect(r->inner->self, reader, trace);
	fprintf(r->file, "reader %s\n", reader);
	if (err)
		put_outcome(r, err, NULL, 0);
	return err;
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct card_recorder *r = self;
	put_hex(r, "> ", apdu, len);
	enum card_err err = r->inner->transmit(r->inner->self, apdu, len, ret, max, ret_len, trace);
	put_outcome(r, err, ret, err ? 0 : *ret_len);
	return err;
}

static enum card_err escape(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct card_recorder *r = self;
	put_hex(r, ">> ", apdu, len);
	enum card_err err = r->inner->escape(r->inner->self, apdu, len, ret, max, ret_len, trace);
	put_outcome(r, err, ret, err ? 0 : *ret_len);
	return err;
}

static void disconnect(void *self)
{
	struct card_recorder *r = self;
	r->inner->disconnect(r->inner->self);
}

static enum card_err reopen(void *self)
{
	struct card_recorder *r = self;
	return r->inner->reopen(r->inner->self);
}

struct card_recorder *card_recorder_new(const char *path, GError **error)
{
	FILE *file = card_file_new(path, error);
	if (!file)
		return NULL;
	struct card_recorder *r = g_new0(struct card_recorder, 1);
	r->path = g_strdup(path);
	r->file = file;
	return r;
}

const struct card_transport *card_recorder_wrap(
	struct card_recorder *recorder, const struct card_transport *inner)
{
	recorder->inner = inner;
	recorder->t = (struct card_transport){.self = recorder,
		.list = list,
		.wait = wait,
		.cancel = cancel,
		.connect = connect,
		.transmit = transmit,
		.escape = inner->escape ? escape : NULL,
		.disconnect = disconnect,
		.reopen = reopen};
	fputs("# Holds the bytes of one card: keep it as you would keep the card.\n"
	      "card recorded\n",
		recorder->file);
	return &recorder->t;
}

void card_recorder_result(struct card_recorder *recorder, enum card_err err)
{
	fprintf(recorder->file, "result %s\n", card_err_name(err));
}

gboolean card_recorder_close(struct card_recorder *recorder, GError **error)
{
	FILE *file = g_steal_pointer(&recorder->file);
	return card_file_close(file, recorder->path, error);
}

struct card_recorder *card_recorder_free(struct card_recorder *recorder)
{
	if (!recorder)
		return NULL;
	if (recorder->file)
		fclose(recorder->file);
	if (!recorder->inner)
		g_unlink(recorder->path);
	g_free(recorder->path);
	g_free(recorder);
	return NULL;
}
