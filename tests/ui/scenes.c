/* SPDX-License-Identifier: MIT */
#include "tests/ui/scenes.h"

#define MAY(...) "'intents': <@as [" __VA_ARGS__ "]>"
#define PROBLEM(id, turn, retry)                                                                   \
	"'problem': <'" id "'>, 'problem-turn': <'" turn "'>, 'problem-retry': <'" retry "'>"
#define BASE                                                                                       \
	"'desk': <'ENG1'>, 'office-ja': <'工学系研究科・工学部 窓口'>, "               \
	"'office-en': <'Counter of Engineering'>, 'today': <uint32 20261122>, "                    \
	"'reader': <'ACS ACR1252 1S CL Reader [ACR1252] 00 00'>, 'health': <@as []>, "             \
	"'pending': <uint32 0>, 'documents': <['drivers-license', 'passport', 'residence-card', "  \
	"'my-number-card']>, 'links': <[('verify', "                                               \
	"'https://identification.adm.u-tokyo.ac.jp/verify/'), "                                    \
	"('step1', 'https://utelecon.adm.u-tokyo.ac.jp/utokyo_account/mfa/initial/#first'), "      \
	"('step2', "                                                                               \
	"'https://utelecon.adm.u-tokyo.ac.jp/utokyo_account/mfa/initial/#alternative'), "          \
	"('step1-en', "                                                                            \
	"'https://utelecon.adm.u-tokyo.ac.jp/en/utokyo_account/mfa/initial/#first'), "             \
	"('step2-en', "                                                                            \
	"'https://utelecon.adm.u-tokyo.ac.jp/en/utokyo_account/mfa/initial/#alternative'), "       \
	"('change', 'https://utelecon.adm.u-tokyo.ac.jp/utokyo_account/mfa/change/'), "            \
	"('support', 'https://utelecon.adm.u-tokyo.ac.jp/support/'), "                             \
	"('support-en', 'https://utelecon.adm.u-tokyo.ac.jp/en/support/')]>"
#define CLERK "'clerk': <'窓口 A'>"
#define STUDENT                                                                                    \
	"'card': <true>, 'name-ja': <'東都 花子'>, 'name-en': <'Hanako Toto'>, 'contact': <true>"
#define ENGLISH "'card': <true>, 'name-en': <'Maria Andersson-Lindqvist'>, 'contact': <false>"
#define PRIVILEGED                                                                                 \
	"'card': <true>, 'name-ja': <'上野 六郎'>, 'name-en': <'Rokuro Ueno'>, 'contact': <true>"
#define SCIENCE                                                                                    \
	"'card': <true>, 'name-ja': <'理 五月'>, 'name-en': <'Satsuki Kotowari'>, 'contact': "  \
	"<true>"
#define ROLE                                                                                              \
	"'role': <'student'>, 'affiliation': <'37'>, 'affiliation-ja': <'工学系研究科・工学部 " \
	"窓口'>, 'affiliation-en': <'Counter of Engineering'>, 'term': <uint32 20290331>"
#define STAFF                                                                                           \
	"'role': <'staff'>, 'affiliation': <'37'>, 'affiliation-ja': <'工学系研究科・工学部 " \
	"窓口'>, 'affiliation-en': <'Counter of Engineering'>"
#define DIGITS(left)                                                                               \
	"'digits-places': <[uint32 10, 13, 17]>, 'digits-length': <uint32 18>, "                   \
	"'digits-left': <uint32 " left ">"
#define PASSED                "'digits-passed': <true>, 'common-id': <'3141592653'>"
#define QUESTION(word, value) "('" word "', '" value "')"
#define QUESTIONS(...)        "'questions': <[" __VA_ARGS__ "]>"
#define USABLE                QUESTIONS(QUESTION("usable", ""))
#define REASONS               "'reasons': <['lost', 'broken', 'changed', 'number-changed', 'other']>"
#define MAY_CHECK                                                                                  \
	MAY("'Check', 'Decide', 'Account', 'CallSecond', 'Answer', 'Reason', 'Phone', 'Cancel', "    \
	    "'Extend'")
#define GROUNDS                                                                                    \
	"'grounds': <['photo-compared', 'document-seen', 'colleague-confirmed', "                  \
	"'office-record', 'other']>"
#define ENGINEERING "'工学系研究科・工学部 窓口', 'Counter of Engineering'"
#define ACCOUNTS(first, second)                                                                    \
	"'accounts': <[('" first "', 'student', " ENGINEERING "), ('" second                       \
	"', 'staff', " ENGINEERING ")]>"
#define MAY_ROUTE MAY("'Answer', 'Reason', 'Phone', 'End', 'Cancel', 'Extend'")
#define INCIDENT                                                                                                                          \
	"'incident': <{'id': <'kddi-2022-07'>, 'carrier': <'KDDI'>, "                                                                     \
	"'brands': <['au', 'UQ mobile', 'povo']>, 'link': <'https://www.kddi.com/'>, "                                                    \
	"'ask-phone': <true>, 'to': <'counter'>, 'texts': <{"                                                                             \
	"'ja': ('au・UQ mobile・povo の通信障害が発生しています', "                                                        \
	"'電話番号で本人確認ができない方は，まず認証アプリやほかの電話番号をお試しください．', " \
	"'認証アプリ，またはほかの通信事業者の電話番号も登録してください．'), "                           \
	"'en': ('Outage of au, UQ mobile and povo', "                                                                                     \
	"'If you cannot verify by telephone, first try the authenticator app or another "                                                 \
	"number.', "                                                                                                                      \
	"'Please also register an authenticator app or a number of another carrier.')}>}>"
#define PAYLOAD_OF(id, ja, en)                                                                     \
	"'payload': <[('v', '1'), ('request', 'reregister-verification-method'), "                 \
	"('common_id', '" id "'), " ja "('name_en', '" en "'), ('role', 'student'), "              \
	"('affiliation', '37'), ('reason', 'lost'), ('desk', 'ENG1'), ('office', 'eng'), "         \
	"('asked_at', '2026-11-22T10:32:05+09:00')]>"
#define PAYLOAD      PAYLOAD_OF("3141592653", "('name_ja', '東都 花子'), ", "Hanako Toto")
#define PAYLOAD_LONG PAYLOAD_OF("1618033988", "", "Maria Andersson-Lindqvist")
#define DIGEST       "'digest': <'6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b'>"
#define OTHER_OFFICE                                                                               \
	"'route-office-ja': <'理学系研究科・理学部 学務担当'>, "                     \
	"'route-office-en': <'Academic Affairs, School of Science'>, "                             \
	"'route-place-ja': <'理学部1号館 1階'>, "                                            \
	"'route-place-en': <'Faculty of Science Bldg. 1, 1st floor'>, "                            \
	"'route-hours': <'9:00-12:30,13:30-17:00'>, 'route-open': <'lunch'>"
#define VERDICTS(...) "'verdicts': <[" __VA_ARGS__ "]>"
#define NUMBER        "'request': <'ENG1-20261122-0007K'>"
#define C(...)        __VA_ARGS__
#define ROW(name, state, person, desk, holder)                                                     \
	{                                                                                          \
		name, state, person, desk, holder                                                  \
	}

/* name, state, person?, desk, holder */
const struct scene scenes[] = {
	ROW("closed", "closed", FALSE,
		C("'health': <['P-02', 'P-24']>, 'reader': <''>, " PROBLEM(
			"P-02", "clerk", "wait") ", " MAY("'SignOut'")),
		C(PROBLEM("P-02", "clerk", "wait"))),
	ROW("closed-config", "closed", FALSE,
		C("'health': <['P-40']>, 'health-detail': <'/etc/madoguchi/madoguchi.conf:14: "
		  "[visit] holder-idle: expected 30 to 600'>, " PROBLEM("P-40", "it", "never")),
		C(PROBLEM("P-40", "it", "never"))),
	ROW("off-duty", "off-duty", FALSE, "'notice': <''>", "'notice': <''>"),
	ROW("off-duty-notice", "off-duty", FALSE, "'notice': <'P-35'>", "'notice': <''>"),
	ROW("sign-in", "sign-in", FALSE, MAY("'SignIn', 'Cancel'"), "'notice': <''>"),
	ROW("sign-in-wrong", "sign-in", FALSE,
		C(MAY("'SignIn', 'Cancel'") ", 'notice': <'P-36'>, 'wait': <uint32 30>"),
		"'notice': <''>"),
	ROW("welcome", "welcome", FALSE, C(CLERK ", " MAY("'SignOut', 'NoCard', 'Sheets'")),
		"'away': <true>"),
	ROW("welcome-pending", "welcome", FALSE,
		C(CLERK ", 'pending': <uint32 2>, 'pending-since': <int64 1795280000>, " MAY(
			"'SignOut', 'NoCard', 'Sheets'")),
		"'away': <true>"),
	ROW("welcome-other-reader", "welcome", FALSE,
		C(CLERK ", 'notice': <'P-17'>, " MAY("'SignOut', 'NoCard', 'Sheets'")),
		"'away': <true>, 'notice': <'P-17'>"),
	ROW("welcome-incident", "welcome", FALSE,
		C(CLERK ", " INCIDENT ", " MAY("'SignOut', 'NoCard', 'Sheets'")),
		C("'away': <true>, " INCIDENT)),
	ROW("reading", "reading", TRUE, C(CLERK ", " MAY("'Cancel'")), "'card': <true>"),
	ROW("lookup", "lookup", TRUE, C(CLERK ", " USABLE ", " MAY("'Answer', 'Cancel', 'Extend'")),
		C(USABLE ", 'card': <true>, " MAY("'Answer', 'Cancel', 'Extend'"))),
	ROW("check", "check", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " DIGITS("3") ", " USABLE
								", 'gate': <'digits'>, " MAY_CHECK),
		C(STUDENT ", " USABLE ", " MAY_CHECK)),
	ROW("check-wrong", "check", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " DIGITS("2") ", " QUESTIONS(
			QUESTION("usable", "no") ", " QUESTION("self-service", "")) ", " MAY_CHECK),
		C(STUDENT ", " QUESTIONS(QUESTION("usable", "no") ", " QUESTION(
			"self-service", "")) ", " MAY_CHECK)),
	ROW("check-english", "check", TRUE,
		C(CLERK ", " ENGLISH ", " ROLE ", " DIGITS("3") ", " USABLE ", " VERDICTS(
			"('no-contact', 'info', true), ('old-directory', "
			"'info', true)") ", 'source': <'snapshot'>, "
			"'source-hours': <uint32 75>, " MAY_CHECK),
		C(ENGLISH ", " USABLE ", " MAY_CHECK)),
	ROW("check-decide", "check", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " PASSED ", 'gate': <'decide'>, " USABLE
			", " VERDICTS(
				"('card-newer', 'decide', false), ('name-differs', 'decide', "
				"true), ('repeat-today', 'decide', false), "
				"('grace', 'info', true)") ", " GROUNDS ", " MAY_CHECK),
		C(STUDENT ", " USABLE ", " MAY_CHECK)),
	ROW("check-account", "check", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " PASSED ", 'gate': <'account'>, " USABLE
			", " VERDICTS("('two-accounts', 'decide', false)") ", " ACCOUNTS(
				"3141592653", "3605551275") ", " GROUNDS ", " MAY_CHECK),
		C(STUDENT ", " USABLE ", " ACCOUNTS("2653", "1275") ", " MAY_CHECK)),
	ROW("check-other-account", "check", TRUE,
		C(CLERK ", " STUDENT ", " STAFF ", " DIGITS("3") ", 'account': <'other'>, " QUESTIONS(
			QUESTION("usable", "no")) ", 'gate': <'digits'>, " VERDICTS(
			"('two-accounts', 'decide', true)") ", " MAY_CHECK),
		C(STUDENT ", 'account': <'other'>, " QUESTIONS(
			QUESTION("usable", "no")) ", " MAY_CHECK)),
	ROW("check-fallback", "check", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " PASSED ", 'gate': <'decide'>, " USABLE
			", 'source': <'snapshot'>, 'source-hours': <uint32 5>, " VERDICTS(
				"('directory-reason', 'decide', false), ('directory-second', "
				"'second', false), ('directory-fallback', 'info', "
				"true)") ", " GROUNDS ", " MAY_CHECK),
		C(STUDENT ", " USABLE ", " MAY_CHECK)),
	ROW("check-second", "check", TRUE,
		C(CLERK ", " PRIVILEGED ", " STAFF ", " PASSED ", 'gate': <'second'>, " USABLE
			", " VERDICTS("('privileged', 'second', false), ('card-newer', 'decide', "
				      "false)") ", " MAY_CHECK),
		C(PRIVILEGED ", " USABLE ", " MAY_CHECK)),
	ROW("check-no-card", "check", TRUE,
		C(CLERK ", 'document': <'passport'>, 'name-ja': <'東都 花子'>, 'name-en': <'Hanako "
			"Toto'>, " ROLE ", 'gate': <'digits'>, " USABLE
			", " VERDICTS("('no-card', 'second', false)") ", " MAY_CHECK),
		C("'name-ja': <'東都 花子'>, 'name-en': <'Hanako Toto'>, " USABLE ", " MAY_CHECK)),
	ROW("second", "second", TRUE, C(CLERK ", " MAY("'Cancel', 'Extend'")),
		C(PRIVILEGED ", " USABLE ", " MAY("'Cancel', 'Extend'"))),
	ROW("second-unit", "second", TRUE,
		C(CLERK ", 'notice': <'P-39'>, " MAY("'Cancel', 'Extend'")),
		C(PRIVILEGED ", " USABLE ", " MAY("'Cancel', 'Extend'"))),
	ROW("second-pin", "second-pin", TRUE, C(CLERK ", " MAY("'SignIn', 'Cancel', 'Extend'")),
		C(PRIVILEGED ", " USABLE ", " MAY("'SignIn', 'Cancel', 'Extend'"))),
	ROW("route-open", "route", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " PASSED ", 'route': <'open'>, " QUESTIONS(
			QUESTION("usable", "no") ", " QUESTION("self-service", "")) ", " MAY_ROUTE),
		C(STUDENT ", 'route': <'open'>, " QUESTIONS(QUESTION("usable", "no") ", " QUESTION(
			"self-service", "")) ", " MAY_ROUTE)),
	ROW("route-reason", "route", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " PASSED ", 'route': <'open'>, " REASONS
			", 'need-reason': <true>, " QUESTIONS(QUESTION("usable",
				"no") ", " QUESTION("self-service", "no")) ", " MAY_ROUTE),
		C(STUDENT ", 'route': <'open'>, " QUESTIONS(QUESTION("usable", "no") ", " QUESTION(
			"self-service", "no")) ", " MAY_ROUTE)),
	ROW("route-phone", "route", TRUE,
		C(CLERK ", " STUDENT ", " ROLE ", " PASSED ", 'route': <'open'>, " INCIDENT
			", 'need-phone': <true>, " QUESTIONS(QUESTION("usable", "no") ", " QUESTION(
				"affected", "yes") ", " QUESTION("authenticator",
				"no") ", " QUESTION("other-number", "no") ", " QUESTION("internet",
				"yes") ", " QUESTION("spare-number",
				"no") ", " QUESTION("self-service", "no")) ", " MAY_ROUTE),
		C(STUDENT ", 'route': <'open'>, " INCIDENT ", 'need-phone': <true>, " QUESTIONS(
			QUESTION("usable", "no") ", " QUESTION("affected", "yes")) ", " MAY_ROUTE)),
	ROW("route-not-needed", "route", TRUE,
		C(CLERK ", " STUDENT ", 'route': <'not-needed'>, " QUESTIONS(
			QUESTION("usable", "yes")) ", " MAY_ROUTE),
		C(STUDENT ", 'route': <'not-needed'>, " QUESTIONS(
			QUESTION("usable", "yes")) ", " MAY_ROUTE)),
	ROW("route-self-service", "route", TRUE,
		C(CLERK ", " STUDENT ", 'route': <'self-service'>, " QUESTIONS(QUESTION(
			"usable", "no") ", " QUESTION("self-service", "yes")) ", " MAY_ROUTE),
		C(STUDENT ", 'route': <'self-service'>, " QUESTIONS(QUESTION(
			"usable", "no") ", " QUESTION("self-service", "yes")) ", " MAY_ROUTE)),
	ROW("route-other-desk", "route", TRUE,
		C(CLERK ", " SCIENCE ", 'route': <'other-desk'>, " OTHER_OFFICE
			", " QUESTIONS(QUESTION("usable", "no")) ", " MAY_ROUTE),
		C(SCIENCE ", 'route': <'other-desk'>, " OTHER_OFFICE
			  ", " QUESTIONS(QUESTION("usable", "no")) ", " MAY_ROUTE)),
	ROW("route-support-desk", "route", TRUE,
		C(CLERK ", " SCIENCE ", 'route': <'support-desk'>, " QUESTIONS(
			QUESTION("usable", "no")) ", " MAY_ROUTE),
		C(SCIENCE ", 'route': <'support-desk'>, " QUESTIONS(
			QUESTION("usable", "no")) ", " MAY_ROUTE)),
	ROW("consent", "consent", TRUE,
		C(CLERK ", " STUDENT ", 'route': <'here'>, " PAYLOAD
			", " MAY("'Shown', 'Consent', 'Cancel', 'Extend'")),
		C(STUDENT ", 'route': <'here'>, " PAYLOAD ", " DIGEST
			  ", " MAY("'Shown', 'Consent', 'Cancel', 'Extend'"))),
	ROW("consent-armed", "consent", TRUE,
		C(CLERK ", " ENGLISH ", 'route': <'here'>, 'shown': <true>, " PAYLOAD_LONG
			", " MAY("'Shown', 'Consent', 'Cancel', 'Extend'")),
		C(ENGLISH ", 'route': <'here'>, 'shown': <true>, 'armed': <true>, 'away': "
			  "<true>, " PAYLOAD_LONG ", " DIGEST
			  ", " MAY("'Shown', 'Consent', 'Cancel', 'Extend'"))),
	ROW("consent-no-card", "consent", TRUE,
		C(CLERK ", 'name-ja': <'東都 花子'>, 'route': <'here'>, 'shown': <true>, " PAYLOAD
			", " MAY("'Shown', 'Consent', 'Cancel', 'Extend'")),
		C("'name-ja': <'東都 花子'>, 'route': <'here'>, 'shown': <true>, " PAYLOAD
		  ", " DIGEST ", " MAY("'Shown', 'Consent', 'Cancel', 'Extend'"))),
	ROW("filing", "filing", TRUE, CLERK, STUDENT),
	ROW("receipt", "receipt", TRUE, C(CLERK ", " NUMBER ", " MAY("'End', 'Extend'")),
		C(STUDENT ", " NUMBER ", " MAY("'End', 'Extend'"))),
	ROW("receipt-incident", "receipt", TRUE,
		C(CLERK ", " NUMBER ", " INCIDENT ", " MAY("'End', 'Extend'")),
		C(ENGLISH ", " NUMBER ", " INCIDENT ", " MAY("'End', 'Extend'"))),
	ROW("take-card", "take-card", FALSE, C(CLERK ", " MAY("'SignOut'")), "'card': <true>"),
	ROW("problem-tap", "problem", TRUE,
		C(CLERK ", " PROBLEM("P-06", "holder", "tap") ", " MAY(
			"'End', 'Cancel', 'Extend'")),
		C(PROBLEM("P-06", "holder", "tap") ", " MAY("'End', 'Cancel', 'Extend'"))),
	ROW("problem-reader", "problem", TRUE,
		C(CLERK ", 'problem-reader': <'ACS ACR122U PICC Interface (0000001) 00 "
			"00'>, " PROBLEM("P-11", "it", "tap") ", " MAY(
				"'End', 'Cancel', 'Extend'")),
		C(PROBLEM("P-11", "it", "tap") ", " MAY("'End', 'Cancel', 'Extend'"))),
	ROW("problem-stop", "problem", TRUE,
		C(CLERK ", 'name-ja': <'川辺 三郎'>, 'name-en': <'Saburo Kawabe'>, " PROBLEM("P-30",
			"clerk",
			"never") ", " VERDICTS("('card-expired', 'stop', false), ('wrong-desk', "
					       "'info', true)") ", " MAY("'End', 'Cancel', "
									 "'Extend'")),
		C(PROBLEM("P-30", "clerk", "never") ", " MAY("'End', 'Cancel', 'Extend'"))),
};
const gsize n_scenes = G_N_ELEMENTS(scenes);

const char *const scene_marks[] = {"東都", "花子", "Hanako", "Toto", "Maria", "Andersson", "上野",
	"Rokuro", "五月", "Satsuki", "川辺", "Saburo", "3141592653", "314 159", "3605551275", "360 555", "1618033988",
	"618 033", NULL};

const struct scene *scene_find(const char *name)
{
	for (gsize i = 0; i < n_scenes; i++)
		if (g_str_equal(scenes[i].name, name))
			return &scenes[i];
	return NULL;
}

/* Of a key that stands twice the first one counts for those who look it up. */
static GVariant *parse(const struct scene *scene, const char *own, guint64 visit, guint step)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text =
		g_strdup_printf("{'state': <'%s'>, 'visit': <uint64 %" G_GUINT64_FORMAT
				">, 'step': <uint32 %u>, %s, " BASE "}",
			scene->state, scene->person ? visit : 0, step, own);
	GVariant *view = g_variant_parse(G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
	if (!view)
		g_error("scene %s: %s", scene->name, error->message);
	return view;
}

GVariant *scene_desk(const struct scene *scene, guint64 visit, guint step)
{
	return parse(scene, scene->desk, visit, step);
}

GVariant *scene_holder(const struct scene *scene, guint64 visit, guint step)
{
	return parse(scene, scene->holder, visit, step);
}

GVariant *scene_health(const struct scene *scene)
{
	static const char *const keys[] = {
		"health", "pending", "pending-since", "reader", "left", "clerk-left"};
	g_autoptr(GVariant) desk = g_variant_ref_sink(scene_desk(scene, 1, 1));
	GVariantDict health;
	g_variant_dict_init(&health, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autoptr(GVariant) value = g_variant_lookup_value(desk, keys[i], NULL);
		if (value)
			g_variant_dict_insert_value(&health, keys[i], value);
	}
	return g_variant_dict_end(&health);
}
