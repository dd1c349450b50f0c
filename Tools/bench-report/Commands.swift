// The two helpers of the shell: a number out of JSON, and a command with its times and memory.

import Dispatch
import Foundation

/// The number at `path` in a JSON file, without an exponent.
func number(in file: URL, at path: String) throws -> String {
    var value: Any = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    var keys = path.split(separator: ".").map(String.init)[...]
    while let key = keys.popFirst() {
        if let list = value as? [Any] {
            guard let index = Int(key), list.indices.contains(index) else {
                throw BenchError("\(file.lastPathComponent): no element \(key) at \(path)")
            }
            value = list[index]
        } else if let next = (value as? [String: Any])?[key] {
            value = next
        } else {
            throw BenchError("\(file.lastPathComponent): nothing at \(path)")
        }
    }
    guard let number = value as? Double else {
        throw BenchError("\(file.lastPathComponent): no number at \(path)")
    }
    return plain(number)
}

private func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15
        ? String(Int(value)) : String(format: "%.9f", value)
}

private struct Times: Codable {
    let seconds: Double
    let cpuSeconds: Double
    let peakBytes: Int
}

/// Runs a command without its output; `FILE` gets what it took.
func runTimed(_ file: URL, expecting code: String, _ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    // `waitUntilExit` looks only every tenth of a second.
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    let clock = ContinuousClock()
    let started = clock.now
    try process.run()
    ended.wait()
    let elapsed = clock.now - started
    process.waitUntilExit()
    guard process.terminationReason == .exit, String(process.terminationStatus) == code else {
        throw BenchError(
            "\(command.joined(separator: " ")) ended with \(process.terminationStatus), not \(code)"
        )
    }
    // This program has no other child: what all children took is what this one took.
    var usage = rusage()
    unsafe getrusage(RUSAGE_CHILDREN.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let times = Times(
        seconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18,
        cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        peakBytes: Int(usage.ru_maxrss) * 1024)
    try JSONEncoder().encode(times).write(to: file, options: .atomic)
}
