/* SPDX-License-Identifier: MIT
 *
 * test_privacy.c - after a visit, nothing that was written and nothing that is in the
 * service's memory holds the person.
 */
#include <stdlib.h>

#include "tests/counter/rig_check.h"
#include "tests/counter/marks.h"

static guint search_memory(struct rig *rig, guint kinds)
{
	struct marks *marks = marks_new(kinds);
	guint found = marks_in_memory(marks, rig_pid(rig));
	marks_free(marks);
	CHECK(found != G_MAXUINT);
	return found;
}

static guint search_files(const char *folder)
{
	struct marks *marks = marks_new(MARKS_STUDENT | MARKS_PIN);
	guint found = marks_in_folder(marks, folder);
	marks_free(marks);
	CHECK(found != G_MAXUINT);
	return found;
}

static void memory_holds_a_person_while_the_visit_needs_it(void)
{
	struct rig *rig = rig_need("privacy", NULL);
	rig_lay(rig, "student");
	CHECK(rig_wait(rig, "state", "check"));
	/* Else the searches below would find nothing in anything. */
	CHECK(search_memory(rig, MARKS_STUDENT) > 0);
	rig_free(rig);
}

static void a_finished_visit_leaves_no_person_in_memory(void)
{
	struct rig *rig = rig_need("privacy", NULL);
	g_autofree char *number = rig_visit(rig, "student", "3141592653");
	CHECK(number != NULL);
	CHECK_INT(search_memory(rig, MARKS_STUDENT | MARKS_PIN), 0);
	rig_free(rig);
}

static void a_cancelled_visit_leaves_no_person_in_memory(void)
{
	struct rig *rig = rig_need("privacy", NULL);
	CHECK(rig_until_consent(rig, "student", "3141592653"));
	CHECK(rig_intent(rig, "Cancel", NULL, NULL));
	CHECK(rig_wait(rig, "state", "welcome"));
	CHECK_INT(search_memory(rig, MARKS_STUDENT | MARKS_PIN), 0);
	rig_free(rig);
}

static void a_sheet_that_was_read_leaves_no_person_in_memory(void)
{
	struct rig *rig = rig_need("privacy", NULL);
	g_autofree char *number = rig_visit(rig, "student", "3141592653");
	CHECK(number != NULL);
	GVariant *sheet = rig_call(
		rig, "madoguchi.Counter1", "OpenSheet", g_variant_new("(s)", number ? number : ""));
	CHECK(sheet != NULL);
	g_clear_pointer(&sheet, g_variant_unref);
	CHECK_INT(search_memory(rig, MARKS_STUDENT | MARKS_PIN), 0);
	rig_free(rig);
}

static void nothing_written_holds_a_person(void)
{
	struct rig *rig = rig_need("privacy", NULL);
	g_autofree char *number = rig_visit(rig, "student", "3141592653");
	CHECK(number != NULL);
	CHECK_INT(search_files(rig_folder(rig)), 0);
	CHECK_INT(rig_stop_service(rig), 0);
	CHECK_INT(search_files(rig_folder(rig)), 0);
	rig_free(rig);
}

int main(void)
{
#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}
	static const struct check_case cases[] = {
		CASE(memory_holds_a_person_while_the_visit_needs_it),
		CASE(a_finished_visit_leaves_no_person_in_memory),
		CASE(a_cancelled_visit_leaves_no_person_in_memory),
		CASE(a_sheet_that_was_read_leaves_no_person_in_memory),
		CASE(nothing_written_holds_a_person),
	};
	return rig_main("privacy", cases, G_N_ELEMENTS(cases), NULL);
}
