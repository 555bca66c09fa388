/* SPDX-License-Identifier: MIT
 *
 * test_card_service.c - madoguchictl card beside a counter that works.
 */
#include <signal.h>

#include "tests/counter/rig_check.h"

/* The tool beside the rig; what it prints is collected. */
static GSubprocess *start_ctl(struct rig *rig, const char *verb, const char *option)
{
	g_autoptr(GError) error = NULL;
	GSubprocess *child = g_subprocess_new(
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
		g_getenv("MADOGUCHICTL"), "--data", rig_folder(rig), "card", verb, option, NULL);
	if (!child)
		fprintf(stderr, "%s\n", error->message);
	CHECK(child != NULL);
	return child;
}

/* Wait for its end; both outputs are freed by the caller. */
static int end_of(GSubprocess *child, char **ret_out, char **ret_err)
{
	g_subprocess_communicate_utf8(child, NULL, NULL, ret_out, ret_err, NULL);
	return g_subprocess_get_if_exited(child) ? g_subprocess_get_exit_status(child) : -1;
}

static gboolean says(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fprintf(stderr, "\"%s\" is without \"%s\"\n", text ? text : "", part);
	return text && strstr(text, part) != NULL;
}

/* Closed for the loan, and nobody's card is on the screens. */
static void check_lent(struct rig *rig)
{
	CHECK(rig_wait(rig, "problem", "P-52"));
	CHECK(rig_wait(rig, "state", "closed"));
}

static void check_open(struct rig *rig)
{
	CHECK(rig_wait(rig, "state", "welcome"));
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
}

/* Card laid down for the tool, taken away after it, and the next one begins a visit. */
static void lend(const char *verb, const char *option, const char *expected)
{
	struct rig *rig = rig_need("ctl", NULL);
	g_autoptr(GSubprocess) child = start_ctl(rig, verb, option);
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	check_lent(rig);
	rig_lay(rig, "student");
	CHECK_INT(end_of(child, &out, &err), 0);
	CHECK(says(out, expected));
	CHECK(says(err, "take the card away"));
	check_lent(rig);
	rig_take(rig);
	check_open(rig);
	rig_free(rig);
}

static void a_card_is_read_while_the_counter_waits(void)
{
	lend("read", NULL, "number: 37-246801\n");
}

static void a_card_is_probed_while_the_counter_waits(void)
{
	lend("probe", "--reveal", "[service FE00 1A8B]\n");
}

static void a_visit_is_not_interrupted(void)
{
	struct rig *rig = rig_need("ctl", NULL);
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	g_autoptr(GSubprocess) child = start_ctl(rig, "read", NULL);
	CHECK_INT(end_of(child, &out, &err), 1);
	CHECK(says(err, "the service keeps its readers: "));
	CHECK_STR(out, "");
	CHECK(rig_wait(rig, "state", "check"));
	rig_free(rig);
}

static void the_readers_come_back_when_the_tool_is_ended(int signal)
{
	struct rig *rig = rig_need("ctl", NULL);
	g_autoptr(GSubprocess) child = start_ctl(rig, "read", NULL);
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	check_lent(rig);
	g_subprocess_send_signal(child, signal);
	end_of(child, &out, &err);
	check_open(rig);
	rig_free(rig);
}

static void the_readers_come_back_with_ctrl_c(void)
{
	the_readers_come_back_when_the_tool_is_ended(SIGINT);
}

static void the_readers_come_back_when_the_tool_is_killed(void)
{
	the_readers_come_back_when_the_tool_is_ended(SIGKILL);
}

static void looking_at_the_readers_disturbs_nothing(void)
{
	struct rig *rig = rig_need("ctl", NULL);
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	g_autoptr(GSubprocess) child = start_ctl(rig, "readers", NULL);
	CHECK_INT(end_of(child, &out, &err), 0);
	CHECK(says(out, rig_reader(rig, 0)));
	CHECK(says(out, "  card: present\n"));
	CHECK(rig_wait(rig, "state", "check"));
	rig_free(rig);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a card is read while the counter waits", a_card_is_read_while_the_counter_waits},
		{"a card is probed while the counter waits",
			a_card_is_probed_while_the_counter_waits},
		{"a visit is not interrupted", a_visit_is_not_interrupted},
		{"the readers come back with Ctrl-C", the_readers_come_back_with_ctrl_c},
		{"the readers come back when the tool is killed",
			the_readers_come_back_when_the_tool_is_killed},
		{"looking at the readers disturbs nothing",
			looking_at_the_readers_disturbs_nothing},
	};
	return rig_main("ctl-service", cases, G_N_ELEMENTS(cases), NULL);
}
