/* SPDX-License-Identifier: MIT */
#include "kiosk/counter_private.h"

#include "kiosk/intake/handoff.h"

#define SHEETS_MAX  200 /* rows a list shows at once, oldest first */
#define OUTSIDE_MAX 60  /* longest number of the menu */

/* Between visits, by a signed-in clerk: a sheet shows a person. */
static gboolean may_see_sheets(const struct counter *c)
{
	return c->has_clerk && c->parts.store && visit_may(c->state, VISIT_MAY_SHEETS);
}

static enum intent_answer failed(struct counter *c, const GError *error)
{
	g_warning("sheets: %s", error->message);
	return g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID) ? INTENT_INVALID
									: INTENT_FAILED;
}

enum intent_answer counter_list_sheets(struct counter *c, GVariant **ret_rows)
{
	g_autoptr(GError) error = NULL;
	GVariantBuilder rows;
	if (!may_see_sheets(c))
		return INTENT_NOT_ALLOWED;
	g_autoptr(GArray) list = requests_list(c->parts.store, OUTBOX_QUEUED, SHEETS_MAX, &error);
	if (!list)
		return failed(c, error);
	counter_clerk_acts(c);
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(sx)"));
	for (guint i = 0; i < list->len; i++) {
		const struct request_row *row = &g_array_index(list, struct request_row, i);
		g_variant_builder_add(&rows, "(sx)", row->number, row->filed_at);
	}
	*ret_rows = g_variant_builder_end(&rows);
	return INTENT_TAKEN;
}

enum intent_answer counter_open_sheet(struct counter *c, const char *number, GVariant **ret_fields)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) fields = NULL;
	GVariantBuilder rows;
	if (!may_see_sheets(c))
		return INTENT_NOT_ALLOWED;
	if (!request_number_valid(number))
		return INTENT_INVALID;
	if (!handoff_sheet(c->parts.intake, number, &fields, &error))
		return failed(c, error);
	counter_clerk_acts(c);
	g_variant_builder_init(&rows, G_VARIANT_TYPE("a(ss)"));
	for (guint i = 0; i < fields->len; i++) {
		const struct handoff_field *field = g_ptr_array_index(fields, i);
		g_variant_builder_add(&rows, "(ss)", field->code, field->value);
	}
	*ret_fields = g_variant_builder_end(&rows);
	/* The next view lies over it in the buffers of both processes (counter_views.c). */
	c->desk.longest = MAX(c->desk.longest, g_variant_get_size(*ret_fields));
	return INTENT_TAKEN;
}

enum intent_answer counter_sheet_filed(struct counter *c, const char *number, const char *outside)
{
	g_autoptr(GError) error = NULL;
	gsize len = strlen(outside);
	if (!may_see_sheets(c))
		return INTENT_NOT_ALLOWED;
	if (!request_number_valid(number) || len == 0 || len > OUTSIDE_MAX ||
		!g_str_is_ascii(outside))
		return INTENT_INVALID;
	if (!handoff_filed(c->parts.intake, number, outside, counter_now(), &error))
		return failed(c, error);
	counter_clerk_acts(c);
	counter_queue_check(c);
	counter_views_changed(c);
	return INTENT_TAKEN;
}
