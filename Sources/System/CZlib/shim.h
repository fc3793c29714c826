// SPDX-License-Identifier: Apache-2.0
#ifndef GONOGO_CZLIB_H
#define GONOGO_CZLIB_H
#include <zlib.h>
#endif
