// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Counters of this process and machine that only grow; two readings make shares of the time between them.
package struct MachineReading: Sendable {
  package var atNanoseconds: Int64
  package var processCPUNanoseconds: Int64
  package var stealTicks: Int64
  package var allTicks: Int64
}

/// Reads what the generator's own health is judged by. Linux only; a figure that cannot be read is nil, not zero.
package enum MachineProbe {
  package static func read(nowNanoseconds: Int64) -> MachineReading {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let cpu = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime)
    let ticks = cpuTicks() ?? []
    return MachineReading(
      atNanoseconds: nowNanoseconds, processCPUNanoseconds: cpu,
      stealTicks: ticks.count > 7 ? ticks[7] : 0, allTicks: ticks.prefix(8).reduce(0, +))
  }

  package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// How many descriptors this process has open now. O(open descriptors).
  package static func openDescriptors() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = -1  // the listing's own descriptor
    while let entry = readdir(directory) {
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }

  package static func descriptorLimit() -> (soft: Int, hard: Int) {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return (Int(clamping: limit.rlim_cur), Int(clamping: limit.rlim_max))
  }

  /// Raises the soft limit as far as needed and allowed; answers the limit in force afterwards.
  package static func raiseDescriptorLimit(to needed: Int) -> Int {
    let (soft, hard) = descriptorLimit()
    if soft >= needed { return soft }
    // root may raise the hard limit too; where it may not, the hard limit is what there is.
    for target in [(needed, max(needed, hard)), (min(needed, hard), hard)] {
      var limit = rlimit(rlim_cur: rlim_t(target.0), rlim_max: rlim_t(target.1))
      if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { break }
    }
    return descriptorLimit().soft
  }

  /// Local ports that outgoing connections may take, and how many connections linger in TIME_WAIT.
  package static func ports() -> (available: Int, timeWait: Int)? {
    guard let range = readSmallFile("/proc/sys/net/ipv4/ip_local_port_range"),
      let sockets = readSmallFile("/proc/net/sockstat")
    else { return nil }
    let bounds = integers(in: range)
    guard bounds.count == 2 else { return nil }
    let words = sockets.split(whereSeparator: { $0 == " " || $0 == "\n" })
    guard let mark = words.firstIndex(of: "tw"), mark + 1 < words.count, let waiting = Int(words[mark + 1]) else {
      return nil
    }
    return (Int(bounds[1] - bounds[0] + 1), waiting)
  }

  /// Resident memory of this process.
  package static func residentKiB() -> Int? {
    guard let text = readSmallFile("/proc/self/statm") else { return nil }
    let pages = integers(in: text)
    return pages.count > 1 ? Int(pages[1]) * Int(sysconf(Int32(_SC_PAGESIZE))) / 1024 : nil
  }

  private static func cpuTicks() -> [Int64]? {
    guard let text = readSmallFile("/proc/stat"), let line = text.split(separator: "\n").first else { return nil }
    return integers(in: String(line))
  }

  private static func integers(in text: String) -> [Int64] {
    text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).compactMap { Int64($0) }
  }

  /// The first 8 KiB of a file of /proc.
  private static func readSmallFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 8192)
    let length = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard length > 0 else { return nil }
    return String(decoding: buffer[..<length], as: UTF8.self)
  }

  private static func nanoseconds(_ time: timeval) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1000
  }
}
