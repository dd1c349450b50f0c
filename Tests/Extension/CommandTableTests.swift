import Testing
import Values

@testable import Extension

private var table: CommandTable { CommandTable() }

private func find(_ name: String) -> Command? {
    let bytes = Array(name.utf8) + [0]
    return bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return nil }
        return table.find(base, bytes.count - 1)?.pointee.command
    }
}

@Test func everyCommandIsFoundByItsName() {
    for command in Command.allCases { #expect(find(command.name.description) == command) }
}

@Test func aNameThatDiffersInOneByteIsAnotherOne() {
    for command in Command.allCases {
        let name = Array(command.name.description.utf8)
        for index in name.indices {
            var other = name
            other[index] ^= 0x20
            #expect(find(String(decoding: other, as: UTF8.self)) == nil)
        }
        #expect(find(command.name.description + ":") == nil)
        #expect(find(String(command.name.description.dropLast())) == nil)
    }
}

@Test func namesOfAnyLengthAreLookedUp() {
    for length in 0...40 { #expect(find(String(repeating: ":", count: length)) == nil) }
}

@Test func argumentsAreReadAsTheGamePrintsThem() {
    func value(_ text: String) -> Double? { text.withCString { NumberCheck.value($0) } }
    #expect(value("21") == 21)
    #expect(value("32.00") == 32)
    #expect(value("3.2e+01") == 32)
    #expect(value("1e+06") == 1_000_000)
    #expect(value("\"7\"") == 7)
    #expect(value("-1") == -1)
    for bad in ["", "abc", "nan", "-nan(ind)", "inf", "1 ", " 1", "1,5", "--1", "1e", "\""] {
        #expect(value(bad) == nil, "\(bad)")
    }
    #expect(value(String(repeating: "1", count: 1_000)) == nil)
    func isFlag(_ text: String) -> Bool { text.withCString { NumberCheck.isFlag($0) } }
    for good in ["0", "1", "1.00", "true", "false", "TRUE", "\"true\"", "t", "F"] {
        #expect(isFlag(good), "\(good)")
    }
    for bad in ["yes", "", "truee", "tr"] { #expect(!isFlag(bad), "\(bad)") }
}
