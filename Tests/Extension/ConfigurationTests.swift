import Foundation
import Testing
import Values

@testable import Extension

private func read(_ text: String) -> (configuration: Configuration, notes: [String]) {
    Configuration.read(Array(text.utf8))
}

@Test func anEmptyObjectGivesTheDefaults() {
    let (configuration, notes) = read("{}")
    #expect(notes.isEmpty)
    #expect(configuration.storageType == "memory")
    #expect(configuration.outputDir == "./recordings")
    #expect(configuration.compressOutput)
    #expect(configuration.serverURL == "")
    #expect(configuration.logDir == "./blackbox-logs")
    #expect(configuration.autorun)
    #expect(!configuration.strict)
}

@Test func aPartOfAnObjectLeavesTheOtherDefaultsInForce() {
    let (configuration, notes) = read(
        #"{"storage": {"type": "sqlite"}, "blackbox": {"strict": true}}"#)
    #expect(notes.isEmpty)
    #expect(configuration.storage == .sqlite)
    #expect(configuration.sqlitePath == "./recordings/blackbox.db")
    #expect(configuration.outputDir == "./recordings")
    #expect(configuration.compressOutput)
    #expect(configuration.strict)
    #expect(configuration.segmentMiB == 64)
}

@Test func keysAreFoundInAnyCase() {
    let (configuration, notes) = read(
        #"{"LOGLEVEL": "Debug", "Storage": {"MEMORY": {"outputdir": "x"}}, "API": {"SERVERURL": "u"}}"#
    )
    #expect(notes.isEmpty)
    #expect(configuration.logLevel == .debug)
    #expect(configuration.outputDir == "x")
    #expect(configuration.serverURL == "u")
}

@Test func theTypeOfStorageIsToldAsWritten() {
    #expect(read(#"{"storage": {"type": "SQLite"}}"#).configuration.storage == .json)
    #expect(read(#"{"storage": {"type": "SQLite"}}"#).configuration.storageType == "SQLite")
    #expect(read(#"{"storage": {"type": "postgres"}}"#).configuration.storage == .postgres)
    #expect(read(#"{"storage": {"type": "websocket"}}"#).configuration.storage == .websocket)
}

@Test func aTypeOfStorageThatNobodyKnowsIsNamed() {
    for known in ["memory", "sqlite", "postgres", "websocket"] {
        #expect(read(#"{"storage": {"type": "\#(known)"}}"#).notes.isEmpty)
    }
    for unknown in ["SQLite", "mysql", ""] {
        #expect(
            read(#"{"storage": {"type": "\#(unknown)"}}"#).notes == [
                "storage.type is '\(unknown)', which is none of memory, sqlite, postgres and websocket "
                    + "(in lower case); replays are written as with memory"
            ])
    }
}

@Test func whatIsMistypedIsNamedAndLeavesItsDefault() {
    let (configuration, notes) = read(
        """
        {"logLevel": 3, "logsDir": ["x"], "storage": {"memory": {"compressOutput": "maybe"}},
         "blackbox": {"segmentMiB": "many", "logDir": "", "keeperIntervalMs": 1, "autorun": 0,
          "compactor": 5}, "api": 7, "db": {"host": 1}}
        """)
    #expect(
        notes == [
            "logLevel must be debug, info, warn or error, it is a number; the default is used",
            "logsDir must be a text, it is a list; the default is used",
            "storage.memory.compressOutput must be true or false, it is a text; the default is used",
            "blackbox.segmentMiB must be a number, it is a text; the default is used",
            "blackbox.logDir must not be empty; the default is used",
            "blackbox.keeperIntervalMs must lie between 10 and 10000 milliseconds; the default is used",
            "blackbox.autorun must be true or false, it is a number; the default is used",
            "blackbox.compactor must be a text, it is a number; the default is used",
            "api must be an object, it is a number; the default is used",
            "db.host must be a text, it is a number; the default is used",
        ])
    #expect(configuration.compactor == "")
    #expect(configuration.segmentMiB == 64)
    #expect(configuration.logDir == "./blackbox-logs")
    #expect(configuration.keeperIntervalMilliseconds == 100)
}

@Test func unknownKeysAreNamedWithTheirPath() {
    let (_, notes) = read(#"{"storag": {}, "storage": {"memory": {"outputDirr": "x"}}, "é": 1}"#)
    #expect(
        notes == [
            "unknown key storag is ignored", "unknown key storage.memory.outputDirr is ignored",
            "unknown key é is ignored",
        ])
}

@Test func keysThatBeginWithAnUnderscoreAreComments() {
    let (configuration, notes) = read(
        #"{"_": 1, "blackbox": {"_strict": "why", "strict": true, "_odd": {"strict": false}}}"#)
    #expect(notes.isEmpty)
    #expect(configuration.strict)
}

@Test func gigabytesMayHaveAFraction() {
    let (configuration, notes) = read(
        #"{"blackbox": {"retentionGB": 0.5, "minFreeGB": "2", "retentionDays": -1}}"#)
    #expect(configuration.retentionMiB == 512)
    #expect(configuration.minFreeMiB == 2048)
    #expect(configuration.retentionDays == 30)
    #expect(
        notes == [
            "blackbox.retentionDays must lie between 0 and 36500 days; the default is used"
        ])
}

@Test func leftoversOfTheReferenceAreTakenInSilence() {
    let (_, notes) = read(
        #"{"defaultTag": "TvT", "graylog": {"enabled": true}, "logio": {}, "otel": {"enabled": false}, "#
            + #""db": {"host": "h", "port": 5432}, "storage": {"sqlite": {"dumpInterval": "3m"}}}"#)
    #expect(notes.isEmpty)
}

@Test func durationsMayHaveUnits() {
    #expect(
        read(#"{"blackbox": {"keeperIntervalMs": "250ms"}}"#)
            .configuration.keeperIntervalMilliseconds == 250)
    #expect(
        read(#"{"blackbox": {"keeperIntervalMs": 200}}"#)
            .configuration.keeperIntervalMilliseconds == 200)
    #expect(read(#"{"blackbox": {"joinMinutes": "1h30m"}}"#).configuration.joinMinutes == 90)
    #expect(read(#"{"blackbox": {"joinMinutes": 15}}"#).configuration.joinMinutes == 15)
    #expect(DurationText.nanoseconds(Array("1h30m".utf8).span) == 5_400_000_000_000)
    #expect(DurationText.nanoseconds(Array("1.5s".utf8).span) == 1_500_000_000)
    #expect(DurationText.nanoseconds(Array("-3m".utf8).span) == -180_000_000_000)
    for bad in ["", "3", "m", "3x", "3m-2s", "3 m", "-", "3mm"] {
        #expect(DurationText.nanoseconds(Array(bad.utf8).span) == nil, "\(bad)")
    }
    let (_, notes) = read(#"{"storage": {"sqlite": {"dumpInterval": "soon"}}}"#)
    #expect(notes.count == 1)
}

@Test func aFileThatIsNoJSONGivesTheDefaultsAndAWarning() {
    for bad in ["", "{", "[]", "{\"a\": }", "\u{FEFF}", "7", "{\"blackbox\": {\"strict\": tru}}"] {
        let (configuration, notes) = read(bad)
        #expect(notes.count == 1, "\(bad)")
        #expect(!configuration.strict)
    }
}

@Test func aByteOrderMarkInFrontIsFine() {
    #expect(read("\u{FEFF}{\"logsDir\": \"x\"}").configuration.logsDir == "x")
}

@Test func theAddonFolderIsBesideTheLibraryUnlessThatIsTheGameFolder() {
    let inMod = Places(gameFolder: "/srv", modulePath: "/srv/@ocap/x.so", configuration: "")
    #expect(inMod.configurationPath == "/srv/@ocap/ocap_recorder.cfg.json")
    let inGame = Places(gameFolder: "/srv", modulePath: "/srv/x.so", configuration: "")
    #expect(inGame.addonFolder == "/srv/@ocap")
    #expect(inGame.configurationPath == "/srv/@ocap/ocap_recorder.cfg.json")
    let named = Places(
        gameFolder: "/srv", modulePath: "/srv/@ocap/x.so", configuration: "/etc/a.json")
    #expect(named.addonFolder == "/etc")
    #expect(named.configurationPath == "/etc/a.json")
}

@Test func aConfigurationThatIsAFolderIsNamed() throws {
    let folder = try TemporaryFolder()
    let places = Places(
        gameFolder: folder.path, modulePath: folder.path + "/x.so", configuration: folder.path)
    #expect(
        Plugin.configuration(places).1 == ["the configuration is no file, using the defaults"])
    let none = Places(
        gameFolder: folder.path, modulePath: folder.path + "/@ocap/x.so", configuration: "")
    #expect(Plugin.configuration(none).1 == [])
}

@Test func theExampleFileIsTheDefaults() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let text = try Data(
        contentsOf: root.appendingPathComponent("docs/ocap_recorder.cfg.example.json"))
    let (configuration, notes) = Configuration.read([UInt8](text))
    #expect(notes.isEmpty)
    #expect("\(configuration)" == "\(Configuration())")
}

@Test func everyKeyIsInTheDocumentedTable() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let table = try String(
        contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    for key in SettingKey.all where key.kind != .group {
        #expect(table.contains("`\(key.path)`"), "\(key.path)")
    }
}
