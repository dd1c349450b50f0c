// Requests to the server's scripts and what came of them: tickets, limits, an allow list. A pure state
// machine like the gate; the plug-in itself has no way to kick anybody, it asks. docs/server-events.md.

import Values

/// One request. A class, so that it is never copied with all its texts.
public final class AdminRequest {
    /// 0 until it gets one.
    public fileprivate(set) var ticket: UInt32 = 0
    /// The verb's word and what goes with it, as they came, as a JSON list. Of a request that is asked
    /// every text is harmless, so the list reads the same as an array of the game's.
    public let words: [UInt8]
    /// Who wants it: `script`, or `rule` (a server event, `blackbox.admin.on`).
    public let asker: StaticString
    /// What became of it: `refused`, `unconfirmed` (waits for a second request with its ticket), `asked`,
    /// then what the script reported (`ok`, `fail`, `unknown`), or `unanswered`.
    public fileprivate(set) var status: StaticString = "refused"
    /// It is with the scripts.
    public fileprivate(set) var isAsked = false
    /// Why, or what the script said; may be empty.
    public fileprivate(set) var text: [UInt8] = []
    /// The verb's word, then what goes with it.
    fileprivate let parts: [[UInt8]]
    fileprivate var since: Int64 = 0
    fileprivate var isFetched = false

    /// A request that nobody has looked at: the verb's word, then what goes with it.
    public init(_ parts: [[UInt8]], by asker: StaticString) {
        self.parts = parts
        self.asker = asker
        var words: [UInt8] = []
        words.appendJSONStrings(parts)
        self.words = words
    }

    /// The number as text.
    public var ticketText: [UInt8] {
        var text: [UInt8] = []
        text.put(number: Int64(ticket))
        return text
    }

    /// The verb's word (0) or an argument; empty where there is none.
    fileprivate func part(_ place: Int) -> [UInt8] { place < parts.count ? parts[place] : [] }
}

/// The tickets. Used by one thread at a time.
public struct AdminDesk: ~Copyable {
    /// Requests with a new status, in order: to be recorded, and, when they are asked, put to the
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
    /// The newest that were put, whatever became of them; the oldest first.
    private var recent: [AdminRequest] = []
    /// The one that `next` gave out last.
    private var fetched: AdminRequest?

    private static let mostOpen = 10
    private static let mostRecent = 16
    private static let lifetime: Int64 = 10_000

    /// A desk that allows nothing.
    public init() {}

    /// Lets this verb be asked for: `ok`, or that there is none of that word.
    public mutating func allow(_ word: [UInt8]) -> GateReply {
        guard let verb = AdminVerb(word) else {
            return GateTextError(word, " in admin.allow is no admin command").reply
        }
        allowed |= 1 << verb.number
        return GateReply("ok")
    }

    /// Whether the verb can be asked for with an id alone, as a server event does: `ok`, or not.
    public static func takesID(_ word: [UInt8]) -> GateReply {
        if let verb = AdminVerb(word), verb.complaint(about: [word, [0x30]]) == nil {
            return GateReply("ok")
        }
        return GateTextError(word, " in admin.on: it takes an event and what takes only an id")
            .reply
    }

    /// Requests that wait for a report.
    public var openCount: Int { open.count }

    /// A request.
    ///
    /// - Returns: the ticket and 0; `confirm <ticket>` and 1; 2 for a word that is no verb; 3 for a
    ///   verb that is not allowed; 4 when too many are under way; 5 for arguments that can't be used.
    public mutating func put(_ request: AdminRequest, at now: Int64) -> GateReply {
        sweep(now)
        guard let verb = AdminVerb(request.part(0)) else { return refuse(request, "unknown", 2) }
        guard allowed & 1 << verb.number != 0 else {
            return refuse(request, "not allowed by blackbox.admin.allow", 3)
        }
        if verb.needsConfirmation, request.parts.count == 2 { return confirm(request, now) }
        if let sentence = verb.complaint(about: request.parts) {
            return refuse(request, sentence, 5)
        }
        for known in open where known.words.isSame(as: request.words) {
            return Self.reply(to: known)
        }
        guard open.count < Self.mostOpen, now - secondNewest >= 1000 else {
            return refuse(request, "busy: at most 10 open and 2 a second", 4)
        }
        secondNewest = newest
        newest = now
        lastTicket = lastTicket &+ 1
        request.ticket = lastTicket
        open.append(request)
        if recent.count == Self.mostRecent { recent.removeFirst() }
        recent.append(request)
        note(request, isAsked: !verb.needsConfirmation, now)
        return Self.reply(to: request)
    }

    /// Whether the same was put within half a minute, one of the newest 16: a server event that comes
    /// again leaves the user so much time to be gone.
    public func isRepeated(_ request: AdminRequest, at now: Int64) -> Bool {
        for known in recent where known.words.isSame(as: request.words) {
            if now - known.since < 30_000 { return true }
        }
        return false
    }

    @inline(never)
    private static func reply(to request: AdminRequest) -> GateReply {
        if request.isAsked { return GateReply(bytes: request.ticketText) }
        return GateReply(bytes: [UInt8](bytesOf: "confirm ") + request.ticketText, 1)
    }

    /// Records a request that is not put to the scripts.
    @inline(never)
    public mutating func refuse(
        _ request: AdminRequest, _ reason: StaticString, _ code: Int32
    ) -> GateReply {
        request.text = [UInt8](bytesOf: reason)
        news.append(request)
        return GateReply(bytes: [UInt8](bytesOf: "Error: ") + request.text, code)
    }

    private mutating func confirm(_ request: AdminRequest, _ now: Int64) -> GateReply {
        guard let known = find(ticket: request.part(1)), !known.isAsked,
            known.part(0).isSame(as: request.part(0))
        else { return refuse(request, "no such ticket to confirm", 5) }
        note(known, isAsked: true, now)
        return Self.reply(to: known)
    }

    @inline(never)
    private mutating func note(_ request: AdminRequest, isAsked: Bool, _ now: Int64) {
        request.since = now
        request.isAsked = isAsked
        request.status = isAsked ? "asked" : "unconfirmed"
        news.append(request)
    }

    /// What a script reports: `ok`, `fail` or anything else.
    ///
    /// - Returns: `ok` and 0; `unknown` and 2 for a ticket that is not open (any more).
    public mutating func done(
        _ ticket: [UInt8], _ word: [UInt8], _ text: [UInt8], at now: Int64
    ) -> GateReply {
        sweep(now)
        guard let request = find(ticket: ticket), request.isAsked else {
            return GateReply("unknown", 2)
        }
        request.text = text
        close(request, word.isWord("ok") ? "ok" : word.isWord("fail") ? "fail" : "unknown")
        return GateReply("ok")
    }

    /// Work for a handler that fetches it. `0`: the verb of the oldest request that nobody has fetched,
    /// empty when there is none. Then `1`, `2`, …: what goes with it; no number: its ticket.
    public mutating func next(_ part: [UInt8], at now: Int64) -> GateReply {
        sweep(now)
        let place = NumberParser.parseInteger(part.span)
        if place == 0 {
            fetched = nil
            for request in open where request.isAsked && !request.isFetched && fetched == nil {
                request.isFetched = true
                fetched = request
            }
        }
        guard let fetched else { return GateReply("") }
        guard let place else { return GateReply(bytes: fetched.ticketText) }
        return GateReply(bytes: fetched.part(Int(max(0, min(place, 9)))))
    }

    /// Requests that nobody reported on are recorded as unanswered.
    @inline(never)
    public mutating func sweep(_ now: Int64) {
        // Closing takes one out of this array; the loop goes over the one that was there.
        for request in open where now - request.since >= Self.lifetime {
            close(request, "unanswered")
        }
    }

    @inline(never)
    private mutating func close(_ request: AdminRequest, _ status: StaticString) {
        for index in open.indices where open[index] === request {
            open.remove(at: index)
            break
        }
        request.status = status
        request.isAsked = false
        news.append(request)
    }

    @inline(never)
    private func find(ticket text: [UInt8]) -> AdminRequest? {
        let number = NumberParser.parseInteger(text.span)
        for request in open where Int64(request.ticket) == number { return request }
        return nil
    }
}
