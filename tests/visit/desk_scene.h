/* SPDX-License-Identifier: MIT
 *
 * desk_scene.h - one person, one card, one desk, and what is judged of them.
 */
#ifndef TESTS_VISIT_DESK_SCENE_H
#define TESTS_VISIT_DESK_SCENE_H

#include "kiosk/visit/identity.h"
#include "tests/visit/people.h"

/* Facts of a visit in which everything is as it should be. */
struct scene {
	struct person person;
	struct office office;
	struct identity_facts facts;
};

static inline void scene_init(struct scene *s)
{
	*s = (struct scene){
		.person = student(), .office = office_of("eng", ROLE_STUDENT | ROLE_STAFF, "37")};
	s->facts = (struct identity_facts){
		.card = {true, "student-number", "37-246801", "student", "トウト ハナコ", 0,
			20990331},
		.person = &s->person,
		.clerk_id = ID_CLERK,
		.office = &s->office,
		.now = {TODAY, 600},
		.directory_age_hours = -1,
		.directory_age_limit_hours = 48,
	};
}

static inline struct verdicts judge(struct scene *s)
{
	s->facts.person = &s->person;
	s->facts.office = &s->office;
	return identity_judge(&s->facts);
}

#endif
