// PostgreSQL's numeric in its binary form: digits to the base 10,000 with a sign, a weight and a display
// scale, all 16-bit, big-endian. The columns are numeric because queries written for older databases
// call functions of numeric (round(x, 2)).

/// A finite number as a numeric's bytes: the shortest decimal that stands for the double.
struct BinaryNumeric {
    /// What `make` left.
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(64) }

    /// Makes the bytes of a number; what is not finite becomes 0.
    mutating func make(_ value: Double) {
        bytes.removeAll(keepingCapacity: true)
        guard value.isFinite, value != 0 else { return begin(0, 0, false, 0) }
        let magnitude = value.magnitude
        // The game prints few digits: nearly every number ends here. Up to 2⁵³ a product's nearest whole
        // number is exact, and the quotient of two exact numbers is the double nearest to the decimal.
        if magnitude < 1_000_000_000 {
            var scale = 1.0
            for places in 0...6 {
                let whole = (magnitude * scale).rounded()
                if whole / scale == magnitude {
                    return make(UInt64(whole), places: places, isNegative: value < 0)
                }
                scale *= 10
            }
        }
        makeSlowly(magnitude, isNegative: value < 0)
    }

    private mutating func make(_ mantissa: UInt64, places: Int, isNegative: Bool) {
        let groups = (places + 3) / 4
        var rest = mantissa
        for _ in places..<groups * 4 { rest *= 10 }
        var digits: (UInt16, UInt16, UInt16, UInt16, UInt16, UInt16) = (0, 0, 0, 0, 0, 0)
        var count = 0
        // Below 10⁹ with six places and padding: at most five groups.
        while rest > 0 {
            let digit = UInt16(rest % 10_000)
            switch count {
            case 0: digits.0 = digit
            case 1: digits.1 = digit
            case 2: digits.2 = digit
            case 3: digits.3 = digit
            case 4: digits.4 = digit
            default: digits.5 = digit
            }
            rest /= 10_000
            count += 1
        }
        begin(count, count - groups - 1, isNegative, places)
        for place in (0..<count).reversed() {
            switch place {
            case 0: append(digits.0)
            case 1: append(digits.1)
            case 2: append(digits.2)
            case 3: append(digits.3)
            case 4: append(digits.4)
            default: append(digits.5)
            }
        }
    }

    /// From the shortest text, `1.25e-07` or `123456.0078125`.
    private mutating func makeSlowly(_ magnitude: Double, isNegative: Bool) {
        var digits: [UInt8] = []
        var places = 0
        var exponent = 0
        var isBehindPoint = false
        let text = Array(magnitude.description.utf8)
        let mark = text.firstIndex(of: UInt8(ascii: "e")) ?? text.count
        for byte in text[..<mark] {
            if byte == UInt8(ascii: ".") {
                isBehindPoint = true
            } else {
                digits.append(byte - UInt8(ascii: "0"))
                if isBehindPoint { places += 1 }
            }
        }
        if mark < text.count {
            exponent = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)) ?? 0
        }
        places -= exponent
        while places < 0 {
            digits.append(0)
            places += 1
        }
        while digits.last == 0, places > 0 {
            digits.removeLast()
            places -= 1
        }
        let scale = places
        while places % 4 != 0 {
            digits.append(0)
            places += 1
        }
        while digits.count % 4 != 0 { digits.insert(0, at: 0) }
        var groups = stride(from: 0, to: digits.count, by: 4).map { start in
            digits[start..<start + 4].reduce(UInt16(0)) { $0 * 10 + UInt16($1) }
        }
        var weight = groups.count - places / 4 - 1
        while groups.first == 0 {
            groups.removeFirst()
            weight -= 1
        }
        begin(groups.count, weight, isNegative, scale)
        for group in groups { append(group) }
    }

    private mutating func begin(_ count: Int, _ weight: Int, _ isNegative: Bool, _ scale: Int) {
        append(UInt16(clamping: count))
        append(UInt16(bitPattern: Int16(clamping: weight)))
        append(isNegative ? 0x4000 : 0)
        append(UInt16(clamping: scale))
    }

    private mutating func append(_ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }
}
