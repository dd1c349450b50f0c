// liblz4, and the byte operations beside it.
#ifndef BLACKBOX_CLZ4_SHIM_H
#define BLACKBOX_CLZ4_SHIM_H

#include <lz4.h>
#include <lz4frame.h>
#include <lz4hc.h>

#include "include/bytes.h"

#endif
