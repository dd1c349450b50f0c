// The log file for people: what the server's owner reads. Written by the courier only, so that a slow
// disk stops nobody but the courier. docs/configuration.md, "Log files".
// `blackbox tidy` adds lines of its own to it, in the same form.

import CPlatform
import Segments
import Values

/// A key and its value in a line.
package struct LogField {
    package let key: String
    package let value: String

    /// Both as they are; what a line can't hold is quoted when it is written.
    package init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// One line, before it is written.
package struct LogLine {
    let level: LogLevel
    let message: String
    let fields: [LogField]
    /// UTC seconds since 1970.
    let seconds: Int64

    /// All fields.
    package init(level: LogLevel, message: String, fields: [LogField], seconds: Int64) {
        self.level = level
        self.message = message
        self.fields = fields
        self.seconds = seconds
    }

    /// Appends the line: `time=… level=INFO msg="…" key=value`, and its end.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "time=")
        bytes.append(contentsOf: CivilTime(secondsSince1970: seconds).iso8601.utf8)
        bytes.append(contentsOf: "Z level=")
        bytes.append(contentsOf: level.word)
        bytes.append(contentsOf: " msg=")
        Self.appendQuoted(message, to: &bytes)
        for field in fields {
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: field.key.utf8)
            bytes.append(UInt8(ascii: "="))
            if Self.needsQuotes(field.value) {
                Self.appendQuoted(field.value, to: &bytes)
            } else {
                bytes.append(contentsOf: field.value.utf8)
            }
        }
        bytes.append(0x0A)
    }

    private static func needsQuotes(_ value: String) -> Bool {
        for byte in value.bytes
        where byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"")
            || byte == UInt8(ascii: "=")
        {
            return true
        }
        return value.utf8.isEmpty
    }

    /// In double quotes, with `\"`, `\\`, `\n`, `\r`, `\t` and `\x01` for what would break the line.
    private static func appendQuoted(_ value: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.bytes {
            if byte >= 0x20, byte != 0x7F {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    bytes.append(UInt8(ascii: "\\"))
                }
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case 0x0A: bytes.append(UInt8(ascii: "n"))
            case 0x0D: bytes.append(UInt8(ascii: "r"))
            case 0x09: bytes.append(UInt8(ascii: "t"))
            default:
                bytes.append(UInt8(ascii: "x"))
                bytes.append(hexDigit(byte >> 4))
                bytes.append(hexDigit(byte & 15))
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

/// The file that lines go to. Owned by one thread.
struct LogFile: ~Copyable {
    /// Path as it is told to the addon (`:SYS:DIR:LOG:`).
    let path: String
    private let limitBytes: Int64
    private var file: Int64 = -1
    private var size: Int64 = 0
    /// Lines that could not be written since the last one that could.
    private var lost = 0
    private var nextTry: UInt64 = 0

    /// Opens nothing yet: the first line does.
    init(path: String, limitBytes: Int64) {
        self.path = path
        self.limitBytes = limitBytes
    }

    deinit { if file >= 0 { bb_file_close(file) } }

    /// The path of the file that is opened at this moment, e.g.
    /// `./ocaplogs/ocap_recorder.20260308_192005.log` (local time).
    static func path(in folder: String, wall: Int64) -> String {
        let seconds = wall / 1_000_000_000
        let local = seconds + Int64(bb_clock_utc_offset(seconds))
        return Paths.join(
            folder,
            "ocap_recorder." + CivilTime(secondsSince1970: local).compact(separator: "_") + ".log")
    }

    /// Appends lines. What the disk does not take is counted, and told when it takes lines again.
    mutating func write(_ lines: [LogLine]) {
        guard !lines.isEmpty else { return }
        guard open() else {
            lost += lines.count
            return
        }
        var text: [UInt8] = []
        if lost > 0 {
            let line = LogLine(
                level: .warn, message: "lines are missing here: the disk did not take them",
                fields: [LogField("lines", String(lost))], seconds: bb_clock_wall() / 1_000_000_000)
            line.append(to: &text)
        }
        for line in lines { line.append(to: &text) }
        let count = unsafe text.withUnsafeBytes { bytes in
            unsafe bb_file_put(file, bytes.baseAddress, UInt64(bytes.count))
        }
        guard count == Int64(text.count) else {
            lost += lines.count
            close()
            return
        }
        lost = 0
        size += count
        if size >= limitBytes { rotate() }
    }

    private mutating func open() -> Bool {
        if file >= 0 { return true }
        // A failing disk is not asked for every line.
        let now = bb_clock_coarse()
        guard now >= nextTry else { return false }
        nextTry = now &+ 5_000_000_000
        do {
            try Paths.makeFolders(Paths.parent(path))
        } catch {
            return false
        }
        if lost == 0, size == 0, Files.isFile(path) { rename() }
        file = unsafe bb_file_open(
            path, UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE) | UInt32(BB_OPEN_APPEND))
        return file >= 0
    }

    /// Ends the file at its limit: it becomes `….log.old`, in place of an earlier one, and a new one
    /// is begun. So a process leaves at most twice the limit.
    private mutating func rotate() {
        close()
        rename()
        size = 0
        nextTry = 0
    }

    private mutating func close() {
        if file >= 0 { bb_file_close(file) }
        file = -1
    }

    private func rename() {
        // A failure leaves the old file in place, and lines are appended to it: nothing is lost.
        _ = unsafe bb_path_rename(path, path + ".old")
    }
}
