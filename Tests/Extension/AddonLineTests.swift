// The lines that a server's owner pastes: their quoting, the commands they call and what the plug-in
// answers to them.

import CPlatform
import Foundation
import Gate
import Testing
import Values

@testable import Extension

private let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

private func text(_ name: String, in folder: String = "addons") throws -> String {
    try String(
        contentsOf: project.appendingPathComponent(folder).appendingPathComponent(name),
        encoding: .utf8)
}

/// Handler name → value, of the lines in use and of those in comments.
private func handlers() throws -> [(name: String, value: String)] {
    try text("server.cfg.example").split(separator: "\n").compactMap { line in
        guard let match = line.firstMatch(of: /^(?:\/\/ )?(\w+) *= "(.*)";$/) else { return nil }
        return (String(match.1), String(match.2))
    }
}

/// The handler that fetches admin commands, which the page offers.
private func fetchingHandler() throws -> (name: String, value: String) {
    let lines = try text("server-events.md", in: "docs").split(separator: "\n").compactMap { line in
        line.firstMatch(of: /^    (\w+) = "(.*)";$/)
    }
    let match = try #require(lines.first)
    #expect(lines.count == 1)
    return (String(match.1), String(match.2))
}

/// The commands that a text calls, whatever its quotes are.
private func commands(in text: String) -> [String] {
    text.matches(of: /['"]ocap_recorder['"] callExtension \[['"]([^'"]+)['"]/).map { String($0.1) }
}

@Suite struct AddonLineTests {
    @Test func everyHandlerOfTheServerIsThereOnce() throws {
        let names = try handlers().map(\.name)
        for name in [
            "doubleIdDetected", "onUserConnected", "onUserDisconnected", "onHackedData",
            "onDifferentData", "onUnsignedData", "onUserKicked", "regularCheck", "sendChatMessage",
        ] {
            #expect(names.filter { $0 == name }.count == 1, "\(name)")
        }
        #expect(
            names.filter { $0 == "onPlayerJoinAttempt" }.count == 2, "one in use, one to choose")
        let used = try text("server.cfg.example").split(separator: "\n").filter {
            $0.hasPrefix("onPlayerJoinAttempt")
        }
        #expect(used.count == 1)
    }

    @Test func theQuotesAndBracketsOfEachLineMatch() throws {
        for (name, value) in try handlers() + [fetchingHandler()] {
            #expect(!value.contains("\""), "\(name): the game's configuration ends the text there")
            #expect(value.filter { $0 == "'" }.count.isMultiple(of: 2), "\(name)")
            var open: [Character] = []
            var isInside = false
            for character in value {
                if character == "'" { isInside.toggle() }
                if isInside { continue }
                if let place = ["(", "[", "{"].firstIndex(of: character) {
                    open.append([")", "]", "}"][place])
                } else if [")", "]", "}"].contains(character) {
                    #expect(open.popLast() == character, "\(name)")
                }
            }
            #expect(open.isEmpty, "\(name)")
        }
    }

    @Test func onlyCommandsOfThePlugInAreCalled() throws {
        let called = try handlers().flatMap { commands(in: $0.value) }
        #expect(called.count == 11)
        let script = try commands(in: text("ocap_recorder_gate.sqf"))
        #expect(script.count == 9)
        let admin = try commands(in: text("ocap_recorder_admin.sqf"))
        #expect(admin.count == 2)
        for command in called + script + admin {
            #expect(ServerCommand.named(Array(command.utf8).span) != nil, "\(command)")
        }
        for file in ["server.cfg.example", "ocap_recorder_gate.sqf", "ocap_recorder_admin.sqf"] {
            #expect(try !text(file).contains("a3x"))
        }
    }

    @Test func protectionThatWasThereStays() throws {
        for (name, value) in try handlers() {
            let kicks = value.contains("kick (_this select 0)")
            #expect(kicks == ["onHackedData", "onUnsignedData"].contains(name), "\(name)")
        }
    }

    @Test func thePlugInAnswersEachLineInTheFormItNeeds() throws {
        let game = try Game()
        for (name, value) in try handlers() {
            for command in commands(in: value) {
                let reply = game.call(command, list: ["\"151\"", "2"])
                if name == "onPlayerJoinAttempt" {
                    #expect(["ACCEPT", "DELAY"].contains(reply) || reply.hasPrefix("REFUSE"))
                } else {
                    #expect(reply == "", "\(name)")
                }
            }
        }
    }

    @Test func theAdminScriptCarriesOutWhatThePlugInCanAskFor() throws {
        let script = try text("ocap_recorder_admin.sqf")
        #expect(script.contains("_from != \"ocap_recorder\" || {_topic != \"admin\"}"))
        let verbs = script.matches(of: /case "(\w+)"/).map { String($0.1) }
        #expect(Set(verbs).count == 14, "all but numberOfFiles, which no script can ask for")
        var desk = AdminDesk()
        for verb in verbs { #expect(desk.allow(Array(verb.utf8)).code == 0, "\(verb)") }
        // An id is quoted there, or the server's machine would round it.
        for id in script.matches(of: /"#exec[^;]*/) {
            for part in id.output.split(separator: "+").dropFirst() where part.contains("_a") {
                #expect(part.contains("str _a"), "\(id.output)")
            }
        }
        #expect(script.matches(of: /"#exec[^;]* \+ str _a\b/).count == 5)
        // No text of a request goes into a command of the server's machine.
        let commands = script.split(separator: "\n").filter { $0.contains("#exec") }
        #expect(commands.count == 7)
        for line in commands {
            #expect(!line.contains("_b") || line.contains("checkFile") || line.contains("checkExe"))
        }
    }

    @Test func theHandlerThatFetchesItsWorkIsToldTheVerbAndClosesTheTicket() throws {
        let handler = try fetchingHandler()
        #expect(handler.name == "regularCheck")
        #expect(commands(in: handler.value) == ["admin:next", "admin:done", "admin:next"])
        #expect(!handler.value.contains("compile"))
        #expect(handler.value.contains("in ['lock']) then { lock;"))
        let game = try Game(own: #""admin": {"allow": ["lock"]}"#)
        #expect(game.call("admin:next", "\"0\"") == "", "nothing to do")
        let now = Int64(bb_clock_coarse() / 1_000_000)
        let request = AdminRequest([Array("lock".utf8)], by: "script")
        #expect(game.plugin.server.pointee.desk.put(request, at: now).code == 0)
        // In the order in which the line calls.
        #expect(game.call("admin:next", "\"0\"") == "lock")
        #expect(game.call("admin:next", "\"ticket\"") == "1")
        #expect(game.call("admin:done", "\"1\"", "\"ok\"") == "ok")
        #expect(game.call("admin:next", "\"0\"") == "")
    }

    @Test func theScriptReadsTheQuestionAsThePlugInWritesIt() throws {
        let script = try text("ocap_recorder_gate.sqf")
        #expect(script.contains("_from != \"ocap_recorder\" || {_topic != \"gate\"}"))
        let game = try Game()
        game.call("gate:ready")
        game.call("gate:request", "\"151\"", "2")
        #expect(game.round() == [#"gate["ask","151",2,1,"",""]"#])
        #expect(game.call("gate:go", "\"151\"", "\"1\"") == "ok", "the attempt as str gives it")
    }
}
