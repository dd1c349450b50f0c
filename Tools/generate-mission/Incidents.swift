// What happens in a mission besides moving: shots and deaths, markers, mines, talk.

/// A marker that stands on the map.
struct Marker {
    let name: String
    let owner: Int
    let shape: String
    var place: Point
    var text: String
}

extension MissionScript {
    private mutating func send(after frames: Int, _ name: String, _ arguments: [Argument]) {
        later[frame + max(1, frames), default: []].append(
            LaterCall(name: name, arguments: arguments))
    }

    /// Somebody who lives; nil when nobody does.
    private mutating func somebody() -> Int? {
        for _ in 0..<20 {
            guard !world.present.isEmpty else { return nil }
            let index = world.present[random.below(world.present.count)]
            if world.units[index].life == .alive, world.units[index].createdAt < frame {
                return index
            }
        }
        return nil
    }

    /// The less frequent things, decided for each second.
    mutating func incidents() {
        let seconds = settings.delay
        let size = Double(settings.units) / 40
        if random.chance(min(0.9, 0.12 * size * seconds)) { markerChange() }
        if random.chance(min(0.9, 0.04 * size * seconds)) { chat() }
        if random.chance(min(0.9, 0.05 * size * seconds)) { radio() }
        if random.chance(0.02 * seconds) || frame == 4 { placeMine() }
        if random.chance(min(0.9, 0.02 * size * seconds)) || frame == 6 { knockDown() }
        if random.chance(0.01 * seconds) || frame == 5 { sector() }
        if random.chance(0.01 * seconds) || frame == 8 { disconnect() }
        if random.chance(0.004 * seconds) || frame == 9 { destroyVehicle() }
        if random.chance(0.05 * seconds) {
            writer.call(
                ":SYS:LOG:",
                [
                    .string("KILLED EVENT"), .integer(frame), .raw("[1,\"a\"\"b\",[true]]"),
                    .raw("any"),
                ])
        }
        if frame == 2 { systemMarkers() }
        if frame == 7 || frame == 8, let last = markers.last(where: { $0.shape == "ICON" }) {
            delete(last)
            if frame == 8, let again = deletedMarkers.popLast() { create(again) }
        }
        for index in world.present
        where world.units[index].life == .unconscious && world.units[index].wakesAt == frame {
            wake(index)
        }
    }

    // ── Shots and deaths ──────────────────────────────────────────────────────────────────────

    /// One shot; its call comes when the projectile is gone, two seconds or more later.
    mutating func shoot() {
        guard let shooter = somebody(), let target = somebody() else { return }
        let unit = world.units[shooter]
        let isGunner = unit.seat == "gunner"
        let weapon =
            isGunner ? random.one(of: Weapon.cannons) : Weapon.rifles[min(random.below(12), 4)]
        let victim = world.units[target]
        // Even the shortest mission has a death.
        let isFirstKill = frame >= 4 && killCount == 0 && target != shooter
        let isHit = target != shooter && (isFirstKill || random.chance(0.12))
        let tick = 1000.5 + missionTime
        var end = victim.place
        if !isHit {
            end.x += random.between(-60, 60)
            end.y += random.between(-60, 60)
        }
        var path = "[\(gameText(tick)),\(frame),\(quoted(unit.place.list))]"
        let flight = weapon.simulation == "shotBullet" ? 1 : 2 + random.below(3)
        for step in 1...flight {
            let share = Double(step) / Double(flight)
            let point = Point(
                x: unit.place.x + (end.x - unit.place.x) * share,
                y: unit.place.y + (end.y - unit.place.y) * share,
                z: end.z + 1.2)
            path +=
                ",[\(gameText(tick + share)),\(frame + (flight > 1 ? step - 1 : 0)),\(quoted(point.list))]"
        }
        let part = random.one(of: [
            "\"spine3\"", "\"head\"", "\"\"", "[\"hitengine\",\"hithull\"]", "\"leg_l\"",
        ])
        let hits = isHit ? "[[\(victim.id),\(part),\(quoted(end.list)),\(frame)]]" : "[]"
        let vehicle = unit.vehicle.map { world.vehicles[$0].id } ?? unit.id
        send(
            after: Int(3 / settings.delay),
            ":EVENT:PROJECTILE:",
            [
                .integer(frame), .number(tick), .integer(unit.id), .integer(vehicle),
                .string(unit.seat),
                .integer(unit.id), .string(weapon.name), .string(weapon.display),
                .string(weapon.name),
                .string(weapon.display), .string(weapon.magazine), .string(weapon.magazineDisplay),
                .string(weapon.ammunition), .string(weapon.mode), .raw("[\(path)]"),
                .string("\(gameText(end.x - unit.place.x)),\(gameText(end.y - unit.place.y)),-1.5"),
                .raw(hits),
                .string(weapon.simulation), .boolean(false), .string(weapon.icon),
            ])
        let deathsPerHit =
            Double(settings.units) / 40 / max(0.12 * Double(settings.shotsPerMinute), 0.1)
        if isFirstKill || (isHit && random.chance(min(0.5, deathsPerHit))) {
            kill(target, by: shooter, with: weapon)
        }
    }

    private mutating func kill(_ index: Int, by killer: Int?, with weapon: Weapon?) {
        let unit = world.units[index]
        leaveVehicle(index)
        world.units[index].life = .dead
        if let killer {
            killCount += 1
            world.units[killer].kills += 1
            let from = world.units[killer]
            let mount = from.vehicle.map { world.vehicles[$0].kind.display } ?? ""
            let dx = from.place.x - unit.place.x
            let dy = from.place.y - unit.place.y
            let text =
                "[\(quoted(mount)),\(quoted(weapon?.display ?? "")),\(quoted(weapon?.magazineDisplay ?? ""))]"
            send(
                after: 1, ":EVENT:KILL:",
                [
                    .integer(frame), .integer(unit.id), .integer(from.id), .raw(text),
                    .number((dx * dx + dy * dy).squareRoot().rounded()),
                ])
        }
        // The dead one makes place; somebody else comes (a player under a new body).
        let gone = max(1, Int(10 / settings.delay))
        send(after: gone, ":SOLDIER:DELETE:", [.integer(unit.id), .integer(frame + gone)])
        addUnit()
    }

    private mutating func leaveVehicle(_ index: Int) {
        guard let vehicle = world.units[index].vehicle else { return }
        world.vehicles[vehicle].crew.removeAll { $0 == index }
        world.units[index].vehicle = nil
        world.units[index].seat = ""
    }

    private mutating func knockDown() {
        guard let index = somebody() else { return }
        world.units[index].life = .unconscious
        world.units[index].wakesAt = frame + (frame == 6 ? 3 : 5 + random.below(30))
        leaveVehicle(index)
        writer.call(
            ":ACE3:UNCONSCIOUS:",
            [.integer(frame), .integer(world.units[index].id), .boolean(true)])
    }

    private mutating func wake(_ index: Int) {
        let id = world.units[index].id
        if frame == 9 || random.chance(0.35) {
            writer.call(
                ":ACE3:DEATH:",
                [.integer(frame), .integer(id), .string("CardiacArrest:Timeout"), .integer(-1)])
            kill(index, by: nil, with: nil)
        } else {
            world.units[index].life = .alive
            writer.call(":ACE3:UNCONSCIOUS:", [.integer(frame), .integer(id), .boolean(false)])
        }
    }

    private mutating func destroyVehicle() {
        let index = random.below(world.vehicles.count)
        guard world.vehicles[index].isAlive else { return }
        for rider in world.vehicles[index].crew { leaveVehicle(rider) }
        world.vehicles[index].isAlive = false
        world.vehicles[index].damage = 1
        state(of: world.vehicles[index])
        writer.call(":VEHICLE:DELETE:", [.integer(world.vehicles[index].id), .integer(frame)])
        addVehicle(of: world.vehicles[index].kind)
    }

    private mutating func disconnect() {
        guard let index = somebody(), world.units[index].isPlayer else { return }
        let unit = world.units[index]
        general("disconnected", .string(unit.name), "{\"playerUid\": \"\(unit.identity)\"}")
        leaveVehicle(index)
        world.units[index].life = .dead
        writer.call(":SOLDIER:DELETE:", [.integer(unit.id), .integer(frame)])
        addUnit()
    }

    // ── Markers and mines ─────────────────────────────────────────────────────────────────────

    private mutating func systemMarkers() {
        let shapes = ["ICON", "RECTANGLE", "ELLIPSE"]
        for index in 0..<6 {
            create(
                Marker(
                    name: "marker_\(index)", owner: -1, shape: shapes[index % 3],
                    place: World.somewhere(&random),
                    text: Names.markerTexts[index]))
        }
        let line = Marker(
            name: "_USER_DEFINED #0/line/1", owner: 0, shape: "POLYLINE",
            place: World.somewhere(&random), text: "")
        create(line)
    }

    private mutating func create(_ marker: Marker) {
        var place = marker.place.array
        if marker.shape == "POLYLINE" {
            place =
                "["
                + (0..<24).map { step in
                    "[\(gameText(marker.place.x + Double(step) * 7.5)),\(gameText(marker.place.y + random.between(-40, 40)))]"
                }.joined(separator: ",") + "]"
        }
        writer.call(
            ":MARKER:CREATE:",
            [
                .string(marker.name), .integer(random.below(360)),
                .string(random.one(of: Names.markerTypes)),
                .string(marker.text), .integer(frame), .integer(-1), .integer(marker.owner),
                .string(random.one(of: Names.colors)),
                .raw(marker.owner < 0 ? "[400.5,60]" : "[1,1]"),
                marker.owner < 0 ? .integer(-1) : .string(Names.sides[marker.owner % 3]),
                .raw(place),
                .string(marker.shape), .number(marker.owner < 0 ? 0.5 : 1), .string("Solid"),
            ])
        markers.append(marker)
    }

    private mutating func delete(_ marker: Marker) {
        markers.removeAll { $0.name == marker.name }
        writer.call(":MARKER:DELETE:", [.string(marker.name), .integer(frame)])
        if marker.shape == "ICON" { deletedMarkers.append(marker) }
    }

    /// A player draws, moves, wipes away a marker, or draws one of an old name again.
    private mutating func markerChange() {
        switch random.below(10) {
        case 0...3:
            guard let index = somebody() else { return }
            let id = world.units[index].id
            markerCount += 1
            create(
                Marker(
                    name: "_USER_DEFINED #\(id)/\(markerCount)/1", owner: id, shape: "ICON",
                    place: world.units[index].place, text: random.one(of: Names.markerTexts)))
        case 4 where !deletedMarkers.isEmpty:
            create(deletedMarkers.removeLast())
        case 5 where markers.count > 4, 6 where markers.count > 40:
            delete(markers[random.below(markers.count)])
        default:
            guard !markers.isEmpty else { return }
            let index = random.below(markers.count)
            guard markers[index].shape != "POLYLINE" else { return }
            markers[index].place.x += random.between(-80, 80)
            let marker = markers[index]
            writer.call(
                ":MARKER:STATE:",
                [
                    .string(marker.name), .integer(frame), .raw(marker.place.array),
                    .integer(random.below(360)),
                    .number(1), .string(marker.text), .string(random.one(of: Names.colors)),
                    .string("[1.5,1.5]"),
                    .string("mil_objective"), .string("Solid"), .string(marker.shape),
                ])
        }
    }

    private mutating func placeMine() {
        guard let index = somebody(), let victim = somebody() else { return }
        let unit = world.units[index]
        let id = world.newID()
        writer.call(
            ":PLACED:CREATE:",
            [
                .integer(frame), .integer(id), .string("APERSMine_Range_Ammo"),
                .string("APERS \"Mine\""),
                .string(unit.place.list), .integer(unit.id), .string(world.groups[unit.group].side),
                .string("put"),
                .string("\\A3\\Weapons_F\\Data\\UI\\gear_mine_AP_CA.paa"),
            ])
        let after = 5 + random.below(60)
        let end: [Argument] = [.integer(frame + after), .integer(id)]
        if random.chance(0.5) {
            send(
                after: after, ":PLACED:EVENT:",
                end + [.string("hit"), .string(unit.place.list), .integer(world.units[victim].id)])
            send(
                after: after, ":PLACED:EVENT:",
                end + [.string("detonated"), .string(unit.place.list)])
        } else {
            send(
                after: after, ":PLACED:EVENT:",
                end + [.string("deleted"), .string(unit.place.list)])
        }
    }

    // ── Talk and the course of the battle ─────────────────────────────────────────────────────

    private mutating func chat() {
        guard let index = somebody() else { return }
        let unit = world.units[index]
        writer.call(
            ":EVENT:CHAT:",
            [
                .integer(frame), .integer(unit.id), .integer(random.below(17)),
                .string("\(unit.name) (Side)"),
                .string(unit.name), .string(random.one(of: Names.chat)), .string(unit.identity),
            ])
    }

    private mutating func radio() {
        guard let index = somebody() else { return }
        let id = world.units[index].id
        let isTFAR = random.chance(0.5)
        let radio = random.one(of: Names.radios)
        for (after, state) in [(0, "Start"), (1 + random.below(8), "Stop")] {
            let arguments: [Argument] = [
                .integer(frame + after), .integer(id), .string(radio),
                .string(isTFAR ? "SW" : "LR"), .string(state),
                .integer(1 + id % 8), .boolean(id % 5 == 0), .string("152.\(100 + id % 800)"),
                isTFAR ? .string("_bluefor") : .integer(0),
            ]
            if after == 0 {
                writer.call(":EVENT:RADIO:", arguments)
            } else {
                send(after: after, ":EVENT:RADIO:", arguments)
            }
        }
    }

    private mutating func sector() {
        let place = World.somewhere(&random)
        let isCaptured = random.chance(0.6)
        writer.call(
            ":EVENT:SECTOR:",
            [
                .integer(frame), .string(isCaptured ? "captured" : "contested"), .string("sector"),
                .string(random.one(of: Names.sectors)),
                .string(isCaptured ? Names.sides[random.below(3)] : ""),
                .number(place.x), .number(place.y), .number(place.z),
            ])
        general(
            "capturedFlag", .string("Flag \"B\" captured"),
            "{\"by\": \(jsonText(random.one(of: Names.first)))}")
    }

    mutating func telemetry() {
        let alive = world.present.count
        let players = world.present.filter { world.units[$0].isPlayer }.prefix(60).map { index in
            let unit = world.units[index]
            return
                "[\(quoted(unit.identity)),\(quoted(unit.name)),\(20 + random.below(90)),1.67772e+07,0]"
        }
        let sides = (0..<4).map { "[[\(alive / 4),\(alive / 4),\($0),10,0,0],[0,0,0,0,0,0]]" }
        writer.call(
            ":TELEMETRY:FRAME:",
            [
                .integer(frame),
                .raw("[\(gameText(random.between(38, 50))),\(gameText(random.between(12, 38)))]"),
                .raw("[" + sides.joined(separator: ",") + "]"),
                .raw(
                    "[\(alive),0,\(world.groups.count),\(world.vehicles.count),0,\(players.count),0,\(players.count)]"
                ),
                .raw("[28,4,0,4,12]"),
                .raw("[0.2,0.25,0,0,0.1,160.864,0.25,0.175,0.003153,0.441581,0.421672,1]"),
                .raw("[" + players.joined(separator: ",") + "]"),
            ])
    }
}
