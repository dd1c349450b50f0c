// The life of a server process: what belongs to which recording, and what to none.

import Mission
import Testing
import Values

private typealias Line = (String, [String])

private func general(_ frame: Int, _ text: String) -> Line {
    (":EVENT:GENERAL:", ["\(frame)", "\"e\"", "\"\(text)\"", "\"{}\""])
}

private func soldier(_ id: Int, frame: Int = 1) -> Line {
    (
        ":SOLDIER:CREATE:",
        [
            "\(frame)", "\(id)", "\"N\"", "\"\"", "\"WEST\"", "0", "\"\"", "\"\"", "\"\"", "\"\"",
            "\"[]\"",
        ]
    )
}

private func state(_ id: Int, frame: Int) -> Line {
    (
        ":SOLDIER:STATE:",
        [
            "\(id)", "[1,2,3]", "0", "1", "0", "\"\"", "0", "\"\"", "\(frame)", "1", "0", "\"\"",
            "\"\"", "-1", "\"\"",
        ]
    )
}

private let save: Line = (":MISSION:SAVE:", [])
private let setUp: [Line] = [
    (":SYS:VERSION:", []), (":SYS:INIT:", []), (":SYS:ADDON_VERSION:", ["\"2.1.0\""]),
    (":STORAGE:INIT:", []),
]
private let badStart: Line = (":MISSION:START:", [goodWorld, "\"{}\""])

/// The general events' texts, a list for each recording.
private func messages(_ decoded: Decoded) -> [[String]] {
    decoded.recordings.map { recording in
        recording.lines.compactMap { line in
            guard line.hasPrefix("general") else { return nil }
            return line.split(separator: " ").dropFirst(3).first.map {
                String($0.dropFirst().dropLast())
            }
        }
    }
}

@Test func severalMissionsInOneProcessAreKeptApart() {
    let decoded = decode(
        CallList(
            setUp + [start, general(1, "a"), save] + setUp + [start, general(1, "b"), save]))
    #expect(messages(decoded) == [["a"], ["b"]])
    #expect(decoded.index.recordings.map(\.number) == [1, 2])
    #expect(decoded.index.recordings.map(\.startSequence) == [5, 12])
    #expect(decoded.index.recordings.map(\.calls) == [5...7, 12...14])
    #expect(decoded.recordings.map(\.footer?.end) == [.saved, .saved])
    #expect(decoded.recordings.map(\.header?.addonVersion) == ["2.1.0", "2.1.0"])
    #expect(decoded.rejectLines == [])
    let footer = decoded.recordings[1].footer
    #expect(footer?.callCount == 3)
    #expect(footer?.last == Stamp(sequence: 14, time: 1_400_000_000))
    #expect(footer?.utcOffsetSeconds == 3600)
    #expect(decoded.recordings[1].header?.logID == origin.logID)
    #expect(decoded.recordings[1].header?.extensionVersion == "v9")
}

@Test func aSecondRecordingOfAMissionStartsAfreshWithItsOwnIds() {
    let decoded = decode(
        CallList([
            start, soldier(0), state(0, frame: 2), save, start, state(0, frame: 2), soldier(1),
            save,
        ]))
    #expect(decoded.recordings.map { $0.lines.count } == [2, 1])
    #expect(
        decoded.rejectLines == [
            "6 :SOLDIER:STATE: no CREATE of this recording explains soldier 0"
        ])
    #expect(decoded.recordings[1].footer?.rejectedCount == 1)
}

@Test func aStartRightAfterTheSaveMixesNothing() {
    let decoded = decode(CallList([start, general(5, "a"), save, start, general(1, "b")]))
    #expect(messages(decoded) == [["a"], ["b"]])
    #expect(decoded.recordings.map(\.footer?.end) == [.saved, .logEnded])
    #expect(decoded.recordings.map(\.header?.addonVersion) == ["unknown", "unknown"])
}

@Test func aStartWithoutASaveEndsTheRecordingBeforeIt() {
    let decoded = decode(CallList([start, general(1, "a"), start, general(1, "b"), save]))
    #expect(messages(decoded) == [["a"], ["b"]])
    #expect(decoded.recordings.map(\.footer?.end) == [.replaced, .saved])
    #expect(decoded.index.recordings.map(\.calls) == [1...2, 3...5])
    #expect(decoded.recordings[0].footer?.callCount == 2)
}

@Test func anOpenedStorageEndsARecordingAndAnotherOneDoesNothing() {
    let decoded = decode(
        CallList([
            (":STORAGE:INIT:", []), (":STORAGE:INIT:", []), start, general(1, "a"),
            (":STORAGE:INIT:", []), (":STORAGE:INIT:", []), start, general(1, "b"),
        ]))
    #expect(messages(decoded) == [["a"], ["b"]])
    #expect(decoded.recordings.map(\.footer?.end) == [.replaced, .logEnded])
    #expect(decoded.index.recordings.map(\.calls) == [3...4, 7...8])
    #expect(decoded.rejectLines == [])
}

@Test func whatComesWhileAMissionIsSetUpBelongsToIt() {
    let calls = CallList(
        [(":SYS:VERSION:", []), general(0, "early")] + setUp.dropFirst() + [
            general(0, "later"), start, general(1, "a"), save,
        ])
    let decoded = decode(calls)
    #expect(messages(decoded) == [["early", "later", "a"]])
    #expect(decoded.rejectLines == [])
    #expect(decoded.index.recordings.map(\.startSequence) == [7])
    let strict = decode(calls, mode: .strict)
    #expect(messages(strict) == [["a"]])
    #expect(
        strict.rejectLines == [
            "2 :EVENT:GENERAL: it came before the recording began",
            "6 :EVENT:GENERAL: it came before the recording began",
        ])
}

@Test func betweenTwoRecordingsOfAMissionOnlyFrameZeroBelongsToTheNext() {
    let decoded = decode(
        CallList([start, save, general(40, "late"), general(0, "joined"), start, save]))
    #expect(messages(decoded) == [[], ["joined"]])
    #expect(
        decoded.rejectLines == [
            "3 :EVENT:GENERAL: it came after the save and before the next recording"
        ])
}

@Test func whatComesAfterTheLastSaveBelongsToNothing() {
    let decoded = decode(
        CallList([start, save, general(0, "left"), state(0, frame: 4)] + setUp + [start, save]))
    #expect(messages(decoded) == [[], []])
    #expect(
        decoded.rejectLines == [
            "3 :EVENT:GENERAL: it came after the save and before the next recording",
            "4 :SOLDIER:STATE: it came after the save and before the next recording",
        ])
    let atTheEnd = decode(CallList([start, save, general(0, "left")]))
    #expect(atTheEnd.rejectLines.count == 1)
}

@Test func aSaveOfNothingIsListed() {
    let decoded = decode(CallList([save, start, save, save]))
    #expect(decoded.recordings.count == 1)
    #expect(
        decoded.rejectLines == [
            "1 :MISSION:SAVE: there was no recording to save",
            "4 :MISSION:SAVE: there was no recording to save",
        ])
}

@Test func aStartThatCannotBeReadIsNone() {
    let alone = decode(CallList([badStart, general(1, "a"), save]))
    #expect(alone.recordings.isEmpty)
    #expect(
        alone.rejectLines == [
            "1 :MISSION:START: the mission object has no \"missionName\"",
            "3 :MISSION:SAVE: there was no recording to save",
            "2 :EVENT:GENERAL: it came after the save and before the next recording",
        ])
    let within = decode(CallList([start, general(1, "a"), badStart, general(2, "b"), save]))
    #expect(messages(within) == [["a", "b"]])
    #expect(
        within.rejectLines == ["3 :MISSION:START: the mission object has no \"missionName\""])
    let missing = decode(CallList([(":MISSION:START:", [goodWorld])]))
    #expect(
        missing.rejectLines == [
            "1 :MISSION:START: :MISSION:START: needs a world and a mission object, it came with "
                + "1 argument(s)"
        ])
}

@Test func anUnsavedRecordingEndsWithTheLog() {
    let decoded = decode(CallList([start, soldier(0), state(0, frame: 9), ("icom:x", [])]))
    #expect(decoded.recordings[0].footer?.end == .logEnded)
    #expect(decoded.recordings[0].footer?.last.sequence == 4)
    #expect(decoded.index.last?.sequence == 4)
    #expect(decoded.index.callCount == 4)
}

@Test func aLogCanBeIndexedUpToACall() {
    var calls = CallList([start, general(1, "a"), save, start, general(1, "b"), save])
    let index = RecordingIndex.build(from: &calls, through: 3)
    #expect(index.recordings.count == 1)
    #expect(index.recordings[0].end == .saved)
}

@Test func anOpenFocusRangeEndsWithTheLastFrame() {
    let decoded = decode(
        CallList([
            start, soldier(0), (":MISSION:FOCUS_START:", ["3"]), state(0, frame: 9), save, start,
            (":MISSION:FOCUS_END:", ["5"]), save,
        ]))
    #expect(decoded.recordings[0].lines.last == "focus 3 9")
    #expect(decoded.recordings[1].lines == [])
    let tooShort = decode(
        CallList([start, soldier(0), (":MISSION:FOCUS_START:", ["9"]), state(0, frame: 9), save]))
    #expect(tooShort.recordings[0].events.count == 2)
}

@Test func framesBehindALostPartOfTheLogAreBelievedWhenTheyAgree() {
    var calls = CallList([
        start, soldier(0), state(0, frame: 10), state(0, frame: 100_000), state(0, frame: 11),
        state(0, frame: 90_000), state(0, frame: 90_001), state(0, frame: 90_001),
        state(0, frame: 90_002), save,
    ])
    // The part that is lost: two and a half hours, ten frames a second.
    for index in 5..<calls.calls.count { calls.calls[index].time += 9_000_000_000_000 }
    let decoded = decode(calls)
    let frames = decoded.recordings[0].events.compactMap { event -> UInt32? in
        if case .soldierState(let state) = event { state.frame } else { nil }
    }
    #expect(frames == [10, 11, 90_001, 90_002])
    #expect(decoded.rejects.count == 3)
}

@Test func callsThatWaitInVainAreListed() {
    // The CREATE that they wait for has a name and an id, but no usable frame.
    var bad = soldier(4)
    bad.1[0] = "never"
    let decoded = decode(CallList([start, state(4, frame: 1), bad, save]))
    #expect(
        decoded.rejectLines == [
            "3 :SOLDIER:CREATE: argument 0 (frame) is no number",
            "2 :SOLDIER:STATE: the CREATE it waited for could not be used",
        ])
}

@Test func rejectsAreAllCountedAndTheFirstListed() {
    var source = CallList([start] + (0..<50).map { _ in state(7, frame: 1) } + [save])
    let index = RecordingIndex.build(from: &source)
    var rejects = Rejects(listLimit: 10)
    var sink = EventList()
    index.read(
        index.recordings[0], from: &source, origin: origin, mode: .standard, into: &sink,
        rejects: &rejects)
    #expect(rejects.count == 50)
    #expect(rejects.list.count == 10)
    #expect(rejects.unlistedCount == 40)
    #expect(sink.footer?.rejectedCount == 50)
}

@Test func aSaveInThePlainFormIsASave() {
    var calls = CallList([start, general(1, "a")])
    calls.add(":MISSION:SAVE:", bytes: [], form: .string)
    let decoded = decode(calls)
    #expect(decoded.recordings[0].footer?.end == .saved)
}
