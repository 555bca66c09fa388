/* SPDX-License-Identifier: MIT
 *
 * The reader that pcscd loads, without pcscd: what it makes of cards and of
 * whatever else connects.
 */
#include "tests/check.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/virtual/field.h"
#include "tests/virtual/ifd_reader.h"

#define EVENT_MS 5000

struct set {
	char *dir, *path;
	struct reader *reader;
	struct vcard *student, *staff;
	struct field *field;
};

static void set_up(struct set *s)
{
	s->dir = g_dir_make_tmp("reader-XXXXXX", NULL);
	s->path = g_build_filename(s->dir, "reader", NULL);
	s->reader = reader_open(s->path);
	s->field = field_new(s->path, READER_KIND_SESSION);
	s->student = vcard_find(VCARD_DIR, "student", NULL);
	s->staff = vcard_find(VCARD_DIR, "staff", NULL);
	if (!s->reader || !s->field || !s->student || !s->staff)
		exit(2);
}

static void tear_down(struct set *s)
{
	field_free(s->field);
	reader_close(s->reader);
	vcard_free(s->student);
	vcard_free(s->staff);
	g_rmdir(s->dir);
	g_free(s->path);
	g_free(s->dir);
}

/* One round of pcscd's event thread; what it sees afterwards. */
static bool round_of_events(struct set *s)
{
	reader_wait(s->reader, EVENT_MS);
	return reader_card_present(s->reader, true);
}

static int dial(const struct set *s)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	g_strlcpy(address.sun_path, s->path, sizeof(address.sun_path));
	CHECK_INT(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static bool is_closed(int fd)
{
	char byte;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, EVENT_MS) == 1 && recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void a_card_comes_and_goes(void)
{
	struct set s;
	uint8_t atr[WIRE_ATR_MAX];
	size_t len = 0;
	set_up(&s);
	CHECK(!reader_card_present(s.reader, true));
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	CHECK_INT(reader_power_up(s.reader, WIRE_POWER_UP, atr, &len), READER_OK);
	CHECK_INT(len, s.student->atr_len);
	field_remove(s.field);
	CHECK(!round_of_events(&s));
	CHECK_INT(reader_power_up(s.reader, WIRE_POWER_UP, atr, &len), READER_NO_CARD);
	tear_down(&s);
}

/* However often the event thread asks within a round, and whoever asks beside it. */
static void a_quick_swap_shows_an_empty_field_for_one_round(void)
{
	static const uint8_t get_uid[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	struct set s;
	uint8_t uid[WIRE_APDU_MAX];
	size_t len;
	set_up(&s);
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	field_insert(s.field, s.staff);
	CHECK(!round_of_events(&s));
	CHECK(!reader_card_present(s.reader, true));
	CHECK(!reader_card_present(s.reader, false));
	CHECK_INT(reader_exchange(s.reader, get_uid, sizeof(get_uid), uid, sizeof(uid), &len),
		READER_NO_CARD);
	CHECK(round_of_events(&s));
	CHECK_INT(reader_exchange(s.reader, get_uid, sizeof(get_uid), uid, sizeof(uid), &len),
		READER_OK);
	CHECK_INT(uid[7], 0x02);
	tear_down(&s);
}

static void who_says_nothing_is_closed_in_time(void)
{
	struct set s;
	set_up(&s);
	int fd = dial(&s);
	gint64 from = g_get_monotonic_time();
	reader_wait(s.reader, 2 * READER_HELLO_MS);
	CHECK(is_closed(fd));
	CHECK((g_get_monotonic_time() - from) / 1000 < 3 * READER_HELLO_MS);
	CHECK(!reader_card_present(s.reader, true));
	close(fd);
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	tear_down(&s);
}

static void what_is_out_of_form_is_closed_at_once(void)
{
	static const char *const messages[] = {
		"H", "X\1", "H\2;", "H\1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "R\1", ""};
	struct set s;
	set_up(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
		int fd = dial(&s);
		send(fd, messages[i], strlen(messages[i]), MSG_NOSIGNAL);
		reader_wait(s.reader, 20);
		CHECK(!reader_card_present(s.reader, true));
		CHECK(is_closed(fd));
		close(fd);
	}
	tear_down(&s);
}

static void a_second_card_is_refused(void)
{
	struct set s;
	char answer[WIRE_HEAD] = {0};
	set_up(&s);
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	int fd = dial(&s);
	send(fd, "H\1;", 3, MSG_NOSIGNAL);
	reader_wait(s.reader, 20);
	CHECK_INT(recv(fd, answer, sizeof(answer), MSG_DONTWAIT), WIRE_HEAD);
	CHECK_INT(answer[0], WIRE_REFUSED);
	CHECK(is_closed(fd));
	CHECK(reader_card_present(s.reader, true));
	close(fd);
	tear_down(&s);
}

static gpointer answer_late_and_wrong(gpointer data)
{
	int fd = GPOINTER_TO_INT(data);
	uint8_t message[WIRE_MESSAGE_MAX], wrong[WIRE_HEAD + 2] = {WIRE_ANSWER, 0, 0x12, 0x34};
	ssize_t len;
	do
		len = recv(fd, message, sizeof(message), 0);
	while (len > 0 && message[0] != WIRE_APDU);
	wrong[1] = (uint8_t)(message[1] - 1); /* of the APDU before */
	send(fd, wrong, sizeof(wrong), MSG_NOSIGNAL);
	send(fd, "junk", 4, MSG_NOSIGNAL);
	wrong[1] = message[1];
	wrong[2] = 0x90;
	wrong[3] = 0x00;
	send(fd, wrong, sizeof(wrong), MSG_NOSIGNAL);
	return NULL;
}

static void an_answer_to_an_earlier_apdu_is_passed_over(void)
{
	struct set s;
	uint8_t answer[WIRE_APDU_MAX];
	size_t len = 0;
	set_up(&s);
	int fd = dial(&s);
	send(fd, "H\1;", 3, MSG_NOSIGNAL);
	CHECK(round_of_events(&s));
	GThread *thread = g_thread_new("card", answer_late_and_wrong, GINT_TO_POINTER(fd));
	CHECK_INT(reader_exchange(s.reader, (const uint8_t *)"\xFF\xCA\0\0\0", 5, answer,
			  sizeof(answer), &len),
		READER_OK);
	CHECK_INT(len, 2);
	CHECK_INT(answer[0], 0x90);
	g_thread_join(thread);
	close(fd);
	tear_down(&s);
}

static void lengths_are_bounded(void)
{
	struct set s;
	uint8_t apdu[WIRE_APDU_MAX + 1] = {0xFF, 0xCA}, answer[WIRE_APDU_MAX];
	size_t len;
	set_up(&s);
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	CHECK_INT(reader_exchange(s.reader, apdu, sizeof(apdu), answer, sizeof(answer), &len),
		READER_LIMIT);
	CHECK_INT(reader_exchange(s.reader, apdu, 5, answer, 3, &len), READER_LIMIT);
	CHECK_INT(reader_exchange(s.reader, apdu, 5, answer, sizeof(answer), &len), READER_OK);
	tear_down(&s);
}

static gpointer wake(gpointer reader)
{
	reader_wake(reader);
	return NULL;
}

static void a_wait_can_be_ended(void)
{
	struct set s;
	set_up(&s);
	gint64 from = g_get_monotonic_time();
	GThread *thread = g_thread_new("wake", wake, s.reader);
	reader_wait(s.reader, 10 * EVENT_MS);
	CHECK((g_get_monotonic_time() - from) / 1000 < EVENT_MS);
	g_thread_join(thread);
	tear_down(&s);
}

static void a_field_outlives_its_reader(void)
{
	struct set s;
	set_up(&s);
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	CHECK(field_wait(s.field, FIELD_ON, EVENT_MS));
	s.reader = reader_close(s.reader);
	CHECK(field_wait(s.field, FIELD_WAITING, EVENT_MS));
	s.reader = reader_open(s.path);
	CHECK(round_of_events(&s));
	CHECK(field_wait(s.field, FIELD_ON, EVENT_MS));
	tear_down(&s);
}

static void a_card_that_leaves_by_itself_stays_away(void)
{
	struct set s;
	uint8_t answer[WIRE_APDU_MAX];
	size_t len;
	set_up(&s);
	s.student->leave_after = 1;
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	const uint8_t *get_uid = (const uint8_t *)"\xFF\xCA\0\0\0";
	CHECK_INT(reader_exchange(s.reader, get_uid, 5, answer, sizeof(answer), &len), READER_OK);
	CHECK_INT(reader_exchange(s.reader, get_uid, 5, answer, sizeof(answer), &len),
		READER_NO_CARD);
	CHECK(field_wait(s.field, FIELD_LEFT, EVENT_MS));
	CHECK(!round_of_events(&s));
	reader_wait(s.reader, 100);
	CHECK(!reader_card_present(s.reader, true));
	field_insert(s.field, s.student); /* held on again */
	CHECK(round_of_events(&s));
	tear_down(&s);
}

static void a_card_that_flaps_comes_back_by_itself(void)
{
	static const uint8_t get_uid[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	struct set s;
	uint8_t answer[WIRE_APDU_MAX];
	size_t len = 0;
	set_up(&s);
	s.student->flaps = 2;
	field_insert(s.field, s.student);
	for (int i = 0; i < 2; i++) {
		CHECK(round_of_events(&s));
		CHECK_INT(reader_exchange(
				  s.reader, get_uid, sizeof(get_uid), answer, sizeof(answer), &len),
			READER_NO_CARD);
		CHECK(!round_of_events(&s));
	}
	CHECK(round_of_events(&s));
	CHECK_INT(reader_exchange(s.reader, get_uid, sizeof(get_uid), answer, sizeof(answer), &len),
		READER_OK);
	CHECK_INT(field_answers(s.field), 1);
	field_insert(s.field, s.student); /* laid on anew, it flaps anew */
	CHECK(!round_of_events(&s));
	CHECK(round_of_events(&s));
	CHECK_INT(reader_exchange(s.reader, get_uid, sizeof(get_uid), answer, sizeof(answer), &len),
		READER_NO_CARD);
	tear_down(&s);
}

static void an_escape_is_told_from_an_apdu(void)
{
	static const uint8_t start[] = {0xFF, 0xC2, 0x00, 0x00, 0x02, 0x81, 0x00, 0x00};
	struct set s;
	uint8_t answer[WIRE_APDU_MAX];
	size_t len = 0;
	set_up(&s);
	field_free(s.field);
	s.field = field_new(s.path, READER_KIND_SESSION_ESCAPE);
	CHECK_INT(reader_escape(s.reader, start, sizeof(start), answer, sizeof(answer), &len),
		READER_NO_CARD);
	field_insert(s.field, s.student);
	CHECK(round_of_events(&s));
	CHECK_INT(reader_exchange(s.reader, start, sizeof(start), answer, sizeof(answer), &len),
		READER_OK);
	CHECK_INT(len, 2);
	CHECK(memcmp(answer, "\x6D\x00", 2) == 0);
	CHECK_INT(reader_escape(s.reader, start, sizeof(start), answer, sizeof(answer), &len),
		READER_OK);
	CHECK_INT(len, 7);
	CHECK(memcmp(answer, "\xC0\x03\x00\x90\x00\x90\x00", 7) == 0);
	tear_down(&s);
}

#define CASE(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

int main(void)
{
	static const struct check_case cases[] = {
		CASE(a_card_comes_and_goes),
		CASE(a_quick_swap_shows_an_empty_field_for_one_round),
		CASE(who_says_nothing_is_closed_in_time),
		CASE(what_is_out_of_form_is_closed_at_once),
		CASE(a_second_card_is_refused),
		CASE(an_answer_to_an_earlier_apdu_is_passed_over),
		CASE(lengths_are_bounded),
		CASE(a_wait_can_be_ended),
		CASE(a_field_outlives_its_reader),
		CASE(a_card_that_leaves_by_itself_stays_away),
		CASE(a_card_that_flaps_comes_back_by_itself),
		CASE(an_escape_is_told_from_an_apdu),
	};
	return CHECK_MAIN("the reader in pcscd's place", cases);
}
