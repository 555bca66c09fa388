/* SPDX-License-Identifier: MIT */
#include "kiosk/visit/contact.h"

#include <string.h>

static void count_break(struct contact *contact, int64_t now_ms)
{
	contact->open = false;
	if (contact->n == CONTACT_BREAKS) {
		memmove(contact->breaks_ms, contact->breaks_ms + 1,
			sizeof contact->breaks_ms - sizeof contact->breaks_ms[0]);
		contact->n--;
	}
	contact->breaks_ms[contact->n++] = now_ms;
}

void contact_take(struct contact *contact, enum contact_event event, int64_t now_ms)
{
	switch (event) {
	case CONTACT_IN:
		contact->open = true;
		break;
	case CONTACT_OUT:
	case CONTACT_SHORT:
		if (contact->open)
			count_break(contact, now_ms);
		break;
	case CONTACT_READ:
		contact->open = false;
		contact->n = 0;
		break;
	case CONTACT_EVENT_COUNT:
		break;
	}
}

bool contact_flaps(const struct contact *contact, int64_t now_ms)
{
	return contact->n == CONTACT_BREAKS && now_ms - contact->breaks_ms[0] <= CONTACT_WINDOW_MS;
}
