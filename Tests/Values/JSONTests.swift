import Foundation
import Testing
import Values

private func parse(_ text: String) throws -> JSONValue {
    try parse(Array(text.utf8))
}

private func parse(_ bytes: [UInt8]) throws -> JSONValue {
    try JSONValue.parse(bytes.span)
}

private func command(_ name: [UInt8]) -> Command? {
    Command.named(name.span)
}

@Test func jsonIsReadWithItsOrderAndItsRawNumbers() throws {
    let value = try parse(
        #" {"b": [1, -2.50e1, true, null], "a": "x\n\u00e9\ud83d\ude00", "b": {}} "#)
    #expect(
        value
            == .object([
                .init(
                    key: Array("b".utf8),
                    value: .array([
                        .number(1, raw: Array("1".utf8)), .number(-25, raw: Array("-2.50e1".utf8)),
                        .bool(true), .null,
                    ])),
                .init(key: Array("a".utf8), value: .string(Array("x\né😀".utf8))),
                .init(key: Array("b".utf8), value: .object([])),
            ]))
    #expect(value.member("b") == .object([]), "of two equal keys the last one counts")
    #expect(value.member("A") == nil)
    #expect(value.member("A", ignoringCase: true)?.string == "x\né😀")
}

@Test(arguments: [
    ("", JSONError.Problem.empty, 0),
    ("  ", .empty, 2),
    ("{\"a\":1,}", .unexpected(0x7D), 7),
    ("[1 2]", .unexpected(0x32), 3),
    ("[1", .endsEarly, 2),
    ("\"abc", .endsEarly, 4),
    ("tru", .unknownWord, 0),
    ("[01]", .badNumber, 1),
    ("[1.]", .badNumber, 1),
    ("[-]", .badNumber, 1),
    ("\"\\x\"", .badEscape, 1),
    ("1 1", .trailing, 2),
    ("[&]", .unexpected(0x26), 1),
])
func jsonErrorsNameTheirPlace(text: String, problem: JSONError.Problem, offset: Int) {
    #expect(throws: JSONError(problem: problem, offset: offset)) { try parse(text) }
}

@Test func jsonDepthIsBounded() throws {
    let limit = JSONValue.depthLimit
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    _ = try parse(deepest)
    let error = #expect(throws: JSONError.self) { try parse("[" + deepest + "]") }
    #expect(error?.problem == .tooDeep(limit: limit))
    #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
}

@Test func invalidUTF8InJSONIsMended() throws {
    let value = try parse([0x22, 0x61, 0xFF, 0xE2, 0x82, 0x62, 0x22])
    #expect(value.string == "a\u{FFFD}\u{FFFD}b")
    #expect(try parse(#""\ud800x\udc00""#).string == "\u{FFFD}x\u{FFFD}")
}

/// Three ways to read: a tree, the question whether it is JSON, and whether it is for every reader.
@Test func whatIsAskedOfAJSONTextAgreesWithWhatIsReadOfIt() {
    let seed = UInt64.random(in: 0 ... .max)
    var state = seed
    func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
    let parts = [
        "{", "}", "[", "]", ":", ",", "\"", "\"a\":", "\"\\u00e9\\ud83d\\ude00\"", "\"\\ud800\"",
        "\\",
        "-1.5e3", "01", "true", "null", "nul", " ", "\n", "\u{1}", "\"é\"",
    ]
    for _ in 0..<20_000 {
        let bytes = (0..<random(9)).flatMap { _ in Array(parts[random(parts.count)].utf8) }
        let tree = try? parse(bytes)
        let isValid = JSONValue.isValid(bytes.span)
        let isStrict = (try? JSONValue.check(bytes.span)) != nil
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(isValid == (tree != nil), "seed \(seed): \(text)")
        #expect(isValid || !isStrict, "seed \(seed): \(text)")
        // Foundation is stricter only about halves of surrogate pairs, as `check` is, and about nothing; but
        // it takes a comma behind the last element, and no number beyond all doubles.
        let dense = text.filter { !$0.isWhitespace }
        if !dense.contains(",]"), !dense.contains(",}"), !dense.contains("e30") {
            let theirs = try? JSONSerialization.jsonObject(
                with: Data(bytes), options: .fragmentsAllowed)
            #expect(isStrict == (theirs != nil), "seed \(seed): \(text)")
        }
        var members: [Range<Int>] = []
        let isObject =
            (try? JSONValue.forEachMember(of: bytes.span) { _, value in members.append(value) })
            != nil
        if case .object(let found) = tree {
            #expect(isObject == isStrict && (!isObject || members.count == found.count))
        } else {
            #expect(!isObject, "seed \(seed): \(text)")
        }
    }
}

/// Texts are read eight bytes at a time: no byte may be seen otherwise for where it stands, or beside which.
@Test func everyByteOfATextCountsWhereverItStands() {
    func problem(_ text: [UInt8]) -> JSONError? {
        do throws(JSONError) {
            try JSONValue.check(text.span)
            return nil
        } catch {
            return error
        }
    }
    for filling in "a!#[] \u{7F}".utf8 {
        for before in 0...17 {
            for after in [0, 1, 7, 8, 9] {
                for byte in UInt8.min...0x7F {
                    var text: [UInt8] = [0x22]
                    text += [UInt8](repeating: filling, count: before)
                    text.append(byte)
                    text += [UInt8](repeating: filling, count: after)
                    text.append(0x22)
                    let place = before + 1
                    let wanted: JSONError? =
                        switch byte {
                        case ..<0x20: JSONError(problem: .unexpected(byte), offset: place)
                        // A space behind the end is none too many, a quote always is.
                        case 0x22:
                            JSONError(
                                problem: .trailing,
                                offset: place + 1 + (filling == 0x20 ? after : 0))
                        case 0x5C where after == 0:
                            JSONError(problem: .endsEarly, offset: text.count)
                        case 0x5C: JSONError(problem: .badEscape, offset: place)
                        default: nil
                        }
                    guard problem(text) == wanted else {
                        Issue.record("\(text): \(String(describing: problem(text)))")
                        return
                    }
                }
            }
        }
    }
}

@Test func jsonStringsAreWrittenSoThatTheyReadBack() throws {
    for text in ["", "plain", "\"\\\u{1}\n\r\t\u{8}\u{c}\u{1f}/", "Лазарь \"Ё\" 😀\n", "é"] {
        var written: [UInt8] = []
        written.appendJSONString(text)
        #expect(try parse(written).string == text)
        var fromBytes: [UInt8] = []
        let bytes = Array(text.utf8)
        fromBytes.appendJSONString(bytes.span)
        #expect(fromBytes == written)
        #expect(!written.contains { $0 < 0x20 })
    }
    var mended: [UInt8] = []
    let broken: [UInt8] = [0x61, 0xC3, 0x22]
    mended.appendJSONString(broken.span)
    #expect(String(decoding: mended, as: UTF8.self) == "\"a\u{FFFD}\\\"\"")
}

@Test func everyCommandIsFoundByItsName() {
    for known in Command.allCases {
        var name: [UInt8] = []
        name.append(contentsOf: known.name)
        #expect(command(name) == known)
        #expect(command(Array(name.dropLast())) == nil)
        #expect(command(name + [0x3A]) == nil)
        #expect(command(Array(name.dropLast()) + [0x58]) == nil)
    }
    #expect(command([]) == nil)
}
