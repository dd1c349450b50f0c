// Events as lines that a test can compare: texts resolved, numbers short.

import Mission
import Values

func describe(_ event: MissionEvent, _ texts: borrowing TextTable) -> String {
    var line = Line()
    switch event {
    case .soldierCreated(let soldier):
        line.add("soldier", soldier.id, "frame", soldier.frame)
        for text in [
            soldier.name, soldier.group, soldier.side, soldier.roleDescription, soldier.className,
            soldier.displayName, soldier.playerUID, soldier.squadParams,
        ] { line.add(quoted(texts, text)) }
        line.flags(("player", soldier.isPlayer), ("again", soldier.isRecreation))
    case .soldierState(let state):
        line.add("soldierState", state.id, "frame", state.frame, state.position)
        line.add("bearing", state.bearing, "life", state.lifeState)
        for text in [
            state.name, state.role, state.vehicleRole, state.stance, state.group, state.side,
        ] { line.add(quoted(texts, text)) }
        if let vehicle = state.vehicleID { line.add("vehicle", vehicle) }
        if let scores = state.scores {
            line.add(
                "scores", scores.infantryKills, scores.vehicleKills, scores.armorKills,
                scores.airKills, scores.deaths, scores.total)
        }
        line.flags(
            ("in", state.inVehicle), ("player", state.isPlayer), ("stable", state.hasStableVitals),
            ("dragged", state.isDraggedCarried), ("takeover", state.isTakeover))
    case .vehicleCreated(let vehicle):
        line.add("vehicle", vehicle.id, "frame", vehicle.frame)
        for text in [
            vehicle.vehicleClass, vehicle.displayName, vehicle.className, vehicle.customization,
            vehicle.side,
        ] { line.add(quoted(texts, text)) }
        line.flags(("again", vehicle.isRecreation))
    case .vehicleState(let state):
        line.add("vehicleState", state.id, "frame", state.frame, state.position)
        line.add("bearing", state.bearing, "crew", quoted(texts, state.crew))
        line.add("fuel", state.fuel, "damage", state.damage, quoted(texts, state.side))
        line.add(quoted(texts, state.vectorDir), quoted(texts, state.vectorUp))
        line.add("turret", state.turretAzimuth, state.turretElevation)
        line.flags(
            ("alive", state.isAlive), ("engine", state.engineOn), ("locked", state.isLocked))
    case .soldierDeleted(let deleted), .vehicleDeleted(let deleted):
        line.add("deleted", deleted.entity, "frame", deleted.frame)
    case .killed(let kill):
        line.add("killed", kill.victim, "by", kill.killer, "frame", kill.frame)
        line.add(
            quoted(texts, kill.weaponVehicle), quoted(texts, kill.weaponName),
            quoted(texts, kill.weaponMagazine), quoted(texts, kill.weaponText), kill.distance)
    case .projectile(let shot): describe(shot, texts, into: &line)
    default: describeOther(event, texts, into: &line)
    }
    return line.text
}

private func describe(
    _ shot: ProjectileFired, _ texts: borrowing TextTable, into line: inout Line
) {
    line.add("shot", shot.firerID, "frame", shot.frame, "at", shot.firedTime)
    if let vehicle = shot.vehicleID { line.add("vehicle", vehicle) }
    if let remote = shot.remoteControllerID { line.add("remote", remote) }
    for text in [
        shot.vehicleRole, shot.weapon, shot.weaponDisplay, shot.muzzle, shot.muzzleDisplay,
        shot.magazine, shot.magazineDisplay, shot.ammo, shot.fireMode, shot.initialVelocity,
        shot.simulation, shot.magazineIcon,
    ] { line.add(quoted(texts, text)) }
    for point in shot.trajectory { line.add("point", point.tick, point.frame, point.position) }
    for hit in shot.hits {
        line.add("hit", hit.entity, hit.frame, hit.position)
        for component in hit.components { line.add(quoted(texts, component)) }
    }
    line.flags(("bullet", shot.isBullet), ("submunition", shot.isSubmunition))
}

private func describeOther(
    _ event: MissionEvent, _ texts: borrowing TextTable, into line: inout Line
) {
    switch event {
    case .timeState(let time):
        line.add(
            "time", time.frame, quoted(texts, time.systemTimeUTC), quoted(texts, time.missionDate))
        line.add(time.timeMultiplier, time.missionTime)
    case .general(let general):
        line.add("general", general.frame, quoted(texts, general.name))
        line.add(quoted(texts, general.message), quoted(texts, general.extraData))
    case .sector(let sector):
        line.add(
            "sector", sector.frame, quoted(texts, sector.name), quoted(texts, sector.objectType))
        line.add(quoted(texts, sector.unitName), quoted(texts, sector.side), sector.position)
        line.flags(("placed", sector.hasPosition))
    case .endMission(let end):
        line.add("end", end.frame, quoted(texts, end.side), quoted(texts, end.message))
    case .chat(let chat):
        line.add("chat", chat.frame, chat.sender, chat.channel, quoted(texts, chat.channelName))
        for text in [chat.fromName, chat.senderName, chat.message, chat.playerUID] {
            line.add(quoted(texts, text))
        }
    case .radio(let radio):
        line.add("radio", radio.frame, radio.sender, radio.channel, radio.frequency)
        for text in [radio.radio, radio.radioType, radio.startEnd, radio.code] {
            line.add(quoted(texts, text))
        }
        line.flags(("additional", radio.isAdditional))
    case .telemetry(let telemetry):
        line.add("telemetry", telemetry.frame, telemetry.fpsAverage, telemetry.fpsMinimum)
        for side in telemetry.sides {
            line.add(
                side.unitsTotal, side.unitsAlive, side.unitsDead, side.groups, side.vehicles,
                side.weaponHolders)
        }
        line.add("global")
        for value in telemetry.global { line.add(value) }
        line.add("scripts")
        for value in telemetry.scripts { line.add(value) }
        line.add("weather")
        for value in telemetry.weather { line.add(value) }
        for player in telemetry.players {
            line.add(
                "player", quoted(texts, player.uid), quoted(texts, player.name), player.ping,
                player.bandwidth, player.desync)
        }
    case .markerCreated(let marker):
        line.add("marker", marker.markerID, "frame", marker.frame, quoted(texts, marker.name))
        line.add(marker.direction, quoted(texts, marker.type), quoted(texts, marker.text))
        line.add(marker.ownerID, quoted(texts, marker.color), quoted(texts, marker.size))
        line.add(quoted(texts, marker.side), marker.position)
        for point in marker.polyline { line.add("point", point) }
        line.add(quoted(texts, marker.shape), marker.alpha, quoted(texts, marker.brush))
    case .markerState(let marker):
        line.add("markerState", marker.markerID, "frame", marker.frame, marker.position)
        line.add(marker.direction, marker.alpha)
        for text in [
            marker.text, marker.color, marker.size, marker.type, marker.brush, marker.shape,
        ] { line.add(quoted(texts, text)) }
    case .markerDeleted(let marker): line.add("markerDeleted", marker.markerID, marker.frame)
    case .placedCreated(let placed):
        line.add("placed", placed.id, "frame", placed.frame, placed.position, placed.ownerID)
        for text in [
            placed.className, placed.displayName, placed.side, placed.weapon, placed.magazineIcon,
        ] { line.add(quoted(texts, text)) }
    case .placedEvent(let placed):
        line.add("placedEvent", placed.id, "frame", placed.frame, quoted(texts, placed.type))
        line.add(placed.position, placed.hitEntity)
    case .ace3Death(let death):
        line.add("ace3Death", death.soldierID, "frame", death.frame, quoted(texts, death.reason))
        line.add(death.lastDamageSource)
    case .ace3Unconscious(let unconscious):
        line.add("ace3Unconscious", unconscious.soldierID, "frame", unconscious.frame)
        line.flags(("down", unconscious.isUnconscious))
    case .focus(let range): line.add("focus", range.start, range.end)
    default: line.add("?")
    }
}

/// A text of the game between `‹` and `›`, so that an empty one shows.
private func quoted(_ texts: borrowing TextTable, _ text: Text) -> String {
    "‹" + texts.string(text) + "›"
}

/// Words with spaces between.
private struct Line {
    var text = ""

    mutating func add(_ values: Any...) {
        for value in values {
            if !text.isEmpty { text += " " }
            switch value {
            case let position as Position:
                text += "(\(number(position.x)),\(number(position.y)),\(number(position.z)))"
            case let value as Double: text += number(value)
            case let value as Float:
                var bytes: [UInt8] = []
                bytes.appendNumber(value)
                text += String(decoding: bytes, as: UTF8.self)
            case let reference as EntityReference:
                switch reference {
                case .none: text += "nobody"
                case .soldier(let id): text += "S\(id)"
                case .vehicle(let id): text += "V\(id)"
                case .unknown(let id): text += "?\(id)"
                }
            case let value as StaticString: text += value.description
            default: text += "\(value)"
            }
        }
    }

    mutating func flags(_ flags: (String, Bool)...) {
        for (name, isSet) in flags where isSet { add("+" + name) }
    }

    private func number(_ value: Double) -> String {
        var bytes: [UInt8] = []
        bytes.appendNumber(value)
        return String(decoding: bytes, as: UTF8.self)
    }
}
