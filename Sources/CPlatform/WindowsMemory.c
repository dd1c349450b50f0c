// Mappings of segments, pages touched ahead of the game, and the handler that keeps a disk that went
// away from killing the game (Windows).
#ifdef _WIN32
#include "WindowsInternal.h"

#include <string.h>

enum { PAGE = 4096 };

// Views. Flushing a file does not write what was stored through a mapping (the pages' dirty bits stay
// with the view), so a sync of the file flushes its views first; this table knows them. Entries are made
// and removed by our own threads, under a lock that the game thread never wants.
enum { VIEW_SLOTS = 64 };
struct view {
    HANDLE file;
    void *base;
    uint64_t size;
};
static struct view views[VIEW_SLOTS];
static SRWLOCK views_lock = SRWLOCK_INIT;

static int add_view(HANDLE file, void *base, uint64_t size) {
    int added = 0;
    AcquireSRWLockExclusive(&views_lock);
    for (int slot = 0; slot < VIEW_SLOTS && !added; slot++) {
        if (views[slot].base) continue;
        views[slot] = (struct view){file, base, size};
        added = 1;
    }
    ReleaseSRWLockExclusive(&views_lock);
    return added;
}

static void remove_view(void *base) {
    AcquireSRWLockExclusive(&views_lock);
    for (int slot = 0; slot < VIEW_SLOTS; slot++)
        if (views[slot].base == base) views[slot].base = NULL;
    ReleaseSRWLockExclusive(&views_lock);
}

int32_t bb_flush_views(HANDLE file) {
    for (int slot = 0; slot < VIEW_SLOTS; slot++) {
        AcquireSRWLockShared(&views_lock);
        struct view view = views[slot];
        ReleaseSRWLockShared(&views_lock);
        // The lock is not held while the disk works. Whoever syncs a file owns its mapping, so that
        // stays.
        if (view.base && view.file == file && !FlushViewOfFile(view.base, view.size))
            return bb_error();
    }
    return 0;
}

void *bb_map_file(int64_t file, uint64_t size, uint32_t mode, int32_t *error) {
    DWORD protection = PAGE_READONLY, access = FILE_MAP_READ;
    if (mode == BB_MAP_WRITE) protection = PAGE_READWRITE, access = FILE_MAP_READ | FILE_MAP_WRITE;
    if (mode == BB_MAP_PRIVATE) protection = PAGE_WRITECOPY, access = FILE_MAP_COPY;
    HANDLE section = CreateFileMappingW(
        bb_handle(file), NULL, protection, (DWORD)(size >> 32), (DWORD)size, NULL);
    if (!section) {
        *error = bb_error();
        return NULL;
    }
    void *base = MapViewOfFile(section, access, 0, 0, size);
    *error = base ? 0 : bb_error();
    // The view keeps the section.
    CloseHandle(section);
    if (base && mode == BB_MAP_WRITE && !add_view(bb_handle(file), base, size)) {
        UnmapViewOfFile(base);
        *error = -BB_ENOMEM;
        return NULL;
    }
    return base;
}

int32_t bb_map_remove(void *base, uint64_t size) {
    (void)size;
    remove_view(base);
    MEMORY_BASIC_INFORMATION facts;
    // What the fault handler put in a lost view's place is memory of its own.
    if (VirtualQuery(base, &facts, sizeof facts) && facts.Type == MEM_PRIVATE &&
        facts.AllocationBase == base && facts.AllocationProtect == PAGE_READWRITE)
        return VirtualFree(base, 0, MEM_RELEASE) ? 0 : bb_error();
    return UnmapViewOfFile(base) ? 0 : bb_error();
}

int32_t bb_map_populate(void *base, uint64_t size) {
    // No call makes pages present and dirty here: an atomic OR of 0 does, and harms no store that
    // another thread makes at the same time. A page that can't be had is the handler's.
    for (uint64_t at = 0; at < size; at += PAGE)
        __atomic_fetch_or((uint32_t *)((char *)base + at), 0, __ATOMIC_RELAXED);
    return 0;
}

void bb_touch_own_code(void) {
    HMODULE module;
    DWORD flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (!GetModuleHandleExW(flags, (const wchar_t *)(uintptr_t)bb_touch_own_code, &module)) return;
    // A module's handle is where its image begins.
    MEMORY_BASIC_INFORMATION part;
    for (const char *at = (const char *)module; VirtualQuery(at, &part, sizeof part) > 0;
         at = (const char *)part.BaseAddress + part.RegionSize) {
        if (part.AllocationBase != (void *)module) break;
        if (part.State != MEM_COMMIT || (part.Protect & (PAGE_NOACCESS | PAGE_GUARD))) continue;
        const char *end = (const char *)part.BaseAddress + part.RegionSize;
        for (const char *page = part.BaseAddress; page < end; page += PAGE)
            (void)*(volatile const char *)page;
    }
}

void bb_map_will_read(void *base, uint64_t size) {
    struct range {
        void *base;
        SIZE_T size;
    } range = {base, size};
    typedef BOOL(WINAPI * prefetch)(HANDLE, ULONG_PTR, struct range *, ULONG);
    // Windows 8 and later.
    prefetch call = (prefetch)(uintptr_t)bb_newer_function("PrefetchVirtualMemory");
    if (call) (void)call(GetCurrentProcess(), 1, &range, 0);
}

// Unlocking pages that are not locked fails, and takes them out of the working set: what is wanted here.
void bb_map_did_read(void *base, uint64_t size) { (void)VirtualUnlock(base, size); }

int32_t bb_map_sync(void *base, uint64_t size) {
    HANDLE file = NULL;
    AcquireSRWLockShared(&views_lock);
    for (int slot = 0; slot < VIEW_SLOTS; slot++) {
        char *start = views[slot].base;
        if (start && (char *)base >= start && (char *)base < start + views[slot].size)
            file = views[slot].file;
    }
    ReleaseSRWLockShared(&views_lock);
    if (!FlushViewOfFile(base, size)) return bb_error();
    // The view's pages are with the disk now, maybe only in its cache.
    return !file || FlushFileBuffers(file) ? 0 : bb_error();
}

// Fault guard. A slot is taken by setting `size`, last, and given back by clearing it: the handler
// reads the slots without a lock, on whatever thread the fault hit.
//
// Linux replaces the one page that is lost. Here a view can only be replaced as a whole: by fresh memory
// with a copy of what can still be read in front of the fault (the records so far; behind it are
// zeros). That is slow, and happens when the disk is gone.
enum { VIEW_WHOLE = 0, VIEW_REPLACING = 1, VIEW_REPLACED = 2 };
struct guard {
    uintptr_t base;
    uint32_t *failed;
    uint32_t state;
    uintptr_t size;
};

static struct guard guards[BB_GUARD_SLOTS];
static SRWLOCK guards_lock = SRWLOCK_INIT;
static void *handler;
static uint32_t guards_used;

static int replace(struct guard *guard, uintptr_t address) {
    char *base = (char *)guard->base;
    uintptr_t readable = (address - guard->base) & ~(uintptr_t)(PAGE - 1);
    char *copy = VirtualAlloc(NULL, readable + PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!copy) return 0;
    // ReadProcessMemory says that a page can't be read, where a load would fault again.
    for (uintptr_t at = 0; at <= readable; at += PAGE) {
        SIZE_T got = 0;
        (void)ReadProcessMemory(GetCurrentProcess(), base + at, copy + at, PAGE, &got);
    }
    // Between these two other threads find nothing here: the handler lets them try again.
    UnmapViewOfFile(base);
    void *put = VirtualAlloc(base, guard->size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (put) memcpy(base, copy, readable + PAGE);
    VirtualFree(copy, 0, MEM_RELEASE);
    return put == base;
}

static LONG serve(struct guard *guard, DWORD code, uintptr_t address) {
    uint32_t whole = VIEW_WHOLE;
    if (code == EXCEPTION_IN_PAGE_ERROR &&
        __atomic_compare_exchange_n(
            &guard->state, &whole, VIEW_REPLACING, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        int done = replace(guard, address);
        __atomic_store_n(&guard->state, done ? VIEW_REPLACED : VIEW_WHOLE, __ATOMIC_RELEASE);
        if (!done) return EXCEPTION_CONTINUE_SEARCH;
        __atomic_store_n(guard->failed, 1, __ATOMIC_RELEASE);
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    while (__atomic_load_n(&guard->state, __ATOMIC_ACQUIRE) == VIEW_REPLACING) SwitchToThread();
    if (__atomic_load_n(&guard->state, __ATOMIC_ACQUIRE) != VIEW_REPLACED)
        return EXCEPTION_CONTINUE_SEARCH;
    // Another thread's fault has been mended since; anything else is an error of its own.
    MEMORY_BASIC_INFORMATION facts;
    return VirtualQuery((void *)address, &facts, sizeof facts) && facts.State == MEM_COMMIT &&
                   facts.Protect == PAGE_READWRITE
               ? EXCEPTION_CONTINUE_EXECUTION
               : EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK on_fault(EXCEPTION_POINTERS *facts) {
    const EXCEPTION_RECORD *record = facts->ExceptionRecord;
    DWORD code = record->ExceptionCode;
    if ((code != EXCEPTION_IN_PAGE_ERROR && code != EXCEPTION_ACCESS_VIOLATION) ||
        record->NumberParameters < 2)
        return EXCEPTION_CONTINUE_SEARCH;
    uintptr_t address = record->ExceptionInformation[1];
    for (int slot = 0; slot < BB_GUARD_SLOTS; slot++) {
        uintptr_t size = __atomic_load_n(&guards[slot].size, __ATOMIC_ACQUIRE);
        uintptr_t base = guards[slot].base;
        if (size == 0 || address < base || address - base >= size) continue;
        return serve(&guards[slot], code, address);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

int32_t bb_guard_add(void *base, uint64_t size, uint32_t *failed) {
    int32_t result = -BB_ENOMEM;
    AcquireSRWLockExclusive(&guards_lock);
    if (!handler) handler = AddVectoredExceptionHandler(1, on_fault);
    for (int slot = 0; handler && slot < BB_GUARD_SLOTS; slot++) {
        if (guards[slot].size != 0) continue;
        guards[slot].base = (uintptr_t)base;
        guards[slot].failed = failed;
        guards[slot].state = VIEW_WHOLE;
        __atomic_store_n(&guards[slot].size, (uintptr_t)size, __ATOMIC_RELEASE);
        guards_used++;
        result = slot;
        break;
    }
    ReleaseSRWLockExclusive(&guards_lock);
    return result;
}

void bb_guard_remove(int32_t slot) {
    if (slot < 0 || slot >= BB_GUARD_SLOTS) return;
    AcquireSRWLockExclusive(&guards_lock);
    if (guards[slot].size != 0) {
        __atomic_store_n(&guards[slot].size, (uintptr_t)0, __ATOMIC_RELEASE);
        // Without ranges there must be no handler that points into a library which may go.
        if (--guards_used == 0 && RemoveVectoredExceptionHandler(handler)) handler = NULL;
    }
    ReleaseSRWLockExclusive(&guards_lock);
}
#endif
