// Whatever the bytes: the decoder never traps, and what it hands out keeps its promises.

import Mission
import Testing
import Values
import WAL

/// Every call of the tables, with the raw bytes of its arguments.
private let allCalls: [(String, [UInt8])] = allRows.flatMap(\.calls).map { line in
    let fields = fields(line)
    return (fields[0], fields.dropFirst().map { Array($0.utf8) + [0] }.flatMap { $0 })
}

/// A recording in which everything that the tables' calls name was created.
private func recording() -> CallList {
    var calls = CallList([start])
    for create in [
        #":SOLDIER:CREATE: | 1 | 0 | "M" | "A" | "WEST" | 1 | "" | "" | "" | "7" | "[]""#,
        #":SOLDIER:CREATE: | 1 | 1 | "Y" | "B" | "EAST" | 0 | "" | "" | "" | "" | "[]""#,
        #":VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[]" | "WEST""#,
        #":PLACED:CREATE: | 2 | 3 | "A" | "B" | "2040.5,3030,11" | 0 | "WEST" | "put" | "x""#,
    ] {
        let fields = fields(create)
        calls.add(fields[0], Array(fields.dropFirst()))
    }
    return calls
}

extension CallList {
    /// Adds a call with these raw bytes and this many arguments, as its record says.
    fileprivate mutating func add(raw arguments: [UInt8], _ name: String, count: Int) {
        calls.append(
            TestCall(
                sequence: UInt64(calls.count + 1), time: 0, name: name, arguments: arguments,
                argumentCount: count))
    }
}

private func check(_ calls: CallList, _ mode: Mode) {
    let decoded = decode(calls, mode: mode, keepsLines: false)
    for event in decoded.recordings.flatMap(\.events) { expectFinite(event) }
}

private func expectFinite(_ event: MissionEvent) {
    func finite(_ position: Position) -> Bool {
        position.x.isFinite && position.y.isFinite && position.z.isFinite
    }
    switch event {
    case .soldierState(let state):
        #expect(finite(state.position))
        #expect(state.frame <= 1_000_000)
    case .vehicleState(let state):
        #expect(finite(state.position))
        #expect(state.fuel.isFinite && state.damage.isFinite)
        #expect(state.turretAzimuth.isFinite && state.turretElevation.isFinite)
    case .projectile(let shot):
        #expect(shot.firedTime.isFinite)
        for point in shot.trajectory { #expect(finite(point.position) && point.tick.isFinite) }
        for hit in shot.hits { #expect(finite(hit.position)) }
    case .markerCreated(let marker):
        #expect(finite(marker.position) && marker.alpha.isFinite && marker.direction.isFinite)
        for point in marker.polyline { #expect(finite(point)) }
    case .markerState(let state):
        #expect(finite(state.position) && state.alpha.isFinite && state.direction.isFinite)
    case .killed(let kill): #expect(kill.distance.isFinite)
    case .timeState(let time):
        #expect(time.timeMultiplier.isFinite && time.missionTime.isFinite)
    case .telemetry(let telemetry):
        #expect(telemetry.sides.count == 8 && telemetry.global.count == 8)
        #expect(telemetry.scripts.count == 5 && telemetry.weather.count == 12)
        for value in telemetry.weather { #expect(value.isFinite) }
    default: break
    }
}

/// The first call of each command in the tables: long enough for every argument of it.
private let samples: [(String, [UInt8])] = {
    var longest: [String: [UInt8]] = [:]
    for (name, arguments) in allCalls {
        let known = longest[name]?.count ?? -1
        if arguments.count > known, arguments.count < 500 { longest[name] = arguments }
    }
    return longest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
}()

@Test(arguments: [Mode.standard, .strict])
func noTruncatedCallMakesTheDecoderTrap(mode: Mode) {
    for (name, arguments) in samples {
        var calls = recording()
        for length in 0...arguments.count {
            let cut = Array(arguments.prefix(length))
            calls.add(raw: cut, name, count: cut.filter { $0 == 0 }.count)
            // As a record with a wrong count would give it.
            calls.add(raw: cut, name, count: 20)
        }
        check(calls, mode)
    }
}

@Test(arguments: [Mode.standard, .strict])
func noFlippedBitMakesTheDecoderTrap(mode: Mode) {
    for (name, arguments) in samples {
        var calls = recording()
        for index in arguments.indices {
            for bit in 0..<8 {
                var flipped = arguments
                flipped[index] ^= 1 << UInt8(bit)
                calls.add(raw: flipped, name, count: flipped.filter { $0 == 0 }.count)
            }
        }
        check(calls, mode)
    }
}

@Test func twoThousandArgumentsAndAMegabyteAreRead() {
    var calls = CallList([start])
    calls.add(
        ":EVENT:GENERAL:",
        ["1", "\"e\"", "\"\(String(repeating: "x", count: 1 << 20))\"", "\"{}\""]
            + Array(repeating: "0", count: 2044))
    let decoded = decode(calls)
    #expect(decoded.rejectLines == [])
    #expect(decoded.lines.first?.utf8.count ?? 0 > 1 << 20)
}

@Test func invalidUTF8IsMendedWhereverItStands() {
    var calls = CallList([start])
    calls.add(
        ":EVENT:GENERAL:",
        bytes: [[0x31], [0x22, 0x61, 0xFF, 0x22], [0xC3], Array("\"{}\"".utf8)])
    let decoded = decode(calls)
    #expect(decoded.lines == ["general 1 ‹a\u{FFFD}› ‹\u{FFFD}› ‹{}›"])
}

@Test func aTextHasOneNumberAndItsBytes() {
    var table = TextTable()
    var numbers: [String: Text] = [:]
    for index in 0..<5000 {
        let text = "Имя \(index % 2500) \"x\""
        let bytes = Array(text.utf8)
        let number = table.intern(bytes.span)
        if let known = numbers[text] { #expect(known == number) }
        numbers[text] = number
    }
    #expect(table.count == 2501)
    for (text, number) in numbers {
        let string = table.string(number)
        #expect(string == text)
    }
    let empty: [UInt8] = []
    let number = table.intern(empty.span)
    #expect(number == .empty)
    let broken: [UInt8] = [0x61, 0xFF]
    let mended = Array("a\u{FFFD}".utf8)
    let first = table.intern(broken.span)
    let second = table.intern(mended.span)
    #expect(first == second)
    #expect(table.count == 2502)
}
