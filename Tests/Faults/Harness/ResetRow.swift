// Row 6: real filesystems after a hard reset. An image is mounted and written to; a reflink copy of it,
// taken in one moment by the filesystem that holds it, is what a reset leaves. The copy is mounted (its
// journal is replayed) and read: nothing that was durable before the copy may be missing.

import CPlatform
import Glibc
import Segments
import WAL

/// Writes logs without an end, tick by tick, and tells what is durable.
enum SteadyWriter {
    /// Words of the page of notes.
    enum Note: Int {
        /// Which log is being written, 1, 2, 3 …
        case log
        /// Calls of it that are durable.
        case durable
        /// Calls of the last log that was closed.
        case before
        /// Which log that was; 0 while it is noted.
        case beforeLog
    }

    /// Call `number` of log `log`: anybody can make it again and compare.
    static func call(_ number: Int, log: Int, seed: UInt64) -> PlainCall {
        var random = Random(seed: seed &+ UInt64(log) &* 1_000_003 &+ UInt64(number))
        let arguments = (0..<random.below(5)).map { _ in
            random.bytes(random.below(90)).map { $0 == 0 ? 1 : $0 }
        }
        return PlainCall(kind: 65, arguments: [Array(String(number).utf8)] + arguments)
    }

    static func root(_ folder: String, _ log: Int) -> String { folder + "/log-\(log)" }

    /// Runs until it is killed.
    static func run(root folder: String, notes path: String, seed: UInt64) {
        var error: Int32 = 0
        guard let file = try? File(path, 1 | 2),
            let page = unsafe bb_map_file(file.handle, 4096, 1, &error)
        else { exit(1) }
        let words = unsafe page.assumingMemoryBound(to: UInt32.self)
        func note(_ note: Note, _ value: Int) {
            unsafe bb_store_release_32(words + note.rawValue, UInt32(truncatingIfNeeded: value))
        }
        var random = Random(seed: seed)
        var log = 0
        while true {
            log += 1
            guard let writer = try? LogWriter(root: root(folder, log), settings: .small) else {
                exit(3)
            }
            // In this order: whoever sees the new log never takes an old count for its own.
            note(.durable, 0)
            note(.log, log)
            var number = 0
            var toSeal: UInt32 = 1
            for _ in 0..<(10 + random.below(60)) {
                for _ in 0..<random.below(80) {
                    guard case .kept = writer.append(call(number, log: log, seed: seed)) else {
                        continue
                    }
                    number += 1
                }
                writer.stepKeeper()
                if writer.keeperState == 0 { note(.durable, number) }
                while writer.stepSealer(&toSeal) {}
                _ = writer.stepPreparer()
            }
            writer.close()
            note(.beforeLog, 0)
            note(.before, number)
            note(.beforeLog, log)
            // Gone in one step: a reset never finds half of it.
            let old = folder + "/old"
            _ = unsafe bb_path_rename(root(folder, log - 2), old)
            Disk.remove(old)
        }
    }
}

extension Rows {
    static let hardReset = Row(
        6, "ext4, xfs, btrfs after a hard reset (a reflink copy while written)"
    ) {
        trial in
        guard trial.canLoop("filesystems after a reset") else { return }
        guard let faults = trial.settings.faults else {
            return trial.skip("the program faults is not built")
        }
        let scratch = try Scratch(in: trial.settings.scratch ?? "/var/tmp")
        // A filesystem with reflinks that holds the images.
        if let why = try ImageKind.xfs.make(scratch.path + "/host", bytes: 3 << 30) {
            return trial.skip(why)
        }
        let host = try Mounted(
            scratch.path + "/host", at: scratch.path + "/images", ["-o", "loop"])
        let resets = trial.count(1000, fast: 12)
        let kinds = ImageKind.allCases
        for (index, kind) in kinds.enumerated() {
            let start = Trial.now()
            let share = resets / kinds.count + (index < resets % kinds.count ? 1 : 0)
            var worst = 0
            do {
                worst = try reset(trial, host.path, kind, times: share, faults)
            } catch let failure as MountFailure {
                trial.skip("\(kind): \(failure)")
            }
            trial.note(
                "\(kind): \(share) resets, \(Int(Trial.now() - start)) s, at most \(worst) calls lost that no "
                    + "tick had saved")
        }
    }

    /// Resets one kind of filesystem again and again while it is written to.
    private static func reset(
        _ trial: Trial, _ folder: String, _ kind: ImageKind, times: Int, _ faults: String
    ) throws -> Int {
        let image = folder + "/\(kind).img"
        if let why = try kind.make(image) {
            trial.skip(why)
            return 0
        }
        let disk = try Mounted(image, at: folder + "/\(kind)", ["-o", "loop"])
        let notes = folder + "/notes"
        try Disk.write(notes, [UInt8](repeating: 0, count: 4096))
        let seed = trial.random.next() >> 1
        let writer = try Program(
            [faults, "--child", "steady-writer", disk.path, notes, String(seed)], in: folder)
        defer {
            writer.kill()
            _ = writer.wait()
        }
        func note(_ note: SteadyWriter.Note) throws -> Int {
            try Disk.read(notes)[(note.rawValue * 4)...].prefix(4).reversed().reduce(0) {
                $0 << 8 | Int($1)
            }
        }
        var worst = 0
        for number in 0..<times {
            trial.guardAgainstHang(seconds: 120)
            bb_thread_sleep_ns(UInt64(trial.random.below(30_000_000)))
            var log = 0
            var durable = 0
            var before = 0
            repeat {
                log = try note(.log)
                durable = try note(.durable)
                before = try note(.before)
            } while try log == 0 || log != note(.log)
            let isClosedNoted = try note(.beforeLog) == log - 1
            let copy = folder + "/copy.img"
            let copied = try Program.run(
                ["/usr/bin/env", "cp", "--reflink=always", image, copy], in: folder)
            guard copied.code == 0 else {
                trial.skip("\(kind): no reflink copies: \(copied.tail)")
                return worst
            }
            let place = "\(kind), reset \(number), seed \(trial.seed)"
            let options = kind == .xfs ? "loop,nouuid" : "loop"
            let reset = try Mounted(copy, at: folder + "/copy", ["-o", options])
            defer { _ = reset.end() }
            let found = try readBack(reset.path, log: log, seed: seed)
            trial.check(found.problem(atLeast: durable), "\(place), log \(log)")
            worst = max(worst, try note(.log) == log ? try note(.durable) - found.calls : 0)
            if log > 1, isClosedNoted {
                let closed = try readBack(reset.path, log: log - 1, seed: seed)
                // It may have been removed, and the next ones begun, before the copy was made.
                if closed.isThere {
                    trial.check(closed.problem(atLeast: before), "\(place), the closed log")
                }
            }
        }
        return worst
    }

    /// What a log on a filesystem after a reset gives.
    private struct Found {
        var isThere = false
        var calls = 0
        var wrong: String?

        func problem(atLeast durable: Int) -> String? {
            if let wrong { return wrong }
            return calls < durable ? "\(durable) calls were durable, \(calls) are there" : nil
        }
    }

    private static func readBack(_ folder: String, log: Int, seed: UInt64) throws -> Found {
        var found = Found()
        guard let name = try? Paths.names(in: SteadyWriter.root(folder, log)).first else {
            return found
        }
        let path = Paths.join(SteadyWriter.root(folder, log), name)
        guard let first = try? Paths.names(in: path), first.contains(LogNames.segment(1)) else {
            return found
        }
        found.isThere = true
        do throws(LogError) {
            var reader = try LogReader(path: path)
            switch reader.check().verdict {
            case .clean, .callUnderWay, .tornTail: break
            // Just begun: the file is there, and nothing of it had reached the disk.
            case .damaged(let damages)
            where damages.count == 1 && damages[0].kind == .shortFile && damages[0].segment == 1
                && reader.segments.allSatisfy({ $0.byteCount == 0 }):
                found.isThere = false
            case let verdict: found.wrong = "\(verdict)"
            }
        } catch {
            // Nothing of the first segment had reached the disk.
            return found
        }
        for call in try readBack(path) {
            if call != SteadyWriter.call(found.calls, log: log, seed: seed) {
                found.wrong = "call \(found.calls) is another one"
                break
            }
            found.calls += 1
        }
        return found
    }
}
