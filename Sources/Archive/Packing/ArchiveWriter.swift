// Records → an archive file. It grows under a temporary name and gets its own only when somebody has
// read it back: `publish`.

import CPlatform
import Segments
import Values
import WAL

/// What an archive holds.
public struct ArchiveSummary: Equatable, Sendable {
    /// Records of all kinds.
    public var recordCount: UInt64 = 0
    /// Calls among them.
    public var callCount: UInt64 = 0
    /// Bytes of the calls' arguments, each with the byte behind it.
    public var argumentBytes: UInt64 = 0
    /// Bytes of the file.
    public var fileBytes: UInt64 = 0
}

/// Writes one archive. Use: `append` …, `finish`, `publish`. Dropped before that, it removes its
/// temporary file. For one thread.
public struct ArchiveWriter: ~Copyable {
    /// Where the archive will be.
    public let path: String
    /// Where it grows.
    public let temporaryPath: String
    /// Stands between the archive's name and the writer's process number.
    static let temporaryMark = ".new-"
    private let file: File
    private let level: Int32
    private let header: [UInt8]
    private var offset = 0
    private var group = GroupEncoder()
    private var index = ArchiveIndex()
    private var summary = ArchiveSummary()
    private var isPublished = false
    /// Calls and bytes by the command's number; 0 counts what has none.
    private var figures: [(calls: UInt64, bytes: UInt64)] = Array(
        repeating: (0, 0), count: Int(Command.allCases.map(\.rawValue).max() ?? 0) + 1)

    /// Creates the temporary file.
    ///
    /// - Parameters:
    ///   - header: the segment's first page.
    ///   - level: of LZ4's HC compression, 3…12.
    public static func create(
        _ path: String, header: [UInt8], level: Int = 9
    ) throws(ArchiveError) -> ArchiveWriter {
        let temporary = path + temporaryMark + String(bb_process_id())
        let file = try ArchiveError.wrapping { () throws(LogError) in
            try File(
                temporary,
                UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE) | UInt32(BB_OPEN_TRUNCATE))
        }
        var writer = ArchiveWriter(
            file, path: path, temporaryPath: temporary, header: header,
            level: Int32(clamping: level))
        try writer.put(ArchiveHeader.frame(page: header))
        return writer
    }

    private init(
        _ file: consuming File, path: String, temporaryPath: String, header: [UInt8], level: Int32
    ) {
        self.header = header
        self.path = path
        self.temporaryPath = temporaryPath
        self.file = file
        self.level = level
    }

    deinit {
        if !isPublished { _ = unsafe bb_path_remove(temporaryPath) }
    }

    /// Adds a call; sequence numbers must rise.
    public mutating func append(_ call: borrowing Call) throws(ArchiveError) {
        let bytes = UInt64(call.arguments.count)
        let number = Int(call.command?.rawValue ?? 0)
        figures[number].calls += 1
        figures[number].bytes += bytes
        summary.callCount += 1
        summary.argumentBytes += bytes
        group.append(call)
        try added()
    }

    /// Adds a record that is no call.
    public mutating func append(_ record: borrowing OtherRecord) throws(ArchiveError) {
        group.append(record)
        try added()
    }

    /// Writes what is left and the index, and makes the file durable under its temporary name.
    ///
    /// - Parameter isContinued: the segment was not its log's last.
    public mutating func finish(isContinued: Bool = false) throws(ArchiveError) -> ArchiveSummary {
        if !group.isEmpty { try closeGroup() }
        if figures[0].calls > 0 {
            index.figures.append(
                ArchiveFigures(
                    name: GroupText.anyName, callCount: figures[0].calls,
                    argumentBytes: figures[0].bytes))
        }
        for command in Command.allCases {
            let figure = figures[Int(command.rawValue)]
            guard figure.calls > 0 else { continue }
            index.figures.append(
                ArchiveFigures(
                    name: "\(command.name)", callCount: figure.calls, argumentBytes: figure.bytes))
        }
        try put(index.frame())
        do {
            // Known only at the segment's end; the frame has the same length.
            if isContinued {
                try file.write(ArchiveHeader.frame(page: header, isContinued: true), at: 0)
            }
            try file.sync()
        } catch {
            throw .file(error)
        }
        summary.fileBytes = UInt64(offset)
        return summary
    }

    /// Gives the finished file its name, durably. What stood there is replaced.
    public mutating func publish() throws(ArchiveError) {
        let renamed = unsafe bb_path_rename(temporaryPath, path)
        guard renamed == 0 else { throw .file(LogError(.rename, path, Int64(renamed))) }
        isPublished = true
        let folder = Paths.parent(path)
        let synced = unsafe bb_path_sync_folder(folder)
        guard synced == 0 else { throw .file(LogError(.sync, folder, Int64(synced))) }
    }

    private mutating func added() throws(ArchiveError) {
        summary.recordCount += 1
        if group.isFull { try closeGroup() }
    }

    private mutating func closeGroup() throws(ArchiveError) {
        let text = group.text(number: index.groups.count + 1)
        guard text.count < ArchiveLayout.contentLimitBytes,
            let frame = LZ4Frame.compressed(text, level: level)
        else { throw .compression(path: path) }
        index.groups.append(
            ArchiveGroup(
                fileOffset: UInt64(offset), frameBytes: UInt64(frame.count),
                contentBytes: UInt64(text.count), firstSequence: group.first,
                lastSequence: group.last, earliest: group.earliest, latest: group.latest,
                recordCount: UInt32(group.recordCount), callCount: UInt32(group.callCount),
                byteCount: UInt64(group.byteCount)))
        try put(frame)
        group = GroupEncoder()
    }

    private mutating func put(_ bytes: [UInt8]) throws(ArchiveError) {
        do {
            try file.write(bytes, at: offset)
        } catch {
            throw .file(error)
        }
        offset += bytes.count
    }
}
