// SPDX-License-Identifier: Apache-2.0

/// What the command line says.
struct Flags {
  var port = 8_000
  var address = "127.0.0.1"
  var database = Database.Place.file("hotel.db")
  var redis: RedisAddress?
  /// Requests a minute of one client; 0: any number.
  var rateLimit = 0
  var rooms = 1_000
  var threads = 4
  var logLevel = Log.Level.requests
  var endsWithParent = false
  /// Goes with the parent: whoever made it cannot remove it any more.
  var temporaryFolder: String?
  /// Base URLs, without a slash at the end.
  var cloudAPI: String?
  var pms: String?
  var replyDelayMilliseconds = 0
  var pmsTimeoutMilliseconds = 500
  var pmsOpenMilliseconds = 5_000
  var misbehaviour = Misbehaviour()

  static let help = """
    hotel: a small reference system for gonogo. It is a test double: do not run a hotel with it.

    usage: hotel [flags]
           hotel pms [flags]   the stand-in of a property management system; of the flags it takes --port, --listen,
                               --threads, --log, --exit-with-parent, --delay-ms, --error-share, --error-clump-s,
                               --stall-ms and --stall-every-s

      --port N              port to serve on; 0 takes a free one (8000)
      --listen ADDRESS      IPv4 address to serve on (127.0.0.1)
      --database PLACE      FILE: SQLite, made if it is not there (hotel.db), or
                            postgres://user:password@host:port/database
      --redis URL           redis://user:password@host:port/number: a cache of the availability and the
                            counters of the rate limit; the hotel does without it when it is away
      --rate-limit N        requests a minute that one client (tenant and address) may send; 0: any number (0)
      --rooms N             how many rooms each tenant has (1000)
      --threads N           threads that serve, 2 to 64 (4)
      --log LEVEL           JSON lines on stderr: requests, errors or off (requests)
      --exit-with-parent    end when standard input is closed ...
      --temporary DIR       ... and remove this folder and the files in it then
      --cloud-api URL       where replies to WhatsApp messages are posted; without it they stay in the outbox
      --reply-delay-ms N    replies leave so long after the message came in (0)
      --pms URL             the property management system; without it the hotel asks its own table
      --pms-timeout-ms N    how long one call to it may take (500)
      --pms-open-ms N       how long its circuit stays open before a call is tried (5000)

    misbehaviour, to show that what measures the hotel sees it (health and metrics stay sound):
      --delay-ms N          every request waits so long
      --slow-booking-ms N   every booking waits so long, nothing else does
      --error-share SHARE   this share of each second, 0 to 1, answers 500
      --error-clump-s N     ... or comes as whole outages of N seconds, that share of the time on average
      --stall-ms N          all requests are held so long ...
      --stall-every-s N     ... at the beginning of every N seconds (10)
      --lose-one-of N       one booking of N is acknowledged and not written
      --forget-cancel       a cancellation is acknowledged and cancels nothing
      --leak-kib N          each request leaves N KiB behind in memory
      --accept-forged       posts of the webhook are taken whatever their signature
      --duplicate-replies-one-of N   one reply of N is sent twice
      --lose-replies-one-of N        one reply of N is never sent

    Environment: WHATSAPP_APP_SECRET (demo-app-secret), WHATSAPP_VERIFY_TOKEN (demo-verify-token),
    WHATSAPP_TOKEN (demo-token).

    When it serves, one JSON line on standard output tells the port. SIGTERM drains and ends it.
    Exit: 0 ended as told, 2 wrong usage, 3 could not start.

    """

  /// Those that `hotel pms` takes.
  static let ofPMS: Set = [
    "--port", "--listen", "--threads", "--log", "--exit-with-parent", "--delay-ms", "--error-share",
    "--error-clump-s", "--stall-ms", "--stall-every-s",
  ]

  /// Throws what is wrong, for people. `--help` is not known here. `only`: the flags that are taken, nil for all.
  init(_ words: [String], only: Set<String>? = nil) throws(StartError) {
    var rest = words.makeIterator()
    while let flag = rest.next() {
      if let only, !only.contains(flag) {
        throw StartError("unknown flag \(flag); hotel --help lists them")
      }
      func number(_ range: ClosedRange<Int>) throws(StartError) -> Int {
        guard let word = rest.next(), let number = Int(word), range.contains(number) else {
          throw StartError("\(flag) takes a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
      }
      func word() throws(StartError) -> String {
        guard let word = rest.next(), !word.isEmpty else { throw StartError("\(flag) takes a value") }
        return word
      }
      func url() throws(StartError) -> String {
        var url = try word()
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else { throw StartError("\(flag) takes a URL") }
        while url.hasSuffix("/") { url.removeLast() }
        return url
      }
      switch flag {
      case "--port": port = try number(0...65_535)
      case "--listen": address = try word()
      case "--database": database = try Self.place(try word())
      case "--redis":
        // Not quoted: it may hold a password.
        guard let address = RedisAddress(try word()) else {
          throw StartError("--redis takes redis://user:password@host:port/number")
        }
        redis = address
      case "--rate-limit": rateLimit = try number(0...1_000_000_000)
      case "--rooms": rooms = try number(1...100_000)
      case "--threads": threads = try number(2...64)
      case "--log":
        guard let level = Log.Level(rawValue: try word()) else {
          throw StartError("--log takes requests, errors or off")
        }
        logLevel = level
      case "--exit-with-parent": endsWithParent = true
      case "--temporary": temporaryFolder = try word()
      case "--cloud-api": cloudAPI = try url()
      case "--reply-delay-ms": replyDelayMilliseconds = try number(0...600_000)
      case "--pms": pms = try url()
      case "--pms-timeout-ms": pmsTimeoutMilliseconds = try number(1...60_000)
      case "--pms-open-ms": pmsOpenMilliseconds = try number(1...600_000)
      case "--delay-ms": misbehaviour.delayMilliseconds = try number(0...600_000)
      case "--slow-booking-ms": misbehaviour.slowBookingMilliseconds = try number(0...600_000)
      case "--error-share":
        guard let share = Double(try word()), (0...1).contains(share) else {
          throw StartError("--error-share takes a number from 0 to 1")
        }
        misbehaviour.errorShare = share
      case "--error-clump-s": misbehaviour.errorClumpSeconds = try number(0...3_600)
      case "--stall-ms": misbehaviour.stallMilliseconds = try number(0...600_000)
      case "--stall-every-s": misbehaviour.stallEverySeconds = try number(1...3_600)
      case "--lose-one-of": misbehaviour.loseOneOf = try number(0...1_000_000)
      case "--forget-cancel": misbehaviour.forgetsCancel = true
      case "--leak-kib": misbehaviour.leakKibibytes = try number(0...102_400)
      case "--accept-forged": misbehaviour.acceptsForged = true
      case "--duplicate-replies-one-of": misbehaviour.duplicateRepliesOneOf = try number(0...1_000_000)
      case "--lose-replies-one-of": misbehaviour.loseRepliesOneOf = try number(0...1_000_000)
      default: throw StartError("unknown flag \(flag); hotel --help lists them")
      }
    }
  }

  /// What cannot be read is not quoted: it may hold a password.
  private static func place(_ word: String) throws(StartError) -> Database.Place {
    guard PostgresAddress.isOne(word) else { return .file(word) }
    guard let address = PostgresAddress(word) else {
      throw StartError("--database takes a file or postgres://user:password@host:port/database")
    }
    return .postgres(address)
  }
}
