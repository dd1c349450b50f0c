// The figures for people: a table for the terminal, and the distribution as a picture.

import Foundation

/// A table of all scenarios.
func table(_ scenarios: [Scenario]) -> String {
    let titles = ["plugin": "our call", "memory": "floor", "write": "write(2)"]
    var lines = [
        "nanoseconds a call",
        row("", "", ["calls"] + Latency.names + ["max"]),
    ]
    for scenario in scenarios {
        for target in Scenario.targets {
            guard let latency = scenario.runs[target]?.nanoseconds else { continue }
            let cells = Latency.names.map { String(latency.percentiles[$0] ?? 0) }
            lines.append(
                row(
                    target == "plugin" ? scenario.name : "", titles[target] ?? target,
                    [String(latency.count)] + cells + [String(latency.max)]))
        }
    }
    return lines.joined(separator: "\n")
}

private func row(_ scenario: String, _ target: String, _ cells: [String]) -> String {
    let head = scenario.padding(toLength: 12, withPad: " ", startingAt: 0)
    let name = target.padding(toLength: 10, withPad: " ", startingAt: 0)
    return head + name
        + cells.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined()
}

/// How many calls took longer than a time, both axes logarithmic: the tail is what matters.
func drawing(_ scenarios: [Scenario]) -> String {
    let width = 380.0
    let height = 250.0
    var panels = ""
    for (index, scenario) in scenarios.enumerated() {
        let x = Double(index % 2) * (width + 70) + 60
        let y = Double(index / 2) * (height + 75) + 40
        panels +=
            "<g transform=\"translate(\(x),\(y))\">" + panel(scenario, width, height) + "</g>\n"
    }
    let rows = (scenarios.count + 1) / 2
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(2 * (width + 70)))" \
        height="\(Int(Double(rows) * (height + 75)) + 20)" font-family="sans-serif" font-size="11">
        <rect width="100%" height="100%" fill="white"/>
        \(panels)</svg>

        """
}

/// 10 ns … 100 ms across, all … one in ten million down.
private func panel(_ scenario: Scenario, _ width: Double, _ height: Double) -> String {
    func across(_ nanoseconds: Double) -> Double {
        min(max((log10(nanoseconds) - 1) / 7, 0), 1) * width
    }
    func down(_ share: Double) -> Double { min(-log10(share) / 7, 1) * height }
    var text =
        "<text y=\"-10\" font-weight=\"bold\">\(scenario.name)</text>"
        + "<rect width=\"\(width)\" height=\"\(height)\" fill=\"none\" stroke=\"#999\"/>"
    let times = ["10 ns", "100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms"]
    let shares = ["all", "p90", "p99", "p99.9", "p99.99", "p99.999", "10⁻⁶", "10⁻⁷"]
    for step in 0...7 {
        let at = Double(step) / 7
        text +=
            "<text x=\"\(at * width)\" y=\"\(height + 14)\" text-anchor=\"middle\">\(times[step])</text>"
        text += "<text x=\"-6\" y=\"\(at * height + 4)\" text-anchor=\"end\">\(shares[step])</text>"
        text += "<path d=\"M\(at * width) 0V\(height)M0 \(at * height)H\(width)\" stroke=\"#eee\"/>"
    }
    let colors = ["plugin": "#c0392b", "memory": "#7f8c8d", "write": "#2980b9"]
    let titles = ["plugin": "our call", "memory": "floor", "write": "write(2)"]
    for (index, target) in Scenario.targets.enumerated() {
        guard let latency = scenario.runs[target]?.nanoseconds, latency.count > 0 else { continue }
        var left = latency.count
        var path = ""
        for bucket in latency.buckets where bucket.count == 2 {
            let share = Double(left) / Double(latency.count)
            path += (path.isEmpty ? "M" : "L") + point(across(Double(bucket[0])), down(share))
            left -= bucket[1]
        }
        let color = colors[target] ?? "black"
        text += "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\"/>"
        text +=
            "<text x=\"\(width - 70)\" y=\"\(16 + 14 * index)\" fill=\"\(color)\">\(titles[target] ?? "")</text>"
    }
    return text
}

private func point(_ x: Double, _ y: Double) -> String {
    String(format: "%.1f %.1f", x, y)
}
