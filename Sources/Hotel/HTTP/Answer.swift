// SPDX-License-Identifier: Apache-2.0

/// What goes back to the client, but for the headers that every answer carries.
struct Answer: Sendable {
  var status: Int
  var contentType: String?
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []

  static func json(_ status: Int, _ value: JSONText) -> Answer {
    Answer(status: status, contentType: "application/json", body: value.bytes)
  }

  /// An error as RFC 9457 has it.
  static func problem(_ status: Int, _ detail: String) -> Answer {
    Answer(
      status: status, contentType: "application/problem+json",
      body: JSONText.record([
        (name: "title", value: .text(reason(status))), (name: "status", value: .number(status)),
        (name: "detail", value: .text(detail)),
      ]).bytes)
  }

  /// 503 with the seconds after which another try makes sense.
  static func unavailable(_ detail: String) -> Answer {
    problem(503, detail).with("Retry-After", "1")
  }

  static func empty(_ status: Int) -> Answer { Answer(status: status) }

  func with(_ name: String, _ value: String) -> Answer {
    var answer = self
    answer.headers.append((name: name, value: value))
    return answer
  }

  static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    default: "Status \(status)"
    }
  }
}
