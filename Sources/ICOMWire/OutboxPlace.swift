// The place of an event in its sender's log, as it travels with the event: what the receiving plug-in
// confirms to the sending one, and knows repeats and gaps by. docs/formats/icom.md, "Kept, not lost".

import Values

/// Where an event stands in its sender's outbox.
public struct OutboxPlace: Equatable, Sendable {
    /// The sender's log, in hexadecimal.
    public var log: [UInt8]
    /// Sequence number of the event's call in that log.
    public var sequence: UInt64
    /// Sequence number of the event before it for the same receiver, 0 when it is the log's first.
    public var previous: UInt64
    /// The receiver had confirmed all up to here when the event was sent.
    public var base: UInt64

    /// All fields.
    public init(log: [UInt8], sequence: UInt64, previous: UInt64, base: UInt64) {
        self.log = log
        self.sequence = sequence
        self.previous = previous
        self.base = base
    }

    /// `{"log":"…","sequence":n,"previous":n,"base":n}`
    public var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: "{\"log\":")
        bytes.appendJSONString(log.span)
        Self.add(",\"sequence\":", sequence, to: &bytes)
        Self.add(",\"previous\":", previous, to: &bytes)
        Self.add(",\"base\":", base, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    @inline(never)
    private static func add(_ key: StaticString, _ value: UInt64, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: key)
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Reads a value; nil when it is none. A missing `previous` or `base` is 0.
    public static func parse(_ json: Span<UInt8>) -> OutboxPlace? {
        guard let value = try? JSONValue.parse(json),
            case .string(let log) = value.member("log"), log.count <= 64,
            let sequence = number(value.member("sequence"))
        else { return nil }
        return OutboxPlace(
            log: log, sequence: sequence, previous: number(value.member("previous")) ?? 0,
            base: number(value.member("base")) ?? 0)
    }

    /// A whole number without a detour over floating point.
    private static func number(_ value: JSONValue?) -> UInt64? {
        guard case .number(_, let raw) = value else { return nil }
        var number: UInt64 = 0
        for byte in raw {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            let (tens, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tens.addingReportingOverflow(UInt64(byte &- 0x30))
            guard !tooLarge, !overflows else { return nil }
            number = sum
        }
        return number
    }
}
