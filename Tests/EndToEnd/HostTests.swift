// The stand-in for the game must itself be trusted: its errors are clear, its exit codes hold.

import Foundation
import Testing

@Suite(.needsBuild) struct HostTests {
    @Test func aPlugInThatIsNotThereIsNamed() throws {
        let server = try Server(compactor: false)
        let ran = try run(
            Built.armahost, ["nowhere.so", try server.stream([":A:"]).path], in: server.folder)
        #expect(ran.code == 3)
        #expect(ran.errors.contains("nowhere.so"))
    }

    @Test(arguments: [
        (":SYS:LOG:\t\"a\\x\"", "line 2: bad escape"), ("@jump", "line 2: unknown directive"),
        ("@wait", "line 2: @wait needs"), ("@sleep soon", "line 2: @sleep needs"),
        ("@caller", "line 2: @caller KEY=VALUE"), ("@caller age=7", "no such value: age=7"),
        ("@caller given=6", "no such value: given=6"),
    ])
    func aDamagedLineIsNamed(line: String, message: String) throws {
        let server = try Server(compactor: false)
        let ran = try server.play(try server.stream([":SYS:VERSION:", line, ":SYS:VERSION:"]))
        #expect(ran.code == 4)
        #expect(ran.errors.contains(message), "\(ran.errors)")
    }

    @Test func aMissingCallbackEndsTheRun() throws {
        let server = try Server(compactor: false)
        let ran = try server.play(try server.stream([":SYS:VERSION:", "@wait :NEVER: 0.2"]))
        #expect(ran.code == 5)
        #expect(ran.errors.contains("line 2: no callback :NEVER:"))
    }

    @Test func itsOwnCountsAreRight() throws {
        let server = try Server(compactor: false)
        let report = server.root.appending(path: "report.json")
        let acked = server.root.appending(path: "acked")
        let stream = try server.stream([
            ":SYS:VERSION:", "# nothing", "", "!:SYS:TIMESTAMP:", "@frame",
        ])
        let ran = try server.play(
            stream, ["--copies", "3", "--json", report.path, "--acked", acked.path])
        #expect(ran.code == 0, "\(ran.errors)")
        let counts = try HostReport(report)
        #expect(counts.calls == 6)
        #expect(counts.nanoseconds.count == 6)
        #expect(counts.nanoseconds.max >= counts.nanoseconds.p50)
        #expect(try ackedCalls(acked).returned == 6)
        #expect(try ackedCalls(acked).begun == 6)
    }
}

/// The part of `armahost --json` that is looked at here.
struct HostReport: Decodable {
    struct Latency: Decodable {
        let count: Int
        let p50: Int
        let p99: Int
        let max: Int
    }
    struct Slice: Decodable {
        let residentBytes: Int
    }
    let calls: Int
    let nanoseconds: Latency
    let minorFaults: Int?
    let majorFaults: Int?
    let heapRequests: Int?
    let callsWithSystemCall: Int?
    /// Of the plug-in: calls whose reply said that they were not recorded.
    let notRecorded: Int?
    /// Of a counterpart: bytes of the records that it handled.
    let recordBytes: Int?
    let peakResidentBytes: Int
    // Of a run in slices:
    let withinReadySpace: Latency?
    let beyondReadySpace: Latency?
    let slices: [Slice]?
    let seconds: Double

    init(_ file: URL) throws {
        self = try JSONDecoder().decode(HostReport.self, from: Data(contentsOf: file))
    }

    /// What was measured, in a line.
    var summary: String {
        let counts = [
            (minorFaults, "minor faults"), (majorFaults, "major faults"),
            (heapRequests, "heap requests"), (callsWithSystemCall, "calls with a system call"),
            (notRecorded, "not recorded"),
        ].compactMap { count, what in count.map { "\($0) \(what)" } }
        return "\(calls) calls, p50 \(nanoseconds.p50) ns, p99 \(nanoseconds.p99) ns, "
            + "max \(nanoseconds.max) ns" + counts.map { ", " + $0 }.joined()
    }
}
