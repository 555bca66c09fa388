/* SPDX-License-Identifier: MIT
 *
 * status.c - madoguchictl status
 */
#include <string.h>

#include "kiosk/ctl/ctl.h"

/* Seconds since 1970 by their name; everything else as it comes. */
static char *text_of(const char *key, GVariant *value)
{
	if (g_variant_is_of_type(value, G_VARIANT_TYPE_STRING))
		return g_variant_dup_string(value, NULL);
	if (g_variant_is_of_type(value, G_VARIANT_TYPE_STRING_ARRAY)) {
		g_autofree const char **words = g_variant_get_strv(value, NULL);
		return g_strjoinv(", ", (char **)words);
	}
	if (g_variant_is_of_type(value, G_VARIANT_TYPE_INT64) &&
		(g_str_has_suffix(key, "-as-of") || g_str_has_suffix(key, "-since")))
		return g_variant_get_int64(value) > 0 ? ctl_time(g_variant_get_int64(value))
						      : g_strdup("-");
	return g_variant_print(value, FALSE);
}

static void print(GVariant *status)
{
	GVariantIter iter;
	const char *key;
	GVariant *value;
	g_variant_iter_init(&iter, status);
	while (g_variant_iter_loop(&iter, "{&sv}", &key, &value)) {
		g_autofree char *text = text_of(key, value);
		g_print("%s: %s\n", key, text);
	}
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) status = NULL;
	if (!ctl_parse(ctl, &verb_status, NULL, 0, 0, &argc, &argv))
		return CTL_USAGE;
	if (!ctl_load(ctl, &error) || !ctl_connect(ctl, &error))
		return ctl_fail(error);
	if (!ctl->service) {
		g_printerr("madoguchictl: the service is not running (%s)\n", ctl->config->socket);
		return CTL_FAILED;
	}
	if (!ctl_called(door_admin1_call_status_sync(ctl->service, &status, NULL, &error), &error))
		return ctl_fail(error);
	if (ctl->json)
		ctl_print_json(status);
	else
		print(status);
	return CTL_OK;
}

const struct verb verb_status = {
	"status", "[--json]", "Ask the running service how it is; no personal data", run};
