// The arguments of a server-side call as texts, on the game's thread: few, short, and cut before they
// could hurt. They come as the game prints them; the first may be an array that stands for several.

import CPlatform
import Values

/// The arguments of one call. Their texts stand in a buffer that the next call uses again, so that a poll
/// of the gate takes nothing from the heap.
struct ServerArguments {
    /// One behind the other, without their quotes.
    private var bytes: [UInt8] = []
    /// Where each ends, of the first `count`.
    private var ends = InlineArray<8, Int>(repeating: 0)
    private(set) var count = 0
    /// The first came as a String: a Number has lost digits beyond the sixth.
    private(set) var isFirstString = false
    /// No command has more; what stands behind them is in the log alone. A place in `ends` for each.
    private static let most = 8
    /// Longer texts are cut: a policy or a rule is the longest that is wanted.
    private static let longest = 16_384

    /// Takes in the arguments of a call. `name` is the function's text as the game passed it. In the
    /// string form it is the one argument, too; the text behind its first `|` counts then.
    mutating func read(_ arguments: CallPath.Arguments, name: UnsafePointer<CChar>?) {
        bytes.removeAll(keepingCapacity: true)
        count = 0
        let isString = unsafe arguments.count == 1 && arguments[0] == name
        for index in 0..<min(Self.most, arguments.count) {
            unsafe Self.withBytes(of: arguments[index]) { text in
                var start = 0
                if isString {
                    while start < text.count, text[start] != UInt8(ascii: "|") { start += 1 }
                    start += 1
                }
                guard start <= text.count else { return }
                add(text.extracting(start..<text.count), isFirst: index == 0)
            }
        }
    }

    /// The first may be `_this` as it is, an array that stands for several. A later array is what
    /// `getUserInfo` gives: Steam id and name stand for it, empty where it gives nothing.
    private mutating func add(_ argument: Span<UInt8>, isFirst: Bool) {
        guard argument.count > 0, argument[0] == UInt8(ascii: "[") else { return add(argument) }
        var list = ListText()
        if isFirst {
            while let element = list.next(of: argument) {
                add(argument.extracting(element), isFirst: false)
            }
            return
        }
        _ = list.next(of: argument)
        _ = list.next(of: argument)
        for _ in 0..<2 {
            let element = list.next(of: argument) ?? 0..<0
            add(argument.extracting(element.count <= 512 ? element : 0..<0))
        }
    }

    @inline(never)
    private mutating func add(_ argument: Span<UInt8>) {
        guard count < Self.most else { return }
        if count == 0 { isFirstString = ArgumentText.isQuoted(argument) }
        ArgumentText.put(argument, into: &bytes)
        ends[count] = bytes.count
        count += 1
    }

    /// The text of an argument, empty when it is missing or longer than `limit`; good until the next call
    /// is read.
    @inline(never)
    @_lifetime(borrow self)
    func span(_ index: Int, limit: Int = longest) -> Span<UInt8> {
        let start = index > 0 && index < count ? ends[index - 1] : 0
        let end = index < count ? ends[index] : 0
        return bytes.span.extracting(start..<(end - start <= limit ? end : start))
    }

    /// The same, to be kept.
    @inline(never)
    func text(_ index: Int) -> [UInt8] { span(index).array }

    /// All of them, behind `first`.
    func texts(behind first: [[UInt8]]) -> [[UInt8]] {
        var texts = first
        for index in 0..<count { texts.append(text(index)) }
        return texts
    }

    /// Its number, -1 when it is none from 0 to 4 billion.
    func number(_ index: Int) -> Double {
        guard let value = NumberParser.parse(span(index)), value >= 0 else { return -1 }
        return value < 4e9 ? value : -1
    }

    /// Seconds as milliseconds.
    func milliseconds(_ index: Int) -> Int64? {
        let value = number(index)
        return value < 0 ? nil : Int64(value * 1000)
    }

    /// The number of an attempt, or of a row: nil when it is no whole number.
    func sequence(_ index: Int) -> UInt32? { UInt32(exactly: number(index)) }

    private static func withBytes(
        of text: UnsafePointer<CChar>?, _ body: (Span<UInt8>) -> Void
    ) {
        // A nil counts as an empty text. `length` bytes stand in front of the text's NUL.
        var length = 0
        if let text = unsafe text {
            length = unsafe Int(bb_text_length_within(text, UInt64(longest)))
        }
        let bytes = unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self), count: length)
        unsafe body(bytes.span)
    }
}
