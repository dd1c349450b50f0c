// Where recordings go, and what became of one.

import Mission
import Replay
import Segments

/// Where the recordings of a log go.
struct Outputs {
    var jsonFolder: String?
    var sqliteFile: String?
    /// PostgreSQL, which blackbox-pg writes to.
    var isPostgres = false
    var mode = Mode.standard
    var isCompressed = true
    /// The replays are to be sent to a web server.
    var isForUpload = false

    var isEmpty: Bool { jsonFolder == nil && sqliteFile == nil && !isPostgres }

    /// Notes beside a replay that it is to be sent.
    func issueTicket(
        _ report: RecordingReport, _ file: ReplayResult, _ errors: inout [String]
    ) {
        guard isForUpload else { return }
        do throws(LogError) {
            try UploadTicket(report, mode: mode).issue(for: file.path, fileBytes: file.fileBytes)
        } catch {
            errors.append(error.text + "; the replay will not be uploaded")
        }
    }
}

/// What became of one recording.
struct RecordingOutcome {
    enum Status: String {
        case ok
        case partial
        case error
    }
    var number: Int
    var status = Status.ok
    /// The replay, or the database.
    var path = ""
    /// All that was written.
    var paths: [String] = []
    var error = ""
    var report: RecordingReport?
    /// Bytes of the replay.
    var fileBytes: UInt64 = 0
    /// Where a longer replay went that this one, of a damaged log, took the place of.
    var longerKept: String?

    /// A part of the log could not be read: what was written may be short of it.
    mutating func note(_ health: LogHealth) {
        guard health.lacksPart, status == .ok else { return }
        status = .partial
        error = health.unread.joined(separator: "; ")
    }

    /// What is said of a recording while part of its log could not be read.
    static func lacking(_ error: LogError) -> String {
        error.text + "; calls from there are missing, run the command again once it can be read"
    }

    var object: JSONLine {
        var line = JSONLine()
        line.add("recording", number)
        line.add("status", status.rawValue)
        line.add("path", path)
        line.add("error", error)
        if let longerKept { line.add("longerKept", longerKept) }
        return line
    }
}
