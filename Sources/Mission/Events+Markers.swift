// Markers on the map.

/// A marker appears.
public struct MarkerCreated: Equatable, Sendable {
    /// The frame it appears in; may be earlier than the current one.
    public var frame: UInt32
    /// 1, 2, 3 … in the order of creation within the recording: tells apart re-created names.
    public var markerID: UInt32
    /// Its name.
    public var name: Text
    /// Degrees.
    public var direction: Float
    /// Marker class.
    public var type: Text
    /// What is written beside it.
    public var text: Text
    /// −1 = none.
    public var ownerID: Int32
    /// As sent, with `#`.
    public var color: Text
    /// As sent, `[1,1]`.
    public var size: Text
    /// The owner's side; `-1` = everybody.
    public var side: Text
    /// Where; of a polyline its first point.
    public var position: Position
    /// Two or more points (z = 0) for shape `POLYLINE`, else empty.
    public var polyline: [Position]
    /// `ICON`, `RECTANGLE`, `ELLIPSE`, `POLYLINE`.
    public var shape: Text
    /// 0 to 1.
    public var alpha: Float
    /// E.g. `Solid`.
    public var brush: Text
}

/// A marker changes. What an old addon's call leaves out is filled in.
public struct MarkerState: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// The marker.
    public var markerID: UInt32
    /// Where.
    public var position: Position
    /// Degrees.
    public var direction: Float
    /// 0 to 1.
    public var alpha: Float
    /// What is written beside it.
    public var text: Text
    /// As sent, with `#`.
    public var color: Text
    /// As sent, `[1,1]`.
    public var size: Text
    /// Marker class.
    public var type: Text
    /// E.g. `Solid`.
    public var brush: Text
    /// `ICON`, `RECTANGLE`, `ELLIPSE`, `POLYLINE`.
    public var shape: Text
}

/// A marker is gone.
public struct MarkerDeleted: Equatable, Sendable {
    /// Its last frame.
    public var frame: UInt32
    /// The marker.
    public var markerID: UInt32
}
