// Row 8: files that change under the writer.

import CPlatform
import Glibc
import Segments
import WAL

extension Rows {
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

    /// Calls, a change to the files, calls. What the change did not touch, what was durable before it, and
    /// what came once the writer had seen it, is there; nothing else is but what was kept.
    private static func changeFiles(
        _ root: String, _ kind: Int, _ random: inout Random
    ) throws -> String? {
        let writer = try LogWriter(root: root, settings: .small)
        try writer.startThreads()
        var kept: [UInt64: (call: PlainCall, segment: UInt32)] = [:]
        var number = 0
        func append(_ count: Int) {
            for _ in 0..<count {
                let one = call(number, &random)
                if case .kept(let sequence) = writer.append(one) {
                    kept[sequence] = (one, writer.currentSegment)
                }
                number += 1
            }
        }
        append(random.below(600))
        // Only calls switch segments: this one is the current one until the change was made.
        let current = writer.currentSegment
        let durable = try watermark(writer.folder, of: current)
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
        let hit = Set((kind < 4 ? [name] : names).compactMap { LogNames.segmentNumber($0) })
        append(300)
        // Now the writer has seen it.
        bb_thread_sleep_ns(3_000_000)
        let seen = kept.keys.max() ?? 0
        append(300)
        writer.close()
        // With its folder the whole log is gone.
        if kind == 5 { return nil }
        let found = try readBack(writer.folder, kept.mapValues { $0.call })
        if let problem = found.problem { return problem }
        let missing = kept.filter { sequence, one in
            guard !found.sequences.contains(sequence) else { return false }
            let wasDurable = kind < 4 && one.segment == current && sequence <= durable
            return sequence > seen || !hit.contains(one.segment) || wasDurable
        }
        guard let first = missing.keys.min() else { return nil }
        return "\(missing.count) kept calls are missing, from record \(first) of segment "
            + "\(missing[first]?.segment ?? 0) on; hit \(hit.sorted()), current \(current), "
            + "durable \(durable), seen \(seen)"
    }

    /// Up to which record a tail file has what is in a segment.
    private static func watermark(_ folder: String, of segment: UInt32) throws -> UInt64 {
        var reader = try LogReader(path: folder)
        return reader.check().segments.first { $0.pass.info.number == segment }?.pass.watermark ?? 0
    }

    /// Which of the kept calls are there, and what is wrong with them.
    private static func readBack(
        _ folder: String, _ kept: [UInt64: PlainCall]
    ) throws -> (sequences: Set<UInt64>, problem: String?) {
        guard var reader = try? LogReader(path: folder) else { return ([], "the log is gone") }
        var sequences: Set<UInt64> = []
        var problem: String?
        reader.forEachRecord { (record: borrowing Record, _) throws(Never) in
            guard record.isCall else { return }
            guard let one = kept[record.sequence] else {
                problem = problem ?? "record \(record.sequence) was not kept"
                return
            }
            sequences.insert(record.sequence)
            let written: [UInt8] = one.arguments.flatMap { $0 + [0] }
            let payload = record.payload
            if payload.count != written.count
                || !payload.indices.allSatisfy({ payload[$0] == written[$0] })
            {
                problem = problem ?? "record \(record.sequence) is another one"
            }
        }
        return (sequences, problem)
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
}
