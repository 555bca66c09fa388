/* SPDX-License-Identifier: MIT
 *
 * clerk_add.c - madoguchictl clerk add
 *
 * The PIN comes from the terminal or standard input, never from an argument:
 * arguments can be read by everybody on the machine.
 */
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "kiosk/ctl/ctl.h"
#include "kiosk/record/clerks.h"

#define PIN_SIZE (CLERK_PIN_MAX + 1)

struct options {
	char *common_id, *label, *unit, *card;
};

/* One line without its end; byte by byte, so that what follows stays for the next
 * reader. FALSE: longer than any PIN, or nothing came. */
static gboolean read_line(char ret[PIN_SIZE])
{
	gsize len = 0;
	char c = '\0';
	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
		if (len == PIN_SIZE - 1)
			return FALSE;
		ret[len++] = c;
	}
	if (len > 0 && ret[len - 1] == '\r')
		len--;
	ret[len] = '\0';
	return len > 0;
}

static gboolean prompt(const char *what, char ret[PIN_SIZE])
{
	struct termios before, silent;
	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return FALSE;
	silent = before;
	/* Ctrl-C would leave a terminal that shows nothing: it is a wrong digit instead. */
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	g_printerr("%s: ", what);
	gboolean ok = read_line(ret);
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	g_printerr("\n");
	return ok;
}

static const char *ask_pin(char ret[PIN_SIZE])
{
	char again[PIN_SIZE];
	if (!isatty(STDIN_FILENO))
		return read_line(ret) ? NULL : "expected the PIN on standard input";
	gboolean ok = prompt("PIN", ret) && prompt("PIN again", again) && strcmp(ret, again) == 0;
	explicit_bzero(again, sizeof again);
	return ok ? NULL : "the two PINs are not the same";
}

static const char *check_pin(const char *pin)
{
	gsize n = strlen(pin);
	return n >= CLERK_PIN_MIN && n <= CLERK_PIN_MAX && strspn(pin, "0123456789") == n
		       ? NULL
		       : "a PIN has 6 to 32 digits";
}

/* What the service would refuse is said before anybody types a PIN. */
static const char *check(const struct options *o, struct clerk *ret, char **ret_number)
{
	if (!o->common_id || !o->label || !o->unit || !o->card)
		return "--id, --label, --unit and --card are needed";
	if (strlen(o->common_id) != CLERK_ID_SIZE - 1 ||
		strspn(o->common_id, "0123456789") != CLERK_ID_SIZE - 1)
		return "--id is a common id of 10 digits";
	if (!g_utf8_validate(o->label, -1, NULL) || o->label[0] == '\0' ||
		strlen(o->label) >= CLERK_LABEL_SIZE)
		return "--label is a text of at most 63 bytes";
	if (o->unit[0] == '\0' || strlen(o->unit) >= CLERK_UNIT_SIZE)
		return "--unit is an office code";
	char *colon = strchr(o->card, ':');
	if (!colon || colon == o->card || colon[1] == '\0')
		return "--card is KIND:NUMBER, for example staff-number:0090001";
	*colon = '\0';
	*ret_number = colon + 1;
	g_strlcpy(ret->common_id, o->common_id, sizeof ret->common_id);
	g_strlcpy(ret->label, o->label, sizeof ret->label);
	g_strlcpy(ret->unit, o->unit, sizeof ret->unit);
	return NULL;
}

static gboolean check_unit(const struct ctl *ctl, const char *unit, GError **error)
{
	if (office_find(&ctl->config->offices, unit))
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		"the office file has no office \"%s\"", unit);
	return FALSE;
}

static gboolean add(struct ctl *ctl, const struct clerk *clerk, const char *kind,
	const char *number, const char *pin, GError **error)
{
	if (!ctl_open_record(ctl, error) || !check_unit(ctl, clerk->unit, error))
		return FALSE;
	if (ctl->service)
		return ctl_called(
			door_admin1_call_clerk_add_sync(ctl->service, clerk->common_id,
				clerk->label, clerk->unit, kind, number, pin, NULL, error),
			error);
	return clerks_add(ctl->store, clerk, kind, number, pin, error);
}

static int add_clerk(struct ctl *ctl, const struct options *o)
{
	g_autoptr(GError) error = NULL;
	struct clerk clerk = {0};
	char pin[PIN_SIZE], *number = NULL;
	const char *why = check(o, &clerk, &number);
	if (!why)
		why = ask_pin(pin);
	if (!why)
		why = check_pin(pin);
	int status = CTL_OK;
	if (why)
		status = ctl_misused(&verb_clerk_add, why);
	else if (!add(ctl, &clerk, o->card, number, pin, &error))
		status = ctl_fail(error);
	explicit_bzero(pin, sizeof pin);
	clerk_wipe(&clerk);
	return status;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	struct options o = {0};
	const GOptionEntry entries[] = {
		{"id", 0, 0, G_OPTION_ARG_STRING, &o.common_id, "Common id of the clerk",
			"COMMONID"},
		{"label", 0, 0, G_OPTION_ARG_STRING, &o.label, "What the desk shows", "TEXT"},
		{"unit", 0, 0, G_OPTION_ARG_STRING, &o.unit, "Office of the clerk", "CODE"},
		{"card", 0, 0, G_OPTION_ARG_STRING, &o.card, "The clerk's own card", "KIND:NUMBER"},
		{0},
	};
	int status = CTL_USAGE;
	if (ctl_parse(ctl, &verb_clerk_add, entries, 0, 0, &argc, &argv))
		status = add_clerk(ctl, &o);
	g_free(o.common_id);
	g_free(o.label);
	g_free(o.unit);
	g_free(o.card);
	return status;
}

const struct verb verb_clerk_add = {"clerk add",
	"--id COMMONID --label TEXT --unit CODE --card KIND:NUMBER",
	"Add or replace a clerk; the PIN is asked for, or read from standard input", run};
