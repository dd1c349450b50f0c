// Rows 8 and 12: files that change under the writer, and several programs at one log.

import CPlatform
import Glibc
import Segments
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
    // Used by the reading thread until it was joined, then by the test.
    var count = 0
    var problem: String?
}

extension Rows {
    private static func call(_ number: Int, _ random: inout Random) -> PlainCall {
        PlainCall(
            kind: 65,
            arguments: [
                Array(String(number).utf8), [UInt8](repeating: 0x61, count: random.below(200)),
            ])
    }

    static let changedFiles = Row(8, "files cut, deleted, replaced under the mapping") { trial in
        let scratch = try Scratch(in: trial.settings.scratch)
        for round in 0..<trial.count(1000, fast: 12) {
            trial.guardAgainstHang()
            let root = scratch.path + "/\(round)"
            trial.check(
                try changeFiles(root, round % 6, &trial.random),
                "round \(round), seed \(trial.seed)")
            Disk.remove(root)
        }
        foreignFaults(trial, scratch)
    }

    /// Calls, a change to the files, calls. Whatever happens to the calls of the files that were changed
    /// is told; the game goes on; those behind it are kept.
    private static func changeFiles(
        _ root: String, _ kind: Int, _ random: inout Random
    ) throws -> String? {
        let writer = try LogWriter(root: root, settings: .small)
        try writer.startThreads()
        var kept: [UInt64: PlainCall] = [:]
        var number = 0
        func append(_ count: Int) {
            for _ in 0..<count {
                let one = call(number, &random)
                if case .kept(let sequence) = writer.append(one) { kept[sequence] = one }
                number += 1
            }
        }
        append(random.below(600))
        let names = try Paths.names(in: writer.folder).filter { $0.hasSuffix(".seg") }
        let name = names[random.below(names.count)]
        let path = Paths.join(writer.folder, name)
        switch kind {
        case 0, 1:
            guard let file = try? File(path, 2) else { break }
            _ = bb_file_set_size(file.handle, UInt64(random.below(1 << 16)))
        case 2: Disk.remove(path)
        case 3:
            try Disk.write(path + ".new", [])
            _ = unsafe bb_path_rename(path + ".new", path)
        case 4:
            for name in try Paths.names(in: writer.folder) {
                Disk.remove(Paths.join(writer.folder, name))
            }
        default: Disk.remove(writer.folder)
        }
        append(300)
        // Now the writer has seen it.
        bb_thread_sleep_ns(3_000_000)
        append(300)
        writer.close()
        guard unsafe bb_path_kind(writer.folder) == 2,
            var reader = try? LogReader(path: writer.folder)
        else { return kind >= 2 ? nil : "the log is gone" }
        var problem: String?
        reader.forEachRecord { (record: borrowing Record, _) throws(Never) in
            guard record.isCall else { return }
            guard let one = kept[record.sequence] else {
                problem = problem ?? "record \(record.sequence) was not kept"
                return
            }
            let written: [UInt8] = one.arguments.flatMap { $0 + [0] }
            let payload = record.payload
            if payload.count != written.count
                || !payload.indices.allSatisfy({ payload[$0] == written[$0] })
            {
                problem = problem ?? "record \(record.sequence) is another one"
            }
        }
        return problem
    }

    /// A SIGBUS that is not ours does what it would do without us: it ends the process, or goes to the
    /// handler that the game had set, or is sent by somebody.
    private static func foreignFaults(_ trial: Trial, _ scratch: Scratch) {
        guard let faults = trial.settings.faults else {
            return trial.skip("the program faults is not built")
        }
        let wanted: [(String, Int32)] = [
            ("foreign-fault", 128 + SIGBUS), ("foreign-fault-handled", Child.handledCode),
            ("sent-bus-error", 128 + SIGBUS),
        ]
        for (name, code) in wanted {
            let ended = try? Program.run(
                [faults, "--child", name, scratch.path + "/" + name], in: scratch.path)
            trial.check(
                ended?.code == code ? nil : "ended with \(ended?.code ?? -1)",
                "a SIGBUS that is not ours: \(name)")
        }
        guard let build = trial.settings.build else {
            return trial.skip("the plug-in is not built")
        }
        let ended = try? Program.run(
            [faults, "--child", "unloaded", scratch.path, build + "/ocap_recorder_x64.so"],
            in: scratch.path)
        trial.check(
            ended?.code == 128 + SIGBUS ? nil : "ended with \(ended?.code ?? -1)",
            "a fork and a fault after the plug-in was unloaded")
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
            if let faults = trial.settings.faults, let build = trial.settings.build {
                trial.check(
                    try twins(root + "/twins", faults, build), "one process twice, round \(round)")
            }
            Disk.remove(root)
        }
        if trial.settings.faults == nil || trial.settings.build == nil {
            trial.skip("one process twice: the plug-in or the program faults is not built")
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
