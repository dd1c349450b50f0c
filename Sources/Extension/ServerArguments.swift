// The arguments of a server-side call as texts, on the game's thread: few, short, and cut before they
// could hurt. They come as the game prints them, or all together as one array.

import CPlatform
import Values

/// The arguments of one call.
struct ServerArguments {
    /// Without their quotes.
    private(set) var values: [[UInt8]] = []
    /// A bit for each that came as a String: a Number has lost digits beyond the sixth.
    private var strings: UInt64 = 0
    /// No command has more.
    private static let most = 8
    /// Longer texts are cut: a policy or a rule is the longest that is wanted.
    private static let longest = 16_384

    /// `name` is the function's text as the game passed it. In the string form it is the one argument,
    /// too; the text behind its first `|` counts then.
    init(_ arguments: CallPath.Arguments, name: UnsafePointer<CChar>?) {
        if unsafe arguments.count == 1 && arguments[0] == name {
            unsafe Self.withBytes(of: name) { text in
                for index in 0..<text.count where text[index] == UInt8(ascii: "|") {
                    add(text.extracting(index + 1..<text.count))
                    break
                }
            }
            return
        }
        var index = 0
        while index < min(Self.most, arguments.count) {
            unsafe Self.withBytes(of: arguments[index]) { bytes in
                // `_this` may come as one array instead of several arguments.
                if index == 0, arguments.count == 1, bytes.count > 0, bytes[0] == UInt8(ascii: "[")
                {
                    var place = 0
                    while let element = ListText.element(place, of: bytes) {
                        add(bytes.extracting(element))
                        place += 1
                    }
                } else {
                    add(bytes)
                }
            }
            index &+= 1
        }
    }

    var count: Int { values.count }

    @inline(never)
    private mutating func add(_ argument: Span<UInt8>) {
        if ArgumentText.isQuoted(argument) { strings |= 1 << UInt64(values.count & 63) }
        values.append(ArgumentText.value(argument))
    }

    /// The text of an argument, empty when it is missing.
    func text(_ index: Int) -> [UInt8] { index < values.count ? values[index] : [] }

    /// Whether it came as a String.
    func isString(_ index: Int) -> Bool { index < 64 && strings & 1 << UInt64(index) != 0 }

    /// Its number, -1 when it is none from 0 to 4 billion.
    func number(_ index: Int) -> Double {
        let text = text(index)
        guard let value = NumberParser.parse(text.span), value >= 0, value < 4e9 else { return -1 }
        return value
    }

    /// Seconds as milliseconds.
    func milliseconds(_ index: Int) -> Int64? {
        let value = number(index)
        return value < 0 ? nil : Int64(value * 1000)
    }

    /// The number of an attempt.
    func sequence(_ index: Int) -> UInt32? {
        let value = number(index)
        return value < 0 ? nil : UInt32(value)
    }

    /// A player's id; one that is longer than any that the game has is none.
    var id: [UInt8] {
        let text = text(0)
        return text.count <= 64 ? text : []
    }

    /// Steam id and name out of what `getUserInfo` gives; empty texts where it gives nothing.
    func user(_ index: Int) -> (uid: [UInt8], name: [UInt8]) {
        let list = text(index)
        return (Self.element(2, of: list, 64), Self.element(3, of: list, 512))
    }

    private static func element(_ place: Int, of list: [UInt8], _ limitBytes: Int) -> [UInt8] {
        guard let element = ListText.element(place, of: list.span), element.count <= limitBytes
        else { return [] }
        return ArgumentText.value(list.span.extracting(element))
    }

    private static func withBytes(
        of text: UnsafePointer<CChar>?, _ body: (Span<UInt8>) -> Void
    ) {
        guard let text = unsafe text else {
            let nothing: [UInt8] = []
            body(nothing.span)
            return
        }
        let length = unsafe Int(bb_text_length_within(text, UInt64(longest)))
        // `length` bytes stand in front of the text's NUL.
        let bytes = unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: length)
        unsafe body(bytes.span)
    }
}

/// An array as the game prints it. Objects and other values without quotes are passed on as they stand.
enum ListText {
    /// Where element number `place` of the outermost array stands; nil when there is none.
    static func element(_ place: Int, of text: Span<UInt8>) -> Range<Int>? {
        guard text.count > 1, text[0] == UInt8(ascii: "[") else { return nil }
        var (depth, number, start, index) = (0, 0, 1, 1)
        var isInside = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\"") {
                // A doubled quote leaves and comes back at once.
                isInside.toggle()
            } else if !isInside {
                if depth == 0, byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
                    if number == place { return index == 1 ? nil : start..<index }
                    if byte == UInt8(ascii: "]") { return nil }
                    number += 1
                    start = index + 1
                } else if byte == UInt8(ascii: "[") {
                    depth += 1
                } else if byte == UInt8(ascii: "]") {
                    depth -= 1
                }
            }
            index += 1
        }
        return nil
    }
}
