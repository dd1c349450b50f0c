// Raw calls in, exact JSON out: what the game passed, through the decoder and the writer, in both modes. The
// tables are in `RawCallCases`, `RawQuirkCases`, `RawHostileCases` and `RawPreludeCases`.

import Testing
import Values

@testable import Mission
@testable import Replay

/// The calls, one a line, each with its arguments behind `|`.
private func add(_ lines: String, to list: inout CallList) {
    for line in lines.split(separator: "\n") {
        let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        list.add(String(fields[0]), fields.dropFirst().map { Array($0.utf8) })
    }
}

/// The calls of a log.
private func wholeLog(_ lines: String) -> CallList {
    var list = CallList()
    add(lines, to: &list)
    return list
}

/// The calls of a recording, as they come between its start and its save.
private func calls(_ lines: String, name: String = "a|b") -> CallList {
    var list = wholeLog(#":SYS:ADDON_VERSION:|"2.1.0""#)
    list.add(
        ":MISSION:START:", [Array(RawCase.world.utf8), Array(RawCase.mission(name).utf8)])
    add(lines, to: &list)
    list.add(":MISSION:SAVE:", [])
    return list
}

private let origin = RecordingOrigin(
    logID: Array(repeating: 9, count: 16), extensionVersion: "v1", utcOffsetSeconds: 0)

@Suite struct RawCallTests {
    @Test(arguments: RawCase.usual + RawCase.quirks + RawCase.hostile + RawCase.preludes)
    func rawCallsBecome(_ entry: RawCase) throws {
        for mode in [Mode.strict, .standard] {
            let folder = try TestFolder()
            var source = entry.isWholeLog ? wholeLog(entry.calls) : calls(entry.calls)
            let job = CompactionJob(source: &source, origin: origin)
            let (report, file) = try job.writeReplay(
                of: try #require(job.recording(entry.recording)), from: &source, mode: mode,
                folder: folder.path, options: .plain)
            let text = String(decoding: try folder.bytes(file.path), as: UTF8.self)
            let found = try part(entry.key, of: text)
            #expect(found == (mode == .strict ? entry.strict : entry.standard), "\(mode)")
            let rejects = mode == .strict ? entry.rejects.strict : entry.rejects.standard
            let sentences = report.rejects.list.map { $0.sentence }
            #expect(report.rejects.count == rejects, "\(mode): \(sentences)")
        }
    }

    /// In front of a recording, and in one.
    @Test func everyCommandHasARow() {
        var inFront: Set<String> = []
        var inside: Set<String> = []
        func name(_ line: Substring) -> String { String(line.prefix { $0 != "|" }) }
        for entry in RawCase.usual + RawCase.quirks + RawCase.hostile {
            inside.formUnion(entry.calls.split(separator: "\n").map(name))
        }
        for entry in RawCase.preludes {
            let lines = entry.calls.split(separator: "\n").map(name)
            let start = lines.firstIndex(of: ":MISSION:START:") ?? lines.endIndex
            inFront.formUnion(lines[..<start])
            inside.formUnion(lines[start...])
        }
        inFront.insert(":MISSION:START:")
        for command in Command.allCases.map(\.name.description) where command.hasPrefix(":") {
            #expect(inFront.contains(command))
            #expect(inside.contains(command))
        }
    }

    /// What the web server is told: the first range that an administrator marked.
    @Test(arguments: [
        (
            ":MISSION:FOCUS_START:|120\n:MISSION:FOCUS_END:|850.00",
            #""focusStart":120,"focusEnd":850,"#
        ),
        (
            RawCase.lines(
                ":MISSION:FOCUS_START:|1", ":MISSION:FOCUS_END:|2", ":MISSION:FOCUS_START:|2",
                ":MISSION:FOCUS_END:|9"), #""focusStart":1,"focusEnd":2,"#
        ),
        (
            RawCase.lines(RawCase.create, ":MISSION:FOCUS_START:|3", RawCase.state("7")),
            #""focusStart":3,"focusEnd":7,"#
        ),
        (
            RawCase.lines(
                RawCase.create, ":MISSION:FOCUS_START:|3", ":MISSION:FOCUS_START:|4",
                ":MISSION:FOCUS_END:|3", RawCase.state("7")), #""focusStart":3,"focusEnd":7,"#
        ),
        (":MISSION:FOCUS_START:|0\n:MISSION:FOCUS_END:|5", ""), (":MISSION:FOCUS_START:|3", ""),
    ])
    func anUploadTellsTheFirstFocusRange(lines: String, fragment: String) throws {
        for mode in [Mode.strict, .standard] {
            let folder = try TestFolder()
            var source = calls(lines)
            let job = CompactionJob(source: &source, origin: origin)
            let (report, file) = try job.writeReplay(
                of: try #require(job.recording(1)), from: &source, mode: mode,
                folder: folder.path, options: .plain)
            try UploadTicket(report, mode: mode).write(file.path)
            let text = String(
                decoding: try folder.bytes(UploadTicket.path(of: file.path)), as: UTF8.self)
            #expect(text.contains(#""tag":"COOP",\#(fragment)"sentBytes":0,"#), "\(mode): \(text)")
        }
    }

    @Test func theHeadTellsMissionAndWorld() throws {
        let folder = try TestFolder()
        var source = calls("")
        let job = CompactionJob(source: &source, origin: origin)
        let (report, file) = try job.writeReplay(
            of: try #require(job.recording(1)), from: &source, mode: .standard,
            folder: folder.path, options: .plain)
        #expect(
            String(decoding: try folder.bytes(file.path), as: UTF8.self) == """
                {"addonVersion":"2.1.0","extensionVersion":"v1","extensionBuild":"",\
                "missionName":"a|b","missionAuthor":"Mira \\"M\\"","worldName":"stratis",\
                "endFrame":-1,"captureDelay":0.3,"tags":"COOP","times":[],"entities":[],\
                "events":[],"Markers":[]}\n
                """)
        #expect(file.path.hasPrefix(folder.path + "/a_b_20260308_"))
        #expect(report.tally.entities == 0 && report.tally.eventCount == 0)
    }

    /// What the web server is told: from the first frame to the last of any state or mine.
    @Test(arguments: [
        ("", "0.000000", "0.000000"),
        (RawCase.lines(RawCase.create, RawCase.state("5")), "1.500000", "0.001500"),
        (
            RawCase.lines(
                RawCase.create, RawCase.state("5"), RawCase.mine(3),
                #":PLACED:EVENT:|8|3|"deleted"|"1,2,3""#,
                #":EVENT:GENERAL:|20|"connected"|"Mira""#), "2.400000", "0.002400"
        ),
    ])
    func anUploadTellsHowLongTheMissionWas(lines: String, standard: String, strict: String) throws {
        for mode in [Mode.strict, .standard] {
            let folder = try TestFolder()
            var source = calls(lines)
            let job = CompactionJob(source: &source, origin: origin)
            let (report, _) = try job.writeReplay(
                of: try #require(job.recording(1)), from: &source, mode: mode,
                folder: folder.path, options: .plain)
            let ticket = UploadTicket(report, mode: mode)
            #expect(ticket.missionDuration == (mode == .strict ? strict : standard))
        }
    }

    /// Two saves in a second, whatever the mission's name: two files, both in the folder.
    @Test(arguments: [
        ("../../etc/passwd", "______etc_passwd"), ("..", "__"), ("/", "_"), ("???***", "______"),
        ("«»!", "«»!"), ("", "mission"), (".", "_"),
        (String(repeating: "x", count: 300), String(repeating: "x", count: 200)),
        (String(repeating: "ж", count: 300), String(repeating: "ж", count: 100)),
    ])
    func aMissionsNameChoosesNoFolder(name: String, stem: String) throws {
        for mode in [Mode.strict, .standard] {
            let folder = try TestFolder()
            var source = calls("", name: name)
            for call in source.calls { source.calls.append(call) }
            let job = CompactionJob(source: &source, origin: origin)
            for number in [1, 2] {
                _ = try job.writeReplay(
                    of: try #require(job.recording(number)), from: &source, mode: mode,
                    folder: folder.path, options: .plain)
            }
            #expect(
                folder.replays == [
                    stem + "_20260308_200000.json", stem + "_20260308_200000_2.json",
                ])
        }
    }

    /// A frame that nobody else reached must not cost more than the guard's leap.
    @Test func oneWildFrameDoesNotFillTheDisk() throws {
        let folder = try TestFolder()
        var source = calls(
            ([RawCase.create] + (1...50).map { RawCase.state("\($0)") }
                + [RawCase.state("2000000"), RawCase.state("999999")])
                .joined(separator: "\n"))
        let job = CompactionJob(source: &source, origin: origin)
        for mode in [Mode.strict, .standard] {
            let (report, file) = try job.writeReplay(
                of: try #require(job.recording(1)), from: &source, mode: mode,
                folder: folder.path, options: .plain)
            #expect(report.tally.endFrame == 49)
            #expect(file.documentBytes < 10_000)
        }
    }

    /// Nor three that agree: no mission gets that far in the time that has passed.
    @Test func wildFramesThatAgreeDoNotFillTheDiskEither() throws {
        let folder = try TestFolder()
        var source = calls(
            ([RawCase.create] + (1...50).map { RawCase.state("\($0)") }
                + ["900000", "900001", "900002", "900003", "51"].map { RawCase.state($0) })
                .joined(separator: "\n"))
        let job = CompactionJob(source: &source, origin: origin)
        for mode in [Mode.strict, .standard] {
            let (report, file) = try job.writeReplay(
                of: try #require(job.recording(1)), from: &source, mode: mode,
                folder: folder.path, options: .plain)
            #expect(report.tally.endFrame == 50)
            #expect(report.rejects.count == 4)
            #expect(file.documentBytes < 10_000)
        }
    }

    private func part(_ key: String, of text: String) throws -> String {
        let ends = [
            "head": ",\"times\":", "endFrame": ",\"captureDelay\"", "times": ",\"entities\":",
        ]
        let more = ["entities": ",\"events\":", "events": ",\"Markers\":", "Markers": "}\n"]
        let begin = key == "head" ? text.startIndex : text.range(of: "\"\(key)\":")?.upperBound
        guard let start = begin,
            let mark = ends[key] ?? more[key], let end = text.range(of: mark)?.lowerBound
        else { throw TestFailure(text: "no \(key) in \(text)") }
        return String(text[start..<end])
    }
}
