/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/directory/snapshot.h"
#include "kiosk/record/clerks.h"
#include "tests/check.h"
#include "tests/counter/rig_private.h"
#include "tests/visits/wait.h"

static const char *const reader_names[RIG_READERS_MAX] = {
	"SONY FeliCa RC-S300/P (0000001)",
	"SONY FeliCa RC-S300/P (0000002)",
};
static const char *const reader_pcsc_names[RIG_READERS_MAX] = {
	"SONY FeliCa RC-S300/P (0000001) 00 00",
	"SONY FeliCa RC-S300/P (0000002) 01 00",
};

/* The sample clerks of tests/virtual/cards. */
static const struct {
	struct clerk clerk;
	const char *number, *pin;
} sample_clerks[] = {
	{{.common_id = "5772156649", .label = "\xe7\xaa\x93\xe5\x8f\xa3 A", .unit = "eng"},
		"0090001", "246810"},
	{{.common_id = "6931471805", .label = "\xe7\xaa\x93\xe5\x8f\xa3 B", .unit = "sci"},
		"0090002", "135790"},
};

static char *path_in(const struct rig *rig, const char *name)
{
	return g_build_filename(rig->folder, name, NULL);
}

static gboolean add_clerks(struct store *store, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(sample_clerks); i++)
		if (!clerks_add(store, &sample_clerks[i].clerk, "staff-number",
			    sample_clerks[i].number, sample_clerks[i].pin, error))
			return FALSE;
	return TRUE;
}

/* Key, directory and clerks, as an administrator makes them before the first start. */
static gboolean furnish(struct rig *rig, GError **error)
{
	g_autofree char *key = path_in(rig, "master.key");
	g_autofree char *snapshot = path_in(rig, "directory.db");
	g_autofree char *people =
		g_build_filename(g_getenv("SOURCE_ROOT"), "assets/samples/directory.csv", NULL);
	if (!keyring_create(key, error))
		return FALSE;
	AUTO(keyring) keys = keyring_open(key, error);
	if (!keys || !snapshot_import(people, snapshot, keys, g_get_real_time() / G_USEC_PER_SEC,
			     NULL, error))
		return FALSE;
	AUTO(store) store = store_open(rig->folder, keys, error);
	return store && add_clerks(store, error);
}

static char *socket_of(const struct rig *rig, unsigned n)
{
	return g_strdup_printf("%s/reader%u", rig->sockets, n);
}

static gboolean pcscd_answers(gpointer data)
{
	const struct rig *rig = data;
	g_autofree char *comm = g_build_filename(rig->sockets, "pcscd.comm", NULL);
	gboolean there = g_file_test(comm, G_FILE_TEST_EXISTS);
	for (unsigned n = 0; there && n < rig->n_readers; n++) {
		g_autofree char *socket = socket_of(rig, n);
		g_autofree char *unplugged = g_strconcat(socket, ".unplugged", NULL);
		there = g_file_test(socket, G_FILE_TEST_EXISTS) ||
			g_file_test(unplugged, G_FILE_TEST_EXISTS);
	}
	return there;
}

gboolean rig_start_pcscd(struct rig *rig)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *log = path_in(rig, "pcscd.log");
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(argv, g_strdup(g_getenv("PCSCD_PRIVATE")));
	g_ptr_array_add(argv, g_strdup(rig->sockets));
	g_ptr_array_add(argv, g_strdup(g_getenv("IFD")));
	for (unsigned n = 0; n < rig->n_readers; n++)
		g_ptr_array_add(argv, g_strdup_printf("%s:%s:%s/reader%u", rig->kind,
					      reader_names[n], rig->sockets, n));
	g_ptr_array_add(argv, NULL);
	if (!proc_start(&rig->pcscd, (const char *const *)argv->pdata, NULL, log, &error)) {
		fprintf(stderr, "rig: pcscd: %s\n", error->message);
		return FALSE;
	}
	return wait_until(pcscd_answers, rig, (guint)rig->wait_ms);
}

void rig_kill_pcscd(struct rig *rig)
{
	proc_end(&rig->pcscd, SIGTERM, (guint)rig->wait_ms);
}

void rig_crash_pcscd(struct rig *rig)
{
	proc_end(&rig->pcscd, SIGKILL, (guint)rig->wait_ms);
}

gboolean rig_unplug(struct rig *rig)
{
	return field_unplug(rig->fields[0], (unsigned)rig->wait_ms);
}

gboolean rig_plug(struct rig *rig)
{
	field_plug(rig->fields[0]);
	return TRUE;
}

static gboolean door_opens(gpointer data)
{
	struct rig *rig = data;
	g_autofree char *address = g_strdup_printf("unix:path=%s/counter.sock", rig->folder);
	rig->door = g_dbus_connection_new_for_address_sync(
		address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, NULL);
	if (!rig->door)
		return FALSE;
	g_dbus_connection_set_exit_on_close(rig->door, FALSE);
	return TRUE;
}

gboolean rig_start_service(struct rig *rig)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	for (const char *const *word = rig->wrapper; word && *word; word++)
		g_ptr_array_add(argv, (char *)*word);
	g_ptr_array_add(argv, (char *)g_getenv("MADOGUCHID"));
	g_ptr_array_add(argv, (char *)"--data");
	g_ptr_array_add(argv, rig->folder);
	if (rig->config) {
		g_ptr_array_add(argv, (char *)"--config");
		g_ptr_array_add(argv, rig->config);
	}
	g_ptr_array_add(argv, NULL);
	g_clear_object(&rig->door);
	if (!proc_start(&rig->service, (const char *const *)argv->pdata, NULL, rig->log, &error)) {
		fprintf(stderr, "rig: service: %s\n", error->message);
		return FALSE;
	}
	return wait_until(door_opens, rig, (guint)rig->wait_ms);
}

void rig_kill_service(struct rig *rig)
{
	proc_end(&rig->service, SIGKILL, (guint)rig->wait_ms);
	g_clear_object(&rig->door);
}

int rig_stop_service(struct rig *rig)
{
	gboolean ended = proc_end(&rig->service, SIGTERM, (guint)rig->wait_ms);
	g_clear_object(&rig->door);
	return ended ? 0 : -1;
}

const char *rig_impossible(void)
{
	return geteuid() == 0 ? NULL
			      : "a private pcscd needs a mount namespace, and this is not root";
}

static gboolean open_fields(struct rig *rig)
{
	enum reader_kind kind;
	if (!reader_kind_parse(rig->kind, &kind))
		return FALSE;
	for (unsigned n = 0; n < rig->n_readers; n++) {
		g_autofree char *socket = socket_of(rig, n);
		rig->fields[n] = field_new(socket, kind);
		if (!rig->fields[n])
			return FALSE;
	}
	return TRUE;
}

static gboolean start(struct rig *rig, const struct rig_options *options)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *comm = g_build_filename(rig->sockets, "pcscd.comm", NULL);
	if (!furnish(rig, &error)) {
		fprintf(stderr, "rig: %s\n", error->message);
		return FALSE;
	}
	if (options && options->config) {
		rig->config = path_in(rig, "rig.conf");
		g_file_set_contents(rig->config, options->config, -1, NULL);
	}
	if (options && options->spoil)
		options->spoil(rig->folder);
	g_setenv("PCSCLITE_CSOCK_NAME", comm, TRUE);
	return rig_start_pcscd(rig) && open_fields(rig) && rig_start_service(rig);
}

static void print_log(const struct rig *rig)
{
	g_autofree char *log = NULL;
	if (g_file_get_contents(rig->log, &log, NULL, NULL))
		fprintf(stderr, "%s\n", log);
}

struct rig *rig_new_any(const char *name, const struct rig_options *options)
{
	static const struct rig_options none;
	const struct rig_options *o = options ? options : &none;
	struct rig *rig = g_new0(struct rig, 1);
	g_setenv("G_DEBUG", "fatal-criticals", FALSE); /* of the service too */
	g_autofree char *template = g_strdup_printf("rig-%s-XXXXXX", name);
	rig->wait_ms = o->wait_ms ? o->wait_ms : RIG_WAIT_MS;
	rig->wrapper = o->wrapper;
	rig->kind = o->kind ? o->kind : "session";
	rig->n_readers = o->readers ? MIN(o->readers, RIG_READERS_MAX) : 1;
	rig->folder = g_dir_make_tmp(template, NULL);
	rig->sockets = g_build_filename(rig->folder, "pcscd", NULL);
	rig->log = path_in(rig, "service.log");
	g_mkdir(rig->sockets, 0700);
	if (start(rig, options))
		return rig;
	print_log(rig);
	return rig_free(rig);
}

struct rig *rig_new(const char *name, const struct rig_options *options)
{
	struct rig *rig = rig_new_any(name, options);
	if (!rig)
		return NULL;
	if (rig_wait(rig, "state", "off-duty") && rig_sign_in(rig, "clerk-a", "246810"))
		return rig;
	print_log(rig);
	return rig_free(rig);
}

const char *rig_reader(const struct rig *rig, unsigned n)
{
	return n < rig->n_readers ? reader_pcsc_names[n] : NULL;
}

void rig_lay_at(struct rig *rig, unsigned n, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir =
		g_build_filename(g_getenv("SOURCE_ROOT"), "tests/virtual/cards", NULL);
	struct vcard *card = vcard_find(dir, name, &error);
	if (!card) {
		fprintf(stderr, "rig: %s\n", error->message);
		return;
	}
	field_insert(rig->fields[n], card);
	vcard_free(card);
	if (!field_wait(rig->fields[n], FIELD_ON, (unsigned)rig->wait_ms))
		fprintf(stderr, "rig: the card %s does not lie\n", name);
}

void rig_lay(struct rig *rig, const char *name)
{
	rig_lay_at(rig, 0, name);
}

void rig_take(struct rig *rig)
{
	for (unsigned n = 0; n < rig->n_readers; n++)
		field_remove(rig->fields[n]);
}

/* Whatever the test looked at: the service itself must have found nothing wrong with
 * itself. Sanitizers speak at the end of the process. */
static void check_log(const struct rig *rig)
{
	static const char *const bad[] = {"CRITICAL", "Sanitizer", "runtime error:"};
	g_autofree char *log = NULL;
	if (!g_file_get_contents(rig->log, &log, NULL, NULL))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		const char *at = strstr(log, bad[i]);
		if (at)
			fprintf(stderr, "the service's log: %.2000s\n", at);
		CHECK(at == NULL);
	}
}

struct rig *rig_free(struct rig *rig)
{
	g_autofree char *remove = NULL;
	if (!rig)
		return NULL;
	CHECK_INT(rig_stop_service(rig), 0);
	check_log(rig);
	for (unsigned n = 0; n < rig->n_readers; n++)
		field_free(rig->fields[n]);
	rig_kill_pcscd(rig);
	remove = g_strdup_printf("rm -rf '%s'", rig->folder);
	g_spawn_command_line_sync(remove, NULL, NULL, NULL, NULL);
	g_free(rig->refusal);
	g_free(rig->folder);
	g_free(rig->sockets);
	g_free(rig->log);
	g_free(rig->config);
	g_free(rig);
	return NULL;
}
