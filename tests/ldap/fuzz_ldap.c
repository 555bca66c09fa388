/* SPDX-License-Identifier: MIT
 *
 * fuzz_ldap.c - any bytes as what a server says to a search: through libldap into an entry
 * and a person. The first byte chooses the search and whether they come in two parts.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/directory/ldap_search.h"
#include "tests/visit/fuzz.h"

#define BYTES_MAX 65536 /* fits a socket's buffer */

static void require(gboolean ok)
{
	if (!ok)
		abort();
}

static void set_kind(struct map *map, const char *kind, const char *attribute, const char *prefix)
{
	struct map_kind row = {.suffix = "@example.ac.jp"};
	g_strlcpy(row.kind, kind, sizeof row.kind);
	g_strlcpy(row.attribute, attribute, sizeof row.attribute);
	g_strlcpy(row.prefix, prefix, sizeof row.prefix);
	if (!*prefix)
		row.suffix[0] = '\0';
	require(map_set_kind(map, &row));
}

static void check_person(const struct person *p)
{
	require(strspn(p->common_id, "0123456789") == PERSON_ID_SIZE - 1);
	require(g_utf8_validate(p->name_ja, -1, NULL) && g_utf8_validate(p->name_en, -1, NULL));
	require(p->n_cards <= PERSON_CARDS_MAX && p->n_roles <= PERSON_ROLES_MAX);
}

static void judge(struct ldap_search *search, struct ldap_wire *wire, const struct map *map)
{
	AUTO(entry) entry = NULL;
	struct person person = {{0}};
	GError *error = NULL;
	enum directory_answer known = ldap_search_judge(search, wire, &entry, &error);
	require((known == DIRECTORY_DOWN) == (error != NULL));
	require((known == DIRECTORY_ONE) == (entry != NULL));
	if (entry && map_person(map, entry, 20261122, &person, NULL))
		check_person(&person);
	person_wipe(&person);
	g_clear_error(&error);
}

/* FALSE: it is over, well or not. */
static gboolean take_all(struct ldap_search *search, struct ldap_wire *wire, const struct map *map)
{
	GError *error = NULL;
	LDAPMessage *message;
	while (!error && (message = ldap_wire_poll(wire, &error)) != NULL) {
		if (ldap_msgid(message) == search->id)
			ldap_search_take(search, wire, message, &error);
		ldap_msgfree(message);
		if (!error && ldap_search_is_over(search)) {
			judge(search, wire, map);
			return FALSE;
		}
	}
	gboolean more = error == NULL;
	require(more || error->domain == NET_ERROR);
	g_clear_error(&error);
	return more;
}

static void talk(const uint8_t *bytes, size_t len, uint8_t choice, const struct map *map)
{
	static char base[] = "ou=people";
	struct ldap_plan plan = {.base = base, .attributes = map_attributes(map)};
	struct ldap_search search = {0};
	size_t part = choice & 2 ? len / 2 : len;
	int ends[2];
	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	struct ldap_wire *wire = ldap_wire_plain(ends[0], NULL);
	require(wire != NULL);
	require(ldap_search_begin(
		&search, wire, &plan, choice & 1 ? NULL : "(uid=x)", G_USEC_PER_SEC, NULL));
	require(write(ends[1], bytes, part) == (ssize_t)part);
	gboolean more = take_all(&search, wire, map);
	if (more)
		require(write(ends[1], bytes + part, len - part) == (ssize_t)(len - part));
	shutdown(ends[1], SHUT_WR);
	/* Each look takes a message at least, and the last ones see the end. */
	for (size_t i = 0; i < len + 3 && more; i++)
		more = take_all(&search, wire, map);
	require(!more);
	ldap_search_clear(&search, wire);
	ldap_wire_close(wire);
	close(ends[1]);
	g_strfreev(plan.attributes);
}

/* libldap 2.5 never frees a request when an answer to it cannot be decoded, nor the OID of a
 * notice. To tell its leaks from ours the whole stack is needed, which its missing frame
 * pointers hide else; that we free every message the other tests see. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0:malloc_context_size=12";
}

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:ldap_send_server_request\nleak:ldap_build_search_req\n"
	       "leak:ldap_result\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct map map;
	if (size < 1 || size > BYTES_MAX)
		return 0;
	map_preset(&map, "gakunin");
	set_kind(&map, "common-id", "testCommonId", "");
	set_kind(&map, "student-number", "gakuninScopedPersonalUniqueCode", "student:");
	talk(data + 1, size - 1, data[0], &map);
	return 0;
}
