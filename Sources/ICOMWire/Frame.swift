// One line → one frame. The values stay where they are in the line: a hub forwards `data` with its own
// bytes, and only what is asked for is copied. docs/formats/icom.md.

import Values

/// Why a line is no frame.
public enum FrameError: Error, Equatable, Sendable {
    /// No JSON, or no object.
    case json(JSONError)
    /// A key that a frame of this type must have is not there.
    case missing(FrameField)
    /// A value that is not of the kind that the key asks for.
    case wrongKind(FrameField)
    /// `type` names nothing that is known.
    case unknownType([UInt8])

    /// The reply's text: `Invalid JSON: …`. Only its start is a promise.
    public var sentence: String {
        switch self {
        case .json(let error):
            "Invalid JSON: " + error.sentence + " (line 1 column " + String(error.offset + 1) + ")"
        case .missing(let field): "Invalid JSON: missing field `" + String(field.key) + "`"
        case .wrongKind(let field):
            "Invalid JSON: `" + String(field.key) + "` must be " + String(Self.kind(field))
        case .unknownType(let word):
            "Invalid JSON: unknown type `" + String(utf8: word.prefix(64)) + "`"
        }
    }

    private static func kind(_ field: FrameField) -> StaticString {
        switch field {
        case .success: FieldKind.flag.word
        case .servers: FieldKind.list.word
        default: FieldKind.text.word
        }
    }
}

/// A frame: its type, and where its fields stand in the line it was read from. Every question takes
/// that same line.
public struct Frame: Sendable {
    /// What it is for.
    public private(set) var type = FrameType.error
    /// Start and end of each field's value, by `FrameField`; 0, 0 when it is not there.
    private var places = InlineArray<18, Place>(repeating: Place())

    private struct Place {
        var start: Int32 = 0
        var end: Int32 = 0
    }

    /// Longer lines are no frames, whatever a configuration allows.
    public static let longestLine = 1 << 24

    /// Reads a line (without its end). Unknown keys are ignored; of a key that occurs twice the last
    /// counts. `data` may hold lists and objects `JSONValue.depthLimit` deep.
    ///
    /// - Throws: `FrameError` when it is no frame.
    public static func parse(_ line: Span<UInt8>) throws(FrameError) -> Frame {
        var frame = Frame()
        do throws(JSONError) {
            try frame.find(in: line)
        } catch {
            throw .json(error)
        }
        guard let range = frame.range(.type) else { throw .missing(.type) }
        guard line[range.lowerBound] == UInt8(ascii: "\"") else { throw .wrongKind(.type) }
        guard let type = frame.knownType(line) else {
            throw .unknownType(frame.text(.type, in: line) ?? [])
        }
        frame.type = type
        switch type {
        case .register: try frame.need(.serverID, .text, line)
        case .registered: try frame.need(.sessionID, .text, line)
        case .event, .broadcast:
            if type == .event { try frame.need(.targetServer, .text, line) }
            try frame.need(.eventName, .text, line)
            try frame.need(.data, .any, line)
        case .ack: try frame.need(.success, .flag, line)
        case .error: try frame.need(.message, .text, line)
        case .servers: try frame.need(.servers, .list, line)
        case .list, .ping, .pong: break
        }
        return frame
    }

    /// A frame of this type is refused without that field.
    @inline(never)
    private func need(
        _ field: FrameField, _ kind: FieldKind, _ line: Span<UInt8>
    ) throws(FrameError) {
        guard let range = range(field) else { throw .missing(field) }
        guard kind.matches(line[range.lowerBound]) else { throw .wrongKind(field) }
    }

    private mutating func find(in line: Span<UInt8>) throws(JSONError) {
        guard line.count <= Self.longestLine else {
            throw JSONError(problem: .trailing, offset: Self.longestLine)
        }
        var found = places
        try JSONValue.forEachMember(of: line) { key, value in
            guard let field = Self.field(line.extracting(key)) else { return }
            // Both fit: a line is at most 16 MiB.
            found[field.rawValue] = Place(
                start: Int32(truncatingIfNeeded: value.lowerBound),
                end: Int32(truncatingIfNeeded: value.upperBound))
        }
        places = found
    }

    /// The field of a key, given with its quotes.
    private static func field(_ literal: Span<UInt8>) -> FrameField? {
        withText(literal) { (key) -> FrameField? in FrameField.named(key) } ?? nil
    }

    private func knownType(_ line: Span<UInt8>) -> FrameType? {
        withText(.type, in: line) { (word) -> FrameType? in
            var number: UInt8 = 0
            while let type = FrameType(rawValue: number) {
                if word.elementsEqual(type.word) { return type }
                number += 1
            }
            return nil
        } ?? nil
    }

    /// What a JSON text says, given with its quotes: its own bytes where nothing is escaped.
    private static func withText<Result>(
        _ literal: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result? {
        if let plain = plainText(of: literal) { return body(literal.extracting(plain)) }
        guard let decoded = JSONValue.text(literal) else { return nil }
        return body(decoded.span)
    }

    /// What stands between the quotes of a JSON text; nil when it is none, or something in it is escaped.
    private static func plainText(of literal: Span<UInt8>) -> Range<Int>? {
        guard literal.count >= 2, literal[0] == UInt8(ascii: "\"") else { return nil }
        let inner = 1..<(literal.count - 1)
        let hasEscape = literal.extracting(inner).firstIndex(of: UInt8(ascii: "\\"), from: 0) != nil
        return hasEscape ? nil : inner
    }

    // MARK: questions

    /// Where the field's value stands; nil when the frame has none. `null` is a value.
    public func range(_ field: FrameField) -> Range<Int>? {
        let place = places[field.rawValue]
        return place.end == 0 ? nil : Int(place.start)..<Int(place.end)
    }

    /// The text of a field; nil when it is missing or no text.
    public func text(_ field: FrameField, in line: Span<UInt8>) -> [UInt8]? {
        guard let range = range(field), range.upperBound <= line.count else { return nil }
        return JSONValue.text(line.extracting(range))
    }

    /// Hands out the text of a field, without a copy where nothing in it is escaped (and unmended: the line
    /// must be UTF-8); nil when the field is missing or no text. Inlined, because a hub asks it of each event.
    @inlinable
    public func withText<Result>(
        _ field: FrameField, in line: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result? {
        if let plain = plainText(field, in: line) { return body(line.extracting(plain)) }
        guard let decoded = text(field, in: line) else { return nil }
        return body(decoded.span)
    }

    /// Where the text of a field stands without its quotes; nil when there is none, or something in it is
    /// escaped.
    @usableFromInline
    func plainText(_ field: FrameField, in line: Span<UInt8>) -> Range<Int>? {
        guard let range = range(field), range.upperBound <= line.count else { return nil }
        return Self.plainText(of: line.extracting(range)).map {
            range.lowerBound + $0.lowerBound..<range.lowerBound + $0.upperBound
        }
    }

    /// Is the field `true`?
    public func isTrue(_ field: FrameField, in line: Span<UInt8>) -> Bool {
        guard let range = range(field), range.upperBound <= line.count else { return false }
        return line[range.lowerBound] == UInt8(ascii: "t")
    }

    /// The texts of a list; nil when the field is missing or no list. What is no text is left out.
    public func texts(_ field: FrameField, in line: Span<UInt8>) -> [[UInt8]]? {
        guard let range = range(field), range.upperBound <= line.count,
            case .array(let elements) = try? JSONValue.parse(line.extracting(range))
        else { return nil }
        return elements.compactMap { element in
            if case .string(let bytes) = element { return bytes }
            return nil
        }
    }
}
