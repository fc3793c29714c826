// SPDX-License-Identifier: Apache-2.0
import CLibcurl

/// Names and versions of the libraries that requests go through, such as `libcurl` and `OpenSSL`.
package func transportLibraries() -> [String: String] {
  var libraries: [String: String] = [:]
  for part in String(cString: curl_version()).split(separator: " ") {
    let words = part.split(separator: "/", maxSplits: 1)
    if words.count == 2 { libraries[String(words[0])] = String(words[1]) }
  }
  return libraries
}
