// SPDX-License-Identifier: Apache-2.0
// SQLite for Swift. Most of it comes in directly; SQLITE_TRANSIENT is a cast that Swift cannot import.
#ifndef GONOGO_CSQLITE_H
#define GONOGO_CSQLITE_H
#include <sqlite3.h>

/// Binds a copy of `length` bytes as text; the text may hold NUL.
static inline int gonogo_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
#endif
