// What a script hears, and the text that a refused player sees.

import Values

/// The answer to a script: a text and the call's return code.
public struct GateReply: Equatable, Sendable {
    /// What the script reads; UTF-8.
    public var text: [UInt8]
    /// 0 done, 1 which player is not clear, 2 unknown, 3 too late, 4 meant for an older attempt,
    /// 5 the arguments can't be used. Admin commands: see `AdminDesk.request`.
    public var code: Int32

    /// A fixed text.
    @inline(never)
    public init(_ text: StaticString, _ code: Int32 = 0) {
        self.text = [UInt8](bytesOf: text)
        self.code = code
    }

    /// Bytes that are UTF-8.
    public init(bytes: [UInt8], _ code: Int32 = 0) {
        text = bytes
        self.code = code
    }
}

/// A text from a script or a configuration that can't be used.
public struct GateTextError: Error {
    /// Which key, and what it must be.
    public var key: [UInt8]
    /// A sentence that the key stands in front of.
    public var problem: StaticString

    init(_ key: [UInt8], _ problem: StaticString) {
        self.key = key
        self.problem = problem
    }

    /// `Error: …`
    public var reply: GateReply {
        var text = [UInt8](bytesOf: "Error: ")
        text += key
        text.put(problem)
        return GateReply(bytes: text, 5)
    }
}

/// The text that a refused player sees.
public enum ReasonText {
    /// Characters at most.
    public static let limit = 200

    /// Control characters, line breaks and `"` become spaces, outer spaces go, at most 200 characters
    /// are kept; text that is not UTF-8 is mended.
    public static func clean(_ text: [UInt8]) -> [UInt8] {
        var mended: [UInt8] = []
        UTF8Text.appendRepaired(text.span, to: &mended)
        var kept: [UInt8] = []
        var characters = 0
        var index = 0
        while index < mended.count, characters < limit {
            var end = index + 1
            while end < mended.count, mended[end] & 0xC0 == 0x80 { end += 1 }
            if isBlank(mended, index) {
                if !kept.isEmpty { kept.put(" ") }
            } else {
                kept += mended[index..<end]
            }
            characters += 1
            index = end
        }
        while kept.last == 0x20 { kept.removeLast() }
        return kept
    }

    /// Space, quote, a control character (also those of U+0080 to U+009F), a line or paragraph
    /// separator.
    private static func isBlank(_ text: [UInt8], _ index: Int) -> Bool {
        let byte = text[index]
        if byte <= 0x20 || byte == 0x22 || byte == 0x7F { return true }
        if byte == 0xC2 { return index + 1 < text.count && text[index + 1] < 0xA0 }
        guard byte == 0xE2, index + 2 < text.count, text[index + 1] == 0x80 else { return false }
        return text[index + 2] == 0xA8 || text[index + 2] == 0xA9
    }
}
