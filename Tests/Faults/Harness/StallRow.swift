// Row 10: the disk stalls. A filesystem on a loop device on a file whose writes are held for a while; the
// game's calls go on as before. Shown as a ratio against the same run without the stall: a time that a
// test asserts would only measure the machine it runs on.

import CPlatform
import Glibc
import Segments

/// What the stand-in measured.
private struct Latency {
    var p50: Double
    var p999: Double
    var max: Double
    /// Writes that were held.
    var held = 0

    /// Nanoseconds as people read them.
    static func text(_ value: Double) -> String {
        value < 10_000 ? "\(Int(value)) ns" : "\(Int(value / 1000)) µs"
    }
    var text: String {
        "p50 \(Self.text(p50)), p99.9 \(Self.text(p999)), max \(Self.text(max))"
    }
}

extension Rows {
    static let stall = Row(10, "the disk holds all writes at 2,000 calls a second") { trial in
        guard let program = trial.settings.stall else {
            return trial.skip("fault-stall is not built")
        }
        guard trial.canLoop("a stalling disk") else { return }
        guard unsafe access("/dev/fuse", R_OK | W_OK) == 0 else {
            return trial.skip("no FUSE here (/dev/fuse)")
        }
        let scratch = try Scratch(in: trial.settings.scratch ?? "/var/tmp")
        // As long as the pages last that were made ready before it (a minute and a half ahead of the game),
        // a stall is felt on no filesystem.
        let short = trial.scale == .full ? 10.0 : 5.0
        try compare(trial, scratch.path, program, .ext4, "", short)
        guard trial.scale == .full else { return }
        // Behind that it is up to the filesystem whether a page can be had while its journal stands
        // still: shown here, and told in docs/durability.md.
        for (kind, options) in [(ImageKind.ext4, ""), (.ext4, "lazytime"), (.xfs, "")] {
            try compare(trial, scratch.path, program, kind, options, 60)
        }
    }

    /// The same run without and with a stall.
    private static func compare(
        _ trial: Trial, _ root: String, _ program: String, _ kind: ImageKind, _ options: String,
        _ held: Double
    ) throws {
        let name = "\(kind)\(options.isEmpty ? "" : " \(options)")"
        guard
            let free = try play(trial, root + "/free", program, kind, options, held, stalls: false),
            let stalled = try play(
                trial, root + "/held", program, kind, options, held, stalls: true)
        else { return }
        let ratio = Double(Int(stalled.p999 / Swift.max(free.p999, 1) * 100)) / 100
        trial.note("\(name), without: \(free.text)")
        trial.note(
            "\(name), \(stalled.held) writes held for \(Int(held)) s: \(stalled.text); p99.9 is \(ratio) times"
                + " that without")
        trial.check(stalled.held > 0 ? nil : "no write was held", name + ", the stall")
        // Had a call waited for the disk, it would have waited for the hold's end.
        trial.check(
            stalled.max < held * 1e9 / 2 ? nil : "a call took \(Latency.text(stalled.max))",
            name + ", no call waits for the disk")
    }

    /// One run of the stand-in on the image.
    private static func play(
        _ trial: Trial, _ root: String, _ program: String, _ kind: ImageKind, _ options: String,
        _ held: Double, stalls: Bool
    ) throws -> Latency? {
        Disk.remove(root)
        try Paths.makeFolders(root + "/fuse")
        let image = root + "/disk"
        if let why = try kind.make(image, bytes: 600 << 20) {
            trial.skip(why)
            return nil
        }
        let hold = root + "/hold"
        let stall = try Program([program, image, root + "/fuse", hold], in: root)
        var latency: Latency?
        do {
            let fuse = try Mounted(found: root + "/fuse", "image")
            defer { _ = fuse.end() }
            let disk = try Mounted(
                fuse.path + "/image", at: root + "/disk.mnt",
                ["-o", options.isEmpty ? "loop" : "loop," + options])
            defer {
                Disk.remove(hold)
                _ = disk.end()
            }
            latency = try play(trial, root, disk, hold, held, stalls: stalls)
        }
        // It ends with its mount, and tells how many writes it held.
        latency?.held =
            stall.wait(seconds: 30).text.split(separator: " ").last.flatMap {
                Int($0.filter(\.isNumber))
            } ?? 0
        return latency
    }

    private static func play(
        _ trial: Trial, _ root: String, _ disk: Mounted, _ hold: String, _ held: Double,
        stalls: Bool
    ) throws -> Latency? {
        guard
            let server = try Server(
                trial, root, calls: 5000, at: disk.path,
                configuration: #"{"blackbox": {"autorun": false}}"#)
        else { return nil }
        let result = root + "/latency.json"
        trial.guardAgainstHang(seconds: UInt32(held) + 180)
        // 2,000 calls a second, some seconds before the stall (the log keeps pages ready for the pace that
        // it has seen) and behind it.
        let words = server.hostWords([
            "--fps", "50", "--burst", "40", "--copies", "0", "--seconds", String(Int(held) + 8),
            "--json", result,
        ])
        let host = try Program(words, in: server.folder)
        let begun = Trial.now()
        while server.acked.returned < 10_000, Trial.now() < begun + 30 {
            bb_thread_sleep_ns(10_000_000)
        }
        if stalls { try Disk.write(hold, []) }
        let until = Trial.now() + held
        while Trial.now() < until { bb_thread_sleep_ns(20_000_000) }
        Disk.remove(hold)
        let ended = host.wait(seconds: 150)
        guard ended.code == 0 else {
            trial.fail("the host ended with \(ended.code): \(ended.tail)")
            return nil
        }
        let text = String(decoding: try Disk.read(result), as: UTF8.self)
        trial.check(
            try server.judgeEnd(), stalls ? "calls of the stalled run" : "calls of the free run")
        let refused = server.acked.refused
        trial.check(
            refused == 0 ? nil : "\(refused) calls were refused",
            stalls ? "no call of the stalled run is refused" : "nor one of the free run")
        return Latency(
            p50: number(text, "p50"), p999: number(text, "p99.9"), max: number(text, "max"))
    }

    /// The first number behind a key of a JSON text.
    static func number(_ text: String, _ key: String) -> Double {
        let wanted = Array(("\"" + key + "\":").utf8)
        let bytes = Array(text.utf8)
        guard bytes.count > wanted.count else { return .nan }
        for at in 0..<(bytes.count - wanted.count)
        where bytes[at] == wanted[0] && Array(bytes[at..<(at + wanted.count)]) == wanted {
            let rest = bytes[(at + wanted.count)...].drop { $0 == 0x20 }
            let digits = rest.prefix { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E || $0 == 0x65 }
            return Double(String(decoding: digits, as: UTF8.self)) ?? .nan
        }
        return .nan
    }
}
