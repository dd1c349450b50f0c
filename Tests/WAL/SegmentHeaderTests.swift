// The header page, the footer and the tail file's blocks: what was written is read, and nothing else.

import Testing

@testable import WAL

@Suite struct SegmentHeaderTests {
    let header = SegmentHeader(
        salt: 0xDEAD_BEEF, logID: Array(0..<16), number: 7, previousCRC: 99, firstSequence: 1000,
        previousSequence: 999, wall: 1_700_000_000_000_000_000, monotonic: 5, capacity: 1 << 20,
        process: 42, bootID: Array(16..<32), utcOffset: -3600, writer: Array("1.0".utf8))

    func decode(_ bytes: [UInt8]) -> HeaderVerdict {
        bytes.withUnsafeBytes {
            guard let base = $0.baseAddress else { return .short }
            return unsafe SegmentHeader.decode(RawBytes(base: base, count: $0.count))
        }
    }

    @Test func whatWasWrittenIsRead() {
        #expect(decode(header.encoded()) == .header(header))
    }

    @Test func everyFlippedBitIsSeen() {
        let page = header.encoded()
        for bit in 0..<(page.count * 8) {
            var bad = page
            bad[bit / 8] ^= 1 << UInt8(bit % 8)
            if case .header = decode(bad) { Issue.record("bit \(bit)") }
        }
    }

    @Test func aTextModeCopyIsNamed() {
        var page = header.encoded()
        page.remove(at: 4)  // CR LF became LF.
        page.append(0)
        #expect(decode(page) == .textModeCopy)
    }

    @Test func anUnknownIncompatibleFlagIsRefusedAndACompatibleOneIsNot() {
        var newer = header
        newer.incompatible = 4
        #expect(decode(newer.encoded()) == .unknownFormat(version: 1, flags: 4))
        var relaxed = header
        relaxed.compatible = 4
        #expect(decode(relaxed.encoded()) == .header(relaxed))
    }

    @Test func aPreparedPageIsUnusedUntilItIsCompleted() {
        var page = [UInt8](repeating: 0, count: 8192)
        page.withUnsafeMutableBytes { unsafe header.prepare(at: $0.baseAddress!) }
        #expect(decode(page) == .unused)
        page.withUnsafeMutableBytes {
            unsafe SegmentHeader.complete(
                at: $0.baseAddress!, firstSequence: 1000, previousSequence: 999, previousCRC: 99,
                wall: header.wall, monotonic: header.monotonic)
        }
        #expect(decode(page) == .header(header))
    }
}
