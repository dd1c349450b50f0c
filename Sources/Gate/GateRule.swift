// Rules inside the plug-in: they decide without a script, and before one is asked.

import Values

/// What a matching rule says.
public enum GateRuleResult: Equatable, Sendable {
    case accept
    case refuse([UInt8])
    /// Put the question to the listener, whatever later rules say.
    case ask
}

/// One rule: every condition that it names must hold.
public struct GateRule: Equatable, Sendable {
    /// Its name, for `gate:rule del`.
    public var name: [UInt8]
    /// Steam ids; empty: any.
    public var uids: [[UInt8]] = []
    /// Player's name with `*` for any run of characters, letters A–Z in any case; empty: any.
    public var pattern: [UInt8] = []
    /// The player has waited at least this long, milliseconds.
    public var waitedAtLeast: Int64 = 0
    /// Local minutes of the day, first included, last not; may pass midnight. Nil: always.
    public var minutes: (first: Int, last: Int)?
    /// Undecided players at least; 0: any number.
    public var pendingAtLeast = 0
    /// What follows.
    public var result: GateRuleResult

    /// Field by field (tuples are not Equatable).
    public static func == (a: GateRule, b: GateRule) -> Bool {
        a.name == b.name && a.uids == b.uids && a.pattern == b.pattern
            && a.waitedAtLeast == b.waitedAtLeast && a.minutes?.first == b.minutes?.first
            && a.minutes?.last == b.minutes?.last && a.pendingAtLeast == b.pendingAtLeast
            && a.result == b.result
    }

    /// Reads a rule: `{"id":"vip","uids":["7656…"],"name":"[ABC]*","max_wait":30,
    /// "time":"18:00-02:00","max_pending":40,"result":"accept","text":"…"}`.
    ///
    /// - Throws: `GateTextError` with a sentence that names the key.
    public static func parse(_ json: JSONValue) throws(GateTextError) -> GateRule {
        guard case .object(let members) = json else {
            throw GateTextError("a rule is a JSON object")
        }
        guard case .string(let name)? = json.member("id"), !name.isEmpty else {
            throw GateTextError("a rule needs an id: a text that names it")
        }
        var rule = GateRule(name: name, result: .ask)
        var text: [UInt8] = []
        var word: [UInt8] = []
        for member in members {
            let key = member.key.span
            if key.elementsEqual("id") { continue }
            if key.elementsEqual("uids"), case .array(let values) = member.value {
                for value in values {
                    guard case .string(let uid) = value else {
                        throw GateTextError("uids is a list of texts")
                    }
                    rule.uids.append(uid)
                }
            } else if key.elementsEqual("name"), case .string(let pattern) = member.value {
                rule.pattern = pattern
            } else if key.elementsEqual("max_wait"), case .number(let seconds, _) = member.value,
                seconds >= 0, seconds <= 86_400
            {
                rule.waitedAtLeast = Int64(seconds * 1000)
            } else if key.elementsEqual("max_pending"), case .number(let count, _) = member.value,
                count >= 0, count <= 4096
            {
                rule.pendingAtLeast = Int(count)
            } else if key.elementsEqual("time"), case .string(let window) = member.value {
                rule.minutes = try minutes(window.span)
            } else if key.elementsEqual("result"), case .string(let result) = member.value {
                word = result
            } else if key.elementsEqual("text"), case .string(let reason) = member.value {
                text = ReasonText.clean(reason.span)
            } else {
                throw GateTextError(
                    "a rule can't have this: " + String(decoding: member.key, as: UTF8.self) + " = "
                        + member.value.kindName)
            }
        }
        if word.span.elementsEqual("accept") {
            rule.result = .accept
        } else if word.span.elementsEqual("refuse") {
            rule.result = .refuse(text)
        } else if word.span.elementsEqual("ask") {
            rule.result = .ask
        } else {
            throw GateTextError("a rule's result is accept, refuse or ask")
        }
        return rule
    }

    /// `18:00-02:00`
    private static func minutes(
        _ text: Span<UInt8>
    ) throws(GateTextError) -> (first: Int, last: Int) {
        func two(_ at: Int) -> Int? {
            let tens = Int(text[at]) - 48
            let ones = Int(text[at + 1]) - 48
            guard (0...9).contains(tens), (0...9).contains(ones) else { return nil }
            return tens * 10 + ones
        }
        guard text.count == 11, text[2] == 0x3A, text[8] == 0x3A, text[5] == 0x2D,
            let firstHour = two(0), let firstMinute = two(3), let lastHour = two(6),
            let lastMinute = two(9), firstHour < 24, lastHour < 24, firstMinute < 60,
            lastMinute < 60
        else { throw GateTextError("a rule's time is written like 18:00-02:00") }
        return (firstHour * 60 + firstMinute, lastHour * 60 + lastMinute)
    }

    /// Whether it speaks of this player now.
    func matches(_ user: GateUser, waited: Int64, pending: Int, at moment: GateMoment) -> Bool {
        if !uids.isEmpty, !uids.contains(user.uid) || user.uid.isEmpty { return false }
        if !pattern.isEmpty, !Self.matches(pattern.span, user.name.span) { return false }
        if waited < waitedAtLeast || pending < pendingAtLeast { return false }
        guard let (first, last) = minutes else { return true }
        let now = moment.localMinute
        return first <= last ? now >= first && now < last : now >= first || now < last
    }

    /// `*` stands for any run of bytes; ASCII letters match in any case. Linear: only the last `*` is
    /// ever gone back to.
    static func matches(_ pattern: Span<UInt8>, _ text: Span<UInt8>) -> Bool {
        var at = 0
        var place = 0
        var star = -1
        var mark = 0
        while at < text.count {
            if place < pattern.count, pattern[place] == 0x2A {
                star = place
                mark = at
                place += 1
            } else if place < pattern.count, lower(pattern[place]) == lower(text[at]) {
                place += 1
                at += 1
            } else if star >= 0 {
                place = star + 1
                mark += 1
                at = mark
            } else {
                return false
            }
        }
        while place < pattern.count, pattern[place] == 0x2A { place += 1 }
        return place == pattern.count
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}
