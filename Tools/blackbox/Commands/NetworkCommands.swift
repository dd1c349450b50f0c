// Commands that need a network: `blackbox-net` does them, with all that stands behind their name, help
// included.

import ArgumentParser

struct HubCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hub",
        abstract: "Lets game servers talk to each other: the ICOM hub (started as blackbox-net).",
        helpNames: [])

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run() throws { try Sibling.become("blackbox-net", ["hub"] + arguments) }
}

struct IcomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "icom",
        abstract:
            "Talks to an ICOM hub: listen, send, broadcast, servers (started as blackbox-net).",
        helpNames: [])

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run() throws { try Sibling.become("blackbox-net", ["icom"] + arguments) }
}

struct UploadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Sends replays that wait to OCAP's web server (started as blackbox-net).",
        helpNames: [])

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run() throws { try Sibling.become("blackbox-net", ["upload"] + arguments) }
}
