// Where one log stands in its life: who still writes it, what it takes on the disk, which outputs have not
// got it. What `tidy` decides by, and `doctor` tells.

import CPlatform
import Segments

/// One log, as far as its keeping is concerned.
struct LogStanding {
    let entry: LogEntry
    /// Bytes of all its files.
    let byteCount: UInt64
    /// When its records were last added to, seconds since 1970; packing does not count.
    let changed: Int64
    /// `recover` has looked after it since its writer died.
    let isRecovered: Bool
    /// Outputs that have not got all of it.
    let awaited: [String]
    /// Segments that are not packed.
    let segmentCount: Int
    /// What could be packed was packed.
    let isPacked: Bool

    /// Cursors that no output keeps.
    fileprivate static let ownCursors = ["recover", "join", "joined", packed]
    static let packed = "archive"
    fileprivate static let cursorSuffix = ".cursor"

    /// Nobody writes it, it was looked after, and every output has it.
    var isDone: Bool { !entry.isLive && isRecovered && awaited.isEmpty }

    /// Notes that nothing more can be packed of a log.
    static func notePacked(_ folder: String, logID: [UInt8]) {
        guard let recovered = RecoveryCursor.sequence(folder, logID: logID) else { return }
        // Without the note the next run looks at the log again.
        try? Cursor(name: packed, logID: logID, sequence: recovered).write(folder)
    }

    fileprivate static func cursorName(_ name: String) -> String? {
        guard Paths.hasSuffix(name, cursorSuffix) else { return nil }
        let stem = String(
            decoding: Array(name.utf8).dropLast(cursorSuffix.utf8.count), as: UTF8.self)
        return contains(ownCursors, stem) ? nil : stem
    }

    fileprivate static func contains(_ names: [String], _ name: String) -> Bool {
        names.contains { isSame($0, name) }
    }
}

extension LogStanding {
    /// - Parameters:
    ///   - logID: nil when no file of the log tells it; then nobody can have it.
    ///   - needed: outputs that must have it, whether they have begun or not.
    init(_ entry: LogEntry, logID: [UInt8]?, needed: [String]) {
        self.entry = entry
        // A folder that can't be read has nothing to decide about.
        let names = (try? Paths.names(in: entry.path)) ?? []
        var bytes: UInt64 = 0
        var changed: Int64 = 0
        var segments = 0
        var outputs = needed
        for name in names {
            let path = Paths.join(entry.path, name)
            bytes += Self.byteCount(path)
            if isSame(name, LogFolder.mended), !LogFolder.isLink(path) {
                for copy in (try? Paths.names(in: path)) ?? [] {
                    bytes += Self.byteCount(Paths.join(path, copy))
                }
            }
            let isSegment = LogNames.segmentNumber(name) != nil
            if isSegment { segments += 1 }
            if isSegment || isSame(name, LogNames.lock) || Paths.hasSuffix(name, ".seg.lz4") {
                changed = max(changed, unsafe bb_path_modified(path))
            }
            if let output = Self.cursorName(name), !Self.contains(outputs, output) {
                outputs.append(output)
            }
        }
        byteCount = bytes
        self.changed = changed
        segmentCount = segments
        let recovered = logID.flatMap { RecoveryCursor.sequence(entry.path, logID: $0) }
        isRecovered = recovered != nil
        awaited = outputs.filter { output in
            guard let logID, let recovered,
                let cursor = Cursor.read(entry.path, output, logID: logID)
            else { return true }
            return cursor.sequence < recovered
        }
        let packed = logID.flatMap { Cursor.read(entry.path, Self.packed, logID: $0) }
        isPacked = segments == 0 || (packed != nil && packed?.sequence == recovered)
    }

    /// 0 for a folder, and for what can't be read.
    private static func byteCount(_ path: String) -> UInt64 {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)), let size = try? file.size(),
            unsafe bb_path_kind(path) == Int32(BB_KIND_FILE)
        else { return 0 }
        return UInt64(size)
    }
}
