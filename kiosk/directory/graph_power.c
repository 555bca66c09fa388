/* SPDX-License-Identifier: MIT
 *
 * graph_power.c - which permissions are more than a look-up needs; see graph.h.
 *
 * A permission is "Resource.Verb" or "Resource.Verb.Scope" (learn.microsoft.com/graph/
 * permissions-reference). Refused is every verb that does not begin with "Read" and all of
 * those that go on with "Write"; a verb of tomorrow is refused until it is known.
 */
#include "kiosk/directory/graph.h"

#include <string.h>

/* What directory and intake need, or may have. */
static const char *const allowed[] = {"User.Read.All", "User.ReadBasic.All",
	"ProfilePhoto.Read.All", "Lists.SelectedOperations.Selected", "Sites.Selected"};

/* Reading these is power enough: second factors, who holds which power, secrets. */
static const char *const refused_resources[] = {"UserAuthenticationMethod", "UserAuthMethod-",
	"RoleManagement", "RoleAssignmentSchedule", "RoleEligibilitySchedule", "PrivilegedAccess",
	"BitlockerKey", "DeviceLocalCredential"};

static gboolean begins(const char *text, const char *with)
{
	return g_ascii_strncasecmp(text, with, strlen(with)) == 0;
}

static gboolean is_allowed(const char *role)
{
	for (gsize i = 0; i < G_N_ELEMENTS(allowed); i++)
		if (g_ascii_strcasecmp(role, allowed[i]) == 0)
			return TRUE;
	return FALSE;
}

static gboolean only_reads(const char *role)
{
	const char *verb = strchr(role, '.');
	if (!verb || !begins(verb, ".Read") || begins(verb, ".ReadWrite"))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(refused_resources); i++)
		if (begins(role, refused_resources[i]))
			return FALSE;
	g_autofree char *lower = g_ascii_strdown(verb, -1);
	return !strstr(lower, "write") && !strstr(lower, "manage");
}

const char *graph_excess_role(const char *const *roles)
{
	for (; *roles; roles++)
		if (!is_allowed(*roles) && !only_reads(*roles))
			return *roles;
	return NULL;
}
