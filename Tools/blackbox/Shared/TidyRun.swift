// tidy: too old → gone, the rest → packed, and when that is not enough, the oldest → gone. Never a log that
// somebody writes, that `recover` has not looked after, or that an output has not got.

import CPlatform
import Extension
import Segments

/// What packing a log came to.
enum PackOutcome {
    /// This many bytes before and after.
    case packed(before: UInt64, after: UInt64)
    /// It stays as it is, for good: the reason.
    case unfit(String)
    /// Not this time: the reason.
    case failed(String)
    /// The disk has too little room for the work.
    case noRoom
}

/// One run over a folder of logs.
struct TidyRun {
    let root: String
    let needed: [String]
    let limits: RetentionLimits
    /// Say what would be done.
    let isDry: Bool
    let log: OwnerLog
    /// Packs one log; nil where logs are not packed.
    let pack: ((LogStanding) -> PackOutcome)?

    private static let lockName = ".tidy.lock"

    /// - Returns: false when something could not be done.
    func run() throws(LogError) -> Bool {
        // Nothing is written then, not even the lock.
        if isDry { return try work() }
        let lock = try File(
            Paths.join(root, Self.lockName),
            UInt32(BB_OPEN_READ) | UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE))
        // Where the filesystem has no locks, two runs at once are at their own risk.
        if bb_file_lock(lock.handle, UInt32(BB_LOCK_EXCLUSIVE)) == -Int32(BB_EAGAIN) {
            log.tell(.info, "another run of tidy is at work here", [LogField("folder", root)])
            return true
        }
        let isFine = try work()
        withExtendedLifetime(lock) {}
        return isFine
    }

    private func work() throws(LogError) -> Bool {
        tellLinks()
        var isFine = true
        if !isDry {
            isFine = try finishRemovals()
            for path in DoctorTraces.removeLeft(in: root) {
                log.tell(.info, "what a killed doctor left was removed", [LogField("path", path)])
            }
        }
        isFine = remove(try plan(onlyAge: true), tellsKept: false) && isFine
        let (isPacked, hasRoom) = try packAll()
        isFine = isPacked && isFine
        let rest = try plan(onlyAge: false)
        isFine = remove(rest, tellsKept: true) && isFine
        // What had no room before may have it now.
        if !hasRoom { isFine = try packAll().isFine && isFine }
        return isFine
    }

    private func standings() throws(LogError) -> [LogStanding] {
        try LogList.find(root)
            .filter { unsafe bb_path_kind($0.path) == Int32(BB_KIND_FOLDER) && !isLink($0.path) }
            .map { LogStanding($0, logID: logID(of: $0.path), needed: needed) }
    }

    // MARK: links

    /// Whether a folder lies elsewhere, and only a link to it in the folder of logs.
    private func isLink(_ path: String) -> Bool {
        !isSame(path, root) && LogFolder.isLink(path)
    }

    /// A log that lies elsewhere is kept there: whoever put the link sees to it.
    private func tellLinks() {
        for entry in (try? LogList.find(root)) ?? [] where isLink(entry.path) {
            log.tell(
                .warn, "a link is left alone, and so is the log that it leads to",
                [LogField("link", entry.path)])
        }
    }

    // MARK: removing

    /// What killed runs left. One folder that resists does not keep the rest from its turn.
    private func finishRemovals() throws(LogError) -> Bool {
        var isFine = true
        for path in try LogFolder.leaving(in: root) {
            do throws(LogError) {
                try LogFolder.finish(path)
            } catch {
                log.tell(
                    .warn, "an old log could not be removed",
                    [LogField("log", path), LogField("reason", error.text)])
                isFine = false
            }
        }
        return isFine
    }

    private func plan(onlyAge: Bool) throws(LogError) -> (logs: [LogStanding], plan: RetentionPlan)
    {
        let logs = try standings()
        let free = unsafe bb_path_free_bytes(root)
        let plan = RetentionPlan(
            logs, limits, now: bb_clock_wall() / 1_000_000_000,
            freeBytes: free >= 0 ? UInt64(free) : nil, onlyAge: onlyAge)
        return (logs, plan)
    }

    private func remove(
        _ planned: (logs: [LogStanding], plan: RetentionPlan), tellsKept: Bool
    ) -> Bool {
        var isFine = true
        for step in planned.plan.removals {
            let standing = planned.logs[step.index]
            let fields = [
                LogField("log", standing.entry.path), LogField("why", step.reason.text),
                LogField("size", Words.bytes(standing.byteCount)),
            ]
            if isDry {
                log.tell(.info, "an old log would be removed", fields)
                continue
            }
            // Somebody may have begun to look after it in this moment.
            guard !LogList.isLive(standing.entry.path) else { continue }
            do throws(LogError) {
                let others = try LogFolder.remove(standing.entry.path)
                log.tell(.info, "an old log was removed", fields)
                guard let first = others.first else { continue }
                log.tell(
                    .warn, "files that are none of the log's stay in its folder",
                    [LogField("folder", standing.entry.path), LogField("first", first)])
            } catch {
                log.tell(
                    .warn, "an old log could not be removed",
                    [LogField("log", standing.entry.path), LogField("reason", error.text)])
                isFine = false
            }
        }
        guard tellsKept else { return isFine }
        for step in planned.plan.kept { tellKept(planned.logs[step.index], step.reason) }
        return isFine
    }

    /// A limit asks for a log's removal, and it stays: the owner must know, because the disk fills up.
    private func tellKept(_ standing: LogStanding, _ reason: RemovalReason) {
        var fields = [LogField("log", standing.entry.path), LogField("why", reason.text)]
        if standing.isRecovered {
            var names = ""
            for name in standing.awaited { names += (names.utf8.isEmpty ? "" : " ") + name }
            fields.append(LogField("missing", names))
        } else {
            fields.append(LogField("run", "blackbox recover " + root))
        }
        log.tell(.warn, "an old log stays: an output has not got it", fields)
    }

    // MARK: packing

    private func packAll() throws(LogError) -> (isFine: Bool, hasRoom: Bool) {
        guard let pack else { return (true, true) }
        var isFine = true
        var hasRoom = true
        for standing in try standings() where standing.isDone && !standing.isPacked {
            if isDry {
                log.tell(.info, "a log would be packed", [LogField("log", standing.entry.path)])
                continue
            }
            switch pack(standing) {
            case .packed(let before, let after):
                log.tell(
                    .info, "a log was packed",
                    [
                        LogField("log", standing.entry.path), LogField("from", Words.bytes(before)),
                        LogField("to", Words.bytes(after)),
                    ])
            case .unfit(let reason):
                log.tell(
                    .warn, "a log is not packed",
                    [LogField("log", standing.entry.path), LogField("reason", reason)])
            case .failed(let reason):
                log.tell(
                    .warn, "a log could not be packed",
                    [LogField("log", standing.entry.path), LogField("reason", reason)])
                isFine = false
            case .noRoom: hasRoom = false
            }
        }
        return (isFine, hasRoom)
    }
}
