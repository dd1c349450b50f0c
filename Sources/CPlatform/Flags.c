// What the game reads of us as data, what the build writes into us, and the moment the library goes.
#include "CPlatform.h"

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

const char *bb_build_version(void) { return BLACKBOX_VERSION; }
const char *bb_build_commit(void) { return BLACKBOX_COMMIT; }
const char *bb_build_date(void) { return BLACKBOX_DATE; }

static void (*at_unload)(void);

void bb_at_unload(void (*body)(void)) { __atomic_store_n(&at_unload, body, __ATOMIC_RELEASE); }

#ifndef _WIN32
__attribute__((destructor)) static void unload(void) {
    void (*body)(void) = __atomic_exchange_n(&at_unload, NULL, __ATOMIC_ACQ_REL);
    if (body) body();
}
#endif
// Windows calls us at that moment under the loader's lock, and at the process' end with our threads ended
// already, maybe in the middle of something: nothing that waits or locks is safe then. So nothing is
// done there (a library with threads stays loaded, see bb_thread_start), and the next start finds the log
// as after a kill: complete, and not sealed yet.
