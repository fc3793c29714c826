// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's client library for Swift.
#ifndef GONOGO_CLIBPQ_H
#define GONOGO_CLIBPQ_H
#include <libpq-fe.h>
#endif
