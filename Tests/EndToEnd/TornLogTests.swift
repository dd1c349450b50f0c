// A log whose end is torn, as a power cut leaves it, in the hands of the built tools: what they say, what
// they export, what they leave alone.

import Foundation
import Testing

@Suite(.needsBuild) struct TornLogTests {
    /// A log of a killed server, torn in the middle: no tail file tells how far it was durable, and a few
    /// records there are gone.
    private func torn() throws -> (server: Server, log: URL, whole: [Data]) {
        let server = try Server(compactor: false)
        let mission = try server.mission([
            "--seed", "11", "--minutes", "1", "--units", "20", "--recordings", "1",
        ])
        let killed = try server.play(mission.stream, ["--quiet", "--kill-after", "1500"])
        try #require(killed.code == 137, "\(killed.errors)")
        let log = try #require(try server.logFolders().first)
        try FileManager.default.removeItem(at: log.appending(path: "000001.tail"))
        let whole = try records(server, log)
        let segment = log.appending(path: "000001.seg")
        var bytes = try Data(contentsOf: segment)
        let middle = try #require(bytes.lastIndex { $0 != 0 }) / 2
        bytes.replaceSubrange(middle..<(middle + 64), with: Data(repeating: 0x5A, count: 64))
        try bytes.write(to: segment)
        return (server, log, whole)
    }

    /// The lines of `blackbox dump --json`.
    private func records(_ server: Server, _ path: URL, _ options: [String] = []) throws -> [Data] {
        let dumped = try server.blackbox(["dump", path.path, "--json"] + options)
        #expect(dumped.code == 0, "\(dumped.errors)")
        return dumped.output.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }

    @Test func verifyAndRecoverSayTornWithCodeTenAndLeaveTheLogAsItIs() throws {
        let (server, log, _) = try torn()
        let segment = log.appending(path: "000001.seg")
        let before = try Data(contentsOf: segment)
        for command in ["verify", "recover", "recover"] {
            let ran = try server.blackbox([command, log.path])
            #expect(ran.code == 10, "\(command): \(ran.text)\(ran.errors)")
            #expect(ran.text.contains("torn tail: "), "\(ran.text)")
        }
        #expect(try Data(contentsOf: segment) == before)
    }

    @Test func keptAreTheRecordsThatAnExportSees() throws {
        let (server, log, whole) = try torn()
        let exported = try records(server, log)
        #expect(exported.count < whole.count / 2 + whole.count / 4)
        #expect(exported.elementsEqual(whole.prefix(exported.count)), "a prefix without a hole")
        let told = try server.blackbox(["recover", log.path])
        #expect(
            told.text.contains("kept:  \(grouped(exported.count)) records over "), "\(told.text)")
    }

    @Test func whatStandsBehindTheHoleIsExportedWithSalvage() throws {
        let (server, log, whole) = try torn()
        let exported = try records(server, log)
        let salvaged = try records(server, log, ["--salvage"])
        let salvage = salvaged.count - exported.count
        #expect(salvage > 0 && salvaged.count < whole.count)
        #expect(Set(salvaged).isSubset(of: Set(whole)))
        let told = try server.blackbox(["recover", log.path])
        #expect(
            told.text.contains(
                "\(grouped(salvage)) whole records behind them can be had with --salvage"),
            "\(told.text)")
        for (command, code) in [("compact", 0), ("recover", 10)] {
            var sizes: [Int] = []
            for options in [[], ["--salvage"]] {
                let out = "\(command)\(options.count)"
                let ran = try server.blackbox([command, log.path, "--json", out] + options)
                #expect(ran.code == Int32(code), "\(ran.text)\(ran.errors)")
                let folder = server.folder.appending(path: out)
                let name = try #require(
                    try FileManager.default.contentsOfDirectory(atPath: folder.path)
                        .first { $0.hasSuffix(".json.gz") })
                sizes.append(try unpacked(folder.appending(path: name)).count)
            }
            #expect(sizes[0] < sizes[1], "\(command): the replay has more with --salvage")
        }
    }

    @Test func whatWasMendedReadsAsAPrefix() throws {
        let (server, log, _) = try torn()
        let recovered = try server.blackbox(["recover", log.path])
        let mended = log.appending(path: "mended/000001.seg")
        #expect(recovered.text.contains("mended copy: \(mended.path)"), "\(recovered.text)")
        #expect(try server.blackbox(["verify", mended.path]).code == 0)
        #expect(try records(server, mended) == records(server, log))
    }

    @Test func aSegmentOfAnotherLogIsForeignWithCodeTwelve() throws {
        let (server, log, _) = try torn()
        let mission = server.root.appending(path: "mission.tsv")
        try server.play(mission, ["--quiet", "--calls", "50"])
        let other = try #require(try server.logFolders().last { $0.path != log.path })
        try FileManager.default.copyItem(
            at: other.appending(path: "000001.seg"), to: log.appending(path: "000009.seg"))
        for command in ["verify", "recover"] {
            let ran = try server.blackbox([command, log.path])
            #expect(ran.code == 12, "\(command): \(ran.text)\(ran.errors)")
        }
    }

    private func grouped(_ count: Int) -> String {
        count < 1000 ? "\(count)" : "\(count / 1000),\(String(format: "%03d", count % 1000))"
    }
}
