// The arguments of a server-side call as texts, on the game's thread: few, short, and cut before they
// could hurt. They come as the game prints them, or all together as one array.

import CPlatform
import Values

/// The arguments of one call.
struct ServerArguments {
    /// Without their quotes.
    private(set) var values: [[UInt8]] = []
    /// A bit for each that came as a String: a Number has lost digits beyond the sixth.
    private var strings: UInt8 = 0
    /// No command has more; what stands behind them is in the log alone. A bit of `strings` for each.
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
                    var list = ListText()
                    while values.count < Self.most, let element = list.next(of: bytes) {
                        add(bytes.extracting(element))
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
        if ArgumentText.isQuoted(argument) { strings |= 1 &<< UInt8(values.count) }
        values.append(ArgumentText.value(argument))
    }

    /// The text of an argument, empty when it is missing.
    func text(_ index: Int) -> [UInt8] { index < values.count ? values[index] : [] }

    /// Whether it came as a String.
    func isString(_ index: Int) -> Bool { strings & 1 << UInt8(index) != 0 }

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

    /// The number of an attempt, or of a row: nil when it is no whole number.
    func sequence(_ index: Int) -> UInt32? { UInt32(exactly: number(index)) }

    /// A player's id; one that is longer than any that the game has is none.
    var id: [UInt8] {
        let text = text(0)
        return text.count <= 64 ? text : []
    }

    /// Steam id and name out of what `getUserInfo` gives; empty texts where it gives nothing.
    func user(_ index: Int) -> (uid: [UInt8], name: [UInt8]) {
        let text = text(index)
        var list = ListText()
        _ = list.next(of: text.span)
        _ = list.next(of: text.span)
        let uid = Self.next(&list, of: text, 64)
        return (uid, Self.next(&list, of: text, 512))
    }

    @inline(never)
    private static func next(_ list: inout ListText, of text: [UInt8], _ limitBytes: Int) -> [UInt8]
    {
        guard let element = list.next(of: text.span), element.count <= limitBytes else { return [] }
        return ArgumentText.value(text.span.extracting(element))
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
