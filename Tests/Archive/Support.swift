// What the tests of this folder share: records as plain values, random ones with a seed, a folder
// that goes with its owner.

import Foundation
import Testing
import Values
import WAL

@testable import Archive

/// A record as a test writes and compares it.
struct PlainRecord: Equatable {
    enum Kind: Equatable {
        case call(name: [UInt8], isString: Bool, arguments: [[UInt8]])
        case other(kind: UInt16, flags: UInt16, payload: [UInt8])
    }
    var sequence: UInt64
    var time: Int64
    var kind: Kind

    static func call(
        _ sequence: UInt64, _ name: String, _ arguments: [String] = [], time: Int64 = 0
    ) -> PlainRecord {
        PlainRecord(
            sequence: sequence, time: time,
            kind: .call(
                name: Array(name.utf8), isString: false, arguments: arguments.map { Array($0.utf8) }
            ))
    }
}

/// The command of a name.
func command(_ name: [UInt8]) -> Command? {
    Command.allCases.first { Array("\($0.name)".utf8) == name }
}

extension PlainRecord {
    init(_ call: borrowing Call) {
        var arguments: [[UInt8]] = []
        var argument: [UInt8] = []
        for index in call.arguments.indices {
            if call.arguments[index] == 0 {
                arguments.append(argument)
                argument = []
            } else {
                argument.append(call.arguments[index])
            }
        }
        #expect(argument.isEmpty)
        #expect(arguments.count == call.argumentCount)
        let name = call.name.array
        #expect(call.command == command(name))
        self.init(
            sequence: call.sequence, time: call.time,
            kind: .call(name: name, isString: call.form == .string, arguments: arguments))
    }

    init(_ record: borrowing OtherRecord) {
        self.init(
            sequence: record.sequence, time: record.time,
            kind: .other(
                kind: record.kind, flags: record.flags, payload: record.payload.array))
    }

    func append(to writer: inout ArchiveWriter) throws(ArchiveError) {
        switch kind {
        case .call(let name, let isString, let arguments):
            var bytes: [UInt8] = []
            for argument in arguments { bytes += argument + [0] }
            try writer.append(
                Call(
                    sequence: sequence, time: time, command: command(name),
                    form: isString ? .string : .array, name: name.span,
                    argumentCount: arguments.count, arguments: bytes.span))
        case .other(let kind, let flags, let payload):
            try writer.append(
                OtherRecord(
                    sequence: sequence, time: time, kind: kind, flags: flags, payload: payload.span)
            )
        }
    }
}

/// A folder that goes with its owner.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "blackbox-archive-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// An archive of these records.
    func archive(_ records: [PlainRecord], _ name: String = "000001.seg.lz4") throws -> String {
        let target = path + "/" + name
        var writer = try ArchiveWriter.create(target, header: Array("page".utf8))
        for record in records { try record.append(to: &writer) }
        _ = try writer.finish()
        try writer.publish()
        return target
    }
}

/// Everything that an archive gives back.
func contents(_ path: String) throws -> (records: [PlainRecord], damages: [ArchiveDamage]) {
    var reader = try ArchiveReader.open(path)
    var records: [PlainRecord] = []
    reader.forEachRecord { (call: borrowing Call) throws(Never) in
        records.append(PlainRecord(call))
    } other: { (other: borrowing OtherRecord) throws(Never) in
        records.append(PlainRecord(other))
    }
    return (records, reader.damages)
}

/// Numbers from a seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Records of all kinds, as odd as they can come.
func randomRecords(_ count: Int, seed: UInt64) -> [PlainRecord] {
    var random = Seeded(state: seed)
    var records: [PlainRecord] = []
    var sequence = UInt64.random(in: 1...1000, using: &random)
    var time = Int64.random(in: -1000...1_900_000_000_000_000_000, using: &random)
    for _ in 0..<count {
        sequence += Int.random(in: 0..<50, using: &random) == 0 ? 7 : 1
        if Int.random(in: 0..<5, using: &random) == 0 {
            time &+= Int64.random(in: -3_000_000...40_000_000, using: &random)
        }
        let kind = randomKind(&random)
        records.append(PlainRecord(sequence: sequence, time: time, kind: kind))
    }
    return records
}

private func randomKind(_ random: inout Seeded) -> PlainRecord.Kind {
    if Int.random(in: 0..<30, using: &random) == 0 {
        let payload = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        return .other(
            kind: UInt16.random(in: 1...6, using: &random),
            flags: UInt16.random(in: 0...65535, using: &random), payload: payload)
    }
    let isString = Int.random(in: 0..<20, using: &random) == 0
    var name = Array(":HOME:MADE:\n*".utf8)
    if Int.random(in: 0..<10, using: &random) > 0,
        let known = Command.allCases.randomElement(using: &random)
    {
        name = Array("\(known.name)".utf8)
    } else if Bool.random(using: &random) {
        name = randomText(&random)
    }
    if isString { return .call(name: name, isString: true, arguments: []) }
    let arguments = (0..<Int.random(in: 0..<9, using: &random)).map { _ in randomText(&random) }
    return .call(name: name, isString: false, arguments: arguments)
}

private func randomText(_ random: inout Seeded) -> [UInt8] {
    let texts = [
        "", "*", "*1/0", "\\", "\\0", "\n", "a\nb", "[[1,2],[3,4]]", "[[\"a,]\",[1,2]],[\"b\",[]]]",
        "[[],[]]", "[[1],[2,3]]", "[[,],[,]]", "true", "\"Алёша 🌙\"", "12", "13", "[1,2,3]", "\r\t",
        "[[\"76561\",\"A\",40.5],[\"76562\",\"B\",40.5]]",
        "[[\"76561\",\"A\",41.5],[\"76562\",\"B\",40.5]]",
    ]
    if Int.random(in: 0..<8, using: &random) > 0, let text = texts.randomElement(using: &random) {
        return Array(text.utf8)
    }
    return (0..<Int.random(in: 0..<40, using: &random)).map { _ in
        UInt8.random(in: 1...255, using: &random)
    }
}
