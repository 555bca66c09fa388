/* SPDX-License-Identifier: MIT */
#include "vpcd_swap.h"

#define LOOK_MS 5000 /* vpcd looks every 400 ms */

static enum card_err connect(void *self, const char *reader, struct card_trace *trace)
{
	struct vpcd_swap *s = self;
	return s->under->connect(s->under->self, reader, trace);
}

static void disconnect(void *self)
{
	struct vpcd_swap *s = self;
	s->under->disconnect(s->under->self);
}

/* vpcd reports a removal where it looks for a card that is gone. Where an APDU is what
 * finds it gone, vpcd looks next for any card, takes the second one, and pcscd is told
 * nothing. Until then nothing gets through. */
static bool swap(struct vpcd_swap *s)
{
	static const uint8_t get_uid[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	uint8_t ret[APDU_MAX];
	size_t len;
	struct card_trace trace = {0};
	if (!vpcd_card_insert(s->hand, s->next))
		return false;
	return s->under->transmit(s->under->self, get_uid, sizeof(get_uid), ret, sizeof(ret), &len,
		       &trace) == CARD_ERR_REMOVED &&
	       vpcd_card_wait(s->hand, VPCD_ON, LOOK_MS);
}

static enum card_err transmit(void *self, const uint8_t *apdu, size_t len, uint8_t *ret, size_t max,
	size_t *ret_len, struct card_trace *trace)
{
	struct vpcd_swap *s = self;
	if (s->told++ == s->after)
		s->swapped = swap(s);
	return s->under->transmit(s->under->self, apdu, len, ret, max, ret_len, trace);
}

void vpcd_swap_init(struct vpcd_swap *ret, const struct card_transport *under,
	struct vpcd_card *hand, const struct vcard *next, unsigned after)
{
	*ret = (struct vpcd_swap){
		.t = {.self = ret,
			.connect = connect,
			.disconnect = disconnect,
			.transmit = transmit},
		.under = under,
		.hand = hand,
		.next = next,
		.after = after,
	};
}
