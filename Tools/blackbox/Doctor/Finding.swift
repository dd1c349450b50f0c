// What the doctor says: one line for each point, and below it what to do.

/// How bad it is. The worst decides the exit code.
enum Severity: String, Comparable {
    case ok
    /// Good to know; nothing to do.
    case note
    /// It works, but not as well, or not as long, as it should.
    case warning
    /// Something does not work.
    case error

    private static let order: [Severity] = [.ok, .note, .warning, .error]

    static func < (a: Severity, b: Severity) -> Bool {
        (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
    }

    var exitCode: Int32 {
        switch self {
        case .ok, .note: ExitStatus.done
        case .warning: 10
        case .error: 11
        }
    }
}

/// One point of an examination.
struct Finding: Equatable {
    /// The point, a few words that stay the same: scripts look for them.
    let point: String
    let severity: Severity
    /// What is so.
    let text: String
    /// What to do about it; empty when there is nothing.
    var advice = ""

    var lines: [String] {
        func padded(_ word: String, _ columns: Int) -> String {
            word + String(repeating: " ", count: max(1, columns - word.count))
        }
        var lines = [padded(severity.rawValue, 9) + padded(point, 15) + text]
        if !advice.isEmpty { lines.append(String(repeating: " ", count: 24) + "→ " + advice) }
        return lines
    }

    var object: JSONLine {
        var line = JSONLine()
        line.add("point", point)
        line.add("severity", severity.rawValue)
        line.add("text", text)
        line.add("advice", advice)
        return line
    }
}
