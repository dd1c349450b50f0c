// Number → text, as replay JSON and SQF want it: the shortest decimal that reads back as the same
// value, without an exponent from 1e-6 up to 1e21, without a trailing `.0`
// (docs/formats/values.md). Appended to bytes; the numbers of a mission (at most 6 significant
// digits) take the short way, which neither allocates nor makes a String.

extension [UInt8] {
    /// Appends a whole number in decimal.
    @inlinable
    public mutating func appendDecimal<Number: FixedWidthInteger>(_ number: Number) {
        if number < 0 { append(0x2D) }
        appendDigits(UInt64(clamping: number.magnitude))
    }

    /// Appends the shortest text that reads back as `number`. A number that is not finite has no
    /// text in JSON: `0` stands for it, as everywhere here.
    public mutating func appendNumber(_ number: Double) {
        guard number.isFinite else { return append(0x30) }
        if number.sign == .minus { append(0x2D) }
        let magnitude = number.magnitude
        if magnitude < 1e9, magnitude >= 1e-5 || magnitude == 0 {
            // A decimal of at most 15 digits that reads back is the shortest one: no two of them
            // read as the same double. Six decimals hold everything that the game prints; without
            // its trailing zeros it is that shortest one.
            let millionths = UInt64(magnitude * 1e6 + 0.5)
            if Double(millionths) / 1e6 == magnitude {
                return appendMillionths(millionths)
            }
        }
        appendShortest(ShortestDecimal(description: magnitude.description))
    }

    /// Appends the shortest text that reads back as `number` in 32 bits; `0` when not finite.
    public mutating func appendNumber(_ number: Float) {
        guard number.isFinite else { return append(0x30) }
        if number.sign == .minus { append(0x2D) }
        let magnitude = number.magnitude
        if magnitude < 1e6, magnitude >= 1e-5 || magnitude == 0 {
            // As above, with at most 6 digits.
            var scale = 1.0
            for decimals in 0...6 {
                let scaled = Double(magnitude) * scale + 0.5
                guard scaled < 1e6 else { break }
                let digits = UInt64(scaled)
                if Float(Double(digits) / scale) == magnitude {
                    return appendFixed(digits, decimals: decimals)
                }
                scale *= 10
            }
        }
        appendShortest(ShortestDecimal(description: magnitude.description))
    }

    @usableFromInline
    mutating func appendDigits(_ number: UInt64) {
        if number < 10 { return append(0x30 &+ UInt8(truncatingIfNeeded: number)) }
        // 2^64 has 20 digits.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = 20
        var rest = number
        while rest > 0 {
            start &-= 1
            digits[start] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        append(contentsOf: digits.span.extracting(start..<20))
    }

    /// `digits` × 10^−decimals, with up to 6 decimals and at most 15 digits.
    private mutating func appendFixed(_ digits: UInt64, decimals: Int) {
        if decimals == 0 { return appendDigits(digits) }
        var text = InlineArray<24, UInt8>(repeating: 0x30)
        var start = 24
        var rest = digits
        for _ in 0..<decimals {
            start &-= 1
            text[start] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        start &-= 1
        text[start] = 0x2E
        repeat {
            start &-= 1
            text[start] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(contentsOf: text.span.extracting(start..<24))
    }

    /// `millionths` × 10^−6, without trailing zeros.
    private mutating func appendMillionths(_ millionths: UInt64) {
        var digits = millionths
        var decimals = 6
        while decimals > 0 {
            let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: 10)
            if remainder != 0 { break }
            digits = quotient
            decimals &-= 1
        }
        appendFixed(digits, decimals: decimals)
    }

    private mutating func appendShortest(_ decimal: ShortestDecimal) {
        let digits = decimal.digits
        // The point stands behind this many digits (may be negative, or beyond the last one).
        let point = decimal.point
        if point > 21 || point < -5 {
            append(digits.first ?? 0x30)
            if digits.count > 1 {
                append(0x2E)
                append(contentsOf: digits.dropFirst())
            }
            append(0x65)
            append(point > 0 ? 0x2B : 0x2D)
            return appendDecimal((point - 1).magnitude)
        }
        if point <= 0 {
            append(0x30)
            append(0x2E)
            append(contentsOf: repeatElement(0x30, count: -point))
            return append(contentsOf: digits)
        }
        append(contentsOf: digits.prefix(point))
        if digits.count > point {
            append(0x2E)
            append(contentsOf: digits.dropFirst(point))
        } else {
            append(contentsOf: repeatElement(0x30, count: point - digits.count))
        }
    }
}

/// The shortest digits of a number, taken from the text that the standard library makes of it.
private struct ShortestDecimal {
    /// Without zeros at either end.
    var digits: [UInt8] = []
    /// How many of them stand before the point.
    var point = 0

    /// `description` is a positive number's: digits, at most one point, at most one exponent.
    init(description: String) {
        var beforePoint = true
        var inExponent = false
        var exponentIsNegative = false
        var exponent = 0
        for byte in description.bytes {
            switch byte {
            case 0x2E: beforePoint = false
            case 0x65, 0x45: inExponent = true
            case 0x2D: exponentIsNegative = true
            case 0x30...0x39 where inExponent: exponent = exponent * 10 + Int(byte &- 0x30)
            case 0x30...0x39:
                if digits.isEmpty, byte == 0x30 {
                    if !beforePoint { point -= 1 }
                } else {
                    digits.append(byte)
                    if beforePoint { point += 1 }
                }
            default: break
            }
        }
        point += exponentIsNegative ? -exponent : exponent
        while digits.last == 0x30 { digits.removeLast() }
    }
}
