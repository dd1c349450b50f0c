// One mission before and after a crash, from two logs: joined into one recording in which nothing of
// the two is mixed.

import Mission
import Testing
import Values

private typealias Line = (String, [String])

private func soldier(_ id: Int, frame: Int = 1) -> Line {
    (
        ":SOLDIER:CREATE:",
        [
            "\(frame)", "\(id)", "\"N\(id)\"", "\"\"", "\"WEST\"", "0", "\"\"", "\"\"", "\"\"",
            "\"\"", "\"[]\"",
        ]
    )
}

private func soldierState(_ id: Int, frame: Int) -> Line {
    (
        ":SOLDIER:STATE:",
        [
            "\(id)", "[1,2,3]", "0", "1", "0", "\"\"", "0", "\"\"", "\(frame)", "1", "0", "\"\"",
            "\"\"", "-1", "\"\"",
        ]
    )
}

private func vehicle(_ id: Int) -> Line {
    (":VEHICLE:CREATE:", ["1", "\(id)", "\"car\"", "\"Truck\"", "\"C\"", "\"[]\"", "\"WEST\""])
}

private func vehicleState(_ id: Int, crew: String, frame: Int) -> Line {
    (
        ":VEHICLE:STATE:",
        [
            "\(id)", "[1,2,3]", "0", "1", crew, "\(frame)", "1", "0", "1", "0", "\"WEST\"",
            "[0,1,0]", "[0,0,1]", "0", "0",
        ]
    )
}

private func marker(_ name: String) -> Line {
    (
        ":MARKER:CREATE:",
        [
            "\"\(name)\"", "0", "\"t\"", "\"\"", "1", "-1", "0", "\"#000000\"", "\"[1,1]\"",
            "\"-1\"", "[1,2,3]", "\"ICON\"", "1", "\"Solid\"",
        ]
    )
}

private let save: Line = (":MISSION:SAVE:", [])

/// The log of a later process: as many seconds after the first one's last call.
private func later(_ lines: [Line], seconds: Int64, after first: CallList) -> CallList {
    var list = CallList(lines)
    let begin = (first.calls.last?.time ?? 0) + seconds * 1_000_000_000
    for index in list.calls.indices { list.calls[index].time += begin - 100_000_000 }
    return list
}

private struct Joined {
    var sink = EventList()
    var gaps: [RecordingGap] = []
    var rejects: [String] = []
}

/// The last recording of each list but the last one with the first recording of the next.
private func join(_ lists: [CallList]) -> Joined {
    var joined = Joined()
    var joiner = RecordingJoiner()
    for (place, calls) in lists.enumerated() {
        var source = calls
        let index = RecordingIndex.build(from: &source)
        let isLast = place == lists.count - 1
        guard let span = isLast ? index.recordings.first : index.recordings.last else { continue }
        var rejects = Rejects()
        var partOrigin = origin
        partOrigin.logID = Array(repeating: UInt8(place), count: 16)
        joiner.read(
            span, from: &source, origin: partOrigin, isLast: isLast, into: &joined.sink,
            rejects: &rejects)
        joined.rejects += rejects.list.map { $0.sentence }
    }
    joined.gaps = joiner.gaps
    return joined
}

@Test func aJoinedRecordingShowsTheGapAndMixesNoIdsFramesOrMarkers() {
    let first = CallList([
        start, soldier(0), soldier(1), vehicle(2), marker("a"),
        soldierState(0, frame: 3), vehicleState(2, crew: "[0,1]", frame: 5),
        (":SOLDIER:DELETE:", ["1", "4"]),
    ])
    let second = later(
        [
            start, soldier(0), vehicle(1), marker("a"), soldierState(0, frame: 2),
            vehicleState(1, crew: "[0]", frame: 4),
            (":EVENT:KILL:", ["4", "0", "77", "\"gun\"", "10"]), save,
        ], seconds: 125, after: first)
    let joined = join([first, second])
    let lines = joined.sink.lines.map { $0.split(separator: " ").prefix(5).joined(separator: " ") }
    #expect(
        lines == [
            "soldier 0 frame 1 ‹N0›", "soldier 1 frame 1 ‹N1›", "vehicle 2 frame 1 ‹car›",
            "marker 1 frame 1 ‹a›", "soldierState 0 frame 3 (1,2,3)",
            "vehicleState 2 frame 5 (1,2,3)", "deleted S1 frame 4",
            // What is left ends with the first part.
            "deleted S0 frame 5", "deleted V2 frame 5", "markerDeleted 1 5",
            "general 6 ‹generalEvent› ‹Recording interrupted:",
            // 5 frames, 125 of the gap; three ids were taken.
            "soldier 3 frame 131 ‹N0›", "vehicle 4 frame 131 ‹car›", "marker 2 frame 131 ‹a›",
            "soldierState 3 frame 132 (1,2,3)", "vehicleState 4 frame 134 (1,2,3)",
            "killed S3 by ?65535 frame",
        ])
    #expect(joined.sink.lines[5].contains("crew ‹[0,1]›"))
    #expect(joined.sink.lines[15].contains("crew ‹[3]›"))
    #expect(joined.sink.lines[10].contains("the server was down for 2 min 5 s›"))
    #expect(joined.gaps.map { $0.nanoseconds } == [125_000_000_000])
    #expect(joined.gaps.map { $0.frame } == [6])
    #expect(joined.gaps.map { $0.frameCount } == [125])
}

@Test func aJoinedRecordingIsTheFirstPartsAndEndsLikeTheLast() {
    let first = CallList([start, save, start, soldier(0), soldierState(0, frame: 2)])
    let second = later([start, soldierState(9, frame: 1), save], seconds: 60, after: first)
    let joined = join([first, second])
    #expect(joined.sink.header?.logID == Array(repeating: 0, count: 16))
    #expect(joined.sink.header?.number == 2)
    #expect(joined.sink.footer?.end == .saved)
    #expect(joined.sink.footer?.callCount == 6)
    #expect(joined.sink.footer?.rejectedCount == 1)
    #expect(joined.sink.footer?.last == Stamp(sequence: 3, time: second.calls[2].time))
}

@Test func threePartsStandBehindEachOther() {
    let one = CallList([start, soldier(5), soldierState(5, frame: 10)])
    let two = later([start, soldier(0), soldierState(0, frame: 7)], seconds: 30, after: one)
    let three = later([start, soldier(0), soldierState(0, frame: 1), save], seconds: 5, after: two)
    let joined = join([one, two, three])
    #expect(joined.gaps.map { $0.frame } == [11, 48])
    let last = joined.sink.lines.last ?? ""
    #expect(last.hasPrefix("soldierState 7 frame 53 "), "\(last)")
}

@Test func idsThatFindNoPlaceAreRejectedAndCounted() {
    let first = CallList([start, soldier(65_000), soldierState(65_000, frame: 1)])
    let second = later(
        [start, soldier(534), soldier(535), soldierState(534, frame: 1), save], seconds: 1,
        after: first)
    let joined = join([first, second])
    #expect(
        joined.rejects == ["id 535 has no place behind the 65001 ids of the joined parts before it"]
    )
    #expect(joined.sink.footer?.rejectedCount == 1)
    #expect(joined.sink.lines.last?.hasPrefix("soldierState 65535 frame 3 ") == true)
}

@Test func onlyTheSameMissionSoonAfterACrashContinuesARecording() throws {
    func span(_ lines: [Line]) throws -> RecordingSpan {
        var source = CallList(lines)
        return try #require(RecordingIndex.build(from: &source).recordings.first)
    }
    let quarter: Int64 = 900_000_000_000
    let crashed = CallList([start, soldier(0)])
    var source = crashed
    let earlier = try #require(RecordingIndex.build(from: &source).recordings.first)
    func next(_ seconds: Int64, _ begin: Line = start) throws -> RecordingSpan {
        var source = later([begin], seconds: seconds, after: crashed)
        return try #require(RecordingIndex.build(from: &source).recordings.first)
    }
    #expect(try next(900).continues(earlier, windowNanoseconds: quarter))
    #expect(try !next(901).continues(earlier, windowNanoseconds: quarter))
    #expect(try !next(-1).continues(earlier, windowNanoseconds: quarter))
    for (from, to) in [
        ("\"\"m\"\",", "\"\"n\"\","), ("captureDelay\"\": 1", "captureDelay\"\": 2"),
    ] {
        let other = goodMission.replacingOccurrences(from, to)
        let begin: Line = (":MISSION:START:", [goodWorld, other])
        #expect(try !next(60, begin).continues(earlier, windowNanoseconds: quarter))
    }
    let elsewhere: Line = (
        ":MISSION:START:", [goodWorld.replacingOccurrences("stratis", "altis"), goodMission]
    )
    #expect(try !next(60, elsewhere).continues(earlier, windowNanoseconds: quarter))
    let saved = try span([start, save])
    #expect(try !next(60).continues(saved, windowNanoseconds: quarter))
}

extension String {
    fileprivate func replacingOccurrences(_ one: String, _ other: String) -> String {
        split(separator: one, omittingEmptySubsequences: false).joined(separator: other)
    }
}
