// Geometry as the older databases hold it: well-known binary, little-endian, without a reference
// system, game metres (docs/formats/database.md). Points drop z, the line of a projectile keeps it.

import Mission

/// The bytes of one geometry, built up in place so that a row costs no allocation.
public struct WellKnownBinary {
    /// What the last `make…` left.
    public private(set) var bytes: [UInt8] = []

    /// Without bytes.
    public init() { bytes.reserveCapacity(256) }

    private enum Kind {
        static let point: UInt32 = 1
        static let line: UInt32 = 2
        static let collection: UInt32 = 7
        /// A line of x, y, z and a measure.
        static let lineZM: UInt32 = 3002
    }

    /// 21 bytes.
    public mutating func makePoint(x: Double, y: Double) {
        begin(Kind.point)
        append(x)
        append(y)
    }

    /// 9 bytes and 16 a point; no points make an empty line.
    public mutating func makeLine(_ points: [Position]) {
        begin(Kind.line)
        append(UInt32(clamping: points.count))
        for point in points {
            append(point.x)
            append(point.y)
        }
    }

    /// 9 bytes and 32 a point; the measure is the frame. Fewer than two points make an empty
    /// collection, since a line has two ends.
    public mutating func makeTrajectory(_ points: [TrajectoryPoint]) {
        guard points.count >= 2 else {
            begin(Kind.collection)
            append(UInt32(0))
            return
        }
        begin(Kind.lineZM)
        append(UInt32(clamping: points.count))
        for point in points {
            append(point.position.x)
            append(point.position.y)
            append(point.position.z)
            append(Double(point.frame))
        }
    }

    private mutating func begin(_ kind: UInt32) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(1)
        append(kind)
    }

    private mutating func append(_ value: UInt32) {
        var rest = value
        for _ in 0..<4 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private mutating func append(_ value: Double) {
        var rest = value.bitPattern
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
