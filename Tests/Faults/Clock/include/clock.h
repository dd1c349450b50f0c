// Nothing to call: the library replaces clock_gettime (see clock.c).
