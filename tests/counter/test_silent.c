/* SPDX-License-Identifier: MIT
 *
 * test_silent.c - a PC/SC that does not answer is said, left, and found again.
 */
#include <sys/wait.h>

#include "tests/counter/rig_check.h"
#include "tests/counter/rig_hand.h"

/* README, P-49: said after 10 s of silence, left after 20; both are looked at each second,
 * and an idle thread may have shown itself 5 s before the silence began. */
#define SAID_MS 13000
#define LEFT_MS 24000

static void a_pcscd_that_hangs_is_said_and_the_service_ends_for_a_new_one(void)
{
	const struct rig_options options = {.wait_ms = SAID_MS};
	struct rig *rig = rig_need("silent", &options);
	gint64 start = g_get_monotonic_time();
	rig_freeze_pcscd(rig, TRUE);
	CHECK(rig_wait(rig, "problem", "P-49"));
	CHECK(rig_wait(rig, "state", "closed"));
	int status = rig_wait_end(rig, LEFT_MS);
	fprintf(stderr, "the service left after %.1f s, status %x\n",
		(double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC, status);
	CHECK(status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 1);
	CHECK_INT(rig_log_count(rig, "P-49: the card thread is silent"), 1);
	/* A new one finds it as it is, says so, and opens when it answers again. */
	CHECK(rig_start_service(rig));
	CHECK(rig_wait(rig, "problem", "P-49"));
	start = g_get_monotonic_time();
	rig_freeze_pcscd(rig, FALSE);
	CHECK(rig_wait(rig, "state", "off-duty"));
	CHECK(g_get_monotonic_time() - start < 3 * G_TIME_SPAN_SECOND);
	CHECK(rig_sign_in(rig, "clerk-a", "246810"));
	rig_free(rig);
}

static void a_card_that_falls_silent_holds_nobody_up(void)
{
	struct rig *rig = rig_need("silent", NULL);
	struct vcard *card = rig_card("student");
	card->mute_after = 2;
	field_insert(rig_field(rig, 0), card);
	CHECK(rig_wait(rig, "state", "reading"));
	CHECK(rig_wait(rig, "state", "problem"));
	rig_take(rig);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	vcard_free(card);
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(a_pcscd_that_hangs_is_said_and_the_service_ends_for_a_new_one),
		CASE(a_card_that_falls_silent_holds_nobody_up),
	};
	return rig_main("silent", cases, G_N_ELEMENTS(cases), NULL);
}
