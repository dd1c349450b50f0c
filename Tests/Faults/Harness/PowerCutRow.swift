// Row 5: a model of the power cut. A real writer lives step by step; the files are looked at after each
// step, and each sync that it makes is seen. A state of the disk after a cut is then put together at random:
// of a file that was synced, its bytes then; of everything else any page, or any sector, as it was at any moment of its life.

import CPlatform
import FaultSyncs
import Segments
import WAL

/// A file at one moment.
private struct Moment {
    /// Index of its bytes among the versions of the file.
    var version: Int
    /// Index of the bytes that it had when it was synced last, −1 when it never was.
    var durable: Int
}

/// A file that the writer synced, as it was then.
private struct SyncedFile {
    var name: String
    var bytes: [UInt8]

    /// Those below a folder since the last question.
    static func take(_ folder: String) -> [SyncedFile] {
        defer { syncs_watch() }
        return (0..<syncs_count()).compactMap { index in
            let path = unsafe String(cString: syncs_path(index))
            // The folder was named relative to none, or with links on the way.
            guard path.contains("/" + Paths.lastComponent(folder) + "/") else { return nil }
            return SyncedFile(
                name: Paths.lastComponent(path),
                bytes: unsafe Array(
                    UnsafeBufferPointer(start: syncs_bytes(index), count: Int(syncs_size(index)))))
        }
    }
}

/// What each file was after each step.
private struct History {
    var names: [String] = []
    /// By file: its different contents, in order.
    var versions: [[[UInt8]]] = []
    /// By file: index of the newest content that was synced, −1 without one.
    private var durables: [Int] = []
    /// By step, by file; nil: not there.
    var steps: [[Moment?]] = []
    /// By step: the last sequence number that was durable.
    var watermarks: [UInt64] = []
    /// By step: the last sequence number that was appended.
    var lasts: [UInt64] = []

    /// Notes what the files are now; what was synced since the last step is taken from the calls that the
    /// writer made.
    mutating func note(_ folder: String, watermark: UInt64, last: UInt64) throws {
        for file in SyncedFile.take(folder) {
            let index = add(file.name, file.bytes)
            durables[index] = versions[index].count - 1
        }
        var present: [Int] = []
        for (name, bytes) in try Disk.contents(folder)
        where name.hasSuffix(".seg") || name.hasSuffix(".tail") {
            present.append(add(name, bytes))
        }
        var moments = [Moment?](repeating: nil, count: names.count)
        for index in present {
            moments[index] = Moment(version: versions[index].count - 1, durable: durables[index])
        }
        steps.append(moments)
        watermarks.append(watermark)
        lasts.append(last)
    }

    /// Index of a file that now has these bytes.
    private mutating func add(_ name: String, _ bytes: [UInt8]) -> Int {
        var index = names.firstIndex(of: name) ?? -1
        if index < 0 {
            index = names.count
            names.append(name)
            versions.append([])
            durables.append(-1)
        }
        if versions[index].last != bytes { versions[index].append(bytes) }
        return index
    }
}

extension Rows {
    static let powerCut = Row(5, "power cut: each unsynced page or sector kept, lost or torn") {
        trial in
        let scratch = try Scratch()
        let states = trial.count(1_000_000, fast: 3000)
        // Several lives, so that different switches and ticks are cut.
        let lives = trial.count(20, fast: 3)
        for life in 0..<lives {
            let root = scratch.path + "/life"
            Disk.remove(root)
            let (history, specimen) = try live(root, trial)
            let cut = Cut(history, specimen, scratch.path + "/cut-\(life)")
            for number in 0..<(states / lives) {
                trial.guardAgainstHang()
                trial.check(
                    try cut.state(&trial.random, recovers: number % 50 == 0),
                    "life \(life), state \(number), seed \(trial.seed)")
            }
        }
    }

    /// A log's life, looked at after each step.
    private static func live(_ root: String, _ trial: Trial) throws -> (History, Specimen) {
        var settings = LogSettings()
        settings.firstSegmentBytes = 1 << 16
        settings.segmentBytes = 1 << 16
        syncs_watch()
        let writer = try LogWriter(root: root, settings: settings)
        var history = History()
        var watermark: UInt64 = 0
        var last: UInt64 = 0
        var toSeal: UInt32 = 1
        var current = 1
        _ = writer.stepPreparer()
        try history.note(writer.folder, watermark: 0, last: 0)
        for _ in 0..<30 {
            for _ in 0..<(1 + trial.random.below(60)) {
                let arguments = (0..<trial.random.below(6)).map { _ in
                    trial.random.bytes(trial.random.below(60)).map { $0 == 0 ? 1 : $0 }
                }
                if case .kept(let sequence) = writer.append(
                    PlainCall(kind: 65, arguments: arguments))
                {
                    last = sequence
                }
            }
            try history.note(writer.folder, watermark: watermark, last: last)
            if trial.random.once(in: 3) { continue }
            writer.stepKeeper()
            watermark = last
            try history.note(writer.folder, watermark: watermark, last: last)
            if trial.random.once(in: 2) { continue }
            while writer.stepSealer(&toSeal) {
                try history.note(writer.folder, watermark: watermark, last: last)
            }
            _ = writer.stepPreparer()
            current += 1
            try history.note(writer.folder, watermark: watermark, last: last)
        }
        writer.close()
        return (history, try Specimen(reading: writer.folder))
    }
}

/// States of the disk after a cut.
private final class Cut {
    private let history: History
    private let specimen: Specimen
    private let folder: String

    init(_ history: History, _ specimen: Specimen, _ folder: String) {
        self.history = history
        self.specimen = specimen
        self.folder = folder
    }

    /// Makes one state and reads it. Nil when it holds.
    func state(_ random: inout Random, recovers: Bool) throws -> String? {
        let step = random.below(history.steps.count)
        Disk.remove(folder)
        try Paths.makeFolders(folder)
        // How much of what was not synced reached the disk: nearly none, some, nearly all.
        let luck = 1 + random.below(4)
        for (index, moment) in history.steps[step].enumerated() {
            guard let moment else { continue }
            let bytes = content(index, moment, step, luck, &random)
            try Disk.write(Paths.join(folder, history.names[index]), bytes)
        }
        let found = judge(step)
        if found == nil, recovers { return recovered(step) }
        return found
    }

    /// A file's bytes on the disk: synced ones for certain, others of any moment up to the next step.
    private func content(
        _ index: Int, _ moment: Moment, _ step: Int, _ luck: Int, _ random: inout Random
    ) -> [UInt8] {
        let versions = history.versions[index]
        let durable = moment.durable
        var newest = moment.version
        if step + 1 < history.steps.count, index < history.steps[step + 1].count,
            let next = history.steps[step + 1][index]
        {
            newest = next.version
        }
        var bytes =
            durable >= 0 ? versions[durable] : [UInt8](repeating: 0, count: versions[0].count)
        guard newest > durable else { return bytes }
        // The length is metadata: of any version since.
        let length = versions[max(0, durable) + random.below(newest - max(0, durable) + 1)].count
        // It is cut only behind a footer that was synced.
        if length < bytes.count { return versions[newest] }
        if bytes.count < length { bytes += [UInt8](repeating: 0, count: length - bytes.count) }
        let size = random.once(in: 3) ? 512 : 4096
        for start in stride(from: 0, to: length, by: size) where random.below(4) < luck {
            let version = versions[max(0, durable) + random.below(newest - max(0, durable) + 1)]
            let end = min(start + size, min(length, version.count))
            if start < end { bytes.replaceSubrange(start..<end, with: version[start..<end]) }
        }
        return bytes
    }

    private func judge(_ step: Int) -> String? {
        let reading = Reading(folder, specimen)
        let text = "step \(step): "
        if let error = reading.error { return text + error.text }
        if let problem = reading.problem { return text + problem }
        let kept = reading.count
        guard kept == Int(reading.last) else { return text + "a hole before \(reading.last)" }
        guard reading.last >= history.watermarks[step] else {
            return text
                + "\(reading.last) kept, \(history.watermarks[step]) durable, \(reading.verdict)"
        }
        switch reading.verdict {
        case .clean, .callUnderWay, .tornTail: return nil
        case .damaged, .foreign: return text + "\(reading.verdict)"
        }
    }

    /// After recovery the same records are there, salvage among them.
    private func recovered(_ step: Int) -> String? {
        let before = Reading(folder, specimen)
        let salvage = Reading(folder, specimen, salvage: true)
        do throws(LogError) { _ = try Recovery.run(folder) } catch {
            return "recovery: \(error.text)"
        }
        let after = Reading(folder, specimen)
        // A segment that was never used is removed, and with it a log without any record.
        if after.error != nil, salvage.count == 0 { return nil }
        guard after.problem == nil, after.seen == before.seen else {
            return "step \(step): recovery changed what is there: \(before.count), \(after.count)"
        }
        let left = Reading(folder, specimen, salvage: true)
        guard left.problem == nil, left.seen == salvage.seen else {
            return "step \(step): recovery cost salvage: \(salvage.count), \(left.count)"
        }
        return judge(step).map { "after recovery, " + $0 }
    }
}
