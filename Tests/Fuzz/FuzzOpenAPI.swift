// SPDX-License-Identifier: Apache-2.0
import Scenarios

/// Any bytes: operations, or an error. What each operation's own path calls is an operation of the list.
func fuzzOpenAPI(_ bytes: UnsafeBufferPointer<UInt8>) {
  let operations: [TargetOperation]
  do throws(OpenAPIError) {
    operations = try readOpenAPI(Array(bytes), location: "/docs/openapi.json")
  } catch {
    precondition(!error.message.isEmpty, "an error that says nothing")
    return
  }
  precondition(!operations.isEmpty, "nothing was read and nothing was said")
  let list = OperationList(source: "fuzz", operations: operations, targetPath: "/base/")
  precondition(list.operations.count <= operations.count, "operations out of nothing")
  var tally = CoverageTally(list, ignoring: [.init(operation: "* /*a*", reason: "fuzz")], target: "http://h")
  for operation in list.operations.prefix(50) {
    precondition(operation.path.hasPrefix("/"), "a path that is none")
    tally.answered(method: operation.method, url: operation.path, status: 200)
    // Braces stand for one character at least, and so for themselves.
    if !operation.path.contains("#"), !operation.path.contains("?"), !operation.path.contains("."),
      operation.basePaths.isEmpty
    {
      precondition(list.match(method: operation.method, path: operation.path) != .none, "its own path is unknown")
    }
  }
  precondition(tally.coverage.operations.count == list.operations.count, "operations were lost")
}
