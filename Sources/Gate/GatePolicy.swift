// What the gate's owner decided beforehand: who is let in when nobody decides, and how long things may
// take. Every default lets people in; a server that must fail closed sets them to refuse.

import Values

/// What happens to a player when nobody has decided.
public enum GateFallback: UInt8, CaseIterable, Sendable {
    case accept
    case refuse
    case delay
    /// The rules decide; without a match: accept.
    case rules

    /// The word in a policy's JSON.
    public var word: StaticString {
        switch self {
        case .accept: "accept"
        case .refuse: "refuse"
        case .delay: "delay"
        case .rules: "rules"
        }
    }
}

/// The gate's settings. Times are milliseconds here and seconds in JSON.
public struct GatePolicy: Equatable, Sendable {
    /// No mission listens.
    public var noListener = GateFallback.accept
    /// The listener did not answer within `decideTimeout`. Not `rules`.
    public var onTimeout = GateFallback.accept
    /// The player has waited `maxWait`. Accept or refuse.
    public var onMaxWait = GateFallback.accept
    /// More than `maxPending` undecided players. Accept or refuse.
    public var onOverload = GateFallback.accept
    /// From the announcement to the listener's answer.
    public var decideTimeout: Int64 = 20_000
    /// The longest that anybody waits, whatever the state.
    public var maxWait: Int64 = 60_000
    /// An accepted player who asks again within this time is let in again.
    public var acceptLinger: Int64 = 10_000
    /// A refused player hears the same answer this long, without a new question.
    public var refuseMemory: Int64 = 30_000
    /// A player who has not asked this long has given up.
    public var staleAfter: Int64 = 30_000
    /// How often an unanswered question is repeated.
    public var repeatAfter: Int64 = 5_000
    /// A decision for a player who has not asked yet counts this long, with `preDecide`.
    public var preDecideMemory: Int64 = 60_000
    /// Undecided players at most.
    public var maxPending = 256
    /// A decision that was not delivered yet outlives a new attempt.
    public var stickyDecision = false
    /// Decisions for players who have not asked yet are remembered.
    public var preDecide = false
    /// What a player sees who is refused by a fallback; empty: plain refusal.
    public var refuseText: [UInt8] = []

    /// The defaults.
    public init() {}

    /// Changes what `json` names; nothing when any of it is wrong.
    ///
    /// - Throws: `GateTextError` with a sentence that names the key.
    public mutating func apply(_ json: JSONValue) throws(GateTextError) {
        var fields = try JSONFields(json, "a policy is a JSON object")
        var changed = self
        try Self.set("no_listener", &changed.noListener, 4, &fields)
        try Self.set("on_timeout", &changed.onTimeout, 3, &fields)
        try Self.set("on_max_wait", &changed.onMaxWait, 2, &fields)
        try Self.set("on_overload", &changed.onOverload, 2, &fields)
        try fields.seconds("decide_timeout", &changed.decideTimeout)
        try fields.seconds("max_wait", &changed.maxWait)
        try fields.seconds("accept_linger", &changed.acceptLinger)
        try fields.seconds("refuse_memory", &changed.refuseMemory)
        try fields.seconds("stale_after", &changed.staleAfter)
        if let number = try fields.number("max_pending") {
            guard number >= 1, number <= 4096 else {
                throw GateTextError([], "max_pending must be a number from 1 to 4096")
            }
            changed.maxPending = Int(number)
        }
        try fields.flag("sticky_decision", &changed.stickyDecision)
        try fields.flag("pre_decide", &changed.preDecide)
        if let text = try fields.text("refuse_text") { changed.refuseText = ReasonText.clean(text) }
        try fields.end()
        self = changed
    }

    /// One of the first `count` fallbacks, when there is such a key.
    @inline(never)
    private static func set(
        _ key: StaticString, _ target: inout GateFallback, _ count: UInt8,
        _ fields: inout JSONFields
    ) throws(GateTextError) {
        guard let word = try fields.text(key) else { return }
        for fallback in GateFallback.allCases
        where fallback.rawValue < count && word.isWord(fallback.word) {
            target = fallback
            return
        }
        throw GateTextError(
            [UInt8](bytesOf: key),
            count == 4
                ? " must be accept, refuse, delay or rules"
                : count == 3 ? " must be accept, refuse or delay" : " must be accept or refuse")
    }

    /// The policy as JSON, with the keys that `apply` reads.
    public func json() -> [UInt8] {
        var text = [UInt8](bytesOf: "{")
        func put(_ key: StaticString, _ word: StaticString) {
            text.put(key: key)
            text.put(quoted: word)
        }
        func put(_ key: StaticString, milliseconds: Int64) {
            text.put(key: key)
            text.put(seconds: milliseconds)
        }
        func put(_ key: StaticString, _ flag: Bool) {
            text.put(key: key)
            text.put(flag ? "true" : "false")
        }
        put("no_listener", noListener.word)
        put("on_timeout", onTimeout.word)
        put("on_max_wait", onMaxWait.word)
        put("on_overload", onOverload.word)
        put("decide_timeout", milliseconds: decideTimeout)
        put("max_wait", milliseconds: maxWait)
        put("accept_linger", milliseconds: acceptLinger)
        put("refuse_memory", milliseconds: refuseMemory)
        put("stale_after", milliseconds: staleAfter)
        text.put(key: "max_pending")
        text.put(number: Int64(maxPending))
        put("sticky_decision", stickyDecision)
        put("pre_decide", preDecide)
        text.put(key: "refuse_text")
        text.put(json: refuseText)
        text.put("}")
        return text
    }
}
