// The members of a JSON object, taken one by one; what is left over at the end is nobody's.

import Values

/// An object that a script or the configuration hands over.
struct JSONFields {
    private let members: [JSONValue.Member]
    /// A bit for each member that was taken.
    private var taken: UInt64 = 0

    init(_ json: JSONValue, _ problem: StaticString) throws(GateTextError) {
        guard case .object(let members) = json, members.count <= 64 else {
            throw GateTextError([], problem)
        }
        self.members = members
    }

    /// The text of that key, nil when there is no such key.
    @inline(never)
    mutating func text(_ key: StaticString) throws(GateTextError) -> [UInt8]? {
        guard let value = take(key) else { return nil }
        guard case .string(let text) = value else {
            throw GateTextError([UInt8](bytesOf: key), " must be a text")
        }
        return text
    }

    /// The number of that key, up to a day's seconds.
    @inline(never)
    mutating func number(_ key: StaticString) throws(GateTextError) -> Double? {
        guard let value = take(key) else { return nil }
        guard case .number(let number, _) = value, number >= 0, number <= 86_400 else {
            throw GateTextError([UInt8](bytesOf: key), " must be a number from 0 to 86400")
        }
        return number
    }

    /// A number of seconds as milliseconds in `target`, when there is such a key.
    @inline(never)
    mutating func seconds(_ key: StaticString, _ target: inout Int64) throws(GateTextError) {
        if let number = try number(key) { target = Int64(number * 1000) }
    }

    /// True or false in `target`, when there is such a key.
    @inline(never)
    mutating func flag(_ key: StaticString, _ target: inout Bool) throws(GateTextError) {
        guard let value = take(key) else { return }
        guard case .bool(let flag) = value else {
            throw GateTextError([UInt8](bytesOf: key), " must be true or false")
        }
        target = flag
    }

    /// The texts of a list.
    mutating func texts(_ key: StaticString) throws(GateTextError) -> [[UInt8]] {
        guard let value = take(key) else { return [] }
        var texts: [[UInt8]] = []
        if case .array(let values) = value {
            for case .string(let text) in values { texts.append(text) }
            if texts.count == values.count { return texts }
        }
        throw GateTextError([UInt8](bytesOf: key), " must be a list of texts")
    }

    /// Nothing may be left over.
    func end() throws(GateTextError) {
        for index in members.indices where taken & 1 << UInt64(index) == 0 {
            throw GateTextError(members[index].key, " is not known here")
        }
    }

    private mutating func take(_ key: StaticString) -> JSONValue? {
        for index in members.indices where members[index].key.isWord(key) {
            taken |= 1 << UInt64(index)
            return members[index].value
        }
        return nil
    }
}
