// The doctor tells the truth: of an installation that is whole, and of each way in which it is not.

import Foundation
import Testing

private struct Point: Decodable {
    let point: String
    let severity: String
    let text: String
    let advice: String
}

@Suite(.needsBuild) struct DoctorTests {
    private func examine(_ server: Server, code: ClosedRange<Int32> = 0...11) throws -> [Point] {
        let ran = try server.blackbox(["doctor", server.mod.path, "--json"])
        #expect(code.contains(ran.code), "\(ran.code): \(ran.text)\(ran.errors)")
        let points = try ran.lines.map {
            try JSONDecoder().decode(Point.self, from: Data($0.utf8))
        }
        // The worst point decides the exit code.
        let severities = Set(points.map(\.severity))
        let wanted: Int32 =
            severities.contains("error") ? 11 : severities.contains("warning") ? 10 : 0
        #expect(ran.code == wanted, "\(ran.text)")
        for point in points where ["warning", "error"].contains(point.severity) {
            #expect(!point.advice.isEmpty, "\(point)")
        }
        return points
    }

    private func severity(_ points: [Point], _ name: String) -> String? {
        let order = ["ok", "note", "warning", "error"]
        return points.filter { $0.point == name }.map(\.severity)
            .max { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
    }

    private func text(_ points: [Point], _ name: String) -> String {
        points.filter { $0.point == name }.map { $0.text + " → " + $0.advice }
            .joined(separator: "; ")
    }

    @Test func aWholeInstallationIsWellAndIsLeftAsItIs() throws {
        let server = try Server(configuration: #"{"logLevel": "info"}"#)
        let points = try examine(server)
        for name in [
            "plug-in", "version", "configuration", "compactor", "folders", "logs", "uploads",
        ] {
            #expect(severity(points, name) == "ok", "\(name): \(text(points, name))")
        }
        #expect(points.contains { $0.point == "call time" })
        #expect(text(points, "space").contains("hours of recording"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.folder.path).isEmpty)
    }

    @Test func aVariableThatNamesNoConfigurationIsSaid() throws {
        let server = try Server(configuration: "{}")
        func configuration(_ named: URL) throws -> [String] {
            try run(
                Built.blackbox, ["doctor", server.mod.path], in: server.folder,
                environment: ["OCAP_RECORDER_CONFIG": named.path]
            ).lines.filter { $0.contains("configuration") }.map(String.init)
        }
        let nowhere = server.root.appending(path: "nowhere.json")
        #expect(
            try configuration(nowhere).contains {
                $0.contains("OCAP_RECORDER_CONFIG names \(nowhere.path), which is not there")
            })
        let there = server.mod.appending(path: "ocap_recorder.cfg.json")
        #expect(try !configuration(there).contains { $0.contains("OCAP_RECORDER_CONFIG") })
    }

    @Test func aMissingPlugInAndOneForWindowsAreNamed() throws {
        let server = try Server()
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent)
        try FileManager.default.removeItem(at: plugin)
        #expect(severity(try examine(server), "plug-in") == "error")
        try (Data("MZ".utf8) + Data(count: 500)).write(to: plugin)
        #expect(text(try examine(server), "plug-in").contains("a file for Windows"))
    }

    @Test func aPlugInThatTheSystemWouldNotLoadIsNamedWithTheReason() throws {
        let server = try Server()
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent)
        let whole = try Data(contentsOf: plugin)
        // A newer C library than any.
        var newer = whole
        while let found = newer.range(of: Data("GLIBC_2.2.5".utf8)) {
            newer.replaceSubrange(found, with: Data("GLIBC_2.999".utf8))
        }
        try newer.write(to: plugin)
        #expect(text(try examine(server), "plug-in").contains("needs glibc 2.999"))
        // A library that is not there.
        var lonely = whole
        let name = try #require(lonely.range(of: Data("libdl.so.2".utf8)))
        lonely.replaceSubrange(name, with: Data("libno.so.2".utf8))
        try lonely.write(to: plugin)
        #expect(text(try examine(server), "plug-in").contains("libno.so.2"))
        // Cut short, in every way: it is always an error, and never the doctor's end.
        for count in stride(from: 0, to: whole.count, by: whole.count / 7) {
            try whole.prefix(count).write(to: plugin)
            #expect(severity(try examine(server), "plug-in") == "error", "\(count) bytes")
        }
        try Data(contentsOf: Built.armahost).write(to: plugin)
        #expect(severity(try examine(server), "plug-in") == "error")
    }

    @Test func theHubsClientIsAskedForWhereAHubIsNamed() throws {
        let alone = try Server()
        #expect(severity(try examine(alone), "hub client") == nil)
        let server = try Server(
            configuration: #"{"blackbox": {"icom": {"address": "hub:9090", "serverId": "a"}}}"#)
        let missing = text(try examine(server, code: 11...11), "hub client")
        #expect(missing.contains("is not there") && missing.contains("beside the plug-in"))
        let client = server.mod.appending(path: Built.icom.lastPathComponent)
        try FileManager.default.copyItem(at: Built.icom, to: client)
        #expect(severity(try examine(server), "hub client") == "ok")
        // Of another release, cut short, and something else altogether.
        let whole = try Data(contentsOf: client)
        var other = whole
        let version = try #require(other.range(of: Data("BLACKBOX_ICOM_1\0".utf8)))
        other.replaceSubrange(version, with: Data("BLACKBOX_ICOM_7\0".utf8))
        try other.write(to: client)
        #expect(text(try examine(server), "hub client").contains("another release"))
        try whole.prefix(whole.count / 2).write(to: client)
        #expect(severity(try examine(server), "hub client") == "error")
        try Data(contentsOf: Built.plugin).write(to: client)
        #expect(text(try examine(server), "hub client").contains("is not the hub's client"))
    }

    @Test func whatIsWrongInTheConfigurationIsNamed() throws {
        let server = try Server(
            configuration: """
                {"logDirr": 1, "otel": {}, "storage": {"type": "sqlite", "memory": {}},
                 "blackbox": {"segmentMiB": "many", "_comment": "fine"}}
                """)
        let points = try examine(server, code: 10...10)
        let said = text(points, "configuration")
        for words in [
            "unknown key logDirr", "blackbox.segmentMiB must be a number", "otel has no effect",
            "storage.memory has no effect",
        ] {
            #expect(said.contains(words), "\(words): \(said)")
        }
        #expect(!said.contains("comment"))
    }

    @Test func aCompactorThatDoesNotStartIsNamed() throws {
        let server = try Server(compactor: false)
        #expect(text(try examine(server, code: 11...11), "compactor").contains("is not there"))
        let program = server.mod.appending(path: "blackbox")
        try Data("#!/bin/sh\nexit 3\n".utf8).write(to: program)
        #expect(text(try examine(server), "compactor").contains("chmod +x"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: program.path)
        #expect(text(try examine(server), "compactor").contains("fails with code 3"))
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let server = try Server(
            configuration: #"{"storage": {"memory": {"outputDir": "/proc/x"}}}"#)
        let points = try examine(server, code: 11...11)
        #expect(text(points, "folders").contains("/proc/x"))
    }

    @Test func whatACrashLeftIsToldUntilSomebodyLookedAfterIt() throws {
        let server = try Server()
        let mission = try server.mission(["--minutes", "0.3", "--units", "10", "--recordings", "1"])
        let played = try server.play(mission.stream, ["--kill-after", "60", "--quiet"])
        #expect(played.code == 137)
        var points = try examine(server)
        #expect(severity(points, "orphaned logs") == "warning")
        #expect(text(points, "orphaned logs").contains("blackbox recover"))
        // Looked after, and not exported: the output is named.
        #expect(try server.blackbox(["recover", "--quiet"]).code == 0)
        points = try examine(server)
        #expect(severity(points, "orphaned logs") == nil)
        #expect(text(points, "outputs").contains("json has not got"))
        // Exported: nothing is left to say.
        #expect(try server.blackbox(["recover", "--json", server.recordings.path]).code == 0)
        points = try examine(server)
        #expect(severity(points, "outputs") == nil, "\(text(points, "outputs"))")
        #expect(severity(points, "retention") == "ok")
    }

    @Test func whatAKilledDoctorLeftGoesWithTheNextOneAndWithTidy() throws {
        let server = try Server(configuration: "{}")
        let manager = FileManager.default
        try manager.createDirectory(at: server.logs, withIntermediateDirectories: true)
        /// Kills a doctor while it measures; what it leaves.
        func killOne() throws -> URL {
            var left = server.logs
            try waitUntil("a doctor is killed while it measures") {
                let doctor = Process()
                doctor.executableURL = Built.blackbox
                doctor.arguments = ["doctor", server.mod.path]
                doctor.currentDirectoryURL = server.folder
                doctor.environment = ownEnvironment
                doctor.standardInput = FileHandle.nullDevice
                doctor.standardOutput = FileHandle.nullDevice
                doctor.standardError = FileHandle.nullDevice
                try doctor.run()
                left = server.logs.appending(
                    path: ".blackbox-doctor-\(doctor.processIdentifier)-log")
                try waitUntil("it measures, or is done") {
                    manager.fileExists(atPath: left.path) || !doctor.isRunning
                }
                kill(doctor.processIdentifier, SIGKILL)
                doctor.waitUntilExit()
                return manager.fileExists(atPath: left.path)
            }
            return left
        }
        for command in [["doctor", server.mod.path], ["tidy"]] {
            let left = try killOne()
            let ran = try server.blackbox(command)
            #expect(ran.text.contains(left.lastPathComponent), "\(ran.text)")
            let names = try manager.contentsOfDirectory(atPath: server.logs.path)
            #expect(names.filter { $0 != ".tidy.lock" } == [])
        }
    }

    @Test func aDamagedLogOrArchiveIsAnError() throws {
        let server = try Server()
        let mission = try server.mission(["--minutes", "0.3", "--units", "10", "--recordings", "1"])
        try server.play(mission.stream, ["--wait-saved", "--quiet"])
        let log = try #require(try server.logFolders().first)
        #expect(severity(try examine(server), "damaged logs") == nil)
        func damage(_ name: String) throws {
            let file = log.appending(path: name)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: file.path)
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 0x55
            try bytes.write(to: file)
        }
        let whole = try Data(contentsOf: log.appending(path: "000001.seg"))
        try damage("000001.seg")
        #expect(severity(try examine(server, code: 11...11), "damaged logs") == "error")
        try whole.write(to: log.appending(path: "000001.seg"))
        try #require(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        #expect(severity(try examine(server), "damaged logs") == nil)
        try damage("000001.seg.lz4")
        let said = text(try examine(server, code: 11...11), "damaged logs")
        #expect(said.contains(log.lastPathComponent) && said.contains("blackbox verify"), "\(said)")
    }

    @Test func whatNeedsSpaceIsNamedByItsKey() throws {
        let server = try Server(configuration: #"{"blackbox": {"minFreeGB": 99999}}"#)
        #expect(text(try examine(server), "space").contains("lower blackbox.minFreeGB"))
    }

    @Test func anotherProgramInTheCompactorsPlaceIsAnError() throws {
        let server = try Server(configuration: #"{"blackbox": {"compactor": "/bin/true"}}"#)
        let points = try examine(server, code: 11...11)
        #expect(severity(points, "compactor") == "error")
        #expect(text(points, "compactor").contains("is not blackbox"))
    }

    @Test func aFolderInTheConfigurationsPlaceIsTold() throws {
        let server = try Server()
        try FileManager.default.createDirectory(
            at: server.mod.appending(path: "ocap_recorder.cfg.json"),
            withIntermediateDirectories: true)
        let points = try examine(server, code: 11...11)
        #expect(text(points, "configuration").contains("is no file but a folder"))
    }

    @Test func anUploadWithoutItsProgramIsNamed() throws {
        let server = try Server(configuration: #"{"api": {"serverUrl": "http://127.0.0.1:1"}}"#)
        #expect(text(try examine(server, code: 10...11), "uploads").contains("127.0.0.1:1"))
    }
}
