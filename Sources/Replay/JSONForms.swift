// Texts, numbers and small arrays as they stand in the document (docs/formats/replay-json.md).

import Mission
import Values

extension [UInt8] {
    /// A text with its quotes, escaped as the reference does it: also `<`, `>`, `&` and the two line
    /// separators of Unicode, which is valid JSON for every reader.
    mutating func appendText(_ text: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        var start = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"")
                && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "<")
                && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "&")
            {
                index += 1
                continue
            }
            if byte >= 0x80 {
                // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
                guard byte == 0xE2, index + 2 < text.count, text[index + 1] == 0x80,
                    text[index + 2] == 0xA8 || text[index + 2] == 0xA9
                else {
                    index += 1
                    continue
                }
                append(contentsOf: text.extracting(start..<index))
                append(contentsOf: text[index + 2] == 0xA8 ? "\\u2028" : "\\u2029")
                index += 3
                start = index
                continue
            }
            append(contentsOf: text.extracting(start..<index))
            appendEscape(byte)
            index += 1
            start = index
        }
        append(contentsOf: text.extracting(start..<text.count))
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            append(contentsOf: "u00")
            for digit in [byte >> 4, byte & 15] { append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
        }
    }

    /// A text with its quotes.
    mutating func appendText(_ text: String) {
        let bytes = Array(text.utf8)
        appendText(bytes.span)
    }

    /// `[x,y,z]`
    mutating func appendPosition(_ position: Position) {
        append(UInt8(ascii: "["))
        appendNumber(position.x)
        append(UInt8(ascii: ","))
        appendNumber(position.y)
        append(UInt8(ascii: ","))
        appendNumber(position.z)
        append(UInt8(ascii: "]"))
    }

    /// `[w,h]` of a marker from the text of a JSON array of two numbers; `[1,1]` for anything else.
    mutating func appendSize(_ text: Span<UInt8>) {
        if case .array(let values) = try? JSONValue.parse(text), values.count == 2,
            case .number(let width, raw: _) = values[0], width.isFinite,
            case .number(let height, raw: _) = values[1], height.isFinite
        {
            append(UInt8(ascii: "["))
            appendNumber(width)
            append(UInt8(ascii: ","))
            appendNumber(height)
            append(UInt8(ascii: "]"))
        } else {
            append(contentsOf: "[1,1]")
        }
    }

    /// A colour without its `#`: the viewer makes a picture's path of it.
    mutating func appendColor(_ text: Span<UInt8>) {
        if text.count > 0 && text[0] == UInt8(ascii: "#") {
            appendText(text.extracting(1..<text.count))
        } else {
            appendText(text)
        }
    }

    /// Ids of a crew; `[]` for a text that is no list of numbers.
    mutating func appendCrew(_ text: Span<UInt8>) {
        append(UInt8(ascii: "["))
        if case .array(let values) = try? JSONValue.parse(text) {
            var isFirst = true
            for value in values {
                guard case .number(let number, raw: _) = value else { continue }
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                appendNumber(number)
            }
        }
        append(UInt8(ascii: "]"))
    }

    /// `magIcons/` and the last component of a texture's path.
    mutating func appendMagazineIcon(_ path: Span<UInt8>) {
        var start = path.count
        while start > 0 && path[start - 1] != UInt8(ascii: "\\")
            && path[start - 1] != UInt8(ascii: "/")
        {
            start -= 1
        }
        var name = Array("magIcons/".utf8)
        name.append(contentsOf: path.extracting(start..<path.count))
        appendText(name.span)
    }

    // MARK: Values that were JSON already

    /// A JSON value as the reference writes one that it has read: no white space, keys sorted, the
    /// last one of equal keys, numbers as 64-bit floats.
    mutating func appendRewritten(_ value: JSONValue) {
        switch value {
        case .null: append(contentsOf: "null")
        case .bool(let isTrue): append(contentsOf: isTrue ? "true" : "false")
        case .number(let number, raw: _): appendNumber(number)
        case .string(let text): appendText(text.span)
        case .array(let values):
            append(UInt8(ascii: "["))
            for index in values.indices {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendRewritten(values[index])
            }
            append(UInt8(ascii: "]"))
        case .object(let members):
            append(UInt8(ascii: "{"))
            var isFirst = true
            for index in Self.sortedLastKeys(members) {
                if !isFirst { append(UInt8(ascii: ",")) }
                isFirst = false
                let key = members[index].key
                appendText(key.span)
                append(UInt8(ascii: ":"))
                appendRewritten(members[index].value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// Indices of the members that count, by key.
    private static func sortedLastKeys(_ members: [JSONValue.Member]) -> [Int] {
        var order = [Int](members.indices)
        order.sort { left, right in
            let (first, second) = (members[left].key, members[right].key)
            if first == second { return left < right }
            return first.lexicographicallyPrecedes(second)
        }
        var kept: [Int] = []
        for index in order {
            if let last = kept.last, members[last].key == members[index].key { kept.removeLast() }
            kept.append(index)
        }
        return kept
    }
}

extension JSONValue {
    /// Every number in it can be written.
    var isFinite: Bool {
        switch self {
        case .number(let number, raw: _): return number.isFinite
        case .array(let values):
            for value in values where !value.isFinite { return false }
            return true
        case .object(let members):
            for member in members where !member.value.isFinite { return false }
            return true
        default: return true
        }
    }
}

/// The number of a marker's side: −1 everybody, 0 east, 1 west, 2 independent, 3 civilian.
func sideNumber(_ text: Span<UInt8>) -> Int {
    if text.equalsIgnoringCase("EAST") || text.equalsIgnoringCase("OPFOR") { return 0 }
    if text.equalsIgnoringCase("WEST") || text.equalsIgnoringCase("BLUFOR") { return 1 }
    if text.equalsIgnoringCase("GUER") || text.equalsIgnoringCase("INDEPENDENT") { return 2 }
    if text.equalsIgnoringCase("CIV") || text.equalsIgnoringCase("CIVILIAN") { return 3 }
    return -1
}
