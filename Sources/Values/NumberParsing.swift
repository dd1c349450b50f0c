// Text → number, correctly rounded. The game prints at most 6 significant digits, so nearly every
// number is a short decimal: exact in one multiplication or division. The rest goes the exact way
// (`DecimalConversion`).

/// A number read from the front of some bytes, and where it ended.
public struct ScannedNumber {
    /// The value; ±infinity when the text's value is beyond all doubles.
    public var value: Double
    /// Index of the first byte behind it.
    public var end: Int
    /// Neither a point nor an exponent was written.
    public var isWhole: Bool
}

/// Reads numbers. Locale, whitespace and hexadecimal don't exist here.
public enum NumberParser {
    /// The decimal number (`12`, `-1.5`, `+3.`, `.5`, `1.67772e+07`) at `start`, as far as it goes;
    /// nil when there is none. Words such as `nan` are no numbers here.
    public static func scan(_ bytes: Span<UInt8>, from start: Int = 0) -> ScannedNumber? {
        scanShort(bytes, from: start) ?? scanLong(bytes, from: start)
    }

    /// A number of at most 15 digits without an exponent: nearly every one. nil for any other.
    private static func scanShort(_ bytes: Span<UInt8>, from start: Int) -> ScannedNumber? {
        let end = bytes.count
        guard start >= 0, start < end else { return nil }
        let isNegative = bytes[start] == 0x2D
        let first = isNegative ? start + 1 : start
        var index = first
        var mantissa: UInt64 = 0
        while index < end {
            let digit = bytes[index] &- 0x30
            if digit > 9 { break }
            // At most 15 digits count in the end, and overflow is harmless before that is known.
            mantissa = mantissa &* 10 &+ UInt64(digit)
            index += 1
        }
        let wholeDigits = index - first
        if wholeDigits == 0 || wholeDigits > 15 { return nil }
        if index == end || (bytes[index] != 0x2E && bytes[index] | 0x20 != 0x65) {
            let value = Double(mantissa)
            return ScannedNumber(value: isNegative ? -value : value, end: index, isWhole: true)
        }
        if bytes[index] != 0x2E { return nil }
        let point = index
        index += 1
        while index < end {
            let digit = bytes[index] &- 0x30
            if digit > 9 { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            index += 1
        }
        let decimals = index - point - 1
        if wholeDigits + decimals > 15 { return nil }
        if index < end, bytes[index] | 0x20 == 0x65 { return nil }
        // Both are exact, so the division rounds correctly.
        let value = Double(mantissa) / PowersOfTen.double(decimals)
        return ScannedNumber(value: isNegative ? -value : value, end: index, isWhole: false)
    }

    private static func scanLong(_ bytes: Span<UInt8>, from start: Int) -> ScannedNumber? {
        var index = start
        let end = bytes.count
        guard index >= 0, index < end else { return nil }
        var isNegative = false
        if bytes[index] == 0x2D || bytes[index] == 0x2B {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        var mantissa: UInt64 = 0
        var kept = 0
        var exponent = 0
        var digits = 0
        var isWhole = true
        while index < end, let digit = bytes[index].digitValue {
            if kept < 19 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                if mantissa != 0 { kept += 1 }
            } else {
                kept += 1
                exponent += 1
            }
            digits += 1
            index += 1
        }
        if index < end, bytes[index] == 0x2E {
            index += 1
            isWhole = false
            while index < end, let digit = bytes[index].digitValue {
                if kept < 19 {
                    mantissa = mantissa &* 10 &+ UInt64(digit)
                    if mantissa != 0 { kept += 1 }
                    exponent -= 1
                } else {
                    kept += 1
                }
                digits += 1
                index += 1
            }
            if digits == 0 { return nil }
        }
        guard digits > 0 else { return nil }
        if index < end, bytes[index] | 0x20 == 0x65 {
            var cursor = index + 1
            var exponentIsNegative = false
            if cursor < end, bytes[cursor] == 0x2D || bytes[cursor] == 0x2B {
                exponentIsNegative = bytes[cursor] == 0x2D
                cursor += 1
            }
            if cursor < end, bytes[cursor].digitValue != nil {
                var written = 0
                while cursor < end, let digit = bytes[cursor].digitValue {
                    // Beyond 100,000 nothing changes any more: all is 0 or infinite.
                    if written < 100_000 { written = written * 10 + Int(digit) }
                    cursor += 1
                }
                exponent += exponentIsNegative ? -written : written
                index = cursor
                isWhole = false
            }
        }
        let magnitude: Double
        if kept <= 19, mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
            // Both sides are exact doubles, so the one operation rounds correctly.
            let exact = Double(mantissa)
            magnitude =
                exponent < 0
                ? exact / PowersOfTen.double(-exponent) : exact * PowersOfTen.double(exponent)
        } else {
            magnitude = DecimalConversion.double(
                bytes, digitsFrom: start, to: index, mantissa: mantissa, exponent: exponent,
                isTruncated: kept > 19)
        }
        return ScannedNumber(
            value: isNegative ? -magnitude : magnitude, end: index, isWhole: isWhole)
    }

    /// The number that all of `bytes` is, nil when it is none.
    @inlinable
    public static func parse(_ bytes: Span<UInt8>) -> Double? {
        guard let scanned = scan(bytes), scanned.end == bytes.count else { return nil }
        return scanned.value
    }

    /// A number or one of the texts by which engines say "not a number" and "infinite" (`nan`,
    /// `-nan(ind)`, `-1.#IND`, `1.#INF`, `inf`, `infinity` and the like, in any case).
    public static func parseOrNonFinite(_ bytes: Span<UInt8>) -> Double? {
        parse(bytes) ?? nonFinite(bytes)
    }

    /// The value of a non-finite word; nil when it is none.
    public static func nonFinite(_ bytes: Span<UInt8>) -> Double? {
        var start = 0
        var isNegative = false
        if bytes.count > 0, bytes[0] == 0x2D || bytes[0] == 0x2B {
            isNegative = bytes[0] == 0x2D
            start = 1
        }
        let word = bytes.extracting(start..<bytes.count)
        if word.equalsIgnoringCase("inf") || word.equalsIgnoringCase("infinity")
            || word.equalsIgnoringCase("1.#inf")
        {
            return isNegative ? -Double.infinity : Double.infinity
        }
        if word.equalsIgnoringCase("nan") || word.equalsIgnoringCase("nan(ind)")
            || word.equalsIgnoringCase("nan(snan)") || word.equalsIgnoringCase("1.#ind")
            || word.equalsIgnoringCase("1.#qnan") || word.equalsIgnoringCase("1.#snan")
        {
            return Double.nan
        }
        return nil
    }

    /// Optional sign and digits only, within 64 bits; nil for anything else.
    public static func parseInteger(_ bytes: Span<UInt8>) -> Int64? {
        guard bytes.count > 0 else { return nil }
        var index = bytes[0] == 0x2D || bytes[0] == 0x2B ? 1 : 0
        let isNegative = bytes[0] == 0x2D
        guard index < bytes.count else { return nil }
        var value: Int64 = 0
        if bytes.count - index <= 18 {
            // 18 digits always fit.
            while index < bytes.count {
                let digit = bytes[index] &- 0x30
                if digit > 9 { return nil }
                value = value &* 10 &+ Int64(digit)
                index += 1
            }
            return isNegative ? -value : value
        }
        while index < bytes.count {
            guard let digit = bytes[index].digitValue else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let signed = isNegative ? -Int64(digit) : Int64(digit)
            let (sum, carry) = tens.addingReportingOverflow(signed)
            if overflow || carry { return nil }
            value = sum
            index += 1
        }
        return value
    }
}

extension Double {
    /// It is finite and has no fraction. (`rounded()` would call libm, which the plug-in does not
    /// link.)
    @inlinable
    public var isWhole: Bool {
        if abs(self) >= 9_007_199_254_740_992 { return isFinite }
        // NaN fails both comparisons.
        return abs(self) < 9_007_199_254_740_992 && Double(Int64(self)) == self
    }
}

/// The powers of ten that are exact.
enum PowersOfTen {
    /// 10^exponent for 0 … 22, exact. (Beyond: 1e22.)
    static func double(_ exponent: Int) -> Double {
        switch exponent {
        case 0: 1
        case 1: 1e1
        case 2: 1e2
        case 3: 1e3
        case 4: 1e4
        case 5: 1e5
        case 6: 1e6
        case 7: 1e7
        case 8: 1e8
        case 9: 1e9
        case 10: 1e10
        case 11: 1e11
        case 12: 1e12
        case 13: 1e13
        case 14: 1e14
        case 15: 1e15
        case 16: 1e16
        case 17: 1e17
        case 18: 1e18
        case 19: 1e19
        case 20: 1e20
        case 21: 1e21
        default: 1e22
        }
    }
}
