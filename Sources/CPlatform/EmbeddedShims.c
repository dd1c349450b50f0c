// What the compiler of the Embedded build asks for beyond libc, supplied here so that the plug-in needs
// neither libm nor a symbol newer than GLIBC_2.17. Hidden by the version script, and only in the
// plug-in: the tools take the system's own.
#ifdef BLACKBOX_PLUGIN
#include "CPlatform.h"

// Toward zero. From 2^52 on (and for infinities and NaN) every double is whole already.
double trunc(double value) {
    if (!(value < 4503599627370496.0 && value > -4503599627370496.0)) return value;
    double whole = (double)(int64_t)value;
    return whole == 0 ? __builtin_copysign(0.0, value) : whole;
}

// To the nearest, halves away from zero.
double round(double value) {
    double whole = trunc(value);
    double rest = value - whole;
    if (rest >= 0.5) return whole + 1;
    if (rest <= -0.5) return whole - 1;
    return whole;
}

double floor(double value) {
    double whole = trunc(value);
    return whole > value ? whole - 1 : whole;
}

double ceil(double value) {
    double whole = trunc(value);
    return whole < value ? whole + 1 : whole;
}

// The seed of Dictionary and Set (GLIBC_2.36 has one of its own).
void arc4random_buf(void *out, uint64_t count) { bb_random(out, count); }
#endif
