// From records to calls: the log's dictionary gives kinds their names.

import Values
import WAL

/// Turns records into calls with the help of the log's dictionary.
public struct CallDecoder {
    private var dictionary = CommandDictionary()

    /// A decoder at the start of a log.
    public init() {}

    /// Takes in the next record: hands its call to `body` when it is one with a sequence number from
    /// `first` on, learns names from it when it is a dictionary.
    public mutating func read<Failure: Error>(
        _ record: borrowing Record, _ anchor: ClockAnchor, from first: UInt64,
        _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        if record.kind == RecordKind.dictionary {
            dictionary.clear()
            dictionary.read(record.payload)
            return
        }
        guard record.isCall, record.sequence >= first else { return }
        let payload = record.payload
        let time = anchor.wallTime(of: record.monotonic)
        let isString = record.flags & RecordFlags.stringForm != 0
        if isString || record.kind == RecordKind.namedCall {
            // The first field is the name, or the whole text.
            let end = payload.firstZero(from: 0) ?? payload.count
            let name = payload.extracting(0..<end)
            let rest = payload.extracting(min(end + 1, payload.count)..<payload.count)
            let place = isString ? dictionary.place(of: record.kind) : nil
            try body(
                Call(
                    sequence: record.sequence, time: time,
                    command: place.flatMap { dictionary.command(at: $0) },
                    form: isString ? .string : .array, name: name,
                    argumentCount: isString ? 0 : max(0, record.count - 1), arguments: rest))
            return
        }
        let place = dictionary.place(of: record.kind)
        let command = place.map { dictionary.command(at: $0) } ?? Command(rawValue: record.kind)
        if let place {
            try body(
                Call(
                    sequence: record.sequence, time: time, command: command, form: .array,
                    name: dictionary.name(at: place), argumentCount: record.count,
                    arguments: payload))
        } else {
            // The dictionary is lost to damage: the number alone still tells the command.
            let name = Array((command.map { Self.text($0.name) } ?? "#" + String(record.kind)).utf8)
            try body(
                Call(
                    sequence: record.sequence, time: time, command: command, form: .array,
                    name: name.span, argumentCount: record.count, arguments: payload))
        }
    }

    private static func text(_ name: StaticString) -> String { name.description }
}

extension Span<UInt8> {
    /// Index of the first zero byte.
    func firstZero(from start: Int) -> Int? {
        for index in start..<count where self[index] == 0 { return index }
        return nil
    }
}
