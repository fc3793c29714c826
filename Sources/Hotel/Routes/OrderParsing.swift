// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// How many nights one stay may have.
let nightsRange = 1...30

/// An offer of the availability answer: the room together with the day, which makes it enough to book by.
func offer(room: Int, checkin: Day) -> String { "\(room)-\(checkin.text)" }

/// Yesterday is still today somewhere.
func isBookable(_ day: Day) -> Bool { (-1...730).contains(day.number - Day.today.number) }

enum ParsedOrder {
  case order(Order)
  case refused(Answer)
}

private struct OrderBody: Decodable {
  var room: String
  var guest: String
  /// Any number, since a decoder of integers calls 1.5 broken JSON.
  var nights: Double
  var checkin: String?
}

/// The order in a booking request: 400 for what cannot be read, 422 for what cannot be meant.
func parseOrder(_ request: Request, rooms: Int) -> ParsedOrder {
  if let type = request.header("Content-Type"), !isJSON(type) {
    return .refused(.problem(415, "the body must be application/json"))
  }
  guard let key = request.header("Idempotency-Key"), (1...255).contains(key.utf8.count),
    key.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
  else { return .refused(.problem(400, "Idempotency-Key must have 1 to 255 visible ASCII characters")) }
  let body: OrderBody
  do {
    body = try JSONDecoder().decode(OrderBody.self, from: Data(request.body))
  } catch {
    return .refused(refusal(error))
  }
  func unmeant(_ detail: String) -> ParsedOrder { .refused(.problem(422, detail)) }
  guard let nights = Int(exactly: body.nights), nightsRange.contains(nights) else {
    return unmeant("nights is a number from 1 to 30")
  }
  guard !body.guest.allSatisfy(\.isWhitespace), body.guest.unicodeScalars.count <= 200 else {
    return unmeant("guest must have 1 to 200 characters, not only blank ones")
  }
  // Not every database can keep it, and no name has it.
  guard !body.guest.utf8.contains(0) else { return unmeant("guest must not hold NUL") }
  let parts = body.room.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
  guard parts[0].utf8.count <= 9, let room = Int(parts[0]), (1...rooms).contains(room), String(room) == parts[0] else {
    return unmeant("there is no such room")
  }
  guard let day = (parts.count == 2 ? String(parts[1]) : body.checkin), let checkin = Day(day), isBookable(checkin),
    body.checkin.map({ $0 == checkin.text }) ?? true
  else { return unmeant("room must be an id of the availability answer, or a room's number with a checkin day") }
  return .order(
    Order(tenant: request.tenant, key: key, room: room, guest: body.guest, checkin: checkin, nights: nights))
}

func isJSON(_ contentType: String) -> Bool {
  let type = contentType.split(separator: ";", maxSplits: 1).first ?? ""
  return type.split(separator: " ").joined().lowercased() == "application/json"
}

/// Why a body was not understood: 400 for broken JSON, 422 for a value that does not fit.
func refusal(_ error: any Error) -> Answer {
  guard let error = error as? DecodingError else { return .problem(400, "the body is not JSON") }
  switch error {
  case .keyNotFound(let key, _): return .problem(422, "\(key.stringValue) is missing")
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    return .problem(422, "\(context.codingPath.last?.stringValue ?? "the body") is of the wrong type")
  case .dataCorrupted(let context):
    // With a place it is a value that does not fit, without one the text itself is broken.
    guard let place = context.codingPath.last else { return .problem(400, "the body is not JSON") }
    return .problem(422, "\(place.stringValue) is out of range")
  @unknown default: return .problem(400, "the body is not JSON")
  }
}
