// Who calls, through the whole of it: the game is asked by the built plug-in, a client's try is refused and
// kept, the server's own is carried out, and both are in the server's log and in the database.

import Foundation
import GRDB
import Testing

@Suite(.needsBuild) struct CallerTests {
    private static let configuration =
        #"{"blackbox": {"admin": {"allow": ["kick", "lock"], "on": {"hacked": "kick"}}}}"#

    /// The code and the reply of each call, in order.
    private func answers(_ played: Ran) -> [String] {
        var answers: [String] = []
        var code = "0"
        for line in played.lines {
            if line.hasPrefix("= ") { code = String(line.dropFirst(2)) }
            guard line.hasPrefix("< ") else { continue }
            answers.append(code + " " + line.dropFirst(2))
            code = "0"
        }
        return answers
    }

    @Test func aClientsRequestIsRefusedAndTheServersIsCarriedOut() throws {
        let server = try Server(configuration: Self.configuration)
        let played = try server.play(
            server.stream([
                "gate:ready", "gate:request\t\"151\"\t0", "@wait gate 60",
                // A client has started the script: nothing of it counts.
                "@caller owner=7", "@caller steamId=76561198000000007",
                "admin:request\t\"kick\"\t\"151\"\t\"Bye.\"", "gate:go\t\"151\"",
                "gate:request\t\"152\"\t0", "sev:hacked\t\"151\"\t\"x.pbo\"",
                // A game that does not tell the owner of a remote execution.
                "@caller given=4", "admin:request\t\"lock\"",
                "@caller given=0", "admin:request\t\"lock\"",
                // The server's own.
                "@caller given=5", "@caller owner=2",
                "admin:request\t\"kick\"\t\"151\"\t\"Bye.\"", "@wait admin 60",
                "admin:done\t\"1\"\t\"ok\"\t\"gone\"",
                "@caller owner=0", "gate:kick\t\"151\"\t\"no\"\t1",
                "gate:request\t\"151\"\t1",
            ]), ["--echo"])
        #expect(played.code == 0, "\(played.errors)")
        let client = "3 Error: a script asks that a client runs"
        let old = "3 Error: this game can't tell who asks: it takes 2.18"
        #expect(
            answers(played) == [
                "0 ok 0", "0 DELAY", client, client, "0 ACCEPT", "0 ", old, old, "0 1", "0 ok",
                "0 ok", "0 REFUSE_no",
            ])
        #expect(played.lines.filter { $0.hasPrefix("callback ocap_recorder admin") }.count == 1)

        let shown = try server.blackbox(["server-log", "--json"])
        #expect(shown.code == 0, "\(shown.errors)")
        let tries = shown.lines.filter { $0.contains(#""by":"client""#) }
        #expect(tries.count == 3)
        #expect(tries.first?.contains(#""request":["admin:request","kick","151","Bye."]"#) == true)

        let file = server.root.appending(path: "server.db")
        try server.blackbox(["compact", "--sqlite", file.path, "--quiet"])
        let rows = try MissionRows(file).queue.read { database in
            try Row.fetchAll(
                database, sql: "SELECT verb, asked_by, status FROM admin_commands ORDER BY sequence"
            ).map { "\($0["verb"] ?? "") \($0["asked_by"] ?? "") \($0["status"] ?? "")" }
        }
        #expect(
            rows == [
                "admin:request client refused", "gate:go client refused",
                "sev:hacked client refused", "lock script refused", "lock script refused",
                "kick script ok",
            ])
        #expect(try MissionRows(file).count("gate_decisions") == 1)
    }

    @Test func theOptionsSayWhoCallsFromTheBeginning() throws {
        let server = try Server(configuration: Self.configuration)
        let stream = try server.stream(["admin:request\t\"lock\""])
        for (options, code) in [
            ([], "0"), (["--caller", "owner=3"], "3"), (["--caller", "owner=2"], "0"),
            (["--caller", "owner=0", "--caller", "given=4"], "3"),
            (["--caller", "server=Another", "--caller", "file=a b.sqf"], "0"),
        ] {
            let played = try server.play(stream, ["--echo"] + options)
            #expect(played.code == 0, "\(played.errors)")
            #expect(answers(played).first?.hasPrefix(code + " ") == true, "\(options)")
        }
        #expect(try server.play(stream, ["--caller", "age=7"]).code == 2)
        #expect(try server.play(stream, ["--caller"]).code == 2)
    }
}
