// One message of the stream as JSON text: an envelope with a type, and a payload of fields in a fixed order
// (docs/stream.md).

import Mission
import Values

/// Writes the objects of a message. Keys are written in the order of the calls.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []
    /// Nothing stands in the innermost object or list yet.
    private var isFirst = true

    /// `{"type":"…","payload":` is written, and an object is open.
    init(_ type: StaticString) {
        bytes.append(contentsOf: "{\"type\":\"")
        bytes.append(contentsOf: type)
        bytes.append(contentsOf: "\",\"payload\":{")
    }

    /// The message, complete.
    consuming func finish() -> [UInt8] {
        bytes.append(contentsOf: "}}")
        return bytes
    }

    // MARK: fields

    private mutating func key(_ key: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key)
        bytes.append(contentsOf: "\":")
    }

    mutating func add<Number: FixedWidthInteger>(_ key: StaticString, _ number: Number) {
        self.key(key)
        bytes.appendDecimal(number)
    }

    /// `null` for nil.
    mutating func add(_ key: StaticString, optional number: UInt16?) {
        self.key(key)
        if let number { bytes.appendDecimal(number) } else { bytes.append(contentsOf: "null") }
    }

    mutating func add(_ key: StaticString, _ number: Float) {
        self.key(key)
        bytes.appendNumber(number)
    }

    mutating func add(_ key: StaticString, _ number: Double) {
        self.key(key)
        bytes.appendNumber(number)
    }

    mutating func add(_ key: StaticString, _ flag: Bool) {
        self.key(key)
        bytes.append(contentsOf: flag ? "true" : "false")
    }

    mutating func add(_ key: StaticString, text: Span<UInt8>) {
        self.key(key)
        bytes.appendJSONString(text)
    }

    mutating func add(_ key: StaticString, _ text: String) {
        self.key(key)
        bytes.appendJSONString(text)
    }

    /// - Parameters:
    ///   - json: bytes of a JSON value; `fallback` stands for none.
    mutating func add(_ key: StaticString, json: Span<UInt8>, else fallback: StaticString) {
        self.key(key)
        if json.isEmpty {
            bytes.append(contentsOf: fallback)
        } else {
            bytes.append(contentsOf: json)
        }
    }

    mutating func addNull(_ key: StaticString) {
        self.key(key)
        bytes.append(contentsOf: "null")
    }

    /// RFC 3339 in UTC, with nanoseconds.
    mutating func add(_ key: StaticString, time nanoseconds: Int64) {
        self.key(key)
        var (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 {
            seconds -= 1
            rest += 1_000_000_000
        }
        let digits = String(rest)
        let zeros = String(repeating: "0", count: 9 - digits.utf8.count)
        let text = CivilTime(secondsSince1970: seconds).iso8601 + "." + zeros + digits + "Z"
        bytes.appendJSONString(text)
    }

    /// `{"x":…,"y":…,"z":…}`
    mutating func add(_ key: StaticString, _ position: Position) {
        object(key) { writer in
            writer.add("x", position.x)
            writer.add("y", position.y)
            writer.add("z", position.z)
        }
    }

    // MARK: objects and lists

    mutating func object(_ key: StaticString, _ body: (inout MessageWriter) -> Void) {
        self.key(key)
        object(body)
    }

    /// A list; an empty one appears as `null`.
    mutating func list<Elements: Collection>(
        _ key: StaticString, _ elements: Elements,
        _ body: (inout MessageWriter, Elements.Element) -> Void
    ) {
        guard !elements.isEmpty else { return addNull(key) }
        self.key(key)
        bytes.append(UInt8(ascii: "["))
        isFirst = true
        for element in elements { body(&self, element) }
        bytes.append(UInt8(ascii: "]"))
        isFirst = false
    }

    /// An object in a list.
    mutating func element(_ body: (inout MessageWriter) -> Void) {
        comma()
        object(body)
    }

    /// A text in a list.
    mutating func element(text: Span<UInt8>) {
        comma()
        bytes.appendJSONString(text)
    }

    private mutating func object(_ body: (inout MessageWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    private mutating func comma() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }
}
