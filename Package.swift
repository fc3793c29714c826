// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// Every room of the house is one target. What a room may import is written in its `dependencies` here and checked
// again, file by file, by scripts/import-graph.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A C library: module map and typed shim, nothing else.
func system(_ name: String, pkgConfig: String? = nil, package: String? = nil) -> Target {
  .systemLibrary(
    name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: package.map { [.apt([$0])] } ?? [])
}

func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(name)", resources: resources, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, path: "Tests/\(name)Tests",
    exclude: data, swiftSettings: strict)
}

let package = Package(
  name: "gonogo",
  products: [
    .executable(name: "gonogo", targets: ["gonogo"]),
    .executable(name: "hotel", targets: ["Hotel"]),
  ],
  targets: [
    system("CLibcurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    system("CYaml", pkgConfig: "yaml-0.1", package: "libyaml-dev"),
    system("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    system("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
    system("CMicroHTTPD", pkgConfig: "libmicrohttpd", package: "libmicrohttpd-dev"),
    system("CSQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
    system("CLibpq", pkgConfig: "libpq", package: "libpq-dev"),
    system("CHiredis", pkgConfig: "hiredis", package: "libhiredis-dev"),
    system("CLinux"),

    room("Histogram", ["CZlib"]),
    room("Judgement", []),
    room("Document", ["CYaml"]),
    room("JSON", []),
    room("Transport", ["CLibcurl", "CLinux"]),
    room("Scenarios", ["Document", "Judgement", "JSON", "CCrypto"]),
    room("Results", ["Histogram", "Judgement", "CCrypto"]),
    room("Load", ["Scenarios", "Results", "Transport", "Histogram", "Judgement", "JSON", "CLinux"]),
    room("Docker", ["Transport", "JSON"]),
    room("Observe", ["Results", "Transport", "Docker", "JSON", "CMicroHTTPD", "CLinux"]),
    room("Readiness", ["Results", "Judgement", "Document"]),
    room("Reports", ["Results", "Readiness", "Histogram", "Judgement"]),
    .executableTarget(
      name: "gonogo",
      dependencies: [
        "Histogram", "Judgement", "Document", "JSON", "Transport", "Scenarios", "Results", "Load", "Docker", "Observe",
        "Readiness", "Reports", "CLinux",
      ],
      path: "Sources/gonogo", swiftSettings: strict),

    // The reference system: a program of its own, which gonogo starts and never links.
    .executableTarget(
      name: "Hotel", dependencies: ["Transport", "CMicroHTTPD", "CSQLite", "CLibpq", "CHiredis", "CCrypto", "CLinux"],
      path: "Sources/Hotel", swiftSettings: strict),

    .executableTarget(
      name: "benchmarks", dependencies: ["Histogram", "Scenarios", "Transport", "CLinux"], path: "Tests/Benchmarks",
      swiftSettings: strict),

    // Real servers on port 0 for tests: sound ones, and every kind of hostile one.
    .target(name: "TestServers", dependencies: ["CLinux"], path: "Tests/TestServers", swiftSettings: strict),
    tests(of: "TestServers"),
    // PostgreSQL, Redis and a container engine for tests, each test's own.
    .target(name: "TestDatabases", path: "Tests/TestDatabases", swiftSettings: strict),
    // The Python that tests compare results with, where there is one.
    .target(name: "TestPython", path: "Tests/TestPython", swiftSettings: strict),
    tests(of: "Histogram", ["TestPython"]),
    tests(of: "Judgement", ["TestPython"], data: ["bounds.py", "growth.py", "simulation.py"]),
    tests(of: "Document", data: ["Corpus", "Contract"]),
    tests(of: "JSON"),
    tests(of: "Transport", ["TestServers", "CLibcurl"]),
    tests(of: "Scenarios", ["Document", "JSON", "Judgement"], data: ["Fixtures", "Broken"]),
    tests(of: "Results", ["TestPython", "Histogram", "Judgement"], data: ["validate.py"]),
    tests(of: "Load", ["TestServers", "Scenarios", "Results", "Transport", "Judgement", "Histogram", "JSON"]),
    tests(of: "Docker", ["TestDatabases", "TestServers"]),
    tests(of: "Observe", ["Transport", "Results", "Docker", "TestDatabases", "TestServers", "CLinux"]),
    tests(of: "Readiness", ["TestPython", "Document", "Results", "Judgement"]),
    tests(
      of: "Reports", ["TestServers", "TestPython", "Results", "Readiness", "Judgement"],
      data: ["Golden", "junit.py", "chromium.py", "page.py"]),
    tests(of: "gonogo", ["TestDatabases", "TestServers", "TestPython"]),
    tests(of: "Hotel", ["TestDatabases", "TestServers", "TestPython", "Transport", "CCrypto", "CLinux"]),
  ]
)

// Only libFuzzer's flags make this a program with a main function, so it is not there for a plain build.
if Context.environment["GONOGO_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Document", "JSON", "Histogram", "Judgement", "Scenarios", "Transport", "Results", "Observe", "Readiness",
      ],
      path: "Tests/Fuzz", exclude: ["corpus"], swiftSettings: strict))
}
