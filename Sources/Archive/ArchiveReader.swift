// An archive file → its records, call by call, in the order of the log. With a whole index it goes
// straight to the groups it needs; without one it walks over the frames and reads what is whole.

import CPlatform
import Segments
import Values
import WAL

/// Reads one archive. For one thread. Never changes the file.
public struct ArchiveReader: ~Copyable, CallSource {
    /// The file.
    public let path: String
    /// The segment's first page; empty when that part of the file is damaged.
    public private(set) var header: [UInt8] = []
    /// The segment was not its log's last. (False also when the file does not tell.)
    public private(set) var isContinued = false
    /// The groups, in the order of the log.
    public private(set) var groups: [ArchiveGroup] = []
    /// How often each command occurs; empty when the index is damaged.
    public private(set) var figures: [ArchiveFigures] = []
    /// What was found broken so far; groups are looked at when they are read.
    public private(set) var damages: [ArchiveDamage] = []
    /// Bytes in the file.
    public let fileBytes: Int
    private let file: File
    private var decoder = GroupDecoder()
    /// The group that `advance` reads next.
    private var nextGroup = 0
    private var isInGroup = false

    /// Opens an archive and reads its index.
    ///
    /// - Throws: `ArchiveError` when the file can't be read or is none of ours.
    public static func open(_ path: String) throws(ArchiveError) -> ArchiveReader {
        let file = try ArchiveError.wrapping { () throws(LogError) in
            try File(path, UInt32(BB_OPEN_READ))
        }
        let size = bb_file_size(file.handle)
        guard size >= 0 else { throw .file(LogError(.read, path, size)) }
        guard size > 0 else { throw .empty(path: path) }
        var reader = ArchiveReader(file, path: path, byteCount: Int(size))
        try reader.readFrame()
        return reader
    }

    private mutating func readFrame() throws(ArchiveError) {
        let firstOffset = try readHeader()
        if let index = try readIndex() {
            groups = index.groups
            figures = index.figures
            checkLayout(from: firstOffset, to: fileBytes - index.frame().count)
        } else {
            damages.append(
                ArchiveDamage(
                    fileOffset: UInt64(fileBytes), group: 0, missing: nil,
                    reason: "the index is missing or damaged (was the file cut short?)"))
            try findGroups(from: firstOffset ?? 0)
        }
    }

    private init(_ file: consuming File, path: String, byteCount: Int) {
        self.path = path
        self.file = file
        fileBytes = byteCount
    }

    /// Whether all that was read so far was whole.
    public var isWhole: Bool { damages.isEmpty }

    /// First and last sequence number; nil without a readable group.
    public var sequences: ClosedRange<UInt64>? {
        guard let first = groups.first, let last = groups.last,
            first.firstSequence <= last.lastSequence
        else { return nil }
        return first.firstSequence...last.lastSequence
    }

    // MARK: going through it

    /// Hands over every call whose sequence number lies in `range`, in rising order.
    public mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        try forEachRecord(in: range, call: body) { (_: borrowing OtherRecord) throws(Failure) in }
    }

    /// Hands over every record whose sequence number lies in `range` and whose time in `times` (UTC
    /// nanoseconds). Groups that lie outside are not read. Broken groups are left out and noted in
    /// `damages`. About 5 million calls a second.
    public mutating func forEachRecord<Failure: Error>(
        in range: ClosedRange<UInt64> = 0...UInt64.max,
        times: ClosedRange<Int64> = Int64.min...Int64.max,
        call: (borrowing Call) throws(Failure) -> Void,
        other: (borrowing OtherRecord) throws(Failure) -> Void
    ) throws(Failure) {
        for index in groups.indices {
            let group = groups[index]
            guard group.lastSequence >= range.lowerBound, group.firstSequence <= range.upperBound,
                group.latest >= times.lowerBound, group.earliest <= times.upperBound
            else { continue }
            nextGroup = index
            isInGroup = false
            while advance(within: index) {
                guard range.contains(decoder.sequence), times.contains(decoder.time) else {
                    continue
                }
                if decoder.isCall {
                    try decoder.withCall(call)
                } else {
                    try decoder.withOther(other)
                }
            }
        }
        decoder.close()
    }

    /// Reads every group; what is broken is in `damages` then.
    ///
    /// - Returns: the losses that the archive tells of.
    @discardableResult
    public mutating func check() -> [Loss] {
        var losses: [Loss] = []
        forEachRecord { (_: borrowing Call) throws(Never) in
        } other: {
            (record: borrowing OtherRecord) throws(Never) in
            if record.kind == RecordKind.loss, let loss = Loss.decode(record.payload) {
                losses.append(loss)
            }
        }
        return losses
    }

    // MARK: one record after another (for comparing with a segment)

    /// Back to the first record.
    mutating func rewind() {
        nextGroup = 0
        isInGroup = false
    }

    /// Moves to the next record; false behind the last one.
    mutating func advance() -> Bool { advance(within: groups.count - 1) }

    /// Whether the record that `advance` moved to is this call.
    func isSame(as call: borrowing Call) -> Bool {
        guard decoder.isCall else { return false }
        return decoder.withCall { (own: borrowing Call) throws(Never) in
            own.sequence == call.sequence && own.time == call.time && own.form == call.form
                && own.command == call.command && own.argumentCount == call.argumentCount
                && own.name.elementsEqual(call.name)
                && own.arguments.elementsEqual(call.arguments)
        }
    }

    /// Whether the record that `advance` moved to is this one.
    func isSame(as record: borrowing OtherRecord) -> Bool {
        guard !decoder.isCall else { return false }
        return decoder.withOther { (own: borrowing OtherRecord) throws(Never) in
            own.sequence == record.sequence && own.time == record.time && own.kind == record.kind
                && own.flags == record.flags && own.payload.elementsEqual(record.payload)
        }
    }

    private mutating func advance(within last: Int) -> Bool {
        while true {
            if !isInGroup {
                guard nextGroup <= last, nextGroup < groups.count else { return false }
                nextGroup += 1
                isInGroup = open(nextGroup - 1)
                if !isInGroup { continue }
            }
            do {
                if try decoder.next() { return true }
            } catch {
                note(nextGroup - 1, from: decoder.sequence, error.reason)
            }
            isInGroup = false
        }
    }

    private mutating func open(_ index: Int) -> Bool {
        let group = groups[index]
        do throws(GroupError) {
            let frame = try read(group)
            try decoder.open(frame, 0..<frame.count, contentBytes: Int(group.contentBytes))
            guard decoder.facts.recordCount == Int(group.recordCount),
                decoder.facts.firstSequence == group.firstSequence
            else { throw GroupError("the group is not the one that the index tells of") }
            return true
        } catch {
            note(index, from: group.firstSequence, error.reason)
            return false
        }
    }

    private func read(_ group: ArchiveGroup) throws(GroupError) -> [UInt8] {
        guard group.fileOffset <= UInt64(fileBytes),
            group.frameBytes <= UInt64(fileBytes) - group.fileOffset
        else { throw GroupError("the group lies outside of the file") }
        let frame: [UInt8]
        do {
            frame = try file.read(limit: Int(group.frameBytes), at: Int(group.fileOffset))
        } catch {
            throw GroupError(error.text)
        }
        // Before memory is asked for: the frame's own word on its content, and what LZ4 can do.
        guard LZ4Frame.contentBytes(header: frame) == Int(exactly: group.contentBytes),
            group.contentBytes <= UInt64(frame.count) * UInt64(ArchiveLayout.expansionLimit)
        else { throw GroupError("the frame's header is damaged") }
        return frame
    }

    private mutating func note(_ index: Int, from first: UInt64, _ reason: String) {
        let group = groups[index]
        let missing = first <= group.lastSequence ? first...group.lastSequence : nil
        let damage = ArchiveDamage(
            fileOffset: group.fileOffset, group: index + 1, missing: missing, reason: reason)
        if !damages.contains(where: { $0.group == index + 1 }) { damages.append(damage) }
    }
}

// MARK: opening

extension ArchiveReader {
    /// - Returns: where the first group begins; nil when the header is damaged.
    private mutating func readHeader() throws(ArchiveError) -> Int? {
        let limit =
            ArchiveLayout.skippablePrefixBytes + ArchiveLayout.headerPageOffset
            + ArchiveLayout.headerPageLimitBytes + 4
        switch ArchiveHeader.read(try bytes(0, min(limit, fileBytes))) {
        case .page(let page, let frameBytes, let isContinued):
            header = page
            self.isContinued = isContinued
            return frameBytes
        case .newer(let version, let incompatible):
            throw .newerFormat(path: path, version: version, incompatible: incompatible)
        case .foreign:
            // The end may still tell that it is ours.
            guard try readIndex() != nil else { throw .notAnArchive(path: path) }
        case .damaged: break
        }
        damages.append(
            ArchiveDamage(
                fileOffset: 0, group: 0, missing: nil, reason: "the header frame is damaged"))
        return nil
    }

    private func readIndex() throws(ArchiveError) -> ArchiveIndex? {
        let trailer = ArchiveLayout.trailerBytes
        guard fileBytes >= trailer else { return nil }
        let end = try bytes(fileBytes - trailer, trailer)
        guard let bodyBytes = ArchiveIndex.bodyBytes(trailer: end) else { return nil }
        let frameBytes = ArchiveLayout.skippablePrefixBytes + bodyBytes + trailer
        guard frameBytes <= fileBytes else { return nil }
        return ArchiveIndex.decode(frame: try bytes(fileBytes - frameBytes, frameBytes))
    }

    private func bytes(_ offset: Int, _ count: Int) throws(ArchiveError) -> [UInt8] {
        do {
            return try file.read(limit: count, at: offset)
        } catch {
            throw .file(error)
        }
    }

    /// The groups must follow each other without a gap, from the header's end to the index.
    private mutating func checkLayout(from firstOffset: Int?, to indexOffset: Int) {
        var expected = UInt64(firstOffset ?? Int(clamping: groups.first?.fileOffset ?? 0))
        var lastSequence: UInt64 = 0
        var isSound = true
        for (index, group) in groups.enumerated() {
            if group.fileOffset != expected { isSound = false }
            if index > 0 && group.firstSequence <= lastSequence { isSound = false }
            expected = expected &+ group.frameBytes
            lastSequence = group.lastSequence
        }
        guard isSound, groups.isEmpty || expected == UInt64(indexOffset) else {
            damages.append(
                ArchiveDamage(
                    fileOffset: UInt64(indexOffset), group: 0, missing: nil,
                    reason: "the groups do not lie as the index tells"))
            return
        }
    }

    /// Without an index: every frame that can be read whole from `start` on, found by its magic
    /// number. Sequence numbers and times are taken from the text.
    private mutating func findGroups(from start: Int) throws(ArchiveError) {
        let all = try bytes(0, fileBytes)
        var at = start
        while let found = Self.nextFrame(all, from: at) {
            at = found + 4
            guard let end = Self.endOfFrame(all, at: found),
                let contentBytes = LZ4Frame.contentBytes(
                    header: Array(all[found..<min(found + LZ4Frame.headerBytes, end)])),
                contentBytes <= (end - found) * ArchiveLayout.expansionLimit
            else {
                damages.append(
                    ArchiveDamage(
                        fileOffset: UInt64(found), group: groups.count + 1, missing: nil,
                        reason: "the frame is damaged or cut short"))
                continue
            }
            if let group = survey(all, found..<end, contentBytes) {
                groups.append(group)
                at = end
            }
        }
    }

    /// Decodes a group to learn what the index would say of it.
    private mutating func survey(
        _ all: [UInt8], _ range: Range<Int>, _ contentBytes: Int
    ) -> ArchiveGroup? {
        do throws(GroupError) {
            try decoder.open(all, range, contentBytes: contentBytes)
            var group = ArchiveGroup(
                fileOffset: UInt64(range.lowerBound), frameBytes: UInt64(range.count),
                contentBytes: UInt64(contentBytes), firstSequence: decoder.facts.firstSequence,
                lastSequence: decoder.facts.firstSequence, earliest: .max, latest: .min,
                recordCount: UInt32(clamping: decoder.facts.recordCount), callCount: 0,
                byteCount: UInt64(decoder.facts.byteCount))
            while try decoder.next() {
                group.lastSequence = decoder.sequence
                group.earliest = min(group.earliest, decoder.time)
                group.latest = max(group.latest, decoder.time)
                if decoder.isCall { group.callCount += 1 }
            }
            if let before = groups.last, group.firstSequence <= before.lastSequence {
                throw GroupError("the group is out of order")
            }
            return group
        } catch {
            damages.append(
                ArchiveDamage(
                    fileOffset: UInt64(range.lowerBound), group: groups.count + 1, missing: nil,
                    reason: error.reason))
            return nil
        }
    }

    /// Offset of the next frame's magic number with our flags behind it.
    private static func nextFrame(_ all: [UInt8], from start: Int) -> Int? {
        var at = start
        while at + LZ4Frame.headerBytes <= all.count {
            if all[at] == 0x04, all.word(UInt32.self, at: at) == ArchiveLayout.frameMagic,
                all[at + 4] == LZ4Frame.flags
            {
                return at
            }
            at += 1
        }
        return nil
    }

    /// Walks over the blocks of a frame; nil when it does not end within the file.
    private static func endOfFrame(_ all: [UInt8], at start: Int) -> Int? {
        var at = start + LZ4Frame.headerBytes
        while let word = all.word(UInt32.self, at: at) {
            let length = LZ4Frame.blockBytes(lengthWord: word)
            // The end mark and the content's checksum.
            if length == 0 { return at + 8 <= all.count ? at + 8 : nil }
            guard length <= all.count - at - 4 else { return nil }
            at += 4 + length
        }
        return nil
    }
}
