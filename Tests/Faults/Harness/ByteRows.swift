// Rows 1, 2 and 3: files cut, flipped, overwritten, sectors lost.

import Segments
import WAL

/// The rows, in the table's order.
public enum Rows {
    /// Every row that this version has.
    public static let all: [Row] = [
        truncation, flips, sectors, kill, powerCut, hardReset, fullDisk, changedFiles, failingCalls,
        stall, clocks, writers, chain, killedTools, restarts, payloads, fuzzing, golden, archive,
        archiveBytes,
    ]

    /// Puts a specimen into a folder of its own.
    static func place(_ specimen: Specimen, _ scratch: Scratch, _ name: String) throws -> String {
        let folder = scratch.path + "/" + name
        try specimen.write(to: folder)
        return folder
    }

    static let truncation = Row(1, "truncation at every byte of a 256 KiB log") { trial in
        let scratch = try Scratch()
        let size = trial.scale == .full ? 1 << 18 : 1 << 16
        let sealed = Specimens.sealed(seed: trial.seed, bytes: size)
        let folder = try place(sealed, scratch, "sealed")
        let judge = LogJudge(folder, sealed)
        try Victim(folder + "/000001.seg").truncations(
            trial, "sealed segment", range: 0..<sealed.segments[0].count,
            step: trial.step(size, fast: 300), judge.judge)

        let killed = Specimens.killed(seed: trial.seed)
        let dead = try place(killed, scratch, "killed")
        let open = LogJudge(dead, killed)
        try Victim(dead + "/000001.seg").truncations(
            trial, "unsealed segment", range: 0..<killed.segments[0].count,
            step: trial.step(1 << 16, fast: 100), open.judge)
        let tail = try Victim(dead + "/000001.tail")
        try tail.truncations(
            trial, "tail file", range: 0..<tail.original.count,
            step: trial.step(tail.original.count, fast: 200)
        ) { _ in judgeTail(dead, killed) }
        try cursorTruncations(trial, scratch)
    }

    static let flips = Row(2, "bits flipped and bytes overwritten in every format") { trial in
        let scratch = try Scratch()
        let sealed = Specimens.sealed(seed: trial.seed, bytes: (1 << 16) + 4096)
        let folder = try place(sealed, scratch, "sealed")
        let victim = try Victim(folder + "/000001.seg")
        let judge = LogJudge(folder, sealed)
        let end = victim.original.count
        try victim.flips(
            trial, "records", range: 4096..<(end - 64), step: trial.step(524_288, fast: 300),
            judge.judge)
        try victim.flips(
            trial, "header page", range: 0..<4096, step: trial.step(32_768, fast: 300), judge.judge)
        try victim.flips(trial, "footer", range: (end - 64)..<end, step: 1, judge.judge)
        try victim.overwrites(
            trial, "sealed segment", range: 0..<end, count: trial.count(100_000, fast: 300),
            judge.judge)
        try killedFlips(trial, scratch)
        try cursorFlips(trial, scratch)
    }

    private static func killedFlips(_ trial: Trial, _ scratch: Scratch) throws {
        let killed = Specimens.killed(seed: trial.seed)
        let folder = try place(killed, scratch, "killed")
        let open = LogJudge(folder, killed)
        let segment = try Victim(folder + "/000001.seg")
        try segment.flips(
            trial, "unsealed segment", range: 0..<segment.original.count,
            step: trial.step(1 << 19, fast: 300) * 3, open.judge)
        try segment.overwrites(
            trial, "unsealed segment", range: 0..<40_000, count: trial.count(20_000, fast: 200),
            open.judge)
        let tail = try Victim(folder + "/000001.tail")
        try tail.flips(
            trial, "tail file", range: 0..<tail.original.count,
            step: trial.step(tail.original.count * 8, fast: 300)
        ) { _ in judgeTail(folder, killed) }
        try tail.overwrites(
            trial, "tail file", range: 0..<tail.original.count,
            count: trial.count(20_000, fast: 200)
        ) { _ in judgeTail(folder, killed) }
        Disk.remove(folder + "/000001.tail")
        let alone = LogJudge(folder, killed, hasTail: false)
        try segment.flips(
            trial, "unsealed segment without tail file", range: 0..<segment.original.count,
            step: trial.step(1 << 19, fast: 300) * 3, alone.judge)
    }

    static let sectors = Row(3, "one and two sectors of the last 64 KiB zero or stale") { trial in
        let scratch = try Scratch()
        try bothSides(trial, scratch)
        let sealed = Specimens.sealed(seed: trial.seed, bytes: 80_000)
        let folder = try place(sealed, scratch, "sealed")
        let killed = Specimens.killed(seed: trial.seed, bytes: 72_000, capacity: 1 << 17)
        let dead = try place(killed, scratch, "killed")
        let lone = try place(killed, scratch, "lone")
        Disk.remove(lone + "/000001.tail")
        let stale = Specimens.stale(1 << 17, seed: trial.seed)
        for size in [512, 4096] {
            let step = trial.step(size == 512 ? 8128 : 120, fast: 60)
            for (name, before) in [("zero", []), ("stale", stale)] {
                let text = "\(size)-byte sectors \(name), "
                let end = sealed.segments[0].count
                try Victim(folder + "/000001.seg").sectors(
                    trial, text + "sealed", range: lastSectors(end, size), size: size,
                    stale: before,
                    step: step, LogJudge(folder, sealed).judge)
                let used = (killed.truth.last?.end ?? 0) + 63
                try Victim(dead + "/000001.seg").sectors(
                    trial, text + "unsealed", range: lastSectors(used, size), size: size,
                    stale: before, step: step, LogJudge(dead, killed).judge)
                try Victim(lone + "/000001.seg").sectors(
                    trial, text + "unsealed without tail file", range: lastSectors(used, size),
                    size: size, stale: before, step: step,
                    LogJudge(lone, killed, hasTail: false).judge)
                let tail = try Victim(dead + "/000001.tail")
                try tail.sectors(
                    trial, text + "tail file",
                    range: 0..<tail.original.count, size: size, stale: before, step: step
                ) { _ in judgeTail(dead, killed) }
            }
        }
    }

    /// One record is lost below the watermark (in the segment and in its tail file), and one above.
    private static func bothSides(_ trial: Trial, _ scratch: Scratch) throws {
        let killed = Specimens.killed(seed: trial.seed)
        let folder = try place(killed, scratch, "both")
        let segment = try Victim(folder + "/000001.seg")
        let tail = try Victim(folder + "/000001.tail")
        // The tail file's last entry stays whole: it says how far the watermark is.
        let below = killed.truth.filter { $0.end < killed.tailEnds[0] / 2 }
        let above = killed.truth.filter { $0.offset >= killed.tailEnds[0] }.dropLast()
        guard !below.isEmpty, !above.isEmpty else { return trial.fail("no specimen") }
        for _ in 0..<trial.count(2000, fast: 40) {
            let damaged = below[trial.random.below(below.count)]
            let torn = above[above.startIndex + trial.random.below(above.count)]
            let bytes = killed.segments[0][damaged.offset..<damaged.end]
            guard let copy = tail.original.firstRange(of: bytes) else {
                return trial.fail("record \(damaged.sequence) is not in the tail file")
            }
            func flip(_ file: Victim, _ at: Int) -> (offset: Int, bytes: [UInt8]) {
                (at, file.original[at..<(at + 16)].map { $0 ^ 0x55 })
            }
            let wound = Wound(patches: [flip(segment, damaged.offset), flip(segment, torn.offset)])
            try segment.suffer(wound, trial, "below and above the watermark") { _ in
                var problem: String?
                let twin = Wound(patches: [flip(tail, copy.lowerBound)])
                try tail.suffer(twin, trial, "the tail file, too") { _ in
                    problem = judge(folder, killed, damaged: damaged, torn: torn)
                    return problem
                }
                return problem
            }
        }
    }

    /// The damage is named and passed over; the export ends at the hole above the watermark.
    private static func judge(
        _ folder: String, _ killed: Specimen, damaged: TrueRecord, torn: TrueRecord
    ) -> String? {
        let text = "records \(damaged.sequence), \(torn.sequence): "
        let count = UInt64(killed.truth.count)
        let exported = Reading(folder, killed)
        let salvaged = Reading(folder, killed, salvage: true)
        if let problem = exported.problem ?? salvaged.problem { return text + problem }
        guard exported.lost == Set(torn.sequence...count).union([damaged.sequence]) else {
            return text + "the export lacks \(exported.lost.sorted())"
        }
        guard salvaged.lost == [damaged.sequence, torn.sequence] else {
            return text + "the salvage lacks \(salvaged.lost.sorted())"
        }
        guard exported.verdict.isDamaged, exported.reportedMissing == [damaged.sequence] else {
            return text + "\(exported.verdict)"
        }
        let report = exported.report
        return report?.lastSequence == torn.sequence - 1
            && report?.salvageable == count - torn.sequence
            ? nil
            : text + "the last is \(report?.lastSequence ?? 0), salvage \(report?.salvageable ?? 0)"
    }

    /// The sectors that hold the last 64 KiB before `end`.
    private static func lastSectors(_ end: Int, _ size: Int) -> Range<Int> {
        let first = max(0, (end - (1 << 16)) / size * size)
        return first..<end
    }

    private static func cursor(_ scratch: Scratch, _ logID: [UInt8]) throws -> String {
        let folder = scratch.path + "/cursors"
        try Paths.makeFolders(folder)
        try Cursor(name: "replay", logID: logID, sequence: 1_234_567).write(folder)
        return folder
    }

    private static func judge(_ folder: String, _ logID: [UInt8], whole: Bool) -> String? {
        let read = Cursor.read(folder, "replay", logID: logID)
        if whole { return read?.sequence == 1_234_567 ? nil : "a whole cursor was not read" }
        return read == nil ? nil : "a damaged cursor gave \(String(describing: read))"
    }

    private static func cursorTruncations(_ trial: Trial, _ scratch: Scratch) throws {
        let logID = [UInt8](repeating: 7, count: 16)
        let folder = try cursor(scratch, logID)
        let victim = try Victim(Cursor.path(folder, "replay"))
        try victim.truncations(trial, "cursor", range: 0..<victim.original.count, step: 1) { _ in
            judge(folder, logID, whole: false)
        }
        trial.check(judge(folder, logID, whole: true), "whole cursor")
    }

    private static func cursorFlips(_ trial: Trial, _ scratch: Scratch) throws {
        let logID = [UInt8](repeating: 7, count: 16)
        let folder = try cursor(scratch, logID)
        let victim = try Victim(Cursor.path(folder, "replay"))
        try victim.flips(trial, "cursor", range: 0..<victim.original.count, step: 1) { _ in
            judge(folder, logID, whole: false)
        }
        try victim.overwrites(
            trial, "cursor", range: 0..<victim.original.count, count: trial.count(10_000, fast: 200)
        ) { wound in
            judge(folder, logID, whole: wound.first(of: victim.original) == nil)
        }
    }
}
