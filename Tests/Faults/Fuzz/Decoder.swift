// The decoders that are fuzzed: a line each. What each must keep is checked here: a failed check ends the
// process, as a trap does.

import CPlatform
import FaultHarness
import Segments
import Values
import WAL

/// A decoder and how an input is given to it.
struct Decoder: Sendable {
    let name: String
    let body: @Sendable ([UInt8]) -> Void

    static let all: [Decoder] = [
        Decoder(name: "segment") { segment($0) }, Decoder(name: "repair") { repair($0) },
        Decoder(name: "records") { records($0) },
        Decoder(name: "tail") { tail($0) }, Decoder(name: "log") { log($0) },
        Decoder(name: "cursor") { cursor($0) }, Decoder(name: "sqf") { literal($0, .sqf) },
        Decoder(name: "json") { json($0) }, Decoder(name: "mission") { MissionCalls.decode($0) },
        Decoder(name: "game") { Game.call($0) },
        Decoder(name: "configuration") { Game.configure($0) },
        Decoder(name: "replay") { MissionCalls.replay($0) },
        Decoder(name: "group") { Archives.group($0) },
        Decoder(name: "frame") { HubFrames.read($0) },
    ]

    static func named(_ name: String) -> Decoder? { all.first { $0.name == name } }

    /// A promise of a decoder.
    static func hold(_ holds: Bool, _ promise: StaticString) {
        if !holds { fatalError("broken: \(promise)") }
    }

    /// A segment's header page and the records behind it. Behind a page that can't be read they are
    /// read under the header of a made log, so that inputs get further than the page's CRC.
    private static func segment(_ input: [UInt8]) {
        // A file without a whole page is never scanned.
        guard input.count >= SegmentLayout.headerSize else { return }
        unsafe input.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            let bytes = unsafe RawBytes(base: base, count: buffer.count)
            if case .header(let found) = unsafe SegmentHeader.decode(bytes) {
                unsafe scan(bytes, found)
            } else if let header = Self.header {
                unsafe scan(bytes, header)
            }
        }
    }

    private static let header: SegmentHeader? = {
        let page = Forge(seed: 1).specimen(closed: true).segments[0]
        return unsafe page.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                case .header(let header) = unsafe SegmentHeader.decode(
                    RawBytes(base: base, count: buffer.count))
            else { return nil }
            return header
        }
    }()

    /// A damaged header page: tried bit by bit, so a hundred times slower than the rest.
    private static func repair(_ input: [UInt8]) {
        unsafe input.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            let bytes = unsafe RawBytes(base: base, count: buffer.count)
            guard let found = unsafe SegmentHeader.repaired(bytes, number: 1, sibling: nil) else {
                return
            }
            unsafe scan(bytes, found.header)
        }
    }

    private static func scan(_ bytes: RawBytes, _ header: SegmentHeader) {
        var scan = unsafe SegmentScan(bytes, header: header)
        var decoder = CallDecoder()
        let anchor = ClockAnchor(wall: header.wall, monotonic: header.monotonic, utcOffset: 0)
        var last: UInt64 = 0
        scan.run { (record: borrowing Record) throws(Never) in
            hold(record.sequence > last, "sequence numbers rise")
            last = record.sequence
            decoder.read(record, anchor, from: 0) { (call: borrowing Call) throws(Never) in
                var zeros = 0
                for index in call.arguments.indices where call.arguments[index] == 0 { zeros += 1 }
                hold(zeros == call.argumentCount, "each argument ends in a NUL")
            }
            _ = Loss.decode(record.payload)
            _ = MissionMark.decode(record.payload)
        }
        unsafe hold(scan.findings.end <= bytes.count, "the end lies in the file")
    }

    /// Calls made of the input come back as they were; then the rest of the input is put over them.
    private static func records(_ input: [UInt8]) {
        guard input.count > 4 else { return }
        let calls = input.prefix(input.count / 2).split(separator: 0x0A).prefix(16)
        var forge = Forge(seed: UInt64(input[0]), capacity: 1 << 16)
        for call in calls {
            let fields = call.dropFirst().split(separator: 0x09, omittingEmptySubsequences: false)
            forge.call(
                [64, 65, 68, 81, 86, 97][Int(call.first ?? 0) % 6],
                fields.map { $0.map { $0 == 0 ? 1 : $0 } })
        }
        var bytes = forge.specimen(closed: input[1] & 1 == 0).segments[0]
        segment(bytes)
        for place in stride(from: input.count / 2, to: input.count - 2, by: 3) {
            let at = (Int(input[place]) << 8 | Int(input[place + 1])) % bytes.count
            bytes[at] = input[place + 2]
        }
        segment(bytes)
    }

    /// A tail file's bytes.
    private static func tail(_ input: [UInt8]) {
        unsafe input.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            let bytes = unsafe RawBytes(base: base, count: buffer.count)
            let salt = unsafe TailHeader.decode(bytes)?.salt ?? 0
            _ = unsafe Heartbeat.decode(bytes, salt: salt)
            var at = 0
            while at + TailEntry.headerSize <= input.count {
                if let entry = unsafe TailEntry.decode(bytes, at: at, salt: salt) {
                    unsafe hold(
                        at + TailEntry.headerSize + entry.byteCount <= bytes.count,
                        "an entry lies in its file")
                }
                at += 8
            }
        }
    }

    private static let folder: String = {
        let path = "/dev/shm/blackbox-fuzz-\(bb_process_id())"
        try? Paths.makeFolders(path)
        return path
    }()

    /// A folder with a segment and its tail file: opened, read, told, recovered.
    private static func log(_ input: [UInt8]) {
        // The first two bytes say where the segment ends and the tail file begins.
        guard input.count > 2 else { return }
        let cut = 2 + (Int(input[0]) << 8 | Int(input[1])) % (input.count - 1)
        for name in (try? Paths.names(in: folder)) ?? [] { Disk.remove(folder + "/" + name) }
        try? Disk.write(folder + "/000001.seg", Array(input[2..<max(2, cut)]))
        if cut < input.count { try? Disk.write(folder + "/000001.tail", Array(input[cut...])) }
        for salvage in [false, true] {
            guard var reader = try? LogReader(path: folder, salvage: salvage) else { continue }
            let report = reader.check()
            hold(report.errors.isEmpty, "what is in memory can be read")
        }
        _ = try? Recovery.run(folder)
    }

    /// A cursor's line.
    private static func cursor(_ input: [UInt8]) {
        let logID = [UInt8](repeating: 7, count: 16)
        let path = Cursor.path(folder, "fuzz")
        try? Disk.write(path, input)
        guard let cursor = Cursor.read(folder, "fuzz", logID: logID) else { return }
        // What was read is what would be written.
        try? cursor.write(folder)
        hold((try? Disk.read(path)) == input, "a cursor is read only as it is written")
    }

    /// An array's text as the game prints it.
    private static func literal(_ input: [UInt8], _ dialect: LiteralReader.Dialect) {
        var reader = LiteralReader(input.span, dialect: dialect)
        var depth = 0
        loop: while true {
            switch reader.next() {
            case .arrayStart: depth += 1
            case .arrayEnd: depth -= 1
            case .string(let range, _), .word(let range):
                hold(range.upperBound <= input.count, "a piece lies in the text")
            case .end, .malformed: break loop
            default: break
            }
            hold(depth >= 0 && depth <= LiteralReader.depthLimit, "the depth is bounded")
        }
        _ = ArgumentText.value(input.span)
        _ = ArgumentText.strictValue(input.span)
        if let number = NumberParser.scan(input.span) {
            hold(number.end <= input.count, "a number lies in the text")
        }
        _ = NumberParser.parseInteger(input.span)
    }

    /// A JSON text, and the objects that the addon sends as such.
    private static func json(_ input: [UInt8]) {
        let isValid = JSONValue.isValid(input.span)
        let parsed = try? JSONValue.parse(input.span)
        hold((parsed != nil) == isValid, "what is valid is parsed")
        literal(input, .json)
        _ = try? WorldInfo.parse(input.span)
        _ = try? MissionInfo.parse(input.span)
        var text: [UInt8] = []
        text.appendJSONString(input.span)
        hold(JSONValue.isValid(text.span), "a written text is valid")
    }
}
