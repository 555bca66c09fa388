/* SPDX-License-Identifier: MIT */
#include "field.h"

#include <errno.h>
#include <fcntl.h>
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

#include "wire.h"

#define RETRY_MS   50   /* between two looks for a reader that is not there */
#define WELCOME_MS 1000 /* a reader that does not greet by then is tried again */

struct field {
	struct sockaddr_un address;
	pthread_t thread;
	int wake;
	pthread_mutex_t lock; /* all below */
	pthread_cond_t changed;
	enum field_state state;
	struct vcard wish; /* what is to be held out, when `holding` */
	unsigned wanted;   /* raised by every insert and remove */
	unsigned served;   /* the `wanted` the thread has acted on */
	bool holding;
	bool ending;
	unsigned answers;
	void (*call)(void *data);
	void *call_data;
	/* The thread's own. */
	struct vcard card;
	int fd;
	bool welcome;
	int64_t next_try, welcome_until;
	struct vcard_reader reader;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Under `lock`. */
static void set_state(struct field *f, enum field_state state)
{
	if (f->state == state)
		return;
	f->state = state;
	pthread_cond_broadcast(&f->changed);
}

/* From the thread, without `lock`. */
static void change_state(struct field *f, enum field_state state)
{
	pthread_mutex_lock(&f->lock);
	bool current = f->wanted == f->served; /* else what we know is of a card before */
	if (current)
		set_state(f, state);
	if (current && state == FIELD_LEFT)
		f->holding = false;
	void (*call)(void *) = f->call;
	void *data = f->call_data;
	pthread_mutex_unlock(&f->lock);
	if (current && call)
		call(data);
}

static void hang_up(struct field *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	f->welcome = false;
}

static bool send_message(int fd, uint8_t type, uint8_t second, const void *body, size_t len)
{
	uint8_t message[WIRE_MESSAGE_MAX] = {type, second};
	if (len > WIRE_APDU_MAX)
		return false;
	if (len > 0)
		memcpy(message + WIRE_HEAD, body, len);
	size_t whole = WIRE_HEAD + len;
	return send(fd, message, whole, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)whole;
}

static int dial(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void approach(struct field *f)
{
	uint8_t atr[WIRE_ATR_MAX];
	size_t atr_len;
	f->next_try = now_ms() + RETRY_MS;
	f->fd = dial(&f->address);
	if (f->fd < 0)
		return;
	f->welcome_until = now_ms() + WELCOME_MS;
	f->reader = (struct vcard_reader){.kind = f->reader.kind, .flapped = f->reader.flapped};
	vcard_reader_atr(&f->reader, &f->card, atr, &atr_len);
	if (!send_message(f->fd, WIRE_HELLO, WIRE_VERSION, atr, atr_len))
		hang_up(f);
}

/* The reader went away, or holds another card: the hand stays out. */
static void lose_reader(struct field *f)
{
	bool was_on = f->welcome;
	hang_up(f);
	if (was_on)
		change_state(f, FIELD_WAITING);
}

static void leave(struct field *f)
{
	hang_up(f);
	change_state(f, FIELD_LEFT);
}

static void answer(struct field *f, uint8_t sequence, const uint8_t *apdu, size_t len)
{
	uint8_t response[WIRE_APDU_MAX];
	size_t response_len = 0;
	enum vcard_act act =
		vcard_reader_apdu(&f->reader, &f->card, apdu, len, response, &response_len);
	if (act == VCARD_LEAVES) {
		leave(f);
		return;
	}
	if (act == VCARD_FLAPS) {
		f->next_try = now_ms() + RETRY_MS;
		lose_reader(f);
		return;
	}
	if (act == VCARD_SILENT)
		return;
	pthread_mutex_lock(&f->lock);
	f->answers++;
	pthread_mutex_unlock(&f->lock);
	if (!send_message(f->fd, WIRE_ANSWER, sequence, response, response_len))
		lose_reader(f);
}

static void hear_reader(struct field *f)
{
	uint8_t message[WIRE_MESSAGE_MAX + 1];
	ssize_t len = recv(f->fd, message, sizeof(message), MSG_DONTWAIT);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len < WIRE_HEAD || len > WIRE_MESSAGE_MAX || message[0] == WIRE_REFUSED) {
		lose_reader(f);
		return;
	}
	if (message[0] == WIRE_WELCOME) {
		f->welcome = true;
		change_state(f, FIELD_ON);
	} else if (message[0] == WIRE_POWER && message[1] <= WIRE_POWER_RESET) {
		vcard_reader_power(&f->reader, (enum wire_power)message[1]);
	} else if (message[0] == WIRE_APDU || message[0] == WIRE_ESCAPE) {
		f->reader.escape = message[0] == WIRE_ESCAPE;
		answer(f, message[1], message + WIRE_HEAD, (size_t)len - WIRE_HEAD);
	}
}

/* Act on what the callers want by now; a card that was there before is taken away.
 * False: the field ends. */
static bool take_wish(struct field *f, bool *ret_holding)
{
	pthread_mutex_lock(&f->lock);
	bool anew = f->wanted != f->served;
	bool ending = f->ending;
	*ret_holding = f->holding;
	if (anew) {
		hang_up(f);
		f->card = f->wish;
		f->reader.flapped = 0;
		f->next_try = 0;
		f->served = f->wanted;
		set_state(f, f->holding ? FIELD_WAITING : FIELD_EMPTY);
		pthread_cond_broadcast(&f->changed); /* field_remove() waits for `served` */
	}
	void (*call)(void *) = anew && !ending ? f->call : NULL;
	void *data = f->call_data;
	pthread_mutex_unlock(&f->lock);
	if (call)
		call(data);
	return !ending;
}

static int patience(const struct field *f, bool holding)
{
	if (!holding || f->welcome)
		return -1;
	int64_t until = f->fd >= 0 ? f->welcome_until : f->next_try;
	int64_t left = until - now_ms();
	return left > 0 ? (int)left : 0;
}

static void clear_wake(const struct field *f)
{
	uint64_t times;
	ssize_t got = read(f->wake, &times, sizeof(times));
	(void)got;
}

static void *serve(void *data)
{
	struct field *f = data;
	bool holding;
	while (take_wish(f, &holding)) {
		if (holding && f->fd < 0 && now_ms() >= f->next_try)
			approach(f);
		if (f->fd >= 0 && !f->welcome && now_ms() >= f->welcome_until)
			hang_up(f);
		struct pollfd fds[] = {
			{.fd = f->wake, .events = POLLIN},
			{.fd = f->fd, .events = POLLIN},
		};
		if (poll(fds, sizeof(fds) / sizeof(fds[0]), patience(f, holding)) <= 0)
			continue;
		if (fds[0].revents)
			clear_wake(f);
		else
			hear_reader(f);
	}
	hang_up(f);
	return NULL;
}

static void wake(struct field *f)
{
	const uint64_t once = 1;
	ssize_t written = write(f->wake, &once, sizeof(once));
	(void)written;
}

static void make_condition(pthread_cond_t *cond)
{
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

struct field *field_new(const char *socket_path, enum reader_kind kind)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(socket_path) >= sizeof(address.sun_path))
		return NULL;
	memcpy(address.sun_path, socket_path, strlen(socket_path));
	struct field *f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->address = address;
	f->fd = -1;
	f->reader.kind = kind;
	pthread_mutex_init(&f->lock, NULL);
	make_condition(&f->changed);
	f->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (f->wake >= 0 && pthread_create(&f->thread, NULL, serve, f) == 0)
		return f;
	if (f->wake >= 0)
		close(f->wake);
	free(f);
	return NULL;
}

struct field *field_free(struct field *f)
{
	if (!f)
		return NULL;
	pthread_mutex_lock(&f->lock);
	f->ending = true;
	pthread_mutex_unlock(&f->lock);
	wake(f);
	pthread_join(f->thread, NULL);
	close(f->wake);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	free(f);
	return NULL;
}

void field_insert(struct field *f, const struct vcard *card)
{
	pthread_mutex_lock(&f->lock);
	f->wish = *card;
	f->holding = true;
	f->wanted++;
	set_state(f, FIELD_WAITING);
	pthread_mutex_unlock(&f->lock);
	wake(f);
}

void field_remove(struct field *f)
{
	pthread_mutex_lock(&f->lock);
	f->holding = false;
	unsigned mine = ++f->wanted;
	wake(f);
	while ((int)(f->served - mine) < 0)
		pthread_cond_wait(&f->changed, &f->lock);
	pthread_mutex_unlock(&f->lock);
}

enum field_state field_state(struct field *f)
{
	pthread_mutex_lock(&f->lock);
	enum field_state state = f->state;
	pthread_mutex_unlock(&f->lock);
	return state;
}

unsigned field_answers(struct field *f)
{
	pthread_mutex_lock(&f->lock);
	unsigned answers = f->answers;
	pthread_mutex_unlock(&f->lock);
	return answers;
}

bool field_wait(struct field *f, enum field_state state, unsigned timeout_ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&f->lock);
	int rc = 0;
	while (f->state != state && rc == 0)
		rc = pthread_cond_timedwait(&f->changed, &f->lock, &until);
	bool reached = f->state == state;
	pthread_mutex_unlock(&f->lock);
	return reached;
}

void field_on_change(struct field *f, void (*call)(void *data), void *data)
{
	pthread_mutex_lock(&f->lock);
	f->call = call;
	f->call_data = data;
	pthread_mutex_unlock(&f->lock);
}

static void mark_path(const struct field *f, char *ret, size_t size)
{
	snprintf(ret, size, "%s" WIRE_UNPLUGGED_SUFFIX, f->address.sun_path);
}

bool field_unplug(struct field *f, unsigned timeout_ms)
{
	char mark[sizeof(f->address.sun_path) + sizeof(WIRE_UNPLUGGED_SUFFIX)];
	mark_path(f, mark, sizeof(mark));
	int file = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0)
		return false;
	close(file);
	int fd = dial(&f->address);
	if (fd < 0)
		return false;
	bool pulled = send_message(fd, WIRE_UNPLUG, WIRE_VERSION, NULL, 0);
	struct pollfd p = {.fd = fd, .events = POLLRDHUP};
	pulled = pulled && poll(&p, 1, (int)timeout_ms) > 0;
	close(fd);
	return pulled;
}

void field_plug(struct field *f)
{
	char mark[sizeof(f->address.sun_path) + sizeof(WIRE_UNPLUGGED_SUFFIX)];
	mark_path(f, mark, sizeof(mark));
	unlink(mark);
}
