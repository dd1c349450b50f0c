// The exact way from a decimal text to the nearest double, for numbers that the short way can't do
// (more than 15 digits, large exponents). Rare, so it is simple rather than fast: take a double that
// is nearly right, and compare the text's exact value with the middle between it and its neighbour
// in whole-number arithmetic until it lies within half a step.

enum DecimalConversion {
    /// More digits than this can't change the result (767 decide the hardest halfway case); one more
    /// stands for all that follow when any of them is not 0.
    private static let digitLimit = 780

    /// The double nearest to the digits of `bytes[start ..< end]` (sign, point and exponent are
    /// skipped), whose first up to 19 significant ones are `mantissa` and which are worth
    /// mantissa × 10^exponent, up to truncated digits. Ties go to the even one.
    static func double(
        _ bytes: Span<UInt8>, digitsFrom start: Int, to end: Int, mantissa: UInt64, exponent: Int,
        isTruncated: Bool
    ) -> Double {
        if mantissa == 0 { return 0 }
        // 19 digits below 10^19: beyond these bounds nothing but 0 or infinity is near.
        if exponent > 310 { return .infinity }
        if exponent < -345 { return 0 }
        var digits = BigNatural(mantissa)
        var power = exponent
        if isTruncated {
            (digits, power) = allDigits(bytes, from: start, to: end, exponent: exponent)
        }
        // value = digits × 10^power = left side; candidates are compared as whole numbers.
        var scaled = digits
        var unit = BigNatural(1)
        if power >= 0 {
            scaled.multiply(byPowerOfTen: power)
        } else {
            unit.multiply(byPowerOfTen: -power)
        }
        return nearest(to: scaled, over: unit, guess: approximate(mantissa, exponent))
    }

    /// Within a few units in the last place (far less exact near the ends of the range).
    private static func approximate(_ mantissa: UInt64, _ exponent: Int) -> Double {
        var value = Double(mantissa)
        var left = exponent
        while left > 0 {
            let step = min(left, 22)
            value *= PowersOfTen.double(step)
            left -= step
        }
        while left < 0 {
            let step = min(-left, 22)
            value /= PowersOfTen.double(step)
            left += step
        }
        return min(value, Double.greatestFiniteMagnitude)
    }

    /// Moves `guess` step by step to the double nearest to numerator / denominator.
    private static func nearest(
        to numerator: BigNatural, over denominator: BigNatural, guess: Double
    ) -> Double {
        var candidate = guess
        // Each turn moves by one step; the guess is a few dozen steps off at the very most. The
        // bound only makes sure that the loop ends whatever the arithmetic does.
        for _ in 0..<4096 {
            let significand = candidate.integerSignificand
            let isEven = significand & 1 == 0
            let above = compare(
                numerator, denominator, twice: significand * 2 + 1,
                exponent: candidate.integerExponent - 1)
            if above > 0 || (above == 0 && !isEven) {
                if candidate == .greatestFiniteMagnitude { return .infinity }
                candidate = candidate.nextUp
                continue
            }
            if candidate == 0 { return 0 }
            // Below a power of two the neighbours stand half as far apart.
            let isPowerOfTwo = significand == 1 << 52 && candidate > .leastNormalMagnitude
            let below =
                isPowerOfTwo
                ? compare(
                    numerator, denominator, twice: significand * 4 - 1,
                    exponent: candidate.integerExponent - 2)
                : compare(
                    numerator, denominator, twice: significand * 2 - 1,
                    exponent: candidate.integerExponent - 1)
            if below < 0 || (below == 0 && !isEven) {
                candidate = candidate.nextDown
                continue
            }
            return candidate
        }
        return candidate
    }

    /// The sign of numerator / denominator − twice × 2^exponent.
    private static func compare(
        _ numerator: BigNatural, _ denominator: BigNatural, twice: UInt64, exponent: Int
    ) -> Int {
        var left = numerator
        var right = denominator
        right.multiply(by: BigNatural(twice))
        if exponent >= 0 {
            right.shiftLeft(by: exponent)
        } else {
            left.shiftLeft(by: -exponent)
        }
        return left.compare(to: right)
    }

    private static func allDigits(
        _ bytes: Span<UInt8>, from start: Int, to end: Int, exponent: Int
    ) -> (BigNatural, Int) {
        var value = BigNatural(0)
        var significant = 0
        var isSticky = false
        for index in start..<end {
            let byte = bytes[index]
            if byte | 0x20 == 0x65 { break }
            guard let digit = byte.digitValue else { continue }
            if significant == 0, digit == 0 { continue }
            if significant < digitLimit {
                value.multiply(by: 10, adding: UInt32(digit))
            } else if digit != 0 {
                isSticky = true
            }
            significant += 1
        }
        // `exponent` belongs to the first 19 significant digits.
        var power = exponent - (min(significant, digitLimit) - 19)
        if isSticky {
            value.multiply(by: 10, adding: 1)
            power -= 1
        }
        return (value, power)
    }
}

extension Double {
    /// The value is `integerSignificand` × 2^`integerExponent`. (For finite values.)
    fileprivate var integerSignificand: UInt64 {
        let fraction = bitPattern & 0xF_FFFF_FFFF_FFFF
        return bitPattern >> 52 & 0x7FF == 0 ? fraction : fraction | 1 << 52
    }

    fileprivate var integerExponent: Int {
        let biased = Int(bitPattern >> 52 & 0x7FF)
        return (biased == 0 ? 1 : biased) - 1075
    }
}

/// A natural number of any size, just enough of it for comparisons.
struct BigNatural {
    /// 32 bits each, the lowest first, no zero at the end.
    private var limbs: [UInt32] = []

    init(_ value: UInt64) {
        let low = UInt32(truncatingIfNeeded: value)
        let high = UInt32(truncatingIfNeeded: value >> 32)
        if value != 0 { limbs.append(low) }
        if high != 0 { limbs.append(high) }
    }

    /// self × factor + addend.
    mutating func multiply(by factor: UInt32, adding addend: UInt32 = 0) {
        var carry = UInt64(addend)
        for index in limbs.indices {
            // (2^32 − 1)² + 2^32 − 1 fits 64 bits.
            let product = UInt64(limbs[index]) &* UInt64(factor) &+ carry
            limbs[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry != 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
    }

    mutating func multiply(byPowerOfTen exponent: Int) {
        var left = exponent
        while left >= 9 {
            multiply(by: 1_000_000_000)
            left -= 9
        }
        while left > 0 {
            multiply(by: 10)
            left -= 1
        }
    }

    mutating func multiply(by other: BigNatural) {
        var product = [UInt32](repeating: 0, count: limbs.count + other.limbs.count)
        for (offset, factor) in other.limbs.enumerated() {
            var carry: UInt64 = 0
            for (index, limb) in limbs.enumerated() {
                let sum = UInt64(limb) &* UInt64(factor) &+ UInt64(product[offset + index]) &+ carry
                product[offset + index] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            product[offset + limbs.count] = UInt32(truncatingIfNeeded: carry)
        }
        while product.last == 0 { product.removeLast() }
        limbs = product
    }

    mutating func shiftLeft(by bits: Int) {
        if limbs.isEmpty || bits <= 0 { return }
        let rest = UInt32(bits % 32)
        if rest != 0 { multiply(by: 1 << rest) }
        limbs.insert(contentsOf: repeatElement(0, count: bits / 32), at: 0)
    }

    /// −1, 0 or 1.
    func compare(to other: BigNatural) -> Int {
        if limbs.count != other.limbs.count { return limbs.count < other.limbs.count ? -1 : 1 }
        for index in limbs.indices.reversed() where limbs[index] != other.limbs[index] {
            return limbs[index] < other.limbs[index] ? -1 : 1
        }
        return 0
    }
}
