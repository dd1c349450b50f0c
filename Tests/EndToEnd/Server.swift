// A game server's folders for one test: the mod folder with the plug-in in it, and the working
// directory in which logs and recordings appear. Removed with the value.

import Foundation
import Testing

final class Server: Sendable {
    let root: URL
    let mod: URL
    let folder: URL

    var logs: URL { folder.appending(path: "blackbox-logs") }
    var recordings: URL { folder.appending(path: "recordings") }

    /// `compactor` false leaves the program out of the mod folder; `parent` is where it all lies.
    init(
        configuration: String? = nil, compactor: Bool = true,
        parent: URL = FileManager.default.temporaryDirectory
    ) throws {
        root = parent.appending(
            path: "blackbox test é \(UUID().uuidString)", directoryHint: .isDirectory)
        mod = root.appending(path: "@ocap", directoryHint: .isDirectory)
        folder = root.appending(path: "server", directoryHint: .isDirectory)
        for folder in [mod, folder] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            at: Built.plugin, to: mod.appending(path: Built.plugin.lastPathComponent))
        if compactor {
            try FileManager.default.createSymbolicLink(
                at: mod.appending(path: "blackbox"), withDestinationURL: Built.blackbox)
        }
        if let configuration {
            try configuration.write(
                to: mod.appending(path: "ocap_recorder.cfg.json"), atomically: true, encoding: .utf8
            )
        }
    }

    deinit {
        // Sealed segments are read-only files, which does not keep them from being removed.
        try? FileManager.default.removeItem(at: root)
    }

    /// Runs the stand-in for the game with a stream file, or with nothing but options.
    @discardableResult
    func play(_ stream: URL?, _ options: [String] = []) throws -> Ran {
        let plugin = mod.appending(path: Built.plugin.lastPathComponent).path
        let arguments = [plugin] + (stream.map { [$0.path] } ?? []) + options
        return try run(Built.armahost, arguments, in: folder)
    }

    /// A stream of these lines (docs/formats/stream.md).
    func stream(_ lines: [String]) throws -> URL {
        try stream(Data(lines.joined(separator: "\n").utf8 + [0x0A]))
    }

    func stream(_ bytes: Data) throws -> URL {
        let file = root.appending(path: "stream-\(UUID().uuidString).tsv")
        try bytes.write(to: file)
        return file
    }

    /// A generated mission, and what it holds.
    func mission(_ options: [String]) throws -> (stream: URL, summary: GeneratedSummary) {
        let file = root.appending(path: "mission.tsv")
        let summary = root.appending(path: "mission.json")
        let ran = try run(
            Built.generator, options + ["--output", file.path, "--summary", summary.path], in: root)
        guard ran.code == 0 else { throw TestFailure("generate-mission: \(ran.errors)") }
        let data = try Data(contentsOf: summary)
        return (file, try JSONDecoder().decode(GeneratedSummary.self, from: data))
    }

    @discardableResult
    func blackbox(_ arguments: [String]) throws -> Ran {
        try run(Built.blackbox, arguments, in: folder)
    }

    /// Runs `blackbox` as somebody who is not root, for whom permissions count.
    func blackboxAsNobody(_ arguments: [String]) throws -> Ran {
        guard geteuid() == 0 else { return try blackbox(arguments) }
        // Where the build lies, nobody else may have a way to it.
        let program = root.appending(path: "blackbox")
        if !FileManager.default.fileExists(atPath: program.path) {
            try FileManager.default.copyItem(at: Built.blackbox, to: program)
        }
        chmod(folder.path, 0o777)
        let words = ["--reuid=65534", "--regid=65534", "--clear-groups", program.path]
        return try runTool("setpriv", words + arguments, in: folder)
    }

    /// The folders of the logs, oldest first.
    func logFolders() throws -> [URL] {
        guard FileManager.default.fileExists(atPath: logs.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(
            at: logs, includingPropertiesForKeys: nil
        )
        .filter { $0.hasDirectoryPath }.sorted { $0.path < $1.path }
    }

    /// Every call in the logs, through `blackbox dump`.
    func loggedCalls() throws -> [LoggedCall] {
        let dumped = try blackbox(["dump"] + (try logFolders()).map(\.path) + ["--json"])
        guard dumped.code == 0 || dumped.code == 10 else {
            throw TestFailure("dump ended with \(dumped.code): \(dumped.errors)")
        }
        let decoder = JSONDecoder()
        return try dumped.output.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let record = try decoder.decode(DumpedRecord.self, from: Data(line))
            return record.kind == "call" ? LoggedCall(record) : nil
        }
    }

    /// The replays in the folder of recordings, by name.
    func replays() throws -> [URL] {
        guard FileManager.default.fileExists(atPath: recordings.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(
            at: recordings, includingPropertiesForKeys: nil
        ).filter { $0.lastPathComponent.hasSuffix(".json.gz") }.sorted { $0.path < $1.path }
    }
}

/// The numbers that `--acked` keeps.
func ackedCalls(_ file: URL) throws -> (returned: UInt64, begun: UInt64, refused: UInt64) {
    let bytes = [UInt8](try Data(contentsOf: file))
    guard bytes.count == 24 else { throw TestFailure("\(file.path): \(bytes.count) bytes, not 24") }
    func word(_ at: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
    }
    return (word(0), word(8), word(16))
}

/// What is wrong with the calls that a kill left, nil when nothing is: every call that returned is there,
/// in order, and at most the one under way. `stream` is played again and again. A machine without a
/// processor to spare may refuse calls; those said so in their reply.
func problem(
    of kept: [LoggedCall], after acked: (returned: UInt64, begun: UInt64, refused: UInt64),
    of stream: URL
) throws -> String? {
    let (returned, begun, refused) = (Int(acked.returned), Int(acked.begun), Int(acked.refused))
    guard (returned - refused...begun - refused).contains(kept.count) else {
        return "\(returned) returned, \(refused) refused, \(begun) begun, \(kept.count) kept"
    }
    let wanted = LoggedCall.of(stream: try Data(contentsOf: stream))
    var at = 0
    for call in kept {
        while at < begun, call != wanted[at % wanted.count] { at += 1 }
        at += 1
    }
    return at <= begun ? nil : "another call, or another order"
}

/// One line of `blackbox dump --json`.
struct DumpedRecord: Decodable {
    let sequence: UInt64
    let kind: String
    let command: String?
    let arguments: [String]?
    let argumentsHex: [String]?
    let form: String?
}

/// One call, as it stands in a log or in a stream: texts as bytes, because they may be no UTF-8.
struct LoggedCall: Equatable, CustomStringConvertible {
    let isText: Bool
    let name: String
    let arguments: [[UInt8]]

    init(isText: Bool, name: String, arguments: [[UInt8]]) {
        self.isText = isText
        self.name = name
        self.arguments = arguments
    }

    init(_ record: DumpedRecord) {
        isText = record.form == "string"
        name = record.command ?? ""
        if let hex = record.argumentsHex {
            arguments = hex.map(bytes(ofHex:))
        } else {
            arguments = (record.arguments ?? []).map { Array($0.utf8) }
        }
    }

    /// The calls of a stream file, unescaped.
    static func of(stream: Data) -> [LoggedCall] {
        stream.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "@")
            else {
                return nil
            }
            let isText = first == UInt8(ascii: "!")
            let fields = (isText ? line.dropFirst() : line)
                .split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                .map { unescaped($0) }
            return LoggedCall(
                isText: isText, name: String(decoding: fields[0], as: UTF8.self),
                arguments: Array(fields.dropFirst()))
        }
    }

    var description: String {
        (isText ? "!" : "") + name
            + arguments.map { "\t" + String(decoding: $0, as: UTF8.self) }.joined()
    }
}

private func unescaped(_ field: Data.SubSequence) -> [UInt8] {
    var result: [UInt8] = []
    var isEscape = false
    for byte in field {
        if isEscape {
            let plain: [UInt8: UInt8] = [
                UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
            ]
            result.append(plain[byte] ?? byte)
            isEscape = false
        } else if byte == UInt8(ascii: "\\") {
            isEscape = true
        } else {
            result.append(byte)
        }
    }
    return result
}

private func bytes(ofHex text: String) -> [UInt8] {
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { at in
        UInt8(String(decoding: digits[at...at + 1], as: UTF8.self), radix: 16)
    }
}

/// Takes away the second half of a log's first segment, as a copy that broke off does.
func cutInHalf(_ log: URL) throws {
    let file = log.appending(path: "000001.seg")
    chmod(file.path, 0o644)
    let bytes = try written(file)
    try bytes.prefix(bytes.count / 2).write(to: file)
}

/// The bytes of a segment as far as it was written: while somebody reads it, it is closed without being cut
/// to its length.
func written(_ segment: URL) throws -> Data {
    let bytes = try Data(contentsOf: segment)
    return bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1)
}

/// Unpacks a gzip file.
func unpacked(_ file: URL) throws -> Data {
    let ran = try runTool("gzip", ["-dc", file.path], in: file.deletingLastPathComponent())
    guard ran.code == 0 else { throw TestFailure("gzip -dc \(file.path): \(ran.errors)") }
    return ran.output
}
