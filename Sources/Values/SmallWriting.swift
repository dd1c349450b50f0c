// Appending and comparing for code that runs a few times a second at most: never inlined, because in
// the plug-in the size of such code counts and its speed does not.

extension [UInt8] {
    /// Appends a static text.
    @inline(never)
    public mutating func put(_ text: StaticString) { append(contentsOf: text) }

    /// Appends a number in decimal.
    @inline(never)
    public mutating func put(number: Int64) { appendDecimal(number) }

    /// Appends milliseconds as seconds with up to three decimals: `12`, `12.5`, `0.25`.
    @inline(never)
    public mutating func put(seconds milliseconds: Int64) {
        var rest = Swift.max(0, milliseconds)
        put(number: rest / 1000)
        rest %= 1000
        guard rest > 0 else { return }
        put(".")
        while rest > 0 {
            append(0x30 + UInt8(truncatingIfNeeded: rest / 100))
            rest = rest % 100 * 10
        }
    }

    /// Appends a text as JSON writes it, with its quotes.
    @inline(never)
    public mutating func put(json text: [UInt8]) { appendJSONString(text.span) }

    /// Appends a static text in quotes, and nothing else.
    @inline(never)
    public mutating func put(quoted text: StaticString) {
        put("\"")
        put(text)
        put("\"")
    }

    /// Appends the key of an object's next member, behind a comma when it is not the first one.
    @inline(never)
    public mutating func put(key: StaticString) {
        if last != UInt8(ascii: "{") { put(",") }
        put(quoted: key)
        put(":")
    }

    /// Whether these are the bytes of `word`.
    @inline(never)
    public func isWord(_ word: StaticString) -> Bool { span.elementsEqual(word) }

    /// Whether these are the same bytes.
    @inline(never)
    public func isSame(as other: [UInt8]) -> Bool { span.elementsEqual(other.span) }

    /// The bytes of a static text.
    @inline(never)
    public init(bytesOf text: StaticString) {
        self = []
        put(text)
    }
}
