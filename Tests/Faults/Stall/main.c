// fault-stall: a filesystem of one file whose writes can be held, for a disk that stalls. It speaks the
// kernel's FUSE protocol itself (linux/fuse.h), so it needs no library, but root. For tests only.
//
//     fault-stall BACKING FOLDER HOLD
//
// mounts at FOLDER a filesystem with the file `image`, which is BACKING. While a file HOLD exists,
// writes and syncs are not answered; reads are. Ends when it is unmounted, and prints how many it held.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ROOT = 1, IMAGE = 2, BUFFER = 1 << 21, WRITE_SIZE = 128 << 10, MOST_HELD = 4096 };

static int device, backing;
static const char *hold;

// Requests that wait for the hold's end, oldest first.
static struct fuse_in_header *held[MOST_HELD];
static int held_count;
static unsigned long held_in_all;

static void answer(uint64_t unique, int error, const void *body, size_t size) {
    struct fuse_out_header head = {(uint32_t)(sizeof head + (error ? 0 : size)), -error, unique};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)body, error ? 0 : size}};
    // ENOENT: the request was interrupted; nobody waits for it any more.
    if (writev(device, parts, 2) < 0 && errno != ENOENT) perror("fault-stall: answer");
}

static struct fuse_attr facts_of(uint64_t node) {
    struct fuse_attr facts = {.ino = node, .nlink = 1, .blksize = 4096};
    struct stat real;
    if (node == ROOT) {
        facts.mode = S_IFDIR | 0755;
        facts.nlink = 2;
    } else {
        facts.mode = S_IFREG | 0600;
        if (fstat(backing, &real) == 0) {
            facts.size = (uint64_t)real.st_size;
            facts.blocks = (uint64_t)real.st_blocks;
        }
    }
    return facts;
}

static void write_now(const struct fuse_in_header *request) {
    const struct fuse_write_in *wish = (const void *)(request + 1);
    ssize_t done = pwrite(backing, wish + 1, wish->size, (off_t)wish->offset);
    struct fuse_write_out out = {.size = done < 0 ? 0 : (uint32_t)done};
    answer(request->unique, done < 0 ? errno : 0, &out, sizeof out);
}

static void finish(const struct fuse_in_header *request) {
    if (request->opcode == FUSE_WRITE) write_now(request);
    else answer(request->unique, 0, NULL, 0);
}

static void write_or_hold(const struct fuse_in_header *request) {
    if (access(hold, F_OK) != 0 && held_count == 0) {
        finish(request);
        return;
    }
    struct fuse_in_header *copy = held_count < MOST_HELD ? malloc(request->len) : NULL;
    if (!copy) {
        answer(request->unique, ENOMEM, NULL, 0);
        return;
    }
    memcpy(copy, request, request->len);
    held[held_count++] = copy;
    held_in_all++;
}

static void let_go(void) {
    for (int i = 0; i < held_count; i++) {
        finish(held[i]);
        free(held[i]);
    }
    held_count = 0;
}

static void read_now(const struct fuse_in_header *request) {
    const struct fuse_read_in *wish = (const void *)(request + 1);
    char *bytes = malloc(wish->size);
    ssize_t got = bytes ? pread(backing, bytes, wish->size, (off_t)wish->offset) : -1;
    answer(request->unique, got < 0 ? EIO : 0, bytes, got < 0 ? 0 : (size_t)got);
    free(bytes);
}

static void serve(const struct fuse_in_header *request) {
    switch (request->opcode) {
        case FUSE_INIT: {
            struct fuse_init_out out = {
                .major = FUSE_KERNEL_VERSION, .minor = 31, .max_readahead = WRITE_SIZE,
                .flags = FUSE_BIG_WRITES | FUSE_ASYNC_READ, .max_background = 64,
                .congestion_threshold = 48, .max_write = WRITE_SIZE, .time_gran = 1};
            answer(request->unique, 0, &out, sizeof out);
            return;
        }
        case FUSE_LOOKUP: {
            struct fuse_entry_out out = {
                .nodeid = IMAGE, .entry_valid = 3600, .attr_valid = 3600, .attr = facts_of(IMAGE)};
            int is_there = strcmp((const char *)(request + 1), "image") == 0;
            answer(request->unique, is_there ? 0 : ENOENT, &out, sizeof out);
            return;
        }
        case FUSE_GETATTR:
        case FUSE_SETATTR: {
            struct fuse_attr_out out = {.attr_valid = 3600, .attr = facts_of(request->nodeid)};
            answer(request->unique, 0, &out, sizeof out);
            return;
        }
        case FUSE_OPEN:
        case FUSE_OPENDIR: {
            struct fuse_open_out out = {.fh = 1, .open_flags = FOPEN_DIRECT_IO};
            answer(request->unique, 0, &out, sizeof out);
            return;
        }
        case FUSE_STATFS: {
            struct fuse_statfs_out out = {.st = {.bsize = 4096, .frsize = 4096, .namelen = 255}};
            answer(request->unique, 0, &out, sizeof out);
            return;
        }
        case FUSE_READ: read_now(request); return;
        case FUSE_WRITE:
        case FUSE_FSYNC: write_or_hold(request); return;
        case FUSE_FLUSH:
        case FUSE_RELEASE:
        case FUSE_RELEASEDIR:
        case FUSE_DESTROY: answer(request->unique, 0, NULL, 0); return;
        case FUSE_FORGET:
        case FUSE_BATCH_FORGET:
        case FUSE_INTERRUPT: return;
        default: answer(request->unique, ENOSYS, NULL, 0); return;
    }
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "fault-stall BACKING FOLDER HOLD\n");
        return 2;
    }
    hold = arguments[3];
    backing = open(arguments[1], O_RDWR | O_CLOEXEC);
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (backing < 0 || device < 0) {
        perror(backing < 0 ? arguments[1] : "/dev/fuse");
        return 1;
    }
    char options[128];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
    if (mount("fault-stall", arguments[2], "fuse", MS_NOSUID | MS_NODEV, options) != 0) {
        perror("fault-stall: mount");
        return 1;
    }
    char *buffer = malloc(BUFFER);
    while (buffer) {
        struct pollfd wish = {device, POLLIN, 0};
        int ready = poll(&wish, 1, 10);
        if (held_count > 0 && access(hold, F_OK) != 0) let_go();
        if (ready <= 0) continue;
        ssize_t got = read(device, buffer, BUFFER);
        if (got < 0 && errno == ENODEV) break;
        if (got >= (ssize_t)sizeof(struct fuse_in_header)) serve((const void *)buffer);
    }
    printf("writes held: %lu\n", held_in_all);
    return 0;
}
