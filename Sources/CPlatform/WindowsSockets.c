// TCP clients on Windows. See CPlatform.h for what each function promises.
#ifdef _WIN32
// Before windows.h, which brings an older one.
#define WINVER 0x0601
#define _WIN32_WINNT 0x0601
#include <winsock2.h>
#include <ws2tcpip.h>

#include "WindowsInternal.h"

static int32_t socket_error(void) {
    switch (WSAGetLastError()) {
        case WSAEWOULDBLOCK: return -BB_EAGAIN;
        case WSAECONNREFUSED: return -BB_ECONNREFUSED;
        case WSAECONNRESET:
        case WSAECONNABORTED: return -BB_ECONNRESET;
        case WSAETIMEDOUT: return -BB_ETIMEDOUT;
        case WSAEHOSTUNREACH:
        case WSAENETUNREACH: return -BB_EHOSTUNREACH;
        case WSAEMFILE: return -BB_EMFILE;
        default: return -BB_EIO;
    }
}

// select: WSAPoll tells of no failed connect on older versions.
static int32_t wait_for(SOCKET socket, int for_input, int for_room, uint64_t nanoseconds) {
    fd_set input, room, failed;
    FD_ZERO(&input);
    FD_ZERO(&room);
    FD_ZERO(&failed);
    if (for_input) FD_SET(socket, &input);
    if (for_room) FD_SET(socket, &room);
    FD_SET(socket, &failed);
    struct timeval limit = {.tv_sec = (long)(nanoseconds / 1000000000),
                            .tv_usec = (long)(nanoseconds % 1000000000 / 1000)};
    return select(0, &input, &room, &failed, &limit) > 0 ? 1 : 0;
}

static int64_t connect_to(const struct addrinfo *address, uint64_t timeout, const uint32_t *stop) {
    SOCKET handle = WSASocketW(address->ai_family, address->ai_socktype, address->ai_protocol, NULL, 0,
                               WSA_FLAG_OVERLAPPED);
    if (handle == INVALID_SOCKET) return socket_error();
    // The children that the game starts must not have it.
    (void)SetHandleInformation((HANDLE)handle, HANDLE_FLAG_INHERIT, 0);
    u_long on = 1;
    (void)ioctlsocket(handle, FIONBIO, &on);
    if (connect(handle, address->ai_addr, (int)address->ai_addrlen) == 0) return (int64_t)handle;
    int32_t error = WSAGetLastError() == WSAEWOULDBLOCK ? 0 : socket_error();
    uint64_t end = bb_clock_exact() + timeout;
    while (error == 0) {
        uint64_t now = bb_clock_exact();
        if (now >= end || bb_load_acquire_32(stop)) {
            error = -BB_ETIMEDOUT;
        } else if (wait_for(handle, 0, 1, end - now < 100000000 ? end - now : 100000000)) {
            int number = 0, size = sizeof number;
            if (getsockopt(handle, SOL_SOCKET, SO_ERROR, (char *)&number, &size) != 0) number = WSAEINVAL;
            if (number == 0) return (int64_t)handle;
            WSASetLastError(number);
            error = socket_error();
        }
    }
    closesocket(handle);
    return error;
}

int64_t bb_socket_connect(const char *host, const char *port, uint64_t timeout, const uint32_t *stop) {
    WSADATA data;
    // Counted by the system: once for each connection does no harm.
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return -BB_ENOSYS;
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
    if (handle < 0) return handle;
    DWORD on = 1;
    (void)setsockopt((SOCKET)handle, IPPROTO_TCP, TCP_NODELAY, (const char *)&on, sizeof on);
    (void)setsockopt((SOCKET)handle, SOL_SOCKET, SO_KEEPALIVE, (const char *)&on, sizeof on);
    return handle;
}

int64_t bb_socket_send(int64_t socket, const void *bytes, uint64_t count) {
    int sent = send((SOCKET)socket, bytes, count > 1 << 30 ? 1 << 30 : (int)count, 0);
    return sent >= 0 ? sent : socket_error();
}

int64_t bb_socket_receive(int64_t socket, void *bytes, uint64_t count) {
    int got = recv((SOCKET)socket, bytes, count > 1 << 30 ? 1 << 30 : (int)count, 0);
    return got >= 0 ? got : socket_error();
}

int32_t bb_socket_wait(int64_t socket, uint32_t for_room, uint64_t nanoseconds) {
    return wait_for((SOCKET)socket, 1, for_room != 0, nanoseconds);
}

void bb_socket_close(int64_t socket) { closesocket((SOCKET)socket); }
#endif
