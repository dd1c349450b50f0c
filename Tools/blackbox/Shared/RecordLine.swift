// A record as one line: JSON for programs (the fields are a promise, see docs/commands.md), or
// fields with tabs between for people.

import Values
import WAL

/// Makes the lines of one log.
struct RecordLine {
    /// The log's id in hexadecimal.
    let log: String
    let isJSON: Bool

    func line(of call: borrowing Call) -> [UInt8] {
        isJSON ? json(call) : text(call)
    }

    func line(of record: borrowing OtherRecord) -> [UInt8] {
        isJSON ? json(record) : text(record)
    }

    // MARK: JSON

    private func begin(sequence: UInt64, time: Int64, kind: String) -> JSONLine {
        var line = JSONLine()
        line.add("log", log)
        line.add("sequence", sequence)
        line.add("time", Words.instant(time))
        line.add("kind", kind)
        return line
    }

    private func json(_ call: borrowing Call) -> [UInt8] {
        var line = begin(sequence: call.sequence, time: call.time, kind: "call")
        line.add("command", text: call.name)
        if !UTF8Text.isValid(call.name) { line.add("commandHex", json: quoted(hexText(call.name))) }
        line.add("form", call.form == .array ? "array" : "string")
        var texts: [UInt8] = [UInt8(ascii: "[")]
        var isClean = true
        forEachArgument(of: call) { index, argument in
            if index > 0 { texts.append(UInt8(ascii: ",")) }
            texts.appendJSONString(argument)
            isClean = isClean && UTF8Text.isValid(argument)
        }
        texts.append(UInt8(ascii: "]"))
        line.add("arguments", json: texts)
        if !isClean {
            var hex: [UInt8] = [UInt8(ascii: "[")]
            forEachArgument(of: call) { index, argument in
                if index > 0 { hex.append(UInt8(ascii: ",")) }
                hex += quoted(hexText(argument))
            }
            hex.append(UInt8(ascii: "]"))
            line.add("argumentsHex", json: hex)
        }
        return line.line
    }

    private func json(_ record: borrowing OtherRecord) -> [UInt8] {
        var line = begin(
            sequence: record.sequence, time: record.time, kind: Self.kindName(record.kind))
        switch record.kind {
        case RecordKind.loss:
            guard let loss = Loss.decode(record.payload) else { break }
            line.add("count", loss.count)
            line.add("first", loss.first)
            line.add("last", loss.last)
            line.add("reason", LossText.name(loss.reason))
        case RecordKind.decision:
            let text = record.payload.array.filter { $0 != 0 }
            if JSONValue.isValid(text.span) { line.add("decision", json: text) }
        case RecordKind.clockAnchor:
            guard let anchor = ClockAnchor.decode(record.payload) else { break }
            line.add("wall", Words.instant(anchor.wall))
            line.add("utcOffset", anchor.utcOffset)
        default: break
        }
        return line.line
    }

    private func quoted(_ digits: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "\"")] + digits + [UInt8(ascii: "\"")]
    }

    static func kindName(_ kind: UInt16) -> String {
        switch kind {
        case RecordKind.dictionary: "dictionary"
        case RecordKind.clockAnchor: "clock-anchor"
        case RecordKind.loss: "loss"
        case RecordKind.missionStart: "mission-start"
        case RecordKind.missionSave: "mission-save"
        case RecordKind.decision: "decision"
        case RecordKind.icomEvent: "icom-event"
        default: "kind-\(kind)"
        }
    }

    // MARK: text

    private func begin(sequence: UInt64, time: Int64) -> [UInt8] {
        var line: [UInt8] = []
        line.append(contentsOf: "\(sequence)\t\(Words.instant(time))\t".utf8)
        return line
    }

    private func text(_ call: borrowing Call) -> [UInt8] {
        var line = begin(sequence: call.sequence, time: call.time)
        if call.form == .string { line.append(UInt8(ascii: "!")) }
        Self.append(call.name, to: &line)
        forEachArgument(of: call) { _, argument in
            line.append(UInt8(ascii: "\t"))
            Self.append(argument, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func text(_ record: borrowing OtherRecord) -> [UInt8] {
        var line = begin(sequence: record.sequence, time: record.time)
        line.append(contentsOf: "# \(Self.kindName(record.kind))".utf8)
        if record.kind == RecordKind.loss, let loss = Loss.decode(record.payload) {
            line.append(contentsOf: ": \(LossText.sentence(loss))".utf8)
        }
        if record.kind == RecordKind.decision {
            line.append(contentsOf: ": ".utf8)
            line += record.payload.array.filter { $0 >= 0x20 }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// As in a stream of calls (docs/formats/stream.md).
    private static func append(_ field: Span<UInt8>, to line: inout [UInt8]) {
        for index in field.indices {
            switch field[index] {
            case UInt8(ascii: "\t"): line.append(contentsOf: "\\t".utf8)
            case UInt8(ascii: "\n"): line.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): line.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\\"): line.append(contentsOf: "\\\\".utf8)
            case let byte: line.append(byte)
            }
        }
    }
}

/// Hands out the arguments of a call, one after another.
func forEachArgument(
    of call: borrowing Call, _ body: (_ index: Int, _ argument: Span<UInt8>) -> Void
) {
    let bytes = call.arguments
    var from = 0
    for index in 0..<call.argumentCount {
        var end = from
        while end < bytes.count && bytes[end] != 0 { end += 1 }
        body(index, bytes.extracting(from..<end))
        from = min(end + 1, bytes.count)
    }
}

/// Losses in words.
enum LossText {
    static func name(_ reason: UInt32) -> String {
        switch LossReason(rawValue: reason) {
        case .noSpace: "no-space"
        case .outrun: "outrun"
        case .tooLarge: "too-large"
        case .mapping: "mapping"
        case nil: "reason-\(reason)"
        }
    }

    static func sentence(_ loss: Loss) -> String {
        let why =
            switch LossReason(rawValue: loss.reason) {
            case .noSpace: "the disk was full"
            case .outrun: "the game was faster than the disk"
            case .tooLarge: "larger than a segment holds"
            case .mapping: "the file was cut short, or the disk failed"
            case nil: "reason \(loss.reason)"
            }
        let unitStates = loss.byClass.first ?? 0
        return Words.count(loss.count, "call") + " could not be kept (\(why)), "
            + Words.count(unitStates) + " of them unit states"
    }
}
