// Single figures that the parts of Tools/bench hand in, with goals and counterparts.

import Foundation

/// One figure of one part: a line of PART.figures, tabs between the fields
/// (see Tools/lib/figures.sh).
struct Figure: Codable {
    let name: String
    let value: Double
    let unit: String
    /// `<=20`, `>=5`: for the value; `ratio>=0.8`: for value / counterpart. Empty: none.
    let goal: String
    let counterpart: String
    let counterpartValue: Double?
    let ratio: Double?
    /// The goal was reached; nil where there is none.
    let reached: Bool?

    init(
        name: String, value: Double, unit: String, goal: String, counterpart: String = "",
        counterpartValue: Double? = nil
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.goal = goal
        self.counterpart = counterpart
        self.counterpartValue = counterpartValue
        let ratio = counterpartValue.flatMap { $0 == 0 ? nil : value / $0 }
        self.ratio = ratio
        reached = Self.holds(goal, value: value, ratio: ratio)
    }

    private static func holds(_ goal: String, value: Double, ratio: Double?) -> Bool? {
        let ofRatio = goal.hasPrefix("ratio")
        let bound = ofRatio ? goal.dropFirst(5) : Substring(goal)
        guard let limit = Double(bound.dropFirst(2)), let tested = ofRatio ? ratio : value else {
            return nil
        }
        switch bound.prefix(2) {
        case "<=": return tested <= limit
        case ">=": return tested >= limit
        default: return nil
        }
    }

    /// The figures in a folder, by part.
    static func all(in folder: URL) throws -> [String: [Figure]] {
        var parts: [String: [Figure]] = [:]
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        for file in files where file.pathExtension == "figures" {
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            parts[file.deletingPathExtension().lastPathComponent] = try lines.map { line in
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(
                    String.init)
                guard fields.count == 6, let value = Double(fields[1]) else {
                    throw BenchError("\(file.lastPathComponent): not a figure: \(line)")
                }
                return Figure(
                    name: fields[0], value: value, unit: fields[2], goal: fields[3],
                    counterpart: fields[4], counterpartValue: Double(fields[5]))
            }
        }
        return parts
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A table of figures for people.
func table(_ title: String, _ figures: [Figure]) -> String {
    let width = max(40, figures.map(\.name.count).max() ?? 0)
    return figures.reduce(into: title) { text, figure in
        var line = "  " + figure.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
        line += rounded(figure.value) + (figure.unit.isEmpty ? "" : " " + figure.unit)
        if let reached = figure.reached {
            line += "   goal \(figure.goal): \(reached ? "reached" : "MISSED")"
        }
        if let theirs = figure.counterpartValue {
            line += "   \(figure.counterpart): \(rounded(theirs))"
            if let ratio = figure.ratio { line += ", ratio \(rounded(ratio))" }
        }
        text += "\n" + line
    }
}

/// Four significant digits; whole from a thousand on.
private func rounded(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return abs(value) >= 1_000 ? String(format: "%.0f", value) : String(format: "%.4g", value)
}
