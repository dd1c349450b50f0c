// The logs: who writes them, which nobody has looked after, which some output has not got.

import CPlatform
import Extension
import Replay
import Segments

extension Examination {
    /// Reading all that 20 GB of archives hold would take minutes.
    private static let readingLimitNanoseconds: UInt64 = 30_000_000_000

    private var standings: [LogStanding] {
        guard unsafe bb_path_kind(logDir) == Int32(BB_KIND_FOLDER) else { return [] }
        return ((try? LogList.find(logDir)) ?? []).map {
            LogStanding($0, logID: logID(of: $0.path), needed: [settings.neededOutput])
        }
    }

    mutating func checkLogs() {
        let logs = standings
        guard !logs.isEmpty else {
            add("logs", .ok, "none in \(logDir) yet")
            return
        }
        let total = logs.reduce(UInt64(0)) { $0 + $1.byteCount }
        add(
            "logs", .ok,
            Words.count(UInt64(logs.count), "log") + ", " + Words.bytes(total) + ", "
                + Words.count(UInt64(logs.count { $0.entry.isLive })) + " being written, "
                + Words.count(UInt64(logs.count { $0.segmentCount == 0 })) + " packed")
        checkHealth(logs)
        // A log whose server ended in order waits for nobody: the next start takes it up.
        let orphans = logs.filter {
            !$0.entry.isLive && !$0.isRecovered && !Self.isClosed($0.entry.path)
        }
        if !orphans.isEmpty {
            add(
                "orphaned logs", .warning,
                "nobody has looked after " + Self.names(orphans),
                "start the server, which does it, or run: blackbox recover " + recoverArguments)
        }
        for output in Set(logs.flatMap { $0.isRecovered ? $0.awaited : [] }).sorted() {
            let waiting = logs.filter {
                !$0.entry.isLive && $0.isRecovered && $0.awaited.contains(output)
            }
            guard !waiting.isEmpty else { continue }
            add(
                "outputs", .warning,
                "\(output) has not got " + Self.names(waiting)
                    + "; they are kept until it has",
                output == "websocket"
                    ? "run: blackbox follow --websocket CONFIGURATION LOG"
                    : "run: blackbox recover " + recoverArguments)
        }
        checkLimits(logs)
    }

    /// Reads the logs, the newest first, for as long as somebody waits for it.
    private mutating func checkHealth(_ logs: [LogStanding]) {
        let end = bb_clock_exact() + Self.readingLimitNanoseconds
        var unreadCount: UInt64 = 0
        for log in logs.reversed() where !log.entry.isLive {
            guard bb_clock_exact() < end else {
                unreadCount += 1
                continue
            }
            let path = log.entry.path
            let advice =
                "run: blackbox verify \(path), and put a copy of what is broken in its place"
            do throws(ToolFailure) {
                var source = try openLog(path)
                let meter = ProgressMeter(path, unit: "bytes", isQuiet: isQuiet)
                defer { meter.finish() }
                let checkup = LogCheckup(&source, meter: meter)
                // A torn end is what a power cut leaves; recover says so.
                guard checkup.exitCode > 10 else { continue }
                let what = checkup.lines.dropFirst().last ?? checkup.lines.first ?? ""
                add(
                    "damaged logs", .error,
                    "\(path) is damaged: " + String(what.drop { $0 == " " }), advice)
            } catch {
                add("damaged logs", .error, error.message, advice)
            }
        }
        if unreadCount > 0 {
            add(
                "damaged logs", .note,
                Words.count(unreadCount, "older log") + " not read through; blackbox verify "
                    + logDir + " reads all")
        }
    }

    /// Whether its server closed it: its last segment says that it is the last.
    private static func isClosed(_ folder: String) -> Bool {
        guard let names = try? Paths.names(in: folder),
            let last = names.last(where: { LogNames.segmentNumber($0) != nil }),
            var reader = try? LogReader(path: Paths.join(folder, last))
        else { return false }
        return reader.check().isSealed
    }

    private var recoverArguments: String {
        switch settings.storage {
        case .sqlite: "\(logDir) --sqlite \(settings.sqlitePath)"
        default: "\(logDir) --json \(settings.outputDir)"
        }
    }

    private mutating func checkLimits(_ logs: [LogStanding]) {
        let free = unsafe bb_path_free_bytes(logDir)
        let limits = TidyOptions().limits(settings)
        let plan = RetentionPlan(
            logs, limits, now: bb_clock_wall() / 1_000_000_000,
            freeBytes: free >= 0 ? UInt64(free) : nil)
        if !plan.kept.isEmpty {
            let kept = plan.kept.map { logs[$0.index] }
            add(
                "retention", .warning,
                Self.names(kept) + " would be removed by the limits, and can't be yet",
                "see the points above")
        } else if !plan.removals.isEmpty {
            let oldest = plan.removals.map { logs[$0.index] }
            add("retention", .note, "the next run of tidy removes " + Self.names(oldest))
        } else {
            add("retention", .ok, "nothing is due")
        }
    }

    private static func names(_ logs: [LogStanding]) -> String {
        let first = logs.prefix(3).map { Paths.lastComponent($0.entry.path) }
            .joined(separator: ", ")
        let rest = logs.count - 3
        return first + (rest > 0 ? " and \(rest) more" : "")
    }

    // MARK: uploads

    mutating func checkUploads() {
        guard !settings.serverURL.isEmpty else {
            add("uploads", .ok, "no server is configured: nothing leaves this machine")
            return
        }
        guard settings.storage == .json else {
            add(
                "uploads", .note,
                "replays are uploaded when storage.type is memory; it is \(settings.storageType)")
            return
        }
        let program = Paths.join(modFolder, "blackbox-net")
        guard unsafe bb_path_kind(program) == Int32(BB_KIND_FILE) else {
            add(
                "uploads", .warning,
                "api.serverUrl names \(settings.serverURL), and \(program) is not there: nothing is "
                    + "uploaded", "copy blackbox-net beside the plug-in, or upload by hand")
            return
        }
        let waiting = UploadTicket.open(in: settings.outputDir)
        if let first = waiting.first {
            add(
                "uploads", .warning,
                "not sent yet: " + Words.count(UInt64(waiting.count), "replay") + ", "
                    + first.ticket.reason, "run: blackbox upload")
        } else {
            add("uploads", .ok, "none is waiting for \(settings.serverURL)")
        }
    }
}
