// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Transport

/// The transport alone, in the shape of scripts/bench-support/bare-loop.c: so many connections, each asking for the URL
/// again as soon as its answer is complete. Prints the same line, and the memory at the end.
final class TransportBenchmark: LoopOwner {
  private let loop: TransportLoop
  private let url: [UInt8]
  private let end: MonotonicTime
  private var waiting: [Exchange] = []
  private var requests = 0
  private var failed = 0
  /// Sent with each request and different each time, as a trace id is.
  private var traceHeader = Array("traceparent: 00-00000000000000000000000000000000-0000000000000000-01".utf8)
  private var headers: [[UInt8]] = []

  /// `transport URL CONNECTIONS SECONDS [CONNECTIONS-PER-MULTI = 32]`
  static func run(_ arguments: [String]) throws(TransportError) {
    guard arguments.count >= 3, let connections = Int(arguments[1]), let seconds = Double(arguments[2]) else {
      print("usage: benchmarks transport URL CONNECTIONS SECONDS [CONNECTIONS-PER-MULTI]")
      return
    }
    let perMulti = arguments.count > 3 ? Int(arguments[3]) ?? 32 : 32
    let start = MonotonicTime.now()
    let before = cpuSeconds()
    let benchmark = try TransportBenchmark(arguments[0], connections, seconds, perMulti, start)
    benchmark.loop.run(owner: benchmark)
    let took = Double(MonotonicTime.now().nanoseconds(since: start)) / 1e9
    benchmark.report(seconds: took, cpu: cpuSeconds() - before)
  }

  private init(_ url: String, _ connections: Int, _ seconds: Double, _ perMulti: Int, _ start: MonotonicTime)
    throws(TransportError)
  {
    loop = try TransportLoop(settings: ConnectionSettings(), connectionsPerMulti: perMulti)
    self.url = Array(url.utf8)
    end = start.advanced(byNanoseconds: Int64(seconds * 1e9))
    for _ in 0..<connections { waiting.append(try loop.makeExchange()) }
  }

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    for exchange in waiting { send(exchange) }
    waiting.removeAll(keepingCapacity: true)
    if now >= end { loop.stop() }
    return end
  }

  func ended(_ exchange: Exchange) {
    requests += 1
    if exchange.failure != nil || exchange.status != 200 { failed += 1 }
    send(exchange)
  }

  private func send(_ exchange: Exchange) {
    traceHeader[50] = 0x30 + UInt8(requests % 10)
    headers.removeAll(keepingCapacity: true)
    headers.append(traceHeader)
    exchange.prepare(
      method: "GET", url: url, headers: headers, body: nil, timeoutNanoseconds: 30_000_000_000, keepBody: false,
      keepHeaders: false)
    loop.start(exchange)
  }

  private func report(seconds: Double, cpu: Double) {
    let rate = requests > 0 ? Int(Double(requests) / seconds) : 0
    let perRequest = requests > 0 ? Int(cpu * 1e9 / Double(requests)) : 0
    print(
      "requests=\(requests) failed=\(failed) seconds=\(seconds) cpu_seconds=\(cpu) requests_per_second=\(rate)",
      "cpu_ns_per_request=\(perRequest) open=\(loop.openConnections) opened=\(loop.connectionsOpened)",
      "waited_seconds=\(Double(loop.waitingNanoseconds) / 1e9) turns=\(loop.turns) peak_kilobytes=\(peakKilobytes())")
  }
}

func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(RUSAGE_SELF.rawValue, &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

func peakKilobytes() -> Int {
  var usage = rusage()
  getrusage(RUSAGE_SELF.rawValue, &usage)
  return usage.ru_maxrss
}
