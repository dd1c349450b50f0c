// The server side of the plug-in: the join gate and the desk for admin commands, as the configuration
// sets them up. docs/server-events.md.

import CPlatform
import Gate
import Values

/// What the server-side commands work on. Belongs to the call path: used by threads of the game, one
/// at a time, behind the entry lock.
struct ServerSide: ~Copyable {
    var gate = Gate()
    var desk = AdminDesk()
    /// For texts on their way to the log and to the courier.
    var text: [UInt8] = []
    /// Asks the game whose script makes the call under way.
    var callerCheck: CallerCheck
    /// What a server event asks the scripts for: `{"hacked": "kick"}`, looked through when it comes.
    private var wishes: [JSONValue.Member] = []

    init(context: CallContext) {
        callerCheck = CallerCheck(context: context)
        text.reserveCapacity(4096)
    }

    // MARK: the configuration

    /// Takes over what the configuration says; a sentence for each thing that can't be used.
    mutating func configure(_ configuration: Configuration) -> [String] {
        var notes: [String] = []
        for setting in configuration.serverSide {
            switch setting.value {
            case .array(let values):
                let isRules = setting.key.isWord("blackbox.gate.rules")
                for value in values {
                    if isRules {
                        note(gate.setRule([UInt8](bytesOf: "add"), value), &notes)
                    } else {
                        note(desk.allow(Self.word(value)), &notes)
                    }
                }
            case .object(let members) where setting.key.isWord("blackbox.admin.on"):
                for member in members {
                    let isEvent = Self.event(member) != nil
                    let reply = AdminDesk.takesID(isEvent ? Self.word(member.value) : [])
                    note(reply, &notes)
                    if reply.code == 0 { wishes.append(member) }
                }
            default: note(gate.setPolicy(setting.value), &notes)
            }
        }
        return notes
    }

    private func note(_ reply: GateReply, _ notes: inout [String]) {
        if reply.code != 0 { notes.append("blackbox: " + String(utf8: reply.text)) }
    }

    private static func event(_ wish: JSONValue.Member) -> ServerCommand? {
        ServerCommand.named(([UInt8](bytesOf: "sev:") + wish.key).span)
    }

    private static func word(_ value: JSONValue) -> [UInt8] {
        guard case .string(let word) = value else { return [] }
        return word
    }

    // MARK: events

    /// What a server event means to the gate and to the owner's wishes.
    mutating func note(
        _ event: ServerCommand, _ arguments: ServerArguments, at moment: GateMoment
    ) {
        let id = arguments.text(0)
        if event == .connected { gate.userConnected(id, at: moment) }
        if event == .disconnected { gate.userDisconnected(id) }
        // Never by a guessed id: a Number has lost digits.
        guard arguments.isFirstString else { return }
        let now = moment.milliseconds
        for wish in wishes where Self.event(wish) == event {
            let request = AdminRequest([Self.word(wish.value), id], by: "rule")
            // A burst of events is one request.
            if !desk.isRepeated(request, at: now) { _ = desk.put(request, at: now) }
        }
    }

    // MARK: requests

    /// A script wants something done: the verb, then what goes with it.
    mutating func request(
        _ arguments: ServerArguments, by caller: Caller, at now: Int64
    ) -> GateReply {
        let request = AdminRequest(arguments.texts(behind: []), by: "script")
        if caller == .unknown {
            return desk.refuse(request, "this game can't tell who asks: it takes 2.18", 3)
        }
        return desk.put(request, at: now)
    }

    /// Nothing is done for a script that a client runs, and its try is kept: command and arguments in the
    /// place of a request.
    mutating func refuseClient(_ command: ServerCommand, _ arguments: ServerArguments) -> GateReply
    {
        let request = AdminRequest(
            arguments.texts(behind: [[UInt8](bytesOf: command.name)]), by: "client")
        return desk.refuse(request, "a script asks that a client runs", 3)
    }
}
