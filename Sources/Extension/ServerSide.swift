// The server side of the plug-in: the join gate and the desk for admin commands, as the configuration
// sets them up. docs/server-events.md.

import CPlatform
import Gate
import Synchronization
import Values

/// What the server-side commands work on. Belongs to the call path: used by threads of the game, one
/// at a time, behind the entry lock.
struct ServerSide: ~Copyable {
    var gate = Gate()
    var desk = AdminDesk()
    let context: CallContext
    /// The game's function that tells the context of a call; nil where the game has none (before 2.18).
    var requestContext: (@convention(c) () -> Void)?
    /// What a server event asks the scripts for: the verb's number plus one at the place of the event.
    private var wishes = [UInt8](repeating: 0, count: ServerCommand.allCases.count)
    /// For whom a wish was put last, which and when: a burst of events is one request.
    private var lastID: [UInt8] = []
    private var lastWish: UInt8 = 0
    private var lastWishAt: Int64 = 0

    init(context: CallContext) {
        self.context = context
        if let function = unsafe bb_game_function("RVExtensionRequestContext") {
            unsafe requestContext = unsafeBitCast(
                function, to: (@convention(c) () -> Void)?.self)
        }
    }

    // MARK: the configuration

    /// Takes over what the configuration says; a sentence for each thing that can't be used.
    mutating func configure(_ configuration: Configuration) -> [String] {
        var notes: [String] = []
        func note(_ place: StaticString, _ problem: [UInt8]) {
            notes.append(Bytes.text([UInt8](bytesOf: place) + problem))
        }
        for setting in configuration.serverSide {
            switch setting.value {
            case .object(let members) where setting.key.isWord("blackbox.admin.on"):
                for member in members {
                    let event = ServerCommand.named(([UInt8](bytesOf: "sev:") + member.key).span)
                    if let event, let verb = Self.verb(member.value), verb.takesOnlyID {
                        wishes[Int(event.rawValue)] = verb.rawValue + 1
                    } else {
                        note("blackbox.admin.on: an event, and kick, ban or checkExe: ", member.key)
                    }
                }
            case .object:
                let reply = gate.setPolicy(setting.value)
                if reply.code != 0 { note("blackbox.gate.policy: ", reply.text) }
            case .array(let values) where setting.key.isWord("blackbox.gate.rules"):
                for rule in values {
                    let reply = gate.setRule([UInt8](bytesOf: "add"), rule)
                    if reply.code != 0 { note("blackbox.gate.rules: ", reply.text) }
                }
            case .array(let values):
                for value in values {
                    if let verb = Self.verb(value) {
                        desk.allow(verb)
                    } else {
                        note("blackbox.admin.allow: what is no admin command is ignored", [])
                    }
                }
            default: break
            }
        }
        return notes
    }

    private static func verb(_ value: JSONValue) -> AdminVerb? {
        guard case .string(let word) = value else { return nil }
        return AdminVerb(word)
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
        let wish = wishes[Int(event.rawValue)]
        guard wish > 0, arguments.isString(0), AdminVerb.isDigits(id, most: 20),
            let verb = AdminVerb(rawValue: wish - 1)
        else { return }
        // Half a minute is left for the user to be gone.
        let now = moment.milliseconds
        if wish == lastWish, id.isSame(as: lastID), now - lastWishAt < 30_000 { return }
        lastWish = wish
        lastID = id
        lastWishAt = now
        _ = desk.put(AdminRequest([UInt8](bytesOf: verb.word), [id], by: "rule"), at: now)
    }

    // MARK: who calls

    /// Whether the call under way was made by the server's own scripts. Nil: the game can't tell.
    mutating func isOwnScript() -> Bool? {
        guard let requestContext else { return nil }
        context.clear()
        requestContext()
        let told = context.read()
        guard told.thread == bb_thread_id(), told.count > 0, let owner = told.remoteOwner else {
            return nil
        }
        // 0: not remotely executed; 2: by the server itself.
        return owner == 0 || owner == 2
    }
}
