// A replay on its way to the web server: the multipart/form-data body of docs/upload.md, its fields in
// memory, the file read piece by piece as the connection takes them.

import CPlatform
import Mission
import NIOCore
import Replay
import Segments

/// A replay file, open and locked: of several programs only one sends it.
///
/// Invariant: `file` stays open as long as this lives, and is only read at offsets.
final class OpenReplay: @unchecked Sendable {  // reads at given offsets share nothing
    let path: String
    let byteCount: Int
    private let file: File

    /// - Throws: `LogError`; of operation `.lock` when another program is sending it.
    init(_ path: String) throws(LogError) {
        self.path = path
        let file = try File(path, UInt32(BB_OPEN_READ))
        let locked = bb_file_lock(file.handle, 1)
        // A filesystem without locks gives none; two senders are the owner's doing there.
        if locked == -Int32(BB_EAGAIN) { throw LogError(.lock, path, Int64(locked)) }
        byteCount = try file.size()
        self.file = file
    }

    /// Lets others send it. (The client may still hold the body of a request that was given up.)
    func unlock() { _ = bb_file_unlock(file.handle) }

    func read(limit: Int, at offset: Int) throws(LogError) -> [UInt8] {
        try file.read(limit: limit, at: offset)
    }
}

/// The body.
struct ReplayForm: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private static let pieceBytes = 128 << 10
    let boundary: String
    private let head: [UInt8]
    private let tail: [UInt8]
    private let replay: OpenReplay

    /// - Parameter ticket: what the fields say.
    init(_ replay: OpenReplay, _ ticket: UploadTicket, secret: String) {
        self.replay = replay
        let boundary =
            "blackbox-" + String(UInt64.random(in: 0...UInt64.max), radix: 16)
            + String(UInt64.random(in: 0...UInt64.max), radix: 16)
        self.boundary = boundary
        let name = Paths.lastComponent(replay.path)
        var text = ""
        func field(_ key: String, _ value: String) {
            text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(key)\"\r\n\r\n"
            text += value + "\r\n"
        }
        field("secret", secret)
        field("filename", name)
        field("worldName", ticket.worldName)
        field("missionName", ticket.missionName)
        field("missionDuration", ticket.missionDuration)
        field("tag", ticket.tag)
        if let focus = ticket.focus {
            field("focusStart", "\(focus.start)")
            field("focusEnd", "\(focus.end)")
        }
        text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
        text += Self.quoted(name) + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        head = Array(text.utf8)
        tail = Array("\r\n--\(boundary)--\r\n".utf8)
    }

    /// Bytes of all of it.
    var byteCount: Int { head.count + replay.byteCount + tail.count }

    /// A file's name between quotes, as servers written in Go read it.
    private static func quoted(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case "\r", "\n": text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        private enum Part {
            case head
            case file(offset: Int)
            case end
        }
        private let form: ReplayForm
        private var part = Part.head

        init(_ form: ReplayForm) { self.form = form }

        mutating func next() async throws -> ByteBuffer? {
            switch part {
            case .head:
                part = .file(offset: 0)
                return ByteBuffer(bytes: form.head)
            case .file(let offset):
                let left = form.replay.byteCount - offset
                guard left > 0 else {
                    part = .end
                    return ByteBuffer(bytes: form.tail)
                }
                let piece = try form.replay.read(
                    limit: Swift.min(left, ReplayForm.pieceBytes), at: offset)
                // A file that was cut short meanwhile: the length was promised, so nothing is sent.
                guard !piece.isEmpty else { throw LogError(.read, form.replay.path, -5) }
                part = .file(offset: offset + piece.count)
                return ByteBuffer(bytes: piece)
            case .end: return nil
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}
