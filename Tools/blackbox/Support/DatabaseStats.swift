// The figures of missions in a database, and who did best: for people, or as JSON. Which engine it is
// only the query knows.

import Compactor

/// What `stats` says of a database.
struct DatabaseStats {
    /// One mission; nil: all of them.
    let mission: Int64?
    let isJSON: Bool
    /// Rows of a query, as texts.
    let query: (String) throws(ToolFailure) -> [[String?]]

    private static let playersShown = 20
    private static let playersOfAMission = 1000

    func run() throws(ToolFailure) {
        let missions = try query(FigureQueries.missions(mission)).map(Mission.init)
        if let mission, missions.isEmpty {
            throw ToolFailure(message: "no mission \(mission) in this database")
        }
        let players = try query(
            FigureQueries.scoreboard(
                mission, limit: mission == nil ? Self.playersShown : Self.playersOfAMission)
        ).map(Player.init)
        if isJSON {
            for mission in missions { Console.write(mission.object.line) }
            for player in players { Console.write(player.object.line) }
            return
        }
        for mission in missions { mission.tell() }
        if missions.isEmpty { Console.print("no missions yet") }
        if !players.isEmpty { tell(players) }
    }

    /// A row of `FigureQueries.missions`.
    private struct Mission {
        let values: [String?]

        init(_ row: [String?]) { values = row }

        func text(_ place: Int) -> String {
            values.indices.contains(place) ? values[place] ?? "" : ""
        }
        func count(_ place: Int) -> UInt64 { UInt64(text(place)) ?? 0 }

        /// `2026-03-08 19:20:05`; what follows is the zone, always UTC.
        private var start: String { String(text(5).prefix(19)) }
        private var seconds: Double { Double(text(6)) ?? 0 }

        func tell() {
            Console.print(
                "\(text(0)). \"\(text(3))\" on \(text(4)), \(start) UTC, "
                    + Words.duration(seconds: seconds) + ending)
            Console.print(
                "   " + Words.count(count(10), "unit") + ", " + Words.count(count(11)) + " of them "
                    + "players; " + Words.count(count(12), "vehicle") + "; "
                    + Words.count(count(13), "state") + ", " + Words.count(count(14), "shot") + ", "
                    + Words.count(count(15), "kill"))
        }

        private var ending: String {
            switch text(7) {
            case "": ", still being written"
            case "saved": ""
            case "replaced": ", ended by another mission without a save"
            default: ", not saved: the log ends there"
            }
        }

        var object: JSONLine {
            var line = JSONLine()
            line.add("mission", count(0))
            line.add("log", text(1))
            line.add("recording", count(2))
            line.add("name", text(3))
            line.add("world", text(4))
            line.add("start", start.split(separator: " ").joined(separator: "T") + "Z")
            line.add("durationSeconds", seconds)
            line.add("end", text(7))
            line.add("calls", count(8))
            line.add("rejectedCalls", count(9))
            line.add("units", count(10))
            line.add("players", count(11))
            line.add("vehicles", count(12))
            line.add("states", count(13))
            line.add("shots", count(14))
            line.add("kills", count(15))
            return line
        }
    }

    /// A row of `FigureQueries.scoreboard`.
    private struct Player {
        let values: [String?]

        init(_ row: [String?]) { values = row }

        func text(_ place: Int) -> String {
            values.indices.contains(place) ? values[place] ?? "" : ""
        }
        func count(_ place: Int) -> UInt64 { UInt64(text(place)) ?? 0 }
        func metres(_ place: Int) -> Double { Double(text(place)) ?? 0 }
        var name: String { text(1).isEmpty ? text(0) : text(1) }

        var object: JSONLine {
            var line = JSONLine()
            line.add("player", text(0))
            line.add("name", name)
            line.add("side", text(2))
            line.add("missions", count(3))
            line.add("kills", count(4))
            line.add("teamKills", count(5))
            line.add("vehicleKills", count(6))
            line.add("deaths", count(7))
            if !text(8).isEmpty { line.add("longestShotMetres", metres(8)) }
            line.add("shots", count(9))
            line.add("hits", count(10))
            line.add("metres", metres(11))
            return line
        }
    }

    private func tell(_ players: [Player]) {
        let width = max(6, players.map(\.name.count).max() ?? 0)
        func pad(_ text: String, _ columns: Int) -> String {
            String(repeating: " ", count: max(0, columns - text.count)) + text
        }
        Console.print("")
        Console.print(
            "  player" + pad("", width - 6)
                + "  side  kills  team  deaths  longest  shots   hits  way")
        for player in players {
            let longest = player.text(8).isEmpty ? "-" : "\(Int(player.metres(8))) m"
            Console.print(
                "  " + player.name + pad("", width - player.name.count) + pad(player.text(2), 6)
                    + pad("\(player.count(4))", 7) + pad("\(player.count(5))", 6)
                    + pad("\(player.count(7))", 8) + pad(longest, 9)
                    + pad("\(player.count(9))", 7) + pad("\(player.count(10))", 7) + "  "
                    + Words.tenths(player.metres(11) / 1000) + " km")
        }
    }
}
