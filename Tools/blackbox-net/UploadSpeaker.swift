// What `blackbox upload` says: to whoever started it, and into the plug-in's log file for people.

import CPlatform
import Extension
import Segments
import Upload
import Values

/// Says what became of attempts.
struct UploadSpeaker: Sendable {
    let isJSON: Bool
    let isQuiet: Bool
    /// The log file; nil when nobody named one.
    let log: String?

    func tellHealth(_ base: String, _ trouble: String?) {
        let place = LogField("at", base)
        if let trouble {
            put(.warn, "the web server is not well", [place, LogField("reason", trouble)])
        } else {
            put(.info, "the web server is there", [place])
            if !isQuiet { NetConsole.print("\(base) is there") }
        }
    }

    func tell(_ note: UploadNote) {
        let fields = [LogField("path", note.path), LogField("attempt", String(note.attempts))]
        switch note.outcome {
        case .sent:
            put(.info, "a replay is uploaded", fields)
            say(note, "sent", "")
        case .later(let why):
            put(.warn, "a replay is not uploaded yet", fields + [LogField("reason", why)])
            say(note, "waiting", why)
        case .refused(let why):
            put(.error, "a replay can't be uploaded", fields + [LogField("reason", why)])
            say(note, "refused", why)
        case .busy: break
        }
    }

    private func say(_ note: UploadNote, _ status: String, _ error: String) {
        if isJSON {
            var line: [UInt8] = Array(#"{"path":"#.utf8)
            line.appendJSONString(note.path)
            line += Array(#","status":"#.utf8)
            line.appendJSONString(status)
            line += Array(",\"attempts\":\(note.attempts),\"error\":".utf8)
            line.appendJSONString(error)
            line.append(UInt8(ascii: "}"))
            NetConsole.print(String(decoding: line, as: UTF8.self))
        } else if !error.isEmpty {
            NetConsole.complain("\(note.path): not sent: \(error)")
        } else if !isQuiet {
            NetConsole.print("\(note.path): sent")
        }
    }

    private func put(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
        guard let log else { return }
        var bytes: [UInt8] = []
        LogLine(
            level: level, message: message, fields: fields, seconds: bb_clock_wall() / 1_000_000_000
        ).append(to: &bytes)
        // Opened for each line: the plug-in may have renamed the file meanwhile. A disk that takes no line
        // takes no complaint about it either.
        guard
            let file = try? File(
                log, UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE) | UInt32(BB_OPEN_APPEND))
        else { return }
        _ = unsafe bytes.withUnsafeBytes { buffer in
            unsafe bb_file_put(file.handle, buffer.baseAddress, UInt64(buffer.count))
        }
    }
}
