// The decoder that stands in for liblz4 on Windows: what liblz4 writes it reads, and nothing else.

import FaultHarness
import Testing

@testable import Archive

@Suite struct LZ4DecoderTests {
    private func decoded(_ frame: [UInt8], count: Int) throws(GroupError) -> [UInt8] {
        var content = [UInt8](repeating: 0xEE, count: count)
        var target = content.mutableSpan
        try LZ4Decoder.decode(frame.span, into: &target)
        return content
    }

    /// Words again and again, in which matches of all lengths and distances are found.
    private func text(_ count: Int, _ random: inout Random) -> [UInt8] {
        let words = (0..<20).map { _ in
            (0..<1 + random.below(30)).map { _ in UInt8(97 + random.below(26)) }
        }
        var text: [UInt8] = []
        while text.count < count { text += words[random.below(words.count)] }
        return Array(text.prefix(count))
    }

    @Test func whatTheLibraryPacksComesBack() throws {
        var random = Random(seed: 41)
        for count in [
            0, 1, 4, 5, 12, 13, 15, 16, 17, 64, 65, 255, 270, 300, 4_096, 70_000, 300_000,
        ] {
            let repeated = [UInt8](repeating: 7, count: count)
            for content in [repeated, text(count, &random), random.bytes(count)] {
                for level in [1, 9] as [Int32] {
                    let frame = try #require(LZ4Frame.compressed(content, level: level))
                    // An empty content has no size in its frame, and is no frame of ours.
                    if count == 0 { continue }
                    #expect(try decoded(frame, count: count) == content, "\(count)")
                }
            }
        }
    }

    /// More than one block, stored ones among them.
    @Test func contentOfSeveralBlocksComesBack() throws {
        var random = Random(seed: 42)
        let content =
            text(4 << 20, &random) + random.bytes(1 << 20) + text((4 << 20) + 77, &random)
        let frame = try #require(LZ4Frame.compressed(content, level: 1))
        #expect(try decoded(frame, count: content.count) == content)
    }

    @Test func aFrameThatIsCutShortOrHasAWrongBitIsRefused() throws {
        var random = Random(seed: 43)
        let content = text(700, &random)
        let frame = try #require(LZ4Frame.compressed(content))
        for count in frame.indices {
            #expect(throws: GroupError.self, "cut to \(count)") {
                try decoded(Array(frame[..<count]), count: content.count)
            }
        }
        for bit in 0..<frame.count * 8 {
            var wrong = frame
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: GroupError.self, "bit \(bit)") {
                try decoded(wrong, count: content.count)
            }
        }
        for count in [0, 1, content.count - 1, content.count + 1] {
            #expect(throws: GroupError.self) { try decoded(frame, count: count) }
        }
        #expect(throws: GroupError.self) { try decoded(frame + [0], count: content.count) }
    }

    /// Whatever a block says, with a checksum that agrees: it ends, and nothing outside is touched.
    @Test func noBlockLeadsBeyondItsContent() throws {
        var random = Random(seed: 44)
        let count = 200
        let header = try #require(LZ4Frame.compressed(text(count, &random))).prefix(15)
        for _ in 0..<20_000 {
            let block = random.bytes(1 + random.below(40)).map { random.below(4) == 0 ? 0xFF : $0 }
            var frame = Array(header)
            frame.appendWord(UInt32(block.count))
            frame += block
            frame.appendWord(XXHash.of(block.span))
            frame.appendWord(0 as UInt32)
            // Most fail; what decodes lacks the text's checksum.
            #expect(throws: GroupError.self) { try decoded(frame, count: count) }
        }
    }
}
