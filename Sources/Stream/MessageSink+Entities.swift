// Soldiers, vehicles, markers.

import Mission
import Values

extension MessageSink {
    mutating func send(_ created: SoldierCreated, _ stamp: Stamp, _ texts: borrowing TextTable) {
        var writer = MessageWriter("add_soldier")
        writer.add("ID", created.id)
        writer.add("JoinTime", time: stamp.time)
        writer.add("JoinFrame", created.frame)
        writer.add("OcapType", "man")
        writer.add("UnitName", text: texts.bytes(of: created.name))
        writer.add("GroupID", text: texts.bytes(of: created.group))
        writer.add("Side", text: texts.bytes(of: created.side))
        writer.add("IsPlayer", created.isPlayer)
        writer.add("RoleDescription", text: texts.bytes(of: created.roleDescription))
        writer.add("ClassName", text: texts.bytes(of: created.className))
        writer.add("DisplayName", text: texts.bytes(of: created.displayName))
        writer.add("PlayerUID", text: texts.bytes(of: created.playerUID))
        writer.add("SquadParams", json: texts.bytes(of: created.squadParams), else: "[]")
        writer.add("DeleteFrame", 0)
        send(writer)
    }

    mutating func send(_ state: SoldierState, _ stamp: Stamp, _ texts: borrowing TextTable) {
        var writer = MessageWriter("soldier_state")
        writer.add("SoldierID", state.id)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", state.frame)
        writer.add("Position", state.position)
        writer.add("Bearing", state.bearing)
        writer.add("Lifestate", state.lifeState)
        writer.add("InVehicle", state.inVehicle)
        writer.add("InVehicleObjectID", optional: state.vehicleID)
        writer.add("VehicleRole", text: texts.bytes(of: state.vehicleRole))
        writer.add("UnitName", text: texts.bytes(of: state.name))
        writer.add("IsPlayer", state.isPlayer)
        writer.add("CurrentRole", text: texts.bytes(of: state.role))
        writer.add("HasStableVitals", state.hasStableVitals)
        writer.add("IsDraggedCarried", state.isDraggedCarried)
        writer.add("Stance", text: texts.bytes(of: state.stance))
        writer.add("GroupID", text: texts.bytes(of: state.group))
        writer.add("Side", text: texts.bytes(of: state.side))
        let scores = state.scores
        writer.object("Scores") { writer in
            writer.add("infantryKills", scores?.infantryKills ?? 0)
            writer.add("vehicleKills", scores?.vehicleKills ?? 0)
            writer.add("armorKills", scores?.armorKills ?? 0)
            writer.add("airKills", scores?.airKills ?? 0)
            writer.add("deaths", scores?.deaths ?? 0)
            writer.add("totalScore", scores?.total ?? 0)
        }
        send(writer)
    }

    mutating func send(_ created: VehicleCreated, _ stamp: Stamp, _ texts: borrowing TextTable) {
        var writer = MessageWriter("add_vehicle")
        writer.add("ID", created.id)
        writer.add("JoinTime", time: stamp.time)
        writer.add("JoinFrame", created.frame)
        writer.add("OcapType", text: texts.bytes(of: created.vehicleClass))
        writer.add("ClassName", text: texts.bytes(of: created.className))
        writer.add("DisplayName", text: texts.bytes(of: created.displayName))
        writer.add("Customization", text: texts.bytes(of: created.customization))
        writer.add("Side", text: texts.bytes(of: created.side))
        writer.add("DeleteFrame", 0)
        send(writer)
    }

    mutating func send(_ state: VehicleState, _ stamp: Stamp, _ texts: borrowing TextTable) {
        var writer = MessageWriter("vehicle_state")
        writer.add("VehicleID", state.id)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", state.frame)
        writer.add("Position", state.position)
        writer.add("Bearing", state.bearing)
        writer.add("IsAlive", state.isAlive)
        writer.add("Crew", text: texts.bytes(of: state.crew))
        writer.add("Fuel", state.fuel)
        writer.add("Damage", state.damage)
        writer.add("Locked", state.isLocked)
        writer.add("EngineOn", state.engineOn)
        writer.add("Side", text: texts.bytes(of: state.side))
        writer.add("VectorDir", text: texts.bytes(of: state.vectorDir))
        writer.add("VectorUp", text: texts.bytes(of: state.vectorUp))
        writer.add("TurretAzimuth", state.turretAzimuth)
        writer.add("TurretElevation", state.turretElevation)
        send(writer)
    }

    /// `delete_soldier`, `delete_vehicle`
    mutating func send(_ deleted: EntityDeleted, _ type: StaticString) {
        var writer = MessageWriter(type)
        writer.add("frame", deleted.frame)
        writer.add("id", optional: deleted.entity.id)
        send(writer)
    }

    // MARK: markers

    mutating func send(_ created: MarkerCreated, _ stamp: Stamp, _ texts: borrowing TextTable) {
        var writer = MessageWriter("add_marker")
        writer.add("ID", created.markerID)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", created.frame)
        // For ever, until delete_marker says otherwise.
        writer.add("EndFrame", 0)
        writer.add("MarkerName", text: texts.bytes(of: created.name))
        writer.add("Direction", created.direction)
        writer.add("MarkerType", text: texts.bytes(of: created.type))
        writer.add("Text", text: texts.bytes(of: created.text))
        writer.add("OwnerID", created.ownerID)
        writer.add("Color", text: texts.bytes(of: created.color))
        writer.add("Size", text: texts.bytes(of: created.size))
        writer.add("Side", text: texts.bytes(of: created.side))
        writer.add("Position", created.position)
        writer.list("Polyline", created.polyline) { writer, point in
            writer.element { writer in
                writer.add("x", point.x)
                writer.add("y", point.y)
            }
        }
        writer.add("Shape", text: texts.bytes(of: created.shape))
        writer.add("Alpha", created.alpha)
        writer.add("Brush", text: texts.bytes(of: created.brush))
        writer.add("IsDeleted", false)
        send(writer)
    }

    mutating func send(
        _ state: MarkerState, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("marker_state")
        writer.add("ID", number)
        writer.add("MarkerID", state.markerID)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", state.frame)
        writer.add("Position", state.position)
        writer.add("Direction", state.direction)
        writer.add("Alpha", state.alpha)
        writer.add("Text", text: texts.bytes(of: state.text))
        writer.add("Color", text: texts.bytes(of: state.color))
        writer.add("Size", text: texts.bytes(of: state.size))
        writer.add("MarkerType", text: texts.bytes(of: state.type))
        writer.add("Brush", text: texts.bytes(of: state.brush))
        writer.add("Shape", text: texts.bytes(of: state.shape))
        send(writer)
    }

    mutating func send(_ deleted: MarkerDeleted) {
        var writer = MessageWriter("delete_marker")
        let name = markerNames[deleted.markerID] ?? []
        writer.add("Name", text: name.span)
        writer.add("EndFrame", deleted.frame)
        send(writer)
    }
}
