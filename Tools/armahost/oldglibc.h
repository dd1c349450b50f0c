// Included into every file of this program on Linux (by the compiler's -include): what moved to a new
// symbol version in later glibc releases is bound to the first one.
#if defined(__linux__) && defined(__x86_64__)
__asm__(".symver dlopen, dlopen@GLIBC_2.2.5");
__asm__(".symver dlsym, dlsym@GLIBC_2.2.5");
__asm__(".symver dlerror, dlerror@GLIBC_2.2.5");
__asm__(".symver dladdr1, dladdr1@GLIBC_2.3.3");
#endif
