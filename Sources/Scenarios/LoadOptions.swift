// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What compiling may look at beside the files.
package struct LoadOptions: Sendable {
  /// Reads a variable of the process environment for `env()` and `secret()`.
  package var environmentVariable: @Sendable (String) -> String?
  /// Settings that the environment declares; nil when no environment is chosen: any is accepted then, and preparing the
  /// run finds out.
  package var settings: [String]?
  /// A variable that is not set is a warning, not an error: `lint` runs where secrets are not.
  package var toleratesUnsetEnvironment = false

  /// The target is the embedded hotel: phases last as long as their `demo:` says.
  package var isDemo = false

  package init(settings: [String]? = nil, toleratesUnsetEnvironment: Bool = false) {
    environmentVariable = { name in getenv(name).map { String(cString: $0) } }
    self.settings = settings
    self.toleratesUnsetEnvironment = toleratesUnsetEnvironment
  }
}
