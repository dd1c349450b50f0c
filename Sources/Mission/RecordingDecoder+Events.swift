// Kills, messages, sectors, talk, clocks, ACE3, focus (docs/formats/commands.md, "Events").

import Values

extension RecordingDecoder {
    mutating func timeState(_ arguments: borrowing Arguments) throws(RejectReason) -> TimeState {
        try arguments.require(5)
        let frame = try frame(arguments, 0)
        let multiplier = try arguments.float(3, ifNotFinite: 1)
        let missionTime = try arguments.float(4)
        return TimeState(
            frame: frame, systemTimeUTC: text(arguments, 1), missionDate: text(arguments, 2),
            timeMultiplier: multiplier, missionTime: missionTime)
    }

    mutating func general(_ arguments: borrowing Arguments) throws(RejectReason) -> GeneralEvent {
        try arguments.require(3)
        let frame = try frame(arguments, 0)
        let extra = try extraData(arguments)
        return GeneralEvent(
            frame: frame, name: text(arguments, 1), message: text(arguments, 2), extraData: extra)
    }

    /// Any JSON; `{}` when there is none. The reference wants an object or null and else loses the
    /// event.
    private mutating func extraData(_ arguments: borrowing Arguments) throws(RejectReason) -> Text {
        let none: [UInt8] = [0x7B, 0x7D]
        guard arguments.count > 3 else { return texts.transient(none.span) }
        let text = transientText(arguments, 3)
        switch try? JSONValue.parse(texts.bytes(of: text)) {
        case .null: return texts.transient(none.span)
        case .object: return text
        case .some where !isStrict: return text
        default: break
        }
        if isStrict { throw .argument(index: 3, .notJSON) }
        if !text.isEmpty { notes.append(.replaced(argument: 3)) }
        return texts.transient(none.span)
    }

    mutating func sector(_ arguments: borrowing Arguments) throws(RejectReason) -> SectorEvent {
        try arguments.require(4)
        let frame = try frame(arguments, 0)
        var position: Position?
        if arguments.count >= 8 {
            // An unreleased addon sent a colour before the coordinates.
            let hasColor =
                !isStrict && arguments.count >= 9
                && NumberParser.parseOrNonFinite(arguments.bare(5)) == nil
            let first = hasColor ? 6 : 5
            position = Position(
                x: try coordinate(arguments, first), y: try coordinate(arguments, first + 1),
                z: try coordinate(arguments, first + 2))
        }
        return SectorEvent(
            frame: frame, name: text(arguments, 1), objectType: text(arguments, 2),
            unitName: text(arguments, 3), side: text(arguments, 4), position: position ?? .zero,
            hasPosition: position != nil)
    }

    private func coordinate(
        _ arguments: borrowing Arguments, _ index: Int
    ) throws(RejectReason) -> Double {
        let value = try arguments.number(index)
        return value.isFinite ? value : 0
    }

    mutating func endMission(_ arguments: borrowing Arguments) throws(RejectReason) -> EndMission {
        try arguments.require(3)
        return EndMission(
            frame: try frame(arguments, 0), side: text(arguments, 1), message: text(arguments, 2))
    }

    // MARK: Talk

    mutating func chat(_ arguments: borrowing Arguments) throws(RejectReason) -> ChatMessage {
        try arguments.require(7)
        let frame = try frame(arguments, 0)
        let sender = try sender(arguments, 1)
        let channel = try arguments.signed(2)
        return ChatMessage(
            frame: frame, sender: sender, channel: channel, channelName: channelName(channel),
            fromName: text(arguments, 3), senderName: text(arguments, 4),
            message: text(arguments, 5), playerUID: text(arguments, 6))
    }

    mutating func radio(_ arguments: borrowing Arguments) throws(RejectReason) -> RadioTransmission
    {
        try arguments.require(9)
        let frame = try frame(arguments, 0)
        let sender = try sender(arguments, 1)
        let channel = try arguments.signed(5)
        let isAdditional = try arguments.boolean(6)
        let frequency = try arguments.float(7)
        return RadioTransmission(
            frame: frame, sender: sender, radio: text(arguments, 2),
            radioType: text(arguments, 3), startEnd: text(arguments, 4),
            channel: isStrict ? Int32(Int8(truncatingIfNeeded: channel)) : channel,
            isAdditional: isAdditional, frequency: frequency, code: text(arguments, 8))
    }

    /// Who speaks. What was said is kept even when the recording doesn't know the speaker; the
    /// reference drops it.
    private mutating func sender(
        _ arguments: borrowing Arguments, _ index: Int
    ) throws(RejectReason) -> EntityReference {
        guard let id = try arguments.optionalID(index) else { return .none }
        if isSoldier(id) { return .soldier(id) }
        if isStrict { throw unknown(.soldier, id) }
        return .unknown(id)
    }

    private mutating func channelName(_ channel: Int32) -> Text {
        switch channel {
        case 0: name("Global")
        case 1: name("Side")
        case 2: name("Command")
        case 3: name("Group")
        case 4: name("Vehicle")
        case 5: name("Direct")
        case 6...15: name("Custom")
        default: name("System")
        }
    }

    private mutating func name(_ literal: StaticString) -> Text {
        texts.startBuilding()
        texts.build(literal)
        return texts.internBuilt()
    }

    // MARK: ACE3

    mutating func ace3Death(_ arguments: borrowing Arguments) throws(RejectReason) -> ACE3Death {
        try arguments.require(4)
        let frame = try frame(arguments, 0)
        let id = try arguments.id(1)
        let source = try arguments.optionalID(3)
        guard isSoldier(id) else { throw unknown(.soldier, id) }
        var reference = EntityReference.none
        if let source {
            reference = classify(source)
            if isStrict, case .unknown = reference { throw unknown(.soldier, source) }
        }
        return ACE3Death(
            frame: frame, soldierID: id, reason: text(arguments, 2), lastDamageSource: reference)
    }

    mutating func ace3Unconscious(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> ACE3Unconscious {
        try arguments.require(3)
        let frame = try frame(arguments, 0)
        let id = try arguments.id(1)
        let isUnconscious = try arguments.boolean(2)
        guard isSoldier(id) else { throw unknown(.soldier, id) }
        return ACE3Unconscious(frame: frame, soldierID: id, isUnconscious: isUnconscious)
    }

    // MARK: Focus

    mutating func focusStart(_ arguments: borrowing Arguments) throws(RejectReason) {
        try focus.start(try focusFrame(arguments))
    }

    mutating func focusEnd(_ arguments: borrowing Arguments) throws(RejectReason) -> FocusRange {
        try focus.end(try focusFrame(arguments))
    }

    /// Read as strictly as an id; not an event of the recording, so it needs not continue it.
    private func focusFrame(_ arguments: borrowing Arguments) throws(RejectReason) -> UInt32 {
        try arguments.require(1)
        let value = try arguments.wholeNumber(0)
        guard value >= 0 else { throw .argument(index: 0, .negative) }
        guard value <= Double(FrameGuard.limit) else { throw .argument(index: 0, .tooLarge) }
        return UInt32(value)
    }
}
