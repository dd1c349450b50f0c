// Groups as LZ4 frames: what their first bytes say, and the walk over a frame's blocks that finds its end
// when there is no index. How a frame is packed and unpacked stands in Packing (liblz4) and Plain (Windows).

enum LZ4Frame {
    /// Magic number, flags, block size byte, content size, header checksum.
    static let headerBytes = 15
    /// Version 01, independent blocks, block checksums, content size, content checksum.
    static let flags: UInt8 = 0b0111_1100

    /// What the first bytes of a frame say: the content's size. Nil when this is no frame of ours.
    static func contentBytes(header: [UInt8]) -> Int? {
        guard header.count >= headerBytes,
            header.word(UInt32.self, at: 0) == ArchiveLayout.frameMagic, header[4] == flags,
            let size = header.word(UInt64.self, at: 6),
            size < UInt64(ArchiveLayout.contentLimitBytes)
        else { return nil }
        return Int(size)
    }

    /// A block's length word: the bytes it occupies with its checksum; 0 at the end mark.
    static func blockBytes(lengthWord: UInt32) -> Int {
        let length = Int(lengthWord & 0x7FFF_FFFF)
        return length == 0 ? 0 : length + 4
    }
}
