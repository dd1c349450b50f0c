// Row 18: logs of this version that every later one must read, and flags that this one does not know.

import Segments
import WAL

/// The logs that are kept in the tree, and how they are made.
public enum Golden {
    /// Name and content of each.
    static var logs: [(name: String, specimen: Specimen)] {
        [
            ("closed", Specimens.chain(seed: 1, segments: 3, callsEach: 12)),
            ("killed", Specimens.killed(seed: 2, bytes: 12_000)),
            ("empty", Forge(seed: 3).specimen(closed: true)),
            ("loss", loss()), ("own-kinds", ownKinds()),
        ]
    }

    private static func loss() -> Specimen {
        var forge = Forge(seed: 4)
        for _ in 0..<5 { forge.randomCall() }
        let first = UInt64(forge.count + 1)
        forge.lose(7)
        forge.own(
            RecordKind.loss,
            Loss(count: 7, first: first, last: first + 6, reason: 1, byClass: [5, 2, 0]).encoded())
        for _ in 0..<5 { forge.randomCall() }
        return forge.specimen(closed: true)
    }

    private static func ownKinds() -> Specimen {
        var forge = Forge(seed: 5)
        forge.call(RecordKind.namedCall, [Array(":NEW:COMMAND:".utf8), Array("1".utf8)])
        forge.call(
            RecordKind.namedCall, [Array("fps".utf8)], flags: RecordFlags.stringForm)
        forge.own(
            RecordKind.clockAnchor,
            ClockAnchor(wall: 1_750_000_000_000_000_000, monotonic: 5, utcOffset: -3600).encoded())
        // A kind that nobody knows yet is passed over.
        forge.own(9, [1, 2, 3])
        forge.call(81, [[0xFF, 0xFE], [], Array("text".utf8)])
        return forge.specimen(closed: true)
    }

    /// Writes the logs and, beside each, a line for each record.
    public static func write(to folder: String) throws {
        for (name, specimen) in logs {
            let log = Paths.join(folder, name)
            Disk.remove(log)
            try specimen.write(to: log)
            try Disk.write(log + ".txt", try listing(log))
        }
    }

    /// Every record of a log as text: sequence, time, kind, flags, fields, payload.
    static func listing(_ log: String) throws -> [UInt8] {
        var reader = try LogReader(path: log)
        var text = ""
        let report = reader.check { (record: borrowing Record, anchor) throws(Never) in
            var hex = ""
            for index in record.payload.indices {
                let digits = String(record.payload[index], radix: 16)
                hex += digits.count == 1 ? "0" + digits : digits
            }
            text += "\(record.sequence) \(anchor.wallTime(of: record.monotonic)) \(record.kind)"
            text += " \(record.flags) \(record.count) \(hex)\n"
        }
        text += "\(report.verdict)\n"
        return Array(text.utf8)
    }
}

extension Rows {
    static let golden = Row(18, "golden logs; unknown compatible and incompatible flags") { trial in
        if let folder = trial.settings.golden {
            for (name, _) in Golden.logs {
                let log = Paths.join(folder, name)
                guard let wanted = try? Disk.read(log + ".txt") else {
                    trial.fail("no golden log \(name) in \(folder)")
                    continue
                }
                trial.check(
                    try Golden.listing(log) == wanted ? nil : "reads otherwise",
                    "golden log \(name)")
            }
        } else {
            trial.skip("no golden logs here")
        }
        let scratch = try Scratch()
        for bit in 0..<32 {
            trial.check(try flag(scratch, bit, isCompatible: true), "compatible flag \(bit)")
            trial.check(try flag(scratch, bit, isCompatible: false), "incompatible flag \(bit)")
        }
    }

    /// A log whose headers carry one flag that this version does not know.
    private static func flag(_ scratch: Scratch, _ bit: Int, isCompatible: Bool) throws -> String? {
        var forge = Forge(
            seed: UInt64(bit), compatible: isCompatible ? 1 << UInt32(bit) : 0,
            incompatible: isCompatible ? 0 : 1 << UInt32(bit))
        for _ in 0..<10 { forge.randomCall() }
        let specimen = forge.specimen(closed: false)
        let folder = try place(specimen, scratch, "flag-\(bit)-\(isCompatible)")
        let reading = Reading(folder, specimen)
        if let problem = reading.problem { return problem }
        if isCompatible {
            return reading.lost.isEmpty && reading.verdict == .clean ? nil : "\(reading.verdict)"
        }
        guard case .foreign(.newerFormat(1, 1 << UInt32(bit))) = reading.verdict, reading.count == 0
        else { return "\(reading.verdict), \(reading.count) records" }
        let before = try Disk.contents(folder)
        do throws(LogError) { _ = try Recovery.run(folder) } catch { return error.text }
        let after = try Disk.contents(folder).filter { $0.name != LogNames.lock }
        return before.map(\.bytes) == after.map(\.bytes) ? nil : "recovery changed a newer log"
    }
}
