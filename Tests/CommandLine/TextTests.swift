// What people and scripts read: the lines of dump, numbers and times in words, places in a log.

import Archive
import Testing
import Values
import WAL

@testable import blackbox

@Suite struct TextTests {
    private func line(
        _ name: [UInt8], _ arguments: [[UInt8]], json: Bool, form: CallForm = .array
    ) -> String {
        var bytes: [UInt8] = []
        for argument in arguments { bytes += argument + [0] }
        let lines = RecordLine(log: "0a0b", isJSON: json)
        let text = lines.line(
            of: Call(
                sequence: 7, time: 1_748_800_800_000_000_001, command: nil, form: form,
                name: name.span, argumentCount: arguments.count, arguments: bytes.span))
        return String(decoding: text, as: UTF8.self)
    }

    @Test func aCallIsOneObjectOnOneLine() {
        #expect(
            line(Array(":A:".utf8), [Array("\"x\"\"y\"".utf8), []], json: true)
                == #"{"log":"0a0b","sequence":7,"time":"2025-06-01T18:00:00.000000001Z","#
                + #""kind":"call","command":":A:","form":"array","#
                + #""arguments":["\"x\"\"y\"",""]}"# + "\n")
        #expect(
            line(Array(":SYS:VERSION:".utf8), [], json: true, form: .string)
                .hasSuffix(#""form":"string","arguments":[]}"# + "\n"))
    }

    @Test func argumentsThatAreNotUTF8ComeInHexadecimal() {
        let text = line([UInt8(ascii: "A")], [[0xFF, 0x41], [0x42]], json: true)
        #expect(text.hasSuffix(#""argumentsHex":["ff41","42"]}"# + "\n"))
        #expect(!text.contains("commandHex"))
        #expect(line([0xC3], [], json: true).contains(#""commandHex":"c3""#))
    }

    @Test func aLineForPeopleEscapesWhatBreaksLines() {
        #expect(
            line(Array(":A:".utf8), [Array("a\tb\n".utf8), Array("\\".utf8)], json: false)
                == "7\t2025-06-01T18:00:00.000000001Z\t:A:\ta\\tb\\n\t\\\\\n")
    }

    @Test func aLossSaysHowMuchAndWhy() {
        let payload = Loss(count: 3, first: 5, last: 7, reason: 1, byClass: [2, 1, 0]).encoded()
        let text = RecordLine(log: "", isJSON: true).line(
            of: OtherRecord(
                sequence: 8, time: 0, kind: RecordKind.loss, flags: 0, payload: payload.span))
        #expect(
            String(decoding: text, as: UTF8.self).hasSuffix(
                #""kind":"loss","count":3,"first":5,"last":7,"reason":"no-space"}"# + "\n"))
    }

    @Test(arguments: [
        ("42", Position.sequence(42)), ("1970-01-01", .time(0)),
        ("2025-06-01T18:00:00Z", .time(1_748_800_800_000_000_000)),
        ("2025-06-01 18:00", .time(1_748_800_800_000_000_000)),
        ("2024-02-29T00:00:00.25", .time(1_709_164_800_250_000_000)),
    ])
    func placesAreNumbersOrTimes(text: String, position: Position) {
        #expect(Position(argument: text) == position)
    }

    @Test(arguments: [
        "", "-1", "yesterday", "2025-13-01", "2025-06-01T25:00", "2025-06-01T1:2:3:4",
    ])
    func otherPlacesAreRefused(text: String) {
        #expect(Position(argument: text) == nil)
    }

    @Test func numbersAndTimesAreReadable() {
        #expect(Words.count(1_234_567 as UInt64) == "1,234,567")
        #expect(Words.count(1, "call") == "1 call")
        #expect(Words.bytes(1023) == "1,023 bytes")
        #expect(Words.bytes(64 << 20) == "64.0 MiB")
        #expect(Words.duration(seconds: 0.44) == "0.4 s")
        #expect(Words.duration(seconds: 200) == "3 min 20 s")
        #expect(Words.duration(seconds: 5220) == "1 h 27 min")
        #expect(Words.instant(-1) == "1969-12-31T23:59:59.999999999Z")
        #expect(Words.localTime(0, utcOffset: 7200) == "1970-01-01 02:00:00")
    }

    @Test func progressTellsRateAndTimeLeft() {
        #expect(
            ProgressMeter.line(
                "recording 1", "calls", done: 50_000, of: 150_000, nanoseconds: 2_000_000_000)
                == "recording 1: 50,000 of 150,000 calls, 25,000 a second, 4.0 s left")
    }

    @Test func sparklinesAreAsWideAsAskedForAndNoWider() {
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], columns: 8) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text(Array(repeating: 1, count: 600), columns: 60).count == 60)
        #expect(Sparkline.text([], columns: 10) == "")
    }

    @Test func aReportOfSeveralRecordingsTellsTheWorst() {
        let outcomes = [
            RecordingOutcome(number: 1, path: "a"),
            RecordingOutcome(number: 2, status: .partial, path: "b", error: "disk full"),
        ]
        let text = String(decoding: ReportFile.line(outcomes), as: UTF8.self)
        #expect(
            text.hasPrefix(#"{"recording":2,"status":"partial","path":"b","error":"disk full","#))
        #expect(
            String(decoding: ReportFile.line([outcomes[0]]), as: UTF8.self)
                == #"{"recording":1,"status":"ok","path":"a","error":"","damaged":false,"#
                + #""missingRecords":0,"lostCalls":0,"missing":[]}"# + "\n")
    }

    @Test func wrongUsageIsToldBeforeAnythingIsDone() {
        #expect(throws: (any Error).self) { try CompactCommand.parse(["somewhere"]) }
        #expect(throws: (any Error).self) {
            try CompactCommand.parse(["--json", "x", "--recording", "0"])
        }
        #expect(throws: Never.self) {
            try CompactCommand.parse([
                "log", "--recording", "2", "--json", "d", "--no-gzip", "--strict", "--report", "r",
                "--background",
            ])
        }
        #expect(throws: Never.self) {
            try RecoverCommand.parse(["logs", "--json", "d", "--sqlite", "f", "--background"])
        }
    }

    /// Whoever puts a command into a script need not look up which ones can be quiet.
    @Test func eachCommandHasExamplesExitCodesAndAQuietForm() {
        for command in Blackbox.configuration.subcommands {
            // Those have their help where they are done.
            let name = command.configuration.commandName ?? ""
            let isOfNet = ["hub", "icom", "upload"].contains(name)
            if isOfNet { continue }
            let help = Blackbox.helpMessage(for: command, columns: 80)
            for words in ["EXAMPLES", "EXIT CODES", "-q, --quiet"] {
                #expect(help.contains(words), "\(command): \(words)")
            }
        }
    }

    @Test func noExampleInTheHelpIsBrokenByItsWidth() {
        for command in Blackbox.configuration.subcommands {
            let help = Blackbox.helpMessage(for: command, columns: 80)
            let wanted = command.configuration.discussion.split(separator: "\n").filter {
                $0.hasPrefix("  blackbox ")
            }
            for line in wanted { #expect(help.contains(line + "\n"), "\(line)") }
        }
    }
}
