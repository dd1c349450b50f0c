import Testing
import Values

/// A generator with a seed, for reproducible cases.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

private func number(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return NumberParser.parse(bytes.span)
}

private func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.appendNumber(value)
    return String(decoding: bytes, as: UTF8.self)
}

private func text(_ value: Float) -> String {
    var bytes: [UInt8] = []
    bytes.appendNumber(value)
    return String(decoding: bytes, as: UTF8.self)
}

@Test(arguments: [
    "0", "-0", "1", "12", "-1", "2003.25", "1.67772e+07", "1e+06", "4.50815e+08", "1e-05", "1e+007",
    ".5", "5.", "+3", "00012", "9007199254740993", "9007199254740992.9999999999999", "1e22", "1e23",
    "123456789012345678901234567890", "0.000001", "1e-320", "4.9e-324", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "2.2250738585072011e-308", "2.2250738585072014e-308",
    "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e400", "1e-400",
    "8.5", "0.1", "0.3", "100000000000000016777215", "100000000000000016777216",
    "7.2057594037927933e16", "1.00000000000000011102230246251565404", "9e99999999999",
    "1.000000000000000111022302462515654042363166809082031249999999999999999999999999999999999999",
    "1.000000000000000111022302462515654042363166809082031250000000000000000000000000000000000001",
])
func numbersAreReadAsTheLibraryReadsThem(text: String) throws {
    let expected = try #require(Double(text.hasPrefix("+") ? String(text.dropFirst()) : text))
    #expect(number(text)?.bitPattern == expected.bitPattern)
}

@Test(arguments: [
    "", "-", ".", "+", "e5", "1e", "1x", "1 ", " 1", "0x10", "nan", "1e+", "--1", "1.2.3",
])
func whatIsNoNumberIsNone(text: String) {
    // An exponent without digits is not part of the number, so something is left over.
    #expect(number(text) == nil)
}

@Test(arguments: [
    "nan", "-nan", "-nan(ind)", "nan(snan)", "-1.#IND", "1.#QNAN", "NaN", "inf", "-inf", "Infinity",
    "1.#INF", "-1.#INF",
])
func nonFiniteWordsAreKnown(text: String) {
    let bytes = Array(text.utf8)
    let value = NumberParser.parseOrNonFinite(bytes.span)
    #expect(value?.isFinite == false)
}

@Test func randomNumbersReadBackBitForBit() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("randomNumbersReadBackBitForBit: seed \(seed)")
    var random = SplitMix(state: seed)
    for _ in 0..<20_000 {
        let value = Double(bitPattern: random.next())
        guard value.isFinite else { continue }
        #expect(number(text(value))?.bitPattern == value.bitPattern, "\(value)")
        #expect(number("\(value)")?.bitPattern == value.bitPattern, "\(value)")
        let single = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        guard single.isFinite else { continue }
        #expect(Float(text(single))?.bitPattern == single.bitPattern, "\(single)")
    }
}

@Test func longRandomDecimalsAreRoundedAsTheLibraryDoes() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("longRandomDecimalsAreRoundedAsTheLibraryDoes: seed \(seed)")
    var random = SplitMix(state: seed)
    for _ in 0..<3_000 {
        var text = ""
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            text += String(Int.random(in: 0...9, using: &random))
        }
        if Bool.random(using: &random) { text += "." + String(random.next()) }
        if Bool.random(using: &random) {
            text += "e" + String(Int.random(in: -345...320, using: &random))
        }
        #expect(number(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
}

@Test func theGamesNumbersAreWrittenAsTheyCame() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("theGamesNumbersAreWrittenAsTheyCame: seed \(seed)")
    var random = SplitMix(state: seed)
    for _ in 0..<20_000 {
        // Six significant digits, no zeros at the end.
        let decimals = Int.random(in: 0...5, using: &random)
        var digits = String(Int.random(in: 1...999_999, using: &random))
        while digits.count <= decimals { digits = "0" + digits }
        var expected = String(digits.dropLast(decimals))
        let fraction = digits.suffix(decimals)
        if decimals > 0, !fraction.allSatisfy({ $0 == "0" }) {
            expected += "." + String(fraction)
            while expected.last == "0" { expected.removeLast() }
        }
        #expect(text(number(expected) ?? .nan) == expected)
        if let single = Float(expected) { #expect(text(single) == expected) }
    }
}

@Test(arguments: [
    (0.0, "0"), (-0.0, "-0"), (1, "1"), (2003, "2003"), (3000.25, "3000.25"), (1e-6, "0.000001"),
    (1e-7, "1e-7"), (1.5e-7, "1.5e-7"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
    (1.25e21, "1.25e+21"), (16_777_200, "16777200"), (-0.1, "-0.1"), (0.3, "0.3"),
    (0.1 + 0.2, "0.30000000000000004"),
    (Double.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
    (123456789.123456, "123456789.123456"), (9007199254740992, "9007199254740992"),
    (999999999999999.9, "999999999999999.9"), (0.000012345, "0.000012345"),
])
func doublesAreWrittenInTheReplaysStyle(value: Double, expected: String) {
    #expect(text(value) == expected)
}

@Test(arguments: [
    (Float(108.79045), "108.79045"), (0.3, "0.3"), (1, "1"), (0.1, "0.1"), (16_777_216, "16777216"),
    (1e-7, "1e-7"), (3.4028235e38, "3.4028235e+38"), (-0.0, "-0"), (0.333_333_34, "0.33333334"),
])
func floatsAreWrittenShortestForTheirBits(value: Float, expected: String) {
    #expect(text(value) == expected)
}

@Test func numbersThatAreNotFiniteBecomeZero() {
    #expect(text(Double.nan) == "0")
    #expect(text(-Double.infinity) == "0")
    #expect(text(Float.nan) == "0")
}

@Test func wholeNumbersKnowTheirLimits() {
    func integer(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return NumberParser.parseInteger(bytes.span)
    }
    #expect(integer("-9223372036854775808") == .min)
    #expect(integer("9223372036854775807") == .max)
    #expect(integer("9223372036854775808") == nil)
    #expect(integer("+5") == 5)
    for bad in ["", "-", "1.0", "1e2", " 1"] { #expect(integer(bad) == nil) }
    var written: [UInt8] = []
    written.appendDecimal(Int64.min)
    written.appendDecimal(UInt64.max)
    written.appendDecimal(Int8(-7))
    #expect(
        String(decoding: written, as: UTF8.self) == "-922337203685477580818446744073709551615-7")
}
