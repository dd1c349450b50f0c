// The array `events`: everything that happened, sorted, each with the shape its kind has.

import Mission
import Values

extension ReplayWriter {
    mutating func writeEvents(
        to document: inout Document, end: RecordingEnd, texts: borrowing TextTable
    ) throws(ReplayError) {
        var isFirst = true
        var lastFrame = max(Int(highestFrame) - 1, 0)
        let isFiveElements = options.isOldViewerCaptured ?? (mode == .standard)
        let count = entityCount
        let mode = mode
        let path = folderPath
        try sorter.drain(store: &store) { (key, record) throws(ReplayError) in
            var cursor = ByteCursor(record)
            lastFrame = max(lastFrame, key.frame.shown(mode))
            var event = EventForm(
                frame: key.frame.shown(mode), mode: mode, isFiveElements: isFiveElements)
            let isWritten: Bool
            switch EventGroup(rawValue: key.group) {
            case .general: isWritten = event.general(&cursor, texts)
            case .sector: isWritten = event.sector(&cursor, texts)
            case .endMission: isWritten = event.endMission(&cursor, texts)
            case .kill: isWritten = event.kill(&cursor, texts, entityCount: count)
            case .placedHit, .projectileHit:
                isWritten = event.hit(&cursor, texts, entityCount: count)
            case nil: throw .spillDamaged(path: path)
            }
            guard cursor.isValid else { throw .spillDamaged(path: path) }
            if isWritten {
                document.window.appendComma(&isFirst)
                document.window.append(contentsOf: event.bytes)
                try document.passOn()
            }
        }
        // Whoever plays it shall see why it stops. The reference has no replay then.
        if end == .logEnded, mode == .standard {
            document.window.appendComma(&isFirst)
            document.window.append(UInt8(ascii: "["))
            document.window.appendDecimal(lastFrame)
            document.window.append(contentsOf: Self.unsavedEnd)
        }
    }
}

extension ReplayWriter {
    /// The last event of a recording that the log breaks off in.
    private static var unsavedEnd: StaticString {
        ",\"generalEvent\",\"Recording ends here: the mission was not saved\"]"
    }
}

/// One event while it is put together.
private struct EventForm {
    let mode: Mode
    let isFiveElements: Bool
    /// `[frame,` and what follows.
    var bytes: [UInt8] = []

    init(frame: Int, mode: Mode, isFiveElements: Bool) {
        self.mode = mode
        self.isFiveElements = isFiveElements
        bytes.append(UInt8(ascii: "["))
        bytes.appendDecimal(frame)
        bytes.append(UInt8(ascii: ","))
    }

    // MARK: General events

    mutating func general(_ cursor: inout ByteCursor, _ texts: borrowing TextTable) -> Bool {
        let nameText = cursor.text()
        let messageText = cursor.text()
        let name = texts.bytes(of: nameText)
        let message = texts.bytes(of: messageText)
        let value = isPlain(name) ? nil : Self.json(message)
        let isMisleading = mode == .standard && Self.isMisleading(name, value)
        if isMisleading {
            bytes.append(contentsOf: "\"generalEvent\"")
        } else {
            bytes.appendText(name)
        }
        bytes.append(UInt8(ascii: ","))
        if mode == .standard && name.elementsEqual("endMission") {
            appendEndMission(value, message)
        } else if isFiveElements && name.elementsEqual("captured"),
            case .array(let values) = value, values.count == 4, case .array = values[3]
        {
            bytes.appendRewritten(
                .array([values[0], values[1], values[2], .string([]), values[3]]))
        } else if let value, !isMisleading {
            bytes.appendRewritten(value)
        } else {
            bytes.appendText(message)
        }
        bytes.append(UInt8(ascii: "]"))
        return true
    }

    /// Names and sentences of people, which are never taken for JSON: a player may be called `[1]`.
    private func isPlain(_ name: Span<UInt8>) -> Bool {
        mode == .standard
            && (name.elementsEqual("connected") || name.elementsEqual("disconnected")
                || name.elementsEqual("generalEvent"))
    }

    /// A script's event of a name that viewers read as a kill, a hit or a captured sector, without what they
    /// look for there: old ones refuse the whole file. Its message is shown as a text.
    private static func isMisleading(_ name: Span<UInt8>, _ value: JSONValue?) -> Bool {
        if name.elementsEqual("killed") || name.elementsEqual("hit") { return true }
        guard name.elementsEqual("captured") else { return false }
        guard case .array(let values) = value, values.count >= 4 else { return true }
        switch values[3] {
        case .string: return false
        case .array: return values.count > 4
        default: return true
        }
    }

    /// The value, when the text is a JSON array or object whose numbers can all be written.
    private static func json(_ text: Span<UInt8>) -> JSONValue? {
        guard text.count > 0, text[0] == UInt8(ascii: "[") || text[0] == UInt8(ascii: "{"),
            let value = try? JSONValue.parse(text), value.isFinite
        else { return nil }
        return value
    }

    /// From old addons the end comes as a general event, often as a bare text: viewers want
    /// `[side,message]`.
    private mutating func appendEndMission(_ value: JSONValue?, _ message: Span<UInt8>) {
        if let value, case .array(let values) = value, values.count >= 2 {
            bytes.appendRewritten(value)
        } else {
            bytes.append(contentsOf: "[\"\",")
            bytes.appendText(message)
            bytes.append(UInt8(ascii: "]"))
        }
    }

    // MARK: Sectors and the end

    mutating func sector(_ cursor: inout ByteCursor, _ texts: borrowing TextTable) -> Bool {
        let nameText = cursor.text()
        let name = texts.bytes(of: nameText)
        bytes.appendText(name)
        bytes.append(contentsOf: ",[")
        for _ in 0..<3 {
            bytes.appendText(texts.bytes(of: cursor.text()))
            bytes.append(UInt8(ascii: ","))
        }
        if isFiveElements && name.elementsEqual("captured") { bytes.append(contentsOf: "\"\",") }
        bytes.appendPosition(cursor.position())
        bytes.append(contentsOf: "]]")
        return true
    }

    mutating func endMission(_ cursor: inout ByteCursor, _ texts: borrowing TextTable) -> Bool {
        bytes.append(contentsOf: "\"endMission\",[")
        bytes.appendText(texts.bytes(of: cursor.text()))
        bytes.append(UInt8(ascii: ","))
        bytes.appendText(texts.bytes(of: cursor.text()))
        bytes.append(contentsOf: "]]")
        return true
    }

    // MARK: Kills and hits

    mutating func kill(
        _ cursor: inout ByteCursor, _ texts: borrowing TextTable, entityCount: Int
    ) -> Bool {
        bytes.append(contentsOf: "\"killed\",")
        appendFight(&cursor, texts, entityCount: entityCount)
        // Without any entity even the 0 for "unknown" points nowhere.
        return mode == .strict || entityCount > 0
    }

    mutating func hit(
        _ cursor: inout ByteCursor, _ texts: borrowing TextTable, entityCount: Int
    ) -> Bool {
        bytes.append(contentsOf: "\"hit\",")
        let victim = appendFight(&cursor, texts, entityCount: entityCount)
        return mode == .strict || victim < entityCount
    }

    /// `victim,[shooter,"weapon [magazine]"],distance]`; returns the victim.
    @discardableResult
    private mutating func appendFight(
        _ cursor: inout ByteCursor, _ texts: borrowing TextTable, entityCount: Int
    ) -> Int {
        let victim = Int(truncatingIfNeeded: cursor.varint())
        let shooter = Int(truncatingIfNeeded: cursor.varint())
        let weapon = cursor.text()
        let magazine = cursor.text()
        bytes.appendDecimal(victim)
        bytes.append(contentsOf: ",[")
        // An id beyond the array of entities makes the old viewer refuse the file.
        bytes.appendDecimal(mode == .strict || shooter < entityCount ? shooter : 0)
        bytes.append(UInt8(ascii: ","))
        var text = texts.bytes(of: weapon).array
        if !magazine.isEmpty {
            text.append(contentsOf: " [")
            text.append(contentsOf: texts.bytes(of: magazine))
            text.append(UInt8(ascii: "]"))
        }
        bytes.appendText(text.span)
        bytes.append(contentsOf: "],")
        bytes.appendNumber(Float(bitPattern: cursor.number(UInt32.self)))
        bytes.append(UInt8(ascii: "]"))
        return victim
    }
}
