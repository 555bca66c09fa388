/* SPDX-License-Identifier: MIT
 *
 * What a report keeps, what it hides, and what a layout would make of it.
 */
#include "tests/check.h"

#include "kiosk/config/layouts.h"
#include "kiosk/ctl/card_fit.h"
#include "kiosk/ctl/card_report.h"
#include "kiosk/ctl/card_shape.h"

static void put_block(struct probe *p, guint8 number, const char *text)
{
	struct probe_block *block = &p->blocks[p->n_blocks++];
	block->number = number;
	memcpy(block->data, text, FELICA_BLOCK_SIZE);
}

static void put_service(struct probe *p, guint16 code, gsize n_blocks)
{
	p->services[p->n_services++] = (struct probe_service){
		code, .flags = 0x01A8, .block = p->n_blocks, .n_blocks = n_blocks};
	p->systems[p->n_systems - 1].n_services++;
}

/* A campus card beside a system of another's. */
static struct card_report *campus(gboolean masked)
{
	static const guint8 idm[IDM_SIZE] = {0x01, 0x2E, 0x4C, 0x0A, 0x11, 0x22, 0x33, 0x01};
	struct card_report *r = g_new0(struct card_report, 1);
	struct probe *p = &r->probe;
	r->masked = masked;
	g_strlcpy(r->version, "0.1.0", sizeof r->version);
	g_strlcpy(r->made, "2026-11-22T10:00:00+09:00", sizeof r->made);
	g_strlcpy(p->reader, "Acme Reader 00 00", sizeof p->reader);
	g_strlcpy(p->dialect, "transparent", sizeof p->dialect);
	p->atr_len = 13;
	memcpy(p->atr, "\x3B\x8C\x80\x01", 4);
	memcpy(p->atr + 4, idm, sizeof idm);
	p->uid_len = sizeof idm;
	memcpy(p->uid, idm, sizeof idm);
	p->felica = p->systems_listed = true;
	p->most_blocks = 12;
	p->n_systems = 2;
	p->systems[0].code = 0x809E;
	p->systems[1].code = 0xFE00;
	for (gsize i = 0; i < 2; i++) {
		memcpy(p->systems[i].target.idm, idm, sizeof idm);
		p->systems[i].target.idm[0] = (guint8)(0x01 | i << 4);
	}
	put_service(p, 0x1A8B, 4);
	put_block(p, 0, "0199-246801   0 ");
	put_block(p, 1, "\xC4\xB3\xC4\x20\xCA\xC5\xBA         ");
	put_block(p, 2, "1399000120240401");
	put_block(p, 3, "20990331AH280339");
	put_service(p, 0x1A88, 0);
	return r;
}

static struct card_report *parse(const char *text, GError **error)
{
	AUTO(keyfile) kf = keyfile_parse("report", text, strlen(text), error);
	return kf ? card_report_parse(kf, error) : NULL;
}

/* Written and read again. */
static struct card_report *reread(struct card_report *report)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = card_report_write(report);
	struct card_report *ret = parse(text, &error);
	if (!ret)
		fprintf(stderr, "%s\n%s", error->message, text);
	CHECK(ret != NULL);
	card_report_free(report);
	return ret ? ret : g_new0(struct card_report, 1);
}

static struct card_layout *layout_of(const char *text)
{
	g_autoptr(GError) error = NULL;
	struct card_layout *layouts = NULL;
	gsize n = 0;
	AUTO(keyfile) kf = keyfile_parse("layouts", text, strlen(text), &error);
	if (!kf || !layouts_parse(kf, &layouts, &n, &error))
		fprintf(stderr, "%s\n", error->message);
	CHECK(layouts != NULL);
	return layouts ? layouts : g_new0(struct card_layout, 1);
}

#define FCF(school, patterns)                                                                      \
	"[fcf]\nsteps=system FE00;read 1A8B 0-3\nclass=0+2\nclass.01=student student-number\n"     \
	"number=2+12\nkey-kind=student-number\npatterns=" patterns                                 \
	"\nname=16+16\nname-encoding=cp932\nschool=32+8\nschool-id=" school "\nexpires=48+8\n"

static enum card_err fit(const char *layout_text, struct card_report *owned, char **ret_text)
{
	enum card_err err;
	g_autofree struct card_layout *layout = layout_of(layout_text);
	AUTO(card_report) report = owned;
	g_autofree char *text = card_fit(layout, report, &err);
	if (ret_text)
		*ret_text = g_steal_pointer(&text);
	return err;
}

static gboolean says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fprintf(stderr, "\"%s\" is without \"%s\"\n", text, part);
	return strstr(text, part) != NULL;
}

static void a_revealed_report_comes_back_as_it_was(void)
{
	AUTO(card_report) want = campus(FALSE);
	AUTO(card_report) got = reread(campus(FALSE));
	g_autofree char *a = card_report_write(want);
	g_autofree char *b = card_report_write(got);
	CHECK_STR(b, a);
	CHECK(memcmp(&got->probe.blocks, &want->probe.blocks, sizeof want->probe.blocks) == 0);
	CHECK_INT(got->probe.n_services, 2);
	CHECK_INT(got->probe.systems[1].n_services, 2);
	CHECK_INT(got->probe.services[0].flags, 0x01A8);
}

static void a_masked_report_comes_back_as_shapes(void)
{
	AUTO(card_report) got = reread(campus(TRUE));
	CHECK(got->masked);
	CHECK(memcmp(got->probe.blocks[0].data, "9999-999999   9 ", 16) == 0);
	CHECK_INT(got->probe.blocks[1].data[0], 0xB1);
	CHECK_INT(got->probe.blocks[1].data[3], 0x20);
	CHECK_INT(got->probe.systems[1].target.idm[0], 0x10);
	CHECK_INT(got->probe.uid_len, 8);
}

/* Neither as text nor as hexadecimal digits, the chip's number included, wherever it is. */
static void a_masked_report_holds_no_value(void)
{
	static const char *const values[] = {"246801", "3234363830", "C4B3C4", "CAC5BA", "13990001",
		"20990331", "2E4C0A", "2e4c0a", "11223301", "112233", "\xC4\xB3"};
	AUTO(card_report) report = campus(TRUE);
	g_autofree char *text = card_report_write(report);
	for (guint i = 0; i < G_N_ELEMENTS(values); i++)
		CHECK(strstr(text, values[i]) == NULL);
	CHECK(says(text, "block.0=9999-999999___9_\n"));
	CHECK(says(text, "idm=1xxxxxxxxxxxxxxx\n"));
	CHECK(says(text, "atr=3B8C800101xxxxxxxxxxxxxx00\n"));
}

static void any_name_of_a_reader_can_be_written(void)
{
	struct card_report *report = campus(TRUE);
	g_strlcpy(
		report->probe.reader, "Acme\\ \n[system]\xff 00 00 ", sizeof report->probe.reader);
	AUTO(card_report) got = reread(report);
	CHECK_STR(got->probe.reader, "Acme\\ ?[system]\xEF\xBF\xBD 00 00");
	CHECK_INT(got->probe.n_systems, 2);
}

/* Some readers put the number of any chip into the ATR. */
static void a_masked_report_hides_the_number_in_the_atr(void)
{
	AUTO(card_report) report = g_new0(struct card_report, 1);
	report->masked = TRUE;
	report->probe.uid_len = 7;
	memcpy(report->probe.uid, "\x04\xA1\xB2\xC3\xD4\xE5\x90", 7);
	report->probe.atr_len = 10;
	memcpy(report->probe.atr, "\x3B\x87\x04\xA1\xB2\xC3\xD4\xE5\x90\x11", 10);
	g_autofree char *text = card_report_write(report);
	CHECK(says(text, "atr=3B8704xxxxxxxxxxxx11\n"));
	CHECK(says(text, "uid=xxxxxxxxxxxxxx\n"));
}

/* Whatever a byte is, its letter tells no more than its kind. */
static void a_shape_stands_for_all_of_its_kind(void)
{
	gboolean told[256] = {FALSE};
	guint8 back;
	for (guint byte = 0; byte < 256; byte++) {
		char letter = shape_letter((guint8)byte);
		CHECK_INT(shape_of(shape_of((guint8)byte)), shape_of((guint8)byte));
		CHECK(shape_parse(letter, &back));
		CHECK_INT(back, shape_of((guint8)byte));
		told[(guint8)letter] = TRUE;
	}
	guint letters = 0;
	for (guint i = 0; i < 256; i++)
		letters += told[i];
	CHECK_INT(letters, 8);
	CHECK(!shape_parse('8', &back) && !shape_parse('B', &back));
}

static void patterns_are_held_against_shapes(void)
{
	CHECK(shape_may_match("99-999999", "99-999999"));
	CHECK(shape_may_match("37-XXXXXX", "99-9A9a99"));
	CHECK(!shape_may_match("99-999999", "99-99999"));
	CHECK(!shape_may_match("99-999999", "99-99999A"));
	CHECK(!shape_may_match("AA", "99"));
	CHECK(shape_may_match("X9A", "\?\?\?"));
	CHECK(!shape_may_match("-", "?"));
	CHECK(!shape_may_match("9", "x") && !shape_may_match("X", "k"));
}

static enum card_err masked_number(const struct card_layout *layout, const char *field)
{
	return card_fit_masked_number(layout, (const guint8 *)field, strlen(field));
}

/* What surely is padding is cut; what may be, may be cut or not. */
static void padding_and_ends_of_a_masked_number_are_thought_of(void)
{
	struct card_layout l = {.patterns = {{"9999"}}, .n_patterns = 1, .padding = {' '}};
	l.n_padding = 1;
	CHECK_INT(masked_number(&l, "  9999 "), CARD_ERR_OK);
	CHECK_INT(masked_number(&l, "99999"), CARD_ERR_FOREIGN);
	CHECK_INT(masked_number(&l, "99 9999"), CARD_ERR_UNREADABLE);
	CHECK_INT(masked_number(&l, "   "), CARD_ERR_NO_DATA);
	l.padding[0] = '0';
	CHECK_INT(masked_number(&l, "99999999"), CARD_ERR_OK);
	CHECK_INT(masked_number(&l, "999"), CARD_ERR_FOREIGN);
	CHECK_INT(masked_number(&l, "  9999"), CARD_ERR_UNREADABLE);
	l.padding[0] = '-';
	l.patterns[0] = (struct layout_pattern){"-9999"};
	CHECK_INT(masked_number(&l, "-9999"), CARD_ERR_FOREIGN);
	l.patterns[0] = (struct layout_pattern){"9999"};
	l.n_padding = 0;
	l.has_stop = true;
	l.stop = '-';
	CHECK_INT(masked_number(&l, "9999-99"), CARD_ERR_OK);
	CHECK_INT(masked_number(&l, "99-9999"), CARD_ERR_FOREIGN);
	l.stop = 'A';
	CHECK_INT(masked_number(&l, "9999AA9"), CARD_ERR_OK);
	CHECK_INT(masked_number(&l, "99A99"), CARD_ERR_FOREIGN);
	l.stop = '0';
	CHECK_INT(masked_number(&l, "9999999"), CARD_ERR_OK);
	l.patterns[0] = (struct layout_pattern){"99-9"};
	l.stop = '-';
	CHECK_INT(masked_number(&l, "99-9"), CARD_ERR_FOREIGN);
}

static void a_layout_that_fits_is_shown_with_its_values(void)
{
	g_autofree char *text = NULL;
	CHECK_INT(fit(FCF("13990001", "99-999999"), reread(campus(FALSE)), &text), CARD_ERR_OK);
	CHECK(says(text, "  class    0+2     01  = student\n"));
	CHECK(says(text, "  number   2+12    99-246801___  = 99-246801\n"));
	CHECK(says(text, "  = トウト ハナコ\n"));
	CHECK(says(text, "  expires  48+8    20990331\n"));
}

static void a_masked_card_may_fit_and_shows_shapes_only(void)
{
	g_autofree char *text = NULL;
	CHECK_INT(fit(FCF("13990001", "99-999999"), reread(campus(TRUE)), &text), CARD_ERR_OK);
	CHECK(says(text, "  number   2+12    99-999999___\n"));
	CHECK(strstr(text, "246801") == NULL);
}

static void what_keeps_a_layout_from_fitting_is_the_counters_word(void)
{
	CHECK_INT(fit(FCF("13990002", "99-999999"), reread(campus(FALSE)), NULL), CARD_ERR_FOREIGN);
	CHECK_INT(
		fit(FCF("13990001", "9999999999"), reread(campus(FALSE)), NULL), CARD_ERR_FOREIGN);
	/* Shapes cannot tell one school from another, but a number from a shorter one. */
	CHECK_INT(fit(FCF("13990002", "99-999999"), reread(campus(TRUE)), NULL), CARD_ERR_OK);
	CHECK_INT(fit(FCF("1399", "99-999999"), reread(campus(TRUE)), NULL), CARD_ERR_FOREIGN);
	CHECK_INT(fit(FCF("13990001", "9999999999"), reread(campus(TRUE)), NULL), CARD_ERR_FOREIGN);
	CHECK_INT(fit(FCF("13990001", "99-99999A"), reread(campus(TRUE)), NULL), CARD_ERR_FOREIGN);
}

static void an_empty_card_has_no_data(void)
{
	for (int masked = 0; masked < 2; masked++) {
		struct card_report *report = campus(masked);
		for (gsize i = 0; i < report->probe.n_blocks; i++)
			memset(report->probe.blocks[i].data, 0, FELICA_BLOCK_SIZE);
		CHECK_INT(fit(FCF("13990001", "99-999999") "padding=20\n", reread(report), NULL),
			CARD_ERR_NO_DATA);
	}
}

static void what_is_not_there_is_said_step_by_step(void)
{
	static const struct {
		const char *steps, *why;
	} rows[] = {
		{"system 88B4;read 000B 0", "the card has no such system"},
		{"system FE00;read 7A0B 0", "the system has no such service"},
		{"system FE00;read 1A8B 9", "no such block"},
		{"uid 7", "it has 8 bytes, not 7"},
		{"select A0000001;binary 0 16", "it was not asked for; probe with --aid"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = NULL;
		g_autofree char *layout = g_strdup_printf("[x]\nsteps=%s\nnumber=0+%u\n"
							  "key-kind=student-number\n%s",
			rows[i].steps, i == 3 ? 7 : 8,
			i == 3 ? "number-form=hex\npatterns=XXXXXXXXXXXXXX\n"
			       : "patterns=99999999\n");
		CHECK_INT(fit(layout, reread(campus(FALSE)), &text), CARD_ERR_UNKNOWN_CARD);
		CHECK(says(text, rows[i].why));
	}
}

/* As the counter reads it: fewer blocks from the end, and fields beyond them are none. */
static void a_card_with_fewer_blocks_is_read_as_far_as_it_goes(void)
{
	struct card_report *report = campus(FALSE);
	g_autofree char *text = NULL;
	report->probe.services[0].n_blocks = 3;
	CHECK_INT(fit(FCF("13990001", "99-999999"), reread(report), &text), CARD_ERR_OK);
	CHECK(says(text, "bytes 0+48 (less than asked for)"));
	CHECK(says(text, "  expires  48+8    (beyond what the card gave)"));
}

static void a_chips_number_may_be_any_number(void)
{
	const char *layout = "[uid]\nsteps=uid 8\nnumber=0+8\nnumber-form=hex\n"
			     "key-kind=card-serial\npatterns=XXXXXXXXXXXXXXXX\n";
	CHECK_INT(fit(layout, reread(campus(TRUE)), NULL), CARD_ERR_OK);
	CHECK_INT(fit(layout, reread(campus(FALSE)), NULL), CARD_ERR_OK);
}

static struct card_report *applied(void)
{
	struct card_report *r = g_new0(struct card_report, 1);
	struct probe *p = &r->probe;
	p->n_aids = 1;
	p->aids[0] = (struct probe_aid){.aid = {0xF0, 1}, .len = 2, .answers = true, .n_files = 3};
	p->files[0] = (struct probe_file){.id = 0x011E, .len = 20};
	memcpy(p->files[0].data, "xx99-246801padpadpad", 20);
	p->files[1] = (struct probe_file){.sfi = 1, .record = 1, .len = 9};
	memcpy(p->files[1].data, "elsewhere", 9);
	p->files[2] = (struct probe_file){.sfi = 1, .record = 2, .len = 9};
	memcpy(p->files[2].data, "99-246801", 9);
	p->n_files = 3;
	return r;
}

static void files_and_records_are_read_like_blocks(void)
{
	const char *rest = "\nkey-kind=student-number\npatterns=99-999999\n";
	g_autofree char *file =
		g_strconcat("[f]\nsteps=select F001;file 011E;binary 2 16\nnumber=0+9", rest, NULL);
	g_autofree char *record =
		g_strconcat("[r]\nsteps=select F001;record 1 2 16\nnumber=0+9", rest, NULL);
	CHECK_INT(fit(file, reread(applied()), NULL), CARD_ERR_OK);
	CHECK_INT(fit(record, reread(applied()), NULL), CARD_ERR_OK);
}

static void faults_of_a_report_are_named_by_line(void)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"[system FE00]\n", "expected a report of madoguchictl card probe"},
		{"[report]\nform=2\n", "report:2: [report] form: expected 1"},
		{"[report]\nform=1\nmasked=maybe\n", "report:3: [report] masked"},
		{"[report]\nform=1\n[card]\n", "expected system, service or application"},
		{"[report]\nform=1\n[service FE00 1A8B]\n", "under its system"},
		{"[report]\nform=1\n[system FE00]\nidm=1\npmm=\nservices=walked\n",
			"idm: expected 16"},
		{"[report]\nform=1\nmasked=true\n[system FE00]\nidm=1xxxxxxxxxxxxxxx\n"
		 "pmm=100B4B428485D0FF\nservices=walked\n[service FE00 1A8B]\nblock.0=37\n",
			"block.0: expected a masked value"},
		{"[report]\nform=1\n[system FE00]\nidm=112E4C0A11223301\n"
		 "pmm=100B4B428485D0FF\nservices=walked\n[service FE00 1A8B]\nblock.300=00\n",
			"a block number of 0 to 255"},
		{"[report]\nform=1\natr=3B8\n",
			"report:3: [report] atr: expected hexadecimal bytes"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		AUTO(card_report) report = parse(rows[i].text, &error);
		CHECK(report == NULL);
		CHECK(error && says(error->message, rows[i].why));
	}
}

int main(void)
{
	static const struct check_case cases[] = {
		{"a revealed report comes back as it was", a_revealed_report_comes_back_as_it_was},
		{"a masked report comes back as shapes", a_masked_report_comes_back_as_shapes},
		{"a masked report holds no value", a_masked_report_holds_no_value},
		{"any name of a reader can be written", any_name_of_a_reader_can_be_written},
		{"a masked report hides the number in the ATR",
			a_masked_report_hides_the_number_in_the_atr},
		{"padding and ends of a masked number are thought of",
			padding_and_ends_of_a_masked_number_are_thought_of},
		{"a shape stands for all of its kind", a_shape_stands_for_all_of_its_kind},
		{"patterns are held against shapes", patterns_are_held_against_shapes},
		{"a layout that fits is shown with its values",
			a_layout_that_fits_is_shown_with_its_values},
		{"a masked card may fit and shows shapes only",
			a_masked_card_may_fit_and_shows_shapes_only},
		{"what keeps a layout from fitting is the counter's word",
			what_keeps_a_layout_from_fitting_is_the_counters_word},
		{"an empty card has no data", an_empty_card_has_no_data},
		{"what is not there is said step by step", what_is_not_there_is_said_step_by_step},
		{"a card with fewer blocks is read as far as it goes",
			a_card_with_fewer_blocks_is_read_as_far_as_it_goes},
		{"a chip's number may be any number", a_chips_number_may_be_any_number},
		{"files and records are read like blocks", files_and_records_are_read_like_blocks},
		{"faults of a report are named by line", faults_of_a_report_are_named_by_line},
	};
	g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
	return CHECK_MAIN("card-report", cases);
}
