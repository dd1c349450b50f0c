// What goes into an archive comes out of it: every record, in order, bit by bit.

import Foundation
import Testing
import WAL

@testable import Archive

@Suite struct RoundTripTests {
    @Test(arguments: 1...40)
    func everyRecordComesBackBitExact(round: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let records = randomRecords(round * 17, seed: seed)
        let scratch = try Scratch()
        let path = try scratch.archive(records)
        let found = try contents(path)
        #expect(found.records == records, "seed \(seed)")
        #expect(found.damages.isEmpty, "seed \(seed)")
    }

    @Test func anEmptyArchiveIsAnArchive() throws {
        let scratch = try Scratch()
        let found = try contents(try scratch.archive([]))
        #expect(found.records.isEmpty)
        #expect(found.damages.isEmpty)
    }

    @Test func aGroupIsReadableText() throws {
        var group = GroupEncoder()
        let arguments = Array("7\u{0}[1,2]\u{0}".utf8)
        let name = Array(":SOLDIER:STATE:".utf8)
        for sequence in 1...3 {
            group.append(
                Call(
                    sequence: UInt64(sequence), time: Int64(100 + sequence / 3),
                    command: .soldierState,
                    form: .array, name: name.span, argumentCount: 2, arguments: arguments.span))
        }
        // The same example stands in docs/formats/archive.md.
        #expect(
            String(decoding: group.text(number: 1), as: UTF8.self) == """
                blackbox group 1 sequence 1 time 100 records 3 tables 1 bytes 72
                order 4 3 4
                0







                1
                table :SOLDIER:STATE: array 3 1 4 8
                7


                [1,2]



                """)
    }

    @Test func groupsAreSoughtByTimeAndSequence() throws {
        // Arguments of 1 KiB: about a thousand calls a group.
        let filler = String(repeating: "x", count: 1000)
        let records = (1...5000).map { number in
            PlainRecord.call(
                UInt64(number), ":SYS:LOG:", ["\(number)" + filler], time: Int64(number) * 1000)
        }
        let scratch = try Scratch()
        var reader = try ArchiveReader.open(try scratch.archive(records))
        #expect(reader.groups.count >= 4)
        var found: [UInt64] = []
        reader.forEachRecord(times: 2_000_500...2_003_000) { (call: borrowing Call) throws(Never) in
            found.append(call.sequence)
        } other: { (_: borrowing OtherRecord) throws(Never) in
        }
        #expect(found == [2001, 2002, 2003])
        found = []
        reader.forEachCall(in: 4990...6000) { (call: borrowing Call) throws(Never) in
            found.append(call.sequence)
        }
        #expect(found == Array(4990...5000))
        #expect(reader.figures.map { $0.name } == [":SYS:LOG:"])
        #expect(reader.figures.first?.callCount == 5000)
    }

    @Test func anArgumentOfMegabytesIsKept() throws {
        let large = [UInt8](repeating: UInt8(ascii: "y"), count: 9 << 20)
        let records = [
            PlainRecord.call(1, ":SYS:LOG:", ["a"]),
            PlainRecord(
                sequence: 2, time: 5,
                kind: .call(name: Array(":X:".utf8), isString: false, arguments: [large, [1]])),
            PlainRecord.call(3, ":SYS:LOG:", ["a"], time: 5),
        ]
        let scratch = try Scratch()
        #expect(try contents(try scratch.archive(records)).records == records)
    }

    @Test func thousandsOfArgumentsAreKept() throws {
        let arguments = (0..<2048).map { "\($0)" }
        let records = (1...3).map { PlainRecord.call(UInt64($0), ":SYS:LOG:", arguments) }
        let scratch = try Scratch()
        #expect(try contents(try scratch.archive(records)).records == records)
    }

    @Test func lz4ProvesTheFileAndYieldsTheText() throws {
        let program = "/usr/bin/lz4"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            print("skipped: the lz4 program is not installed")
            return
        }
        let scratch = try Scratch()
        let path = try scratch.archive(randomRecords(3000, seed: 4))
        func run(_ arguments: [String]) throws -> (code: Int32, output: Data) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (process.terminationStatus, data)
        }
        #expect(try run(["-t", path]).code == 0)
        let text = try run(["-dc", path])
        #expect(text.code == 0)
        #expect(text.output.starts(with: Array("blackbox group 1 sequence ".utf8)))
    }
}
