import Testing

@testable import Extension

@Test func aReplyIsCutBetweenCharactersAndAlwaysTerminated() {
    let text = "aé€😀z"
    for size in 1...16 {
        let got = reply(size) { buffer in
            text.withCString { buffer.putQuoted($0) }
            buffer.finish()
        }
        #expect(text.hasPrefix(got))
        // Not more than one character's bytes are left unused.
        #expect(got.utf8.count == text.utf8.count || got.utf8.count + 4 >= size - 1)
    }
}

@Test func aReplyIsCutTheSameWayWhenItIsPutInOnePiece() {
    for size in 1...12 {
        let got = reply(size) { buffer in
            buffer.put("[é€😀]")
            buffer.finish()
        }
        #expect("[é€😀]".hasPrefix(got))
    }
}

@Test func nothingIsWrittenToNoBuffer() {
    var none = ReplyBuffer(nil, size: 100)
    none.put("text")
    none.finish()
    #expect(
        reply(0) {
            $0.put("text"); $0.finish()
        } == "")
}

@Test func quotesAreDoubledAndBadBytesReplaced() {
    let text: [CChar] = [0x61, 0x22, CChar(bitPattern: 0xFF), CChar(bitPattern: 0xC3), 0x62, 0]
    let got = reply(100) { buffer in
        buffer.putQuoted(text)
        buffer.finish()
    }
    #expect(got == "a\"\"\u{FFFD}\u{FFFD}b")
}

@Test func overlongFormsAndSurrogatesAreNoCharacters() {
    for bad: [UInt8] in [
        [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ] {
        let text = bad.map { CChar(bitPattern: $0) } + [0]
        let got = reply(100) { buffer in
            buffer.putQuoted(text)
            buffer.finish()
        }
        #expect(got == String(repeating: "\u{FFFD}", count: bad.count))
    }
}

@Test func numbersAreWrittenInFull() {
    for number: UInt64 in [0, 9, 10, 99, 100, 1_772_908_805_123_456_789, .max] {
        let got = reply(32) { buffer in
            buffer.put(number: number)
            buffer.finish()
        }
        #expect(got == String(number))
    }
}
