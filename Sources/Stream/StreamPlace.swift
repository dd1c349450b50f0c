// How far the server has a log: a cursor beside the log, as every consumer has one, and a mark that says that
// somebody streams it, or has not come to its end.

import CPlatform
import Segments

/// Who streams a log, and up to where the server has it.
///
/// Invariant: `mark` stays locked as long as this lives.
struct StreamPlace: ~Copyable {
    /// The consumer's name; the type of storage in the configuration is the same word.
    static let cursorName = "websocket"
    private static let pause = Duration.seconds(1)

    let folder: String
    /// An earlier run has begun the stream and not brought it to its end.
    let isResumed: Bool
    /// Everything up to this record the server has.
    private(set) var sequence: UInt64 = 0
    private var saved: UInt64 = 0
    private var savedAt = ContinuousClock.now
    private var logID: [UInt8]?
    private let mark: File

    /// - Throws: `StreamError.busy`, `.file`.
    init(_ folder: String) throws(StreamError) {
        self.folder = folder
        isResumed = Self.isUnfinished(folder)
        mark = try Self.openMark(folder)
    }

    /// Whether a stream of this log was begun, or is owed (the plug-in makes the mark, too), and has not come
    /// to its end.
    static func isUnfinished(_ folder: String) -> Bool {
        unsafe bb_path_kind(markPath(folder)) == Int32(BB_KIND_FILE)
    }

    /// Reads the cursor once the log says what log it is.
    mutating func identify(_ logID: [UInt8]) {
        guard self.logID == nil else { return }
        self.logID = logID
        if let cursor = Cursor.read(folder, Self.cursorName, logID: logID) {
            sequence = cursor.sequence
            saved = sequence
        }
    }

    /// Kept at once, or a second later.
    mutating func advance(to sequence: UInt64, atOnce: Bool = false) throws(StreamError) {
        self.sequence = max(self.sequence, sequence)
        guard let logID, self.sequence > saved, atOnce || .now - savedAt >= Self.pause else {
            return
        }
        do throws(LogError) {
            try Cursor(name: Self.cursorName, logID: logID, sequence: self.sequence).write(folder)
        } catch {
            throw .file(error.text)
        }
        saved = self.sequence
        savedAt = .now
    }

    /// The server has the whole log.
    consuming func finish() {
        _ = unsafe bb_path_remove(Self.markPath(folder))
        _ = bb_file_unlock(mark.handle)
    }

    private static func openMark(_ folder: String) throws(StreamError) -> File {
        do throws(LogError) {
            let mark = try File(
                markPath(folder),
                UInt32(BB_OPEN_READ) | UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE))
            // A filesystem without locks gives none; two streams are the owner's doing there.
            if bb_file_lock(mark.handle, 1) != -Int32(BB_EAGAIN) { return mark }
        } catch {
            throw .file(error.text)
        }
        throw .busy(folder)
    }

    private static func markPath(_ folder: String) -> String {
        Paths.join(folder, LogNames.streamMark)
    }
}
