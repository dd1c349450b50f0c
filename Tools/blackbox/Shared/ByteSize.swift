// Sizes on the command line: 20GB, 512MiB.

/// A number of bytes, as a person writes it.
struct ByteSize: Equatable {
    var byteCount: UInt64

    /// Digits, perhaps with a point, and a unit: `KB`, `MB`, `GB`, `TB` or `KiB` …, all counted in
    /// 1024 steps; `0` needs none. Nil for anything else, and for more than 2^62 bytes.
    init?(argument: String) {
        var bytes = Array(argument.utf8)
        guard let digit = bytes.first, digit >= 0x30, digit <= 0x39 else { return nil }
        var shift: UInt64 = 0
        if let last = bytes.last, last == UInt8(ascii: "B") || last == UInt8(ascii: "b") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "i") { bytes.removeLast() }
            guard let unit = bytes.popLast(), let step = Self.step(unit) else { return nil }
            shift = step
        }
        let parts = bytes.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = Self.number(parts[0]), whole < 1 << (62 - shift) else { return nil }
        byteCount = whole << shift
        if parts.count == 2 {
            guard parts[1].count <= 6, let part = Self.number(parts[1]) else { return nil }
            var divisor: UInt64 = 1
            for _ in parts[1] { divisor *= 10 }
            byteCount += UInt64(Double(part) / Double(divisor) * Double(UInt64(1) << shift))
        }
        if shift == 0 && byteCount > 0 { return nil }
    }

    private static func step(_ unit: UInt8) -> UInt64? {
        switch unit | 0x20 {
        case UInt8(ascii: "k"): 10
        case UInt8(ascii: "m"): 20
        case UInt8(ascii: "g"): 30
        case UInt8(ascii: "t"): 40
        default: nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            number = number * 10 + UInt64(digit - 0x30)
        }
        return number
    }
}
