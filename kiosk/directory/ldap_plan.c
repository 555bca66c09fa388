/* SPDX-License-Identifier: MIT */
#include "kiosk/directory/ldap_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORT_LDAP  389
#define PORT_LDAPS 636

static gboolean fail(GError **error, const char *what, const char *path)
{
	g_set_error(error, NET_ERROR, NET_ERROR_CREDENTIAL, "%s%s%s", path ? path : "",
		path ? ": " : "", what);
	return FALSE;
}

static gboolean empty(const char *text)
{
	return !text || *text == '\0';
}

/* systemd owns the mode and owner of a credential; a file of our own must be ours alone. */
static gboolean is_credential(const char *path)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	gsize len = folder ? strlen(folder) : 0;
	return len > 0 && strncmp(path, folder, len) == 0 && path[len] == '/' &&
	       strstr(path + len, "/../") == NULL;
}

static gboolean check_mode(int fd, const char *path, GError **error)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fail(error, "not a plain file", path);
	if (!is_credential(path) && (st.st_uid != geteuid() || (st.st_mode & 077) != 0))
		return fail(error, "must belong to the service's user, mode 0600", path);
	return st.st_size < LDAP_PASSWORD_SIZE || fail(error, "too long for a password", path);
}

static gboolean read_line(int fd, const char *path, char *buf, GError **error)
{
	gsize len = 0;
	ssize_t n = 1;
	while (n != 0 && len < LDAP_PASSWORD_SIZE) {
		n = read(fd, buf + len, LDAP_PASSWORD_SIZE - len);
		if (n < 0 && errno != EINTR)
			return fail(error, g_strerror(errno), path);
		len += n > 0 ? (gsize)n : 0;
	}
	if (len == LDAP_PASSWORD_SIZE)
		return fail(error, "too long for a password", path);
	if (len > 0 && buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
	if (len == 0)
		return fail(error, "an empty password is no password", path);
	return strlen(buf) == len || fail(error, "not a password: it holds a NUL", path);
}

gboolean ldap_plan_password(
	const struct ldap_plan *plan, char ret[LDAP_PASSWORD_SIZE], GError **error)
{
	char buf[LDAP_PASSWORD_SIZE] = "";
	const char *path = plan->password_file;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fail(error, g_strerror(errno), path);
	gboolean ok = check_mode(fd, path, error) && read_line(fd, path, buf, error);
	close(fd);
	if (ok)
		memcpy(ret, buf, sizeof buf);
	OPENSSL_cleanse(buf, sizeof buf);
	return ok;
}

/* What the configuration says must be enough to ask with, and our credentials usable. */
static gboolean check(const struct ldap_plan *plan, GError **error)
{
	char password[LDAP_PASSWORD_SIZE];
	if (empty(plan->host) || empty(plan->base))
		return fail(error, "a host and a base are needed", NULL);
	if (plan->bind == LDAP_SOURCE_EXTERNAL && empty(plan->rules.cert_file))
		return fail(error, "a bind by certificate needs one", NULL);
	if (plan->bind == LDAP_SOURCE_SIMPLE &&
		(empty(plan->bind_dn) || empty(plan->password_file)))
		return fail(error, "a simple bind needs a name and a password file", NULL);
	if (plan->bind == LDAP_SOURCE_SIMPLE && !ldap_plan_password(plan, password, error))
		return FALSE;
	OPENSSL_cleanse(password, sizeof password);
	SSL_CTX *context = tls_context_new(&plan->rules, error);
	SSL_CTX_free(context);
	return context != NULL;
}

static guint16 port_of(const struct ldap_source_settings *s)
{
	if (s->port != 0)
		return s->port;
	return s->tls == LDAP_SOURCE_LDAPS ? PORT_LDAPS : PORT_LDAP;
}

struct ldap_plan *ldap_plan_new(const struct ldap_source_settings *s, GError **error)
{
	struct ldap_plan *plan = g_atomic_rc_box_new0(struct ldap_plan);
	plan->host = g_strdup(s->host);
	plan->port = port_of(s);
	plan->tls = s->tls;
	plan->bind = s->bind;
	plan->bind_dn = g_strdup(s->bind_dn);
	plan->password_file = g_strdup(s->password_file);
	plan->base = g_strdup(s->base);
	plan->filter = empty(s->filter) ? NULL : g_strdup(s->filter);
	plan->rules.ca_file = g_strdup(s->rules.ca_file);
	plan->rules.crl_file = g_strdup(s->rules.crl_file);
	plan->rules.cert_file = g_strdup(s->rules.cert_file);
	plan->rules.key = g_strdup(s->rules.key);
	plan->attributes = map_attributes(&s->map);
	return check(plan, error) ? plan : ldap_plan_free(plan);
}

struct ldap_plan *ldap_plan_ref(struct ldap_plan *plan)
{
	return g_atomic_rc_box_acquire(plan);
}

static void clear(gpointer data)
{
	struct ldap_plan *plan = data;
	g_free(plan->host);
	g_free(plan->bind_dn);
	g_free(plan->password_file);
	g_free(plan->base);
	g_free(plan->filter);
	g_free((char *)plan->rules.ca_file);
	g_free((char *)plan->rules.crl_file);
	g_free((char *)plan->rules.cert_file);
	g_free((char *)plan->rules.key);
	g_strfreev(plan->attributes);
}

struct ldap_plan *ldap_plan_free(struct ldap_plan *plan)
{
	if (plan)
		g_atomic_rc_box_release_full(plan, clear);
	return NULL;
}
