// SPDX-License-Identifier: Apache-2.0

/// What the command line says.
struct Flags {
  var port = 8_000
  var address = "127.0.0.1"
  var database = Database.Place.file("hotel.db")
  var rooms = 1_000
  var threads = 4
  var logLevel = Log.Level.requests
  var endsWithParent = false
  var misbehaviour = Misbehaviour()

  static let help = """
    hotel: a small reference system for gonogo. It is a test double: do not run a hotel with it.

    usage: hotel [flags]
      --port N              port to serve on; 0 takes a free one (8000)
      --listen ADDRESS      IPv4 address to serve on (127.0.0.1)
      --database PLACE      FILE: SQLite, made if it is not there (hotel.db), or
                            postgres://user:password@host:port/database
      --rooms N             how many rooms each tenant has (1000)
      --threads N           threads that serve, 2 to 64 (4)
      --log LEVEL           JSON lines on stderr: requests, errors or off (requests)
      --exit-with-parent    end when standard input is closed

    misbehaviour, to show that what measures the hotel sees it (health and metrics stay sound):
      --delay-ms N          every request waits so long
      --error-share SHARE   this share of each second, 0 to 1, answers 500
      --stall-ms N          all requests are held so long ...
      --stall-every-s N     ... at the beginning of every N seconds (10)
      --lose-one-of N       one booking of N is acknowledged and not written

    When it serves, one JSON line on standard output tells the port. SIGTERM drains and ends it.
    Exit: 0 ended as told, 2 wrong usage, 3 could not start.

    """

  /// Throws what is wrong, for people. `--help` is not known here.
  init(_ words: [String]) throws(StartError) {
    var rest = words.makeIterator()
    while let flag = rest.next() {
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
      switch flag {
      case "--port": port = try number(0...65_535)
      case "--listen": address = try word()
      case "--database": database = try Self.place(try word())
      case "--rooms": rooms = try number(1...100_000)
      case "--threads": threads = try number(2...64)
      case "--log":
        guard let level = Log.Level(rawValue: try word()) else {
          throw StartError("--log takes requests, errors or off")
        }
        logLevel = level
      case "--exit-with-parent": endsWithParent = true
      case "--delay-ms": misbehaviour.delayMilliseconds = try number(0...600_000)
      case "--error-share":
        guard let share = Double(try word()), (0...1).contains(share) else {
          throw StartError("--error-share takes a number from 0 to 1")
        }
        misbehaviour.errorShare = share
      case "--stall-ms": misbehaviour.stallMilliseconds = try number(0...600_000)
      case "--stall-every-s": misbehaviour.stallEverySeconds = try number(1...3_600)
      case "--lose-one-of": misbehaviour.loseOneOf = try number(0...1_000_000)
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
