// What armahost counts is what is there: each count has a case that must show more than nothing, and the
// counterparts of the benchmark handle the very bytes that the log's records hold.

import Foundation
import Testing

@Suite(.needsBuild, .serialized) struct HostCountTests {
    /// An extension that does in each call what ours must not: a system call for new pages, a first touch
    /// of each of them, and two requests to the heap. `:MUCH:` takes 64 MiB for as long as the call lasts.
    private static let greedy = """
        #include <stddef.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>

        int32_t RVExtensionArgs(char *out, uint32_t size, const char *name, const char **texts, uint32_t count) {
            int is_much = strcmp(name, ":MUCH:") == 0;
            size_t bytes = is_much ? 64 << 20 : 4096;
            char *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (pages == MAP_FAILED) return 1;
            memset(pages, 1, bytes);
            if (is_much) munmap(pages, bytes);
            volatile char *memory = malloc(64);
            if (memory == NULL) return 1;
            memory[0] = 1;
            free((void *)memory);
            (void)texts; (void)count;
            if (size > 0) out[0] = 0;
            return 0;
        }
        void RVExtension(char *out, uint32_t size, const char *name) {
            (void)RVExtensionArgs(out, size, name, NULL, 0);
        }
        """

    /// Plays these lines through that extension.
    private func greedily(_ lines: [String], _ options: [String]) throws -> HostReport {
        let server = try Server(compactor: false)
        let library = server.root.appending(path: "greedy_x64.so")
        try Compiler.makeLibrary(Self.greedy, at: library)
        let report = server.root.appending(path: "report.json")
        let ran = try run(
            Built.armahost,
            [library.path, try server.stream(lines).path, "--quiet", "--json", report.path]
                + options, in: server.folder)
        try #require(ran.code == 0, "\(ran.errors)")
        return try HostReport(report)
    }

    @Test(.enabled(if: Compiler.isThere, Compiler.comment))
    func whatACallAsksOfTheSystemIsCounted() throws {
        let counts = try greedily(
            [":A:\t1", "!:B:"],
            ["--copies", "250", "--count-faults", "--count-allocations", "--count-syscalls"])
        #expect(counts.calls == 500)
        #expect(counts.minorFaults ?? 0 >= 500)
        #expect(counts.heapRequests == 1000)
        #expect(counts.callsWithSystemCall == 500)
        #expect(counts.notRecorded == 0)
    }

    /// Memory that is there within a call only is the most that there was, though no slice ends with it.
    @Test(.enabled(if: Compiler.isThere, Compiler.comment))
    func thePeakOfMemoryIsNotMissedBetweenSlices() throws {
        let counts = try greedily([":A:", ":MUCH:", ":A:", ":A:"], ["--slices", "2"])
        let slices = try #require(counts.slices).map(\.residentBytes)
        try #require(slices.count == 2)
        #expect(counts.peakResidentBytes >= (slices.min() ?? 0) + (63 << 20))
        #expect((slices.max() ?? 0) < 64 << 20)
    }

    /// Calls that find their pages are within ready space, calls that must fault them in are beyond it.
    @Test(.enabled(if: Compiler.isThere, Compiler.comment))
    func slicesTellWhereReadySpaceWasLeft() throws {
        let options = ["--copies", "0", "--calls", "10000", "--slices", "2000"]
        let greedy = try greedily([":A:"], options)
        #expect(greedy.beyondReadySpace?.count ?? 0 == 8000)
        // In memory, where nobody protects pages behind our back.
        guard HotPathTests.hasMemory else { return }
        let server = try Server(compactor: false, parent: HotPathTests.memory)
        let report = server.root.appending(path: "report.json")
        // 10,000 calls of a few dozen bytes stay within the first segment, which is ready from the start.
        let played = try server.play(
            try server.stream([":EVENT:KILL:\t1"]), options + ["--quiet", "--json", report.path])
        try #require(played.code == 0, "\(played.errors)")
        let ours = try HostReport(report)
        #expect(ours.withinReadySpace?.count == 10_000)
        #expect(ours.beyondReadySpace?.count == 0)
    }

    @Test func eachWriteIsASystemCall() throws {
        let server = try Server(compactor: false)
        let stream = try server.stream([":EVENT:KILL:\t1\t[2]", "!:SYS:TIMESTAMP:"])
        let counts = try counterpart(
            "write:" + server.root.appending(path: "written").path, server, stream,
            ["--copies", "50", "--count-syscalls"])
        #expect(counts.callsWithSystemCall == 100)
    }

    /// The same calls through the plug-in and through both counterparts: the log's records of calls and
    /// what the counterparts laid out have the same lengths and the same fields.
    @Test func theCounterpartsHandleTheBytesOfTheRecords() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission([
            "--seed", "4", "--minutes", "1", "--units", "40", "--recordings", "1",
        ])
        let report = server.root.appending(path: "report.json")
        let played = try server.play(mission.stream, ["--quiet", "--json", report.path])
        try #require(played.code == 0, "\(played.errors)")
        let calls = try HostReport(report).calls
        let folder = try #require(try server.logFolders().first)
        let segments = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "seg" }.sorted { $0.path < $1.path }
        // Below kind 16 are the records that the plug-in adds on its own.
        let logged = try segments.flatMap { try Self.records($0, from: 4096) }.filter {
            $0.kind >= 16
        }
        #expect(logged.count == calls)

        let written = server.root.appending(path: "written")
        let bytes = logged.reduce(0) { $0 + $1.paddedLength }
        for target in ["memory", "write:" + written.path] {
            let counts = try counterpart(target, server, mission.stream)
            #expect(counts.calls == calls)
            #expect(counts.recordBytes == bytes, "\(target)")
        }
        let laidOut = try Self.records(written, from: 0)
        try #require(laidOut.count == logged.count)
        let differing = zip(laidOut, logged).first { ours, theirs in
            ours.fields != theirs.fields || ours.count != theirs.count
        }
        #expect(differing == nil)
    }

    @Test func aCallThatACounterpartCantTakeEndsTheRun() throws {
        let server = try Server(compactor: false)
        let stream = try server.stream([
            ":EVENT:KILL:\t1", ":EVENT:KILL:\t" + String(repeating: "x", count: 600_000),
        ])
        let ran = try run(
            Built.armahost, ["-", stream.path, "--target", "memory"], in: server.folder)
        #expect(ran.code == 8)
        #expect(ran.errors.contains("call 2 has more than 512 KiB"), "\(ran.errors)")
        // A device that is always full.
        let full = try run(
            Built.armahost,
            ["-", try server.stream([":EVENT:KILL:\t1"]).path, "--target", "write:/dev/full"],
            in: server.folder)
        #expect(full.code == 8)
        #expect(full.errors.contains("call 1 could not be written to the file"), "\(full.errors)")
    }

    /// A log that may not grow: what is refused stands in the report, and the plug-in counts it, too.
    @Test func callsThatAreLostAreCounted() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission([
            "--seed", "4", "--minutes", "6", "--units", "200", "--vehicles", "40", "--recordings",
            "1",
        ])
        let stream = try server.stream(
            Data(":SYS:STATS:\n".utf8) + Data(contentsOf: mission.stream)
                + Data(":SYS:STATS:\n".utf8))
        let report = server.root.appending(path: "report.json")
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent)
        // No file may have more than 8 MiB (a shell's blocks are of 512 or 1,024 bytes: 8 or 16): the log's
        // first segment fits, the second does not. Nor would all replies fit into one.
        let limited = #"""
            trap "" XFSZ; ulimit -f 16384
            { "$@"; echo "code $?" >&2; } | grep -a -e p50ns -e "were not recorded"
            """#
        let ran = try run(
            URL(filePath: "/bin/sh"),
            [
                "-c", limited, "sh", Built.armahost.path, plugin.path, stream.path, "--echo",
                "--json", report.path,
            ], in: server.folder)
        try #require(ran.errors.contains("code 0"), "\(ran.errors)")
        let counts = try HostReport(report)
        let lost = try #require(counts.notRecorded)
        print("a log of a few megabytes: \(counts.summary)")
        #expect(lost > 0)
        #expect(ran.text.contains("calls that were not recorded: \(lost)\n"))
        let statistics = ran.lines.compactMap(Statistics.init)
        try #require(statistics.count == 2)
        #expect(statistics[0].drops == 0)
        // Some are answered although they are lost: this question itself is one of them.
        let answered = LoggedCall.of(stream: try Data(contentsOf: stream)).filter {
            $0.name.hasPrefix(":SYS:") || $0.name == ":STORAGE:INIT:"
        }
        #expect((lost...(lost + answered.count)).contains(statistics[1].drops))
    }

    private func counterpart(
        _ target: String, _ server: Server, _ stream: URL, _ options: [String] = []
    ) throws -> HostReport {
        let report = server.root.appending(path: "counterpart.json")
        let ran = try run(
            Built.armahost,
            ["-", stream.path, "--target", target, "--quiet", "--json", report.path] + options,
            in: server.folder)
        guard ran.code == 0 else { throw TestFailure("\(target): \(ran.errors)") }
        return try HostReport(report)
    }

    /// A record as docs/formats/log.md has it.
    private struct Record {
        let kind: UInt16
        let count: UInt32
        let paddedLength: Int
        /// With their NULs and the padding.
        let fields: Data
    }

    private static func records(_ file: URL, from start: Int) throws -> [Record] {
        let bytes = try Data(contentsOf: file)
        func word(_ at: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
        }
        var records: [Record] = []
        var at = start
        while at + 32 <= bytes.count {
            let length = Int(word(at))
            // Zero is the end; a footer has a bit that no length has.
            guard length >= 32, length < 1 << 30 else { break }
            let padded = (length + 7) & ~7
            guard at + padded <= bytes.count else {
                throw TestFailure("\(file.path): cut at \(at)")
            }
            records.append(
                Record(
                    kind: UInt16(truncatingIfNeeded: word(at + 24)), count: word(at + 28),
                    paddedLength: padded, fields: bytes[(at + 32)..<(at + padded)]))
            at += padded
        }
        return records
    }
}
