import Testing
import Values

/// The pieces as text: `[`, `]`, `"…"` with what stands between the quotes, numbers, words.
private func pieces(_ bytes: [UInt8], _ dialect: LiteralReader.Dialect = .sqf) -> [String] {
    var reader = LiteralReader(bytes.span, dialect: dialect)
    var result: [String] = []
    while true {
        switch reader.next() {
        case .arrayStart: result.append("[")
        case .arrayEnd: result.append("]")
        case .string(let range, let isPlain):
            result.append(
                (isPlain ? "" : "*") + "\"" + String(decoding: bytes[range], as: UTF8.self) + "\"")
        case .number(let value): result.append("\(value)")
        case .bool(let value): result.append("\(value)")
        case .none: result.append("nil")
        case .word(let range): result.append(String(decoding: bytes[range], as: UTF8.self))
        case .end: return result
        case .malformed: return result + ["malformed"]
        }
    }
}

private func pieces(_ text: String, _ dialect: LiteralReader.Dialect = .sqf) -> [String] {
    pieces(Array(text.utf8), dialect)
}

@Test(arguments: [
    (#"[1,2,["a",true]]"#, ["[", "1.0", "2.0", "[", "\"a\"", "true", "]", "]"]),
    (#"["say ""hi""",""]"#, ["[", #"*"say ""hi""""#, "\"\"", "]"]),
    ("[]", ["[", "]"]),
    ("[ 1 , -2.5e1 ]", ["[", "1.0", "-25.0", "]"]),
    ("[WEST,any,<null>,nil,NULL]", ["[", "WEST", "nil", "nil", "nil", "nil", "]"]),
    ("[B Alpha 1-1:1 (Mira),<NULL-object>]", ["[", "B Alpha 1-1:1 (Mira)", "<NULL-object>", "]"]),
    ("[nan,-1.#IND,inf]", ["[", "nan", "nan", "inf", "]"]),
    ("7", ["7.0"]),
    (#""x""#, ["\"x\""]),
    ("[1,]", ["[", "1.0", "malformed"]),
    ("[,1]", ["[", "malformed"]),
    ("[1", ["[", "1.0", "malformed"]),
    ("[1]]", ["[", "1.0", "]", "malformed"]),
    ("[1 2]", ["[", "1.0", "malformed"]),
    (#"["a"#, ["[", "malformed"]),
    ("", ["malformed"]),
    ("]", ["malformed"]),
])
func arrayTextsAreReadPieceByPiece(text: String, expected: [String]) {
    #expect(pieces(text) == expected)
}

@Test func jsonArraysKnowBackslashesAndNoBareWords() {
    #expect(pieces(#"["a\"b",1,null]"#, .json) == ["[", #"*"a\"b""#, "1.0", "nil", "]"])
    #expect(pieces("[WEST]", .json) == ["[", "malformed"])
    // What the reference's undoing of quotes leaves of an empty text.
    #expect(pieces(#"["7656",",100]"#, .json) == ["[", "\"7656\"", "malformed"])
}

@Test func arraysStandThirtyTwoDeepAndNoDeeper() {
    let limit = LiteralReader.depthLimit
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    #expect(pieces(deepest).last == "]")
    #expect(pieces("[" + deepest + "]").last == "malformed")
    #expect(pieces(String(repeating: "[", count: 1_000_000)).last == "malformed")
}

private let hostileSamples: [String] = [
    #"[[812.331,4,"2003,3000.25,14"],[812.45,4,"2099.8,3049.9,11"],WEST,<null>]"#,
    #"{"a": [1, -2.5e10, "x\u00e9\ud83d\ude00\n"], "b": {"c": null, "d": [true, false]}}"#,
    #""{""missionName"": ""co08"", ""addons"": [[""CBA"", ""4508""]]}""#,
    "1.67772e+07", "-1.#IND", "Лазарь \"Ё\" 😀",
]

/// Everything that reads the game's bytes, once.
private func readEverything(_ bytes: [UInt8]) {
    _ = pieces(bytes)
    _ = pieces(bytes, .json)
    _ = try? JSONValue.parse(bytes.span)
    _ = JSONValue.isValid(bytes.span)
    _ = try? WorldInfo.parse(bytes.span)
    _ = try? MissionInfo.parse(bytes.span)
    _ = NumberParser.parseOrNonFinite(bytes.span)
    _ = NumberParser.parseInteger(bytes.span)
    _ = Command.named(bytes.span)
    _ = ArgumentText.value(bytes.span)
    _ = ArgumentText.strictValue(bytes.span)
    var repaired: [UInt8] = []
    UTF8Text.appendRepaired(bytes.span, to: &repaired)
    let isRepaired = UTF8Text.isValid(repaired.span)
    let wasValid = UTF8Text.isValid(bytes.span)
    #expect(isRepaired)
    #expect(wasValid == (repaired == bytes))
}

@Test(arguments: hostileSamples)
func noTruncationMakesAReaderTrap(sample: String) {
    let bytes = Array(sample.utf8)
    for length in 0...bytes.count { readEverything(Array(bytes.prefix(length))) }
}

@Test(arguments: hostileSamples)
func noFlippedBitMakesAReaderTrap(sample: String) {
    let bytes = Array(sample.utf8)
    for bit in 0..<bytes.count * 8 {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        readEverything(flipped)
    }
}

@Test(arguments: [
    (#""Mira""#, "Mira", "Mira"),
    (#""a ""b"" c""#, #"a "b" c"#, #"a "b" c"#),
    (#""""Q""""#, #""Q""#, "Q"),
    ("hello", "hello", "hello"),
    (#""""#, "", ""),
    ("\"", "\"", ""),
    ("", "", ""),
    (#"[["7656","",100]]"#, #"[["7656","",100]]"#, #"[["7656",",100]]"#),
])
func textsAreTakenOutOfTheirQuotes(argument: String, value: String, strict: String) {
    let bytes = Array(argument.utf8)
    let plain = ArgumentText.value(bytes.span)
    let reference = ArgumentText.strictValue(bytes.span)
    #expect(String(decoding: plain, as: UTF8.self) == value)
    #expect(String(decoding: reference, as: UTF8.self) == strict)
}
