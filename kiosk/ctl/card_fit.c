/* SPDX-License-Identifier: MIT */
#include "kiosk/ctl/card_fit.h"

#include <string.h>

#include "kiosk/ctl/card_shape.h"
#include "pcsc/name.h"
#include "pcsc/number.h"

/* A field as the layout cuts it; empty where the card has not so much. */
struct piece {
	const guint8 *at;
	gsize len;
};

struct fit {
	const struct card_layout *layout;
	gboolean masked;
	guint8 data[LAYOUT_DATA_MAX];
	gsize len;
	GString *say;
};

static struct piece cut(const struct fit *f, struct layout_slice slice)
{
	gsize end = (gsize)slice.off + slice.len;
	return end <= f->len ? (struct piece){f->data + slice.off, slice.len}
			     : (struct piece){NULL, 0};
}

static gboolean is_blank(struct piece p)
{
	for (gsize i = 0; i < p.len; i++)
		if (p.at[i] != 0x00 && p.at[i] != 0x20)
			return FALSE;
	return TRUE;
}

static struct piece trim(struct piece p)
{
	while (p.len > 0 && is_blank((struct piece){p.at, 1}))
		p = (struct piece){p.at + 1, p.len - 1};
	while (p.len > 0 && is_blank((struct piece){p.at + p.len - 1, 1}))
		p.len--;
	return p;
}

/* The row of a class code; NULL: none, or it is masked. */
static const struct layout_class *find_class(const struct fit *f)
{
	struct piece code = trim(cut(f, f->layout->class_));
	for (gsize i = 0; !f->masked && i < f->layout->n_classes && code.len > 0; i++)
		if (strlen(f->layout->classes[i].code) == code.len &&
			memcmp(code.at, f->layout->classes[i].code, code.len) == 0)
			return &f->layout->classes[i];
	return NULL;
}

/* "  number    2+12  99-999999..._" and what is known of it behind. */
static void say_field(
	const struct fit *f, const char *name, struct layout_slice slice, const char *meaning)
{
	g_autofree char *place = g_strdup_printf("%u+%u", slice.off, slice.len);
	struct piece p = cut(f, slice);
	if (slice.len == 0)
		return;
	g_string_append_printf(f->say, "  %-8s %-7s ", name, place);
	if (!p.at)
		g_string_append(f->say, "(beyond what the card gave)");
	for (gsize i = 0; i < p.len; i++)
		g_string_append_c(f->say, !f->masked && g_ascii_isgraph(p.at[i])
						  ? (char)p.at[i]
						  : shape_letter(p.at[i]));
	g_string_append_printf(f->say, "%s%s\n", *meaning ? "  = " : "", meaning);
}

static void say_class(const struct fit *f)
{
	const struct layout_class *class = find_class(f);
	const char *meaning = class ? class->name : "";
	if (!class && !f->masked && f->layout->n_classes > 0)
		meaning = "(a class the layout does not know)";
	say_field(f, "class", f->layout->class_, meaning);
}

static struct layout_slice number_place(const struct fit *f)
{
	const struct layout_class *class = find_class(f);
	return class && class->number.len > 0 ? class->number : f->layout->number;
}

static void say_patterns(const struct fit *f)
{
	g_string_append(f->say, "  patterns        ");
	for (gsize i = 0; i < f->layout->n_patterns; i++)
		g_string_append_printf(f->say, " %s", f->layout->patterns[i].text);
	g_string_append_c(f->say, '\n');
}

static void say_number(const struct fit *f)
{
	char number[READING_NUMBER_SIZE] = "";
	struct piece p = cut(f, number_place(f));
	if (f->masked)
		say_field(f, "number", f->layout->number, "");
	else if (p.len == 0 ||
		 number_decode(f->layout, cursor_over(p.at, p.len), number) != CARD_ERR_OK)
		say_field(f, "number", number_place(f), "(no number)");
	else
		say_field(f, "number", number_place(f), number);
	explicit_bzero(number, sizeof number);
	for (gsize i = 0; f->masked && i < f->layout->n_classes; i++) {
		const struct layout_class *class = &f->layout->classes[i];
		g_autofree char *name = g_strdup_printf("  if %s", class->code);
		if (class->number.len > 0)
			say_field(f, name, class->number, "");
	}
	say_patterns(f);
}

static void say_name(const struct fit *f)
{
	char name[READING_NAME_SIZE] = "";
	struct piece p = cut(f, f->layout->name_);
	gboolean shown =
		!f->masked && p.len > 0 &&
		name_decode(f->layout->name_encoding, cursor_over(p.at, p.len), name, sizeof name);
	say_field(f, "name", f->layout->name_,
		shown                ? name
		: f->masked || !p.at ? ""
				     : "(not of this encoding)");
	explicit_bzero(name, sizeof name);
}

static void say_fields(const struct fit *f)
{
	const struct card_layout *l = f->layout;
	say_class(f);
	say_number(f);
	say_name(f);
	say_field(f, "reissue", l->reissue, "");
	say_field(f, "school", l->school, "");
	if (l->school.len > 0 && *l->school_id)
		g_string_append_printf(f->say, "  expected         %s\n", l->school_id);
	say_field(f, "issued", l->issued, "");
	say_field(f, "expires", l->expires, "");
}

/* Which class it is, is not told: any that may be will do. */
static enum card_err judge_masked_number(const struct fit *f)
{
	const struct card_layout *l = f->layout;
	struct piece p = cut(f, l->number), code = trim(cut(f, l->class_));
	enum card_err err = p.at ? card_fit_masked_number(l, p.at, p.len) : CARD_ERR_UNREADABLE;
	for (gsize i = 0; err && i < l->n_classes; i++) {
		p = cut(f, l->classes[i].number);
		if (p.len > 0 && shape_may_be(l->classes[i].code, code.at, code.len))
			err = card_fit_masked_number(l, p.at, p.len);
	}
	return err;
}

static enum card_err judge_masked(const struct fit *f)
{
	struct piece school = trim(cut(f, f->layout->school));
	if (is_blank((struct piece){f->data, f->len}))
		return CARD_ERR_NO_DATA;
	if (*f->layout->school_id && school.len > 0 &&
		!shape_may_be(f->layout->school_id, school.at, school.len))
		return CARD_ERR_FOREIGN;
	return judge_masked_number(f);
}

static enum card_err judge(const struct fit *f)
{
	struct card_reading reading = {0};
	if (f->masked)
		return judge_masked(f);
	enum card_err err = layout_decode(f->layout, f->data, f->len, &reading);
	reading_wipe(&reading);
	return err;
}

char *card_fit(
	const struct card_layout *layout, const struct card_report *report, enum card_err *ret)
{
	struct fit f = {.layout = layout, .masked = report->masked, .say = g_string_new(NULL)};
	*ret = card_fit_steps(layout, report, f.data, &f.len, f.say);
	if (*ret == CARD_ERR_OK) {
		say_fields(&f);
		*ret = judge(&f);
	}
	explicit_bzero(f.data, sizeof f.data);
	return g_string_free(f.say, FALSE);
}
