/* SPDX-License-Identifier: MIT
 *
 * netns.h - a socket in the network of another process.
 */
#ifndef TESTS_VIRTUAL_NETNS_H
#define TESTS_VIRTUAL_NETNS_H

#include <sys/types.h>

/* A TCP socket, not connected, in the network namespace of process `pid`, whose loopback
 * is up from then on. Forks a child for it: leave to enter a namespace made by an ordinary
 * user is given to a process without threads only. -1: not allowed, or no such process. */
int netns_socket(pid_t pid);

#endif
