// What happens in a mission besides movement and shots: general events, talk, medicine, the clock.

import Mission

extension RowMapper {
    mutating func write<Target: RowTarget & ~Copyable>(
        _ event: GeneralEvent, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        beginGeneral(event.frame, stamp, &target)
        target.text(texts.bytes(of: event.name))
        target.text(texts.bytes(of: event.message))
        if event.extraData.isEmpty {
            target.text("{}")
        } else {
            target.text(texts.bytes(of: event.extraData))
        }
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ event: SectorEvent, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        beginGeneral(event.frame, stamp, &target)
        target.text(texts.bytes(of: event.name))
        scratch.removeAll(keepingCapacity: true)
        append(texts.bytes(of: event.objectType))
        scratch.append(UInt8(ascii: ","))
        append(texts.bytes(of: event.unitName))
        scratch.append(UInt8(ascii: ","))
        append(texts.bytes(of: event.side))
        target.text(scratch.span)
        if event.hasPosition {
            let numbers = [event.position.x, event.position.y, event.position.z].map(Self.json)
            target.text("{\"position\":[\(numbers.joined(separator: ","))]}")
        } else {
            target.text("{}")
        }
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ event: EndMission, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        beginGeneral(event.frame, stamp, &target)
        target.text("endMission")
        scratch.removeAll(keepingCapacity: true)
        append(texts.bytes(of: event.side))
        scratch.append(UInt8(ascii: " "))
        append(texts.bytes(of: event.message))
        target.text(scratch.span)
        target.text("{}")
        try target.endRow()
    }

    private mutating func beginGeneral<Target: RowTarget & ~Copyable>(
        _ frame: UInt32, _ stamp: Stamp, _ target: inout Target
    ) {
        begin(.generalEvents, stamp, &target)
        target.integer(frame)
    }

    /// id, time and mission_id, with which most rows begin.
    private mutating func begin<Target: RowTarget & ~Copyable>(
        _ table: TableID, _ stamp: Stamp, _ target: inout Target
    ) {
        target.beginRow(table, replacing: false)
        target.integer(nextRow(table))
        target.time(stamp.time)
        target.integer(missionID)
    }

    private mutating func append(_ bytes: Span<UInt8>) {
        for index in bytes.indices { scratch.append(bytes[index]) }
    }

    /// A finite number as JSON: 3040, not 3040.0.
    private static func json(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ message: ChatMessage, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        begin(.chatEvents, stamp, &target)
        target.integer(message.sender.soldierID)
        target.integer(message.frame)
        target.text(texts.bytes(of: message.channelName))
        target.text(texts.bytes(of: message.fromName))
        target.text(texts.bytes(of: message.senderName))
        target.text(texts.bytes(of: message.message))
        target.textOrNull(texts.bytes(of: message.playerUID))
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ transmission: RadioTransmission, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        begin(.radioEvents, stamp, &target)
        target.integer(transmission.sender.soldierID)
        target.integer(transmission.frame)
        target.text(texts.bytes(of: transmission.radio))
        target.text(texts.bytes(of: transmission.radioType))
        target.text(texts.bytes(of: transmission.startEnd))
        target.integer(transmission.channel)
        target.boolean(transmission.isAdditional)
        target.real(decimal(transmission.frequency))
        target.text(texts.bytes(of: transmission.code))
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ death: ACE3Death, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        begin(.ace3DeathEvents, stamp, &target)
        target.integer(death.frame)
        target.integer(death.soldierID)
        target.text(texts.bytes(of: death.reason))
        target.integer(death.lastDamageSource.id)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ change: ACE3Unconscious, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        begin(.ace3UnconsciousEvents, stamp, &target)
        target.integer(change.frame)
        target.integer(change.soldierID)
        target.boolean(change.isUnconscious)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ state: TimeState, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        begin(.timeStates, stamp, &target)
        target.integer(state.frame)
        target.text(texts.bytes(of: state.systemTimeUTC))
        target.text(texts.bytes(of: state.missionDate))
        target.real(decimal(state.timeMultiplier))
        target.real(decimal(state.missionTime))
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ range: FocusRange, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        begin(.focusRanges, stamp, &target)
        target.integer(range.start)
        target.integer(range.end)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ telemetry: Telemetry, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        begin(.serverFpsEvents, stamp, &target)
        target.integer(telemetry.frame)
        target.real(decimal(telemetry.fpsAverage))
        target.real(decimal(telemetry.fpsMinimum))
        try target.endRow()

        begin(.telemetryFrames, stamp, &target)
        target.integer(telemetry.frame)
        target.real(decimal(telemetry.fpsAverage))
        target.real(decimal(telemetry.fpsMinimum))
        for place in 0..<8 { target.integer(telemetry.global.element(place)) }
        for place in 0..<5 { target.integer(telemetry.scripts.element(place)) }
        for place in 0..<12 {
            if let value = telemetry.weather.element(place) {
                target.real(decimal(value))
            } else {
                target.null()
            }
        }
        try target.endRow()

        for (place, counts) in telemetry.sides.prefix(8).enumerated() {
            target.beginRow(.telemetrySides, replacing: false)
            target.integer(nextRow(.telemetrySides))
            target.integer(missionID)
            target.integer(telemetry.frame)
            target.text(["EAST", "WEST", "GUER", "CIV"][place / 2])
            target.boolean(place % 2 == 1)
            target.integer(counts.unitsTotal)
            target.integer(counts.unitsAlive)
            target.integer(counts.unitsDead)
            target.integer(counts.groups)
            target.integer(counts.vehicles)
            target.integer(counts.weaponHolders)
            try target.endRow()
        }
        for player in telemetry.players {
            target.beginRow(.telemetryPlayers, replacing: false)
            target.integer(nextRow(.telemetryPlayers))
            target.integer(missionID)
            target.integer(telemetry.frame)
            target.text(texts.bytes(of: player.uid))
            target.text(texts.bytes(of: player.name))
            for value in [player.ping, player.bandwidth, player.desync] {
                if value.isFinite { target.real(value) } else { target.null() }
            }
            try target.endRow()
        }
    }
}

extension Array {
    fileprivate func element(_ place: Int) -> Element? {
        indices.contains(place) ? self[place] : nil
    }
}
