// One JSON object on one line, member by member: what `dump --json` and the reports are made of.

import Values

/// An object under construction.
struct JSONLine {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func add(_ key: StaticString, _ text: String) {
        addKey(key)
        bytes.appendJSONString(text)
    }

    /// With a key that is not known beforehand.
    mutating func add(key: String, _ text: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.appendJSONString(key)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendJSONString(text)
    }

    mutating func add(_ key: StaticString, text: Span<UInt8>) {
        addKey(key)
        bytes.appendJSONString(text)
    }

    mutating func add(_ key: StaticString, _ number: some FixedWidthInteger) {
        addKey(key)
        bytes.append(contentsOf: "\(number)".utf8)
    }

    mutating func add(_ key: StaticString, _ number: Double) {
        addKey(key)
        bytes.appendNumber(number)
    }

    mutating func add(_ key: StaticString, _ fact: Bool) {
        addKey(key)
        bytes.append(contentsOf: (fact ? "true" : "false").utf8)
    }

    /// A value that is JSON already.
    mutating func add(_ key: StaticString, json: [UInt8]) {
        addKey(key)
        bytes.append(contentsOf: json)
    }

    mutating func add(_ key: StaticString, objects: [JSONLine]) {
        addKey(key)
        bytes.append(UInt8(ascii: "["))
        for (index, object) in objects.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: object.bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// The object, with a newline.
    var line: [UInt8] { bytes + [UInt8(ascii: "}"), UInt8(ascii: "\n")] }

    private mutating func addKey(_ key: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}

/// Hexadecimal digits of bytes.
func hexText(_ bytes: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    for index in bytes.indices {
        for digit in [bytes[index] >> 4, bytes[index] & 15] {
            text.append(digit < 10 ? 48 + digit : 87 + digit)
        }
    }
    return text
}
