/* SPDX-License-Identifier: MIT */
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* One descriptor and the byte it travels with. */
struct parcel {
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec part;
	struct msghdr message;
};

static struct msghdr *parcel_pack(struct parcel *p)
{
	*p = (struct parcel){.part = {&p->byte, 1}};
	p->message = (struct msghdr){.msg_iov = &p->part,
		.msg_iovlen = 1,
		.msg_control = p->control.room,
		.msg_controllen = sizeof(p->control.room)};
	return &p->message;
}

static bool give(int to, int fd)
{
	struct parcel p;
	struct msghdr *message = parcel_pack(&p);
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	return sendmsg(to, message, MSG_NOSIGNAL) == 1;
}

static int take(int from)
{
	struct parcel p;
	struct msghdr *message = parcel_pack(&p);
	int fd;
	if (recvmsg(from, message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	const struct cmsghdr *head = CMSG_FIRSTHDR(message);
	if (!head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -1;
	memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

/* An ordinary user's network belongs to a user namespace, which is entered first. One's
 * own cannot be entered again, and need not be. */
static bool enter(pid_t pid)
{
	char user[64], net[64];
	struct stat here, there;
	snprintf(user, sizeof(user), "/proc/%d/ns/user", (int)pid);
	snprintf(net, sizeof(net), "/proc/%d/ns/net", (int)pid);
	int user_fd = open(user, O_RDONLY | O_CLOEXEC);
	int net_fd = open(net, O_RDONLY | O_CLOEXEC);
	if (user_fd < 0 || net_fd < 0 || fstat(user_fd, &there) < 0 ||
		stat("/proc/self/ns/user", &here) < 0)
		return false;
	if (here.st_ino != there.st_ino && setns(user_fd, CLONE_NEWUSER) < 0)
		return false;
	return setns(net_fd, CLONE_NEWNET) == 0;
}

static bool raise_loopback(int fd)
{
	struct ifreq lo = {.ifr_name = "lo"};
	if (ioctl(fd, SIOCGIFFLAGS, &lo) < 0)
		return false;
	lo.ifr_flags |= IFF_UP | IFF_RUNNING;
	return ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
}

/* In the child, after a fork among threads: nothing that may hold a lock. */
static int fetch(pid_t pid, int to)
{
	if (!enter(pid))
		return 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return fd >= 0 && raise_loopback(fd) && give(to, fd) ? 0 : 1;
}

int netns_socket(pid_t pid)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	pid_t child = fork();
	if (child == 0)
		_exit(fetch(pid, ends[1]));
	close(ends[1]);
	int fd = child > 0 ? take(ends[0]) : -1;
	close(ends[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	return fd;
}
