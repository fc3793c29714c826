// SPDX-License-Identifier: Apache-2.0
// Room: Hotel. The reference system that gonogo is tried on: HTTP by libmicrohttpd, reservations and guests' messages in
// SQLite or PostgreSQL. A program of its own, and the only room that knows a database. Nothing of what measures it may
// enter: it must not know gonogo.
internal import CLinux
import Glibc

@main
struct Main {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    var words = Array(CommandLine.arguments.dropFirst())
    if words.contains("--help") || words.contains("-h") {
      writeAll(Array(Flags.help.utf8), to: 1)
      exit(0)
    }
    let isPMS = words.first == "pms"
    if isPMS { words.removeFirst() }
    let flags: Flags
    do throws(StartError) {
      flags = try Flags(words, only: isPMS ? Flags.ofPMS : nil)
    } catch {
      complain(error.message)
      exit(2)
    }
    // Before any thread is made, since threads inherit what is blocked.
    let ending = Ending(watchesInput: flags.endsWithParent)
    raiseDescriptorLimit()
    do throws(StartError) {
      if isPMS {
        let log = Log(level: flags.logLevel)
        let service = Service(
          routes: withDocumentation(pmsRoutes()), metrics: Metrics(), log: log, limiter: nil,
          misbehaviour: flags.misbehaviour)
        try serve(service, log, flags, until: ending) { _ in }
      } else {
        try serveHotel(flags, until: ending)
      }
    } catch {
      complain(error.message)
      exit(3)
    }
    exit(0)
  }

  private static func serveHotel(_ flags: Flags, until ending: borrowing Ending) throws(StartError) {
    let log = Log(level: flags.logLevel)
    let database: Database
    do throws(DatabaseError) {
      database = try Database(flags.database, schema: Reservations.schema + Channel.schema, log: log)
    } catch {
      throw StartError("cannot use the database \(flags.database.text): \(error.message)")
    }
    let redis = flags.redis.map { Redis($0, log: log) }
    let cache = redis.map { AvailabilityCache($0) }
    let limiter = flags.rateLimit == 0 ? nil : RateLimiter(perMinute: flags.rateLimit, redis: redis)
    let reservations = Reservations(database, rooms: flags.rooms, loseOneOf: flags.misbehaviour.loseOneOf, cache: cache)
    let metrics = Metrics()
    metrics.include {
      database.metricsText + (redis?.metricsText ?? "") + (cache?.metricsText ?? "") + (limiter?.metricsText ?? "")
    }
    let channel = try Channel(flags, reservations: reservations, metrics: metrics, log: log)
    let dependencies = [database.dependency, redis?.dependency, channel.pms?.dependency].compactMap { $0 }
    let routes = withDocumentation(
      healthRoutes(dependencies, metrics: metrics, diskUsedPercent: { database.diskUsedPercent })
        + reservationRoutes(reservations, metrics: metrics, forgetsCancel: flags.misbehaviour.forgetsCancel)
        + channel.routes)
    let service = Service(
      routes: routes, metrics: metrics, log: log, limiter: limiter, misbehaviour: flags.misbehaviour)
    try serve(service, log, flags, until: ending) { channel.outbox.drain(untilNanoseconds: $0) }
  }

  /// Serves until told to end. Then what is under way gets its answer, and `drain` the rest of the time, of which it is
  /// told the end.
  private static func serve(
    _ service: Service, _ log: Log, _ flags: Flags, until ending: borrowing Ending,
    drain: (_ untilNanoseconds: Int64) -> Void
  ) throws(StartError) {
    let server = try Server(service: service, address: flags.address, port: flags.port, threads: flags.threads)
    let line: JSONText = [
      "port": .number(server.port), "url": .text("http://\(flags.address):\(server.port)"),
      "pid": .number(Int(getpid())),
    ]
    writeAll(line.bytes + [UInt8(ascii: "\n")], to: 1)
    log.event("serving", [(name: "port", value: .number(server.port))])
    let reason = ending.wait()
    defer { if reason == .parentGone, let folder = flags.temporaryFolder { remove(folder) } }
    log.event("draining", [(name: "reason", value: .text(reason.rawValue))])
    // Without its parent nobody waits for the answers of long requests.
    let seconds = reason == .parentGone ? 1 : 10
    let end = monotonicNanoseconds() + Int64(seconds) * 1_000_000_000
    server.drain(seconds: seconds)
    drain(end)
    log.event("ended")
  }

  /// Plain files only; what else may be there stays, and the folder with it.
  private static func remove(_ folder: String) {
    guard let stream = opendir(folder) else { return }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      unlink("\(folder)/\(name)")
    }
    closedir(stream)
    rmdir(folder)
  }

  private static func complain(_ message: String) { writeAll(Array("hotel: \(message)\n".utf8), to: 2) }

  /// One descriptor per connection: as many as the system lets us have.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
