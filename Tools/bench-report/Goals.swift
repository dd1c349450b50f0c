// What the calls are to cost, and what they did: from the scenarios' runs to figures with goals.

/// Goals of the scenarios that `Tools/bench calls` measures.
enum Goals {
    private typealias Limits = [(name: String, nanoseconds: Int)]
    private static let ready: Limits = [
        ("p99", 500), ("p99.9", 2_000), ("p99.99", 10_000), ("max", 1_000_000),
    ]
    private static let paced: Limits = [
        ("p99", 2_000), ("p99.9", 4_000), ("p99.99", 50_000), ("max", 1_000_000),
    ]

    static func figures(of scenarios: [Scenario]) -> [Figure] {
        scenarios.flatMap { scenario -> [Figure] in
            guard let run = scenario.runs["plugin"] else { return [] }
            return drops(scenario.name, run) + latency(scenario, run) + readySpace(scenario, run)
        }
    }

    /// A refused call takes a short path: without this row losing calls would look like speed.
    private static func drops(_ name: String, _ run: Run) -> [Figure] {
        guard let drops = run.notRecorded else { return [] }
        return [
            Figure(
                name: "\(name): drops of \(run.calls) calls", value: Double(drops), unit: "",
                goal: "<=0")
        ]
    }

    private static func latency(_ scenario: Scenario, _ run: Run) -> [Figure] {
        switch scenario.name {
        case "fast", "states":
            return medians(scenario, run)
        case "ready":
            return medians(scenario, run) + limits(ready, scenario.name, run)
        case "pause":
            return limits([("p50", 2_000)], scenario.name, run)
        case "large":
            return limits([("max", 1_000_000)], scenario.name, run)
        default:
            return limits(paced, scenario.name, run)
        }
    }

    /// Against the two counterparts on the same bytes.
    private static func medians(_ scenario: Scenario, _ run: Run) -> [Figure] {
        let counterparts = [
            ("memory", "floor", "ratio<=1.5"), ("write", "write(2)", "ratio<=0.2"),
        ]
        return counterparts.compactMap { target, title, goal in
            guard let own = run.nanoseconds.percentiles["p50"],
                let theirs = scenario.runs[target]?.nanoseconds.percentiles["p50"]
            else { return nil }
            return Figure(
                name: "\(scenario.name): p50 against \(title)", value: Double(own), unit: "ns",
                goal: goal, counterpart: title, counterpartValue: Double(theirs))
        }
    }

    private static func limits(_ limits: Limits, _ name: String, _ run: Run) -> [Figure] {
        limits.map { percentile, limit in
            let own = run.nanoseconds
            let value = percentile == "max" ? own.max : own.percentiles[percentile] ?? 0
            return Figure(
                name: "\(name): \(percentile)", value: Double(value), unit: "ns", goal: "<=\(limit)"
            )
        }
    }

    /// Which part of a sliced run found its pages ready, and what the calls took there and beyond.
    private static func readySpace(_ scenario: Scenario, _ run: Run) -> [Figure] {
        guard let within = run.withinReadySpace, let beyond = run.beyondReadySpace else {
            return []
        }
        let floor = scenario.runs["memory"]?.nanoseconds.percentiles["p99"].map(Double.init)
        func p99(_ part: Latency, _ title: String, _ goal: String) -> [Figure] {
            guard part.count > 0, let value = part.percentiles["p99"] else { return [] }
            return [
                Figure(
                    name: "\(scenario.name): p99 \(title) ready space", value: Double(value),
                    unit: "ns", goal: goal, counterpart: "floor", counterpartValue: floor)
            ]
        }
        return [
            Figure(
                name: "\(scenario.name): calls until ready space was left",
                value: Double(within.count), unit: "", goal: "", counterpart: "all",
                counterpartValue: Double(within.count + beyond.count))
        ] + p99(within, "within", "<=500") + p99(beyond, "beyond", "")
    }
}
