// The index at an archive's end: where each group stands and what it covers, and the figures of each
// command. Bytes ↔ values; docs/formats/archive.md has the table.

import CPlatform

/// One group of an archive.
public struct ArchiveGroup: Equatable, Sendable {
    /// Where its LZ4 frame begins, bytes from the start of the file.
    public var fileOffset: UInt64
    /// Length of the frame.
    public var frameBytes: UInt64
    /// Length of its text.
    public var contentBytes: UInt64
    /// Sequence number of its first record.
    public var firstSequence: UInt64
    /// Sequence number of its last record.
    public var lastSequence: UInt64
    /// Lowest time in it, UTC nanoseconds since 1970.
    public var earliest: Int64
    /// Highest time in it.
    public var latest: Int64
    /// Records of all kinds.
    public var recordCount: UInt32
    /// Calls among them.
    public var callCount: UInt32
    /// Bytes of names, arguments and payloads.
    public var byteCount: UInt64
}

/// How often a command occurs.
public struct ArchiveFigures: Equatable, Sendable {
    /// The command as the game passed it, `?` for all that this version has no number for.
    public var name: String
    /// Calls of it.
    public var callCount: UInt64
    /// Bytes of their arguments, each with the byte behind it.
    public var argumentBytes: UInt64
}

/// The index as a value.
struct ArchiveIndex: Equatable {
    var groups: [ArchiveGroup] = []
    var figures: [ArchiveFigures] = []

    /// The whole skippable frame, trailer included.
    func frame() -> [UInt8] {
        var body = ArchiveLayout.indexMagic
        body.appendWord(UInt32(groups.count))
        body.appendWord(UInt32(figures.count))
        for group in groups {
            body.appendWord(group.fileOffset)
            body.appendWord(group.frameBytes)
            body.appendWord(group.contentBytes)
            body.appendWord(group.firstSequence)
            body.appendWord(group.lastSequence)
            body.appendWord(UInt64(bitPattern: group.earliest))
            body.appendWord(UInt64(bitPattern: group.latest))
            body.appendWord(group.recordCount)
            body.appendWord(group.callCount)
            body.appendWord(group.byteCount)
        }
        for figure in figures {
            body.appendWord(figure.callCount)
            body.appendWord(figure.argumentBytes)
            body.appendWord(UInt32(figure.name.utf8.count))
            body.append(contentsOf: figure.name.utf8)
        }
        var frame: [UInt8] = []
        frame.appendWord(ArchiveLayout.indexFrameMagic)
        frame.appendWord(UInt32(body.count + ArchiveLayout.trailerBytes))
        frame += body
        frame.appendWord(UInt32(body.count))
        frame.appendWord(body.crc)
        frame += ArchiveLayout.trailerMagic
        return frame
    }

    /// Length of the index frame's body, when `bytes` end with a trailer.
    static func bodyBytes(trailer bytes: [UInt8]) -> Int? {
        let at = bytes.count - ArchiveLayout.trailerBytes
        guard at >= 0,
            Array(bytes[(at + ArchiveLayout.trailerMagicOffset)...]) == ArchiveLayout.trailerMagic,
            let count = bytes.word(UInt32.self, at: at + ArchiveLayout.trailerIndexBytes)
        else { return nil }
        return Int(count)
    }

    /// Reads the whole index frame; nil when a byte of it is wrong.
    static func decode(frame: [UInt8]) -> ArchiveIndex? {
        let prefix = ArchiveLayout.skippablePrefixBytes
        guard let bodyCount = bodyBytes(trailer: frame),
            frame.count == prefix + bodyCount + ArchiveLayout.trailerBytes,
            frame.word(UInt32.self, at: 0) == ArchiveLayout.indexFrameMagic,
            frame.word(UInt32.self, at: 4) == UInt32(frame.count - prefix),
            bodyCount >= ArchiveLayout.indexFixedBytes
        else { return nil }
        let body = Array(frame[prefix..<prefix + bodyCount])
        guard
            frame.word(UInt32.self, at: prefix + bodyCount + ArchiveLayout.trailerCRC) == body.crc,
            Array(body[..<ArchiveLayout.indexGroupCountOffset]) == ArchiveLayout.indexMagic,
            let groupCount = body.word(UInt32.self, at: ArchiveLayout.indexGroupCountOffset),
            let figureCount = body.word(UInt32.self, at: ArchiveLayout.indexCommandCountOffset)
        else { return nil }
        var index = ArchiveIndex()
        var at = ArchiveLayout.indexFixedBytes
        guard Int(groupCount) <= (body.count - at) / ArchiveLayout.entryFixedBytes else {
            return nil
        }
        for _ in 0..<groupCount {
            guard let group = group(body, at) else { return nil }
            index.groups.append(group)
            at += ArchiveLayout.entryFixedBytes
        }
        for _ in 0..<figureCount {
            guard let calls = body.word(UInt64.self, at: at + ArchiveLayout.commandCalls),
                let bytes = body.word(UInt64.self, at: at + ArchiveLayout.commandArgumentBytes),
                let length = body.word(UInt32.self, at: at + ArchiveLayout.commandNameBytes),
                Int(length) <= body.count - at - ArchiveLayout.commandFixedBytes
            else { return nil }
            at += ArchiveLayout.commandFixedBytes
            let name = String(decoding: body[at..<at + Int(length)], as: UTF8.self)
            index.figures.append(
                ArchiveFigures(name: name, callCount: calls, argumentBytes: bytes))
            at += Int(length)
        }
        return at == body.count ? index : nil
    }

    private static func group(_ body: [UInt8], _ at: Int) -> ArchiveGroup? {
        func wide(_ offset: Int) -> UInt64? { body.word(UInt64.self, at: at + offset) }
        guard let fileOffset = wide(ArchiveLayout.entryFileOffset),
            let frameBytes = wide(ArchiveLayout.entryFrameBytes),
            let contentBytes = wide(ArchiveLayout.entryContentBytes),
            let first = wide(ArchiveLayout.entryFirstSequence),
            let last = wide(ArchiveLayout.entryLastSequence),
            let earliest = wide(ArchiveLayout.entryEarliest),
            let latest = wide(ArchiveLayout.entryLatest),
            let records = body.word(UInt32.self, at: at + ArchiveLayout.entryRecords),
            let calls = body.word(UInt32.self, at: at + ArchiveLayout.entryCalls),
            let bytes = wide(ArchiveLayout.entryBytes), first <= last
        else { return nil }
        return ArchiveGroup(
            fileOffset: fileOffset, frameBytes: frameBytes, contentBytes: contentBytes,
            firstSequence: first, lastSequence: last, earliest: Int64(bitPattern: earliest),
            latest: Int64(bitPattern: latest), recordCount: records, callCount: calls,
            byteCount: bytes)
    }
}

/// The frame at an archive's start: what the segment's first page said.
enum ArchiveHeader {
    /// The whole skippable frame.
    static func frame(page: [UInt8], isContinued: Bool = false) -> [UInt8] {
        precondition(page.count <= ArchiveLayout.headerPageLimitBytes, "a header page is 4 KiB")
        var body = ArchiveLayout.headerMagic
        body.appendWord(ArchiveLayout.version)
        body.appendWord(isContinued ? ArchiveLayout.isContinuedFlag : 0)
        body.appendWord(UInt16(0))
        body.appendWord(UInt16(page.count))
        body += page
        body.appendWord(body.crc)
        var frame: [UInt8] = []
        frame.appendWord(ArchiveLayout.headerFrameMagic)
        frame.appendWord(UInt32(body.count))
        return frame + body
    }

    enum Reading: Equatable {
        /// The page, the length of the frame, and whether the log goes on behind this segment.
        case page([UInt8], frameBytes: Int, isContinued: Bool)
        case newer(version: UInt16, incompatible: UInt16)
        /// It is ours, and some bytes are wrong.
        case damaged
        case foreign
    }

    /// Reads the start of a file.
    static func read(_ start: [UInt8]) -> Reading {
        let prefix = ArchiveLayout.skippablePrefixBytes
        let magic = ArchiveLayout.headerMagic
        guard start.count >= prefix + magic.count,
            Array(start[prefix..<prefix + magic.count]) == magic
        else { return .foreign }
        let body = Array(start[prefix...])
        guard let pageBytes = body.word(UInt16.self, at: ArchiveLayout.headerPageBytesOffset),
            let version = body.word(UInt16.self, at: ArchiveLayout.headerVersionOffset),
            let compatible = body.word(UInt16.self, at: ArchiveLayout.headerCompatibleOffset),
            let incompatible = body.word(UInt16.self, at: ArchiveLayout.headerIncompatibleOffset)
        else { return .damaged }
        let end = ArchiveLayout.headerPageOffset + Int(pageBytes)
        guard let crc = body.word(UInt32.self, at: end), crc == Array(body[..<end]).crc,
            start.word(UInt32.self, at: 0) == ArchiveLayout.headerFrameMagic,
            start.word(UInt32.self, at: 4) == UInt32(end + 4)
        else { return .damaged }
        guard version == ArchiveLayout.version, incompatible == 0 else {
            return .newer(version: version, incompatible: incompatible)
        }
        return .page(
            Array(body[ArchiveLayout.headerPageOffset..<end]), frameBytes: prefix + end + 4,
            isContinued: compatible & ArchiveLayout.isContinuedFlag != 0)
    }
}

extension Array where Element == UInt8 {
    /// CRC-32C of all bytes, as archives use it.
    var crc: UInt32 {
        unsafe withUnsafeBytes { bytes in
            unsafe bb_crc32c(ArchiveLayout.crcSeed, bytes.baseAddress, UInt64(bytes.count))
        }
    }
}
