// What no addon sends, and what must come back: an exact error or a cut at a character's boundary,
// never a trap, and never a call that is not in the log.

import Foundation
import Testing

@Suite(.needsBuild) struct BadInputTests {
    /// Calls and replies of a run with --echo, in order.
    private func replies(_ ran: Ran) -> [String] {
        ran.output.split(separator: UInt8(ascii: "\n"))
            .filter { $0.starts(with: Array("< ".utf8)) }
            .map { String(decoding: $0.dropFirst(2), as: UTF8.self) }
    }

    @Test func unknownCommandsAreNamedInTheReply() throws {
        let server = try Server(compactor: false)
        let ran = try server.play(
            try server.stream([":NO:SUCH:\t1", "!:NO:SUCH:TEXT:", "hello", ":FPS:\t12", "!"]),
            ["--echo"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(
            replies(ran) == [
                #"["error", "no handler registered for :NO:SUCH:"]"#,
                #"["error", "no handler registered for :NO:SUCH:TEXT:"]"#,
                #"["error", "no handler registered for hello"]"#,
                #"["error", "no handler registered for :FPS:"]"#,
                #"["error", "no handler registered for "]"#,
            ])
        #expect(try server.loggedCalls().count == 5)
    }

    @Test func quotesInARepliedNameAreDoubled() throws {
        let server = try Server(compactor: false)
        let ran = try server.play(try server.stream([#":A"B:"#]), ["--echo"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(replies(ran) == [#"["error", "no handler registered for :A""B:"]"#])
    }

    /// A queued command answers before it is looked at; whatever came is in the log.
    @Test func malformedArgumentsOfQueuedCommandsAreKept() throws {
        let lines = [
            ":SOLDIER:STATE:", ":SOLDIER:STATE:\tx", ":EVENT:KILL:\t1\t2",
            ":EVENT:PROJECTILE:\tnan\tinf\t-1\t[[[[", ":MARKER:DELETE:\t\"\t\"\"\"",
            ":TELEMETRY:FRAME:\t1\t[\t]\t\t\t\t", ":EVENT:GENERAL:\t1e+99\t\"a\"\t\"b\"\t\"{\"",
        ]
        let server = try Server()
        let ran = try server.play(try server.stream(lines), ["--echo"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(replies(ran) == lines.map { _ in #"["ok", "queued"]"# })
        let wanted = LoggedCall.of(stream: Data(lines.joined(separator: "\n").utf8))
        #expect(try server.loggedCalls() == wanted)
        // What can't be decoded is listed, and is no fault of the log.
        let verified = try server.blackbox(
            ["verify", "--decode"] + (try server.logFolders()).map(\.path))
        #expect(verified.code == 0, "\(verified.text)\(verified.errors)")
    }

    @Test func argumentsThatAreNotUTF8AreKeptAsTheyAre() throws {
        let server = try Server(compactor: false)
        var stream = Data(":SYS:LOG:\t\"a".utf8)
        stream.append(contentsOf: [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80])
        stream.append(contentsOf: Array("\"\n:X".utf8) + [0xE2, 0x82] + Array("\t1\n".utf8))
        let ran = try server.play(try server.stream(stream), ["--echo"])
        #expect(ran.code == 0, "\(ran.errors)")
        let logged = try server.loggedCalls()
        try #require(logged.count == 2)
        #expect(
            logged[0].arguments == [
                Array("\"a".utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, UInt8(ascii: "\"")]
            ])
        #expect(logged[1].arguments == [[UInt8(ascii: "1")]])
    }

    @Test func aCallOf2048ArgumentsIsKeptWhole() throws {
        let server = try Server(compactor: false)
        let line = ":SYS:LOG:" + (0..<2_048).map { "\t\($0)" }.joined()
        let ran = try server.play(try server.stream([line]), ["--echo"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(replies(ran) == [#"["ok"]"#])
        #expect(try server.loggedCalls() == LoggedCall.of(stream: Data(line.utf8)))
    }

    @Test(arguments: [":SYS:LOG:", ":EVENT:CHAT:", ":NO:SUCH:COMMAND:"])
    func aCallThatNoSegmentCanHoldIsRefusedAndToldInTheLog(command: String) throws {
        let server = try Server(
            configuration: #"{"blackbox": {"segmentMiB": 4}}"#, compactor: false)
        let long = String(repeating: "x", count: 6 << 20)
        let ran = try server.play(
            try server.stream([command + "\t\"" + long + "\"", ":SYS:VERSION:"]), ["--echo"])
        #expect(ran.code == 0, "\(ran.errors.prefix(500))")
        #expect(replies(ran).first?.hasPrefix(#"["error", "not recorded: "#) == true)
        let dumped = try server.blackbox(
            ["dump"] + (try server.logFolders()).map(\.path) + ["--json"])
        #expect(dumped.text.contains(#""kind":"loss""#))
        #expect(try server.loggedCalls().map(\.name) == [":SYS:VERSION:"])
    }

    @Test(arguments: [1 << 20, 5 << 20])
    func anArgumentOfMegabytesIsKeptWholeOrNamedAsLost(byteCount: Int) throws {
        let server = try Server(compactor: false)
        let long = String(repeating: "ж", count: byteCount / 2)
        let line = ":SYS:LOG:\t\"" + long + "\""
        let ran = try server.play(try server.stream([line, ":SYS:VERSION:"]), ["--echo"])
        #expect(ran.code == 0, "\(ran.errors.prefix(500))")
        let logged = try server.loggedCalls()
        if replies(ran).first == #"["ok"]"# {
            #expect(logged == LoggedCall.of(stream: Data((line + "\n:SYS:VERSION:").utf8)))
        } else {
            // Refused with a reason; then the log itself says that something is missing.
            #expect(replies(ran).first?.hasPrefix(#"["error", ""#) == true)
            let dumped = try server.blackbox(
                ["dump"] + (try server.logFolders()).map(\.path) + ["--json"])
            #expect(dumped.text.contains(#""kind":"loss""#))
        }
    }

    @Test func nilPointersAndEmptyBuffersAreSurvived() throws {
        let server = try Server(compactor: false)
        let ran = try server.play(try server.stream([":SYS:VERSION:"]), ["--probe-nil"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(ran.text.contains("survived"))
    }

    /// armahost itself checks the end of the buffer, the NUL and the UTF-8 (exit code 6).
    @Test(arguments: [0, 1, 2, 3, 7, 16, 40, 41, 42, 43])
    func aReplyIsCutAtACharactersBoundary(outSize: Int) throws {
        let server = try Server(compactor: false)
        let ran = try server.play(
            try server.stream([
                ":NO:Привет-é-🌙:", ":SYS:VERSION:", "!:SYS:TIMESTAMP:", ":SYS:DIR:MODULE:",
            ]),
            ["--out-size", String(outSize), "--echo"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try server.loggedCalls().count == 4)
    }
}
