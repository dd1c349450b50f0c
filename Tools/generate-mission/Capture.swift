// The capture loop: who is created, who has moved, who is gone.

extension MissionScript {
    var missionName: String { "co\(settings.units)_ночной_рейд" }

    var worldText: String {
        """
        {"author": "Bohemia Interactive", "workshopID": "", "displayName": "Stratis \\"East\\"", \
        "worldName": "stratis", "worldNameOriginal": "Stratis", "worldSize": \(gameText(World.size)), \
        "latitude": 36.097, "longitude": 40.8}
        """
    }

    var missionText: String {
        """
        {"missionName": \(jsonText(missionName)), "briefingName": \(jsonText("Ночной \"рейд\" [v2] it's on 🌙")), \
        "missionNameSource": \(jsonText(missionName)), "onLoadName": "", "author": "Mira", \
        "serverName": \(jsonText("Example \"A\" Server")), "serverProfile": "srv1", "missionStart": null, \
        "worldName": "stratis", "tag": "TvT", "captureDelay": \(gameText(settings.delay)), \
        "addons": [["CBA_A3", "450814997"], ["ACE", 463939057], ["Arma 3", ""]], \
        "extensionBuildVersion": "v5.0.0", "extensionBuildCommit": "unknown", "extensionBuildDate": "unknown", \
        "ocapRecorderExtensionVersion": null, "playableSlots": [0, 8, 0, 0, 1], \
        "sideFriendly": [false, false, true]}
        """
    }

    /// Groups, vehicles and crews before the first capture. Nothing is called yet.
    mutating func populate() {
        for index in 0..<max(2, settings.units / 8) {
            let place = World.somewhere(&random)
            world.groups.append(
                Group(
                    name: Names.groups[index % Names.groups.count]
                        + String(index / Names.groups.count + 1),
                    side: Names.sides[index % 16 == 15 ? 3 : index % 3],
                    march: March(from: place, to: place)))
        }
        for _ in 0..<settings.units { addUnit() }
        for index in 0..<settings.vehicles {
            addVehicle(of: VehicleKind.all[index % VehicleKind.all.count])
        }
    }

    mutating func addUnit() {
        let group = random.below(world.groups.count)
        var place = world.groups[group].place
        place.x += random.between(-20, 20)
        place.y += random.between(-20, 20)
        let isPlayer = random.chance(0.3)
        let id = world.newID()
        let name = Names.first[id % Names.first.count] + (id < Names.first.count ? "" : " \(id)")
        world.present.append(world.units.count)
        world.units.append(
            Unit(
                id: id, name: name, group: group, isPlayer: isPlayer,
                identity: isPlayer
                    ? "7656119" + String(8_000_000_000 + random.below(999_999_999)) : "",
                role: isPlayer ? random.one(of: Names.roles) : "",
                kind: random.below(Names.classes.count),
                createdAt: frame + 1, place: place))
        if isPlayer, frame > 0 {
            general(
                "connected", .string(name),
                "{\"playerUid\": \"\(world.units[world.units.count - 1].identity)\"}")
        }
    }

    mutating func addVehicle(of kind: VehicleKind) {
        let place = World.somewhere(&random)
        world.vehicles.append(
            Vehicle(
                id: world.newID(), kind: kind, side: Names.sides[random.below(3)],
                createdAt: frame + 1, march: March(from: place, to: place)))
        if random.chance(0.8) { board(world.vehicles.count - 1) }
    }

    /// Finds a crew among those who walk, the driver first.
    private mutating func board(_ index: Int) {
        let most = 1 + settings.units / (2 * settings.vehicles)
        let seats = min(world.vehicles[index].kind.seats, most)
        for candidate in random.shuffled(world.present) {
            let taken = world.vehicles[index].crew.count
            guard taken < seats else { break }
            guard world.units[candidate].vehicle == nil, world.units[candidate].life == .alive
            else {
                continue
            }
            world.units[candidate].vehicle = index
            world.units[candidate].seat =
                taken < 3 ? ["driver", "gunner", "commander"][taken] : "cargo"
            world.vehicles[index].crew.append(candidate)
        }
    }

    /// One pass of the addon's loop: CREATE for the new ones, STATE for who has changed.
    mutating func capture() {
        for index in world.groups.indices {
            _ = world.groups[index].march.step(metres: 1.4 * settings.delay, &random)
        }
        for index in world.vehicles.indices { move(vehicle: index) }
        for index in world.present { captureUnit(index) }
        world.present.removeAll { world.units[$0].life == .dead }
        for index in world.vehicles.indices { captureVehicle(index) }
    }

    private mutating func move(vehicle index: Int) {
        guard world.vehicles[index].isAlive else { return }
        if world.vehicles[index].crew.isEmpty, random.chance(0.03) { board(index) }
        guard !world.vehicles[index].crew.isEmpty else { return }
        let metres = world.vehicles[index].kind.speed * settings.delay * random.between(0.5, 1)
        let turned = world.vehicles[index].march.step(metres: metres, &random)
        if let turned { world.vehicles[index].bearing = turned }
        world.vehicles[index].fuel = max(0, world.vehicles[index].fuel - 0.000_05)
        for rider in world.vehicles[index].crew {
            world.units[rider].place = world.vehicles[index].place
            world.units[rider].bearing = world.vehicles[index].bearing
        }
    }

    private mutating func captureUnit(_ index: Int) {
        if world.units[index].createdAt == frame {
            createUnit(world.units[index])
            return
        }
        if world.units[index].vehicle == nil, world.units[index].life == .alive {
            let group = world.groups[world.units[index].group]
            let goal = Point(
                x: group.place.x + Double(index % 5) * 6, y: group.place.y - Double(index % 7) * 5,
                z: group.place.z)
            var march = March(from: world.units[index].place, to: goal)
            let turned = march.step(
                metres: 1.5 * settings.delay * random.between(0, 2), &random)
            world.units[index].place = march.place
            if let turned { world.units[index].bearing = turned }
        }
        // Who has neither moved nor turned is not sent again.
        if world.units[index].life == .alive, random.chance(0.045) { return }
        state(of: world.units[index])
    }

    private mutating func createUnit(_ unit: Unit) {
        let (className, display) = Names.classes[unit.kind]
        let squad =
            unit.isPlayer && unit.id % 4 == 0
            ? "[[\"7Cav\", \"7th \\\"Cavalry\\\"\", \"\", \"https://example.org\", \"logo.paa\", \"7th\"]]"
            : "[]"
        writer.call(
            ":SOLDIER:CREATE:",
            [
                .integer(frame), .integer(unit.id), .string(unit.name),
                .string(world.groups[unit.group].name),
                .string(world.groups[unit.group].side), .flag(unit.isPlayer), .string(unit.role),
                .string(className), .string(display), .string(unit.identity), .string(squad),
            ])
    }

    mutating func state(of unit: Unit) {
        let isDead = unit.life == .dead
        let vehicle = unit.vehicle.map { world.vehicles[$0].id } ?? -1
        writer.call(
            ":SOLDIER:STATE:",
            [
                .integer(unit.id), .raw(unit.place.array), .integer(unit.bearing),
                .integer(unit.life.rawValue),
                .flag(unit.vehicle != nil), .string(isDead ? "" : unit.name), .flag(unit.isPlayer),
                .string(Names.iconRoles[unit.kind]), .integer(frame), .boolean(unit.life == .alive),
                .boolean(unit.life == .unconscious && unit.id % 2 == 0),
                .string(unit.isPlayer ? "\(unit.kills),0,0,0,\(isDead ? 1 : 0),\(unit.kills)" : ""),
                .string(unit.seat), .integer(vehicle),
                .string(
                    unit.life == .alive
                        ? ["STAND", "CROUCH", "PRONE"][(frame / 20 + unit.id) % 3] : "UNDEFINED"),
                .string(world.groups[unit.group].name), .string(world.groups[unit.group].side),
            ])
    }

    private mutating func captureVehicle(_ index: Int) {
        let vehicle = world.vehicles[index]
        guard vehicle.isAlive else { return }
        if vehicle.createdAt == frame {
            writer.call(
                ":VEHICLE:CREATE:",
                [
                    .integer(frame), .integer(vehicle.id), .string(vehicle.kind.icon),
                    .string(vehicle.kind.display),
                    .string(vehicle.kind.className), .string("[[\"Blufor\",1],[\"showbags\",0]]"),
                    .string(vehicle.side),
                ])
            return
        }
        if vehicle.crew.isEmpty, random.chance(0.9) { return }
        state(of: vehicle)
    }

    mutating func state(of vehicle: Vehicle) {
        let crew = vehicle.crew.map { String(world.units[$0].id) }.joined(separator: ",")
        let climb = gameText(random.between(-0.05, 0.05))
        writer.call(
            ":VEHICLE:STATE:",
            [
                .integer(vehicle.id), .raw(vehicle.place.array), .integer(vehicle.bearing),
                .flag(vehicle.isAlive),
                .raw("[\(crew)]"), .integer(frame), .number(vehicle.fuel), .number(vehicle.damage),
                .boolean(!vehicle.crew.isEmpty), .boolean(false), .raw(vehicle.side),
                .raw("[0.707107,0.707107,\(climb)]"), .raw("[\(climb),0,1]"),
                .integer(vehicle.bearing % 90),
                .number(random.between(-10, 10)),
            ])
    }
}
