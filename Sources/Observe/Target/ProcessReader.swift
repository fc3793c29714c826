// SPDX-License-Identifier: Apache-2.0
import Glibc
package import Results

/// Reads a process of this machine through /proc. A number that another process took over is another instance, since
/// the tick at which it began is part of the name.
package struct ProcessReader: TargetReader {
  package let source = TargetSource.process
  package let name: String
  private let processID: Int32
  private let memoryLimit: Double?

  package init(name: String, processID: Int32, memoryLimitBytes: Double?) {
    self.name = name
    self.processID = processID
    memoryLimit = memoryLimitBytes
  }

  package func read() throws(TargetUnreadable) -> [TargetReading] {
    let folder = "/proc/\(processID)"
    guard let times = smallFile(folder + "/stat").flatMap(ProcessTimes.init), let memory = Self.resident(folder) else {
      throw TargetUnreadable("process \(processID) is gone")
    }
    let instance = "\(name):\(processID)@\(times.startTicks)"
    let ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    var figures = [
      (TargetMetric.memory, Double(memory)), (TargetMetric.cpu, Double(times.cpuTicks) / ticksPerSecond),
    ]
    if let memoryLimit { figures.append((TargetMetric.memoryLimit, memoryLimit)) }
    if let open = Self.openDescriptors(folder) { figures.append((TargetMetric.openDescriptors, Double(open))) }
    return figures.map { TargetReading(instance: instance, metric: $0.0, value: $0.1) }
  }

  // The kernel keeps the counts of statm loosely, per thread; the summary walks the pages. It is refused for processes
  // of other users, and a program that is just being replaced has none.
  private static func resident(_ folder: String) -> Int? {
    if let summary = smallFile(folder + "/smaps_rollup"),
      let line = summary.split(separator: "\n").first(where: { $0.hasPrefix("Rss:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    {
      return kibibytes * 1024
    }
    guard let fields = smallFile(folder + "/statm")?.split(separator: " "), fields.count > 1, let pages = Int(fields[1])
    else { return nil }
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }

  /// Nil where it is not allowed to look. O(open descriptors).
  private static func openDescriptors(_ folder: String) -> Int? {
    guard let directory = opendir(folder + "/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }
}

/// What /proc/PID/stat tells, in the kernel's ticks.
struct ProcessTimes: Equatable {
  /// User and system time of all threads.
  var cpuTicks: Int64
  /// Since the machine began.
  var startTicks: Int64

  /// Nil for anything else, and for a process that has ended and waits for its parent. The name stands in parentheses and
  /// may hold anything, parentheses and blanks included.
  init?(_ stat: String) {
    guard let end = stat.utf8.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = stat[end...].split(whereSeparator: { $0 == " " || $0 == "\n" })
    // Behind the name: state is the third field of the manual, the first here after the parenthesis itself.
    guard fields.count > 20, fields[1] != "Z", let user = Int64(fields[12]), let system = Int64(fields[13]),
      let start = Int64(fields[20])
    else { return nil }
    cpuTicks = user + system
    startTicks = start
  }
}

/// The first 8 KiB of a file of /proc.
private func smallFile(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: 8192)
  let length = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
  guard length > 0 else { return nil }
  return String(decoding: buffer[..<length], as: UTF8.self)
}
