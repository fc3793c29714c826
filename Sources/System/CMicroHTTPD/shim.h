// SPDX-License-Identifier: Apache-2.0
// libmicrohttpd for Swift. Its start and info calls are variadic, which Swift cannot call: typed wrappers stand here.
#ifndef GONOGO_CMICROHTTPD_H
#define GONOGO_CMICROHTTPD_H
#include <microhttpd.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#if MHD_VERSION < 0x00097500
#error "libmicrohttpd 0.9.75 or later is needed"
#endif

struct gonogo_mhd_settings {
  /// A bound, listening, non-blocking socket. The daemon takes it over.
  int listening;
  /// At least 2: each is one epoll loop with its own connections.
  unsigned int threads;
  unsigned int connections;
  unsigned int idle_seconds;
  /// Called with the raw request target before anything is parsed; its result is the request's context.
  void *(*begin)(void *context, const char *target, struct MHD_Connection *connection);
  MHD_AccessHandlerCallback handle;
  MHD_RequestCompletedCallback end;
  void *context;
};

/// Leaves percent escapes as they came: what decodes to NUL must not end a C string.
static inline size_t gonogo_mhd_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return strlen(text);
}

/// NULL when it could not be started.
static inline struct MHD_Daemon *gonogo_mhd_start(const struct gonogo_mhd_settings *settings) {
  return (MHD_start_daemon)(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, settings->handle,
      settings->context, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)settings->listening, MHD_OPTION_THREAD_POOL_SIZE,
      settings->threads, MHD_OPTION_CONNECTION_LIMIT, settings->connections, MHD_OPTION_CONNECTION_TIMEOUT,
      settings->idle_seconds, MHD_OPTION_STRICT_FOR_CLIENT, (int)1, MHD_OPTION_URI_LOG_CALLBACK, settings->begin,
      settings->context, MHD_OPTION_NOTIFY_COMPLETED, settings->end, settings->context, MHD_OPTION_UNESCAPE_CALLBACK,
      gonogo_mhd_keep_escapes, NULL, MHD_OPTION_END);
}

/// Open connections of all threads.
static inline unsigned int gonogo_mhd_connections(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = (MHD_get_daemon_info)(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
  return info == NULL ? 0 : info->num_connections;
}

/// IPv4 address of the client in network order; 0 when it has none.
static inline uint32_t gonogo_mhd_client(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = (MHD_get_connection_info)(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  if (info == NULL || info->client_addr == NULL || info->client_addr->sa_family != AF_INET) return 0;
  return ((const struct sockaddr_in *)info->client_addr)->sin_addr.s_addr;
}

/// Whether the client has closed its side and nothing more is to be read. The library's epoll loop (0.9.75) misses a
/// close that comes together with a request or during a sleep, and would keep the connection until it is idle too long.
static inline int gonogo_mhd_client_is_gone(struct MHD_Connection *connection) {
  char byte;
  const union MHD_ConnectionInfo *info = (MHD_get_connection_info)(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info != NULL && recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}
#endif
