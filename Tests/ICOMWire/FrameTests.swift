// Frames from bytes and to bytes.

import Testing
import Values

@testable import ICOMWire

private func parse(_ text: String) throws -> Frame { try Frame.parse(Array(text.utf8).span) }

private func isFrame(_ line: [UInt8]) -> Bool {
    do throws(FrameError) {
        _ = try Frame.parse(line.span)
        return true
    } catch {
        return false
    }
}

private func sentence(_ text: String) -> String {
    do throws(FrameError) {
        _ = try Frame.parse(Array(text.utf8).span)
        return ""
    } catch {
        return error.sentence
    }
}

@Suite struct FrameTests {
    @Test func dataKeepsItsOwnBytes() throws {
        let data = #"{ "b":1e3, "a" : 9223372036854775807,"s":"\u00e9\ud83d\ude00"}"#
        let line = Array(
            #"{"data":\#(data),"type":"event","event_name":"x","target_server":"b"}"#.utf8)
        let frame = try Frame.parse(line.span)
        let range = try #require(frame.range(.data))
        #expect(String(decoding: line[range], as: UTF8.self) == data)
        #expect(frame.text(.targetServer, in: line.span) == Array("b".utf8))
    }

    @Test func unknownKeysAreIgnoredAndTheLastOfTwoCounts() throws {
        let line = Array(
            #"{"type":"register","extra":[{"type":"ack"}],"server_id":"a","server_id":"b"}"#.utf8)
        let frame = try Frame.parse(line.span)
        #expect(frame.type == .register)
        #expect(frame.text(.serverID, in: line.span) == Array("b".utf8))
    }

    @Test func everyKeyIsFoundByItsBytesAndByNoOthers() {
        for field in FrameField.allCases {
            let key = Array("\(field.key)".utf8)
            #expect(FrameField.named(key.span) == field)
            for index in key.indices {
                var other = key
                other[index] ^= 0x20
                #expect(FrameField.named(other.span) == nil)
            }
            let (shorter, longer) = (Array(key.dropLast()), key + [0x73])
            #expect(FrameField.named(shorter.span) == (field == .confirms ? .confirm : nil))
            #expect(FrameField.named(longer.span) == (field == .confirm ? .confirms : nil))
        }
        #expect(FrameField.named([UInt8]().span) == nil)
    }

    @Test func aKeyMayBeWrittenWithEscapes() throws {
        #expect(try parse(#"{"\u0074ype":"ping"}"#).type == .ping)
    }

    @Test(arguments: [
        "", "nonsense", "[]", #""x""#, "{}", #"{"type":1}"#, #"{"type":"nothing"}"#,
        #"{"type":"event","target_server":"a","event_name":"b"}"#,
        #"{"type":"register","server_id":5}"#, #"{"type":"register","server_id":null}"#,
        #"{"type":"ack","success":"yes"}"#, #"{"type":"ping"} x"#, "{\"type\":\"pi\tng\"}",
        #"{"type":"broadcast","event_name":"a","data":"\ud800"}"#,
        #"{"type":"broadcast","event_name":"a","data":nil}"#,
    ])
    func whatIsNoFrameIsNamed(text: String) {
        #expect(sentence(text).hasPrefix("Invalid JSON: "))
    }

    @Test func dataMayBeSixtyFourLevelsDeepAndNoDeeper() throws {
        func line(_ levels: Int) -> String {
            #"{"type":"broadcast","event_name":"a","data":"#
                + String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
                + "}"
        }
        #expect(try parse(line(64)).type == .broadcast)
        #expect(sentence(line(65)).contains("64 levels"))
        #expect(sentence(line(100_000)).contains("64 levels"))
    }

    @Test func nullIsDataAndNoDataIsNot() throws {
        let frame = try parse(#"{"type":"broadcast","event_name":"a","data":null}"#)
        #expect(frame.range(.data) != nil)
    }

    @Test func everyCutOfAFrameIsRefusedWithoutATrap() throws {
        let line = Array(
            #"{"type":"event","target_server":"b","event_name":"x","data":{"a":[1,"é"]}}"#.utf8)
        for count in 0..<line.count {
            #expect(!isFrame(Array(line[..<count])))
        }
        for index in line.indices {
            for bit in 0..<8 {
                var flipped = line
                flipped[index] ^= 1 << UInt8(bit)
                _ = isFrame(flipped)
            }
        }
    }

    @Test func writtenFramesHaveTheirKeysInOrder() {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        #expect(
            text(FrameText.ack(messageID: nil, error: nil))
                == #"{"type":"ack","message_id":null,"success":true,"error":null}"# + "\n")
        #expect(
            text(FrameText.ack(messageID: nil, error: HubText.notFound(Array("nowhere".utf8))))
                == #"{"type":"ack","message_id":null,"success":false,"#
                + #""error":"Target server 'nowhere' not found"}"# + "\n")
        #expect(
            text(FrameText.event(target: [97], name: [98], data: Array("[1]".utf8).span))
                == #"{"type":"event","target_server":"a","event_name":"b","data":[1]}"# + "\n")
        #expect(text(FrameText.bare(.list)) == #"{"type":"list"}"# + "\n")
    }

    @Test func aPlaceInTheOutboxComesBackAsItWas() {
        let place = OutboxPlace(
            log: Array("0f".utf8), sequence: .max, previous: 9_007_199_254_740_993, base: 0)
        #expect(OutboxPlace.parse(place.json.span) == place)
        for text in [
            "{}", "[]", #"{"log":"a"}"#, #"{"log":"a","sequence":-1}"#,
            #"{"log":"a","sequence":18446744073709551616}"#, #"{"log":1,"sequence":1}"#,
        ] {
            #expect(OutboxPlace.parse(Array(text.utf8).span) == nil)
        }
    }
}

@Suite struct LineTests {
    /// Feeds in pieces of so many bytes; nil stands for a line that was too long.
    private func lines(_ text: String, piece: Int, limit: Int = 1_000) -> [String?] {
        var assembler = LineAssembler(limitBytes: limit)
        var found: [String?] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let part = Array(bytes[start..<min(bytes.count, start + piece)])
            assembler.feed(part.span) { line in
                found.append(Self.text(line))
                return true
            }
        }
        assembler.finish { line in
            found.append(Self.text(line))
            return true
        }
        return found
    }

    private static func text(_ line: Span<UInt8>?) -> String? {
        guard let line else { return nil }
        return String(decoding: line.array, as: UTF8.self)
    }

    @Test(arguments: [1, 2, 3, 7, 1_000])
    func linesAreTheSameHoweverTheyArrive(piece: Int) {
        let text =
            "{\"a\":1}\r\n\n  \t\n {\"b\":2} \n" + String(repeating: "x", count: 40) + "\nlast"
        #expect(lines(text, piece: piece, limit: 30) == [#"{"a":1}"#, #"{"b":2}"#, nil, "last"])
    }

    @Test func theRestOfALineThatIsTooLongIsNoLine() {
        #expect(lines(String(repeating: "x", count: 50), piece: 8, limit: 20) == [nil])
    }
}
