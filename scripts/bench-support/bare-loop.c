// SPDX-License-Identifier: Apache-2.0
// The least that C can do with libcurl's multi interface on one thread: the yardstick for what gonogo's loop adds.
// Each of N connections asks for the URL again as soon as its answer is complete; nothing is measured, kept or checked
// but the result code. Sockets stay in the epoll set between transfers, as in gonogo.
//
//   cc -O2 -o bare-loop bare-loop.c -lcurl
//   taskset -c 0 ./bare-loop URL CONNECTIONS SECONDS [CONNECTIONS-PER-MULTI = 32 [HEADER...]]
//
// The headers should be those the other side of a comparison sends: libcurl writes them byte by byte, and 70 bytes of
// trace id alone cost it 8 % of a small request.
//
// Prints: requests, failed, seconds, CPU seconds (user + system), requests per second, CPU microseconds per request.
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_SOCKETS 65536

struct multi {
  CURLM *raw;
  int64_t deadline;  // nanoseconds, INT64_MAX = none
};

static int epoll_set;
static struct multi *multis;
static int multi_count;
static struct {
  uint32_t armed, wanted;
  struct multi *multi;
} sockets[MAX_SOCKETS];

static int64_t now_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static size_t discard(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes, (void)context;
  return size * count;
}

static int socket_wanted(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context) {
  (void)easy, (void)socket_context;
  if (socket >= MAX_SOCKETS) return -1;
  if (what == CURL_POLL_REMOVE) {
    sockets[socket].wanted = 0;
    return 0;
  }
  uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
  sockets[socket].multi = context;
  sockets[socket].wanted = events;
  if (sockets[socket].armed == events) return 0;
  struct epoll_event event = {.events = events, .data.fd = socket};
  if (epoll_ctl(epoll_set, sockets[socket].armed ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) == 0)
    sockets[socket].armed = events;
  return 0;
}

static int close_socket(void *context, curl_socket_t socket) {
  (void)context;
  sockets[socket].armed = sockets[socket].wanted = 0;
  return close(socket);
}

static int timer_wanted(CURLM *raw, long milliseconds, void *context) {
  (void)raw;
  struct multi *multi = context;
  multi->deadline = milliseconds < 0 ? INT64_MAX : milliseconds == 0 ? 0 : now_nanoseconds() + milliseconds * 1000000LL;
  return 0;
}

static long requests, failed;

// Lets libcurl work; transfers it finished begin again at once.
static void act(struct multi *multi, curl_socket_t socket, int mask) {
  int running, left;
  CURLMsg *message;
  curl_multi_socket_action(multi->raw, socket, mask, &running);
  while ((message = curl_multi_info_read(multi->raw, &left))) {
    CURL *easy = message->easy_handle;
    requests++;
    if (message->data.result != CURLE_OK) failed++;
    curl_multi_remove_handle(multi->raw, easy);
    curl_multi_add_handle(multi->raw, easy);
  }
}

int main(int count, char **arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: bare-loop URL CONNECTIONS SECONDS [CONNECTIONS-PER-MULTI [HEADER...]]\n");
    return 2;
  }
  const char *url = arguments[1];
  int connections = atoi(arguments[2]);
  double seconds = atof(arguments[3]);
  int per_multi = count > 4 ? atoi(arguments[4]) : 32;
  if (connections < 1 || per_multi < 1) return 2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  epoll_set = epoll_create1(EPOLL_CLOEXEC);
  multi_count = (connections + per_multi - 1) / per_multi;
  multis = calloc(multi_count, sizeof *multis);
  for (int index = 0; index < multi_count; index++) {
    struct multi *multi = &multis[index];
    multi->raw = curl_multi_init();
    multi->deadline = INT64_MAX;
    curl_multi_setopt(multi->raw, CURLMOPT_SOCKETFUNCTION, socket_wanted);
    curl_multi_setopt(multi->raw, CURLMOPT_SOCKETDATA, multi);
    curl_multi_setopt(multi->raw, CURLMOPT_TIMERFUNCTION, timer_wanted);
    curl_multi_setopt(multi->raw, CURLMOPT_TIMERDATA, multi);
    curl_multi_setopt(multi->raw, CURLMOPT_MAXCONNECTS, (long)per_multi * 2);
  }
  struct curl_slist *headers = NULL;
  for (int index = 5; index < count; index++) headers = curl_slist_append(headers, arguments[index]);
  CURL **handles = calloc(connections, sizeof *handles);
  for (int index = 0; index < connections; index++) {
    CURL *easy = handles[index] = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 1024L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_multi_add_handle(multis[index / per_multi].raw, easy);
  }
  double cpu_before = cpu_seconds();
  int64_t start = now_nanoseconds(), now = start, end = start + (int64_t)(seconds * 1e9);
  while (now < end) {
    struct epoll_event events[256];
    int64_t earliest = end;
    int ready = 0;
    for (int index = 0; index < multi_count; index++) {
      if (multis[index].deadline <= now) {
        multis[index].deadline = INT64_MAX;
        act(&multis[index], CURL_SOCKET_TIMEOUT, 0);
      }
      if (multis[index].deadline < earliest) earliest = multis[index].deadline;
    }
    if (earliest > now) ready = epoll_wait(epoll_set, events, 256, (int)((earliest - now + 999999) / 1000000));
    for (int index = 0; index < ready; index++) {
      int socket = events[index].data.fd;
      if (sockets[socket].armed == 0) continue;
      if (sockets[socket].wanted == 0) {
        sockets[socket].armed = 0;
        epoll_ctl(epoll_set, EPOLL_CTL_DEL, socket, NULL);
        continue;
      }
      uint32_t happened = events[index].events;
      int mask = (happened & (EPOLLIN | EPOLLERR | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
                 (happened & EPOLLOUT ? CURL_CSELECT_OUT : 0);
      act(sockets[socket].multi, socket, mask);
    }
    now = now_nanoseconds();
  }
  double took = (now - start) / 1e9, cpu = cpu_seconds() - cpu_before;
  printf("requests=%ld failed=%ld seconds=%.3f cpu_seconds=%.3f requests_per_second=%.0f cpu_us_per_request=%.3f\n",
         requests, failed, took, cpu, requests / took, requests ? cpu * 1e6 / requests : 0);
  for (int index = 0; index < connections; index++) {
    curl_multi_remove_handle(multis[index / per_multi].raw, handles[index]);
    curl_easy_cleanup(handles[index]);
  }
  for (int index = 0; index < multi_count; index++) curl_multi_cleanup(multis[index].raw);
  curl_slist_free_all(headers);
  curl_global_cleanup();
  return failed > 0;
}
