// SPDX-License-Identifier: Apache-2.0

// Broken input for the parsers, made by libFuzzer; built and run by scripts/fuzz only. One program for all of them,
// since the slow part is building: the environment's FUZZ_TARGET picks the parser. A finding is a trap, a hang, too
// much memory, or a broken promise of the parser, stated here as a precondition.

import Glibc

typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

// Set once, before the first input.
nonisolated(unsafe) private var target: (UnsafeBufferPointer<UInt8>) -> Void = { _ in }

/// libFuzzer's loop.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>,
  _ oneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager has the linker start programs at this name, so libFuzzer's own main function is not reached.
@_cdecl("fuzz_main")
func start(_ count: CInt, _ arguments: Arguments) -> CInt {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
  switch name {
  case "document": target = fuzzDocument
  case "json": target = fuzzJSON
  case "histogram": target = fuzzHistogram
  case "threshold": target = fuzzThreshold
  case "openapi": target = fuzzOpenAPI
  case "limits": target = fuzzLimits
  case "prometheus": target = fuzzPrometheus
  case "target": target = fuzzTargetTable
  case "reports": target = fuzzReports
  case "statuses": target = fuzzStatuses
  case "people": target = fuzzPeople
  default: preconditionFailure("FUZZ_TARGET is '\(name)'")
  }
  var count = count
  var arguments = arguments
  return runFuzzer(&count, &arguments) { testOneInput($0, $1) }
}

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target(UnsafeBufferPointer(start: start, count: count))
  return 0
}
