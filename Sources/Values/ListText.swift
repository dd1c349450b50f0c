// Arrays of the game as text, for those that ask for an element or two: nothing is copied or decoded.

/// An array as the game prints it, element by element. Objects and other values without quotes are passed
/// on as they stand.
public struct ListText {
    /// Where the next element begins.
    private var index = 1

    /// In front of the first element.
    public init() {}

    /// Where the next element of the outermost array stands; nil behind the last one, and in what is no
    /// array. Each call is told the same text.
    @inline(never)
    public mutating func next(of text: Span<UInt8>) -> Range<Int>? {
        guard text.count > 1, text[0] == UInt8(ascii: "[") else { return nil }
        let start = index
        var depth = 0
        var isInside = false
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                // A doubled quote leaves and comes back at once.
                isInside.toggle()
            } else if !isInside {
                if depth == 0, byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
                    let end = index - 1
                    guard byte == UInt8(ascii: "]") else { return start..<end }
                    index = text.count
                    return end == 1 ? nil : start..<end
                } else if byte == UInt8(ascii: "[") {
                    depth += 1
                } else if byte == UInt8(ascii: "]") {
                    depth -= 1
                }
            }
        }
        return nil
    }
}
