/* SPDX-License-Identifier: MIT
 *
 * tpm.c - see tpm.h.
 *
 * The TPM talks to one program at a time: what others make in it is made before the test
 * itself opens it, and without a resource manager what they loaded is flushed by hand.
 */
#include "tests/net/tpm.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "tests/net/pki.h"

#define PATIENCE_MS 10000
#define LOOK_MS     10
#define ATTRIBUTES  "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign|decrypt"

static char *path_in(const struct tpm *tpm, const char *name)
{
	return g_build_filename(tpm->folder, name, NULL);
}

gboolean tpm_run(const struct tpm *tpm, const char *line)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	gint status = -1;
	if (g_spawn_sync(tpm->folder, words, NULL,
		    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
		    NULL, NULL, NULL, NULL, &status, &error) &&
		g_spawn_check_wait_status(status, &error))
		return TRUE;
	fprintf(stderr, "tpm: %s: %s\n", words[0], error->message);
	return FALSE;
}

static gboolean is_installed(void)
{
	static const char *const tools[] = {"swtpm", "tpm2_create", "openssl"};
	for (gsize i = 0; i < G_N_ELEMENTS(tools); i++) {
		g_autofree char *path = g_find_program_in_path(tools[i]);
		if (!path)
			return FALSE;
	}
	return TRUE;
}

static gboolean on_look(gpointer data)
{
	return G_SOURCE_CONTINUE;
}

static gboolean wait_there(const char *path)
{
	gint64 deadline = g_get_monotonic_time() + PATIENCE_MS * 1000;
	guint look = g_timeout_add(LOOK_MS, on_look, NULL);
	while (!g_file_test(path, G_FILE_TEST_EXISTS) && g_get_monotonic_time() < deadline)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(look);
	return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* A test that aborts leaves no TPM behind. */
static void die_with_parent(gpointer data)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean switch_on(struct tpm *tpm)
{
	g_autofree char *socket = path_in(tpm, "socket");
	g_autofree char *state = g_strconcat("dir=", tpm->folder, NULL);
	g_autofree char *server = g_strconcat("type=unixio,path=", socket, NULL);
	g_autofree char *ctrl = g_strconcat("type=unixio,path=", socket, ".ctrl", NULL);
	g_autofree char *tcti = g_strconcat("swtpm:path=", socket, NULL);
	g_setenv("TPM2TOOLS_TCTI", tcti, TRUE);
	g_setenv("TPM2OPENSSL_TCTI", tcti, TRUE);
	g_setenv("TSS2_LOG", "all+NONE", FALSE);
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
		G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
	tpm->process = g_subprocess_launcher_spawn(launcher, NULL, "swtpm", "socket", "--tpm2",
		"--tpmstate", state, "--ctrl", ctrl, "--server", server, "--flags",
		"not-need-init,startup-clear", NULL);
	return tpm->process && wait_there(socket);
}

static gboolean configure(const struct tpm *tpm, const char *properties)
{
	g_autofree char *path = path_in(tpm, "openssl.cnf");
	static const char start[] = "openssl_conf = init\n[init]\nproviders = providers\n"
				    "[providers]\ndefault = on\ntpm2 = on\n[on]\nactivate = 1\n";
	g_autofree char *more = properties ? g_strconcat("[init]\nalg_section = asked\n[asked]\n"
							 "default_properties = ",
						     properties, "\n", NULL)
					   : NULL;
	g_autofree char *text = g_strconcat(start, more, NULL);
	g_setenv("OPENSSL_CONF", path, TRUE);
	return g_file_set_contents(path, text, -1, NULL);
}

static gboolean make_certificate(struct tpm *tpm)
{
	tpm->cert_file = path_in(tpm, "desk.pem");
	return tpm_run(tpm, "openssl req -propquery ?provider=tpm2 -x509 -new -key " TPM_HANDLE
			    " -subj /CN=desk -days 2 -out desk.pem");
}

static gboolean make_keys(struct tpm *tpm)
{
	tpm->key_file = path_in(tpm, "tss2.pem");
	g_autofree char *file = g_strconcat(
		"openssl genpkey -propquery ?provider=tpm2 -algorithm RSA -pkeyopt bits:2048 -out ",
		tpm->key_file, NULL);
	return tpm_run(tpm, "tpm2_createprimary -Q -C o -G ecc -c primary") &&
	       tpm_run(tpm, "tpm2_flushcontext -t") &&
	       tpm_run(tpm, "tpm2_create -Q -C primary -G rsa2048 -u public -r private "
			    "-a " ATTRIBUTES) &&
	       tpm_run(tpm, "tpm2_flushcontext -t") &&
	       tpm_run(tpm, "tpm2_load -Q -C primary -u public -r private -c key") &&
	       tpm_run(tpm, "tpm2_flushcontext -t") &&
	       tpm_run(tpm, "tpm2_evictcontrol -Q -C o -c key 0x81000001") &&
	       tpm_run(tpm, "tpm2_flushcontext -t") && tpm_run(tpm, file) &&
	       tpm_run(tpm, "tpm2_flushcontext -t");
}

struct tpm *tpm_start(const char *properties)
{
	if (!is_installed())
		return NULL;
	struct tpm *tpm = g_new0(struct tpm, 1);
	tpm->folder = pki_folder();
	if (switch_on(tpm) && configure(tpm, properties) && make_keys(tpm) && make_certificate(tpm))
		return tpm;
	return tpm_stop(tpm);
}

void tpm_kill(struct tpm *tpm)
{
	if (!tpm->process)
		return;
	g_subprocess_force_exit(tpm->process);
	g_subprocess_wait(tpm->process, NULL, NULL);
	g_clear_object(&tpm->process);
}

struct tpm *tpm_stop(struct tpm *tpm)
{
	if (!tpm)
		return NULL;
	tpm_kill(tpm);
	pki_folder_remove(tpm->folder);
	g_free(tpm->folder);
	g_free(tpm->key_file);
	g_free(tpm->cert_file);
	g_free(tpm);
	return NULL;
}
