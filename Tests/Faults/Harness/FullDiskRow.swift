// Row 7: the disk is full, at every point at which the writer asks for space. A file takes all of a small
// filesystem but so many bytes; the writer gets as far as these last, yields by priority, and goes on when
// the file is removed.

import CPlatform
import Glibc
import Segments
import WAL

extension Rows {
    static let fullDisk = Row(7, "no space at each allocation, on tmpfs and on ext4 of 24 MiB") {
        trial in
        let scratch = try Scratch(in: trial.settings.scratch)
        try useReserve(trial, scratch.path + "/reserve")
        guard trial.canMount("a full disk") else { return }
        let memory = try Mounted(
            "none", at: scratch.path + "/tmpfs", ["-t", "tmpfs", "-o", "size=24m"])
        try fill(trial, memory, "tmpfs")
        guard trial.canLoop("a full ext4") else { return }
        let image = scratch.path + "/ext4.img"
        if let why = try ImageKind.ext4.make(image, bytes: 24 << 20) { return trial.skip(why) }
        let disk = try Mounted(image, at: scratch.path + "/ext4", ["-o", "loop"])
        try fill(trial, disk, "ext4")
        try fillUnderTheGame(trial, disk, scratch.path)
    }

    /// Every amount of space that is left, in steps that meet each allocation of 64 KiB several times.
    private static func fill(_ trial: Trial, _ disk: Mounted, _ name: String) throws {
        let most = 20 * (1 << 16)
        let step = trial.scale == .full ? 1 << 14 : most / 4 - 4096
        for left in stride(from: 0, through: most, by: step) {
            trial.guardAgainstHang()
            let full = FullDisk(disk, trial.random.next())
            trial.check(
                try full.run(left: left), "\(name), \(left >> 10) KiB left, seed \(trial.seed)")
            Disk.remove(full.root)
        }
        // Full for so long that space is asked for again and again.
        trial.guardAgainstHang()
        let full = FullDisk(disk, trial.random.next())
        trial.check(
            try full.run(left: 5 << 16, fullSeconds: 4), "\(name), full for 4 s, seed \(trial.seed)"
        )
        Disk.remove(full.root)
    }

    /// The built plug-in on the same disk: the owner hears of it, the replies tell of each call that was
    /// not kept, and it goes on by itself.
    private static func fillUnderTheGame(_ trial: Trial, _ disk: Mounted, _ root: String) throws {
        let configuration = #"{"blackbox": {"autorun": false, "segmentMiB": 1}}"#
        guard
            let server = try Server(
                trial, root + "/game", calls: 1, at: disk.path, configuration: configuration)
        else { return }
        let text = String(repeating: "x", count: 300)
        let stream = (0..<1000).map { ":EVENT:CHAT:\t\($0)\t\(text)\n" }.joined()
        try Disk.write(root + "/chat.tsv", Array(stream.utf8))
        let ballast = try Ballast(disk, leaving: 5 << 20)
        trial.guardAgainstHang(seconds: 120)
        let host = try Program(
            server.hostWords(
                ["--fps", "100", "--burst", "40", "--copies", "0", "--calls", "40000", "--echo"],
                stream: root + "/chat.tsv", quiet: false),
            in: server.folder, output: root + "/output")
        // Until calls are refused, and a little on.
        let limit = Trial.now() + 60
        let refusal = Array(#"< ["error", "not recorded"#.utf8)
        while Trial.now() < limit,
            !(try Disk.end(of: root + "/output", byteCount: 8192)).has(refusal)
        {
            bb_thread_sleep_ns(50_000_000)
        }
        ballast.remove()
        let ended = host.wait(seconds: 90)
        trial.check(try judgeGame(ended, server), "the plug-in on a full ext4")
        server.clear()
    }

    private static func judgeGame(_ ended: Ended, _ server: Server) throws -> String? {
        guard ended.code == 0 else { return "the game ended with \(ended.code): \(ended.tail)" }
        var answered = 0
        var refused = 0
        var sinceRefusal = 0
        var toldAt = Int.max
        var refusedAt = Int.max
        for (index, line) in ended.output.split(separator: 0x0A).enumerated() {
            if Array(line).has(Array(":STORAGE:ERROR:".utf8)) { toldAt = min(toldAt, index) }
            if line.starts(with: "< [\"error\"".utf8) { refusedAt = min(refusedAt, index) }
            if line.starts(with: #"< ["ok""#.utf8) {
                answered += 1
                sinceRefusal += 1
            } else if line.starts(with: "< [\"error\"".utf8) {
                refused += 1
                sinceRefusal = 0
            }
        }
        guard refused > 0, sinceRefusal > 100 else {
            return "\(refused) calls were refused, \(sinceRefusal) were kept behind them"
        }
        guard toldAt < refusedAt else {
            return toldAt == Int.max ? "the addon was not told" : "the addon was told too late"
        }
        guard let log = server.logs.first else { return "no log" }
        let (calls, report) = try Server.read(log)
        guard report.verdict == .clean else { return "\(report.verdict)" }
        let lost = report.losses.reduce(0) { $0 + Int($1.count) }
        return calls.count == answered && lost == refused
            ? nil : "kept \(calls.count) of \(answered), told \(lost) of \(refused) lost"
    }
}

/// A file that takes a disk's space.
private struct Ballast {
    let path: String

    /// Leaves about that many bytes to others.
    init(_ disk: Mounted, leaving left: Int) throws {
        path = disk.path + "/ballast"
        let file = try File(path, 1 | 2 | 4)
        var size = max(0, disk.freeBytes - left)
        // The filesystem wants some of it for itself: less, until it fits.
        while size > 0, bb_file_allocate(file.handle, UInt64(size)) != 0 { size -= 4096 }
    }

    func remove() { Disk.remove(path) }
}

/// One writer on a disk that becomes full.
private final class FullDisk {
    let root: String
    private let disk: Mounted
    private var random: Random
    /// Kept calls in order, and how many of each priority were lost.
    private var kept: [PlainCall] = []
    private var lost: [UInt64] = [0, 0, 0]
    private var number = 0

    init(_ disk: Mounted, _ seed: UInt64) {
        self.disk = disk
        root = disk.path + "/logs"
        random = Random(seed: seed)
    }

    /// Nil when it holds.
    ///
    /// - Parameter fullSeconds: how long it stays full at least.
    func run(left: Int, fullSeconds: Double = 0) throws -> String? {
        let ballast = try Ballast(disk, leaving: left)
        defer { ballast.remove() }
        var settings = LogSettings.small
        settings.keeperIntervalMilliseconds = 2
        let before = disk.freeBytes
        let writer: LogWriter
        do throws(LogError) {
            writer = try LogWriter(root: root, settings: settings)
        } catch {
            return try refused(error, before, ballast, settings)
        }
        try writer.startThreads()
        waitForPreparer(writer)
        let reserve = Paths.join(writer.folder, LogNames.reserve)
        let hadReserve = unsafe access(reserve, F_OK) == 0
        // 2,400 calls at most, or 400 behind the first that was lost.
        var last = 2400
        while number < last {
            for _ in 0..<12 { append(writer) }
            if lost != [0, 0, 0], last == 2400 { last = min(last, number + 400) }
            bb_thread_sleep_ns(2_000_000)
        }
        let wasFull = lost != [0, 0, 0]
        let end = Trial.now() + (wasFull ? fullSeconds : 0)
        while Trial.now() < end {
            append(writer)
            bb_thread_sleep_ns(20_000_000)
        }
        if let problem = try rest(before) { return problem }
        if fullSeconds > 0, !hadReserve { return "no reserve was set aside" }
        ballast.remove()
        if wasFull, !resumes(writer) { return "nothing was kept after space had returned" }
        writer.close()
        return try judge(writer.folder)
    }

    /// Not even the first segment: told as what it is, nothing is left behind, and with space it works.
    private func refused(
        _ error: LogError, _ before: Int, _ ballast: Ballast, _ settings: LogSettings
    ) throws -> String? {
        guard error.number == ENOSPC else { return "refused with \(error.text)" }
        guard disk.freeBytes >= before - (48 << 10) else {
            return "refused, and \(before - disk.freeBytes) bytes are gone"
        }
        ballast.remove()
        let writer = try LogWriter(root: root, settings: settings)
        append(writer)
        writer.close()
        return try judge(writer.folder)
    }

    /// Until the preparer has what it wants, or could not get it.
    private func waitForPreparer(_ writer: LogWriter) {
        let limit = Trial.now() + 5
        let third = Paths.join(writer.folder, LogNames.segment(3))
        while Trial.now() < limit, writer.keeperState & KeeperState.noSpace == 0,
            unsafe access(third, F_OK) != 0
        {
            bb_thread_sleep_ns(1_000_000)
        }
    }

    private func append(_ writer: LogWriter) {
        let priority = Priority(rawValue: UInt32(number % 3)) ?? .event
        let call = PlainCall(
            kind: 65,
            arguments: [
                Array(String(number).utf8), [UInt8](repeating: 0x61, count: 150 + random.below(80)),
            ])
        number += 1
        switch writer.append(call, priority: priority) {
        case .kept: kept.append(call)
        default: lost[Int(priority.rawValue)] += 1
        }
    }

    /// The rest of the disk is not eaten: what is gone is in the log's folder.
    private func rest(_ before: Int) throws -> String? {
        var blocks = 0
        var tails: [UInt32: Int] = [:]
        for folder in try Paths.names(in: root) {
            for name in try Paths.names(in: Paths.join(root, folder)) {
                var facts = stat()
                let path = Paths.join(Paths.join(root, folder), name)
                guard unsafe stat(path, &facts) == 0 else { continue }
                blocks += Int(facts.st_blocks) * 512
                let size = Int(facts.st_size)
                if let (number, _) = LogNames.tailNumber(name) {
                    tails[number, default: 0] += 1
                    // What a segment holds, and what the entries add to it.
                    if size > 2 << 16 { return "\(name) has \(size) bytes" }
                }
                let isSegment = name.hasSuffix(".seg") || name == LogNames.reserve
                // A segment is whole, or it was sealed and cut.
                if isSegment, size == 0 || size > 1 << 16 { return "\(name) has \(size) bytes" }
            }
        }
        // The one that failed, and the one behind it.
        if let (number, count) = tails.first(where: { $0.value > 2 }) {
            return "segment \(number) has \(count) tail files"
        }
        let gone = before - disk.freeBytes
        return gone <= blocks + (64 << 10)
            ? nil : "\(gone) bytes are gone, the log has \(blocks) of them"
    }

    private func resumes(_ writer: LogWriter) -> Bool {
        let limit = Trial.now() + 20
        var count = 0
        while Trial.now() < limit, count < 100 {
            let before = kept.count
            append(writer)
            count = kept.count > before ? count + 1 : 0
            bb_thread_sleep_ns(200_000)
        }
        return count >= 100
    }

    /// All that was kept, in order; the losses are told as they were made, by priority.
    private func judge(_ folder: String) throws -> String? {
        let found = try Rows.readBack(folder)
        guard found == kept else { return "\(found.count) of \(kept.count) kept calls are there" }
        var reader = try LogReader(path: folder)
        let report = reader.check()
        guard report.verdict == .clean else { return "\(report.verdict)" }
        var told: [UInt64] = [0, 0, 0]
        var isOutrun = false
        for loss in report.losses {
            for (index, count) in loss.byClass.prefix(3).enumerated() { told[index] += count }
            if loss.reason == LossReason.outrun.rawValue { isOutrun = true }
        }
        guard told == lost else { return "lost \(lost), told \(told)" }
        // On a machine that is too busy the game outruns the preparer: then it is not the disk's order.
        if !isOutrun, lost[0] < lost[1] || lost[1] < lost[2] { return "lost by priority: \(lost)" }
        return nil
    }
}

extension [UInt8] {
    /// Whether these bytes stand somewhere in it.
    func has(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, count >= bytes.count else { return bytes.isEmpty }
        return indices.dropLast(bytes.count - 1).contains {
            self[$0] == first && self[$0..<($0 + bytes.count)].elementsEqual(bytes)
        }
    }
}
