// Every command: raw arguments in, the event out, in both modes. The tables are text:
//
//   ## what the row promises
//   :COMMAND: | argument | argument …      calls, exactly as the game passes them, after a good start
//   = event                                what comes out, events as `describe` writes them,
//   = ! sequence :COMMAND: sentence        then what was rejected
//   ~ …                                    the same for strict mode, where it differs

import Mission
import Testing
import Values

/// One row of a table.
struct CommandCase: Sendable, CustomTestStringConvertible {
    var promise = ""
    var calls: [String] = []
    var standard: [String] = []
    var strict: [String] = []

    var testDescription: String { promise }

    static func rows(_ table: String) -> [CommandCase] {
        var rows: [CommandCase] = []
        for line in table.split(separator: "\n") {
            let text = String(line.dropFirst(2))
            if line.hasPrefix("## ") {
                rows.append(CommandCase(promise: String(line.dropFirst(3))))
            } else if line.hasPrefix("= ") {
                rows[rows.count - 1].standard.append(text)
            } else if line.hasPrefix("~ ") {
                rows[rows.count - 1].strict.append(text)
            } else {
                rows[rows.count - 1].calls.append(String(line))
            }
        }
        return rows
    }
}

/// The command and the arguments of a table's line.
func fields(_ line: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(line)
    while let range = rest.firstRange(of: " | ") {
        parts.append(String(rest[..<range.lowerBound]))
        rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
}

let allRows =
    CommandCase.rows(entityTable) + CommandCase.rows(combatTable) + CommandCase.rows(missionTable)
    + CommandCase.rows(markerTable)

private func outcome(_ row: CommandCase, _ mode: Mode) -> [String] {
    var calls = CallList([start])
    for call in row.calls {
        let fields = fields(call)
        calls.add(fields[0], Array(fields.dropFirst()))
    }
    let decoded = decode(calls, mode: mode)
    return decoded.lines + decoded.rejectLines.map { "! " + $0 }
}

@Test(arguments: allRows)
func aCallMeansWhatTheTableSays(row: CommandCase) {
    #expect(outcome(row, .standard) == row.standard)
    #expect(outcome(row, .strict) == (row.strict.isEmpty ? row.standard : row.strict))
}

@Test func everyDataCommandStandsInTheTable() {
    let inTable = Set(allRows.flatMap(\.calls).map { fields($0)[0] })
    let others = [":SYS:", ":STORAGE:", ":MISSION:START:", ":MISSION:SAVE:", "icom:"]
    for command in Command.allCases {
        let name = command.name.description
        if others.contains(where: { name.hasPrefix($0) }) { continue }
        #expect(inTable.contains(name))
    }
}
