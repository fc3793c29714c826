// SPDX-License-Identifier: Apache-2.0
// Redis' client library for Swift.
#ifndef GONOGO_CHIREDIS_H
#define GONOGO_CHIREDIS_H
#include <hiredis.h>
#endif
