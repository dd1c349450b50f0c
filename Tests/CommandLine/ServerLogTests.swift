// The server's own events as `server-log` shows them.

import Foundation
import Testing
import Values
import WAL

@testable import Mission
@testable import blackbox

private func read(
    _ log: inout ServerLog, _ seconds: Int64, _ name: String, _ arguments: String...
) -> [String] {
    var bytes: [UInt8] = []
    for argument in arguments { bytes += Array(argument.utf8) + [0] }
    let nameBytes = Array(name.utf8)
    let entries = log.read(
        Call(
            sequence: 1, time: seconds * 1_000_000_000, command: Command.named(nameBytes.span),
            form: .array, name: nameBytes.span, argumentCount: arguments.count,
            arguments: bytes.span))
    return entries.map { String(decoding: $0.json.dropLast(), as: UTF8.self) }
}

/// A call of the string form.
private func read(_ log: inout ServerLog, text: String) -> [String] {
    let name = Array(text.utf8)
    let entries = log.read(
        Call(
            sequence: 1, time: 0, command: nil, form: .string, name: name.span, argumentCount: 0,
            arguments: Span()))
    return entries.map { String(decoding: $0.json.dropLast(), as: UTF8.self) }
}

private func read(_ log: inout ServerLog, decision json: String) -> [String] {
    let payload = Array(json.utf8) + [0]
    let entries = log.read(
        OtherRecord(
            sequence: 9, time: 0, kind: RecordKind.decision, flags: 0, payload: payload.span))
    return entries.map { String(decoding: $0.json.dropLast(), as: UTF8.self) }
}

private func log(user: String? = nil, all: Bool = false) -> ServerLog {
    ServerLog(
        times: Int64.min...Int64.max, user: user.map { Array($0.utf8) }, summarises: !all,
        showsChecks: false)
}

private let info = #"["2",3,"76561198000000001","Mira","Mira",<NULL-object>]"#

@Suite struct ServerLogTests {
    @Test func anEventTellsWhoWhenAndWhat() {
        var log = log()
        _ = read(&log, 0, "sev:connected", "\"1513430065\"", info)
        #expect(
            read(&log, 1, "sev:hacked", "\"1513430065\"", #""a3\x.pbo""#) == [
                #"{"t":"1970-01-01T00:00:01.000000000Z","n":2,"e":"hacked","id":"1513430065","idExact":true,"#
                    + #""uid":"76561198000000001","name":"Mira","args":["\"1513430065\"","\"a3\\x.pbo\""],"file":"a3\\x.pbo"}"#
            ])
    }

    @Test func theFirstArgumentMayBeAnArrayThatStandsForSeveral() {
        var log = log()
        #expect(
            read(&log, 0, "sev:connected", "[\"7\"]", info)[0].contains(
                #""id":"7","idExact":true,"uid":"76561198000000001","name":"Mira""#))
        #expect(
            read(&log, 1, "sev:hacked", "[\"7\",\"x.pbo\"]")[0].contains(
                #""id":"7","idExact":true,"uid":"76561198000000001","name":"Mira","args":["\"7\"","\"x.pbo\""]"#
            ))
    }

    @Test func aRoundedIDIsMatchedAndMarked() {
        var log = log()
        _ = read(&log, 0, "sev:connected", "\"1513430065\"", info)
        let found = read(&log, 1, "sev:kicked", "1.51343e+09", "2", "\"\"")
        #expect(found[0].contains(#""id":"1513430065","idExact":false,"uid":"7656"#))
        #expect(
            read(&log, 2, "sev:kicked", "1.6e+09")[0].contains(#""id":"1.6e+09","idExact":false"#))
        _ = read(&log, 3, "gate:request", "\"1513430066\"", "0")
        let both = read(&log, 4, "sev:kicked", "1.51343e+09")
        #expect(
            both[0].contains(
                #""id":"1.51343e+09","idExact":false,"candidates":["1513430065","1513430066"]"#))
        #expect(read(&log, 5, "sev:kicked", "151")[0].contains(#""idExact":true"#))
    }

    /// Only an id that the game prints like that can be meant.
    @Test func aRoundedIDMatchesWhatIsPrintedAlikeAndNothingElse() {
        for (known, printed, isMeant) in [
            ("9510030000", "9.51e+09", false), ("9510030000", "9.51003e+09", true),
            ("9510000000", "9.51e+09", true), ("1513436500", "1.51343e+09", false),
            ("1513436500", "1.51344e+09", true), ("1513430065", "1.51343e+09", true),
            ("999999600", "1e+09", true), ("999999400", "1e+09", false),
            ("999999400", "9.99999e+08", true), ("76561198000000001", "7.65612e+16", true),
            ("76561198000000001", "7.65611e+16", false), ("1000000", "1e+06", true),
            ("16777216", "1.67772e+07", true), ("18446744073709551615", "1.84467e+19", false),
            ("-5", "1e+06", false), ("1.5", "1e+06", false), ("nan", "1e+06", false),
        ] {
            var log = log()
            _ = read(&log, 0, "gate:request", "\"\(known)\"", "0")
            let found = read(&log, 1, "sev:kicked", printed)
            #expect(
                found[0].contains(#""id":"\#(isMeant ? known : printed)","idExact":false"#),
                "\(known) \(printed): \(found[0])")
        }
    }

    @Test func filesOfDaysAreNeverWrittenFromAPartOfThem() throws {
        for filter in [["--user", "7"], ["--from", "2026-02-01"], ["--to", "2026-02-02"]] {
            #expect(throws: (any Error).self) {
                try ServerLogCommand.parse(["--jsonl", "events"] + filter)
            }
            _ = try ServerLogCommand.parse(["--json"] + filter)
        }
        _ = try ServerLogCommand.parse(["--jsonl", "events", "--all"])
    }

    /// The oldest logs are removed by and by; what is written later must not take their events away.
    @Test func theBeginningOfADayStaysWhenItsLogIsGone() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ seconds: [Int64]) throws -> [Substring] {
            var days = DayFiles()
            for second in seconds {
                let event = ServerEvent(
                    name: Array("check".utf8), sequence: 1, time: second * 1_000_000_000)
                days.add(ServerLog.Entry(event, 1, suppressed: 0))
            }
            try days.write(to: folder.path)
            let file = folder.appending(path: "1970-01-01.jsonl")
            return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        }
        let whole = try write([1, 2, 3, 4])
        #expect(whole.count == 4)
        #expect(try write([1, 2, 3, 4]) == whole, "nothing twice")
        #expect(try write([3, 4]) == whole, "the log of the first two is gone")
        #expect(try write([3, 4, 5]).count == 5)
        #expect(try write([1, 2]).count == 2, "the logs that are given count")
    }

    @Test func aBurstIsSummedUpAndCanBeShownWhole() {
        var short = log()
        var lines: [String] = []
        for file in 0..<203 { lines += read(&short, 60, "sev:hacked", "\"7\"", "\"\(file)\"") }
        #expect(lines.count == 20)
        let later = read(&short, 120, "sev:disconnected", "\"7\"")
        #expect(later.count == 2)
        #expect(later[0].contains(#""e":"hacked","suppressed":183,"id":"7""#))
        var whole = log(all: true)
        var count = 0
        for file in 0..<203 {
            count += read(&whole, 60, "sev:hacked", "\"7\"", "\"\(file)\"").count
        }
        #expect(count == 203)
    }

    @Test func eventsOfOneUserAreFoundByAnyOfHisNames() {
        for name in ["7", "76561198000000001", "Mira"] {
            var log = log(user: name)
            #expect(read(&log, 0, "sev:connected", "\"7\"", info).count == 1)
            #expect(read(&log, 1, "sev:connected", "\"8\"").isEmpty)
            #expect(read(&log, 2, "sev:check", "\"7\"", "1").isEmpty, "checks are left out")
        }
    }

    @Test func aDecisionOfTheGateIsAmongThem() {
        var log = log()
        let json =
            #"{"of":"gate","id":"7","name":"Mira","result":"refuse","by":"rule","rule":"night"}"#
        let payload = Array(json.utf8) + [0]
        let entries = log.read(
            OtherRecord(
                sequence: 9, time: 0, kind: RecordKind.decision, flags: 0, payload: payload.span))
        let line = entries.map { String(decoding: $0.json, as: UTF8.self) }.joined()
        #expect(
            line.contains(
                #""e":"gate","id":"7","idExact":true,"name":"Mira","decision":{"of":"gate""#))
        #expect(line.contains(#""by":"rule","rule":"night"}"#))
        let text = entries.map { String(decoding: $0.text, as: UTF8.self) }.joined()
        #expect(text.contains(#""by":"rule","rule":"night"}"#))
    }

    @Test func anEventOfTheStringFormIsAmongThem() {
        var log = log()
        #expect(
            read(&log, text: "sev:disconnected|\"7\"")[0].contains(
                #""e":"disconnected","id":"7","idExact":true,"args":["\"7\""]"#))
        #expect(
            read(&log, text: "sev:hacked|[\"7\",\"x.pbo\"]")[0].contains(
                #""id":"7","idExact":true,"args":["\"7\"","\"x.pbo\""],"file":"x.pbo""#))
        #expect(read(&log, text: "sev:chat")[0].contains(#""e":"chat","args":[]"#))
        #expect(read(&log, text: "sev:chat|")[0].contains(#""args":[""]"#))
        #expect(read(&log, text: "sev:rain|7").isEmpty && read(&log, text: "|").isEmpty)
    }

    /// `getUserInfo` begins with the id as a text, which a Number is mended by.
    @Test func theUserInfoOfACallTellsWhichOfTheIdsIsMeant() {
        var log = log()
        _ = read(&log, 0, "gate:request", "\"1513430066\"", "0")
        let info = #"["1513430065",3,"76561198000000001","Mira","Mira",<NULL-object>]"#
        #expect(
            read(&log, 1, "sev:connected", "1.51343e+09", info)[0].contains(
                #""id":"1513430065","idExact":false,"uid":"76561198000000001","name":"Mira""#))
        // An info of somebody else does not make it his.
        #expect(
            read(&log, 2, "sev:connected", "1.6e+09", #"["22",3,"7","Olga","",<NULL-object>]"#)[0]
                .contains(#""id":"1.6e+09","idExact":false,"args""#))
        #expect(
            read(&log, 3, "sev:kicked", "1.51343e+09")[0].contains(
                #""candidates":["1513430066","1513430065"]"#))
    }

    @Test func adminCommandsAboutAUserAreFoundByHim() {
        for name in ["7", "76561198000000001", "Mira"] {
            var log = log(user: name)
            _ = read(&log, 0, "sev:connected", "\"7\"", info)
            func asked(_ request: String) -> [String] {
                read(
                    &log,
                    decision:
                        #"{"of":"admin","ticket":1,"request":\#(request),"by":"rule","status":"asked"}"#
                )
            }
            #expect(
                asked(#"["kick","7","Bye."]"#)[0].contains(
                    #""e":"admin","id":"7","idExact":true,"uid":"76561198000000001","name":"Mira""#)
            )
            #expect(asked(#"["kick","8"]"#).isEmpty && asked(#"["lock"]"#).isEmpty)
            #expect(asked(#"["kick","Mira"]"#).isEmpty, "no id")
        }
    }

    @Test func anyBytesAreSurvived() {
        var log = log()
        for arguments in [
            [""], ["["], ["[]"], ["[[[\""], ["\""], ["\u{0}"], ["nan"], ["[\"7\",1]"],
        ] {
            _ = read(&log, 0, "sev:note", arguments[0])
            _ = read(&log, 0, "sev:connected", arguments[0], arguments[0])
        }
    }
}
