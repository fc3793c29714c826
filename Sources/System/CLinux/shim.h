// SPDX-License-Identifier: Apache-2.0
// Linux calls that Swift's Glibc module leaves out or imports as variadic.
#ifndef GONOGO_CLINUX_H
#define GONOGO_CLINUX_H
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
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

/// posix_spawn of a program (a path) with this process's variables: in a process group of its own, no signal blocked or
/// ignored, `input`, `output` and `errors` as its standard streams and no other descriptor. Returns 0 or the errno.
static inline int gonogo_spawn(pid_t *child, const char *path, char *const arguments[], int input, int output,
                               int errors) {
  extern char **environ;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_init(&attributes);
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  int code = posix_spawn(child, path, &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return code;
}

/// A pipe that no child inherits: `ends[0]` is read, `ends[1]` is written. Returns 0 or the errno.
static inline int gonogo_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

/// Whether a child has ended, leaving it to be reaped. 0: it runs; 1: it exited with `*status`; 2: the signal `*status`
/// ended it; 3: it is no child of ours any more.
static inline int gonogo_child_end(pid_t child, int *status) {
  siginfo_t info;
  info.si_pid = 0;
  *status = 0;
  if (waitid(P_PID, child, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return errno == ECHILD ? 3 : 0;
  if (info.si_pid != child) return 0;
  *status = info.si_status;
  return info.si_code == CLD_EXITED ? 1 : 2;
}
#endif
