// The folder that replays go to: made when missing, cleaned of what killed jobs left, and the one
// place where a finished file gets its final name.

import CPlatform

/// What tells recordings apart: the log's id and the recording's number in it.
public struct RecordingIdentity: Sendable {
    /// 16 bytes.
    public var logID: [UInt8]
    /// 1, 2, 3 …
    public var number: Int

    /// The identity of recording `number` of a log.
    public init(logID: [UInt8], number: Int) {
        self.logID = logID
        self.number = number
    }

    /// As it stands in the list of an output folder.
    var listForm: [UInt8] {
        var form: [UInt8] = []
        for index in 0..<16 {
            let byte = index < logID.count ? logID[index] : 0
            for digit in [byte >> 4, byte & 15] {
                form.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
            }
        }
        form.append(UInt8(ascii: "\t"))
        form.append(contentsOf: String(number).utf8)
        return form
    }
}

/// A folder of replays.
struct OutputFolder {
    let path: String
    /// Extensions a replay can have; a name is taken when a file with any of them is there.
    static let extensions = [".json.gz", ".json"]

    /// Makes the folder and its parents when missing, and removes leftovers of killed jobs.
    init(path: String) throws(ReplayError) {
        self.path = path.utf8.isEmpty ? "." : path
        try Self.makeFolders(self.path)
        try TemporaryFile.removeLeftovers(in: self.path)
    }

    private static func makeFolders(_ path: String) throws(ReplayError) {
        let bytes = Array(path.utf8)
        for end in 1...bytes.count {
            guard end == bytes.count || isSeparator(bytes[end]) else { continue }
            let part = String(decoding: bytes[..<end], as: UTF8.self)
            if kind(of: part) == UInt32(BB_KIND_FOLDER) { continue }
            let result = unsafe part.withCString { name in unsafe bb_path_make_folder(name) }
            // Another job may have made it in between.
            if result < 0 && kind(of: part) != UInt32(BB_KIND_FOLDER) {
                throw .file(.makeFolder, path: part, errorNumber: -result)
            }
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") && separatorIsAlsoBackslash
    }

    /// Windows: an absolute path has a drive's colon in second place.
    private static var separatorIsAlsoBackslash: Bool {
        var path = ByteBuffer(capacity: 4096)
        unsafe path.fill(4096) { base in
            Int(
                max(
                    0,
                    unsafe bb_path_current(base.assumingMemoryBound(to: CChar.self), 4096)))
        }
        return path.count > 1 && path.bytes[1] == UInt8(ascii: ":")
    }

    private static func kind(of path: String) -> UInt32 {
        let result = unsafe path.withCString { name in unsafe bb_path_kind(name) }
        return result < 0 ? UInt32(BB_KIND_NONE) : UInt32(result)
    }

    private func exists(_ name: String) -> Bool {
        Self.kind(of: path + "/" + name) != UInt32(BB_KIND_NONE)
    }

    /// Gives a finished, synced file its final name: `stem` when it is free or holds an earlier output
    /// of the same recording, else `stem_2`, `stem_3` … An earlier output of this recording under
    /// another name (the log has grown since) is removed.
    /// - Parameter documentBytes: an earlier output whose document is longer is set aside instead.
    /// - Returns: the final path, and where a longer output lies now.
    func publish(
        _ file: TemporaryFile, sparingLongerThan documentBytes: UInt64, stem: String,
        fileExtension: String, recording: RecordingIdentity
    ) throws(ReplayError) -> (path: String, longerKept: String?) {
        let lock = try FolderLock(folder: path)
        defer { lock.release() }
        let entries = try lock.entries()
        let own = recording.listForm
        var name = stem
        var attempt = 1
        while attempt < 100_000 && !isFree(name, own: own, entries: entries) {
            attempt += 1
            name = stem + "_" + String(attempt)
        }
        let nameBytes = Array(name.utf8)
        if owner(of: nameBytes, in: entries) != own {
            try lock.add(FolderLock.Entry(name: nameBytes, recording: own))
        }
        let finalPath = path + "/" + name + fileExtension
        var others: [String] = []
        for entry in entries where entry.recording == own && entry.name != nameBytes {
            guard owner(of: entry.name, in: entries) == own else { continue }
            others.append(path + "/" + String(decoding: entry.name, as: UTF8.self) + fileExtension)
        }
        var longerKept: String?
        for earlier in [finalPath] + others {
            let replay = EarlierReplay(path: earlier)
            if replay.documentBytes > documentBytes { longerKept = try replay.setAside() }
        }
        try file.publish(as: finalPath)
        try syncFolder()
        for earlier in others {
            // What can't be removed stays beside the new file; nothing is lost by that.
            _ = unsafe earlier.withCString { name in unsafe bb_path_remove(name) }
        }
        return (finalPath, longerKept)
    }

    private func isFree(_ name: String, own: [UInt8], entries: [FolderLock.Entry]) -> Bool {
        if owner(of: Array(name.utf8), in: entries) == own { return true }
        for fileExtension in Self.extensions where exists(name + fileExtension) { return false }
        return true
    }

    private func owner(of name: [UInt8], in entries: [FolderLock.Entry]) -> [UInt8] {
        for entry in entries.reversed() where entry.name == name { return entry.recording }
        return []
    }

    private func syncFolder() throws(ReplayError) {
        let result = unsafe path.withCString { name in unsafe bb_path_sync_folder(name) }
        if result < 0 { throw .file(.sync, path: path, errorNumber: -result) }
    }
}
