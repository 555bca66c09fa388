/* SPDX-License-Identifier: MIT
 *
 * counter_put.h - how counter_views*.c fill a view.
 */
#ifndef KIOSK_COUNTER_PUT_H
#define KIOSK_COUNTER_PUT_H

#include "kiosk/counter_private.h"

static inline void put_str(GVariantDict *view, const char *key, const char *value)
{
	if (value && *value)
		g_variant_dict_insert(view, key, "s", value);
}

static inline void put_uint(GVariantDict *view, const char *key, guint value)
{
	g_variant_dict_insert(view, key, "u", value);
}

static inline void put_bool(GVariantDict *view, const char *key, gboolean value)
{
	g_variant_dict_insert(view, key, "b", value);
}

/* counter_views_check.c: what the clerk must look at and decide, and with what. */
void counter_put_check(GVariantDict *view, const struct counter *c);
void counter_put_choices(GVariantDict *view, const struct counter *c);

/* The accounts to choose from, while that is what the check waits for. */
enum put_ids { PUT_WHOLE, PUT_LAST_FOUR };
void counter_put_accounts(GVariantDict *view, const struct counter *c, enum put_ids ids);
void counter_put_chosen(GVariantDict *view, const struct counter *c); /* and then which */

#endif
