// The innermost part of the call path: a call's texts become one record, byte for byte.

import CPlatform
import FaultHarness
import Testing

@testable import WAL

/// A fresh segment in memory, and its writer.
private final class Sheet {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    var writer: RecordWriter
    let scratch = LengthScratch()
    let header: SegmentHeader

    init(capacity: Int = 65_536) throws {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 4096)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
        header = try SmallSegment(closed: false).header
        writer = RecordWriter(base: base, capacity: capacity, salt: header.salt)
    }

    deinit { base.deallocate() }

    var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: capacity)) }

    /// Appends a call; nil stands for a nil pointer.
    @discardableResult
    func append(_ first: [UInt8]?, _ arguments: [[UInt8]?], sequence: UInt64) -> Bool {
        let texts = CTexts((first.map { [$0] } ?? []) + arguments.map { $0 ?? [] })
        let shift = first == nil ? 0 : 1
        let pointers: [UnsafePointer<CChar>?] = arguments.indices.map {
            arguments[$0] == nil ? nil : texts.pointers[$0 + shift]
        }
        defer { withExtendedLifetime(texts) {} }
        return pointers.withUnsafeBufferPointer { buffer in
            let fields = CallFields(
                first: first == nil ? nil : texts.pointers[0], arguments: buffer.baseAddress,
                argumentCount: arguments.count)
            let payload = RecordWriter.measure(fields, scratch)
            guard writer.fits(payload) else { return false }
            writer.append(
                fields, payload: payload, scratch: scratch, kind: 65, flags: 1,
                sequence: sequence, time: 99)
            return true
        }
    }
}

@Suite struct RecordWriterTests {
    @Test func aRecordHasTheBytesOfItsDescription() throws {
        let sheet = try Sheet()
        sheet.append(Array("name".utf8), [Array("é".utf8), []], sequence: 1)
        let at = SegmentLayout.headerSize
        let bytes = Array(sheet.bytes[at..<at + 48])
        let payload = Array("name\u{0}é\u{0}\u{0}".utf8)
        #expect(Array(bytes[0..<4]) == [41, 0, 0, 0])
        #expect(Array(bytes[8..<24]) == [1, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[24..<32]) == [65, 0, 1, 0, 3, 0, 0, 0])
        #expect(Array(bytes[32...]) == payload + [UInt8](repeating: 0, count: 7))
        // Over the length word and all behind the CRC, the padding included.
        let seed = sheet.header.salt
        let crc = (Array(bytes[0..<4]) + bytes[8...]).withUnsafeBytes {
            bb_crc32c(seed, $0.baseAddress, UInt64($0.count))
        }
        #expect(Array(bytes[4..<8]) == crc.littleEndianBytes)
        #expect(sheet.writer.lastCRC == crc)
        #expect(sheet.writer.offset == at + 48)
    }

    @Test func nilTextsAreKeptAsEmptyOnes() throws {
        let sheet = try Sheet()
        sheet.append(nil, [nil, Array("a".utf8), nil], sequence: 1)
        sheet.append(nil, [], sequence: 2)
        let (records, _) = scan(sheet.bytes, sheet.header)
        #expect(records.map(\.payload) == [[0, UInt8(ascii: "a"), 0, 0], []])
        #expect(records.map(\.count) == [3, 0])
    }

    /// The lengths of the first 2,048 are remembered between measuring and copying.
    @Test(arguments: [1, 2_047, 2_048, 2_049, 3_000])
    func asManyArgumentsAsThereAreAreKept(count: Int) throws {
        let sheet = try Sheet()
        let arguments = (0..<count).map { Array("\($0)".utf8) }
        #expect(sheet.append(nil, arguments, sequence: 1))
        let (records, findings) = scan(sheet.bytes, sheet.header)
        #expect(records.first?.payload == arguments.flatMap { $0 + [0] })
        #expect(records.first?.count == count)
        #expect(findings.residue == nil)
    }

    /// Texts of every length up to some vectors, at every alignment that a text before them leaves.
    @Test func textsOfEveryLengthAreCopiedWhole() throws {
        for length in 0..<80 {
            let sheet = try Sheet()
            for front in 0..<9 {
                let arguments = [front, length, 3].map { [UInt8](repeating: 0x41, count: $0) }
                sheet.append(nil, arguments, sequence: UInt64(front) + 1)
            }
            let (records, findings) = scan(sheet.bytes, sheet.header)
            #expect(records.count == 9 && findings.residue == nil, "length \(length)")
            for (front, record) in records.enumerated() {
                let wanted = [front, length, 3].flatMap {
                    [UInt8](repeating: 0x41, count: $0) + [0]
                }
                #expect(record.payload == wanted)
            }
        }
    }

    @Test func theLargestCallFitsAndOneByteMoreIsRefused() throws {
        let sheet = try Sheet()
        let largest = RecordWriter.largestPayload(capacity: sheet.capacity, reserved: 0)
        #expect(sheet.writer.fits(largest) && !sheet.writer.fits(largest + 1))
        // A text of all but its NUL.
        let text = [UInt8](repeating: 0x42, count: largest - 1)
        #expect(!sheet.append(nil, [text + [0x42]], sequence: 1))
        #expect(sheet.append(nil, [text], sequence: 1))
        let (records, findings) = scan(sheet.bytes, sheet.header)
        #expect(records.first?.payload == text + [0])
        #expect(findings.residue == nil)
        // The footer's room was not touched.
        #expect(sheet.writer.offset <= sheet.writer.limit)
        #expect(sheet.bytes[sheet.writer.limit...].allSatisfy { $0 == 0 })
    }

    @Test func aFullSegmentTakesNothingMoreAndStaysWhole() throws {
        let sheet = try Sheet()
        var sequence: UInt64 = 0
        while sheet.append(nil, [Array("state".utf8)], sequence: sequence + 1) { sequence += 1 }
        #expect(sheet.writer.limit - sheet.writer.offset < 64)
        let (records, findings) = scan(sheet.bytes, sheet.header)
        #expect(records.count == Int(sequence))
        #expect(findings.residue == nil && findings.holes == [])
    }
}
