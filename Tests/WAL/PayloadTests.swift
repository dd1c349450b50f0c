// The payloads that are not calls: what was encoded is decoded, and any other bytes are nothing or
// something harmless.

import FaultHarness
import Testing
import Values

@testable import WAL

@Suite struct PayloadTests {
    @Test func aClockAnchorIsReadOrNothing() {
        let anchor = ClockAnchor(wall: -5, monotonic: .max, utcOffset: -3600)
        let bytes = anchor.encoded()
        #expect(bytes.count == 24)
        #expect(ClockAnchor.decode(bytes.span) == anchor)
        for count in 0..<bytes.count {
            let read = ClockAnchor.decode(Array(bytes[..<count]).span)
            #expect(read == (count < 20 ? nil : anchor), "\(count) bytes")
        }
    }

    @Test func aTimeNeverOverflows() {
        for wall in [Int64.min, -1, 0, .max] {
            for monotonic in [0, 1, UInt64.max] {
                let anchor = ClockAnchor(wall: wall, monotonic: monotonic, utcOffset: 0)
                for time in [0, 1, UInt64.max / 2, .max] { _ = anchor.wallTime(of: time) }
                #expect(anchor.wallTime(of: monotonic) == wall)
            }
        }
    }

    @Test func aLossIsReadWholeOrNotAtAll() {
        let loss = Loss(
            count: 7, first: 100, last: 106, reason: LossReason.noSpace.rawValue,
            byClass: [4, 2, 1])
        let bytes = loss.encoded()
        #expect(bytes.count == 56)
        #expect(Loss.decode(bytes.span) == loss)
        for count in 0..<bytes.count {
            #expect(Loss.decode(Array(bytes[..<count]).span) == nil, "\(count) bytes")
        }
        #expect(Loss.decode([UInt8](repeating: 0xFF, count: 56).span)?.count == .max)
    }

    @Test func aMarkIsReadWholeOrNotAtAll() {
        let mark = MissionMark(call: .max - 1, number: 3)
        let bytes = mark.encoded()
        #expect(bytes.count == MissionMark.byteCount)
        #expect(MissionMark.decode(bytes.span) == mark)
        for count in 0..<bytes.count {
            #expect(MissionMark.decode(Array(bytes[..<count]).span) == nil, "\(count) bytes")
        }
    }

    private func names(_ dictionary: CommandDictionary) -> [Command] {
        (0...UInt16.max).compactMap { dictionary.place(of: $0).flatMap(dictionary.command(at:)) }
    }

    @Test func theDictionaryNamesEveryCommand() {
        let (bytes, count) = CommandDictionary.payload()
        #expect(count == Command.allCases.count)
        var dictionary = CommandDictionary()
        dictionary.read(bytes.span)
        for command in Command.allCases {
            let place = dictionary.place(of: command.rawValue)
            #expect(place.flatMap(dictionary.command(at:)) == command)
        }
        dictionary.clear()
        #expect(names(dictionary) == [])
    }

    @Test func aDictionaryCutAnywhereGivesTheEntriesInFrontOfTheCut() {
        let (bytes, _) = CommandDictionary.payload()
        var ends = [0]
        for command in Command.allCases {
            ends.append(ends[ends.count - 1] + 3 + command.name.utf8CodeUnitCount)
        }
        var dictionary = CommandDictionary()
        for length in stride(from: 0, to: bytes.count, by: 5) {
            dictionary.clear()
            dictionary.read(Array(bytes[..<length]).span)
            let known = Command.allCases.filter { dictionary.place(of: $0.rawValue) != nil }
            #expect(known.count == ends.filter { $0 > 0 && $0 <= length }.count, "cut at \(length)")
        }
    }

    @Test func anyBytesAreADictionaryOfSomething() {
        var random = Random(seed: 3)
        var dictionary = CommandDictionary()
        for count in 0..<300 {
            dictionary.read(random.bytes(count).span)
            for kind in 0...UInt16(255) {
                if let place = dictionary.place(of: kind) { _ = dictionary.name(at: place).count }
            }
        }
    }

    @Test func theNewestEntryOfAKindCounts() throws {
        var dictionary = CommandDictionary()
        dictionary.read(
            [65, 0, 1, UInt8(ascii: "a"), 65, 0, 2, UInt8(ascii: "b"), UInt8(ascii: "c")].span)
        let place = try #require(dictionary.place(of: 65))
        let name = dictionary.name(at: place)
        #expect(name.count == 2 && name[0] == UInt8(ascii: "b"))
        #expect(dictionary.command(at: place) == nil)
    }
}
