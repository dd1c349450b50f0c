// The mission's people and vehicles, and how they move: enough truth that the numbers look like a
// mission's (groups on the march, crews where their vehicle is, the dead lying still).

struct Point {
    var x: Double
    var y: Double
    var z: Double

    /// `[x,y,z]`, as the game prints a position.
    var array: String { "[\(gameText(x)),\(gameText(y)),\(gameText(z))]" }
    /// `x,y,z`, as the addon writes one into a string.
    var list: String { "\(gameText(x)),\(gameText(y)),\(gameText(z))" }
}

enum Life: Int {
    case dead = 0
    case alive = 1
    case unconscious = 2
}

struct Unit {
    let id: Int
    let name: String
    let group: Int
    let isPlayer: Bool
    let identity: String
    let role: String
    let kind: Int
    let createdAt: Int
    var place: Point
    var bearing = 0
    var life = Life.alive
    var vehicle: Int?  // index in World.vehicles
    var seat = ""
    var kills = 0
    var wakesAt = 0
}

struct Group {
    let name: String
    let side: String
    var march: March
    var place: Point { march.place }
}

struct Vehicle {
    let id: Int
    let kind: VehicleKind
    let side: String
    let createdAt: Int
    var march: March
    var bearing = 0
    var fuel = 1.0
    var damage = 0.0
    var isAlive = true
    var crew: [Int] = []  // indices in World.units
    var place: Point { march.place }
}

/// Somebody's way across the map.
struct March {
    var place: Point
    var goal: Point

    init(from place: Point, to goal: Point) {
        self.place = place
        self.goal = goal
    }

    /// Goes towards the goal; looks for a new one when it is reached. The bearing, or nil at rest.
    mutating func step(metres: Double, _ random: inout Random) -> Int? {
        guard metres > 0 else { return nil }
        let dx = goal.x - place.x
        let dy = goal.y - place.y
        let distance = (dx * dx + dy * dy).squareRoot()
        if distance < metres * 2 + 1 {
            let limit = 100...(World.size - 100)
            goal = Point(
                x: min(
                    max(place.x + random.between(-900, 900), limit.lowerBound), limit.upperBound),
                y: min(
                    max(place.y + random.between(-900, 900), limit.lowerBound), limit.upperBound),
                z: place.z)
            return nil
        }
        place.x += dx / distance * metres
        place.y += dy / distance * metres
        place.z = max(0, place.z + random.between(-0.4, 0.4))
        return World.bearing(dx, dy)
    }
}

/// All that moves in one recording.
struct World {
    static let size = 12_800.0

    var units: [Unit] = []
    var groups: [Group] = []
    var vehicles: [Vehicle] = []
    /// Indices of the units that still change, in order of their ids.
    var present: [Int] = []
    var nextID = 0

    mutating func newID() -> Int {
        defer { nextID += 1 }
        return nextID
    }

    static func somewhere(_ random: inout Random) -> Point {
        Point(
            x: random.between(500, size - 500), y: random.between(500, size - 500),
            z: random.between(0, 90))
    }

    /// Degrees clockwise from north, 0 …< 360, to about a degree (no table of arc tangents is needed
    /// to look like a mission).
    static func bearing(_ dx: Double, _ dy: Double) -> Int {
        let ax = dx.magnitude
        let ay = dy.magnitude
        guard ax + ay > 0 else { return 0 }
        let ratio = min(ax, ay) / max(ax, ay)
        let small = ratio * (45 + 15.64 * (1 - ratio))
        let angle = ax < ay ? small : 90 - small
        switch (dx >= 0, dy >= 0) {
        case (true, true): return Int(angle)
        case (true, false): return Int(180 - angle)
        case (false, false): return Int(180 + angle)
        case (false, true): return Int(360 - angle) % 360
        }
    }
}
