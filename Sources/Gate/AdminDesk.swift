// Requests to the server's scripts and what came of them: tickets, limits, an allow list. A pure state
// machine like the gate; the plug-in itself has no way to kick anybody, it asks. docs/server-events.md.

import Values

/// What became of a request.
public enum AdminStatus: UInt8, Sendable {
    /// Put to the scripts.
    case asked
    /// Not put to them.
    case refused
    /// Waits for a second request with its ticket.
    case unconfirmed
    // What the script reported.
    case done
    case failed
    case unknown
    /// Nobody reported within ten seconds.
    case unanswered

    /// The word in records; `ok`, `fail` and `unknown` are those of `admin:done`.
    public var word: StaticString {
        switch self {
        case .asked: "asked"
        case .refused: "refused"
        case .unconfirmed: "unconfirmed"
        case .done: "ok"
        case .failed: "fail"
        case .unknown: "unknown"
        case .unanswered: "unanswered"
        }
    }
}

/// One request. A class, so that it is never copied with all its texts.
public final class AdminRequest {
    /// 0 until it gets one.
    public internal(set) var ticket: UInt32 = 0
    /// The word as it came: of a verb, or of nothing that is known.
    public let verb: [UInt8]
    /// As they came.
    public let arguments: [[UInt8]]
    /// Who wants it: `script`, or `rule` (a server event, `blackbox.admin.on`).
    public let asker: StaticString
    /// What became of it.
    public fileprivate(set) var status = AdminStatus.refused
    /// Why, or what the script said; may be empty.
    public fileprivate(set) var text: [UInt8] = []
    fileprivate var since: Int64 = 0
    fileprivate var isFetched = false

    /// A request that nobody has looked at.
    public init(_ verb: [UInt8], _ arguments: [[UInt8]], by asker: StaticString) {
        self.verb = verb
        self.arguments = arguments
        self.asker = asker
    }

    fileprivate func isSame(as other: AdminRequest) -> Bool {
        guard verb.isSame(as: other.verb), arguments.count == other.arguments.count else {
            return false
        }
        for index in arguments.indices where !arguments[index].isSame(as: other.arguments[index]) {
            return false
        }
        return true
    }
}

/// The tickets. Used by one thread at a time.
public struct AdminDesk: ~Copyable {
    /// Requests with a new status, in order: to be recorded, and, when it is `.asked`, put to the
    /// scripts. The owner takes and empties it.
    public var news: [AdminRequest] = []

    /// Verbs that may be asked for, a bit each; none until the owner names some.
    private var allowed: UInt32 = 0
    /// The oldest first.
    private var open: [AdminRequest] = []
    private var lastTicket: UInt32 = 0
    /// When the two newest requests were put.
    private var newest: Int64 = -1000
    private var secondNewest: Int64 = -1000
    /// The one that `admin:next` gave out last.
    private var fetched: AdminRequest?

    private static let mostOpen = 10
    private static let lifetime: Int64 = 10_000

    /// A desk that allows nothing.
    public init() {}

    /// Lets this verb be asked for.
    public mutating func allow(_ verb: AdminVerb) { allowed |= 1 << UInt32(verb.rawValue) }

    /// Requests that wait for a report.
    public var openCount: Int { open.count }

    /// A request.
    ///
    /// - Returns: the ticket and 0; `confirm <ticket>` and 1; 2 for a word that is no verb; 3 for a
    ///   verb that is not allowed; 4 when too many are under way; 5 for arguments that can't be used.
    public mutating func put(_ request: AdminRequest, at now: Int64) -> GateReply {
        sweep(now)
        guard let verb = AdminVerb(request.verb) else { return refuse(request, "unknown", 2) }
        guard allowed & 1 << UInt32(verb.rawValue) != 0 else {
            return refuse(request, "not allowed by blackbox.admin.allow", 3)
        }
        if verb.needsConfirmation, request.arguments.count == 1 { return confirm(request, now) }
        if let sentence = verb.complaint(about: request.arguments) {
            return refuse(request, sentence, 5)
        }
        for known in open where known.isSame(as: request) { return Self.reply(to: known) }
        guard open.count < Self.mostOpen, now - secondNewest >= 1000 else {
            return refuse(request, "busy: at most 10 open and 2 a second", 4)
        }
        secondNewest = newest
        newest = now
        lastTicket = lastTicket &+ 1
        request.ticket = lastTicket
        request.since = now
        open.append(request)
        report(request, verb.needsConfirmation ? .unconfirmed : .asked, [])
        return Self.reply(to: request)
    }

    private static func reply(to request: AdminRequest) -> GateReply {
        var text: [UInt8] = []
        let isOpen = request.status == .asked
        if !isOpen { text.put("confirm ") }
        text.put(number: Int64(request.ticket))
        return GateReply(bytes: text, isOpen ? 0 : 1)
    }

    /// Records a request that is not put to the scripts.
    public mutating func refuse(
        _ request: AdminRequest, _ reason: StaticString, _ code: Int32
    ) -> GateReply {
        report(request, .refused, [UInt8](bytesOf: reason))
        var text = [UInt8](bytesOf: "Error: ")
        text.put(reason)
        return GateReply(bytes: text, code)
    }

    private mutating func confirm(_ request: AdminRequest, _ now: Int64) -> GateReply {
        guard let known = find(ticket: request.arguments[0]), known.status == .unconfirmed,
            known.verb.isSame(as: request.verb)
        else { return refuse(request, "no such ticket to confirm", 5) }
        known.since = now
        report(known, .asked, [])
        return Self.reply(to: known)
    }

    /// What a script reports: `ok`, `fail` or anything else.
    ///
    /// - Returns: `ok` and 0; `unknown` and 2 for a ticket that is not open (any more).
    public mutating func done(
        _ ticket: [UInt8], _ word: [UInt8], _ text: [UInt8], at now: Int64
    ) -> GateReply {
        sweep(now)
        guard let request = find(ticket: ticket), request.status == .asked else {
            return GateReply("unknown", 2)
        }
        close(request)
        report(request, word.isWord("ok") ? .done : word.isWord("fail") ? .failed : .unknown, text)
        return GateReply("ok")
    }

    /// Work for a handler that fetches it: the verb of the oldest request that nobody has fetched,
    /// empty when there is none. `part` asks about the one fetched last: `ticket`, `id`, `text` (what
    /// stands behind the id), `more`.
    public mutating func next(_ part: [UInt8], at now: Int64) -> GateReply {
        sweep(now)
        if part.isEmpty {
            fetched = nil
            for request in open where request.status == .asked && !request.isFetched {
                request.isFetched = true
                fetched = request
                return GateReply(bytes: request.verb)
            }
            return GateReply("")
        }
        guard let fetched else { return GateReply("", 2) }
        if part.isWord("ticket") {
            var text: [UInt8] = []
            text.put(number: Int64(fetched.ticket))
            return GateReply(bytes: text)
        }
        let place = part.isWord("id") ? 0 : part.isWord("text") ? 1 : 2
        return place < fetched.arguments.count
            ? GateReply(bytes: fetched.arguments[place]) : GateReply("")
    }

    /// Requests that nobody reported on are recorded as unanswered.
    public mutating func sweep(_ now: Int64) {
        for request in open where now - request.since >= Self.lifetime {
            close(request)
            report(request, .unanswered, [])
        }
    }

    private mutating func close(_ request: AdminRequest) {
        for index in open.indices where open[index] === request {
            open.remove(at: index)
            return
        }
    }

    private mutating func report(
        _ request: AdminRequest, _ status: AdminStatus, _ text: [UInt8]
    ) {
        request.status = status
        request.text = text
        news.append(request)
    }

    private func find(ticket text: [UInt8]) -> AdminRequest? {
        let number = NumberParser.parseInteger(text.span)
        for request in open where Int64(request.ticket) == number { return request }
        return nil
    }
}
