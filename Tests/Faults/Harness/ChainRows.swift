// Row 13: what people do to the files of a log: delete, empty, cut, rename, swap, copy over, mix in
// another log's. Missing, duplicated, renamed and swapped segments are named from the chain.

import CPlatform
import Segments
import WAL

/// What is done to one file.
private enum Mistake: CaseIterable {
    case delete
    case empty
    case half
    case stub
    case stranger
    case noise
    case textCopy
    case moved
    case copied
}

/// A chain of segments with mistakes in it.
private struct MistakenChain {
    let specimen: Specimen
    let stranger: Specimen
    let folder: String
    /// Segments whose own records are gone, as a whole or from an offset on.
    var goneFrom: [Int: Int] = [:]
    /// What the report must name: kinds with segment numbers.
    var named: [(kinds: [Damage.Kind], number: UInt32)] = []
    var hasForeign = false

    init(_ specimen: Specimen, _ stranger: Specimen, _ folder: String) throws {
        self.specimen = specimen
        self.stranger = stranger
        self.folder = folder
        Disk.remove(folder)
        try specimen.write(to: folder)
    }

    func path(_ segment: Int) -> String {
        Paths.join(folder, LogNames.segment(UInt32(segment + 1)))
    }

    mutating func make(_ mistake: Mistake, _ segment: Int) throws {
        let number = UInt32(segment + 1)
        let bytes = specimen.segments[segment]
        switch mistake {
        case .delete:
            Disk.remove(path(segment))
            goneFrom[segment] = 0
            named.append(([.missingSegment], number))
        case .empty:
            try Disk.write(path(segment), [])
            goneFrom[segment] = 0
            named.append(([.missingSegment, .shortFile], number))
        case .half:
            try Disk.write(path(segment), Array(bytes.prefix(bytes.count / 2)))
            goneFrom[segment] = bytes.count / 2
            // Cut by chance where 64 bytes are left it looks like a damaged footer.
            named.append(([.shortFile, .footer], number))
        case .stub:
            try Disk.write(path(segment), Array(bytes.prefix(100)))
            goneFrom[segment] = 0
            named.append(([.shortFile], number))
        case .stranger:
            try Disk.write(path(segment), stranger.segments[segment])
            goneFrom[segment] = 0
            hasForeign = true
            named.append(([.missingSegment], number))
        case .noise:
            var random = Random(seed: UInt64(segment))
            try Disk.write(path(segment), random.bytes(bytes.count))
            goneFrom[segment] = 0
            hasForeign = true
            named.append(([.missingSegment, .header], number))
        case .textCopy:
            try Disk.write(path(segment), bytes.flatMap { $0 == 10 ? [13, 10] : [$0] })
            goneFrom[segment] = 0
            hasForeign = true
            named.append(([.missingSegment], number))
        case .moved:
            let there = Paths.join(folder, LogNames.segment(number + 20))
            _ = unsafe bb_path_rename(path(segment), there)
            named.append(([.renamedSegment], number))
        case .copied:
            try Disk.write(Paths.join(folder, LogNames.segment(number + 20)), bytes)
            named.append(([.duplicateSegment], number))
        }
    }

    mutating func swap(_ a: Int, _ b: Int) throws {
        try Disk.write(path(a), specimen.segments[b])
        try Disk.write(path(b), specimen.segments[a])
        named.append(([.renamedSegment], UInt32(a + 1)))
        named.append(([.renamedSegment], UInt32(b + 1)))
    }

    mutating func copy(_ a: Int, over b: Int) throws {
        try Disk.write(path(b), specimen.segments[a])
        goneFrom[b] = 0
        named.append(([.duplicateSegment], UInt32(a + 1)))
        named.append(([.missingSegment], UInt32(b + 1)))
    }

    /// Nil when the log holds.
    func judge() throws -> String? {
        let before = try Disk.contents(folder)
        let reading = Reading(folder, specimen)
        if let error = reading.error { return "not opened: \(error.text)" }
        if let problem = reading.problem { return problem }
        let expected = Set(
            specimen.truth.filter { $0.end > goneFrom[$0.segment] ?? Int.max }.map { $0.sequence })
        guard reading.lost == expected else {
            return "lost \(reading.lost.count) records, made \(expected.count), \(reading.verdict)"
        }
        guard reading.verdict.isDamaged || (hasForeign && reading.verdict.isForeign) else {
            return "mistaken, but \(reading.verdict)"
        }
        let damages = reading.report?.damages ?? []
        for (kinds, number) in named
        where !isBeyondKnowing(number)
            && !damages.contains(where: { kinds.contains($0.kind) && $0.segment == number })
        {
            return "\(kinds) of segment \(number) is not told: \(damages)"
        }
        let told = reading.reportedMissing
        guard told.isSubset(of: expected) else { return "there and told as missing" }
        let last = specimen.segments.count - 1
        if goneFrom[last] == nil, told != expected {
            return "missing \(expected.count), told \(told.count)"
        }
        return try recover(before)
    }

    /// The last segment and the one before it are both gone: nothing is left that could tell of it.
    private func isBeyondKnowing(_ number: UInt32) -> Bool {
        let last = specimen.segments.count - 1
        return Int(number) == last + 1 && goneFrom[last] != nil && goneFrom[last - 1] != nil
    }

    /// Recovery changes nothing of a damaged log.
    private func recover(_ before: [(name: String, bytes: [UInt8])]) throws -> String? {
        do throws(LogError) { _ = try Recovery.run(folder) } catch {
            return "recovery: \(error.text)"
        }
        let after = try Disk.contents(folder).filter { $0.name != LogNames.lock }
        guard after.map(\.name) == before.map(\.name) else { return "recovery changed the files" }
        for (old, new) in zip(before, after) where old.bytes != new.bytes {
            return "recovery changed \(old.name)"
        }
        return nil
    }
}

extension Rows {
    static let chain = Row(13, "one- and two-file mistakes in a chain of 8 segments") { trial in
        let scratch = try Scratch()
        let count = 8
        let specimen = Specimens.chain(seed: trial.seed, segments: count)
        let stranger = Specimens.chain(seed: trial.seed ^ 1, segments: count)
        let folder = scratch.path + "/chain"
        var number = 0
        let step = trial.scale == .full ? 1 : 17
        func attempt(_ name: String, _ make: (inout MistakenChain) throws -> Void) throws {
            number += 1
            guard number % step == 0 || name.hasPrefix("one") else { return }
            var chain = try MistakenChain(specimen, stranger, folder)
            try make(&chain)
            trial.guardAgainstHang()
            trial.check(try chain.judge(), name)
        }
        for a in 0..<count {
            for mistake in Mistake.allCases {
                try attempt("one, \(mistake) \(a + 1)") { try $0.make(mistake, a) }
            }
            for b in 0..<count where b != a {
                try attempt("copy \(a + 1) over \(b + 1)") { try $0.copy(a, over: b) }
                guard b > a else { continue }
                try attempt("swap \(a + 1) and \(b + 1)") { try $0.swap(a, b) }
                for first in Mistake.allCases {
                    for second in Mistake.allCases {
                        try attempt("\(first) \(a + 1), \(second) \(b + 1)") {
                            try $0.make(first, a)
                            try $0.make(second, b)
                        }
                    }
                }
            }
        }
        trial.check(try wholeChain(specimen, folder), "the chain without a mistake")
    }

    private static func wholeChain(_ specimen: Specimen, _ folder: String) throws -> String? {
        Disk.remove(folder)
        try specimen.write(to: folder)
        let reading = Reading(folder, specimen)
        return reading.lost.isEmpty && reading.verdict == .clean && reading.problem == nil
            ? nil : "\(reading.verdict)"
    }
}
