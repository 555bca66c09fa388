/* SPDX-License-Identifier: MIT */
#include "tests/counter/rig_hand.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/counter/rig_private.h"
#include "tests/visits/wait.h"

struct rig_hold {
	struct field *field;
	GMutex lock;
	GCond gone;
	gboolean held;
};

struct field *rig_field(struct rig *rig, unsigned n)
{
	return rig->fields[n];
}

GDBusConnection *rig_door(struct rig *rig)
{
	return rig->door;
}

struct vcard *rig_card(const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir =
		g_build_filename(g_getenv("SOURCE_ROOT"), "tests/virtual/cards", NULL);
	struct vcard *card = vcard_find(dir, name, &error);
	if (!card)
		fprintf(stderr, "rig: %s\n", error->message);
	return card;
}

void rig_take_at(struct rig *rig, unsigned n)
{
	field_remove(rig->fields[n]);
}

/* In the field's thread: as long as this does not return, nothing is answered. */
static void on_field_changed(void *data)
{
	struct rig_hold *hold = data;
	if (field_state(hold->field) != FIELD_ON)
		return;
	g_mutex_lock(&hold->lock);
	while (hold->held)
		g_cond_wait(&hold->gone, &hold->lock);
	g_mutex_unlock(&hold->lock);
}

struct rig_hold *rig_hold(struct rig *rig, unsigned n)
{
	struct rig_hold *hold = g_new0(struct rig_hold, 1);
	hold->field = rig->fields[n];
	hold->held = TRUE;
	g_mutex_init(&hold->lock);
	g_cond_init(&hold->gone);
	field_on_change(hold->field, on_field_changed, hold);
	return hold;
}

void rig_let_go(struct rig_hold *hold)
{
	g_mutex_lock(&hold->lock);
	hold->held = FALSE;
	g_cond_signal(&hold->gone);
	g_mutex_unlock(&hold->lock);
}

struct rig_hold *rig_hold_free(struct rig_hold *hold)
{
	rig_let_go(hold);
	field_on_change(hold->field, NULL, NULL);
	field_remove(hold->field); /* its thread has left on_field_changed() */
	g_mutex_clear(&hold->lock);
	g_cond_clear(&hold->gone);
	g_free(hold);
	return NULL;
}

GDBusConnection *rig_peer(struct rig *rig)
{
	g_autofree char *address = g_strdup_printf("unix:path=%s/counter.sock", rig->folder);
	return g_dbus_connection_new_for_address_sync(
		address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, NULL);
}

void rig_freeze_pcscd(struct rig *rig, gboolean frozen)
{
	kill(-rig->pcscd.pid, frozen ? SIGSTOP : SIGCONT);
}

static gboolean has_ended(gpointer data)
{
	struct rig *rig = data;
	return !proc_running(&rig->service);
}

int rig_wait_end(struct rig *rig, unsigned ms)
{
	return wait_until(has_ended, rig, ms) ? rig->service.status : -1;
}

unsigned rig_log_count(const struct rig *rig, const char *part)
{
	g_autofree char *log = NULL;
	unsigned n = 0;
	if (!g_file_get_contents(rig->log, &log, NULL, NULL))
		return 0;
	for (const char *at = log; (at = strstr(at, part)); at += strlen(part))
		n++;
	return n;
}

struct logged {
	const struct rig *rig;
	const char *part;
	unsigned n;
};

static gboolean is_logged(gpointer data)
{
	const struct logged *wanted = data;
	return rig_log_count(wanted->rig, wanted->part) >= wanted->n;
}

gboolean rig_wait_log(struct rig *rig, const char *part, unsigned n)
{
	struct logged wanted = {rig, part, n};
	if (wait_until(is_logged, &wanted, (guint)rig->wait_ms))
		return TRUE;
	fprintf(stderr, "rig: waited for %u times \"%s\" in the log\n", n, part);
	return FALSE;
}

static gboolean has_passed(gpointer data)
{
	return g_get_monotonic_time() >= *(gint64 *)data;
}

void rig_pass(unsigned ms)
{
	gint64 until = g_get_monotonic_time() + ms * G_TIME_SPAN_MILLISECOND;
	wait_until(has_passed, &until, ms + 1000);
}
