// What `blackbox upload` says of each attempt: to an owner, to a script, or as lines of a log.

import Extension
import Upload
import Values

/// Says what became of attempts.
struct UploadSpeaker: Sendable {
    enum Form {
        /// Sentences.
        case text
        /// An object a line.
        case json
        /// With time and level, as the plug-in's own log file has them.
        case log
    }
    let form: Form
    let isQuiet: Bool

    func tellHealth(_ base: String, _ trouble: String?) {
        if form == .log {
            let place = LogField("at", base)
            if let trouble {
                NetLog.put(
                    .warn, "the web server is not well", [place, LogField("reason", trouble)])
            } else {
                NetLog.put(.info, "the web server is there", [place])
            }
        } else if trouble == nil, !isQuiet {
            NetConsole.print("\(base) is there")
        }
    }

    func tell(_ note: UploadNote) {
        let fields = [LogField("path", note.path), LogField("attempt", String(note.attempts))]
        switch note.outcome {
        case .sent: say(note, "sent", "", .info, "a replay is uploaded", fields)
        case .later(let why): say(note, "waiting", why, .warn, "a replay waits", fields)
        case .refused(let why):
            say(note, "refused", why, .error, "a replay can't be uploaded", fields)
        case .busy: break
        }
    }

    private func say(
        _ note: UploadNote, _ status: String, _ error: String, _ level: LogLevel, _ message: String,
        _ fields: [LogField]
    ) {
        switch form {
        case .json:
            var line: [UInt8] = Array(#"{"path":"#.utf8)
            line.appendJSONString(note.path)
            line += Array(#","status":"#.utf8)
            line.appendJSONString(status)
            line += Array(",\"attempts\":\(note.attempts),\"error\":".utf8)
            line.appendJSONString(error)
            line.append(UInt8(ascii: "}"))
            NetConsole.print(String(decoding: line, as: UTF8.self))
        case .log:
            NetLog.put(level, message, fields + (error.isEmpty ? [] : [LogField("reason", error)]))
        case .text:
            if !error.isEmpty {
                NetConsole.complain("\(note.path): not sent: \(error)")
            } else if !isQuiet {
                NetConsole.print("\(note.path): sent")
            }
        }
    }
}
