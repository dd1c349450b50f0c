// Where what stands in an archive file (docs/formats/archive.md): the one place that knows the
// numbers. Writer, reader and tests take them from here.
//
//   skippable frame "header"   what the segment's header page said
//   LZ4 frame, LZ4 frame, …    groups of records as text (GroupText)
//   skippable frame "index"    where each group stands, figures by command, and a trailer of fixed
//                              size at the very end of the file, by which the index is found

enum ArchiveLayout {
    /// Suffix of an archived segment: `000001.seg.lz4`.
    static let suffix = ".seg.lz4"

    // LZ4 frame format: skippable frames have magic numbers 0x184D2A50 … 0x184D2A5F and a length.
    static let frameMagic: UInt32 = 0x184D_2204
    static let headerFrameMagic: UInt32 = 0x184D_2A5B
    static let indexFrameMagic: UInt32 = 0x184D_2A5C
    /// Magic number and length word of a skippable frame.
    static let skippablePrefixBytes = 8

    // Header frame, offsets within its content.
    static let headerMagic: [UInt8] = Array("BBARC\r\n\u{1A}".utf8)
    static let headerVersionOffset = 8
    static let headerCompatibleOffset = 10
    static let headerIncompatibleOffset = 12
    static let headerPageBytesOffset = 14
    /// The copy of the segment's header page; a CRC-32C of everything before it follows.
    static let headerPageOffset = 16
    static let headerPageLimitBytes = 60_000
    /// Compatible flag: the segment was not its log's last, another one follows.
    static let isContinuedFlag: UInt16 = 1
    static let version: UInt16 = 1

    // Index frame, offsets within its content; entries follow, then the commands' figures.
    static let indexMagic: [UInt8] = Array("BBINDEX1".utf8)
    static let indexGroupCountOffset = 8
    static let indexCommandCountOffset = 12
    static let indexFixedBytes = 16

    // One group's entry in the index.
    static let entryFileOffset = 0
    static let entryFrameBytes = 8
    static let entryContentBytes = 16
    static let entryFirstSequence = 24
    static let entryLastSequence = 32
    static let entryEarliest = 40
    static let entryLatest = 48
    static let entryRecords = 56
    static let entryCalls = 60
    static let entryBytes = 64
    static let entryFixedBytes = 72

    // One command's figures: fixed part, then the name.
    static let commandCalls = 0
    static let commandArgumentBytes = 8
    static let commandNameBytes = 16
    static let commandFixedBytes = 20

    // Trailer, the last bytes of the index frame and of the file.
    static let trailerIndexBytes = 0
    static let trailerCRC = 4
    static let trailerMagicOffset = 8
    static let trailerMagic: [UInt8] = Array("BBARCEND".utf8)
    static let trailerBytes = 16

    /// Seed of the two CRCs.
    static let crcSeed: UInt32 = 0xFFFF_FFFF

    /// A group is closed when its arguments have reached this size.
    static let groupTargetBytes = 1 << 20
    /// A group's text is never longer: offsets in it are 32-bit words with room to spare.
    static let contentLimitBytes = 1 << 31
    /// An LZ4 block can't grow by more than this factor, so a larger claim is a lie.
    static let expansionLimit = 256
}

/// Little-endian words in byte arrays; every access is checked by the caller against `count`.
extension Array where Element == UInt8 {
    mutating func appendWord<Word: FixedWidthInteger>(_ word: Word) {
        for shift in stride(from: 0, to: Word.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: word >> Word(shift)))
        }
    }

    /// The word at `offset`, or nil when the array ends before its end.
    func word<Word: FixedWidthInteger>(_ type: Word.Type, at offset: Int) -> Word? {
        let size = Word.bitWidth / 8
        guard offset >= 0, offset <= count, count - offset >= size else { return nil }
        var word: Word = 0
        for index in 0..<size {
            word |= Word(truncatingIfNeeded: self[offset + index]) << Word(index * 8)
        }
        return word
    }
}
