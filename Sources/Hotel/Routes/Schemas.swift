// SPDX-License-Identifier: Apache-2.0

/// A reference to one of `schemas`.
func schema(_ name: String) -> JSONText { ["$ref": .text("#/components/schemas/\(name)")] }

let nightsSchema: JSONText = [
  "type": "integer", "minimum": .number(nightsRange.lowerBound), "maximum": .number(nightsRange.upperBound),
]

private let text: JSONText = ["type": "string"]
private let date: JSONText = ["type": "string", "format": "date"]
private let count: JSONText = ["type": "integer", "minimum": 0]

/// An object all of whose members are always there, except those named.
private func object(_ properties: [(name: String, value: JSONText)], optional: Set<String> = []) -> JSONText {
  [
    "type": "object", "properties": .record(properties),
    "required": .list(properties.filter { !optional.contains($0.name) }.map { .text($0.name) }),
  ]
}

/// What bodies look like, by name.
let schemas: [(name: String, value: JSONText)] = [
  ("Problem", object([("title", text), ("status", count), ("detail", text)])),
  ("Health", object([("status", text)])),
  (
    "DetailedHealth",
    object([
      ("status", text), ("version", text), ("uptime_seconds", count),
      ("dependencies", ["type": "object", "additionalProperties": ["type": "object"]]),
    ])
  ),
  (
    "Availability",
    object([
      ("checkin", date), ("nights", nightsSchema), ("available", count),
      ("rooms", ["type": "array", "items": schema("Room")]),
    ])
  ),
  ("Room", object([("id", text), ("room", text), ("type", text), ("price_cents", count), ("currency", text)])),
  (
    "Order",
    object(
      [
        ("room", ["type": "string", "description": "An id of the availability answer, or a room's number."]),
        ("guest", ["type": "string", "minLength": 1, "maxLength": 200]), ("nights", nightsSchema),
        ("checkin", ["type": "string", "format": "date", "description": "Needed where room is only a number."]),
      ], optional: ["checkin"])
  ),
  (
    "Reservation",
    object([
      ("id", text), ("room", text), ("guest", text), ("checkin", date), ("checkout", date), ("nights", nightsSchema),
      ("status", ["type": "string", "enum": ["confirmed"]]), ("created_at", ["type": "string", "format": "date-time"]),
    ])
  ),
  ("ReservationList", object([("reservations", ["type": "array", "items": schema("Reservation")])])),
  ("Accepted", object([("status", ["type": "string", "enum": ["accepted"]]), ("new", count), ("duplicates", count)])),
  (
    "MetaPost",
    object([
      ("object", ["type": "string", "enum": ["whatsapp_business_account"]]),
      ("entry", ["type": "array", "items": object([("changes", ["type": "array", "items": schema("MetaChange")])])]),
    ])
  ),
  (
    "MetaChange",
    [
      "type": "object", "required": ["field"], "properties": ["field": text, "value": ["type": "object"]],
      "if": ["properties": ["field": ["const": "messages"]]],
      "then": ["required": ["value"], "properties": ["value": schema("MetaMessages")]],
    ]
  ),
  (
    "MetaMessages",
    object(
      [
        ("metadata", object([("phone_number_id", ["type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"])])),
        ("messages", ["type": "array", "items": schema("MetaMessage")]),
        ("statuses", ["type": "array", "items": ["type": "object"]]),
      ], optional: ["messages", "statuses"])
  ),
  (
    "MetaMessage",
    object(
      [
        ("from", ["type": "string", "pattern": "^[0-9A-Za-z_-]{1,32}$"]),
        ("id", ["type": "string", "pattern": "^[!-~]{1,255}$"]), ("type", text), ("text", object([("body", text)])),
      ], optional: ["text"])
  ),
  (
    "Question",
    object(
      [
        ("message", ["type": "string", "minLength": 1, "maxLength": 1_000]),
        ("session", ["type": "string", "pattern": "^[!-~]{1,64}$"]),
      ], optional: ["session"])
  ),
  (
    "ChatReply",
    object(
      [
        ("session", text),
        ("intent", ["type": "string", "enum": .list(Intent.ofTexts.map { .text($0.rawValue) })]), ("reply", text),
        ("fallback", ["type": "boolean", "description": "There, and true, when the answer is a general one."]),
      ], optional: ["fallback"])
  ),
  (
    "RoomTypes",
    object([("room_types", ["type": "array", "items": object([("type", text), ("beds", count)])])])
  ),
  (
    "Rates",
    object([
      ("currency", text), ("day", date),
      ("room_types", ["type": "array", "items": object([("type", text), ("price_cents", count), ("free", count)])]),
    ])
  ),
]
