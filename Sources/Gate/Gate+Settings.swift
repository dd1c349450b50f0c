// Rules and the policy as scripts and the configuration set them, and what the gate says of itself.

import Values

extension Gate {
    /// `add` or `del`.
    public mutating func setRule(_ action: [UInt8], _ json: JSONValue) -> GateReply {
        if action.isWord("add") {
            do throws(GateTextError) {
                let rule = try GateRule.parse(json)
                if let known = place(ofRule: rule.name) {
                    rules[known] = rule
                } else if rules.count < Self.mostRules {
                    rules.append(rule)
                } else {
                    return GateReply("Error: too many rules", 5)
                }
                return GateReply("ok")
            } catch {
                return error.reply
            }
        }
        guard action.isWord("del") else {
            return GateReply("Error: the first argument is add or del", 5)
        }
        var name: [UInt8] = []
        if case .string(let text) = json { name = text }
        if case .string(let text)? = json.member("id") { name = text }
        guard let known = place(ofRule: name) else { return GateReply("unknown", 2) }
        rules.remove(at: known)
        return GateReply("ok")
    }

    private func place(ofRule name: [UInt8]) -> Int? {
        for index in rules.indices where rules[index].name.isSame(as: name) { return index }
        return nil
    }

    /// Replaces parts of the policy.
    public mutating func setPolicy(_ json: JSONValue) -> GateReply {
        do throws(GateTextError) {
            try policy.apply(json)
            return GateReply("ok")
        } catch {
            return error.reply
        }
    }

    /// `[["<id>","<state>",<seconds waited>,"<name>"],…]` as JSON, from player number `first` on, as
    /// many as fit into `limitBytes`.
    public func list(from first: Int, limitBytes: Int, at moment: GateMoment) -> [UInt8] {
        var text = [UInt8](bytesOf: "[")
        var index = max(0, first)
        while index < table.entries.count {
            let entry = table.entries[index]
            let start = text.count
            text.put(start > 1 ? ",[" : "[")
            text.put(json: entry.id)
            text.put(",")
            text.put(quoted: entry.state.word)
            text.put(",")
            text.put(seconds: max(entry.wait, moment.milliseconds - entry.firstSeen))
            text.put(",")
            text.put(json: entry.name)
            text.put("]")
            guard text.count < limitBytes else {
                text.removeLast(text.count - start)
                break
            }
            index += 1
        }
        text.put("]")
        return text
    }

    /// The counters as a JSON object.
    public func stats() -> [UInt8] {
        var text = [UInt8](bytesOf: "{")
        func put(_ key: StaticString, _ value: UInt64) {
            text.put(key: key)
            text.put(number: Int64(clamping: value))
        }
        put("requests", counters.requests)
        put("accepted", counters.accepted)
        put("delayed", counters.delayed)
        put("refused", counters.refused)
        put("timeouts", counters.timeouts)
        put("overload", counters.overload)
        put("late", counters.late)
        put("announce_failures", counters.announceFailures)
        put("dropped", counters.dropped)
        put("waiting", UInt64(pending))
        put("rules", UInt64(rules.count))
        text.put(key: "longest_wait")
        text.put(seconds: counters.longestWait)
        text.put(key: "listener")
        text.put(hasListener ? "true}" : "false}")
        return text
    }
}
