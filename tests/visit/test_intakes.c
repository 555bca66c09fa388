/* SPDX-License-Identifier: MIT
 *
 * test_intakes.c - [intake], [https], [sharepoint] and [postgresql], and what is wrong in them.
 */
#include "kiosk/config/intakes.h"

#include "tests/visit/refusal.h"

#define HTTPS                                                                                      \
	"[intake]\nkind=https\n[https]\nbase=https://intake.example.ac.jp/v1\n"                    \
	"cert-file=c.pem\nkey=k.pem\n"
#define SHAREPOINT                                                                                 \
	"[intake]\nkind=sharepoint\n[sharepoint]\ntenant=example\nclient-id=c\ncert-file=c.pem\n"  \
	"key=handle:0x81000001\nsite=a.example,1,2\nlist=l\nfirst-word=受付\n"                   \
	"cancelled-word=取消\nstatus.受付=waiting\nstatus.取消=cancelled\nstatus.済=done\n" \
	"field.CommonId=payload.common_id\nfield.Digest=digest\n"
#define POSTGRESQL "[intake]\nkind=postgresql\n[postgresql]\nconnection=host=a,b\n"

static struct config *load(const char *text)
{
	char *dir = folder_new();
	g_autofree char *path = folder_write(dir, "desk.conf", text);
	g_autoptr(GError) error = NULL;
	struct config *config = config_load(path, NULL, &error);
	if (!config)
		fprintf(stderr, "%s\n", error->message);
	CHECK(config != NULL);
	folder_free(dir);
	return config;
}

static void without_a_word_the_clerks_take_the_requests(void)
{
	AUTO(config) c = load("");
	CHECK_INT(c->intakes->kind, INTAKES_HANDOFF);
	CHECK_INT(c->intakes->units_per_minute, 300);
	CHECK_INT(c->intakes->follow_s, 300);
	CHECK_INT(c->intakes->gap_ms, 200);
}

static void a_list_of_sharepoint_is_told_by_its_columns_and_words(void)
{
	AUTO(config) c = load(SHAREPOINT);
	const struct sharepoint_settings *s = &c->intakes->sharepoint;
	CHECK_INT(c->intakes->kind, INTAKES_SHAREPOINT);
	CHECK_STR(s->token_url, "https://login.microsoftonline.com/example/oauth2/v2.0/token");
	CHECK_STR(s->site, "a.example,1,2");
	CHECK_STR(s->key, "handle:0x81000001");
	CHECK_STR(s->key_column, "RequestKey");
	CHECK_INT(s->n_fields, 2);
	CHECK_STR(s->fields[0].column, "CommonId");
	CHECK_STR(s->fields[0].source, "payload.common_id");
	CHECK_INT(s->n_words, 3);
	CHECK_STR(s->words[2].word, "済");
	CHECK_INT(s->words[2].progress, INTAKE_DONE);
}

static void the_desk_s_name_goes_with_the_database(void)
{
	AUTO(config) c = load("[counter]\ndesk=LAW2\n" POSTGRESQL);
	CHECK_INT(c->intakes->kind, INTAKES_POSTGRESQL);
	CHECK_STR(c->intakes->postgresql.desk, "LAW2");
	CHECK_STR(c->intakes->postgresql.connection, "host=a,b");
	CHECK_INT(c->intakes->postgresql.timeout_ms, 10000);
}

struct without {
	const char *text, *without;
	const char *place, *expected;
};

static void what_an_intake_cannot_do_without_is_named(void)
{
	static const struct without rows[] = {
		{HTTPS, "base=https://intake.example.ac.jp/v1\n",
			"[https] base:", "a URL of https without a slash at its end"},
		{HTTPS, "cert-file=c.pem\n", "[https] cert-file:", "the desk's own certificate"},
		{HTTPS, "key=k.pem\n", "[https] key:", "the certificate's key"},
		{SHAREPOINT, "tenant=example\n", "[sharepoint] tenant:", "the tenant's name or id"},
		{SHAREPOINT, "site=a.example,1,2\n", "[sharepoint] site:", "the site's id"},
		{SHAREPOINT, "list=l\n", "[sharepoint] list:", "the list's id"},
		{SHAREPOINT, "first-word=受付\n",
			"[sharepoint] first-word:", "a text for which a status key says 'waiting'"},
		{SHAREPOINT, "status.取消=cancelled\n", "[sharepoint] cancelled-word:",
			"a text for which a status key says 'cancelled'"},
		{POSTGRESQL, "connection=host=a,b\n",
			"[postgresql] connection:", "a connection string of libpq"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		unsigned line;
		g_autofree char *text = replaced(rows[i].text, rows[i].without, "", &line);
		g_autofree char *got = refusal("desk.conf", text);
		g_autofree char *want =
			g_strdup_printf("%s expected %s", rows[i].place, rows[i].expected);
		if (!strstr(got, want))
			fprintf(stderr, "%s\n", got);
		CHECK(strstr(got, want) != NULL);
	}
}

static void what_has_no_sense_is_named(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{"[intake]\nkind=mail\n",
			"desk.conf:2: [intake] kind: expected 'handoff', 'https', "
			"'sharepoint' or 'postgresql', got 'mail'"},
		{HTTPS "base2=x\n", "[https] base2: expected 'base', got 'base2'"},
		{"[https]\nfield.A=number\n", "[https] field.A: expected one of base"},
		{SHAREPOINT "field.A b=number\n", "expected 'field.' and the internal name of a "
						  "column, got 'field.A b'"},
		{SHAREPOINT "field.A=card\n",
			"[sharepoint] field.A: expected 'number', 'holder', 'size'"},
		{SHAREPOINT "field.A=payload.\n", "'envelope' or 'payload.NAME', got 'payload.'"},
		{SHAREPOINT "status.X=ready\n", "[sharepoint] status.X: expected"},
		{SHAREPOINT "key-column=Request Key\n",
			"[sharepoint] key-column: expected the internal name of a column"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		refused_for("desk.conf", rows[i].text, rows[i].expected);
}

static void an_intake_that_is_not_used_needs_nothing(void)
{
	AUTO(config)
	c = load("[https]\nbase=https://intake.example.ac.jp\n"
		 "[sharepoint]\ntenant=example\n");
	CHECK_INT(c->intakes->kind, INTAKES_HANDOFF);
}

int main(void)
{
	static const struct check_case cases[] = {
		{"without a word the clerks take the requests",
			without_a_word_the_clerks_take_the_requests},
		{"a list of SharePoint is told by its columns and words",
			a_list_of_sharepoint_is_told_by_its_columns_and_words},
		{"the desk's name goes with the database", the_desk_s_name_goes_with_the_database},
		{"what an intake cannot do without is named",
			what_an_intake_cannot_do_without_is_named},
		{"what has no sense is named", what_has_no_sense_is_named},
		{"an intake that is not used needs nothing",
			an_intake_that_is_not_used_needs_nothing},
	};
	return CHECK_MAIN("intakes", cases);
}
