// The texts of a call: the quick way and the plain way measure and copy the same, wherever the texts lie.

import CPlatform
import Testing

@Suite struct TextTests {
    /// Texts of many lengths at every place on a page, one after the other in memory.
    @Test func quickAndPlainAgreeAtEveryLengthAndPlaceOnAPage() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 3 * 4_096, alignment: 4_096)
        defer { memory.deallocate() }
        for length in [0, 1, 2, 7, 8, 14, 15, 16, 17, 24, 31, 32, 33, 34, 47, 48, 49, 100, 700] {
            for place in Array(0..<64) + Array(3_300...4_096) {
                memory.initializeMemory(as: UInt8.self, repeating: 0x41, count: 3 * 4_096)
                for at in 0..<length {
                    memory.storeBytes(
                        of: UInt8(1 + at % 255), toByteOffset: place + at, as: UInt8.self)
                }
                memory.storeBytes(of: 0, toByteOffset: place + length, as: UInt8.self)
                let text = UnsafePointer(
                    (memory + place).assumingMemoryBound(to: CChar.self))
                // In the middle of others, so that what is written behind it shows.
                check([text, nil, text, text + length, text], room: 5)
            }
        }
    }

    @Test func textsBeyondTheRoomForLengthsAreMeasuredAgain() {
        "first".withCString { first in
            "a text that is longer than two registers".withCString { second in
                for room in 0...4 { check([first, second, nil, second, first], room: room) }
            }
        }
    }

    @Test func aLimitedLengthLooksNoFurther() {
        "abcdef".withCString { text in
            #expect((0...7).map { bb_text_length_within(text, $0) } == [0, 1, 2, 3, 4, 5, 6, 6])
        }
    }

    private func check(_ texts: [UnsafePointer<CChar>?], room: Int) {
        var lengths = [UInt32](repeating: 77, count: texts.count)
        var plainLengths = lengths
        let count = UInt64(texts.count)
        let total = bb_measure_texts(texts, count, &lengths, UInt64(room))
        #expect(total == bb_measure_texts_plain(texts, count, &plainLengths, UInt64(room)))
        #expect(lengths == plainLengths)
        // A guard behind the 15 bytes that may be written.
        var copy = [UInt8](repeating: 0, count: Int(total) + 15) + [0xEE]
        var plain = copy
        bb_copy_texts(&copy, texts, count, lengths, UInt64(room))
        bb_copy_texts_plain(&plain, texts, count, plainLengths, UInt64(room))
        // `==` on arrays first: an expectation for each of a million bytes would take minutes.
        if copy != plain {
            Issue.record("a copy differs: \(texts.count) texts, \(total) bytes, room \(room)")
        }
    }
}
