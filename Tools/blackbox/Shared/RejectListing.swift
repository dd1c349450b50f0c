// The calls that could not be decoded, as lines.

import Mission
import Values

/// Calls that can't be used, as lines.
enum RejectListing {
    /// Writes at most `limit` of them and says how many there are in all.
    static func write(_ rejects: Rejects, json: Bool, limit: Int) {
        guard rejects.count + rejects.partialCount > 0 else { return }
        if json {
            for reject in rejects.list.prefix(limit) { Console.write(object(reject).line) }
            return
        }
        var head = "  rejects: " + Words.count(rejects.count, "call") + " could not be used"
        if rejects.partialCount > 0 {
            head += ", something of " + Words.count(rejects.partialCount) + " could not"
        }
        Console.print(head)
        for reject in rejects.list.prefix(limit) {
            let name = String(decoding: reject.name, as: UTF8.self)
            Console.print("    \(reject.sequence) \(name): \(reject.sentence)")
        }
        let shown = UInt64(min(limit, rejects.list.count))
        let hidden = rejects.count + rejects.partialCount - shown
        if hidden > 0 {
            Console.print(
                "    … and \(Words.count(hidden)) more; blackbox verify --decode lists them")
        }
    }

    private static func object(_ reject: Reject) -> JSONLine {
        var line = JSONLine()
        line.add("kind", "reject")
        line.add("sequence", reject.sequence)
        line.add("command", text: reject.name.span)
        line.add("reason", reject.sentence)
        line.add("partial", reject.reason.isPartial)
        return line
    }
}
