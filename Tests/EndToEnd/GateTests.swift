// The join gate as a server's scripts use it: the built plug-in, the callback buffer of a game that is
// nearly full, a mission that crashes without a word.

import Foundation
import Testing

@Suite(.needsBuild) struct GateTests {
    private static let players = 0..<256

    private static func request(_ player: Int, _ wait: Int) -> String {
        "gate:request\t\"\(player)\"\t\(wait)\t"
            + "[\"2\",3,\"\(76_561_198_000_000_000 + player)\",\"player \(player)\",\"\",<NULL-object>]"
    }

    @Test func twoHundredAndFiftySixPlayersGetTheirOwnAnswersAndAllIsInTheLog() throws {
        let server = try Server()
        var lines = ["gate:ready\t\"first\""]
        lines += Self.players.map { Self.request($0, 0) }
        // The mission crashes; the next one is told of everybody who waits.
        lines += Array(repeating: "@wait gate 60", count: Self.players.count)
        lines.append("gate:ready\t\"second\"")
        lines += Array(repeating: "@wait gate 60", count: Self.players.count)
        lines += Self.players.map {
            $0.isMultiple(of: 2) ? "gate:go\t\"\($0)\"" : "gate:kick\t\"\($0)\"\t\"no \($0)\""
        }
        lines += Self.players.map { Self.request($0, 1) }
        lines.append("sev:hacked\t\"17\"\t\"a3\\\\x.pbo\"")
        let played = try server.play(
            server.stream(lines), ["--callback-slots", "7", "--fps", "1000", "--echo"])
        #expect(played.code == 0, "\(played.errors)")

        let replies = played.lines.filter { $0.hasPrefix("< ") }.map { $0.dropFirst(2) }
        #expect(replies.count == 2 + 3 * Self.players.count + 1)
        #expect(replies.filter { $0 == "DELAY" }.count == Self.players.count)
        for player in Self.players {
            let answer = replies[2 + 2 * Self.players.count + player]
            #expect(answer == (player.isMultiple(of: 2) ? "ACCEPT" : "REFUSE_no \(player)"))
            let asked = played.lines.filter {
                $0.hasPrefix("callback ocap_recorder gate [\"ask\",\"\(player)\",")
            }
            #expect(asked.count >= 2, "each mission heard of player \(player)")
        }

        let shown = try run(
            Built.blackbox, ["server-log", "blackbox-logs", "--json"], in: server.folder)
        #expect(shown.code == 0, "\(shown.errors)")
        #expect(shown.lines.filter { $0.contains(#""e":"gate""#) }.count == Self.players.count)
        let his = try run(
            Built.blackbox, ["server-log", "blackbox-logs", "--user", "76561198000000017"],
            in: server.folder)
        #expect(his.lines.count == 2, "the decision and the event: \(his.text)")
        #expect(his.text.contains("player 17 (17)") && his.text.contains(#"a3\x.pbo"#))
        let days = server.folder.appending(path: "events")
        try run(Built.blackbox, ["server-log", "--jsonl", days.path], in: server.folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: days.path)
        #expect(!files.isEmpty && files.allSatisfy { $0.hasSuffix(".jsonl") && $0.count == 16 })
    }

    /// A player who waits asks again and again: what he says of himself is known by then.
    @Test func aPollOfAPlayerWhoWaitsTakesNothingFromTheHeap() throws {
        let server = try Server(compactor: false)
        let policy = #"{""decide_timeout"":86400,""max_wait"":86400,""stale_after"":86400}"#
        var lines = ["gate:policy\t\"\(policy)\"", "gate:ready\t\"a\""]
        for wait in 0..<8 { lines += Self.players.map { Self.request($0, wait) } }
        let stream = try server.stream(lines)
        let report = server.root.appending(path: "report.json")
        var requests: [Int] = []
        // The first poll of each player makes his row.
        for polls in [Self.players.count, 8 * Self.players.count] {
            let played = try server.play(
                stream,
                [
                    "--calls", "\(2 + polls)", "--count-allocations", "--quiet", "--json",
                    report.path,
                ])
            try #require(played.code == 0, "\(played.errors)")
            let counts = try JSONDecoder().decode(HostReport.self, from: Data(contentsOf: report))
            requests.append(counts.heapRequests ?? -1)
        }
        #expect(requests[0] > 0 && requests[0] == requests[1], "\(requests)")
    }

    /// A question is repeated every five seconds: what the clock brings about is done inside a call of the
    /// game, and takes nothing from the heap.
    @Test func repeatingTheQuestionsAllocatesNothing() throws {
        let server = try Server(compactor: false)
        let policy = #"{""decide_timeout"":86400,""max_wait"":86400,""stale_after"":86400}"#
        var lines = ["gate:policy\t\"\(policy)\"", "gate:ready\t\"a\""]
        lines += Self.players.map { Self.request($0, 0) }
        lines += Array(repeating: ":SYS:TIMESTAMP:", count: 13_000)
        let stream = try server.stream(lines)
        let report = server.root.appending(path: "report.json")
        // At 1,000 calls a second: the questions, and then 12 seconds in which they are repeated twice.
        var requests: [Int] = []
        for calls in [300, 12_300] {
            let played = try server.play(
                stream,
                [
                    "--calls", "\(calls)", "--fps", "50", "--calls-per-frame", "20",
                    "--count-allocations", "--quiet", "--json", report.path,
                ])
            try #require(played.code == 0, "\(played.errors)")
            let counts = try HostReport(report)
            requests.append(counts.heapRequests ?? -1)
        }
        #expect(requests[0] > 0 && requests[0] == requests[1], "\(requests)")
    }
}
