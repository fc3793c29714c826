// SPDX-License-Identifier: Apache-2.0
#ifndef GONOGO_CZLIB_H
#define GONOGO_CZLIB_H
#include <zlib.h>

// zlib's own initialisers are macros that pass the size of z_stream along.

static inline int gonogo_deflate_start(z_stream *stream, int level) { return deflateInit(stream, level); }

static inline int gonogo_inflate_start(z_stream *stream) { return inflateInit(stream); }

#endif
