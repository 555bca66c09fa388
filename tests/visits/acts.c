/* SPDX-License-Identifier: MIT */
#include "tests/visits/acts.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "tests/visits/expect.h"
#include "tests/visits/screens.h"
#include "tests/visits/wait.h"

#define KILL_MS            2000
#define SCRIPT_READERS_MAX 2
#define SCRIPT_LAYOUTS_MAX 4

typedef gboolean (*act)(struct play *p, char **args, GError **error);

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean fail(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", text);
	return FALSE;
}

/* --- hands --- */

static gboolean is_usable(gpointer data)
{
	return screens_usable(data);
}

static gboolean press(struct play *p, const char *id, GError **error)
{
	if (!wait_until(is_usable, (gpointer)id, PLAY_WAIT_MS))
		return fail(error, "%s cannot be pressed", id);
	report_cause(p->report);
	return screens_click(id) || fail(error, "%s does not answer", id);
}

static gboolean enter(struct play *p, const char *id, const char *text, GError **error)
{
	if (!wait_until(is_usable, (gpointer)id, PLAY_WAIT_MS))
		return fail(error, "nothing can be typed into %s", id);
	return screens_type(id, text) || fail(error, "%s takes no text", id);
}

static gboolean act_click(struct play *p, char **args, GError **error)
{
	return press(p, args[0], error);
}

static gboolean act_type(struct play *p, char **args, GError **error)
{
	return enter(p, args[0], args[1], error);
}

static gboolean act_focus(struct play *p, char **args, GError **error)
{
	return (wait_until(is_usable, args[0], PLAY_WAIT_MS) && screens_focus(args[0])) ||
	       fail(error, "%s does not take the focus", args[0]);
}

static gboolean act_key(struct play *p, char **args, GError **error)
{
	report_cause(p->report);
	return screens_key(args[0]) || fail(error, "no key %s", args[0]);
}

static gboolean act_choose(struct play *p, char **args, GError **error)
{
	return (wait_until(is_usable, args[0], PLAY_WAIT_MS) && screens_choose(args[0], args[1])) ||
	       fail(error, "%s has no choice %s", args[0], args[1]);
}

/* --- cards --- */

static gboolean act_tap(struct play *p, char **args, GError **error)
{
	report_cause(p->report);
	return cards_lay(p->cards, 0, args[0], error);
}

static gboolean act_remove(struct play *p, char **args, GError **error)
{
	report_cause(p->report);
	cards_take(p->cards, 0);
	return TRUE;
}

/* "1" is the reader of `tap`. */
static gboolean find_reader(struct play *p, const char *word, guint *ret, GError **error)
{
	guint64 number = g_ascii_strtoull(word, NULL, 10);
	if (number < 1 || number > cards_readers(p->cards))
		return fail(error, "there is no reader %s", word);
	*ret = (guint)number - 1;
	return TRUE;
}

static gboolean act_tap_at(struct play *p, char **args, GError **error)
{
	guint reader = 0;
	report_cause(p->report);
	return find_reader(p, args[0], &reader, error) &&
	       cards_lay(p->cards, reader, args[1], error);
}

static gboolean act_remove_at(struct play *p, char **args, GError **error)
{
	guint reader = 0;
	report_cause(p->report);
	if (!find_reader(p, args[0], &reader, error))
		return FALSE;
	cards_take(p->cards, reader);
	return TRUE;
}

/* --- what people do --- */

struct pin {
	const char *clerk, *pin;
};

static const char *pin_of(const char *clerk)
{
	static const struct pin pins[] = {{"clerk-a", "246810"}, {"clerk-b", "135790"}};
	for (gsize i = 0; i < G_N_ELEMENTS(pins); i++)
		if (g_str_equal(pins[i].clerk, clerk))
			return pins[i].pin;
	return "000000";
}

static gboolean enter_pin(struct play *p, const char *clerk, GError **error)
{
	return enter(p, "desk-pin", pin_of(clerk), error) && press(p, "desk-sign-in", error);
}

static gboolean act_sign_in(struct play *p, char **args, GError **error)
{
	return act_tap(p, args, error) && expect(p, "state", "sign-in", error) &&
	       play_picture(p, error) && enter_pin(p, args[0], error) &&
	       expect(p, "state", "take-card", error) && act_remove(p, args, error) &&
	       expect(p, "state", "welcome", error);
}

/* The second clerk takes the place at the desk for one decision. */
static gboolean act_second(struct play *p, char **args, GError **error)
{
	return press(p, "desk-second", error) && expect(p, "state", "second", error) &&
	       play_picture(p, error) && act_remove(p, args, error) && act_tap(p, args, error) &&
	       expect(p, "state", "second-pin", error) && play_picture(p, error) &&
	       enter_pin(p, args[0], error);
}

static gboolean act_answer(struct play *p, char **args, GError **error)
{
	g_autofree char *id =
		g_strdup_printf("%s-answer-%s-%s", args[2] ? args[2] : "holder", args[0], args[1]);
	return press(p, id, error);
}

static gboolean act_reason(struct play *p, char **args, GError **error)
{
	g_autofree char *id = g_strdup_printf("desk-reason-%s", args[0]);
	return press(p, id, error) && expect(p, "reason", args[0], error);
}

static gboolean act_decide(struct play *p, char **args, GError **error)
{
	g_autofree char *id = g_strdup_printf("desk-decide-%s-%s", args[0], args[1]);
	return press(p, id, error);
}

static gboolean act_phone(struct play *p, char **args, GError **error)
{
	for (const char *digit = args[0]; *digit; digit++) {
		g_autofree char *id = g_strdup_printf("holder-phone-%c", *digit);
		if (!press(p, id, error))
			return FALSE;
	}
	return press(p, "holder-phone-ok", error);
}

/* As the clerk reads them off the card: the digits of the face at the places asked. */
static char *digits_asked(struct play *p, int offset, GError **error)
{
	const char *face = cards_face(p->cards);
	g_autoptr(GVariant) places = view_value(p->view, "desk", "digits-places");
	gsize n = places ? g_variant_n_children(places) : 0;
	GString *digits = g_string_new(NULL);
	for (gsize i = 0; i < n; i++) {
		guint32 place;
		g_variant_get_child(places, i, "u", &place);
		if (face && place >= 1 && place <= strlen(face))
			g_string_append_c(
				digits, (char)('0' + (face[place - 1] - '0' + offset) % 10));
	}
	if (n == 0 || digits->len != n)
		fail(error, "%zu digits are asked, the face is %s", n, face ? face : "unknown");
	return g_string_free(digits, n == 0 || digits->len != n);
}

static gboolean check_digits(struct play *p, int offset, GError **error)
{
	if (!expect(p, "shows", "desk-digits", error))
		return FALSE;
	g_autofree char *digits = digits_asked(p, offset, error);
	return digits && enter(p, "desk-digits", digits, error) && press(p, "desk-check", error);
}

static gboolean act_digits(struct play *p, char **args, GError **error)
{
	return check_digits(p, 0, error);
}

static gboolean act_wrong_digits(struct play *p, char **args, GError **error)
{
	g_autofree char *left = g_strdup_printf(
		"%" G_GUINT64_FORMAT, view_number(p->view, "desk", "digits-left") - 1);
	return check_digits(p, 1, error) &&
	       (g_str_equal(left, "0") || expect(p, "digits-left", left, error));
}

/* Down to the end of a page, at a reader's pace: each part of it is drawn once. */
static gboolean act_read(struct play *p, char **args, GError **error)
{
	do
		picture_settle(p->display);
	while (screens_scroll(args[0]));
	return screens_shows(args[0]) || fail(error, "%s is not shown", args[0]);
}

/* --- the world around --- */

static gboolean act_kill(struct play *p, char **args, GError **error)
{
	gboolean screens = g_str_equal(args[0], "screens");
	struct proc *proc = screens ? &p->screens : &p->service;
	if (!screens && !g_str_equal(args[0], "service"))
		return fail(error, "expected screens or service");
	if (!proc_running(proc))
		return fail(error, "%s does not run", args[0]);
	report_cause(p->report);
	proc_end(proc, SIGKILL, KILL_MS);
	/* As the supervisor does at once. */
	return screens ? play_start_screens(p, error) : play_start_service(p, error);
}

static gboolean act_incident(struct play *p, char **args, GError **error)
{
	g_autofree char *name = g_strconcat(args[0], ".incident", NULL);
	g_autofree char *from =
		g_build_filename(p->source, "assets", "samples", "incidents", name, NULL);
	g_autofree char *to = g_build_filename(p->incidents, name, NULL);
	g_autoptr(GFile) source = g_file_new_for_path(from);
	g_autoptr(GFile) target = g_file_new_for_path(to);
	report_cause(p->report);
	if (g_str_equal(args[1], "on"))
		return g_file_copy(source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error);
	return g_str_equal(args[1], "off") ? g_file_delete(target, NULL, error)
					   : fail(error, "expected on or off");
}

static gboolean act_picture(struct play *p, char **args, GError **error)
{
	return play_look(p, args[0], error);
}

static gboolean act_config(struct play *p, char **args, GError **error)
{
	return TRUE; /* was heard before the service started */
}

static gboolean act_expect(struct play *p, char **args, GError **error)
{
	return expect(p, args[0], args[1], error);
}

static gboolean act_end(struct play *p, char **args, GError **error)
{
	report_look(p->report, p->view);
	return g_strcmp0(p->report->end, args[0]) == 0 ||
	       fail(error, "the visit ended in %s", p->report->end ? p->report->end : "nothing");
}

/* --- the table --- */

static const struct script_word words[] = {
	{"config", 3, 3, "GROUP KEY VALUE (of madoguchi.conf)"},
	{"readers", 1, SCRIPT_READERS_MAX, "KIND [KIND] (vcard_reader.h)"},
	{"layouts", 1, SCRIPT_LAYOUTS_MAX, "FILE [FILE] (of assets, put together)"},
	{"card-key", 2, 2, "NAME HEX"},
	{"sign-in", 1, 1, "CLERK"},
	{"tap", 1, 1, "CARD"},
	{"remove", 0, 0, ""},
	{"tap-at", 2, 2, "READER CARD"},
	{"remove-at", 1, 1, "READER"},
	{"digits", 0, 0, ""},
	{"wrong-digits", 0, 0, ""},
	{"answer", 2, 3, "QUESTION yes|no [desk|holder]"},
	{"reason", 1, 1, "REASON"},
	{"decide", 2, 2, "VERDICT GROUND"},
	{"second", 1, 1, "CLERK"},
	{"phone", 1, 1, "DIGITS"},
	{"read", 1, 1, "ID (of a page)"},
	{"click", 1, 1, "ID"},
	{"type", 2, 2, "ID TEXT"},
	{"choose", 2, 2, "ID TEXT"},
	{"focus", 1, 1, "ID"},
	{"key", 1, 1, "KEYSYM"},
	{"kill", 1, 1, "screens|service"},
	{"incident", 2, 2, "NAME on|off"},
	{"picture", 1, 1, "NAME"},
	{"expect", 1, 2, "WHAT [VALUE]"},
	{"end", 1, 1, "STATE"},
	{NULL, 0, 0, NULL},
};

static const act acts[] = {act_config, act_config, act_config, act_config, act_sign_in, act_tap,
	act_remove, act_tap_at, act_remove_at, act_digits, act_wrong_digits, act_answer, act_reason,
	act_decide, act_second, act_phone, act_read, act_click, act_type, act_choose, act_focus,
	act_key, act_kill, act_incident, act_picture, act_expect, act_end};
_Static_assert(G_N_ELEMENTS(acts) + 1 == G_N_ELEMENTS(words), "one act a word");

const struct script_word *acts_words(void)
{
	return words;
}

gboolean acts_play(struct play *p, const struct script_line *line, GError **error)
{
	return acts[line->word - words](p, line->args, error) && play_picture(p, error);
}
