/* SPDX-License-Identifier: MIT */
#include "ifd_reader.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 8

struct reader {
	pthread_mutex_t lock; /* all below but the three descriptors that never change */
	pthread_mutex_t talk; /* one APDU at a time; taken before `lock` */
	int listener, wake;
	struct sockaddr_un address;
	int guest; /* connected, has not said HELLO; -1: none */
	int64_t guest_until;
	int card;        /* -1: the field is empty */
	bool card_talks; /* `card` is in use without `lock`: not to be closed */
	bool card_left;
	uint8_t atr[WIRE_ATR_MAX];
	size_t atr_len;
	bool view;      /* what the event thread knows between two reader_wait() */
	bool owes_away; /* the card it knows of has left: it must see that before any other */
	bool unplugged;
	uint8_t sequence;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool hung_up(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLRDHUP};
	return poll(&p, 1, 0) > 0 && p.revents != 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void tell(int fd, enum wire_type type, uint8_t second)
{
	const uint8_t message[WIRE_HEAD] = {(uint8_t)type, second};
	/* Who is gone is noticed where it matters. */
	ssize_t sent = send(fd, message, sizeof(message), MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)sent;
}

/* The card has gone, or is thrown out. While it is being talked to, the talker closes. */
static void field_empties(struct reader *r)
{
	r->card_left = true;
	if (r->view)
		r->owes_away = true;
	if (r->card_talks)
		shutdown(r->card, SHUT_RDWR);
	else
		close_fd(&r->card);
	r->atr_len = 0;
}

static bool field_holds_card(const struct reader *r)
{
	return r->card >= 0 && !r->card_left;
}

/* It left while it was being talked to; the talker has yet to close it. */
static bool card_lingers(const struct reader *r)
{
	return r->card >= 0 && r->card_left;
}

static void take_card(struct reader *r, const uint8_t *atr, size_t len)
{
	memcpy(r->atr, atr, len);
	r->atr_len = len;
	r->card = r->guest;
	r->card_left = false;
	r->guest = -1;
	tell(r->card, WIRE_WELCOME, WIRE_VERSION);
}

static void pull_out(struct reader *r)
{
	if (field_holds_card(r))
		field_empties(r);
	r->unplugged = true;
	close_fd(&r->guest);
}

/* A mark beside the socket, so that it outlives a restarted pcscd. */
static bool is_unplugged(const char *path)
{
	char mark[sizeof(((struct sockaddr_un *)0)->sun_path) + sizeof(WIRE_UNPLUGGED_SUFFIX)];
	snprintf(mark, sizeof(mark), "%s%s", path, WIRE_UNPLUGGED_SUFFIX);
	return access(mark, F_OK) == 0;
}

/* What has the guest to say for itself? Whatever breaks the form is closed. */
static void hear_guest(struct reader *r)
{
	uint8_t message[WIRE_MESSAGE_MAX + 1];
	ssize_t len = recv(r->guest, message, sizeof(message), MSG_DONTWAIT);
	if (len < 0 && (errno == EAGAIN || errno == EINTR) && now_ms() < r->guest_until)
		return;
	bool formed =
		len >= WIRE_HEAD && len <= WIRE_HEAD + WIRE_ATR_MAX && message[1] == WIRE_VERSION;
	if (formed && message[0] == WIRE_UNPLUG) {
		pull_out(r);
		return;
	}
	if (formed && message[0] == WIRE_HELLO && r->card < 0) {
		take_card(r, message + WIRE_HEAD, (size_t)len - WIRE_HEAD);
		return;
	}
	if (formed && message[0] == WIRE_HELLO)
		tell(r->guest, WIRE_REFUSED, WIRE_VERSION);
	close_fd(&r->guest);
}

/* Bring what we know up to what has happened at the sockets, in the order of events: a
 * card leaves before the next one is heard. Under `lock`. */
static void settle(struct reader *r)
{
	if (r->unplugged)
		r->unplugged = is_unplugged(r->address.sun_path);
	for (int i = 0; i <= BACKLOG && !r->unplugged; i++) {
		if (field_holds_card(r) && hung_up(r->card))
			field_empties(r);
		if (r->guest < 0) {
			r->guest = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC);
			r->guest_until = now_ms() + READER_HELLO_MS;
		}
		if (r->guest < 0 || card_lingers(r))
			return;
		hear_guest(r);
		if (r->guest >= 0)
			return;
	}
}

/* Until pcscd has seen a card leave, and let go of it, the next one is not shown to
 * anybody: a handle for the first must not speak to the second. */
static bool shows_card(const struct reader *r)
{
	return field_holds_card(r) && !r->owes_away;
}

bool reader_card_present(struct reader *r, bool event_thread)
{
	pthread_mutex_lock(&r->lock);
	settle(r);
	bool present = event_thread ? r->view : shows_card(r);
	pthread_mutex_unlock(&r->lock);
	return present;
}

bool reader_unplugged(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	settle(r);
	bool unplugged = r->unplugged;
	pthread_mutex_unlock(&r->lock);
	return unplugged;
}

/* One poll of everything that could be news; false: reader_wake() or nothing came. */
static bool wait_once(struct reader *r, int64_t until)
{
	pthread_mutex_lock(&r->lock);
	struct pollfd fds[] = {
		{.fd = r->wake, .events = POLLIN},
		{.fd = r->guest < 0 && !r->unplugged ? r->listener : -1, .events = POLLIN},
		{.fd = card_lingers(r) ? -1 : r->guest, .events = POLLIN | POLLRDHUP},
		{.fd = field_holds_card(r) ? r->card : -1, .events = POLLRDHUP},
	};
	int64_t first = r->guest >= 0 && r->guest_until < until ? r->guest_until : until;
	pthread_mutex_unlock(&r->lock);
	int64_t left = first - now_ms();
	int n = poll(fds, sizeof(fds) / sizeof(fds[0]), left > 0 ? (int)left : 0);
	if (n > 0 && fds[0].revents) {
		uint64_t times;
		ssize_t got = read(r->wake, &times, sizeof(times));
		(void)got;
		return false;
	}
	return n > 0 || now_ms() < until;
}

void reader_wait(struct reader *r, unsigned timeout_ms)
{
	int64_t until = now_ms() + timeout_ms;
	bool go_on = true, first = true;
	while (go_on) {
		pthread_mutex_lock(&r->lock);
		if (first && !r->view)
			r->owes_away = false; /* seen, since the wait before this one */
		settle(r);
		go_on = !r->unplugged && r->view == shows_card(r);
		r->view = shows_card(r);
		pthread_mutex_unlock(&r->lock);
		go_on = go_on && wait_once(r, until);
		first = false;
	}
}

void reader_wake(struct reader *r)
{
	const uint64_t once = 1;
	ssize_t written = write(r->wake, &once, sizeof(once));
	(void)written;
}

enum reader_err reader_power_up(
	struct reader *r, enum wire_power how, uint8_t ret_atr[WIRE_ATR_MAX], size_t *ret_len)
{
	enum reader_err err = READER_NO_CARD;
	pthread_mutex_lock(&r->lock);
	settle(r);
	if (shows_card(r)) {
		tell(r->card, WIRE_POWER, (uint8_t)how);
		err = r->atr_len > 0 ? READER_OK : READER_SILENT;
	}
	if (err == READER_OK) {
		memcpy(ret_atr, r->atr, r->atr_len);
		*ret_len = r->atr_len;
	}
	pthread_mutex_unlock(&r->lock);
	return err;
}

void reader_power_down(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	if (shows_card(r))
		tell(r->card, WIRE_POWER, WIRE_POWER_DOWN);
	pthread_mutex_unlock(&r->lock);
}

/* The answer to `sequence`; what comes from an earlier one is passed over. */
static enum reader_err hear_answer(
	int fd, uint8_t sequence, uint8_t *ret, size_t max, size_t *ret_len)
{
	uint8_t message[WIRE_MESSAGE_MAX + 1];
	int64_t until = now_ms() + READER_ANSWER_MS;
	for (int64_t left = READER_ANSWER_MS; left > 0; left = until - now_ms()) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		ssize_t len = recv(fd, message, sizeof(message), MSG_DONTWAIT);
		if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR))
			return READER_NO_CARD;
		if (len < WIRE_HEAD || message[0] != WIRE_ANSWER || message[1] != sequence)
			continue;
		size_t body = (size_t)len - WIRE_HEAD;
		if (body > WIRE_APDU_MAX || body > max)
			return READER_LIMIT;
		memcpy(ret, message + WIRE_HEAD, body);
		*ret_len = body;
		return READER_OK;
	}
	return READER_SILENT;
}

/* Take the card for one APDU, so that nobody closes its descriptor meanwhile. */
static int borrow_card(struct reader *r, uint8_t *ret_sequence)
{
	pthread_mutex_lock(&r->lock);
	settle(r);
	int fd = shows_card(r) ? r->card : -1;
	r->card_talks = fd >= 0;
	*ret_sequence = ++r->sequence;
	pthread_mutex_unlock(&r->lock);
	return fd;
}

static void return_card(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	r->card_talks = false;
	if (r->card_left) {
		close_fd(&r->card);
		reader_wake(r); /* the next card may be waiting */
	}
	pthread_mutex_unlock(&r->lock);
}

static enum reader_err exchange(struct reader *r, enum wire_type type, const uint8_t *apdu,
	size_t len, uint8_t *ret, size_t max, size_t *ret_len)
{
	uint8_t message[WIRE_MESSAGE_MAX] = {(uint8_t)type};
	enum reader_err err = READER_NO_CARD;
	if (len > WIRE_APDU_MAX)
		return READER_LIMIT;
	pthread_mutex_lock(&r->talk);
	int fd = borrow_card(r, &message[1]);
	if (fd >= 0) {
		memcpy(message + WIRE_HEAD, apdu, len);
		if (send(fd, message, WIRE_HEAD + len, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			err = hear_answer(fd, message[1], ret, max, ret_len);
		return_card(r);
	}
	pthread_mutex_unlock(&r->talk);
	return err;
}

enum reader_err reader_exchange(struct reader *r, const uint8_t *apdu, size_t len, uint8_t *ret,
	size_t max, size_t *ret_len)
{
	return exchange(r, WIRE_APDU, apdu, len, ret, max, ret_len);
}

enum reader_err reader_escape(struct reader *r, const uint8_t *apdu, size_t len, uint8_t *ret,
	size_t max, size_t *ret_len)
{
	return exchange(r, WIRE_ESCAPE, apdu, len, ret, max, ret_len);
}

static int listen_on(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	unlink(address->sun_path);
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 &&
		listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

struct reader *reader_open(const char *path)
{
	struct reader *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->guest = r->card = r->listener = r->wake = -1;
	pthread_mutex_init(&r->lock, NULL);
	pthread_mutex_init(&r->talk, NULL);
	r->address.sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(r->address.sun_path) || is_unplugged(path))
		return reader_close(r);
	memcpy(r->address.sun_path, path, strlen(path) + 1);
	r->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r->listener = listen_on(&r->address);
	if (r->wake < 0 || r->listener < 0)
		return reader_close(r);
	return r;
}

struct reader *reader_close(struct reader *r)
{
	if (!r)
		return NULL;
	if (r->listener >= 0)
		unlink(r->address.sun_path);
	close_fd(&r->card);
	close_fd(&r->guest);
	close_fd(&r->listener);
	close_fd(&r->wake);
	pthread_mutex_destroy(&r->lock);
	pthread_mutex_destroy(&r->talk);
	free(r);
	return NULL;
}
