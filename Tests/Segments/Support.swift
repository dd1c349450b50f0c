// What the tests of this folder share: a temporary folder, a writer, calls in and calls out.

import CPlatform
import Foundation
import Testing

@testable import Segments
@testable import WAL

/// A folder that goes with its owner.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "blackbox-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A call as a test writes and compares it.
struct PlainCall: Equatable {
    var sequence: UInt64 = 0
    var name: String
    var arguments: [[UInt8]]
}

extension LogWriter {
    /// Appends a call of a command's number.
    @discardableResult
    func append(
        _ kind: UInt16, _ arguments: [[UInt8]], priority: Priority = .event
    )
        -> AppendOutcome
    {
        let texts = arguments.map { bytes in
            let text = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
            for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
            text[bytes.count] = 0
            return text
        }
        defer { for text in texts { text.deallocate() } }
        let pointers: [UnsafePointer<CChar>?] = texts.map { UnsafePointer($0) }
        return pointers.withUnsafeBufferPointer { buffer in
            append(
                kind: kind, flags: 0, first: nil, arguments: buffer.baseAddress,
                count: arguments.count, priority: priority)
        }
    }
}

extension Span<UInt8> {
    var array: [UInt8] { indices.map { self[$0] } }
}

func calls(_ folder: String, salvage: Bool = false) throws -> [PlainCall] {
    var reader = try LogReader(path: folder, salvage: salvage)
    var found: [PlainCall] = []
    reader.forEachCall(in: 0...UInt64.max) { (call: borrowing Call) throws(Never) in
        var fields = call.arguments.array.split(separator: 0, omittingEmptySubsequences: false)
            .map { Array($0) }
        if !fields.isEmpty { fields.removeLast() }
        found.append(
            PlainCall(
                sequence: call.sequence, name: String(decoding: call.name.array, as: UTF8.self),
                arguments: fields))
    }
    return found
}
