// SPDX-License-Identifier: Apache-2.0
// Linux calls that Swift's Glibc module leaves out or imports as variadic.
#ifndef GONOGO_CLINUX_H
#define GONOGO_CLINUX_H
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/// Timers of the calling thread may fire this many nanoseconds late (the kernel's default is 50,000).
static inline int gonogo_set_timer_slack(unsigned long nanoseconds) {
  return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

/// Columns of the terminal behind a descriptor, 0 when it is not a terminal.
static inline int gonogo_terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// One readiness event: `tag` is what the descriptor was registered with.
struct gonogo_event {
  uint64_t tag;
  uint32_t events;
};

#define GONOGO_EVENTS_AT_ONCE 64

/// epoll_ctl with a 64-bit tag (struct epoll_event is packed and holds a union). Returns 0 or the errno.
static inline int gonogo_epoll_control(int set, int operation, int descriptor, uint32_t events, uint64_t tag) {
  struct epoll_event event;
  event.events = events;
  event.data.u64 = tag;
  return epoll_ctl(set, operation, descriptor, &event) == 0 ? 0 : errno;
}

/// epoll_wait in nanoseconds (negative: for ever), into GONOGO_EVENTS_AT_ONCE places. Returns their number or -errno.
/// A kernel or sandbox without epoll_pwait2 gets whole milliseconds, rounded up.
static inline int gonogo_epoll_wait(int set, struct gonogo_event *into, int64_t nanoseconds) {
  struct epoll_event events[GONOGO_EVENTS_AT_ONCE];
  int count;
  if (nanoseconds > 0) {
    struct timespec wait = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    count = epoll_pwait2(set, events, GONOGO_EVENTS_AT_ONCE, &wait, NULL);
    if (count < 0 && (errno == ENOSYS || errno == EPERM)) {
      int64_t milliseconds = (nanoseconds + 999999) / 1000000;
      if (milliseconds > 1000000) milliseconds = 1000000;
      count = epoll_wait(set, events, GONOGO_EVENTS_AT_ONCE, (int)milliseconds);
    }
  } else {
    count = epoll_wait(set, events, GONOGO_EVENTS_AT_ONCE, nanoseconds < 0 ? -1 : 0);
  }
  if (count < 0) return -errno;
  for (int index = 0; index < count; index++) {
    into[index].tag = events[index].data.u64;
    into[index].events = events[index].events;
  }
  return count;
}

/// socket() that no child process inherits. Returns the descriptor or -errno.
static inline int gonogo_socket(int family, int type, int protocol) {
  int descriptor = socket(family, type | SOCK_CLOEXEC, protocol);
  return descriptor < 0 ? -errno : descriptor;
}

/// Whether the process was told to ignore a signal, as `nohup` does.
static inline int gonogo_ignores_signal(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
#endif
