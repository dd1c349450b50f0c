// What follows a save: the compactor started, its report read, the addon told. A script stands for the
// compactor.

import Foundation
import Testing

@testable import Extension

/// A game with a compactor that writes down its arguments and reports `report`.
private func game(
    report: String?, code: Int = 0, storage: String = #"{"type": "memory"}"#, own: String = "",
    wait: Bool = false
) throws -> Game {
    let tools = try TemporaryFolder()
    let write =
        report.map {
            #"""
            while [ $# -gt 1 ]; do [ "$1" = --report ] && report=$2; shift; done
            # Other commands are asked for no report.
            [ -z "$report" ] || {
                printf '%s' '\#($0)' > "$report.new" && mv "$report.new" "$report"
            }
            """#
        } ?? ""
    try tools.writeProgram(
        "blackbox",
        """
        echo "$@" >> \(tools.path)/calls
        \(wait ? "while [ ! -e \(tools.path)/go ]; do sleep 0.01; done" : "")
        \(write)
        exit \(code)
        """)
    let game = try Game(
        own: #""compactor": "\#(tools.path)/blackbox""# + (own.isEmpty ? "" : ", " + own),
        storage: storage)
    game.tools = tools
    game.call(":STORAGE:INIT:")
    game.call(":MISSION:START:", goodWorld, goodMission)
    game.round()
    return game
}

extension Game {
    /// The compactions. (What keeps the disk in order comes after them, whenever nothing else runs.)
    fileprivate var calls: [String] { programRuns.filter { !$0.hasPrefix("tidy ") } }

    fileprivate var programRuns: [String] {
        (tools?.text("calls") ?? "").split(separator: "\n").map(String.init)
    }
}

@Test func aSaveStartsTheCompactorAndTellsItsResult() throws {
    let game = try game(report: #"{"recording":1,"status":"ok","path":"r/[x].json.gz","error":""}"#)
    #expect(game.call(":MISSION:SAVE:") == #"["ok", "queued"]"#)
    #expect(game.wait(for: ":MISSION:SAVED:") == #":MISSION:SAVED:["ok","r/(x).json.gz"]"#)
    let log = game.plugin.courier.logFolder
    #expect(
        game.calls == [
            "compact \(log) --recording 1 --json ./recordings --report \(log)/save-1.report --background"
        ])
    #expect(!FileManager.default.fileExists(atPath: log + "/save-1.report"))
    // Nothing is left to be saved.
    #expect(game.call(":MISSION:SAVE:") == #"["ok", "queued"]"#)
    #expect(
        game.wait(for: ":MISSION:SAVED:")
            == #":MISSION:SAVED:["error","no mission to end: mission was never started"]"#)
}

@Test func theStorageDecidesWhatTheCompactorIsAskedFor() throws {
    let sqlite = try game(
        report: #"{"status":"ok"}"#, storage: #"{"type": "sqlite", "sqlite": {"path": "x y.db"}}"#,
        own: #""strict": true"#)
    sqlite.call(":MISSION:SAVE:")
    #expect(sqlite.wait(for: ":MISSION:SAVED:") == #":MISSION:SAVED:["ok",""]"#)
    #expect(sqlite.calls[0].contains("--recording 1 --sqlite x y.db --strict --report"))
    let plain = try game(
        report: #"{"status":"ok"}"#,
        storage: #"{"type": "odd", "memory": {"compressOutput": false, "outputDir": "/out"}}"#)
    plain.call(":MISSION:SAVE:")
    #expect(plain.wait(for: ":MISSION:SAVED:") != nil)
    #expect(plain.calls[0].contains("--recording 1 --json /out --no-gzip --report"))
}

/// What the compactor is asked for, what it reports, and what the addon hears of it, to the letter.
struct SaveTelling: Sendable, CustomTestStringConvertible {
    let storage: String
    /// `CONFIGURATION` stands for the configuration's path.
    let outputs: String
    let report: String
    let told: String

    var testDescription: String { storage + told }

    init(_ storage: String, _ outputs: String, _ report: String, _ told: String) {
        self.storage = storage
        self.outputs = outputs
        self.report = report
        self.told = told
    }

    private static let memory = #"{"type": "memory"}"#
    private static let json = "--json ./recordings"
    private static let postgres = #"{"type": "postgres"}"#
    private static let server = "--postgres-config CONFIGURATION"
    private static let websocket = #"{"type": "websocket"}"#
    private static let stream = "--websocket CONFIGURATION"

    static let all: [SaveTelling] = [
        SaveTelling(
            memory, json,
            #"{"recording":1,"status":"ok","path":"./recordings/co08_20260308_200000.json.gz","error":""}"#,
            #"["ok","./recordings/co08_20260308_200000.json.gz"]"#),
        SaveTelling(
            memory, json,
            #"{"recording":1,"status":"ok","path":"./\u005b1\u005d Mira\u0027s \u0022raid\u0022.json.gz"}"#,
            #"["ok","./(1) Mira''s ""raid"".json.gz"]"#),
        SaveTelling(
            memory, json,
            #"{"recording":1,"status":"partial","path":"./recordings/a.json.gz","error":"not uploaded: 500"}"#,
            #"["partial","./recordings/a.json.gz","not uploaded: 500"]"#),
        SaveTelling(
            memory, json,
            #"{"recording":1,"status":"error","path":"","error":"./recordings: no space is left"}"#,
            #"["error","./recordings: no space is left"]"#),
        SaveTelling(
            #"{"type": "sqlite", "sqlite": {"path": "ocap.db"}}"#, "--sqlite ocap.db",
            #"{"recording":1,"status":"ok","path":"ocap.db","error":""}"#, #"["ok","ocap.db"]"#),
        SaveTelling(
            #"{"type": "sqlite", "sqlite": {"path": "ocap.db"}}"#, "--sqlite ocap.db",
            #"{"recording":1,"status":"error","path":"","error":"ocap.db is no database"}"#,
            #"["error","ocap.db is no database"]"#),
        SaveTelling(
            postgres, server, #"{"recording":1,"status":"ok","path":"","error":""}"#,
            #"["ok",""]"#),
        SaveTelling(
            postgres, server,
            #"{"recording":1,"status":"partial","path":"./l","error":"blackbox-pg is not beside blackbox"}"#,
            #"["partial","./l","blackbox-pg is not beside blackbox"]"#),
        SaveTelling(
            postgres, server,
            #"{"recording":1,"status":"error","path":"","error":"user \u0022a\u0022, see the server\u0027s log"}"#,
            #"["error","user ""a"", see the server''s log"]"#),
        SaveTelling(
            websocket, stream, #"{"recording":1,"status":"ok","path":"","error":""}"#,
            #"["ok",""]"#),
        SaveTelling(
            websocket, stream,
            #"{"recording":1,"status":"partial","path":"./l","error":"not acknowledged yet"}"#,
            #"["partial","./l","not acknowledged yet"]"#),
        // A type that nobody knows is memory; what a report leaves out is empty; a word of a later version's
        // is no success.
        SaveTelling(#"{"type": "odd"}"#, json, #"{"status":"ok"}"#, #"["ok",""]"#),
        SaveTelling(memory, json, #"{"status":"partial"}"#, #"["partial","",""]"#),
        SaveTelling(memory, json, #"{"status":"later","error":"why"}"#, #"["error","why"]"#),
    ]
}

@Test(arguments: SaveTelling.all)
func theAddonIsToldWhatTheCompactorReports(entry: SaveTelling) throws {
    let game = try game(report: entry.report, storage: entry.storage)
    game.call(":MISSION:SAVE:")
    #expect(game.wait(for: ":MISSION:SAVED:") == ":MISSION:SAVED:" + entry.told)
    let outputs = entry.outputs.replacingOccurrences(
        of: "CONFIGURATION", with: game.folder.path("ocap_recorder.cfg.json"))
    #expect(game.calls.contains { $0.contains(" --recording 1 \(outputs) --report ") })
}

@Test func afterAnErrorASecondSaveTriesTheSameRecordingAgain() throws {
    let failed = try game(report: #"{"status":"error","error":"no space"}"#)
    for _ in 0..<2 {
        failed.call(":MISSION:SAVE:")
        #expect(failed.wait(for: ":MISSION:SAVED:") == #":MISSION:SAVED:["error","no space"]"#)
    }
    #expect(failed.calls.count == 2)
    #expect(failed.calls[1].contains("--recording 1 "))
}

@Test func aCompactorThatDiesIsAnError() throws {
    let game = try game(report: nil, code: 3)
    game.call(":MISSION:SAVE:")
    let told = game.wait(for: ":MISSION:SAVED:") ?? ""
    #expect(told.hasPrefix(#":MISSION:SAVED:["error","the compactor ended with code 3"#))
    #expect(told.contains("run: blackbox compact"))
}

@Test func afterASaveOldLogsAreLookedAfterWithTheOwnersLimits() throws {
    let game = try game(
        report: #"{"status":"ok","path":"p"}"#,
        own: #""retentionDays": 7, "retentionGB": 0.5, "minFreeGB": "2", "archive": false"#)
    game.call(":MISSION:SAVE:")
    #expect(game.wait(for: ":MISSION:SAVED:") != nil)
    // Once at the start, and again behind the compaction.
    for _ in 0..<1_000
    where game.calls.isEmpty || game.programRuns.last?.hasPrefix("tidy ") != true
        || game.plugin.courier.tidying != nil
    {
        game.round()
        usleep(10_000)
    }
    let courier = game.plugin.courier
    #expect(
        game.programRuns.last
            == "tidy \(courier.configuration.logDir) --need json --keep-days 7 --keep-size 512MiB "
            + "--min-free 2048MiB --no-archive --log \(courier.logPath) --background")
    #expect(game.programRuns.dropLast().last?.hasPrefix("compact ") == true)
}

@Test func aSecondSaveOfOneRecordingIsRefusedWhileTheFirstRuns() throws {
    let game = try game(report: #"{"status":"ok","path":"p"}"#, wait: true)
    #expect(game.call(":MISSION:SAVE:") == #"["ok", "queued"]"#)
    #expect(game.call(":MISSION:SAVE:") == #"["error", "save already in progress"]"#)
    game.round()
    #expect(game.call(":MISSION:SAVE:") == #"["error", "save already in progress"]"#)
    // Another recording begins and is saved during that: it waits its turn.
    game.call(":MISSION:START:", goodWorld, goodMission)
    #expect(game.round() == [#":MISSION:OK:["OK"]"#])
    #expect(game.call(":MISSION:SAVE:") == #"["ok", "queued"]"#)
    game.round()
    try game.tools?.write("go", "")
    #expect(game.wait(for: ":MISSION:SAVED:") == #":MISSION:SAVED:["ok","p"]"#)
    #expect(game.wait(for: ":MISSION:SAVED:") == #":MISSION:SAVED:["ok","p"]"#)
    #expect(game.calls.map { $0.contains("--recording 1 ") } == [true, false])
    #expect(game.calls[1].contains("--recording 2 "))
}

@Test func withoutACompactorTheOwnerIsToldWhatToRun() throws {
    let game = try Game()
    #expect(game.call(":MISSION:SAVE:") == #"["error", "no storage backend configured"]"#)
    game.call(":STORAGE:INIT:")
    game.call(":MISSION:START:", goodWorld, goodMission)
    game.round()
    #expect(game.call(":MISSION:SAVE:") == #"["ok", "queued"]"#)
    let log = game.plugin.courier.logFolder
    #expect(
        game.wait(for: ":MISSION:SAVED:")
            == #":MISSION:SAVED:["partial","\#(log)","recorded; run: blackbox compact \#(log) --recording 1 --json ./recordings"]"#
    )
}

@Test func aConfiguredCompactorThatIsMissingIsNamed() throws {
    let game = try Game(own: #""compactor": "/nowhere/black box""#)
    game.call(":STORAGE:INIT:")
    game.call(":MISSION:START:", goodWorld, goodMission)
    game.round()
    game.call(":MISSION:SAVE:")
    #expect(game.wait(for: ":MISSION:SAVED:")?.hasPrefix(#":MISSION:SAVED:["partial","#) == true)
    #expect(
        game.logText.contains(
            "blackbox.compactor in the configuration: there is no file /nowhere/black box"))
    #expect(!game.logText.contains("not beside the plug-in"))
}

@Test func whatAnOwnerIsToldToRunCanBePasted() throws {
    let game = try Game(storage: #"{"memory": {"outputDir": "/srv/my replays"}}"#)
    game.call(":STORAGE:INIT:")
    game.call(":MISSION:START:", goodWorld, goodMission)
    game.round()
    game.call(":MISSION:SAVE:")
    #expect(game.wait(for: ":MISSION:SAVED:") != nil)
    #expect(game.plugin.courier.saveCommand(1).hasSuffix(#" --json "/srv/my replays""#))
}

/// The shell itself says whether the words come back.
@Test(arguments: [
    "plain/path-1.db", "two words", "", "it's", "$HOME", "`id`", #"a"b"#, #"back\slash"#, #"end\"#,
    "Привет мир", "a;b", "*", "!x", "100%", "~", "#c",
])
func aQuotedWordIsOneWordOfAShell(word: String) throws {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "printf '<%s>' " + ShellWords.line([word, "x"])]
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == "<\(word)><x>")
}

@Test func aStreamedMissionIsFollowedAndItsSaveWaitsForTheStream() throws {
    let game = try game(
        report: #"{"status":"ok","path":"p"}"#, storage: #"{"type": "websocket"}"#)
    #expect(game.call(":MISSION:SAVE:") == #"["ok", "queued"]"#)
    #expect(game.wait(for: ":MISSION:SAVED:") == #":MISSION:SAVED:["ok","p"]"#)
    #expect(game.calls.contains { $0.hasPrefix("follow ") && $0.contains(" --websocket ") })
    #expect(
        game.calls.contains {
            $0.contains("--recording 1 --websocket ") && $0.contains(" --report ")
        })
}

/// A kill before the program comes up must not leave the log behind.
@Test(arguments: ["websocket", "memory"])
func aLogThatIsToBeStreamedSaysSoFromTheStart(storage: String) throws {
    let game = try Game(storage: #"{"type": "\#(storage)"}"#)
    let mark = game.plugin.courier.logFolder + "/.websocket"
    #expect(FileManager.default.fileExists(atPath: mark) == (storage == "websocket"))
}

@Test func aMissionThatIsReplacedIsNamedAndNotMixed() throws {
    let game = try game(report: #"{"status":"ok","path":"p"}"#)
    game.call(":MISSION:START:", goodWorld, goodMission)
    game.round()
    #expect(game.logText.contains("a recording ended without a save"))
    game.call(":MISSION:SAVE:")
    #expect(game.wait(for: ":MISSION:SAVED:") != nil)
    #expect(game.calls[0].contains("--recording 2 "))
    game.call(":MISSION:START:", goodWorld, goodMission)
    game.call(":STORAGE:INIT:")
    game.call(":MISSION:SAVE:")
    #expect(
        game.wait(for: ":MISSION:SAVED:")
            == #":MISSION:SAVED:["error","no mission to end: mission was never started"]"#)
}

@Test func aSaveRightBeforeTheEndIsStillCompacted() throws {
    let game = try game(report: #"{"status":"ok","path":"p"}"#)
    game.call(":MISSION:SAVE:")
    game.plugin.courier.end()
    game.plugin.close()
    for _ in 0..<1_000 where game.calls.isEmpty { usleep(10_000) }
    #expect(game.calls.count == 1)
    #expect(game.calls.first?.contains("--recording 1 ") == true)
}

@Test func logsOfEarlierRunsAreLookedAfterAtTheStart() throws {
    let tools = try TemporaryFolder()
    try tools.writeProgram(
        "blackbox", "echo \"$@\" >> \(tools.path)/calls\nexit 10\n")
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
        atPath: folder.path("logs/20260101T000000Z-1"), withIntermediateDirectories: true)
    try folder.write("logs/20260101T000000Z-1/000001.seg", "x")
    try folder.write(
        "c.json",
        """
        {"logsDir": "\(folder.path)/l", "blackbox": {"logDir": "\(folder.path)/logs", "joinMinutes": 15,
         "segmentMiB": 1, "compactor": "\(tools.path)/blackbox"}}
        """)
    let plugin = Plugin(
        places: Places(
            gameFolder: folder.path, modulePath: folder.path + "/x.so",
            configuration: folder.path + "/c.json"))
    defer { plugin.close() }
    plugin.courier.begin()
    for _ in 0..<1_000
    where plugin.courier.recovery != nil || plugin.courier.tidying != nil
        || plugin.courier.isTidyDue
    {
        plugin.courier.round()
        usleep(10_000)
    }
    let runs = tools.text("calls").split(separator: "\n")
    #expect(
        runs.first == "recover \(folder.path)/logs --json ./recordings --join 15 --background")
    #expect(runs.dropFirst().map { $0.hasPrefix("tidy \(folder.path)/logs ") } == [true])
    let text = folder.names("l").map { folder.text("l/" + $0) }.joined()
    #expect(text.contains("a log of an earlier run has a torn end"))
}
