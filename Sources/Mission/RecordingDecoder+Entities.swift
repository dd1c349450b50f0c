// Soldiers and vehicles (docs/formats/commands.md, "Entities").

import Values

extension RecordingDecoder {
    // MARK: Soldiers

    mutating func soldierCreated(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> SoldierCreated {
        try arguments.require(11)
        let frame = try frame(arguments, 0)
        let id = try arguments.id(1)
        let isPlayer = try arguments.boolean(5)
        let squadParams = try squadParams(arguments)
        let name = text(arguments, 2)
        let group = text(arguments, 3)
        let side = text(arguments, 4)
        let isRecreation = soldiers.set(
            id,
            CachedSoldier(
                name: name, group: group, side: side, isPlayer: isPlayer, position: .zero))
        noteCreation(.entity(.soldier, id))
        return SoldierCreated(
            frame: frame, id: id, name: name, group: group, side: side, isPlayer: isPlayer,
            roleDescription: text(arguments, 6), className: text(arguments, 7),
            displayName: text(arguments, 8), playerUID: text(arguments, 9),
            squadParams: squadParams, isRecreation: isRecreation)
    }

    /// Must be a JSON array or null. A soldier is worth more than its squad's emblem: only strict
    /// mode refuses it for that.
    private mutating func squadParams(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> Text {
        let text = text(arguments, 10)
        switch try? JSONValue.parse(texts.bytes(of: text)) {
        case .array, .null: return text
        default: break
        }
        if isStrict { throw .argument(index: 10, .notJSON) }
        notes.append(.replaced(argument: 10))
        let none: [UInt8] = [0x5B, 0x5D]
        return texts.intern(none.span)
    }

    mutating func soldierState(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> SoldierState {
        try arguments.require(15)
        let id = try arguments.id(0)
        guard let place = soldiers.place(of: id) else { throw unknown(.soldier, id) }
        let isPlayer = try arguments.boolean(6)
        let position = try arguments.position(1, ifNotFinite: soldiers[place].position)
        let frame = try frame(arguments, 8)
        var state = SoldierState(
            frame: frame, id: id, position: position, bearing: bearing(arguments, 2),
            lifeState: lifeState(arguments, 3),
            inVehicle: arguments.optionalBoolean(4) ?? false, isPlayer: isPlayer,
            hasStableVitals: arguments.optionalBoolean(9) ?? false,
            isDraggedCarried: arguments.optionalBoolean(10) ?? false,
            name: text(arguments, 5), role: text(arguments, 7), vehicleRole: text(arguments, 12),
            stance: text(arguments, 14), group: .empty, side: .empty,
            vehicleID: occupiedVehicle(arguments, 13),
            scores: isPlayer ? scores(arguments, 11) : nil)
        if arguments.count >= 17 {
            state.group = text(arguments, 15)
            state.side = text(arguments, 16)
        }
        if state.group.isEmpty { state.group = soldiers[place].group }
        if state.side.isEmpty { state.side = soldiers[place].side }
        soldiers[place].position = position
        if isPlayer { state.isTakeover = takeOver(place, by: state.name) }
        lastFrame = max(lastFrame, frame)
        return state
    }

    /// A player in a unit that was AI, or another player's: the unit is that player's from now on.
    /// (Dead players have no name.)
    private mutating func takeOver(_ place: Int, by name: Text) -> Bool {
        if name.isEmpty { return false }
        if soldiers[place].isPlayer, soldiers[place].name == name { return false }
        soldiers[place].isPlayer = true
        soldiers[place].name = name
        return true
    }

    /// Degrees. The reference keeps the lowest 16 bits of any number; we bring it into a circle.
    private func bearing(_ arguments: borrowing Arguments, _ index: Int) -> UInt16 {
        let value = arguments.plainInteger(index) ?? 0
        if value >= 0, value <= 360 { return UInt16(value) }
        if isStrict { return UInt16(truncatingIfNeeded: value) }
        let turned = value % 360
        return UInt16(turned < 0 ? turned + 360 : turned)
    }

    /// 0 dead, 1 alive, 2 unconscious; anything else is alive.
    private func lifeState(_ arguments: borrowing Arguments, _ index: Int) -> UInt8 {
        let value = arguments.plainInteger(index) ?? 0
        if isStrict { return UInt8(truncatingIfNeeded: value) }
        return value == 0 || value == 2 ? UInt8(value) : 1
    }

    /// The vehicle a soldier sits in; nil when below 0. The reference reads an unreadable id as 0.
    private func occupiedVehicle(_ arguments: borrowing Arguments, _ index: Int) -> UInt16? {
        guard let value = arguments.plainInteger(index) else { return isStrict ? 0 : nil }
        if value < 0 { return nil }
        if isStrict { return UInt16(truncatingIfNeeded: value) }
        return UInt16(exactly: value)
    }

    /// Six numbers with commas between; nil when there are fewer. The reference keeps 8 bits of each.
    private func scores(_ arguments: borrowing Arguments, _ index: Int) -> Scores? {
        let text = arguments.bare(index)
        var values = InlineArray<6, Int32>(repeating: 0)
        var found = 0
        var start = 0
        while found < 6 {
            var end = start
            while end < text.count, text[end] != 0x2C { end += 1 }
            values[found] = score(text.extracting(start..<end))
            found += 1
            if end >= text.count { break }
            start = end + 1
        }
        guard found == 6 else { return nil }
        return Scores(
            infantryKills: values[0], vehicleKills: values[1], armorKills: values[2],
            airKills: values[3], deaths: values[4], total: values[5])
    }

    private func score(_ text: Span<UInt8>) -> Int32 {
        if let whole = NumberParser.parseInteger(text) {
            return isStrict ? Int32(UInt8(truncatingIfNeeded: whole)) : Int32(clamping: whole)
        }
        guard !isStrict, let value = NumberParser.parse(text.trimmingSpaces()) else { return 0 }
        return Int32(max(-2_147_483_648, min(2_147_483_647, value)))
    }

    // MARK: Vehicles

    mutating func vehicleCreated(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> VehicleCreated {
        // Before addon alpha.2 the side was not sent.
        try arguments.require(isStrict ? 7 : 6)
        let frame = try frame(arguments, 0)
        let id = try arguments.id(1)
        let isRecreation = vehicles.set(id, .zero)
        noteCreation(.entity(.vehicle, id))
        return VehicleCreated(
            frame: frame, id: id, vehicleClass: text(arguments, 2),
            displayName: text(arguments, 3), className: text(arguments, 4),
            customization: text(arguments, 5), side: text(arguments, 6),
            isRecreation: isRecreation)
    }

    mutating func vehicleState(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> VehicleState {
        try arguments.require(15)
        let id = try arguments.id(0)
        guard let place = vehicles.place(of: id) else { throw unknown(.vehicle, id) }
        let position = try arguments.position(1, ifNotFinite: vehicles[place])
        let fuel = try arguments.float(6)
        let damage = try arguments.float(7)
        let engineOn = try arguments.boolean(8)
        let isLocked = try arguments.boolean(9)
        let azimuth = try arguments.float(13)
        let elevation = try arguments.float(14)
        let frame = try frame(arguments, 5)
        vehicles[place] = position
        lastFrame = max(lastFrame, frame)
        return VehicleState(
            frame: frame, id: id, position: position, bearing: bearing(arguments, 2),
            isAlive: arguments.optionalBoolean(3) ?? false, engineOn: engineOn,
            isLocked: isLocked, crew: crew(arguments, 4), fuel: fuel, damage: damage,
            side: text(arguments, 10), vectorDir: transientText(arguments, 11),
            vectorUp: transientText(arguments, 12), turretAzimuth: azimuth,
            turretElevation: elevation)
    }

    /// The crew's ids as a JSON array. Nearly always it comes as one; what is no id is left out, and
    /// what is no array at all is an empty crew.
    private mutating func crew(_ arguments: borrowing Arguments, _ index: Int) -> Text {
        let raw = arguments.bare(index)
        if raw.isEmpty { return .empty }
        if raw.isListOfShortNumbers { return texts.intern(raw) }
        if isStrict { return strictCrew(raw) }
        var reader = LiteralReader(raw)
        var list: [UInt8] = [0x5B]
        var element = 0
        guard reader.next() == .arrayStart else {
            notes.append(.replaced(argument: index))
            return .empty
        }
        while true {
            switch reader.next() {
            case .number(let value) where value >= 0 && value <= 65_535 && value.isWhole:
                if list.count > 1 { list.append(0x2C) }
                list.appendDecimal(UInt16(value))
            case .arrayEnd:
                list.append(0x5D)
                return texts.intern(list.span)
            case .malformed, .end:
                notes.append(.replaced(argument: index))
                return .empty
            case .arrayStart:
                // A text that breaks off inside shows itself at the next turn.
                _ = reader.skipRest()
                notes.append(.element(argument: index, index: element))
            default: notes.append(.element(argument: index, index: element))
            }
            element += 1
        }
    }

    /// As the reference reads it: a JSON list of whole numbers of any size, else none.
    private mutating func strictCrew(_ raw: Span<UInt8>) -> Text {
        guard case .array(let values) = try? JSONValue.parse(raw) else { return .empty }
        var list: [UInt8] = [0x5B]
        for value in values {
            guard case .number(let number, raw: let digits) = value, number.magnitude < 9e15,
                digits.allSatisfy({ $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) })
            else { return .empty }
            if list.count > 1 { list.append(0x2C) }
            list += digits
        }
        list.append(0x5D)
        return texts.intern(list.span)
    }

    // MARK: Deletes

    mutating func deleted(
        _ kind: EntityKind, _ arguments: borrowing Arguments
    ) throws(RejectReason) -> EntityDeleted {
        try arguments.require(2)
        let id = try arguments.id(0)
        let isKnown = kind == .soldier ? soldiers.contains(id) : vehicles.contains(id)
        guard isKnown else { throw unknown(kind, id) }
        return EntityDeleted(
            frame: try frame(arguments, 1),
            entity: kind == .soldier ? .soldier(id) : .vehicle(id))
    }
}

extension Span where Element == UInt8 {
    /// `[]` or `[1,20,4711]`: whole numbers of at most four digits, no spaces.
    fileprivate var isListOfShortNumbers: Bool {
        guard count >= 2, self[0] == 0x5B, self[count - 1] == 0x5D else { return false }
        if count == 2 { return true }
        var digits = 0
        for index in 1..<count - 1 {
            let byte = self[index]
            if byte == 0x2C {
                if digits == 0 { return false }
                digits = 0
            } else {
                guard byte >= 0x30, byte <= 0x39, digits < 4 else { return false }
                digits += 1
            }
        }
        return digits > 0
    }
}
