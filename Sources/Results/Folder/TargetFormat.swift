// SPDX-License-Identifier: Apache-2.0

/// `target.csv`: one header line, one row per sample. Instance and metric are percent-encoded, values plain decimals.
enum TargetFormat {
  static let fileName = "target.csv"
  static let header = "second,source,instance,metric,value\n"

  /// Nil for a value that is no number: no file holds it.
  static func line(_ sample: TargetSample) -> String? {
    guard sample.value.isFinite else { return nil }
    return "\(sample.second),\(sample.source.rawValue),\(PercentText.encode(sample.instance)),"
      + "\(PercentText.encode(sample.metric)),\(decimal(sample.value))\n"
  }

  /// Nil for anything but a whole row.
  static func sample(_ line: ArraySlice<UInt8>) -> TargetSample? {
    var rest = line
    guard let second = rest.takeField()?.wholeNumber, second >= 0,
      let source = rest.takeField().flatMap({ TargetSource(rawValue: String(decoding: $0, as: UTF8.self)) }),
      let instance = rest.takeField().flatMap({ PercentText.decode($0) }), !instance.isEmpty,
      let metric = rest.takeField().flatMap({ PercentText.decode($0) }), !metric.isEmpty,
      let value = rest.takeField().flatMap(number), rest.takeField() == nil
    else { return nil }
    return TargetSample(second: second, source: source, instance: instance, metric: metric, value: value)
  }

  /// Digits and a point only, however large or small; reads back as the same number.
  static func decimal(_ value: Double) -> String {
    if let whole = Int64(exactly: value) { return String(whole) }
    let text = value.description
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else { return text }
    let isNegative = text.hasPrefix("-")
    let parts = text[..<mark].drop { $0 == "-" }.split(separator: ".")
    let whole = String(parts[0])
    let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
    let sign = isNegative ? "-" : ""
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + whole + fraction
    }
    let zeros = String(repeating: "0", count: max(0, exponent - fraction.count))
    let digits = whole + fraction + zeros
    let point = digits.index(digits.startIndex, offsetBy: whole.count + exponent)
    return sign + (point == digits.endIndex ? digits : "\(digits[..<point]).\(digits[point...])")
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Double? {
    let isPlain = field.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
    guard isPlain, let value = Double(String(decoding: field, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }
}
