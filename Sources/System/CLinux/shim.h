// SPDX-License-Identifier: Apache-2.0
// Linux calls that Swift's Glibc module leaves out or imports as variadic.
#ifndef GONOGO_CLINUX_H
#define GONOGO_CLINUX_H
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

/// Timers of the calling thread may fire this many nanoseconds late (the kernel's default is 50,000).
static inline int gonogo_set_timer_slack(unsigned long nanoseconds) {
  return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

/// Columns of the terminal behind a descriptor, 0 when it is not a terminal.
static inline int gonogo_terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
#endif
