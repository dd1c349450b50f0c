// How far a consumer of a log has come: a small file beside the segments. Export, upload, follow,
// archive and the outbox all use this one type; a damaged or missing cursor means "from the start",
// which every consumer must be able to repeat.

import CPlatform
import Values

/// A consumer's durable position in a log.
public struct Cursor: Equatable, Sendable {
    /// The consumer: letters, digits, `-`, `_`, `.`; also the file's name.
    public var name: String
    /// 16 bytes; a cursor of another log (a folder that was copied over) counts for nothing.
    public var logID: [UInt8]
    /// Everything up to here is done.
    public var sequence: UInt64

    /// All fields.
    public init(name: String, logID: [UInt8], sequence: UInt64) {
        self.name = name
        self.logID = logID
        self.sequence = sequence
    }

    /// `<folder>/<name>.cursor`
    public static func path(_ folder: String, _ name: String) -> String {
        Paths.join(folder, name + ".cursor")
    }

    /// One line: `blackbox cursor 1 <log id> <sequence> <CRC-32C of all before>`.
    var line: [UInt8] {
        var text = Array("blackbox cursor 1 ".utf8)
        for byte in logID { text += Hex.text(UInt64(byte), digits: 2) }
        text += Array((" " + String(sequence) + " ").utf8)
        text += Hex.text(UInt64(Hex.crc(text)), digits: 8)
        text.append(0x0A)
        return text
    }

    /// Reads a consumer's cursor; nil when there is none, or when it is damaged or another log's.
    public static func read(_ folder: String, _ name: String, logID: [UInt8]) -> Cursor? {
        guard let file = try? File(path(folder, name), 1), let bytes = try? file.read(limit: 256)
        else { return nil }
        let fields = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
        guard fields.count == 6 else { return nil }
        var sequence: UInt64 = 0
        for byte in fields[4] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            let (product, over) = sequence.multipliedReportingOverflow(by: 10)
            let (sum, again) = product.addingReportingOverflow(UInt64(byte - 0x30))
            guard !over, !again else { return nil }
            sequence = sum
        }
        let cursor = Cursor(name: name, logID: logID, sequence: sequence)
        // The same bytes again, or it is not this log's, or not whole.
        return cursor.line == bytes ? cursor : nil
    }

    /// Writes the cursor durably: beside, synced, renamed, folder synced.
    ///
    /// - Throws: `LogError`; the old cursor stands then.
    public func write(_ folder: String) throws(LogError) {
        try Paths.replace(Self.path(folder, name), with: line)
    }
}

/// Hexadecimal text.
enum Hex {
    static func text(_ value: UInt64, digits: Int) -> [UInt8] {
        let signs = Array("0123456789abcdef".utf8)
        return (0..<digits).reversed().map { signs[Int(value >> UInt64($0 * 4) & 15)] }
    }

    static func crc(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes {
            unsafe bb_crc32c(0xFFFF_FFFF, $0.baseAddress, UInt64($0.count))
        }
    }
}

extension Paths {
    /// Puts a small file in place of what stands at `path`, durably: written beside, synced, renamed,
    /// the folder synced.
    ///
    /// - Throws: `LogError`; what stood there stands then.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(LogError) {
        let beside = path + ".new-" + String(bb_process_id())
        do throws(LogError) {
            let file = try File(beside, 2 | 4 | 16)
            try file.write(bytes, at: 0)
            try file.sync()
        } catch {
            _ = unsafe bb_path_remove(beside)
            throw error
        }
        let renamed = unsafe bb_path_rename(beside, path)
        guard renamed == 0 else {
            _ = unsafe bb_path_remove(beside)
            throw LogError(.rename, path, Int64(renamed))
        }
        let synced = unsafe bb_path_sync_folder(parent(path))
        guard synced == 0 else { throw LogError(.sync, parent(path), Int64(synced)) }
    }
}
