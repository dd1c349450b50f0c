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

    /// A row of a query; what is missing or NULL reads as nothing.
    private struct Row {
        let values: [String?]

        func text(_ place: Int) -> String {
            values.indices.contains(place) ? values[place] ?? "" : ""
        }
        func count(_ place: Int) -> UInt64 { UInt64(text(place)) ?? 0 }
        func number(_ place: Int) -> Double { Double(text(place)) ?? 0 }
    }

    /// A row of `FigureQueries.missions`.
    private struct Mission {
        private let row: Row

        init(_ values: [String?]) { row = Row(values: values) }

        /// `2026-03-08 19:20:05`; what follows is the zone, always UTC.
        private var start: String { String(row.text(5).prefix(19)) }

        func tell() {
            Console.print(
                "\(row.text(0)). \"\(row.text(3))\" on \(row.text(4)), \(start) UTC, "
                    + Words.duration(seconds: row.number(6)) + ending)
            Console.print(
                "   " + Words.count(row.count(10), "unit") + ", " + Words.count(row.count(11))
                    + " of them "
                    + "players; " + Words.count(row.count(12), "vehicle") + "; "
                    + Words.count(row.count(13), "state") + ", "
                    + Words.count(row.count(14), "shot") + ", "
                    + Words.count(row.count(15), "kill"))
        }

        private var ending: String {
            switch row.text(7) {
            case "": ", still being written"
            case "saved": ""
            case "replaced": ", ended by another mission without a save"
            default: ", not saved: the log ends there"
            }
        }

        var object: JSONLine {
            var line = JSONLine()
            line.add("mission", row.count(0))
            line.add("log", row.text(1))
            line.add("recording", row.count(2))
            line.add("name", row.text(3))
            line.add("world", row.text(4))
            line.add("start", start.split(separator: " ").joined(separator: "T") + "Z")
            line.add("durationSeconds", row.number(6))
            line.add("end", row.text(7))
            line.add("calls", row.count(8))
            line.add("rejectedCalls", row.count(9))
            line.add("units", row.count(10))
            line.add("players", row.count(11))
            line.add("vehicles", row.count(12))
            line.add("states", row.count(13))
            line.add("shots", row.count(14))
            line.add("kills", row.count(15))
            return line
        }
    }

    /// A row of `FigureQueries.scoreboard`.
    private struct Player {
        let row: Row

        init(_ values: [String?]) { row = Row(values: values) }

        var name: String { row.text(1).isEmpty ? row.text(0) : row.text(1) }

        var object: JSONLine {
            var line = JSONLine()
            line.add("player", row.text(0))
            line.add("name", name)
            line.add("side", row.text(2))
            line.add("missions", row.count(3))
            line.add("kills", row.count(4))
            line.add("teamKills", row.count(5))
            line.add("vehicleKills", row.count(6))
            line.add("deaths", row.count(7))
            if !row.text(8).isEmpty { line.add("longestShotMetres", row.number(8)) }
            line.add("shots", row.count(9))
            line.add("hits", row.count(10))
            line.add("metres", row.number(11))
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
            let longest = player.row.text(8).isEmpty ? "-" : "\(Int(player.row.number(8))) m"
            Console.print(
                "  " + player.name + pad("", width - player.name.count) + pad(player.row.text(2), 6)
                    + pad("\(player.row.count(4))", 7) + pad("\(player.row.count(5))", 6)
                    + pad("\(player.row.count(7))", 8) + pad(longest, 9)
                    + pad("\(player.row.count(9))", 7) + pad("\(player.row.count(10))", 7) + "  "
                    + Words.tenths(player.row.number(11) / 1000) + " km")
        }
    }
}
