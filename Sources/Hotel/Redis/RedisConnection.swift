// SPDX-License-Identifier: Apache-2.0
internal import CHiredis
internal import CLinux
import FoundationEssentials
import Glibc

/// Where a Redis is: `redis://user:password@host:port/number`, of which only the host must be there.
struct RedisAddress: Sendable, Equatable {
  var host: String
  var port: Int
  var database: Int
  var user: String?
  var password: String?

  /// For people: without the password.
  var text: String { "redis://\(host):\(port)/\(database)" }

  /// Nil for anything else.
  init?(_ url: String) {
    guard let parts = URLComponents(string: url, encodingInvalidCharacters: false), parts.scheme == "redis",
      let name = parts.host, !name.isEmpty,
      let database = parts.path.count < 2 ? 0 : Int(parts.path.dropFirst()), (0..<1_024).contains(database),
      (1...65_535).contains(parts.port ?? 6_379), parts.user == nil || parts.password != nil
    else { return nil }
    host = name
    port = parts.port ?? 6_379
    self.database = database
    user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
    password = parts.password
  }
}

enum RedisReply: Sendable, Equatable {
  case integer(Int)
  case text(String)
  case nothing
  case refused(String)
}

/// One connection to a Redis. No call takes much longer than `patienceMilliseconds`.
// Its owner hands it to one thread at a time.
final class RedisConnection: PooledConnection, @unchecked Sendable {
  private let context: UnsafeMutablePointer<redisContext>

  static let patienceMilliseconds = 50

  init(_ address: RedisAddress) throws(ConnectionTrouble) {
    let patience = timeval(tv_sec: 0, tv_usec: Self.patienceMilliseconds * 1_000)
    guard let opened = redisConnectWithTimeout(address.host, Int32(address.port), patience) else {
      throw ConnectionTrouble(message: "out of memory")
    }
    context = opened
    guard context.pointee.err == 0, redisSetTimeout(context, patience) == REDIS_OK else { throw trouble }
    var greeting = [["PING"]]
    if address.database != 0 { greeting.insert(["SELECT", String(address.database)], at: 0) }
    if let password = address.password {
      greeting.insert(["AUTH"] + (address.user.map { [$0] } ?? []) + [password], at: 0)
    }
    for reply in try run(greeting) {
      if case .refused(let reason) = reply { throw ConnectionTrouble(message: reason) }
    }
  }

  deinit { redisFree(context) }

  var isStale: Bool {
    // Nothing is asked, so what is to be read is the end.
    var socket = pollfd(fd: context.pointee.fd, events: Int16(POLLIN), revents: 0)
    return poll(&socket, 1, 0) > 0
  }

  /// Sends all commands and reads all replies. After throwing the connection is of no more use.
  func run(_ commands: [[String]]) throws(ConnectionTrouble) -> [RedisReply] {
    for words in commands {
      let status = CStrings(words).withPointers {
        redisAppendCommandArgv(context, Int32(words.count), $0, words.map(\.utf8.count))
      }
      guard status == REDIS_OK else { throw trouble }
    }
    var replies: [RedisReply] = []
    for _ in commands {
      var reply: UnsafeMutableRawPointer?
      guard redisGetReply(context, &reply) == REDIS_OK, let reply else { throw trouble }
      replies.append(RedisReply(reply.assumingMemoryBound(to: redisReply.self).pointee))
      freeReplyObject(reply)
    }
    return replies
  }

  private var trouble: ConnectionTrouble {
    let message = withUnsafeBytes(of: &context.pointee.errstr) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    // What the library says of a timeout is the system's EAGAIN.
    let isTimeout = context.pointee.err == REDIS_ERR_IO && errno == EAGAIN
    return ConnectionTrouble(message: isTimeout ? "no answer from the server in time" : message)
  }
}

extension RedisReply {
  fileprivate init(_ reply: redisReply) {
    let text = String(
      decoding: UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : reply.len), as: UTF8.self)
    switch reply.type {
    case REDIS_REPLY_INTEGER: self = .integer(Int(reply.integer))
    case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .text(text)
    case REDIS_REPLY_ERROR: self = .refused(text)
    default: self = .nothing
    }
  }
}
