// A consumer's durable position: what was written is read, anything else means "from the start".

import FaultHarness
import Testing

@testable import Segments

@Suite struct CursorTests {
    private let logID: [UInt8] = Array(0..<16)

    @Test(arguments: [0, 1, 4_711, UInt64.max])
    func whatWasWrittenIsRead(sequence: UInt64) throws {
        let scratch = try Scratch()
        let cursor = Cursor(name: "json", logID: logID, sequence: sequence)
        try cursor.write(scratch.path)
        #expect(Cursor.read(scratch.path, "json", logID: logID) == cursor)
        #expect(Cursor.read(scratch.path, "sqlite", logID: logID) == nil)
        #expect(Cursor.read(scratch.path, "json", logID: logID.reversed()) == nil)
        // Written over, and nothing is left beside it.
        try Cursor(name: "json", logID: logID, sequence: 5).write(scratch.path)
        #expect(Cursor.read(scratch.path, "json", logID: logID)?.sequence == 5)
        #expect(try Paths.names(in: scratch.path) == ["json.cursor"])
    }

    @Test func aCursorCutAtAnyByteOrWithAnyBitFlippedIsNone() throws {
        let scratch = try Scratch()
        let cursor = Cursor(name: "json", logID: logID, sequence: 90_071_992)
        let path = Cursor.path(scratch.path, "json")
        let line = cursor.line
        for length in 0..<line.count {
            try Disk.write(path, Array(line[..<length]))
            #expect(Cursor.read(scratch.path, "json", logID: logID) == nil, "cut at \(length)")
        }
        for bit in 0..<(line.count * 8) {
            try Disk.write(path, Wound.flip(line, bit: bit).applied(to: line))
            #expect(Cursor.read(scratch.path, "json", logID: logID) == nil, "bit \(bit)")
        }
        try Disk.write(path, line + line)
        #expect(Cursor.read(scratch.path, "json", logID: logID) == nil)
    }

    @Test func aFolderThatCantBeWrittenIsAnErrorAndTheOldCursorStands() throws {
        let scratch = try Scratch()
        let cursor = Cursor(name: "json", logID: logID, sequence: 3)
        #expect(throws: LogError.self) { try cursor.write(scratch.path + "/nowhere") }
    }
}
