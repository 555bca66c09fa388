/* SPDX-License-Identifier: MIT
 *
 * test_incidents.c - incident files come and go while the service runs.
 */
#include "kiosk/config/incidents.h"

#include "kiosk/config/config.h"
#include "tests/visit/folder.h"

#define SAMPLE      "assets/samples/incidents/2022-07-au.incident"
#define DEMO        "assets/samples/incidents/demo.incident"
#define DEADLINE_US (10 * G_TIME_SPAN_SECOND)

static const struct civil outage = {20220703, 600};

static void on_changed(gpointer data)
{
	(*(unsigned *)data)++;
}

static gboolean on_tick(gpointer data)
{
	return G_SOURCE_CONTINUE;
}

/* Let the main loop do one thing; at the latest after a tick it comes back. */
static void step(void)
{
	guint tick = g_timeout_add(20, on_tick, NULL);
	g_main_context_iteration(NULL, TRUE);
	g_source_remove(tick);
}

/* Run the main loop until `is` shows `id` ("" for none) and a fault or none. */
static gboolean wait_for(
	const struct incidents *is, const char *id, const char *fault, struct civil now)
{
	gint64 deadline = g_get_monotonic_time() + DEADLINE_US;

	while (g_get_monotonic_time() < deadline) {
		const struct incident *i = incidents_at(is, now);
		const char *said = incidents_fault(is);
		if (strcmp(i ? i->id : "", id) == 0 && (fault != NULL) == (said != NULL) &&
			(!fault || strstr(said, fault)))
			return TRUE;
		step();
	}
	fprintf(stderr, "still not '%s' (fault: %s)\n", id,
		incidents_fault(is) ? incidents_fault(is) : "none");
	return FALSE;
}

static void a_file_that_appears_changes_breaks_and_goes_is_followed(void)
{
	char *dir = folder_new();
	unsigned changes = 0, line;
	struct incidents *is = incidents_watch(dir, on_changed, &changes);
	g_autofree char *text = source_text(SAMPLE);
	g_autofree char *other = replaced(text, "id=2022-07-au", "id=second", &line);
	g_autofree char *broken = replaced(text, "to=2022-07-06 00:00", "to=soon", &line);

	CHECK(wait_for(is, "", NULL, outage));
	g_autofree char *path = folder_write(dir, "a.incident", text);
	CHECK(wait_for(is, "2022-07-au", NULL, outage));
	CHECK(changes > 0);
	g_free(folder_write(dir, "a.incident", other));
	CHECK(wait_for(is, "second", NULL, outage));
	g_free(folder_write(dir, "a.incident", broken));
	CHECK(wait_for(is, "", "[incident] to: expected a moment", outage));
	g_free(folder_write(dir, "a.incident", text));
	CHECK(wait_for(is, "2022-07-au", NULL, outage));
	CHECK_INT(g_remove(path), 0);
	CHECK(wait_for(is, "", NULL, outage));
	incidents_free(is);
	folder_free(dir);
}

static void a_broken_file_leaves_the_others_in_force(void)
{
	char *dir = folder_new();
	g_autofree char *text = source_text(SAMPLE);
	g_free(folder_write(dir, "a.incident", "[incident]\nid=x\n"));
	g_free(folder_write(dir, "b.incident", text));
	AUTO(incidents) is = incidents_watch(dir, NULL, NULL);

	CHECK_STR(incidents_at(is, outage)->id, "2022-07-au");
	CHECK(strstr(incidents_fault(is), "a.incident:1: [incident] from: expected") != NULL);
	folder_free(dir);
}

static void only_files_named_incident_count(void)
{
	char *dir = folder_new();
	g_autofree char *text = source_text(SAMPLE);
	g_free(folder_write(dir, "a.incident~", text));
	g_free(folder_write(dir, ".b.incident", text));
	g_free(folder_write(dir, "c.txt", "no sense at all"));
	AUTO(incidents) is = incidents_watch(dir, NULL, NULL);

	CHECK(incidents_at(is, outage) == NULL);
	CHECK(incidents_fault(is) == NULL);
	folder_free(dir);
}

static void the_incident_begun_last_is_the_one_in_force(void)
{
	char *dir = folder_new();
	g_autofree char *sample = source_text(SAMPLE), *demo = source_text(DEMO);
	unsigned line;
	g_autofree char *again = replaced(demo, "id=demo", "id=demo-again", &line);
	g_free(folder_write(dir, "z.incident", sample));
	g_free(folder_write(dir, "b.incident", demo));
	g_free(folder_write(dir, "a.incident", again));
	AUTO(incidents) is = incidents_watch(dir, NULL, NULL);

	CHECK_STR(incidents_at(is, outage)->id, "2022-07-au");
	CHECK_STR(incidents_at(is, (struct civil){20220706, 0})->id, "demo-again");
	CHECK(incidents_at(is, (struct civil){20211231, 1439}) == NULL);
	folder_free(dir);
}

static void one_id_stands_for_one_incident(void)
{
	char *dir = folder_new();
	g_autofree char *text = source_text(SAMPLE);
	g_free(folder_write(dir, "a.incident", text));
	g_free(folder_write(dir, "b.incident", text));
	AUTO(incidents) is = incidents_watch(dir, NULL, NULL);

	CHECK(incidents_at(is, outage) != NULL);
	CHECK(strstr(incidents_fault(is), "b.incident: [incident] id: expected one no other"));
	folder_free(dir);
}

static void more_files_than_the_limit_are_named(void)
{
	char *dir = folder_new();
	g_autofree char *text = source_text(SAMPLE);

	for (unsigned i = 0; i <= INCIDENT_MAX; i++) {
		unsigned line;
		g_autofree char *name = g_strdup_printf("%u.incident", i);
		g_autofree char *id = g_strdup_printf("id=n%u", i);
		g_autofree char *other = replaced(text, "id=2022-07-au", id, &line);
		g_free(folder_write(dir, name, other));
	}
	AUTO(incidents) is = incidents_watch(dir, NULL, NULL);
	CHECK(incidents_at(is, outage) != NULL);
	CHECK(strstr(incidents_fault(is), "8.incident: expected at most 8 files") != NULL);
	folder_free(dir);
}

static void a_missing_folder_is_no_incidents(void)
{
	AUTO(incidents) is = incidents_watch("/nonexistent/incidents", NULL, NULL);
	CHECK(incidents_at(is, outage) == NULL);
	CHECK(incidents_fault(is) == NULL);
}

static void freed_in_the_middle_of_a_change_nothing_is_called_any_more(void)
{
	char *dir = folder_new();
	unsigned changes = 0;
	struct incidents *is = incidents_watch(dir, on_changed, &changes);
	gint64 deadline = g_get_monotonic_time() + G_TIME_SPAN_SECOND / 2;

	g_free(folder_write(dir, "a.incident", "x"));
	g_main_context_iteration(NULL, FALSE);
	CHECK(incidents_free(is) == NULL);
	while (g_get_monotonic_time() < deadline)
		step();
	CHECK_INT(changes, 0);
	folder_free(dir);
}

static void the_sample_of_july_2022_is_complete(void)
{
	static struct incident i;
	g_autoptr(GError) error = NULL;

	CHECK(incident_load(SOURCE_ROOT "/" SAMPLE, &i, &error));
	CHECK_INT(i.n_brands, 3);
	CHECK_STR(i.brands[1], "UQ mobile");
	CHECK_INT(i.to_whom, INCIDENT_TO_SUPPORT);
	CHECK(i.ask_phone);
	CHECK_STR(i.method, "phone");
	CHECK(g_str_has_prefix(i.support_link, "https://forms.gle/"));
	CHECK_INT(i.n_texts, 2);
	CHECK_STR(incident_text(&i, "ja")->lang, "ja");
	CHECK(*incident_text(&i, "en")->advice);
	CHECK(strchr(incident_text(&i, "ja")->body, '\n') != NULL);
}

static const struct {
	const char *from, *to, *expected;
} bad[] = {
	{"\nid=2022-07-au", "\nid=2022 07", "id: expected a word of [a-z0-9-]"},
	{"\nfrom=2022-07-02 00:00", "\nfrom=2022-07-02", "from: expected a moment"},
	{"\nfrom=2022-07-02 00:00", "\nfrom=2022-07-02 24:00", "from: expected a moment"},
	{"\nfrom=2022-07-02 00:00", "\nfrom=", "from: expected a moment"},
	{"\nto=2022-07-06 00:00", "\nto=2022-07-02 00:00", "to: expected a moment after 'from'"},
	{"\nto=2022-07-06 00:00", "\nto=2022-06-31 00:00", "to: expected a moment"},
	{"\nbrands=au;UQ mobile;povo", "\nbrands=;", "brands: expected"},
	{"\nbrands=au", "\nbrnads=au", "brnads: expected 'brands'"},
	{"\nlink=https", "\nlink=http", "link: expected an address"},
	{"\nlink=https://news", "\nlink=https://ne ws", "link: expected an address"},
	{"\nrequest-to=support", "\nrequest-to=nobody",
		"request-to: expected 'counter' or 'support'"},
	{"\nsupport-link=https://forms.gle/AQevtbkCgRvn6wc39",
		"\nsupport-link=", "support-link: expected an address"},
	{"\nask-phone=true", "\nask-phone=1", "ask-phone: expected 'true' or 'false'"},
	{"\n[text ja]", "\n[text JA]", "[text JA]: expected"},
	{"\n[text ja]", "\n[texts]", "[texts]: expected"},
	{"\ntitle=au", "\ntitle=a\\nu", "title: expected one line of 1 to 1023 bytes"},
	{"\nbody=7", "\nbodi=7", "bodi: expected 'body'"},
};

static void every_bad_value_of_an_incident_is_named_with_its_line(void)
{
	char *dir = folder_new();
	g_autofree char *text = source_text(SAMPLE);

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		static struct incident incident;
		g_autoptr(GError) error = NULL;
		unsigned line = 0;
		g_autofree char *broken = replaced(text, bad[i].from, bad[i].to, &line);
		g_autofree char *path = folder_write(dir, "a.incident", broken);
		g_autofree char *place = g_strdup_printf("%s:%u: ", path, line + 1);
		CHECK(!incident_load(path, &incident, &error));
		if (!error || !g_str_has_prefix(error->message, place) ||
			!strstr(error->message, bad[i].expected))
			fprintf(stderr, "%s\n  %s\n", bad[i].expected,
				error ? error->message : "(accepted)");
		CHECK(error && g_str_has_prefix(error->message, place));
		CHECK(error && strstr(error->message, bad[i].expected));
		CHECK_INT(incident.n_texts, 0);
	}
	folder_free(dir);
}

static void an_incident_without_any_text_is_refused(void)
{
	char *dir = folder_new();
	g_autofree char *text = source_text(DEMO);
	static struct incident incident;
	g_autoptr(GError) error = NULL;

	*strstr(text, "[text ja]") = '\0';
	g_autofree char *path = folder_write(dir, "a.incident", text);
	CHECK(!incident_load(path, &incident, &error));
	CHECK(error && strstr(error->message, "expected a group [text ja] or [text en]"));
	folder_free(dir);
}

static const struct check_case cases[] = {
	{"a file that appears, changes, breaks and goes is followed",
		a_file_that_appears_changes_breaks_and_goes_is_followed},
	{"a broken file leaves the others in force", a_broken_file_leaves_the_others_in_force},
	{"only files named *.incident count", only_files_named_incident_count},
	{"the incident begun last is the one in force",
		the_incident_begun_last_is_the_one_in_force},
	{"one id stands for one incident", one_id_stands_for_one_incident},
	{"more files than the limit are named", more_files_than_the_limit_are_named},
	{"a missing folder is no incidents", a_missing_folder_is_no_incidents},
	{"freed in the middle of a change nothing is called any more",
		freed_in_the_middle_of_a_change_nothing_is_called_any_more},
	{"the sample of July 2022 is complete", the_sample_of_july_2022_is_complete},
	{"an incident without any text is refused", an_incident_without_any_text_is_refused},
	{"every bad value of an incident is named with its line",
		every_bad_value_of_an_incident_is_named_with_its_line},
};

int main(void)
{
	return CHECK_MAIN("incidents", cases);
}
