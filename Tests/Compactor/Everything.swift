// The fixture's events: two players, an AI, a car, shots, kills, markers, a mine, talk, telemetry.

@testable import Mission

extension Fixture {
    static func soldierCreated(
        _ id: UInt16, _ name: String, side: String = "WEST", isPlayer: Bool = true,
        uid: String = "", frame: UInt32 = 1, isRecreation: Bool = false
    ) -> Make {
        { texts in
            .soldierCreated(
                SoldierCreated(
                    frame: frame, id: id, name: texts(name), group: texts("Alpha 1-1"),
                    side: texts(side), isPlayer: isPlayer, roleDescription: texts("Leader@Alpha"),
                    className: texts("B_Soldier_TL_F"), displayName: texts("Team Leader"),
                    playerUID: texts(uid), squadParams: texts("[]"), isRecreation: isRecreation))
        }
    }

    static func soldierState(
        _ id: UInt16, _ frame: UInt32, _ x: Double, _ y: Double, _ z: Double = 12.5,
        name: String = "Mira", isPlayer: Bool = true, vehicle: UInt16? = nil, lifeState: UInt8 = 1
    ) -> Make {
        { texts in
            .soldierState(
                SoldierState(
                    frame: frame, id: id, position: Position(x: x, y: y, z: z), bearing: 92,
                    lifeState: lifeState, inVehicle: vehicle != nil, isPlayer: isPlayer,
                    hasStableVitals: false, isDraggedCarried: true, name: texts(name),
                    role: texts("Leader"), vehicleRole: texts(vehicle == nil ? "" : "driver"),
                    stance: texts("STAND"), group: texts("Alpha 1-1"), side: texts("WEST"),
                    vehicleID: vehicle,
                    scores: isPlayer
                        ? Scores(
                            infantryKills: 1, vehicleKills: 0, armorKills: 0, airKills: 0,
                            deaths: 0, total: -1)
                        : nil))
        }
    }

    static func vehicleCreated(_ id: UInt16, frame: UInt32 = 1) -> Make {
        { texts in
            .vehicleCreated(
                VehicleCreated(
                    frame: frame, id: id, vehicleClass: texts("car"), displayName: texts("Hunter"),
                    className: texts("B_MRAP_01_F"), customization: texts("[[\"Blufor\",1],[]]"),
                    side: texts(""), isRecreation: false))
        }
    }

    static func vehicleState(_ id: UInt16, _ frame: UInt32, _ x: Double, _ y: Double) -> Make {
        { texts in
            .vehicleState(
                VehicleState(
                    frame: frame, id: id, position: Position(x: x, y: y, z: 3), bearing: 90,
                    isAlive: true, engineOn: true, isLocked: false, crew: texts("[0,5]"),
                    fuel: 0.987654, damage: 0.1, side: texts("WEST"),
                    vectorDir: texts("[0.999,0.02,-0.01]"), vectorUp: texts("[0.01,0,1]"),
                    turretAzimuth: 0, turretElevation: -5.2))
        }
    }

    static func kill(
        _ frame: UInt32, _ victim: EntityReference, by killer: EntityReference,
        weapon: String = "MX 6.5 mm", vehicle: String = "", distance: Float = 123.4
    ) -> Make {
        { texts in
            .killed(
                Killed(
                    frame: frame, victim: victim, killer: killer, weaponVehicle: texts(vehicle),
                    weaponName: texts(weapon), weaponMagazine: texts("30Rnd"),
                    weaponText: texts("\(weapon) [30Rnd]"), distance: distance))
        }
    }

    static func shot(
        _ frame: UInt32, by firer: UInt16, hits: [(EntityReference, [String])] = [],
        points: Int = 2, controller: UInt16? = nil
    ) -> Make {
        { texts in
            let hits = hits.map { entity, components in
                ProjectileHit(
                    entity: entity, frame: frame + 1,
                    position: Position(x: 2099.8, y: 3049.9, z: 11),
                    components: components.map { texts($0) })
            }
            return .projectile(
                ProjectileFired(
                    frame: frame, firedTime: 812.331, firerID: firer, vehicleID: firer,
                    vehicleRole: texts(""), remoteControllerID: controller,
                    weapon: texts("arifle_MX_F"), weaponDisplay: texts("MX 6.5 mm"),
                    muzzle: texts("arifle_MX_F"), muzzleDisplay: texts("MX 6.5 mm"),
                    magazine: texts("30Rnd_65x39"), magazineDisplay: texts("6.5 mm 30Rnd"),
                    ammo: texts("B_65x39_Caseless"), fireMode: texts("Single"),
                    trajectory: (0..<points).map { point in
                        TrajectoryPoint(
                            tick: 812.5, frame: frame + UInt32(point),
                            position: Position(x: 2000 + 3 * Double(point), y: 3000, z: 14))
                    },
                    initialVelocity: texts("700,400,0"), hits: hits,
                    simulation: texts("shotBullet"),
                    isBullet: true, isSubmunition: false,
                    magazineIcon: texts(#"\a3\m_30rnd_ca.paa"#)))
        }
    }

    static func general(
        _ frame: UInt32, _ name: String, _ message: String, _ extra: String = "{}"
    ) -> Make {
        { texts in
            .general(
                GeneralEvent(
                    frame: frame, name: texts(name), message: texts(message),
                    extraData: texts(extra)))
        }
    }

    static func markerCreated(_ number: UInt32, _ name: String, polyline: [Position] = []) -> Make {
        { texts in
            .markerCreated(
                MarkerCreated(
                    frame: 12, markerID: number, name: texts(name), direction: 45.5,
                    type: texts("mil_objective"), text: texts("Obj \"A\""), ownerID: -1,
                    color: texts("#004C99"), size: texts("[1,1]"), side: texts("-1"),
                    position: polyline.isEmpty
                        ? Position(x: 2003, y: 3000.25, z: 10) : Position(x: 0, y: 0, z: 0),
                    polyline: polyline, shape: texts(polyline.isEmpty ? "ICON" : "POLYLINE"),
                    alpha: 1, brush: texts("Solid")))
        }
    }

    static func markerState(_ number: UInt32, _ frame: UInt32, _ x: Double) -> Make {
        { texts in
            .markerState(
                MarkerState(
                    frame: frame, markerID: number, position: Position(x: x, y: 3055, z: 10),
                    direction: 90, alpha: 0.5, text: texts("Obj done"), color: texts("#00FF00"),
                    size: texts("[1.5,1.5]"), type: texts("mil_objective"), brush: texts("Solid"),
                    shape: texts("ICON")))
        }
    }

    static let telemetry: Make = { texts in
        .telemetry(
            Telemetry(
                frame: 114, fpsAverage: 122.137, fpsMinimum: 90.9091,
                sides: (0..<8).map { place in
                    SideCounts(
                        unitsTotal: Int32(10 * place), unitsAlive: Int32(place), unitsDead: 1,
                        groups: 2,
                        vehicles: 3, weaponHolders: 4)
                },
                global: [48, 19, 24, 28, 22, 1, 0, 1], scripts: [17, 3, 0, 4, 3],
                weather: [
                    0.2, 0.25, 0, 0, 0.1, 160.864, 0.25, 0.175, 0.003153, 0.441581, 0.421672, 1,
                ],
                players: [
                    PlayerNetwork(
                        uid: texts("76561198000000001"), name: texts("Mira"), ping: 31,
                        bandwidth: 1.67772e+07, desync: 0.5)
                ]))
    }

    /// Every kind of event.
    static let everything: [Make] = [
        { texts in
            .timeState(
                TimeState(
                    frame: 0, systemTimeUTC: texts("2026-03-08T19:20:05.123"),
                    missionDate: texts("2035-06-24T03:15:00"), timeMultiplier: 1,
                    missionTime: 22.517))
        },
        general(0, "generalEvent", "Recording started."),
        general(1, "connected", "Mira", #"{"playerUid": "76561198000000001"}"#),
        soldierCreated(0, "Mira \"Fox\" K.", uid: "76561198000000001"),
        soldierCreated(1, "Олег 🪖", side: "EAST", uid: "76561198000000002"),
        soldierCreated(3, "", side: "EAST", isPlayer: false),
        vehicleCreated(2),
        soldierState(0, 2, 2003, 3000.25),
        soldierState(0, 3, 2006, 3004.25),
        soldierState(0, 4, 2006, 3014.25, vehicle: 2),
        soldierState(1, 2, 2500, 3500, name: "Олег 🪖"),
        soldierState(3, 2, 2600, 3600, name: "AI", isPlayer: false),
        vehicleState(2, 2, 2006, 3004.25),
        vehicleState(2, 4, 2006, 3014.25),
        shot(
            4, by: 0, hits: [(.soldier(1), ["spine3", "he\"ad\\"]), (.vehicle(2), [])]),
        shot(5, by: 3, points: 1),
        shot(6, by: 2, points: 3, controller: 0),
        kill(5, .soldier(1), by: .soldier(0)),
        kill(6, .soldier(3), by: .soldier(1)),
        kill(7, .soldier(1), by: .soldier(1), distance: 0),
        kill(8, .vehicle(2), by: .soldier(0), vehicle: "Hunter HMG", distance: 900),
        kill(9, .unknown(77), by: .none),
        general(20, "counterInit", "[WEST,EAST]", #"{"a": [1, "ü"]}"#),
        { texts in
            .sector(
                SectorEvent(
                    frame: 412, name: texts("captured"), objectType: texts("sector"),
                    unitName: texts("Alpha, north"), side: texts("WEST"),
                    position: Position(x: 2050.5, y: 3040, z: 11.25), hasPosition: true))
        },
        { texts in
            .sector(
                SectorEvent(
                    frame: 413, name: texts("contested"), objectType: texts("sector"),
                    unitName: texts("Bravo"), side: texts(""), position: Position(x: 0, y: 0, z: 0),
                    hasPosition: false))
        },
        { texts in
            .chat(
                ChatMessage(
                    frame: 99, sender: .soldier(0), channel: 1, channelName: texts("Side"),
                    fromName: texts("Mira"), senderName: texts("Mira"),
                    message: texts(#"say "hi" on 6'); DROP TABLE missions;-- 👋"#),
                    playerUID: texts("76561198000000001")))
        },
        { texts in
            .chat(
                ChatMessage(
                    frame: 100, sender: .none, channel: 16, channelName: texts("System"),
                    fromName: texts(""), senderName: texts(""), message: texts("начали"),
                    playerUID: texts("")))
        },
        { texts in
            .radio(
                RadioTransmission(
                    frame: 100, sender: .soldier(0), radio: texts("AN/PRC-152"),
                    radioType: texts("SW"), startEnd: texts("Start"), channel: 1,
                    isAdditional: false, frequency: 152.125, code: texts("_bluefor")))
        },
        { texts in
            .ace3Death(
                ACE3Death(
                    frame: 200, soldierID: 1, reason: texts("CardiacArrest:Timeout"),
                    lastDamageSource: .none))
        },
        { _ in .ace3Unconscious(ACE3Unconscious(frame: 199, soldierID: 1, isUnconscious: true)) },
        telemetry,
        markerCreated(1, "_USER_DEFINED #2/7/1"),
        markerState(1, 517, 2110),
        { _ in .markerDeleted(MarkerDeleted(frame: 600, markerID: 1)) },
        markerCreated(
            2, "line",
            polyline: [Position(x: 2000, y: 3000, z: 0), Position(x: 2010.5, y: 3020, z: 0)]),
        { texts in
            .placedCreated(
                PlacedCreated(
                    frame: 2, id: 4, className: texts("APERSMine_Range_Ammo"),
                    displayName: texts("APERS Mine"), position: Position(x: 2040.5, y: 3030, z: 11),
                    ownerID: 0, side: texts("WEST"), weapon: texts("put"),
                    magazineIcon: texts(#"\A3\gear_mine_AP_CA.paa"#)))
        },
        { texts in
            .placedEvent(
                PlacedEvent(
                    frame: 450, id: 4, type: texts("hit"),
                    position: Position(x: 2041, y: 3031.5, z: 11),
                    hitEntity: .soldier(1)))
        },
        { _ in .focus(FocusRange(start: 120, end: 850)) },
        { _ in .soldierDeleted(EntityDeleted(frame: 500, entity: .soldier(1))) },
        { _ in .vehicleDeleted(EntityDeleted(frame: 501, entity: .vehicle(2))) },
        general(900, "disconnected", "Mira", #"{"playerUid": "76561198000000001"}"#),
        { texts in .endMission(EndMission(frame: 1043, side: texts(""), message: texts("Empty"))) },
    ]
}
