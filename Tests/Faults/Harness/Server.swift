// A game server for one case: a folder with the plug-in, a stream of calls, the stand-in for the game.

import CPlatform
import Glibc
import Segments
import WAL

/// A call of a stream, and as it comes back from a log.
struct StreamCall: Equatable {
    var name: [UInt8]
    var arguments: [[UInt8]]
}

/// Folders and programs of one server.
final class Server {
    let root: String
    let folder: String
    private let mod: String
    private let build: String
    private let stream: String
    /// The calls of its stream, in order.
    let calls: [StreamCall]

    /// Nil when what it needs was not built. Logs are written below `place`, else below `root`.
    init?(
        _ trial: Trial, _ root: String, calls count: Int, at place: String? = nil,
        configuration: String? = nil, autorun: Bool = false
    ) throws {
        guard let build = trial.settings.build,
            unsafe access(build + "/armahost", X_OK) == 0,
            unsafe access(build + "/ocap_recorder_x64.so", R_OK) == 0,
            unsafe access(build + "/blackbox", X_OK) == 0
        else {
            trial.skip("the plug-in and its tools are not built (Tools/build plugin tools)")
            return nil
        }
        self.build = build
        self.root = root
        folder = (place ?? root) + "/server"
        mod = root + "/mod"
        stream = root + "/stream.tsv"
        try Paths.makeFolders(folder)
        try Paths.makeFolders(mod)
        try Disk.write(
            mod + "/ocap_recorder_x64.so", try Disk.read(build + "/ocap_recorder_x64.so"))
        let text =
            configuration ?? #"{"blackbox": {"autorun": \#(autorun), "keeperIntervalMs": 10}}"#
        try Disk.write(mod + "/ocap_recorder.cfg.json", Array(text.utf8))
        if autorun { _ = unsafe symlink(build + "/blackbox", mod + "/blackbox") }
        calls = Self.make(count, &trial.random)
        try Disk.write(stream, Self.text(calls))
    }

    private static func make(_ count: Int, _ random: inout Random) -> [StreamCall] {
        let names = [":SOLDIER:STATE:", ":VEHICLE:STATE:", ":EVENT:CHAT:", ":NO:SUCH:NAME:"]
        return (0..<count).map { number in
            let arguments = (0..<random.below(8)).map { _ in
                (0..<random.below(60)).map { _ in UInt8(33 + random.below(90)) }.filter {
                    $0 != 0x5C
                }
            }
            return StreamCall(
                name: Array(names[random.below(names.count)].utf8),
                arguments: [Array(String(number).utf8)] + arguments)
        }
    }

    private static func text(_ calls: [StreamCall]) -> [UInt8] {
        var bytes: [UInt8] = []
        for call in calls {
            bytes += call.name
            for argument in call.arguments {
                bytes.append(9)
                bytes += argument
            }
            bytes.append(10)
        }
        return bytes
    }

    /// Words that start the stand-in.
    func hostWords(
        _ options: [String], stream file: String? = nil, quiet: Bool = true
    ) -> [String] {
        [
            build + "/armahost", mod + "/ocap_recorder_x64.so", file ?? stream, "--acked",
            root + "/acked",
        ] + (quiet ? ["--quiet"] : []) + options
    }

    /// Plays the stream.
    func play(_ options: [String], seconds: Double = 60, environment: [String] = []) throws -> Ended
    {
        Disk.remove(root + "/acked")
        return try Program.run(
            hostWords(options), in: folder, seconds: seconds, environment: environment)
    }

    /// Plays another stream file.
    func play(
        stream file: String, _ options: [String], seconds: Double = 60, environment: [String] = []
    ) throws -> Ended {
        Disk.remove(root + "/acked")
        return try Program.run(
            hostWords(options, stream: file), in: folder, seconds: seconds,
            environment: environment)
    }

    func blackbox(_ words: [String], seconds: Double = 60) throws -> Ended {
        try Program.run([build + "/blackbox"] + words, in: folder, seconds: seconds)
    }

    /// Calls returned, calls begun, and how many of those that returned were refused, as the stand-in
    /// noted them.
    var acked: (returned: Int, begun: Int, refused: Int) {
        let bytes = (try? Disk.read(root + "/acked")) ?? []
        guard bytes.count == 24 else { return (0, 0, 0) }
        func word(_ at: Int) -> Int {
            (0..<8).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        return (word(0), word(8), word(16))
    }

    var logs: [String] { (try? LogList.find(folder + "/blackbox-logs"))?.map(\.path) ?? [] }

    /// Forgets what was recorded.
    func clear() {
        Disk.remove(folder)
        try? Paths.makeFolders(folder)
    }

    /// Calls of a stream file (docs/formats/stream.md).
    static func calls(ofStream path: String) throws -> [StreamCall] {
        try Disk.read(path).split(separator: 0x0A).compactMap { line in
            // With a mark in front: the string form.
            let call = line.first == UInt8(ascii: "!") ? line.dropFirst() : line
            guard call.first == UInt8(ascii: ":") else { return nil }
            let fields = call.split(separator: 9, omittingEmptySubsequences: false).map(unescaped)
            return StreamCall(name: fields[0], arguments: Array(fields.dropFirst()))
        }
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var isEscaped = false
        for byte in field {
            if isEscaped {
                switch byte {
                case UInt8(ascii: "t"): text.append(9)
                case UInt8(ascii: "n"): text.append(10)
                case UInt8(ascii: "r"): text.append(13)
                default: text.append(byte)
                }
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = true
            } else {
                text.append(byte)
            }
        }
        return text
    }

    /// Calls of a log.
    static func read(_ log: String) throws -> (calls: [StreamCall], report: LogReport) {
        var reader = try LogReader(path: log)
        var calls: [StreamCall] = []
        reader.forEachCall(in: 0...UInt64.max) { (call: borrowing Call) throws(Never) in
            var fields: [[UInt8]] = [[]]
            for index in call.arguments.indices {
                if call.arguments[index] == 0 {
                    fields.append([])
                } else {
                    fields[fields.count - 1].append(call.arguments[index])
                }
            }
            fields.removeLast()
            let name = call.name
            calls.append(StreamCall(name: name.indices.map { name[$0] }, arguments: fields))
        }
        return (calls, reader.check())
    }

    /// Nil when the one log holds every call of a run that came to its end.
    func judgeEnd() throws -> String? {
        let acked = self.acked
        return acked.returned == acked.begun && acked.returned > 0
            ? try judgeKill() : "\(acked.returned) of \(acked.begun) calls returned"
    }

    /// Whether the first segment, which is ready before the first call, has no room left: only then can a game
    /// outrun what is made ready behind it.
    private static func isFirstSegmentFull(_ report: LogReport) -> Bool {
        let used = report.segments.filter { $0.pass.findings != nil }
        guard used.count == 1, let findings = used.first?.pass.findings else { return true }
        return findings.end + (1 << 16) > report.byteCount
    }

    /// Nil when the one log holds every call that returned, in order, and at most the one under way. Calls
    /// that were refused (the game outran a machine that had no processor to spare) said so in their reply.
    func judgeKill() throws -> String? {
        let acked = self.acked
        let logs = self.logs
        if logs.isEmpty, acked.returned == 0 { return nil }
        guard logs.count == 1 else { return "\(logs.count) logs" }
        let (kept, report) = try Self.read(logs[0])
        switch report.verdict {
        case .clean, .callUnderWay: break
        default: return "\(report.verdict)"
        }
        if acked.refused > 0, !Self.isFirstSegmentFull(report) {
            return "\(acked.refused) calls were refused while there was room"
        }
        guard kept.count >= acked.returned - acked.refused,
            kept.count <= acked.begun - acked.refused
        else {
            return
                "\(acked.returned) returned (\(acked.refused) refused), \(acked.begun) begun, \(kept.count) kept"
        }
        var at = 0
        for (index, call) in kept.enumerated() {
            while at < acked.begun, call != calls[at % calls.count] { at += 1 }
            at += 1
            guard at <= acked.begun else { return "call \(index) is another one" }
        }
        return nil
    }
}
