/* SPDX-License-Identifier: MIT */
#include "vpcd_card.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netns.h"

/* A message of one byte; anything longer is an APDU. */
enum { VPCD_OFF = 0, VPCD_UP = 1, VPCD_RESET = 2, VPCD_GET_ATR = 4 };

#define HEAD 2 /* length of the body, big-endian */

struct vpcd_card {
	pid_t pcscd;
	unsigned port;
	bool quick;
	GThread *thread;
	int fd;
	GMutex lock; /* the three below */
	GCond changed;
	enum vpcd_state state;
	unsigned commands, answers;
	/* The thread's own, while there is one. */
	struct vcard card;
	struct vcard_reader reader;
};

static void set_state(struct vpcd_card *v, enum vpcd_state state)
{
	g_mutex_lock(&v->lock);
	v->state = state;
	g_cond_broadcast(&v->changed);
	g_mutex_unlock(&v->lock);
}

static void count(struct vpcd_card *v, unsigned *what)
{
	g_mutex_lock(&v->lock);
	++*what;
	g_cond_broadcast(&v->changed);
	g_mutex_unlock(&v->lock);
}

static bool receive_all(struct vpcd_card *v, uint8_t *ret, size_t len)
{
	const int on = 1;
	for (size_t done = 0; done < len;) {
		ssize_t got = recv(v->fd, ret + done, len - done, 0);
		if (got <= 0)
			return false;
		done += (size_t)got;
		/* Holds until the next delay only: said anew each time. */
		if (v->quick)
			setsockopt(v->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
	}
	return true;
}

static bool receive(struct vpcd_card *v, uint8_t ret[WIRE_APDU_MAX], size_t *ret_len)
{
	uint8_t head[HEAD];
	if (!receive_all(v, head, sizeof(head)))
		return false;
	*ret_len = (size_t)head[0] << 8 | head[1];
	return *ret_len > 0 && *ret_len <= WIRE_APDU_MAX && receive_all(v, ret, *ret_len);
}

static bool say(const struct vpcd_card *v, const uint8_t *body, size_t len)
{
	uint8_t message[HEAD + WIRE_APDU_MAX] = {(uint8_t)(len >> 8), (uint8_t)len};
	memcpy(message + HEAD, body, len);
	return send(v->fd, message, HEAD + len, MSG_NOSIGNAL) == (ssize_t)(HEAD + len);
}

static bool say_atr(struct vpcd_card *v)
{
	uint8_t atr[WIRE_ATR_MAX];
	size_t len = 0;
	vcard_reader_atr(&v->reader, &v->card, atr, &len);
	g_mutex_lock(&v->lock);
	if (v->state == VPCD_WAITING)
		v->state = VPCD_ON;
	g_cond_broadcast(&v->changed);
	g_mutex_unlock(&v->lock);
	return say(v, atr, len);
}

static bool control(struct vpcd_card *v, uint8_t what)
{
	switch (what) {
	case VPCD_GET_ATR:
		return say_atr(v);
	case VPCD_UP:
		vcard_reader_power(&v->reader, WIRE_POWER_UP);
		set_state(v, VPCD_POWERED);
		return true;
	case VPCD_OFF:
	case VPCD_RESET:
		vcard_reader_power(
			&v->reader, what == VPCD_OFF ? WIRE_POWER_DOWN : WIRE_POWER_RESET);
		return true;
	default:
		return false;
	}
}

static bool answer(struct vpcd_card *v, const uint8_t *apdu, size_t len)
{
	uint8_t response[WIRE_APDU_MAX];
	size_t response_len = 0;
	count(v, &v->commands);
	enum vcard_act act =
		vcard_reader_apdu(&v->reader, &v->card, apdu, len, response, &response_len);
	if (act != VCARD_ANSWERS)
		return act == VCARD_SILENT;
	count(v, &v->answers);
	return say(v, response, response_len);
}

static void *serve(void *data)
{
	struct vpcd_card *v = data;
	uint8_t body[WIRE_APDU_MAX];
	size_t len;
	while (receive(v, body, &len))
		if (!(len == 1 ? control(v, body[0]) : answer(v, body, len)))
			break;
	shutdown(v->fd, SHUT_RDWR); /* closed where it was opened */
	set_state(v, VPCD_LEFT);
	return NULL;
}

struct vpcd_card *vpcd_card_new(pid_t pcscd, unsigned port, enum reader_kind kind)
{
	struct vpcd_card *v = g_new0(struct vpcd_card, 1);
	v->pcscd = pcscd;
	v->port = port;
	v->reader.kind = kind;
	v->quick = true;
	v->fd = -1;
	g_mutex_init(&v->lock);
	g_cond_init(&v->changed);
	return v;
}

struct vpcd_card *vpcd_card_free(struct vpcd_card *v)
{
	if (!v)
		return NULL;
	vpcd_card_remove(v);
	g_mutex_clear(&v->lock);
	g_cond_clear(&v->changed);
	g_free(v);
	return NULL;
}

static int dial(const struct vpcd_card *v)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)v->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int on = 1;
	int fd = netns_socket(v->pcscd);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0 &&
		connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

bool vpcd_card_insert(struct vpcd_card *v, const struct vcard *card)
{
	vpcd_card_remove(v);
	v->card = *card;
	v->reader = (struct vcard_reader){.kind = v->reader.kind};
	v->fd = dial(v);
	if (v->fd < 0)
		return false;
	set_state(v, VPCD_WAITING);
	v->thread = g_thread_new("card", serve, v);
	return true;
}

void vpcd_card_remove(struct vpcd_card *v)
{
	if (!v->thread)
		return;
	shutdown(v->fd, SHUT_RDWR);
	g_thread_join(v->thread);
	v->thread = NULL;
	close(v->fd);
	v->fd = -1;
	set_state(v, VPCD_EMPTY);
}

static bool is(const struct vpcd_card *v, enum vpcd_state state)
{
	return v->state == state || (state == VPCD_ON && v->state == VPCD_POWERED);
}

bool vpcd_card_wait(struct vpcd_card *v, enum vpcd_state state, unsigned timeout_ms)
{
	gint64 until = g_get_monotonic_time() + timeout_ms * G_TIME_SPAN_MILLISECOND;
	g_mutex_lock(&v->lock);
	while (!is(v, state) && g_cond_wait_until(&v->changed, &v->lock, until))
		continue;
	bool reached = is(v, state);
	g_mutex_unlock(&v->lock);
	return reached;
}

bool vpcd_card_wait_command(struct vpcd_card *v, unsigned before, unsigned timeout_ms)
{
	gint64 until = g_get_monotonic_time() + timeout_ms * G_TIME_SPAN_MILLISECOND;
	g_mutex_lock(&v->lock);
	while (v->commands <= before && g_cond_wait_until(&v->changed, &v->lock, until))
		continue;
	bool came = v->commands > before;
	g_mutex_unlock(&v->lock);
	return came;
}

static unsigned look(struct vpcd_card *v, const unsigned *at)
{
	g_mutex_lock(&v->lock);
	unsigned n = *at;
	g_mutex_unlock(&v->lock);
	return n;
}

unsigned vpcd_card_commands(struct vpcd_card *v)
{
	return look(v, &v->commands);
}

unsigned vpcd_card_answers(struct vpcd_card *v)
{
	return look(v, &v->answers);
}

void vpcd_card_set_quick(struct vpcd_card *v, bool quick)
{
	v->quick = quick;
}
