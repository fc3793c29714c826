// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file that grows by a line now and then, and is closed in between.
package enum LineFile {
  /// Adds the text at the end; makes the file where it is missing.
  package static func append(_ text: String, to path: String) throws(FileError) {
    let descriptor = try FileCalls.open(path, O_WRONLY | O_CREAT | O_APPEND, operation: "open")
    defer { close(descriptor) }
    var text = text
    let (_, code) = text.withUTF8 { FileCalls.write(UnsafeRawBufferPointer($0), to: descriptor) }
    if code != 0 { throw FileError(operation: "write", path: path, code: code) }
  }
}
