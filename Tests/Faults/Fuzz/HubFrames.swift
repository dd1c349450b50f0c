// Lines between servers and their hub, in pieces as a network hands them over.

import ICOMWire
import Values

enum HubFrames {
    /// The first byte says how large the pieces are, the second one how long a line may be.
    static func read(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let limit = max(1, Int(input[1]) * 64)
        var assembler = LineAssembler(limitBytes: limit)
        let stream = input[2...]
        var at = stream.startIndex
        while at < stream.endIndex {
            let end = min(stream.endIndex, at + 1 + Int(input[0]))
            let piece = Array(stream[at..<end])
            assembler.feed(piece.span) { line in
                if let line { take(line, limit) }
                return true
            }
            at = end
        }
        assembler.finish { line in
            if let line { take(line, limit) }
            return true
        }
    }

    private static func take(_ line: Span<UInt8>, _ limit: Int) {
        Decoder.hold(line.count > 0 && line.count <= limit, "a line is within its limit")
        do throws(FrameError) {
            let frame = try Frame.parse(line)
            for field in FrameField.allCases {
                guard let range = frame.range(field) else { continue }
                Decoder.hold(range.upperBound <= line.count, "a field lies in its line")
                let value = line.extracting(range)
                Decoder.hold(JSONValue.isValid(value), "a field is whole JSON")
                _ = frame.text(field, in: line)
                _ = frame.texts(field, in: line)
                _ = frame.isTrue(field, in: line)
                if let name = frame.text(field, in: line) {
                    _ = ServerName.isValid(name)
                    _ = EventName.isValid(name.span)
                }
                if let place = OutboxPlace.parse(value) {
                    let again = OutboxPlace.parse(place.json.span)
                    Decoder.hold(again == place, "a place in an outbox is read as it is written")
                }
            }
        } catch {
            Decoder.hold(
                error.sentence.hasPrefix("Invalid JSON: "), "an error begins as promised")
        }
    }
}
