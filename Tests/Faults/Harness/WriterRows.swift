// Row 12: several programs at one log.

import CPlatform
import Glibc
import Segments
import Synchronization
import WAL

extension LogSettings {
    /// Small segments and short ticks.
    static var small: LogSettings {
        var settings = LogSettings()
        settings.firstSegmentBytes = 1 << 16
        settings.segmentBytes = 1 << 16
        settings.keeperIntervalMilliseconds = 1
        settings.populateBytes = 1 << 16
        return settings
    }
}

/// Something that is done beside the test, on a thread of its own, until told to stop.
@safe
private final class Beside: @unchecked Sendable {
    // Written and read through the atomics of the platform header only.
    private let stop: UnsafeMutablePointer<UInt32>
    private var thread: UnsafeMutableRawPointer?
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
        unsafe stop = .allocate(capacity: 1)
        unsafe stop.initialize(to: 0)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe thread = bb_thread_start(
            { context in
                guard let context = unsafe context else { return }
                let me = unsafe Unmanaged<Beside>.fromOpaque(context).takeUnretainedValue()
                while unsafe bb_load_acquire_32(me.stop) == 0 { me.body() }
            }, context, "beside")
    }

    func end() {
        unsafe bb_store_release_32(stop, 1)
        if let thread = unsafe thread { unsafe bb_thread_join(thread) }
        unsafe thread = nil
    }

    deinit { unsafe stop.deallocate() }
}

/// What a reader beside a writer saw.
private final class Sightings: @unchecked Sendable {
    // Written by the reading thread alone. The test reads the count meanwhile, and takes an old one for what
    // it is; the problem only once the thread was joined.
    private let counted = Atomic<Int>(0)
    var problem: String?

    var count: Int {
        get { counted.load(ordering: .acquiring) }
        set { counted.store(newValue, ordering: .releasing) }
    }
}

extension Rows {
    /// A call of random length that carries its number.
    static func call(_ number: Int, _ random: inout Random) -> PlainCall {
        PlainCall(
            kind: 65,
            arguments: [
                Array(String(number).utf8), [UInt8](repeating: 0x61, count: random.below(200)),
            ])
    }

    static let writers = Row(12, "two writers, readers at the seal, stale locks, reused ids") {
        trial in
        let scratch = try Scratch(in: trial.settings.scratch)
        for round in 0..<trial.count(1000, fast: 6) {
            trial.guardAgainstHang()
            let root = scratch.path + "/\(round)"
            trial.check(try twoWriters(root, &trial.random), "two writers, round \(round)")
            trial.check(try readAtTheSeal(root + "/seal", &trial.random), "sealing, round \(round)")
            trial.check(try staleLock(root + "/stale"), "stale lock, round \(round)")
            if let build = trial.settings.build {
                trial.check(
                    try compactAtTheSeal(root + "/compact", build, &trial.random),
                    "compacting at the seal, round \(round)")
            }
            if let faults = trial.settings.faults {
                trial.check(
                    try twoProcesses(root + "/processes", faults), "two processes, round \(round)")
            }
            if let faults = trial.settings.faults, let build = trial.settings.build {
                trial.check(
                    try twins(root + "/twins", faults, build), "one process twice, round \(round)")
                trial.check(
                    try forkedGame(root + "/fork", faults, build), "a forked game, round \(round)")
            }
            Disk.remove(root)
        }
        if trial.settings.faults == nil || trial.settings.build == nil {
            trial.skip(
                "one process twice, a forked game: the plug-in or the program faults is not built")
        }
    }

    /// The built plug-in under two names in one process.
    private static func twins(_ root: String, _ faults: String, _ build: String) throws -> String? {
        try Paths.makeFolders(root)
        let bytes = try Disk.read(build + "/ocap_recorder_x64.so")
        for name in ["one.so", "two.so"] { try Disk.write(Paths.join(root, name), bytes) }
        try Disk.write(
            root + "/ocap_recorder.cfg.json", Array(#"{"blackbox": {"autorun": false}}"#.utf8))
        let ended = try Program.run(
            [faults, "--child", "two-plugins", root, root + "/one.so", root + "/two.so"], in: root)
        return ended.code == 0
            ? try TwinPlugins.judge(root) : "ended with \(ended.code): \(ended.tail)"
    }

    /// The built plug-in in a game that forks and is killed.
    private static func forkedGame(
        _ root: String, _ faults: String, _ build: String
    ) throws -> String? {
        try Paths.makeFolders(root)
        try Disk.write(
            root + "/ocap_recorder_x64.so", try Disk.read(build + "/ocap_recorder_x64.so"))
        try Disk.write(
            root + "/ocap_recorder.cfg.json", Array(#"{"blackbox": {"autorun": false}}"#.utf8))
        let ended = try Program.run(
            [faults, "--child", "forked-game", root, root + "/ocap_recorder_x64.so"], in: root)
        return ended.code == 128 + SIGKILL
            ? try ForkedGame.judge(root, build) : "ended with \(ended.code): \(ended.tail)"
    }

    /// Two writers of one process in one folder: a log of its own for each, also when the name is
    /// taken already (the same second, the same process id).
    private static func twoWriters(_ root: String, _ random: inout Random) throws -> String? {
        let writers = [
            try LogWriter(root: root, settings: .small),
            try LogWriter(root: root, settings: .small),
        ]
        guard writers[0].folder != writers[1].folder else { return "one folder for both" }
        guard LogList.isLive(writers[0].folder), LogList.isLive(writers[1].folder) else {
            return "a living writer's log looks dead"
        }
        var sent: [[PlainCall]] = [[], []]
        for number in 0..<(50 + random.below(100)) {
            let which = random.below(2)
            let one = call(number, &random)
            if case .kept = writers[which].append(one) { sent[which].append(one) }
        }
        for writer in writers { writer.close() }
        for (index, writer) in writers.enumerated()
        where try readBack(writer.folder) != sent[index] {
            return "writer \(index) has other calls"
        }
        return LogList.isLive(writers[0].folder) ? "a closed log looks alive" : nil
    }

    /// Two processes that begin at the same time in one folder.
    private static func twoProcesses(_ root: String, _ faults: String) throws -> String? {
        try Paths.makeFolders(root)
        let writers = try ["one", "two"].map { name in
            try Program(
                [faults, "--child", "brief-writer", root + "/logs", name], in: root,
                output: root + "/" + name)
        }
        for writer in writers {
            let ended = writer.wait()
            guard ended.code == 0 else { return "a writer ended with \(ended.code): \(ended.tail)" }
        }
        let logs = try LogList.find(root + "/logs").map(\.path)
        guard logs.count == 2 else { return "\(logs.count) logs" }
        var names: Set<[UInt8]> = []
        for log in logs {
            var reader = try LogReader(path: log)
            let verdict = reader.check().verdict
            guard verdict == .clean else { return "\(verdict)" }
            let calls = try readBack(log)
            guard let name = calls.first?.arguments.first,
                calls == BriefWriter.calls(name)
            else { return "\(calls.count) calls, others than those of one writer" }
            names.insert(name)
        }
        return names.count == 2 ? nil : "both logs are of one writer"
    }

    /// The built `blackbox compact`, again and again, at a log whose segments are sealed and cut meanwhile.
    private static func compactAtTheSeal(
        _ root: String, _ build: String, _ random: inout Random
    ) throws -> String? {
        let writer = try LogWriter(root: root, settings: .small)
        try writer.startThreads()
        let folder = writer.folder
        let seen = Sightings()
        let compacting = Beside {
            guard seen.problem == nil else { return }
            do {
                let ended = try Program.run(
                    [build + "/blackbox", "compact", folder, "--json", root + "/out"], in: root)
                if ended.code != 0 || ended.text.contains("damaged")
                    || ended.text.contains("missing")
                {
                    seen.problem = "compact ended with \(ended.code): \(ended.tail)"
                }
            } catch {
                seen.problem = "\(error)"
            }
            seen.count += 1
        }
        var sent: [PlainCall] = []
        var number = 0
        // Some segments at least, and for as long as it takes to have compacted twice.
        let limit = Trial.now() + 30
        while number < 1500 || (seen.count < 2 && Trial.now() < limit) {
            let one = call(number, &random)
            if case .kept = writer.insist(one) { sent.append(one) }
            number += 1
            if number > 1500 { bb_thread_sleep_ns(100_000) }
        }
        writer.close()
        compacting.end()
        if let problem = seen.problem { return problem }
        guard seen.count >= 2 else { return "compacted \(seen.count) times" }
        let kept = try readBack(folder)
        return kept == sent ? nil : "\(kept.count) of \(sent.count)"
    }

    /// A reader goes through the log again and again while segments are sealed and cut.
    private static func readAtTheSeal(_ root: String, _ random: inout Random) throws -> String? {
        let writer = try LogWriter(root: root, settings: .small)
        try writer.startThreads()
        let folder = writer.folder
        let seen = Sightings()
        let reading = Beside {
            guard seen.problem == nil else { return }
            do throws(LogError) {
                var reader = try LogReader(path: folder)
                var last: UInt64 = 0
                var told: [Loss] = []
                let report = reader.check { (record: borrowing Record, _) throws(Never) in
                    if record.kind == RecordKind.loss, let loss = Loss.decode(record.payload) {
                        told.append(loss)
                        last = loss.last
                    }
                    if record.sequence != last + 1 {
                        seen.problem = "\(record.sequence) behind \(last)"
                    }
                    last = record.sequence
                }
                switch report.verdict {
                case .clean, .callUnderWay: break
                default: seen.problem = "\(report.verdict)"
                }
                seen.count += 1
            } catch {
                seen.problem = error.text
            }
        }
        var sent: [PlainCall] = []
        for number in 0..<1500 {
            let one = call(number, &random)
            if case .kept = writer.insist(one) { sent.append(one) }
        }
        writer.close()
        reading.end()
        if let problem = seen.problem { return "beside the writer: \(problem)" }
        let kept = try readBack(folder)
        return kept == sent ? nil : "\(kept.count) of \(sent.count)"
    }

    /// A lock file that a dead process left blocks nobody.
    private static func staleLock(_ root: String) throws -> String? {
        let writer = try LogWriter(root: root, settings: .small)
        _ = writer.append(PlainCall(kind: 65, arguments: [[0x61]]))
        writer.stepKeeper()
        let dead = root + "/dead"
        try Disk.copy(writer.folder, to: dead)
        writer.close()
        try Disk.write(dead + "/lock", Array("1\n".utf8))
        guard !LogList.isLive(dead) else { return "a dead log looks alive" }
        do throws(LogError) {
            let recovered = try Recovery.run(dead)
            guard recovered.report.verdict == .clean else { return "\(recovered.report.verdict)" }
        } catch {
            return error.text
        }
        return nil
    }
}
