// Each text of a recording once: names, groups, sides and roles repeat in every state, so an event
// carries a number and a sink can prepare a text's output form once.

/// The texts of a recording. Bytes are valid UTF-8 (repaired on the way in).
public struct TextTable: ~Copyable {
    private var storage: [UInt8] = []
    /// Where text n ends in `storage`; it begins where text n − 1 ends. Text 0 is empty.
    private var ends: [Int] = [0]
    private var numbers: [[UInt8]: UInt32] = [[]: 0]

    public init() {}

    /// How many texts there are; their numbers are `0 ..< count`.
    public var count: Int { ends.count }

    /// The number of a text, a new one when it was not there yet.
    public mutating func intern(_ bytes: Span<UInt8>) -> Text {
        var key: [UInt8] = []
        for index in bytes.indices { key.append(bytes[index]) }
        if let number = numbers[key] { return Text(index: number) }
        let number = UInt32(ends.count)
        storage.append(contentsOf: key)
        ends.append(storage.count)
        numbers[key] = number
        return Text(index: number)
    }

    /// The bytes of a text.
    @_lifetime(borrow self)
    public borrowing func bytes(of text: Text) -> Span<UInt8> {
        let number = Int(text.index)
        let start = number == 0 ? 0 : ends[number - 1]
        return storage.span.extracting(start..<ends[number])
    }

    public borrowing func string(_ text: Text) -> String {
        let span = bytes(of: text)
        var key: [UInt8] = []
        for index in span.indices { key.append(span[index]) }
        return String(decoding: key, as: UTF8.self)
    }
}
