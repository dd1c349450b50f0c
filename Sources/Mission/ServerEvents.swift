// The server side of a log: the server's own events out of their calls, and what the plug-in decided out
// of its records. Ids that came as Numbers have lost digits; they are matched with the ids that came as
// texts. docs/server-events.md.

import Values
import WAL

/// One thing that happened to the server, or that was decided.
public struct ServerEvent: Sendable {
    /// What happened: `hacked`, `connected`, …; for a decision of the gate `gate`.
    public var name: [UInt8]
    /// Sequence number of the record.
    public var sequence: UInt64
    /// UTC nanoseconds since 1970.
    public var time: Int64
    /// The user's id: as it came when it is exact; the one it was matched with; else as it came.
    public var id: [UInt8] = []
    /// The id came as a text, or is too small to have lost digits.
    public var isExact = true
    /// More than one known id could be meant: all of them.
    public var candidates: [[UInt8]] = []
    /// Steam id and name, when the log tells them for this id.
    public var uid: [UInt8] = []
    /// See `uid`.
    public var userName: [UInt8] = []
    /// The arguments as the game passed them; for a decision none.
    public var arguments: [[UInt8]] = []
    /// A decision's own JSON object.
    public var decision: [UInt8] = []
    /// The mission that ran, empty when none did.
    public var mission: [UInt8] = []

    /// What happened: of a note what it notes (`connected`, `kicked`, …), else the event itself.
    public var subject: [UInt8] {
        guard name.span.elementsEqual("note"), let noted = arguments.first else { return name }
        return ArgumentText.value(noted.span)
    }

    /// One of a burst, as servers send them: an event for each file of a player.
    public var isAboutFile: Bool {
        for word: StaticString in ["hacked", "unsigned", "different"]
        where name.span.elementsEqual(word) {
            return true
        }
        return false
    }

    /// The file that an event is about; nil for one that is about none.
    public var file: [UInt8]? {
        guard isAboutFile, arguments.count > 1 else { return nil }
        let path = arguments[1]
        return ArgumentText.value(path.span)
    }
}

extension Span where Element == UInt8 {
    /// Where the first `|` of a function's text stands, or its end.
    fileprivate var bar: Int {
        var bar = 0
        while bar < count, self[bar] != UInt8(ascii: "|") { bar += 1 }
        return bar
    }

    /// The command of the server side whose name this text is, all of it or up to its first `|`.
    var serverCommand: ServerCommand? { ServerCommand.named(extracting(0..<bar)) }
}

extension Call {
    /// The command of the server side that is called; nil when it is none.
    public var serverCommand: ServerCommand? { command == nil ? name.serverCommand : nil }

    /// The arguments as the plug-in reads them for a command of the server side: the first may be an array
    /// that stands for several; in the string form it is what stands behind the first `|`.
    fileprivate var serverArguments: [[UInt8]] {
        var found: [[UInt8]] = []
        if form == .string, name.bar < name.count {
            found.append(name.extracting(name.bar + 1..<name.count).array)
        }
        var from = 0
        for _ in 0..<argumentCount {
            var end = from
            while end < arguments.count, arguments[end] != 0 { end += 1 }
            found.append(arguments.extracting(from..<end).array)
            from = min(end + 1, arguments.count)
        }
        guard let first = found.first, first.first == UInt8(ascii: "[") else { return found }
        return ServerEventDecoder.elements(of: first) + found.dropFirst()
    }
}

/// Makes server events, call by call in the order of the log.
public struct ServerEventDecoder {
    private var users = KnownUsers()
    private var mission: [UInt8] = []

    /// A decoder at the start of a log.
    public init() {}

    /// Takes in a call; its event when it is one of the server's own.
    public mutating func read(_ call: borrowing Call) -> ServerEvent? {
        switch call.command {
        case .missionStart?: startMission(call)
        case .missionSave?: mission = []
        default: break
        }
        guard let command = call.serverCommand else { return nil }
        let arguments = call.serverArguments
        if command == .gateRequest || command == .joinRequest {
            learn(arguments.first, arguments.count > 2 ? arguments[2] : nil)
            return nil
        }
        guard command.isEvent else { return nil }
        var event = ServerEvent(
            name: Array(command.name.description.utf8.dropFirst(4)), sequence: call.sequence,
            time: call.time)
        event.arguments = arguments
        event.mission = mission
        // A note says first what it notes; then the user, as all others do.
        let place = command == .note ? 1 : 0
        guard place < arguments.count else { return event }
        var told: [UInt8] = []
        if command == .connected || command == .note {
            let info = place + 1 < arguments.count ? arguments[place + 1] : nil
            told = learn(arguments[place], info)
        }
        identify(&event, arguments[place], told: told)
        return event
    }

    /// Takes in a record that is no call; its event when it is a decision.
    public mutating func read(_ record: borrowing OtherRecord) -> ServerEvent? {
        guard record.kind == RecordKind.decision else { return nil }
        var end = record.payload.count
        while end > 0, record.payload[end - 1] == 0 { end -= 1 }
        let text = record.payload.extracting(0..<end).array
        var event = ServerEvent(name: [], sequence: record.sequence, time: record.time)
        event.decision = text
        event.mission = mission
        do throws(JSONError) {
            let json = try JSONValue.parse(text.span)
            if case .string(let kind)? = json.member("of") { event.name = kind }
            if case .string(let id)? = json.member("id") { event.id = id }
            if case .string(let uid)? = json.member("uid") { event.uid = uid }
            if case .string(let name)? = json.member("name") { event.userName = name }
            if case .array(let words)? = json.member("request") { identify(&event, words) }
        } catch {
            return nil
        }
        // Whom an admin command means is what somebody asked for, not what the game has told.
        let isTold = event.name.span.elementsEqual("gate") && !event.id.isEmpty
        if isTold { users.learn(event.id, event.uid, event.userName) }
        return event
    }

    /// The user whom an admin command means: what goes with the verb begins with the id, if it has one.
    private func identify(_ event: inout ServerEvent, _ words: [JSONValue]) {
        guard words.count > 1, case .string(let id) = words[1], !id.isEmpty else { return }
        for byte in id where byte < 0x30 || byte > 0x39 { return }
        event.id = id
        tellUser(&event)
    }

    private mutating func startMission(_ call: borrowing Call) {
        let arguments = call.serverArguments
        guard arguments.count > 1 else { return }
        let object = Self.value(arguments[1])
        do throws(JSONError) {
            let json = try JSONValue.parse(object.span)
            if case .string(let name)? = json.member("missionName") { mission = name }
        } catch {
            // The recording's decoder tells of it; here only the name is wanted.
            mission = []
        }
    }

    private static func value(_ argument: [UInt8]) -> [UInt8] { ArgumentText.value(argument.span) }

    /// The elements of an array as the game prints it, each as it stands.
    static func elements(of text: [UInt8]) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        var list = ListText()
        while let element = list.next(of: text.span) {
            if !element.isEmpty { elements.append(Array(text[element])) }
        }
        return elements
    }

    /// Remembers who an id is, from `getUserInfo`, which begins with the id as a text. That counts where
    /// the id itself came as a Number.
    ///
    /// - Returns: the id as a text, empty when neither of them is one.
    @discardableResult
    private mutating func learn(_ id: [UInt8]?, _ info: [UInt8]?) -> [UInt8] {
        let fields = info.map { Self.elements(of: $0) } ?? []
        let isInfo = fields.count > 3
        guard let id else { return [] }
        let told = ArgumentText.isQuoted(id.span) ? id : isInfo ? fields[0] : []
        guard ArgumentText.isQuoted(told.span) else { return [] }
        let text = Self.value(told)
        users.learn(
            text, isInfo ? Self.value(fields[2]) : [], isInfo ? Self.value(fields[3]) : [])
        return text
    }

    /// - Parameter told: the id as the same call has it as a text; empty when it has not.
    private func identify(_ event: inout ServerEvent, _ argument: [UInt8], told: [UInt8]) {
        event.id = ArgumentText.value(argument.span)
        if !ArgumentText.isQuoted(argument.span), !KnownUsers.isShort(event.id) {
            event.isExact = false
            let found = users.candidates(for: event.id)
            if found.count == 1 {
                event.id = found[0]
            } else if found.contains(told) {
                event.id = told
            } else if found.count > 1 {
                event.candidates = found
            }
        }
        tellUser(&event)
    }

    private func tellUser(_ event: inout ServerEvent) {
        guard let user = users.user(event.id) else { return }
        event.uid = user.uid
        event.userName = user.name
    }
}

/// Who is behind an id, as far as the log has told.
struct KnownUsers {
    private struct User {
        var id: [UInt8]
        var uid: [UInt8]
        var name: [UInt8]
        /// The id as a Number has it: rounded to 32 bits, then to six digits.
        var rounded: Float
    }
    private var users: [User] = []
    /// The oldest go first.
    private static let limit = 10_000

    mutating func learn(_ id: [UInt8], _ uid: [UInt8], _ name: [UInt8]) {
        for index in users.indices where users[index].id == id {
            if !uid.isEmpty { users[index].uid = uid }
            if !name.isEmpty { users[index].name = name }
            return
        }
        if users.count >= Self.limit { users.removeFirst() }
        let value = NumberParser.parse(id.span) ?? .nan
        users.append(User(id: id, uid: uid, name: name, rounded: Float(value)))
    }

    func user(_ id: [UInt8]) -> (uid: [UInt8], name: [UInt8])? {
        for user in users where user.id == id { return (user.uid, user.name) }
        return nil
    }

    /// All known ids that may have become this Number: those that round to it in 32 bits, or, when it
    /// has an exponent, in six digits.
    func candidates(for number: [UInt8]) -> [[UInt8]] {
        guard let value = NumberParser.parse(number.span) else { return [] }
        let isShort = number.contains(UInt8(ascii: "e")) || number.contains(UInt8(ascii: "E"))
        var found: [[UInt8]] = []
        for user in users where user.rounded.isFinite {
            let same =
                isShort
                ? Self.sixDigits(user.rounded) == value
                : user.rounded == Float(value)
            if same { found.append(user.id) }
        }
        return found
    }

    /// What the game prints of a Number, read again: its first six digits, the last one rounded, a half
    /// to the even digit. nil for what no id is: negative, with a fraction, or beyond 64 bits.
    static func sixDigits(_ number: Float) -> Double? {
        guard let whole = UInt64(exactly: number) else { return nil }
        var unit: UInt64 = 1
        while whole / unit >= 1_000_000 { unit *= 10 }
        let (digits, rest) = whole.quotientAndRemainder(dividingBy: unit)
        let isUp = rest > unit - rest || rest == unit - rest && digits & 1 == 1
        // At most 2^64 rounded up in its sixth digit: a Double has room for it.
        return Double(isUp ? digits + 1 : digits) * Double(unit)
    }

    /// At most six digits: a Number that has lost nothing.
    static func isShort(_ id: [UInt8]) -> Bool {
        guard id.count <= 6 else { return false }
        for byte in id where byte < 0x30 || byte > 0x39 { return false }
        return true
    }
}
