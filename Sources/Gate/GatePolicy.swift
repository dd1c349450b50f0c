// What the gate's owner decided beforehand: who is let in when nobody decides, and how long things may
// take. Every default lets people in; a server that must fail closed sets them to refuse.

import Values

/// What happens to a player when nobody has decided.
public enum GateFallback: UInt8, Sendable {
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
    /// The listener did not answer within `decideTimeout`.
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
        guard case .object(let members) = json else {
            throw GateTextError("a policy is a JSON object")
        }
        var changed = self
        for member in members { try changed.set(member.key.span, member.value) }
        self = changed
    }

    private mutating func set(
        _ key: Span<UInt8>, _ value: JSONValue
    ) throws(GateTextError) {
        let all: [GateFallback] = [.accept, .refuse, .delay, .rules]
        if key.elementsEqual("no_listener") {
            noListener = try Self.fallback(value, all, "no_listener")
        } else if key.elementsEqual("on_timeout") {
            onTimeout = try Self.fallback(value, [.accept, .refuse, .delay], "on_timeout")
        } else if key.elementsEqual("on_max_wait") {
            onMaxWait = try Self.fallback(value, [.accept, .refuse], "on_max_wait")
        } else if key.elementsEqual("on_overload") {
            onOverload = try Self.fallback(value, [.accept, .refuse], "on_overload")
        } else if key.elementsEqual("decide_timeout") {
            decideTimeout = try Self.time(value, "decide_timeout")
        } else if key.elementsEqual("max_wait") {
            maxWait = try Self.time(value, "max_wait")
        } else if key.elementsEqual("accept_linger") {
            acceptLinger = try Self.time(value, "accept_linger")
        } else if key.elementsEqual("refuse_memory") {
            refuseMemory = try Self.time(value, "refuse_memory")
        } else if key.elementsEqual("stale_after") {
            staleAfter = try Self.time(value, "stale_after")
        } else if key.elementsEqual("max_pending") {
            guard case .number(let number, _) = value, number >= 1, number <= 4096 else {
                throw GateTextError("max_pending is a number from 1 to 4096")
            }
            maxPending = Int(number)
        } else if key.elementsEqual("sticky_decision") {
            stickyDecision = try Self.flag(value, "sticky_decision")
        } else if key.elementsEqual("pre_decide") {
            preDecide = try Self.flag(value, "pre_decide")
        } else if key.elementsEqual("refuse_text") {
            guard case .string(let text) = value else {
                throw GateTextError("refuse_text is a text")
            }
            refuseText = ReasonText.clean(text.span)
        } else {
            throw GateTextError(
                "a policy has no such key: " + String(decoding: key.array, as: UTF8.self))
        }
    }

    private static func fallback(
        _ value: JSONValue, _ allowed: [GateFallback], _ key: StaticString
    ) throws(GateTextError) -> GateFallback {
        if case .string(let text) = value {
            for fallback in allowed where text.span.elementsEqual(fallback.word) { return fallback }
        }
        var words = ""
        for fallback in allowed {
            words += (words.isEmpty ? "" : ", ") + fallback.word.description
        }
        throw GateTextError(key.description + " is one of " + words)
    }

    private static func time(
        _ value: JSONValue, _ key: StaticString
    ) throws(GateTextError) -> Int64 {
        guard case .number(let seconds, _) = value, seconds >= 0, seconds <= 86_400 else {
            throw GateTextError(key.description + " is a number of seconds from 0 to 86400")
        }
        return Int64(seconds * 1000)
    }

    private static func flag(
        _ value: JSONValue, _ key: StaticString
    ) throws(GateTextError) -> Bool {
        guard case .bool(let flag) = value else {
            throw GateTextError(key.description + " is true or false")
        }
        return flag
    }

    /// The policy as JSON, with the keys that `apply` reads.
    public func json() -> [UInt8] {
        var text: [UInt8] = []
        func key(_ name: StaticString) {
            text.append(text.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: name)
            text.append(contentsOf: "\":")
        }
        for (name, fallback): (StaticString, GateFallback) in [
            ("no_listener", noListener), ("on_timeout", onTimeout), ("on_max_wait", onMaxWait),
            ("on_overload", onOverload),
        ] {
            key(name)
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: fallback.word)
            text.append(UInt8(ascii: "\""))
        }
        for (name, time): (StaticString, Int64) in [
            ("decide_timeout", decideTimeout), ("max_wait", maxWait),
            ("accept_linger", acceptLinger), ("refuse_memory", refuseMemory),
            ("stale_after", staleAfter),
        ] {
            key(name)
            text.appendNumber(Double(time) / 1000)
        }
        key("max_pending")
        text.appendNumber(Double(maxPending))
        key("sticky_decision")
        text.append(contentsOf: stickyDecision ? "true" : "false")
        key("pre_decide")
        text.append(contentsOf: preDecide ? "true" : "false")
        key("refuse_text")
        text.appendJSONString(refuseText.span)
        text.append(UInt8(ascii: "}"))
        return text
    }
}

/// A text from a script that can't be used, with the sentence to answer.
public struct GateTextError: Error, Equatable, Sendable {
    /// What is wrong with it.
    public var sentence: [UInt8]

    init(_ sentence: String) { self.sentence = Array(sentence.utf8) }
}

/// The text that a refused player sees.
public enum ReasonText {
    /// Bytes at most.
    public static let limit = 200

    /// Control characters, line breaks and `"` become spaces, outer spaces go, at most 200 characters
    /// are kept; text that is not UTF-8 is mended.
    public static func clean(_ text: Span<UInt8>) -> [UInt8] {
        var kept: [UInt8] = []
        var characters = 0
        for scalar in String(decoding: text.array, as: UTF8.self).unicodeScalars {
            guard characters < limit else { break }
            let isBad =
                scalar.value < 0x20 || scalar.value == 0x22
                || (scalar.value >= 0x7F && scalar.value < 0xA0) || scalar.value == 0x2028
                || scalar.value == 0x2029
            if isBad || scalar.value == 0x20 {
                if !kept.isEmpty { kept.append(0x20) }
            } else {
                kept.append(contentsOf: Array(String(scalar).utf8))
            }
            characters += 1
        }
        while kept.last == 0x20 { kept.removeLast() }
        return kept
    }
}
