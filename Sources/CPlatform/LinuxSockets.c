// TCP clients on Linux. See CPlatform.h for what each function promises.
#ifdef __linux__
#define _GNU_SOURCE
#include "LinuxInternal.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int32_t wait_for(int socket, short events, uint64_t nanoseconds) {
    struct pollfd one = {.fd = socket, .events = events, .revents = 0};
    uint64_t milliseconds = (nanoseconds + 999999) / 1000000;
    int result = poll(&one, 1, milliseconds > 1000000 ? 1000000 : (int)milliseconds);
    return result > 0 ? 1 : 0;
}

// Connects to one address, or an error. `stop` is looked at ten times a second.
static int64_t connect_to(const struct addrinfo *address, uint64_t timeout, const uint32_t *stop) {
    int handle = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                        address->ai_protocol);
    if (handle < 0) return bb_error();
    if (connect(handle, address->ai_addr, address->ai_addrlen) == 0) return handle;
    int32_t error = errno == EINPROGRESS ? 0 : bb_error();
    uint64_t end = bb_clock_exact() + timeout;
    while (error == 0) {
        uint64_t now = bb_clock_exact();
        if (now >= end || bb_load_acquire_32(stop)) {
            error = -BB_ETIMEDOUT;
        } else if (wait_for(handle, POLLOUT, end - now < 100000000 ? end - now : 100000000)) {
            int number = 0;
            socklen_t size = sizeof number;
            if (getsockopt(handle, SOL_SOCKET, SO_ERROR, &number, &size) != 0) number = errno;
            if (number == 0) return handle;
            error = -number;
        }
    }
    close(handle);
    return error;
}

static void tune(int handle) {
    // What a system does not know of these it does its own way.
    const struct { int level, name, value; } options[] = {
        {IPPROTO_TCP, TCP_NODELAY, 1}, {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, 60}, {IPPROTO_TCP, TCP_KEEPINTVL, 10}, {IPPROTO_TCP, TCP_KEEPCNT, 3}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        (void)setsockopt(handle, options[i].level, options[i].name, &options[i].value, sizeof(int));
}

int64_t bb_socket_connect(const char *host, const char *port, uint64_t timeout, const uint32_t *stop) {
    struct addrinfo wanted, *found = NULL;
    memset(&wanted, 0, sizeof wanted);
    wanted.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &wanted, &found) != 0) return -BB_ENOENT;
    int64_t handle = -BB_ENOENT;
    for (const struct addrinfo *one = found; one != NULL && handle < 0; one = one->ai_next) {
        if (bb_load_acquire_32(stop)) break;
        handle = connect_to(one, timeout, stop);
    }
    freeaddrinfo(found);
    if (handle >= 0) tune((int)handle);
    return handle;
}

int64_t bb_socket_send(int64_t socket, const void *bytes, uint64_t count) {
    ssize_t sent;
    do sent = send((int)socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent >= 0 ? sent : bb_error();
}

int64_t bb_socket_receive(int64_t socket, void *bytes, uint64_t count) {
    ssize_t got;
    do got = recv((int)socket, bytes, count, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    return got >= 0 ? got : bb_error();
}

int32_t bb_socket_wait(int64_t socket, uint32_t for_room, uint64_t nanoseconds) {
    return wait_for((int)socket, for_room ? POLLIN | POLLOUT : POLLIN, nanoseconds);
}

void bb_socket_close(int64_t socket) { close((int)socket); }
#endif
