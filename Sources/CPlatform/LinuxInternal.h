// What the Linux files share: error numbers and the old symbol versions that the plug-in binds.
#ifndef BLACKBOX_LINUX_INTERNAL_H
#define BLACKBOX_LINUX_INTERNAL_H

#include "CPlatform.h"

#include <errno.h>

static inline int32_t bb_error(void) { return errno > 0 ? -errno : -BB_EIO; }

// Files that are locked alone: descriptor + 1, 0 where there is none. A child that is forked without an
// exec shares the open file, and with it the lock, and would hold it beyond the game's end.
enum { BB_LOCKED_FILES = 4 };
extern int bb_locked_files[BB_LOCKED_FILES];

#ifdef BLACKBOX_PLUGIN
// The plug-in must load where glibc is 2.17: bind what has moved to a newer version since then (2.33
// and 2.34 merged libpthread and libdl into libc) by its oldest name.
#define BB_OLD(name) __asm__(".symver " #name "," #name "@GLIBC_2.2.5")

// The library goes: what it has registered is taken back.
void bb_guard_forget(void);
void bb_fork_forget(void);
#else
#define BB_OLD(name) _Static_assert(1, "")
#endif

#endif
