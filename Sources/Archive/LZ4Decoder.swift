// LZ4 frames decoded without liblz4, which Debian does not have for Windows. Only frames of the form that
// archives use, and no faster than that program needs: every index is checked against what is left before it
// is used, on bounded views. The formats: lz4_Frame_format.md 1.6.3, lz4_Block_format.md and the xxHash
// specification 0.1.1, all of github.com/lz4/lz4 and github.com/Cyan4973/xxHash.

enum LZ4Decoder {
    private static var cutShort: GroupError { GroupError("the frame is cut short") }
    private static var tooMuch: GroupError { GroupError("more text than announced") }
    private static var badBlock: GroupError { GroupError("a block does not decode") }

    /// Decodes a complete frame whose content has exactly the size of `content`.
    static func decode(
        _ frame: Span<UInt8>, into content: inout MutableSpan<UInt8>
    ) throws(GroupError) {
        let blockLimit = try readHeader(frame, contentBytes: content.count)
        var at = LZ4Frame.headerBytes
        var produced = 0
        while true {
            guard let word = frame.word(at: at) else { throw cutShort }
            at += 4
            if word == 0 { break }
            let length = Int(word & 0x7FFF_FFFF)
            guard length <= frame.count - at - 4 else { throw cutShort }
            let block = frame.extracting(at..<at + length)
            at += length
            guard frame.word(at: at) == XXHash.of(block) else {
                throw GroupError("a block's checksum is wrong")
            }
            at += 4
            let end = min(content.count, produced + blockLimit)
            let isStored = word >> 31 == 1
            produced =
                try isStored
                ? copy(block, to: &content, produced, end)
                : decode(block, into: &content, produced, end)
        }
        guard produced == content.count else {
            throw GroupError("\(produced) bytes of text instead of \(content.count)")
        }
        guard let checksum = frame.word(at: at) else { throw cutShort }
        guard checksum == XXHash.of(content.span) else {
            throw GroupError("the text's checksum is wrong")
        }
        guard at + 4 == frame.count else { throw GroupError("bytes behind the frame's end") }
    }

    /// - Returns: the most content bytes that a block may have.
    private static func readHeader(
        _ frame: Span<UInt8>, contentBytes: Int
    ) throws(GroupError) -> Int {
        guard frame.count >= LZ4Frame.headerBytes else { throw cutShort }
        let size = UInt64(frame.word(at: 10) ?? 0) << 32 | UInt64(frame.word(at: 6) ?? 0)
        let blockSize = frame[5] >> 4
        // The second byte of the descriptor's hash stands behind it.
        let checksum = UInt8(truncatingIfNeeded: XXHash.of(frame.extracting(4..<14)) >> 8)
        guard frame.word(at: 0) == ArchiveLayout.frameMagic, frame[4] == LZ4Frame.flags,
            frame[5] & 0x8F == 0, blockSize >= 4, size == UInt64(contentBytes),
            frame[14] == checksum
        else { throw GroupError("the frame's header is damaged") }
        // 4: 64 KiB, and four times as much with each.
        return 1 << (8 + 2 * Int(blockSize))
    }

    private static func copy(
        _ block: Span<UInt8>, to content: inout MutableSpan<UInt8>, _ start: Int, _ end: Int
    ) throws(GroupError) -> Int {
        guard block.count <= end - start else { throw tooMuch }
        for index in block.indices { content[start + index] = block[index] }
        return start + block.count
    }

    /// Decodes one block to `start` of the content, at most up to `end`.
    ///
    /// - Returns: where its content ends.
    private static func decode(
        _ block: Span<UInt8>, into content: inout MutableSpan<UInt8>, _ start: Int, _ end: Int
    ) throws(GroupError) -> Int {
        var at = 0
        var produced = start
        while at < block.count {
            let token = block[at]
            at += 1
            let literals = try length(Int(token >> 4), block, &at)
            guard literals <= block.count - at else { throw badBlock }
            guard literals <= end - produced else { throw tooMuch }
            for index in 0..<literals { content[produced + index] = block[at + index] }
            at += literals
            produced += literals
            // The last sequence has literals alone.
            if at == block.count { return produced }
            guard block.count - at >= 2 else { throw badBlock }
            let distance = Int(block[at]) | Int(block[at + 1]) << 8
            at += 2
            // Blocks are independent of each other.
            guard distance > 0, distance <= produced - start else { throw badBlock }
            let match = try length(Int(token & 15), block, &at) + 4
            guard match <= end - produced else { throw tooMuch }
            // Byte by byte: what is copied may be what was just written.
            for index in produced..<produced + match { content[index] = content[index - distance] }
            produced += match
        }
        throw badBlock
    }

    /// A length that began with four bits: after 15 more bytes follow, up to one that is not 255.
    private static func length(
        _ first: Int, _ block: Span<UInt8>, _ at: inout Int
    ) throws(GroupError) -> Int {
        var length = first
        guard first == 15 else { return length }
        while at < block.count {
            let byte = block[at]
            at += 1
            length += Int(byte)
            if byte != 255 { return length }
        }
        throw badBlock
    }
}

/// XXH32 with the seed 0, which LZ4 frames use.
enum XXHash {
    private static let primes: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
        2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263, 374_761_393
    )

    static func of(_ bytes: Span<UInt8>) -> UInt32 {
        var at = 0
        var hash = primes.4
        if bytes.count >= 16 {
            var lanes = (primes.0 &+ primes.1, primes.1, 0 as UInt32, 0 &- primes.0)
            while bytes.count - at >= 16 {
                lanes.0 = mix(lanes.0, bytes, at)
                lanes.1 = mix(lanes.1, bytes, at + 4)
                lanes.2 = mix(lanes.2, bytes, at + 8)
                lanes.3 = mix(lanes.3, bytes, at + 12)
                at += 16
            }
            hash =
                rotated(lanes.0, 1) &+ rotated(lanes.1, 7) &+ rotated(lanes.2, 12)
                &+ rotated(lanes.3, 18)
        }
        hash = hash &+ UInt32(truncatingIfNeeded: bytes.count)
        while let word = bytes.word(at: at) {
            hash = rotated(hash &+ word &* primes.2, 17) &* primes.3
            at += 4
        }
        while at < bytes.count {
            hash = rotated(hash &+ UInt32(bytes[at]) &* primes.4, 11) &* primes.0
            at += 1
        }
        hash = (hash ^ hash >> 15) &* primes.1
        hash = (hash ^ hash >> 13) &* primes.2
        return hash ^ hash >> 16
    }

    private static func mix(_ lane: UInt32, _ bytes: Span<UInt8>, _ at: Int) -> UInt32 {
        rotated(lane &+ (bytes.word(at: at) ?? 0) &* primes.1, 13) &* primes.0
    }

    private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        word << bits | word >> (32 - bits)
    }
}

extension Span where Element == UInt8 {
    /// The little-endian word at `offset`, or nil when the span ends before its end.
    fileprivate func word(at offset: Int) -> UInt32? {
        guard offset >= 0, offset <= count, count - offset >= 4 else { return nil }
        return UInt32(self[offset]) | UInt32(self[offset + 1]) << 8
            | UInt32(self[offset + 2]) << 16 | UInt32(self[offset + 3]) << 24
    }
}
