// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// nginx with TLS on socket files, for as long as the value lives: certificates of an authority made for it, one that
/// has expired, one that signed itself, one port that wants the client's. Its documents are `/` and `/large`.
final class TLSServer: Sendable {
  static let isAvailable = ["/usr/sbin/nginx", "/usr/bin/openssl"].allSatisfy(FileManager.default.isExecutableFile)
  static let largeBytes = 300_000

  private let directory: TemporaryDirectory
  private let process: Process

  init() throws {
    directory = try TemporaryDirectory()
    try directory.write(TLSServer.certificateScript, to: "certificates.sh")
    _ = try shell("sh ./certificates.sh", in: directory.path)
    try directory.write(TLSServer.configuration(directory.path), to: "nginx.conf")
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/sbin/nginx")
    process.arguments = ["-p", ".", "-e", "error.log", "-c", "\(directory.path)/nginx.conf"]
    process.currentDirectoryURL = URL(fileURLWithPath: directory.path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket("h2c")) { usleep(10_000) }
    try #require(FileManager.default.fileExists(atPath: socket("h2c")))
  }

  deinit {
    // Children of a test inherit its thread's blocked signals; nginx unblocks SIGTERM by itself.
    process.terminate()
    process.waitUntilExit()
  }

  /// `good`, `expired`, `self`, `client`, `h2`, `h2c`, `http`.
  func socket(_ name: String) -> String { "\(directory.path)/\(name).sock" }

  /// `ca.pem`, `client.pem`, `client.key`.
  func file(_ name: String) -> String { "\(directory.path)/\(name)" }

  private static func configuration(_ directory: String) -> String {
    func server(_ name: String, certificate: String? = nil, flags: String = "", more: String = "") -> String {
      let tls = certificate.map { "ssl_certificate \($0).pem; ssl_certificate_key \($0).key;" } ?? ""
      return """
        server { listen unix:\(directory)/\(name).sock \(flags); \(tls) \(more)
          location = / { return 200 "hello"; }
          location = /large { alias \(directory)/large; } }

        """
    }
    return """
      daemon off; worker_processes 1; pid \(directory)/pid; error_log \(directory)/error.log;
      events { worker_connections 256; }
      http { access_log off;
      client_body_temp_path \(directory); proxy_temp_path \(directory); fastcgi_temp_path \(directory);
      uwsgi_temp_path \(directory); scgi_temp_path \(directory);
      \(server("good", certificate: "good", flags: "ssl"))
      \(server("expired", certificate: "expired", flags: "ssl"))
      \(server("self", certificate: "self", flags: "ssl"))
      \(server("client", certificate: "good", flags: "ssl",
        more: "ssl_verify_client on; ssl_client_certificate ca.pem;"))
      \(server("h2", certificate: "good", flags: "ssl http2"))
      \(server("http"))
      \(server("h2c", flags: "http2"))
      }
      """
  }

  private static let certificateScript = """
    set -e
    new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $1.key -out $1.csr -subj "/CN=$2"; }
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > names
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout self.key -out self.pem -days 2 -subj /CN=localhost \
      -addext 'subjectAltName=DNS:localhost'
    new good localhost
    openssl x509 -req -in good.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out good.pem
    new client visitor
    openssl x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out client.pem
    new expired localhost
    touch index; echo 01 > serial
    cat > ca.conf <<'END'
    [ca]
    default_ca = authority
    [authority]
    database = index
    serial = serial
    new_certs_dir = .
    certificate = ca.pem
    private_key = ca.key
    default_md = sha256
    policy = any
    x509_extensions = names
    [any]
    commonName = supplied
    [names]
    subjectAltName = DNS:localhost
    END
    openssl ca -batch -config ca.conf -in expired.csr -startdate 20200101000000Z -enddate 20200201000000Z \
      -out expired.pem
    head -c \(largeBytes) /dev/zero > large
    """
}
