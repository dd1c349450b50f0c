// The server side of the plug-in: the join gate as the configuration sets it up.
// docs/server-events.md.

import Gate
import Values

/// What the server-side commands work on. Belongs to the call path: used by threads of the game, one
/// at a time, behind the entry lock.
struct ServerSide: ~Copyable {
    var gate = Gate()

    /// Takes over what the configuration says; a sentence for each thing that can't be used.
    mutating func configure(_ configuration: Configuration) -> [String] {
        var notes: [String] = []
        for setting in configuration.serverSide {
            if case .array(let rules) = setting.value {
                for rule in rules { note(gate.setRule([UInt8](bytesOf: "add"), rule), &notes) }
            } else {
                note(gate.setPolicy(setting.value), &notes)
            }
        }
        return notes
    }

    private func note(_ reply: GateReply, _ notes: inout [String]) {
        if reply.code != 0 { notes.append("blackbox.gate: " + Bytes.text(reply.text)) }
    }

    /// What a server event means to the gate.
    mutating func note(
        _ event: ServerCommand, _ arguments: ServerArguments, at moment: GateMoment
    ) {
        if event == .connected { gate.userConnected(arguments.text(0), at: moment) }
        if event == .disconnected { gate.userDisconnected(arguments.text(0)) }
    }
}
