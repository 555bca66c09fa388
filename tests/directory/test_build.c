/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/build.h"

#include "kiosk/record/keyring.h"
#include "tests/visit/folder.h"

#define LDAP                                                                                       \
	"[ldap]\nhost=127.0.0.1\nport=9\nbase=dc=example\nbind-dn=cn=kiosk\npassword-file="        \
	"secret\n"                                                                                 \
	"common-id=uid\n"
#define GRAPH                                                                                      \
	"[graph]\ntoken-url=https://127.0.0.1:9/token\nbase=https://127.0.0.1:9/v1.0\n"            \
	"client-id=c\ncert-file=c.pem\nkey=k.pem\n"

/* A desk with this configuration, in a folder of its own. */
struct desk {
	char *dir;
	struct config *config;
	struct keyring *keys;
	struct directory *directory;
	char *fault; /* "" where there is a directory */
};

static void desk_open(struct desk *d, const char *text)
{
	g_autoptr(GError) error = NULL;
	d->dir = folder_new();
	g_autofree char *path = folder_write(d->dir, "desk.conf", text);
	g_autofree char *secret = folder_write(d->dir, "secret", "p4ssw0rd\n");
	g_chmod(secret, 0600);
	d->config = config_load(path, d->dir, &error);
	if (!d->config)
		fprintf(stderr, "%s\n", error->message);
	CHECK(d->config != NULL);
	CHECK(d->config && keyring_create(d->config->key_file, NULL));
	d->keys = d->config ? keyring_open(d->config->key_file, NULL) : NULL;
	CHECK(d->keys != NULL);
	d->directory = d->keys ? directory_build(d->config, d->keys, &error) : NULL;
	CHECK((d->directory == NULL) == (error != NULL));
	d->fault = g_strdup(error ? error->message : "");
}

static void desk_close(struct desk *d)
{
	directory_free(d->directory);
	keyring_free(d->keys);
	config_free(d->config);
	g_free(d->fault);
	folder_free(d->dir);
}

static void the_default_desk_has_its_snapshot(void)
{
	g_autoptr(GError) error = NULL;
	struct desk d;
	desk_open(&d, "");
	CHECK(d.directory != NULL);
	CHECK(!directory_ready(d.directory, &error));
	CHECK(error && g_str_has_prefix(error->message, "snapshot: "));
	desk_close(&d);
}

static void every_source_can_be_one_of_several(void)
{
	struct desk d;
	desk_open(&d, "[directory]\nsources=snapshot;ldap\nlookup-ms=9000\n" LDAP);
	CHECK_STR(d.fault, "");
	CHECK(d.directory != NULL);
	desk_close(&d);
}

static void a_source_that_cannot_be_set_up_is_named(void)
{
	static const struct {
		const char *text, *fault;
	} bad[] = {
		{"[directory]\nsources=ldap\n" LDAP "ca-file=nowhere.pem\n", "ldap: "},
		{"[directory]\nsources=snapshot;graph\nlookup-ms=9000\n" GRAPH, "graph: "},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct desk d;
		desk_open(&d, bad[i].text);
		CHECK(d.directory == NULL);
		if (!g_str_has_prefix(d.fault, bad[i].fault))
			fprintf(stderr, "%s\n", d.fault);
		CHECK(g_str_has_prefix(d.fault, bad[i].fault));
		CHECK(strstr(d.fault, "p4ssw0rd") == NULL);
		desk_close(&d);
	}
}

static void one_source_can_be_had_alone(void)
{
	g_autoptr(GError) error = NULL;
	struct desk d;
	desk_open(&d, "[directory]\nsources=snapshot;ldap\nlookup-ms=9000\n" LDAP);
	struct directory *ldap = directory_build_one(d.config, d.keys, DIRECTORIES_LDAP, &error);
	CHECK(ldap != NULL && error == NULL);
	CHECK_STR(ldap ? ldap->ops->name : "", directories_word(DIRECTORIES_LDAP));
	directory_free(ldap);
	CHECK(directory_build_one(d.config, d.keys, DIRECTORIES_GRAPH, &error) == NULL);
	CHECK_STR(error ? error->message : "", "graph: not one of the sources this desk asks");
	desk_close(&d);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"the default desk has its snapshot", the_default_desk_has_its_snapshot},
		{"every source can be one of several", every_source_can_be_one_of_several},
		{"a source that cannot be set up is named",
			a_source_that_cannot_be_set_up_is_named},
		{"one source can be had alone", one_source_can_be_had_alone},
	};
	return CHECK_MAIN("build", cases);
}
