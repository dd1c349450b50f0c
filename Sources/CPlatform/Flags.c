// What the game reads of us as data, what the build writes into us, and the moments the library comes
// and goes.
#ifdef __linux__
#define _GNU_SOURCE
#include <link.h>
#endif
#include "CPlatform.h"
#ifdef __linux__
#include "LinuxInternal.h"
#endif

#include <stddef.h>

#ifdef _WIN32
#define BB_EXPORT __declspec(dllexport)
#else
#define BB_EXPORT __attribute__((visibility("default"), used))
#endif

// Read by the game before every call (docs/formats/plugin.md). 4: no automatic context call.
BB_EXPORT uint64_t RVExtensionFeatureFlags = 4;

// Tells the linker's collector that the symbol above is needed (the plug-in calls this).
uint64_t bb_feature_flags(void) { return RVExtensionFeatureFlags; }

#ifndef BLACKBOX_VERSION
#define BLACKBOX_VERSION "dev"
#endif
#ifndef BLACKBOX_COMMIT
#define BLACKBOX_COMMIT "unknown"
#endif
#ifndef BLACKBOX_DATE
#define BLACKBOX_DATE "unknown"
#endif

// The words in front let `blackbox doctor` read the version of a file without loading it.
#define MARK "blackbox-version:"
static const char marked_version[] = MARK BLACKBOX_VERSION;

const char *bb_build_version(void) { return marked_version + sizeof MARK - 1; }
const char *bb_build_commit(void) { return BLACKBOX_COMMIT; }
const char *bb_build_date(void) { return BLACKBOX_DATE; }

const char *bb_icom_state_name(uint32_t state) {
    static const char names[][12] = {"idle", "connecting", "registering", "online", "backoff", "stopped"};
    return names[state < sizeof names / sizeof *names ? state : BB_ICOM_STOPPED];
}

static void (*at_unload)(void);

void bb_at_unload(void (*body)(void)) { __atomic_store_n(&at_unload, body, __ATOMIC_RELEASE); }

#ifndef _WIN32
__attribute__((destructor)) static void unload(void) {
    void (*body)(void) = __atomic_exchange_n(&at_unload, NULL, __ATOMIC_ACQ_REL);
    if (body) body();
#ifdef BLACKBOX_PLUGIN
    bb_guard_forget();
    bb_fork_forget();
#endif
}
#endif
// Windows calls us at that moment under the loader's lock, and at the process' end with our threads ended
// already, maybe in the middle of something: nothing that waits or locks is safe then. So nothing is
// done there (a library with threads stays loaded, see bb_thread_start), and the next start finds the log
// as after a kill: complete, and not sealed yet.

#ifdef __linux__
// Reads one byte of each page of the library that holds `here`.
// Reads what lies between variables, too, which the address sanitizer would report.
__attribute__((no_sanitize("address")))
static int touch_library(struct dl_phdr_info *library, size_t size, void *here) {
    (void)size;
    uintptr_t wanted = (uintptr_t)here;
    int is_ours = 0;
    for (int at = 0; at < library->dlpi_phnum; at++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[at];
        uintptr_t start = library->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && wanted >= start && wanted < start + part->p_memsz) is_ours = 1;
    }
    if (!is_ours) return 0;
    for (int at = 0; at < library->dlpi_phnum; at++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[at];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_R)) continue;
        uintptr_t start = library->dlpi_addr + part->p_vaddr;
        for (uintptr_t page = start; page < start + part->p_memsz; page += 4096)
            (void)*(volatile const char *)page;
    }
    return 1;
}

void bb_touch_own_code(void) { (void)dl_iterate_phdr(touch_library, (void *)bb_touch_own_code); }
#endif
