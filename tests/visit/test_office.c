/* SPDX-License-Identifier: MIT
 *
 * test_office.c - whose desk, and is it open.
 */
#include "kiosk/visit/office.h"

#include "tests/check.h"
#include "tests/visit/people.h"

#define WEEKDAYS 0x3e
#define TUESDAY  20260915
#define SATURDAY 20260919

/* Weekdays 9:00-12:30 and 13:30-17:00, closed on one Wednesday. */
static struct office counter(void)
{
	struct office o = office_of("sci-gaku", ROLE_STUDENT, "35");
	o.hours[0] = (struct office_hours){WEEKDAYS, 13 * 60 + 30, 17 * 60};
	o.hours[1] = (struct office_hours){WEEKDAYS, 9 * 60, 12 * 60 + 30};
	o.n_hours = 2;
	o.closed[0] = 20260916;
	o.n_closed = 1;
	return o;
}

static void at(int32_t date, int hour, int minute, enum office_open want)
{
	struct office o = counter();
	struct civil now = {date, (int16_t)(hour * 60 + minute)};
	CHECK_INT(office_open_at(&o, now), want);
}

static void a_day_opens_breaks_for_lunch_and_closes_to_the_minute(void)
{
	at(TUESDAY, 0, 0, OFFICE_BEFORE);
	at(TUESDAY, 8, 59, OFFICE_BEFORE);
	at(TUESDAY, 9, 0, OFFICE_OPEN);
	at(TUESDAY, 12, 29, OFFICE_OPEN);
	at(TUESDAY, 12, 30, OFFICE_LUNCH);
	at(TUESDAY, 13, 29, OFFICE_LUNCH);
	at(TUESDAY, 13, 30, OFFICE_OPEN);
	at(TUESDAY, 16, 59, OFFICE_OPEN);
	at(TUESDAY, 17, 0, OFFICE_AFTER);
	at(TUESDAY, 23, 59, OFFICE_AFTER);
}

static void a_closed_day_is_closed_at_every_hour(void)
{
	at(20260916, 10, 0, OFFICE_CLOSED_DAY);
	at(20260916, 3, 0, OFFICE_CLOSED_DAY);
	at(SATURDAY, 10, 0, OFFICE_CLOSED_DAY);
	at(20260920, 10, 0, OFFICE_CLOSED_DAY);
	at(20260921, 10, 0, OFFICE_OPEN);
}

static void a_desk_without_hours_claims_none(void)
{
	struct office o = counter();
	o.n_hours = 0;
	CHECK_INT(office_open_at(&o, (struct civil){TUESDAY, 600}), OFFICE_CLOSED_DAY);
}

static void a_desk_open_all_day_is_open_at_both_ends(void)
{
	struct office o = counter();
	o.hours[0] = (struct office_hours){0x7f, 0, 1440};
	o.n_hours = 1;
	CHECK_INT(office_open_at(&o, (struct civil){SATURDAY, 0}), OFFICE_OPEN);
	CHECK_INT(office_open_at(&o, (struct civil){SATURDAY, 1439}), OFFICE_OPEN);
}

static void R04_a_desk_serves_its_own_roles_and_faculties_only(void)
{
	struct office offices[2] = {counter(), office_of("sci-jinji", ROLE_STAFF, "35")};
	struct office_table table = {offices, 2};

	CHECK(office_serves(&offices[0], ROLE_STUDENT, "35"));
	CHECK(!office_serves(&offices[0], ROLE_STAFF, "35"));
	CHECK(!office_serves(&offices[0], ROLE_STUDENT, "3"));
	CHECK(!office_serves(&offices[0], ROLE_STUDENT, "355"));
	CHECK(!office_serves(&offices[0], ROLE_STUDENT, ""));
	CHECK(office_serving(&table, ROLE_STAFF, "35") == &offices[1]);
	CHECK(office_serving(&table, ROLE_STAFF, "37") == NULL);
	CHECK(office_find(&table, "sci-jinji") == &offices[1]);
	CHECK(office_find(&table, "sci") == NULL);
}

static const struct check_case cases[] = {
	{"a day opens, breaks for lunch and closes to the minute",
		a_day_opens_breaks_for_lunch_and_closes_to_the_minute},
	{"a closed day is closed at every hour", a_closed_day_is_closed_at_every_hour},
	{"a desk without hours claims none", a_desk_without_hours_claims_none},
	{"a desk open all day is open at both ends", a_desk_open_all_day_is_open_at_both_ends},
	{"R04 a desk serves its own roles and faculties only",
		R04_a_desk_serves_its_own_roles_and_faculties_only},
};

int main(void)
{
	return CHECK_MAIN("office", cases);
}
