// What the engine made of a String argument, undone: `"say ""hi"""` → `say "hi"`.

/// The text of an argument.
public enum ArgumentText {
    /// The bytes between the quotes when `argument` is a quoted String, else all of it. What is
    /// doubled inside stays doubled: see `undouble`.
    @inlinable
    @_lifetime(copy argument)
    public static func inner(_ argument: Span<UInt8>) -> Span<UInt8> {
        guard isQuoted(argument) else { return argument }
        // Two bytes or more, so the bounds rise and lie within it.
        return unsafe argument.extracting(
            unchecked: Range(uncheckedBounds: (1, argument.count &- 1)))
    }

    /// Does it begin and end with a quote (two of them)?
    @inlinable
    public static func isQuoted(_ argument: Span<UInt8>) -> Bool {
        argument.count >= 2 && argument[0] == 0x22 && argument[argument.count - 1] == 0x22
    }

    /// Appends `text` with every doubled quote as one.
    public static func undouble(_ text: Span<UInt8>, into target: inout [UInt8]) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            target.append(byte)
            index += byte == .quote && index + 1 < text.count && text[index + 1] == .quote ? 2 : 1
        }
    }

    /// The text of an argument, as bytes of its own: the String that it quotes, or all of it when it
    /// is no quoted String. Not mended; see `UTF8Text`.
    public static func value(_ argument: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(argument.count)
        put(argument, into: &text)
        return text
    }

    /// Appends the same.
    public static func put(_ argument: Span<UInt8>, into target: inout [UInt8]) {
        if isQuoted(argument) {
            undouble(inner(argument), into: &target)
        } else {
            target.append(contentsOf: argument)
        }
    }

    /// The bytes of an argument after the reference extension's own rule, which strict mode follows:
    /// every quote at either end goes, then doubled ones become one.
    public static func strictValue(_ argument: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        undouble(strictInner(argument), into: &text)
        return text
    }

    /// `argument` without the quotes at either end, however many.
    @_lifetime(copy argument)
    public static func strictInner(_ argument: Span<UInt8>) -> Span<UInt8> {
        var start = 0
        var end = argument.count
        while start < end, argument[start] == .quote { start += 1 }
        while end > start, argument[end - 1] == .quote { end -= 1 }
        return argument.extracting(start..<end)
    }
}
