// A damaged archive is said to be damaged, gives back what is whole, and never invents a record.

import Foundation
import Testing

@testable import Archive

@Suite struct DamageTests {
    /// Several groups in a small file: 1 MiB of arguments that compress well.
    private static func manyGroups() -> [PlainRecord] {
        let filler = String(repeating: "z", count: 40_000)
        return (1...130).map { number in
            PlainRecord.call(
                UInt64(number), ":SYS:LOG:", ["\(number)", filler, "\(number % 7)"],
                time: Int64(number))
        }
    }

    private func check(
        _ bytes: [UInt8], _ records: [PlainRecord], _ scratch: Scratch, _ what: String
    )
        throws
    {
        let path = scratch.path + "/damaged.seg.lz4"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
            let found = try contents(path)
            #expect(!found.damages.isEmpty, "\(what): not noticed")
            // What comes back is a part of what was there, in order.
            var rest = records[...]
            for record in found.records {
                guard let at = rest.firstIndex(of: record) else {
                    Issue.record("\(what): record \(record.sequence) is invented")
                    return
                }
                rest = rest[(at + 1)...]
            }
        } catch is ArchiveError {
            // Too little is left to know it for an archive.
        }
    }

    @Test func truncationAtEachByteIsNoticed() throws {
        let scratch = try Scratch()
        let records = randomRecords(30, seed: 11)
        let bytes = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: try scratch.archive(records))))
        for count in 0..<bytes.count {
            try check(Array(bytes[..<count]), records, scratch, "cut to \(count) bytes")
        }
    }

    @Test func eachFlippedBitIsNoticed() throws {
        let scratch = try Scratch()
        let records = randomRecords(9, seed: 12)
        let bytes = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: try scratch.archive(records))))
        for bit in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            try check(damaged, records, scratch, "bit \(bit)")
        }
    }

    @Test func groupsInFrontOfATruncationComeBack() throws {
        let scratch = try Scratch()
        let records = Self.manyGroups()
        let path = try scratch.archive(records)
        let groups = try ArchiveReader.info(path).groups
        #expect(groups.count >= 4)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let cut = scratch.path + "/cut.seg.lz4"
        try Data(bytes[..<Int(groups[3].fileOffset + 9)]).write(to: URL(fileURLWithPath: cut))
        let found = try contents(cut)
        #expect(found.records == Array(records[..<Int(groups[2].lastSequence)]))
        #expect(!found.damages.isEmpty)
    }

    @Test func aBrokenGroupCostsOnlyItself() throws {
        let scratch = try Scratch()
        let records = Self.manyGroups()
        let path = try scratch.archive(records)
        let broken = try ArchiveReader.info(path).groups[1]
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[Int(broken.fileOffset + broken.frameBytes / 2)] ^= 16
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let found = try contents(path)
        let missing = broken.firstSequence...broken.lastSequence
        #expect(found.records == records.filter { !missing.contains($0.sequence) })
        #expect(found.damages.map { $0.missing } == [missing])
    }

    /// Text that no writer made: the decoder refuses it, whatever stands there.
    @Test func mutatedTextIsRefusedOrReadAndNeverTraps() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = Seeded(state: seed)
        var group = GroupEncoder()
        for record in randomRecords(40, seed: seed) {
            guard case .call(let name, let isString, let arguments) = record.kind else { continue }
            var bytes: [UInt8] = []
            for argument in arguments { bytes += argument + [0] }
            group.append(
                .init(
                    sequence: record.sequence, time: record.time, command: command(name),
                    form: isString ? .string : .array, name: name.span,
                    argumentCount: arguments.count, arguments: bytes.span))
        }
        let text = group.text(number: 1)
        for _ in 0..<2000 {
            var mutated = text
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated[at] = UInt8.random(in: 0...255, using: &random)
                case 1: mutated[at] = Array("\n*\\/0129- ".utf8).randomElement(using: &random) ?? 0
                case 2: mutated.remove(at: at)
                default:
                    mutated.insert(
                        Array("\n*\\/0129- ".utf8).randomElement(using: &random) ?? 0, at: at)
                }
            }
            var decoder = GroupDecoder()
            do {
                try decoder.open(text: mutated)
                while try decoder.next() {
                    if decoder.isCall {
                        decoder.withCall { (call) throws(Never) in _ = PlainRecord(call) }
                    }
                }
            } catch {
                // Refused: what the test asks for.
            }
        }
    }
}
