// Rules inside the plug-in: they decide without a script, and before one is asked.

import Values

/// What a matching rule says.
public enum GateRuleResult: Equatable, Sendable {
    case accept
    case refuse
    /// Put the question to the listener, whatever later rules say.
    case ask
}

/// One rule: every condition that it names must hold. Not changed once it is made.
public final class GateRule {
    /// Its name, for `gate:rule del`.
    public internal(set) var name: [UInt8] = []
    /// Steam ids; empty: any.
    var uids: [[UInt8]] = []
    /// Player's name with `*` for any run of characters, letters A–Z in any case; empty: any.
    var pattern: [UInt8] = []
    /// The player has waited at least this long, milliseconds.
    var waitedAtLeast: Int64 = 0
    /// Local minutes of the day, first included, last not; may pass midnight. -1: always.
    var firstMinute = -1
    var lastMinute = -1
    /// Undecided players at least; 0: any number.
    var pendingAtLeast = 0
    /// What follows.
    public internal(set) var result = GateRuleResult.ask
    /// Why, cleaned; may be empty. A refused player sees it.
    var text: [UInt8] = []

    private init() {}

    /// Reads a rule: `{"id":"vip","uids":["7656…"],"name":"[ABC]*","max_wait":30,
    /// "time":"18:00-02:00","max_pending":40,"result":"accept","text":"…"}`.
    ///
    /// - Throws: `GateTextError` with a sentence that names the key.
    public static func parse(_ json: JSONValue) throws(GateTextError) -> GateRule {
        var fields = try JSONFields(json, "a rule is a JSON object")
        let rule = GateRule()
        rule.name = try fields.text("id") ?? []
        if rule.name.isEmpty { throw GateTextError([], "a rule needs an id: a text that names it") }
        rule.uids = try fields.texts("uids")
        rule.pattern = try fields.text("name") ?? []
        try fields.seconds("max_wait", &rule.waitedAtLeast)
        rule.pendingAtLeast = Int(try fields.number("max_pending") ?? 0)
        if let time = try fields.text("time") { try rule.setTime(time) }
        rule.text = ReasonText.clean(try fields.text("text") ?? [])
        let word = try fields.text("result") ?? []
        if word.isWord("accept") {
            rule.result = .accept
        } else if word.isWord("refuse") {
            rule.result = .refuse
        } else if !word.isWord("ask") {
            throw GateTextError([], "a rule's result is accept, refuse or ask")
        }
        try fields.end()
        return rule
    }

    /// `18:00-02:00`
    private func setTime(_ text: [UInt8]) throws(GateTextError) {
        let first = Self.minute(text, 0)
        let last = Self.minute(text, 6)
        guard text.count == 11, text[5] == 0x2D, first >= 0, last >= 0 else {
            throw GateTextError([], "a rule's time is written like 18:00-02:00")
        }
        firstMinute = first
        lastMinute = last
    }

    /// `18:00` at `start` → 1080; -1 when there is no time.
    private static func minute(_ text: [UInt8], _ start: Int) -> Int {
        guard text.count >= start + 5, text[start + 2] == 0x3A else { return -1 }
        func two(_ at: Int) -> Int {
            let tens = Int(text[at]) - 48
            let ones = Int(text[at + 1]) - 48
            return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 99
        }
        let (hour, minute) = (two(start), two(start + 3))
        return hour < 24 && minute < 60 ? hour * 60 + minute : -1
    }

    /// Whether it speaks of this player now.
    func matches(
        _ player: GateEntry, _ waited: Int64, _ pending: Int, _ moment: GateMoment
    ) -> Bool {
        if !uids.isEmpty {
            var isNamed = false
            for uid in uids where uid.isSame(as: player.uid) { isNamed = true }
            if !isNamed || player.uid.isEmpty { return false }
        }
        if !pattern.isEmpty, !Self.matches(pattern, player.name) { return false }
        if waited < waitedAtLeast || pending < pendingAtLeast { return false }
        let now = moment.localMinute
        if firstMinute < 0 { return true }
        return firstMinute <= lastMinute
            ? now >= firstMinute && now < lastMinute : now >= firstMinute || now < lastMinute
    }

    /// `*` stands for any run of bytes; ASCII letters match in any case. Linear: only the last `*` is
    /// ever gone back to.
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var at = 0
        var place = 0
        var star = -1
        var mark = 0
        while at < text.count {
            if place < pattern.count, pattern[place] == 0x2A {
                star = place
                mark = at
                place += 1
            } else if place < pattern.count,
                pattern[place].lowercasedASCII == text[at].lowercasedASCII
            {
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
}
