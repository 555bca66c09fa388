/* SPDX-License-Identifier: MIT */
#include "tests/seen/table.h"

#include <string.h>

const char *const table_files[TABLE_FILES] = {
	[TABLE_SEEN] = "samples/layouts-seen.conf",
	[TABLE_OTHERS] = "samples/layouts-others.conf",
	[TABLE_TOKENS] = "samples/layouts-tokens.conf",
	[TABLE_DEFAULT] = "defaults/layouts.conf",
};

#define STUDENT  "student", "student-number"
#define STAFF    "staff", "staff-number"
#define NO_CLASS "", "student-number"
#define SERIAL   "", "card-serial"
#define NO_NAME  ""
#define STATES_0 -1, 0, 0 /* no re-issue count, no dates */
#define DATED    0, 20240401, 20990331
#define IDM(x)   "012E4C0A112233" #x, false, CARD_UNAUTHENTICATED
#define STABLE   true, CARD_UNAUTHENTICATED
#define NO_IDM   "0000000000000000", false, CARD_UNAUTHENTICATED

static const struct table_row table[] = {
	/* Each form of FCF card seen, with its own layout. */
	{"rw-fcf-viewer", TABLE_SEEN, "seen-viewer", CARD_ERR_OK, STUDENT, "999900001234",
		"トウダイ タロウ", 1, 20240401, 20990331, IDM(40)},
	{"rw-kpu", TABLE_SEEN, "seen-kpu", CARD_ERR_OK, NO_CLASS, "99123456", "洛北 花子", STATES_0,
		IDM(41)},
	{"rw-icu", TABLE_SEEN, "seen-icu", CARD_ERR_OK, NO_CLASS, "991234", "MITAKA,HANAKO",
		STATES_0, IDM(42)},
	{"rw-slp", TABLE_SEEN, "seen-kbit", CARD_ERR_OK, NO_CLASS, "991s77", "サヌキ ハナコ",
		STATES_0, IDM(43)},
	{"rw-tus-student", TABLE_SEEN, "seen-tus", CARD_ERR_OK, STUDENT, "9912345", NO_NAME,
		STATES_0, IDM(44)},
	{"rw-tus-staff", TABLE_SEEN, "seen-tus", CARD_ERR_OK, STAFF, "991234", NO_NAME, STATES_0,
		IDM(45)},
	{"rw-seven", TABLE_SEEN, "seen-seven", CARD_ERR_OK, STUDENT, "9A12345", NO_NAME, STATES_0,
		IDM(46)},
	{"rw-seven-staff", TABLE_SEEN, "seen-seven", CARD_ERR_OK, STAFF, "9B12345", NO_NAME,
		STATES_0, IDM(47)},
	{"rw-filler", TABLE_SEEN, "seen-filled", CARD_ERR_OK, NO_CLASS, "9912345", NO_NAME,
		STATES_0, IDM(48)},
	{"rw-right", TABLE_SEEN, "seen-right", CARD_ERR_OK, NO_CLASS, "991234", NO_NAME, STATES_0,
		IDM(49)},
	{"rw-eleven", TABLE_SEEN, "seen-eleven", CARD_ERR_OK, NO_CLASS, "99T12345678", NO_NAME,
		STATES_0, IDM(4A)},
	{"rw-nul", TABLE_SEEN, "seen-nul", CARD_ERR_OK, NO_CLASS, "9912345678", NO_NAME, STATES_0,
		IDM(4B)},
	{"rw-ten", TABLE_SEEN, "seen-ten", CARD_ERR_OK, NO_CLASS, "9900112233", NO_NAME, STATES_0,
		IDM(4C)},
	{"rw-tdu", TABLE_SEEN, "seen-tdu", CARD_ERR_OK, NO_CLASS, "99NC010", NO_NAME, STATES_0,
		IDM(4D)},
	{"rw-eight", TABLE_SEEN, "seen-eight", CARD_ERR_OK, NO_CLASS, "99A00123", NO_NAME, STATES_0,
		IDM(4E)},
	{"rw-coop", TABLE_SEEN, "seen-coop", CARD_ERR_NO_DATA},
	/* Other services and systems. */
	{"rw-200b", TABLE_SEEN, "seen-200b", CARD_ERR_OK, NO_CLASS, "99123456", NO_NAME, STATES_0,
		IDM(50)},
	{"rw-200b-block1", TABLE_SEEN, "seen-200b-second", CARD_ERR_OK, NO_CLASS, "99123456",
		NO_NAME, STATES_0, IDM(51)},
	{"rw-09cb", TABLE_SEEN, "seen-09cb", CARD_ERR_OK, NO_CLASS, "99T12345", NO_NAME, STATES_0,
		IDM(52)},
	{"rw-81f8", TABLE_SEEN, "seen-ibaraki", CARD_ERR_OK, NO_CLASS, "99T1234A", NO_NAME,
		STATES_0, IDM(53)},
	{"rw-81f8-second", TABLE_SEEN, "seen-ibaraki-second", CARD_ERR_OK, NO_CLASS, "99T1234B",
		NO_NAME, STATES_0, IDM(5F)},
	{"rw-110b", TABLE_SEEN, "seen-110b", CARD_ERR_OK, NO_CLASS, "9912345678", NO_NAME, STATES_0,
		IDM(54)},
	{"rw-sui", TABLE_SEEN, "seen-lite-s", CARD_ERR_OK, NO_CLASS, "99123456", NO_NAME, STATES_0,
		IDM(55)},
	/* No FCF campus card. */
	{"fcf-un", TABLE_OTHERS, "fcf-un", CARD_ERR_OK, SERIAL, "3921019912345678", NO_NAME,
		STATES_0, IDM(56)},
	{"iso-binary", TABLE_OTHERS, "iso-file", CARD_ERR_OK, STUDENT, "99-246801", "トウト ハナコ",
		-1, 0, 20990331, NO_IDM},
	{"iso-record", TABLE_OTHERS, "iso-record", CARD_ERR_OK, "", "common-id", "0099246801",
		NO_NAME, -1, 20240401, 20990331, NO_IDM},
	{"mifare-uid", TABLE_OTHERS, "uid-4", CARD_ERR_OK, SERIAL, "5AA1B2C4", NO_NAME, STATES_0,
		"5AA1B2C400000000", STABLE},
	{"mifare-7", TABLE_OTHERS, "uid-7", CARD_ERR_OK, SERIAL, "04A1B2C3D4E580", NO_NAME,
		STATES_0, "04A1B2C3D4E58000", STABLE},
	{"mifare-random", TABLE_OTHERS, "uid-4", CARD_ERR_UNKNOWN_CARD},
	{"iso-long", TABLE_OTHERS, "iso-record", CARD_ERR_UNKNOWN_CARD}, /* another application */
	/* Issued by the university itself. */
	{"lite-s", TABLE_TOKENS, "token", CARD_ERR_OK, STUDENT, "99-246801", "トウト ハナコ", 0, 0,
		0, "012E4C0A11223359", true, CARD_MAC_VERIFIED},
	{"lite-s-forged", TABLE_TOKENS, "token", CARD_ERR_UNPROVEN},
	/* FCF cards of the sample site that are odd in other ways. */
	{"eight-blocks", TABLE_DEFAULT, "fcf", CARD_ERR_OK, STUDENT, "99-246802", "フルカワ ユウ",
		DATED, "012E4C0A11223358", STABLE},
	{"poll-first", TABLE_DEFAULT, "fcf", CARD_ERR_OK, STUDENT, "99-246801", "ニバンメ シズ",
		DATED, "012E4C0A11223357", STABLE},
	{"wallet", TABLE_DEFAULT, "fcf", CARD_ERR_OK, STUDENT, "99-246803", "トウト ハナコ", DATED,
		"012E4C0A1122335B", STABLE},
	{"wallet-transit-first", TABLE_DEFAULT, "fcf", CARD_ERR_OK, STUDENT, "99-246803",
		"トウト ハナコ", DATED, "012E4C0A1122335C", STABLE},
	{"wallet-two", TABLE_DEFAULT, "fcf", CARD_ERR_OK, STUDENT, "99-246804", "トウト ハナコ",
		DATED, "012E4C0A1122335D", STABLE},
	{"wallet-mifare", TABLE_DEFAULT, "fcf", CARD_ERR_OK, STUDENT, "37-246801", "トウト ハナコ",
		DATED, "012E4C0A11223301", STABLE},
	{"flapping", TABLE_DEFAULT, "fcf", CARD_ERR_OK, STUDENT, "99-246805", "ハタ マキ", DATED,
		"012E4C0A1122335E", STABLE, true},
};

#define N_ROWS (sizeof(table) / sizeof(table[0]))

const struct table_row *table_row(size_t i)
{
	return i < N_ROWS ? &table[i] : NULL;
}

bool table_has(const char *id)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (strcmp(table[i].id, id) == 0)
			return true;
	return false;
}
