// Kills and placed objects (docs/formats/commands.md, "Combat"). Projectiles have a file of their
// own.

import Values

extension RecordingDecoder {
    mutating func killed(_ arguments: borrowing Arguments) throws(RejectReason) -> Killed {
        try arguments.require(5)
        let frame = try frame(arguments, 0)
        let victim = try arguments.id(1)
        let killer = try arguments.id(2)
        let distance = try arguments.float(4)
        let weapon = weapon(arguments, 3)
        return Killed(
            frame: frame, victim: classify(victim), killer: classify(killer),
            weaponVehicle: weapon.vehicle, weaponName: weapon.name,
            weaponMagazine: weapon.magazine, weaponText: displayText(weapon), distance: distance)
    }

    /// What killed.
    private struct Weapon {
        var vehicle = Text.empty
        var name = Text.empty
        var magazine = Text.empty
    }

    /// `[vehicle, weapon, magazine]`; anything else is a weapon's name as it is.
    private mutating func weapon(_ arguments: borrowing Arguments, _ index: Int) -> Weapon {
        let raw = arguments.raw(index)
        let parts =
            isStrict ? strictParts(ArgumentText.strictInner(raw)) : threeTexts(raw)
        return parts ?? Weapon(name: text(arguments, index))
    }

    private mutating func threeTexts(_ raw: Span<UInt8>) -> Weapon? {
        // The array may come inside a text, too.
        var source: [UInt8] = []
        swap(&source, &arrayScratch)
        defer { swap(&source, &arrayScratch) }
        source.removeAll(keepingCapacity: true)
        if ArgumentText.isQuoted(raw) {
            ArgumentText.undouble(ArgumentText.inner(raw), into: &source)
        } else {
            source.append(contentsOf: raw)
        }
        var reader = LiteralReader(source.span)
        guard reader.next() == .arrayStart,
            case .string(let vehicle, _) = reader.next(),
            case .string(let name, _) = reader.next(),
            case .string(let magazine, _) = reader.next(),
            reader.next() == .arrayEnd, reader.next() == .end
        else { return nil }
        return Weapon(
            vehicle: undoubled(source.span.extracting(vehicle)),
            name: undoubled(source.span.extracting(name)),
            magazine: undoubled(source.span.extracting(magazine)))
    }

    /// The reference's way: what stands between the brackets is cut at `","`.
    private mutating func strictParts(_ text: Span<UInt8>) -> Weapon? {
        guard text.count >= 2, text[0] == 0x5B, text[text.count - 1] == 0x5D else { return nil }
        let inside = text.extracting(1..<text.count - 1)
        var cuts = InlineArray<2, Int>(repeating: 0)
        var found = 0
        var index = 0
        while index + 2 < inside.count {
            if inside[index] == 0x22, inside[index + 1] == 0x2C, inside[index + 2] == 0x22 {
                if found == 2 { return nil }
                cuts[found] = index
                found += 1
                index += 3
            } else {
                index += 1
            }
        }
        guard found == 2 else { return nil }
        return Weapon(
            vehicle: strictPart(inside.extracting(0..<cuts[0])),
            name: strictPart(inside.extracting(cuts[0] + 3..<cuts[1])),
            magazine: strictPart(inside.extracting(cuts[1] + 3..<inside.count)))
    }

    private mutating func strictPart(_ text: Span<UInt8>) -> Text {
        undoubled(ArgumentText.strictInner(text))
    }

    /// The text with each doubled quote as one.
    mutating func undoubled(_ text: Span<UInt8>) -> Text {
        text.containsQuote ? texts.intern(undoubling: text) : texts.intern(text)
    }

    /// `vehicle: weapon [magazine]`, without what is empty.
    private mutating func displayText(_ weapon: Weapon) -> Text {
        if weapon.vehicle.isEmpty, weapon.magazine.isEmpty { return weapon.name }
        texts.startBuilding()
        texts.build(weapon.vehicle)
        if !weapon.name.isEmpty {
            if !weapon.vehicle.isEmpty { texts.build(": ") }
            texts.build(weapon.name)
        }
        if !weapon.magazine.isEmpty {
            if !weapon.vehicle.isEmpty || !weapon.name.isEmpty { texts.build(" ") }
            texts.build("[")
            texts.build(weapon.magazine)
            texts.build("]")
        }
        return texts.internBuilt()
    }

    // MARK: Placed objects

    mutating func placedCreated(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> PlacedCreated {
        try arguments.require(9)
        let frame = try frame(arguments, 0)
        let id = try arguments.id(1)
        let position = try arguments.position(4)
        let owner = try arguments.id(5)
        _ = placed.set(id, position)
        noteCreation(.entity(.placed, id))
        return PlacedCreated(
            frame: frame, id: id, className: text(arguments, 2), displayName: text(arguments, 3),
            position: position, ownerID: owner, side: text(arguments, 6),
            weapon: text(arguments, 7), magazineIcon: text(arguments, 8))
    }

    mutating func placedEvent(_ arguments: borrowing Arguments) throws(RejectReason) -> PlacedEvent
    {
        try arguments.require(4)
        let id = try arguments.id(1)
        guard let place = placed.place(of: id) else { throw unknown(.placed, id) }
        let position = try arguments.position(3, ifNotFinite: placed[place])
        // The reference reads it whenever it is there, and loses the event when it is no id.
        var hitEntity = EntityReference.none
        if arguments.count > 4 {
            if isStrict {
                hitEntity = classify(try arguments.id(4))
            } else if let hit = try arguments.optionalID(4) {
                hitEntity = classify(hit)
            }
        }
        let frame = try frame(arguments, 0)
        lastFrame = max(lastFrame, frame)
        return PlacedEvent(
            frame: frame, id: id, type: text(arguments, 2), position: position,
            hitEntity: hitEntity)
    }
}
